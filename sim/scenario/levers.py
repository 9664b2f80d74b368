"""Levers: dated changes to a scenario, checked against what may change, and applied in the order of their dates."""

from __future__ import annotations

import datetime as dt
import itertools
import weakref
from collections.abc import Iterable, Iterator, Mapping

from sim.scenario.consistency import investigation_faults
from sim.scenario.keys import find, route_to, scenario_keys
from sim.scenario.plain import plain_value
from sim.scenario.rules import date_in, team_numbers
from sim.scenario.schema import Scenario
from sim.scenario.source.checking import CheckedSections, unknown_name
from sim.scenario.source.faults import Fault, dotted, join_words
from sim.scenario.source.located import Located, located
from sim.scenario.source.merging import changed, undone


def regimes(scenario: Scenario) -> tuple[tuple[int, Scenario], ...]:
    """The scenario as it stands from each day on which something changes: (days since the start, scenario).

    The first begins on day 0. Levers add up in the order of their dates, those of one date in the order written.
    """
    number = id(scenario)
    known = _REGIMES.get(number)
    if known is None or known[0]() is not scenario:
        known = weakref.ref(scenario, lambda _: _REGIMES.pop(number, None)), dict(_later(scenario))
        _REGIMES[number] = known
    return tuple({0: scenario, **known[1]}.items())


_REGIMES: dict[int, tuple[weakref.ref[Scenario], dict[int, Scenario]]] = {}
"""What the levers make of each scenario that is in use, as several ask for it."""


def _later(scenario: Scenario) -> Iterator[tuple[int, Scenario]]:
    """The scenario after each lever, of which only the sections that it changes are made anew."""
    if not scenario.levers:
        return
    current = located(plain_value(scenario.model_copy(update={"levers": (), "assumptions": {}})))
    for lever in sorted(scenario.levers, key=lambda lever: lever.from_):
        changes = located(lever.set).children
        current = _applied(current, changes)
        plain = {section: current.children[section].plain() for section in _sections(changes)}
        typed = {section: type(getattr(scenario, section)).model_validate(value) for section, value in plain.items()}
        scenario = scenario.model_copy(update=typed)
        yield (lever.from_ - scenario.start).days, scenario


def lever_faults(scenario: Located, typed: Scenario | None) -> list[Fault]:
    """What is wrong with the levers: dates outside the horizon, keys that cannot change, values that cannot be.

    `typed` is the scenario as `checked` gave it. After each lever only what it changes is checked again.
    """
    faults: list[Fault] = []
    current, sections = scenario, CheckedSections(typed)
    for name, lever in levers_by_date(scenario):
        faults += _date_faults(name, lever, scenario)
        changes = {}
        for key, value in _set_by(lever).items():
            if problem := lever_problem(key):
                faults.append(Fault(value.place, f"{name}.set: {dotted([key])}: {problem}"))
            else:
                changes[key] = value
        # A value is judged by making the change. What was wrong before is found again, and told once all the same.
        current, anew = _applied(current, changes), _sections(changes)
        faults += sections.checked(current, anew)
        if anew & {"officers", "caseload"}:
            faults += team_numbers(current)
        if anew & {"online_abuse", "crime"}:
            faults += investigation_faults(current)
    return [*faults, *_contradictions(scenario)]


def _sections(changes: Iterable[str]) -> set[str]:
    """The sections that these keys are in."""
    return {route_to(name)[0] for name in changes}


def _contradictions(scenario: Located) -> Iterator[Fault]:
    """Where two changes of one date give a key two values, which only their order would settle."""
    for date, levers in itertools.groupby(levers_by_date(scenario), lambda entry: date_in(entry[1].get("from"))):
        changes = [(name, key, value) for name, lever in levers for key, value in _set_by(lever).items()]
        routes = [(route_to(key), value) for _, key, value in changes if not lever_problem(key)]
        for later, key, earlier in undone(routes) if date else ():
            problem = f"undoes what {earlier.place} says of {key} on the same date, {date}; keep one of them"
            yield Fault(later.place, f"levers: {key}: {problem}")


def _set_by(lever: Located) -> dict[str, Located]:
    written_set = lever.get("set")
    return written_set.children if written_set else {}


def levers_by_date(scenario: Located) -> list[tuple[str, Located]]:
    """The levers with their names (`levers.0`), earliest first; those without a date last."""
    levers = scenario.get("levers")
    named = [(f"levers.{number}", lever) for number, lever in (levers.children.items() if levers else ())]
    return sorted(named, key=lambda entry: date_in(entry[1].get("from")) or dt.date.max)


def _date_faults(name: str, lever: Located, scenario: Located) -> Iterator[Fault]:
    date, start, end = (date_in(entry) for entry in (lever.get("from"), scenario.get("start"), scenario.get("end")))
    if date and start and date < start:
        yield Fault(lever.children["from"].place, f"{name}.from: {date} is before the first day, {start}")
    elif date and end and date > end:
        yield Fault(lever.children["from"].place, f"{name}.from: {date} is after the last day, {end}")


def lever_problem(name: str) -> str:
    """Why a lever may not change a key, or nothing."""
    key = find(route_to(name))
    if key is None:
        return unknown_name(name)
    if key.lever:
        return ""
    lasting = [child.name for child in key.children.values() if not child.lever]
    if lasting and len(lasting) < len(key.children):
        return f"cannot change as a whole, because {join_words(lasting)} cannot; set the other keys one by one"
    return "holds for the whole horizon, no lever changes it; write a second scenario that extends this one"


def _applied(scenario: Located, changes: Mapping[str, Located]) -> Located:
    """The scenario after all changes of one lever."""
    for name, value in changes.items():
        scenario = changed(scenario, route_to(name), value, scenario_keys())
    return scenario
