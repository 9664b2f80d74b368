"""Levers: dated changes to a scenario, checked against what may change, and applied in the order of their dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from sim.scenario.checking import checked, unknown_name
from sim.scenario.contradictions import investigation_faults
from sim.scenario.faults import Fault, dotted, listed
from sim.scenario.keys import find, route_to, scenario_keys
from sim.scenario.merging import changed
from sim.scenario.plain import as_written
from sim.scenario.rules import date_in, team_numbers
from sim.scenario.schema import Scenario
from sim.scenario.written import Written, written


def epochs(scenario: Scenario) -> tuple[tuple[int, Scenario], ...]:
    """The scenario as it stands from each day on which something changes: (days since the start, scenario).

    The first begins on day 0. Levers add up in the order of their dates, those of one date in the order written.
    """
    current = written(as_written(scenario))
    by_day = {0: scenario}
    for lever in sorted(scenario.levers, key=lambda lever: lever.from_):
        current = _applied(current, written(lever.set).children)
        by_day[(lever.from_ - scenario.start).days] = Scenario.model_validate(current.plain())
    return tuple(by_day.items())


def lever_faults(scenario: Written) -> list[Fault]:
    """What is wrong with the levers: dates outside the horizon, keys that cannot change, values that cannot be."""
    faults: list[Fault] = []
    current = scenario
    for name, lever in _by_date(scenario):
        faults += _date_faults(name, lever, scenario)
        written_set = lever.get("set")
        changes = {}
        for key, value in (written_set.children if written_set else {}).items():
            if problem := _key_problem(key):
                faults.append(Fault(value.place, f"{name}.set: {dotted([key])}: {problem}"))
            else:
                changes[key] = value
        # A value is judged by making the change. What was wrong before is found again, and told once all the same.
        current = _applied(current, changes)
        faults += [*checked(current)[1], *team_numbers(current), *investigation_faults(current)]
    return faults


def _by_date(scenario: Written) -> list[tuple[str, Written]]:
    """The levers with their names (`levers.0`), earliest first; those without a date last."""
    levers = scenario.get("levers")
    named = [(f"levers.{number}", lever) for number, lever in (levers.children.items() if levers else ())]
    return sorted(named, key=lambda entry: date_in(entry[1].get("from")) or dt.date.max)


def _date_faults(name: str, lever: Written, scenario: Written) -> Iterator[Fault]:
    date, start, end = (date_in(entry) for entry in (lever.get("from"), scenario.get("start"), scenario.get("end")))
    if date and start and date < start:
        yield Fault(lever.children["from"].place, f"{name}.from: {date} is before the first day, {start}")
    elif date and end and date > end:
        yield Fault(lever.children["from"].place, f"{name}.from: {date} is after the last day, {end}")


def _key_problem(name: str) -> str:
    """Why a lever may not change a key, or nothing."""
    key = find(route_to(name))
    if key is None:
        return unknown_name(name)
    if key.lever:
        return ""
    lasting = [child.name for child in key.children.values() if not child.lever]
    if lasting and len(lasting) < len(key.children):
        return f"cannot change as a whole, because {listed(lasting)} cannot; set the other keys one by one"
    return "holds for the whole horizon, no lever changes it; write a second scenario that extends this one"


def _applied(scenario: Written, changes: Mapping[str, Written]) -> Written:
    """The scenario after all changes of one lever."""
    for name, value in changes.items():
        scenario = changed(scenario, route_to(name), value, scenario_keys())
    return scenario
