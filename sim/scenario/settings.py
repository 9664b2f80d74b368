"""Settings: changes on top of a scenario file, from its first day or from a date on.

On the command line a setting is written `KEY=VALUE`, and `DATE:KEY=VALUE` if it holds from a date on: it is then a
lever. A lever, a total or another setting that would silently undo a setting is a fault.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from sim.scenario.dates import parsed_date
from sim.scenario.paths import route_to
from sim.scenario.rules import date_in, lever_problem, levers_by_date
from sim.scenario.schema import TOTALS, scenario_keys
from sim.scenario.source.faults import Fault, Place, ScenarioError, dotted, sanitise, shown
from sim.scenario.source.located import Located, NoSuchEntry, Route, changed, leaves, undone, without
from sim.scenario.source.yaml_text import read_yaml
from sim.scenario.values import one_line, plain_value

_DATED = re.compile(r"(\d{4}-\d\d-\d\d):(.*)", re.DOTALL)


class ForAll(str):
    """A setting as it is typed after --set-all, for the base and every plan of a comparison."""


@dataclass(frozen=True)
class Setting:
    """A change on top of a scenario."""

    text: str
    """`KEY=VALUE`."""
    since: str = ""
    """The date from which it holds; empty if it holds throughout."""
    option: str = field(default="--set", compare=False)
    """The option after which it stands, for messages."""

    @classmethod
    def of(cls, written: str) -> Setting:
        """A setting as it is written after an option, perhaps with a date before it."""
        found = _DATED.fullmatch(written)
        text, since = (found[2], found[1]) if found else (str(written), "")
        return cls(text, since, "--set-all" if isinstance(written, ForAll) else "--set")

    @classmethod
    def typed(cls, key: str, value: Any, since: str = "") -> Setting:
        """A setting of a dotted key to a value of Python, which is read as if it were typed. Raises ScenarioError."""
        try:
            return cls(f"{key}={one_line(plain_value(value))}", since)
        except (TypeError, ValueError):  # no JSON either, or a number of thousands of digits
            problem = f"{shown(value)} cannot be written in a scenario; give a number, text, date, list or mapping"
            raise ScenarioError([Fault(Place(f"--set {sanitise(str(key))}"), problem)]) from None

    @property
    def written(self) -> str:
        """With its date, if it has one."""
        return f"{self.since}:{self.text}" if self.since else self.text

    @property
    def name(self) -> str:
        return self.text.partition("=")[0].strip()

    @property
    def place(self) -> Place:
        """Where it was written, for messages."""
        return Place(f"{self.option} {sanitise(self.text)}{f' --from {self.since}' if self.since else ''}")

    @cached_property
    def _read(self) -> tuple[Located | None, list[Fault]]:
        name, equals, text = self.text.partition("=")
        if not equals or not name:
            return None, [Fault(self.place, "write KEY=VALUE, such as officers.total=320")]
        if name == "extends":
            return None, [Fault(self.place, "extends belongs in a file and cannot be set")]
        value, faults = _read_once(text, self.place)
        return (None if value is None and faults else value or Located(None, self.place)), faults

    @property
    def value(self) -> Located | None:
        """What it sets its key to; None if that cannot be read."""
        return self._read[0]

    def applied_to(self, scenario: Located) -> tuple[Located, list[Fault]]:
        """The scenario with this setting, and what is wrong with that."""
        value, faults = self._read
        if value is None:
            return scenario, faults
        if self.since:
            scenario, found = _with_lever(scenario, self, value)
            return scenario, [*faults, *found]
        try:
            return changed(scenario, route_to(self.name), value, scenario_keys()), faults
        except NoSuchEntry as problem:
            return scenario, [*faults, Fault(self.place, f"{sanitise(self.name)}: {problem}")]


@lru_cache(maxsize=4096)
def _read_once(text: str, place: Place) -> tuple[Located | None, list[Fault]]:
    """The value after `KEY=`; parsing is slow, and the points of an analysis take the same values again and again."""
    return read_yaml(text, lambda line: place)


def first_day(from_: str | dt.date | None, option: str = "--from") -> str:
    """A date from which settings hold, as it is written before them; empty for none. Raises ScenarioError."""
    if not from_:
        return ""
    try:
        return f"{from_ if isinstance(from_, dt.date) else parsed_date(from_):%Y-%m-%d}"
    except ValueError as error:
        raise ScenarioError([Fault(Place(option), str(error))]) from None


def dated(settings: Sequence[str], from_: str | dt.date | None) -> tuple[str, ...]:
    """The settings as they are written if they hold from a date on; without a date as they are.

    A setting that has a date of its own keeps it. Raises ScenarioError for what is no date.
    """
    since = first_day(from_)
    return tuple(text if not since or Setting.of(text).since else f"{since}:{text}" for text in settings)


def asked(
    settings: Sequence[str],
    from_: str | dt.date | None = None,
    *,
    for_all: Sequence[str] = (),
    varied: Sequence[str] = (),
    **options: int | None,
) -> tuple[str, ...]:
    """The settings of one command, as they are written if they hold from a date on.

    `varied` are the keys after --vary, which the date is for as well; `for_all` is what stands after --set-all;
    `options` are those that set the key of their own name. Raises ScenarioError for a date of nothing, and where two of
    all these give a key two values, which only their order would settle.
    """
    if from_ and not settings and not varied:
        problem = "is the first day of what --set changes, and nothing is set; give --set KEY=VALUE as well"
        raise ScenarioError([Fault(Place(f"--from {sanitise(str(from_))}"), problem)])
    holding = dated(settings, from_)
    written = map(Setting.of, [*holding, *map(ForAll, for_all)])
    asked_for = [(setting.since, setting.name, setting.value) for setting in written]
    for name, number in options.items():
        if number is not None:
            asked_for.append(("", name, Located(number, Place(f"--{name} {number}"))))
    # Of what is varied the values do not matter: they are others than any that was set.
    for key in map(Setting.of, dated(varied, from_)):
        asked_for.append((key.since, key.name, Located("varied", Place(f"--vary {key.name}"))))
    changes = _by_date(asked_for)
    faults = [
        Fault(later.place, f"{key}: undoes what {earlier.place} says; leave one of them out")
        for of_one_date in changes.values()
        for later, key, earlier in undone(of_one_date)
    ]
    for route, levers in changes.get("", []):
        if route == ("levers",):
            alone = Located({"levers": levers}, levers.place)
            faults += [lever.fault for lever in _undone_later(alone, changes[""], "")]
    if faults:
        raise ScenarioError(faults)
    return holding


def _by_date(asked_for: Iterable[tuple[str, str, Located | None]]) -> dict[str, list[tuple[Route, Located]]]:
    changes: dict[str, list[tuple[Route, Located]]] = {}
    for since, key, value in asked_for:
        if value is not None:
            changes.setdefault(since, []).append((tuple(route_to(key)), value))
    return changes


def as_settings(**numbers: int | None) -> list[str]:
    """`KEY=VALUE` for each of these keys that has a value."""
    return [f"{name}={number}" for name, number in numbers.items() if number is not None]


def as_typed(settings: Sequence[str], varied: Sequence[str] = ()) -> list[str]:
    """The options of a command line that ask for these settings: `--set KEY=VALUE`, `--vary …`, `--from DATE`."""
    options = [("--vary", Setting.of(text)) for text in varied] + [("--set", Setting.of(text)) for text in settings]
    dates = {setting.since for _, setting in options}
    since = dates.pop() if len(dates) == 1 else ""
    words = [word for option, setting in options for word in (option, setting.text if since else setting.written)]
    return [*words, "--from", since] if since else words


def typed_in(command: str, option: str = "--set") -> str:
    """The settings of a command line in words, after `, with`; empty if it has none."""
    pairs = list(itertools.pairwise(shlex.split(command)))
    since = next((value for word, value in pairs if word == "--from"), None)
    settings = dated([value for word, value in pairs if word == option], since)
    return f", with {sanitise(in_words(settings))}" if settings else ""


def in_words(settings: Sequence[str]) -> str:
    """`officers.total=31, visits.retry_days=7 from 2027-04-01`"""
    by_date: dict[str, list[str]] = {}
    for setting in map(Setting.of, settings):
        by_date.setdefault(setting.since, []).append(setting.text)
    return ", ".join(f"{', '.join(texts)}{f' from {since}' if since else ''}" for since, texts in by_date.items())


def _with_lever(scenario: Located, setting: Setting, value: Located) -> tuple[Located, list[Fault]]:
    """The scenario with a setting as a lever, in the place of what other levers of its date say of its key."""
    if problem := lever_problem(setting.name):
        return scenario, [Fault(setting.place, f"{sanitise(setting.name)}: {problem}")]
    place, since = Place(f"--from {setting.since}"), date_in(Located(setting.since, setting.place))
    if since is None:
        return scenario, [Fault(place, "is not a date of the calendar; write it as 2027-04-01")]
    start, end = date_in(scenario.get("start")), date_in(scenario.get("end"))
    if start and end and not start <= since <= end:
        beyond = f"before the first day, {start}" if since < start else f"after the last day, {end}"
        return scenario, [Fault(place, f"is {beyond}; the scenario runs from {start} to {end}")]
    levers = scenario.children.get("levers") or Located([], place)
    if not isinstance(levers.value, list):
        return scenario, []  # the schema reports what is wrong with it
    leaves_set = {leaf for leaf, _ in leaves(route_to(setting.name), value)}
    others: list[Located] = []
    ours: dict[str, Located] = {}
    for lever in levers.value:
        changes = lever.get("set")
        if date_in(lever.get("from")) != since or changes is None or not isinstance(changes.value, dict):
            others.append(lever)
            continue
        left = {key: without(entry, route_to(key), leaves_set) for key, entry in changes.value.items()}
        left_over = {key: entry for key, entry in left.items() if entry is not None}
        if lever.place == place:
            ours = left_over
        elif left_over:
            others.append(replace(lever, value={**lever.children, "set": replace(changes, value=left_over)}))
    ours[setting.name] = value
    lever = Located({"from": Located(setting.since, place), "set": Located(ours, place)}, place)
    return replace(scenario, value={**scenario.children, "levers": replace(levers, value=[*others, lever])}), []


def unheeded(scenario: Located, settings: Sequence[Setting]) -> list[Fault]:
    """Where the scenario, which has these settings already, does not do what they say."""
    by_date = _by_date((setting.since, setting.name, setting.value) for setting in settings)
    undoing = [lever for since, changes in by_date.items() for lever in _undone_later(scenario, changes, since)]
    # Who sets the levers as well says what is to hold before them, and what from then on.
    faults = [lever.fault for lever in undoing if not lever.fault.place.source.startswith("--set levers")]
    return [*faults, *_shared_out(scenario, by_date.get("", []))]


@dataclass(frozen=True)
class UndoingLever:
    date: dt.date
    fault: Fault
    """At its line: what it does and how to put it right."""


def levers_that_undo(scenario: Located, keys: Iterable[str], shown: str, since: str = "") -> list[UndoingLever]:
    """The levers that would undo a change of these keys from a date, or throughout; `shown` is what asks for it."""
    place = Place(sanitise(f"{shown} --from {since}" if since else shown))
    return list(_undone_later(scenario, [(tuple(route_to(key)), Located(None, place)) for key in keys], since))


def _undone_later(scenario: Located, changes: Iterable[tuple[Route, Located]], since: str) -> Iterator[UndoingLever]:
    """The levers after a date that set anew what was set from that date on, a part of it, or what it is a part of."""
    ends: dict[Route, Place] = {}
    on_the_way: dict[Route, Place] = {}
    for route, value in changes:
        for leaf, entry in leaves(route, value):
            for end in (leaf, *_totals_of(leaf)):
                ends[end] = entry.place
                on_the_way.update((end[:length], entry.place) for length in range(1, len(end) + 1))
    first = date_in(Located(since, Place(""))) if since else None
    undoing: list[tuple[dt.date, Place, str, Place]] = []
    for name, lever in levers_by_date(scenario):
        date, written_set = date_in(lever.get("from")), lever.get("set")
        if lever.place.source.startswith("--from") or date is None or (first and date <= first) or not written_set:
            continue
        for key, value in written_set.children.items():
            for leaf, entry in leaves(route_to(key), value):
                above = (ends[leaf[:length]] for length in range(1, len(leaf)) if leaf[:length] in ends)
                if asked_by := on_the_way.get(leaf) or next(above, None):
                    what = f"{name}.set: {dotted(leaf)}: this lever sets it to {sanitise(one_line(entry.plain()))}"
                    undoing.append((date, value.place, f"{what} from {date} on, and would undo {asked_by}", asked_by))
    for date, place, problem, asked_by in undoing:
        fix = "give a date of" if first else "let the change begin with --from DATE,"
        if asked_by.source.startswith("--set-all"):  # which no date goes with
            fix = "change it with --set and --from DATE,"
        fix += f" {undoing[-1][0]} or later"  # the last lever, as the earlier ones would not be the only ones
        if asked_by.source.startswith("--only"):
            fix = "choose another assumption, as none is varied from a date on"
        yield UndoingLever(date, Fault(place, f"{problem}; take the lever out, or {fix}"))


def _totals_of(leaf: Route) -> list[Route]:
    """The totals that are shared out among the teams, whatever number they were given at the end of this route."""
    if leaf[0] != "teams":
        return []
    return [tuple(total.split(".")) for total, what in TOTALS.items() if len(leaf) < 3 or leaf[2] == what]


def _shared_out(scenario: Located, changes: Iterable[tuple[Route, Located]]) -> Iterator[Fault]:
    """Numbers of teams that were set and do not hold, as a total is shared out in proportion to them."""
    set_anew = [(leaf, entry.place) for route, value in changes for leaf, entry in leaves(route, value)]
    teams = scenario.get("teams")
    for name, what in TOTALS.items():
        total_route = tuple(name.split("."))
        asked_by = [place for leaf, place in set_anew if total_route in _totals_of(leaf)]
        total = scenario.get(*total_route)
        numbers = [team.get(what) for team in teams.children.values()] if teams else []
        counts = [number.value for number in numbers if number and isinstance(number.value, int)]
        if asked_by and counts and total and isinstance(total.value, int) and sum(counts) != total.value:
            keep = f"set only one of the two, or --set {name}=null to keep those of the teams"
            fix = "leave one of the two out" if total.changed.source.startswith("--set") else keep
            problem = f"{what} of the teams add up to {sum(counts):,}, and {name} ({total.changed}) shares"
            yield Fault(asked_by[0], f"{problem} {total.value:,} among them in proportion; {fix}")
