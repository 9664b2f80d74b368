"""Settings: what a command asks for on top of a scenario, from its first day or from a date on.

A setting is written `KEY=VALUE`, and `DATE:KEY=VALUE` if it holds from a date on: it is then a lever. What a setting
says must hold: a lever, a total or another setting that would silently undo it is a fault.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sim.scenario.faults import Fault, Place, ScenarioError, dotted, printable
from sim.scenario.keys import route_to, scenario_keys
from sim.scenario.levers import lever_problem, levers_by_date
from sim.scenario.merging import NoSuchEntry, Route, changed, leaves, undone, without
from sim.scenario.plain import one_line
from sim.scenario.rules import date_in
from sim.scenario.written import Written
from sim.scenario.yaml_text import read_yaml

_DATED = re.compile(r"(\d{4}-\d\d-\d\d):(.*)", re.DOTALL)
_TOTALS = {"officers": ("officers", "total"), "offenders": ("caseload", "total")}
"""Numbers of a team, and the total that is shared out in proportion to them."""


@dataclass(frozen=True)
class Setting:
    """One setting."""

    text: str
    """`KEY=VALUE`."""
    since: str = ""
    """The date from which it holds; empty if it holds throughout."""

    @classmethod
    def of(cls, written: str) -> Setting:
        """A setting as it is written."""
        found = _DATED.fullmatch(written)
        return cls(found[2], found[1]) if found else cls(written)

    @property
    def name(self) -> str:
        """The dotted key."""
        return self.text.partition("=")[0].strip()

    @property
    def place(self) -> Place:
        """Where it was written, for messages."""
        return Place(f"--set {printable(self.text)}{f' --from {self.since}' if self.since else ''}")

    def value(self) -> tuple[Written | None, list[Fault]]:
        """What it sets its key to, or None, and what is wrong with that."""
        name, equals, text = self.text.partition("=")
        if not equals or not name:
            return None, [Fault(self.place, "write KEY=VALUE, such as officers.total=320")]
        if name == "extends":
            return None, [Fault(self.place, "extends belongs in a file and cannot be set")]
        value, faults = read_yaml(text, lambda line: self.place)
        return (None if value is None and faults else value or Written(None, self.place)), faults


def dated(settings: Sequence[str], from_: str | dt.date | None, *, varied: Sequence[object] = ()) -> tuple[str, ...]:
    """The settings as they are written if they hold from a date on; without a date as they are.

    `varied` is what else the date is for. Raises ScenarioError for what is no date, and for a date of nothing.
    """
    if from_ is None:
        return tuple(settings)
    place = Place(f"--from {printable(str(from_))}")
    try:
        first = from_ if isinstance(from_, dt.date) else dt.date.fromisoformat(from_.strip())
    except ValueError:
        problem = "is not a date; write the first day of what changes as 2027-04-01"
        raise ScenarioError([Fault(place, problem)]) from None
    if not settings and not varied:
        raise ScenarioError([Fault(place, "is the first day of what --set or --vary changes, and nothing is changed")])
    return tuple(one if Setting.of(one).since else f"{first:%Y-%m-%d}:{one}" for one in settings)


def as_typed(settings: Sequence[str], varied: Sequence[str] = ()) -> list[str]:
    """The options of a command line that ask for these settings: `--set KEY=VALUE`, `--vary …`, `--from DATE`."""
    options = [("--vary", Setting.of(one)) for one in varied] + [("--set", Setting.of(one)) for one in settings]
    dates = {setting.since for _, setting in options}
    if len(dates) == 1:
        texts = [(option, setting.text) for option, setting in options]
        return [word for pair in texts for word in pair] + [word for date in dates if date for word in ("--from", date)]
    return [word for option, one in options for word in (option, f"{one.since}:{one.text}" if one.since else one.text)]


def in_words(settings: Sequence[str]) -> str:
    """`officers.total=31, visits.retry_days=7 from 2027-04-01`"""
    by_date: dict[str, list[str]] = {}
    for one in map(Setting.of, settings):
        by_date.setdefault(one.since, []).append(one.text)
    return ", ".join(f"{', '.join(texts)}{f' from {since}' if since else ''}" for since, texts in by_date.items())


def refuse_contradictions(
    settings: Sequence[str] = (),
    *,
    for_all: Sequence[str] = (),
    varied: Sequence[str] = (),
    **options: int | None,
) -> None:
    """Raises ScenarioError if two options of one command give a key two values, which only their order would settle.

    `for_all` is what stands after --set-all, `varied` what stands after --vary, of which only the keys count; `options`
    are options that set the key of their own name.
    """
    given = [("--set", Setting.of(one)) for one in settings] + [("--set-all", Setting.of(one)) for one in for_all]
    given += [("--vary", Setting.of(one)) for one in varied]
    given += [(f"--{name}", Setting(f"{name}={value}")) for name, value in options.items() if value is not None]
    faults = []
    for date in dict.fromkeys(setting.since for _, setting in given):
        changes = []
        for option, setting in given:
            shown = f"{option} {printable(setting.text.partition('=')[2] if option[2:] in options else setting.text)}"
            value = Written(shown, Place(shown)) if option == "--vary" else setting.value()[0]
            if setting.since == date and value is not None:
                changes.append((route_to(setting.name), _at(value, Place(shown))))
        for later, key, earlier in undone(changes):
            problem = f"{key}: undoes what {earlier.place} says; leave one of them out"
            whole = later.place.source.partition(" ")[2].partition("=")[0]
            if whole != key and key.startswith(f"{whole}."):
                problem += ", or give the whole first and then its parts"
            faults.append(Fault(later.place, problem))
    if faults:
        raise ScenarioError(faults)


def _at(value: Written, place: Place) -> Written:
    """The value as if all of it had been written at this place."""
    if isinstance(value.value, dict):
        return Written({key: _at(entry, place) for key, entry in value.value.items()}, place)
    return replace(value, place=place)


def with_setting(scenario: Written, setting: str) -> tuple[Written, list[Fault]]:
    """The scenario with one setting, and what is wrong with that."""
    one = Setting.of(setting)
    value, faults = one.value()
    if value is None:
        return scenario, faults
    if one.since:
        scenario, found = _with_lever(scenario, one, value)
        return scenario, [*faults, *found]
    try:
        return changed(scenario, route_to(one.name), value, scenario_keys()), faults
    except NoSuchEntry as problem:
        return scenario, [*faults, Fault(one.place, f"{printable(one.name)}: {problem}")]


def _with_lever(scenario: Written, one: Setting, value: Written) -> tuple[Written, list[Fault]]:
    """The scenario with a setting as a lever, in the place of what other levers of its date say of its key."""
    if problem := lever_problem(one.name):
        return scenario, [Fault(one.place, f"{printable(one.name)}: {problem}")]
    place, since = Place(f"--from {one.since}"), date_in(Written(one.since, one.place))
    if since is None:
        return scenario, [Fault(place, "is not a date of the calendar; write it as 2027-04-01")]
    start, end = date_in(scenario.get("start")), date_in(scenario.get("end"))
    if start and end and not start <= since <= end:
        beyond = f"before the first day, {start}" if since < start else f"after the last day, {end}"
        return scenario, [Fault(place, f"is {beyond}; the scenario runs from {start} to {end}")]
    levers = scenario.children.get("levers") or Written([], place)
    if not isinstance(levers.value, list):
        return scenario, []  # the schema tells what is wrong with it
    given = {leaf for leaf, _ in leaves(route_to(one.name), value)}
    kept: list[Written] = []
    ours: dict[str, Written] = {}
    for lever in levers.value:
        changes = lever.get("set")
        if date_in(lever.get("from")) != since or changes is None or not isinstance(changes.value, dict):
            kept.append(lever)
            continue
        left = {key: without(entry, route_to(key), given) for key, entry in changes.value.items()}
        left_over = {key: entry for key, entry in left.items() if entry is not None}
        if lever.place == place:
            ours = left_over
        elif left_over:
            kept.append(replace(lever, value={**lever.children, "set": replace(changes, value=left_over)}))
    lever = Written({"from": Written(one.since, place), "set": Written({**ours, one.name: value}, place)}, place)
    return replace(scenario, value={**scenario.children, "levers": replace(levers, value=[*kept, lever])}), []


def unheeded(scenario: Written, settings: Sequence[str]) -> list[Fault]:
    """Where the scenario, which has these settings already, does not do what they say."""
    by_date: dict[str, list[tuple[Route, Written]]] = {}
    for one in map(Setting.of, settings):
        value, _ = one.value()
        if value is not None:
            by_date.setdefault(one.since, []).append((tuple(route_to(one.name)), value))
    faults = [fault for since, changes in by_date.items() for fault in _undone_later(scenario, changes, since)]
    return [*faults, *_shared_out(scenario, by_date.get("", []))]


def undone_by_levers(scenario: Written, varied: Iterable[str], from_: str | dt.date | None = None) -> list[Fault]:
    """Where levers would undo what `--vary KEY` does from a date, or from the first day on."""
    since = str(from_ or "")
    changes = [
        (tuple(route_to(name)), Written(None, Place(f"--vary {printable(name)}{f' --from {since}' if since else ''}")))
        for name in varied
    ]
    return list(_undone_later(scenario, changes, since))


def _undone_later(scenario: Written, changes: Sequence[tuple[Route, Written]], since: str) -> Iterator[Fault]:
    """The levers after a date that set anew what was set from that date on, a part of it, or what it is a part of."""
    ends: dict[Route, Place] = {}
    on_the_way: dict[Route, Place] = {}
    for route, value in changes:
        for leaf, entry in leaves(route, value):
            what = next((what for what in _TOTALS if leaf[0] == "teams" and (len(leaf) < 3 or leaf[2] == what)), None)
            # A total that a lever sets is shared out among the teams, whatever number they were given.
            for end in [leaf, *([_TOTALS[what]] if what else [])]:
                ends[end] = entry.place
                on_the_way.update((end[:length], entry.place) for length in range(1, len(end) + 1))
    first = date_in(Written(since, Place(""))) if since else None
    for name, lever in levers_by_date(scenario):
        date, written_set = date_in(lever.get("from")), lever.get("set")
        if lever.place.source.startswith("--from") or date is None or (first and date <= first) or not written_set:
            continue
        for key, value in written_set.children.items():
            for leaf, entry in leaves(route_to(key), value):
                above = (ends[leaf[:length]] for length in range(1, len(leaf)) if leaf[:length] in ends)
                if asked := on_the_way.get(leaf) or next(above, None):
                    mend = f"give a date with --from, {date} or later" if not first else f"give {date} or later"
                    yield Fault(
                        value.place,
                        f"{name}.set: {dotted(leaf)}: this lever sets it to {printable(one_line(entry.plain()))} from "
                        f"{date} on, and would undo {asked}; take the lever out, or {mend}",
                    )


def _shared_out(scenario: Written, changes: Iterable[tuple[Route, Written]]) -> Iterator[Fault]:
    """Numbers of teams that were set and do not hold, as a total is shared out in proportion to them."""
    set_of_teams = [(route, value) for route, value in changes if route[0] == "teams"]
    teams = scenario.get("teams")
    for what, total_route in _TOTALS.items():
        asked = [value for route, value in set_of_teams if len(route) < 3 or route[2] == what]
        total = scenario.get(*total_route)
        numbers = [team.get(what) for team in teams.children.values()] if teams else []
        counts = [number.value for number in numbers if number and isinstance(number.value, int)]
        if asked and counts and total and isinstance(total.value, int) and sum(counts) != total.value:
            name = ".".join(total_route)
            yield Fault(
                asked[0].place,
                f"{what} of the teams add up to {sum(counts):,}, and {name} ({total.changed}) is {total.value:,}, shared "
                f"out in proportion to them; set only one of the two, with --set {name}=null to let the teams' count",
            )
