"""`caseload.file` of a scenario: the file is read, the scenario names its content, and the teams get its counts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sim.scenario.rules import date_in
from sim.scenario.source.faults import Fault, Place, ScenarioError, sanitise
from sim.scenario.source.located import Located

if TYPE_CHECKING:
    from sim.scenario.caseload_file.known import KnownCaseload


def beside(content: Located, scenario_file: Path) -> Located:
    """The content of a scenario file in which `caseload.file` is meant from the folder of that file."""
    caseload, named = content.get("caseload"), content.get("caseload", "file")
    if caseload is None or named is None or not isinstance(named.value, str) or not named.value:
        return content
    path = os.path.normpath(scenario_file.parent / named.value)
    return _with(content, "caseload", _with(caseload, "file", Located(path, named.place)))


def with_caseload_file(scenario: Located) -> tuple[Located, list[Fault]]:
    """The scenario with the counts of its caseload file, whose rows are remembered, and what is wrong with both.

    Without a file the scenario is as it was.
    """
    caseload, named = scenario.get("caseload"), scenario.get("caseload", "file")
    if caseload is None or named is None or not isinstance(named.value, str) or not named.value:
        return scenario, []
    path = Path(named.value)
    names = _team_names(scenario)
    if not names:
        return _uncounted(scenario, named), []  # the schema tells what is wrong with the teams
    pinned = caseload.get("file_hash")
    if pinned and pinned.place.source == named.place.source and not path.exists():
        problem = "is not here, as a run folder does not keep it; give it anew with --set caseload.file=PATH"
        return _uncounted(scenario, named), [Fault(named.place, f"caseload.file: {sanitise(path.name)} {problem}")]
    # Here, as most scenarios have no file to be read.
    from sim.scenario.caseload_file.known import remember
    from sim.scenario.caseload_file.rows import read_caseload

    try:
        given = read_caseload(
            path,
            sanitise(named.value),
            named.place,
            names,
            date_in(scenario.get("start")),
            skip_unreadable=_is_true(caseload.get("skip_unreadable_rows")),
        )
    except ScenarioError as error:
        return _uncounted(scenario, named), error.faults
    faults = [*_other_content(caseload, given), *_other_counts(scenario, given, Place(sanitise(named.value)))]
    remember(given)
    caseload = _with(caseload, "file", Located(given.file, named.place))
    caseload = _with(caseload, "file_hash", Located(given.content_hash, named.place))
    if given.left_out or caseload.get("rows_left_out"):
        caseload = _with(caseload, "rows_left_out", Located(given.left_out or None, named.place))
    counts = [Located(number, Place(sanitise(named.value))) for number in given.offenders()]
    return _with_offenders(_with(scenario, "caseload", caseload), counts), faults


def _is_true(entry: Located | None) -> bool:
    return entry is not None and entry.value is True


def named_only(scenario: Located) -> Located:
    """The scenario of a run folder: it knows its caseload file by name, and does not look for it."""
    caseload, named = scenario.get("caseload"), scenario.get("caseload", "file")
    if caseload is None or named is None or not isinstance(named.value, str):
        return scenario
    return _with(scenario, "caseload", _with(caseload, "file", Located(Path(named.value).name, named.place)))


def _other_content(caseload: Located, given: KnownCaseload) -> list[Fault]:
    wanted = caseload.get("file_hash")
    if wanted is None or wanted.value == given.content_hash:
        return []
    problem = f"{given.file} holds another caseload ({given.content_hash[:8]}…) than this one was made with"
    return [Fault(wanted.place, f"caseload.file_hash: {problem}; remove this key to go on with the new one")]


def _other_counts(scenario: Located, given: KnownCaseload, file: Place) -> list[Fault]:
    """Where the scenario counts offenders itself, and differently."""
    faults = []
    mend = "remove it, the file counts them"
    total = scenario.get("caseload", "total")
    if total and total.value is not None and total.value != len(given.rows):
        message = f"caseload.total: {total.value} is not what {file} holds, {len(given.rows)} offenders; {mend}"
        faults.append(Fault(total.changed, message))
    for number, (team, offenders) in enumerate(zip(_teams(scenario), given.offenders(), strict=True)):
        own, share = team.get("offenders"), team.get("offenders_share")
        if own and own.value is not None and own.value != offenders:
            message = f"teams.{number}.offenders: {own.value} is not what {file} holds, {offenders}; {mend}"
            faults.append(Fault(own.changed, message))
        if share and share.value is not None:
            faults.append(Fault(share.changed, f"teams.{number}.offenders_share: {mend}"))
    return faults


def _teams(scenario: Located) -> list[Located]:
    teams = scenario.get("teams")
    return teams.value if teams and isinstance(teams.value, list) else []


def _team_names(scenario: Located) -> list[str]:
    """The names of all teams, or none if the schema will reject one."""
    names = [team.get("name") for team in _teams(scenario)]
    texts = [name.value for name in names if name and isinstance(name.value, str)]
    return texts if len(texts) == len(names) else []


def _uncounted(scenario: Located, named: Located) -> Located:
    """The scenario whose teams' offenders nobody can count, which has been complained of already."""
    unknown = Located(None, named.place, invalid=True)
    return _with_offenders(scenario, [unknown] * len(_teams(scenario)))


def _with_offenders(scenario: Located, counts: list[Located]) -> Located:
    """The scenario with a number of offenders for each team."""
    teams = scenario.get("teams")
    if teams is None or not isinstance(teams.value, list):
        return scenario
    counted = []
    for team, count in zip(teams.value, counts, strict=True):
        if isinstance(team.value, dict):
            kept = {key: entry for key, entry in team.value.items() if key != "offenders_share"}
            team = Located({**kept, "offenders": count}, team.place, team.changed_at)
        counted.append(team)
    return _with(scenario, "teams", Located(counted, teams.place, teams.changed_at))


def _with(section: Located, key: str, entry: Located) -> Located:
    """A section in which one key is another."""
    return Located({**section.children, key: entry}, section.place, section.changed_at)
