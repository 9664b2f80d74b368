"""The caseload file as a layer of a scenario: it is read, the scenario names its content, the teams get its counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.scenario.rules import date_in
from sim.scenario.sections.offenders import OVERDUE_SHARES
from sim.scenario.source.faults import Fault, Place, ScenarioError, sanitise
from sim.scenario.source.located import Located

if TYPE_CHECKING:
    from sim.scenario.caseload_file.known import KnownCaseload


def with_caseload_file(scenario: Located) -> tuple[Located, list[Fault], KnownCaseload | None]:
    """The scenario with the counts of its caseload file, what is wrong with both, and the rows of the file.

    Without a file the scenario is as it was.
    """
    named = _named(scenario)
    if named is None:
        return scenario, [], None
    caseload, path, name = scenario.children["caseload"], Path(str(named.value)), sanitise(str(named.value))
    teams = scenario.in_list("teams")
    # Where the file cannot be read, nobody can count the offenders, and that is reported here or by the schema.
    uncounted = _with_offenders(scenario, [Located(None, named.place, invalid=True)] * len(teams))
    names = [entry.value for team in teams if (entry := team.get("name")) and isinstance(entry.value, str)]
    if not names or len(names) < len(teams):
        return uncounted, [], None  # the schema finds what is wrong with the teams
    pinned, skip = caseload.get("file_hash"), caseload.get("skip_unreadable_rows")
    if pinned and pinned.place.source == named.place.source and not path.exists():
        problem = "is not here, as a run folder does not have it; name it again with --set caseload.file=PATH"
        return uncounted, [Fault(named.place, f"caseload.file: {sanitise(path.name)} {problem}")], None
    # Here, as most scenarios have no file to be read.
    from sim.scenario.caseload_file.rows import read_caseload

    first_day, skip_unreadable = date_in(scenario.get("start")), skip is not None and skip.value is True
    try:
        known = read_caseload(path, name, named.place, names, first_day, skip_unreadable=skip_unreadable)
    except ScenarioError as error:
        return uncounted, error.faults, None
    faults = _other_counts(scenario, known, Place(name))
    if pinned and pinned.value != known.content_hash:
        problem = f"{known.file} holds another caseload ({known.content_hash[:8]}…) than this one was made with"
        remedy = "remove this key to continue with the new one"
        faults.append(Fault(pinned.place, f"caseload.file_hash: {problem}; {remedy}"))
    for work, share in OVERDUE_SHARES.items():
        entry, date = caseload.get(share), f"{work.removesuffix('s')}_due"
        # As asked for on the command line, where every row has its due date.
        if entry and entry.changed.source.startswith("--") and known.rows[date].all():  # 0 is an unknown date
            problem = f"has no effect, as each row of {known.file} gives {date}"
            faults.append(Fault(entry.changed, f"caseload.{share}: {problem}; leave one of the two out"))
    caseload = caseload.having("file", Located(known.file, named.place))
    caseload = caseload.having("file_hash", Located(known.content_hash, named.place))
    if known.left_out or caseload.get("rows_left_out"):
        caseload = caseload.having("rows_left_out", Located(known.left_out or None, named.place))
    counts = [Located(number, Place(name)) for number in known.offenders()]
    return _with_offenders(scenario.having("caseload", caseload), counts), faults, known


def named_only(scenario: Located) -> Located:
    """The scenario of a run folder: it knows its caseload file by name, and does not look for it."""
    named = _named(scenario)
    if named is None:
        return scenario
    name = Located(Path(str(named.value)).name, named.place)
    return scenario.having("caseload", scenario.children["caseload"].having("file", name))


def _named(scenario: Located) -> Located | None:
    named = scenario.get("caseload", "file")
    return named if named and isinstance(named.value, str) and named.value else None


def _other_counts(scenario: Located, known: KnownCaseload, file: Place) -> list[Fault]:
    faults = []
    fix = "remove it, the file counts them"
    total = scenario.get("caseload", "total")
    if total and total.value is not None and total.value != len(known.rows):
        message = f"caseload.total: {total.value} is not what {file} holds, {len(known.rows)} offenders; {fix}"
        faults.append(Fault(total.changed, message))
    for number, (team, offenders) in enumerate(zip(scenario.in_list("teams"), known.offenders(), strict=True)):
        own, share = team.get("offenders"), team.get("offenders_share")
        if own and own.value is not None and own.value != offenders:
            message = f"teams.{number}.offenders: {own.value} is not what {file} holds, {offenders}; {fix}"
            faults.append(Fault(own.changed, message))
        if share and share.value is not None:
            faults.append(Fault(share.changed, f"teams.{number}.offenders_share: {fix}"))
    return faults


def _with_offenders(scenario: Located, counts: list[Located]) -> Located:
    with_counts = []
    for team, count in zip(scenario.in_list("teams"), counts, strict=True):
        if isinstance(team.value, dict):
            others = {key: entry for key, entry in team.value.items() if key != "offenders_share"}
            team = replace(team, value={**others, "offenders": count})
        with_counts.append(team)
    return scenario.having("teams", replace(scenario.children["teams"], value=with_counts)) if counts else scenario
