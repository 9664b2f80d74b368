"""What one scenario changes against another: the keys whose values differ, at first or from the date of a lever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sim.scenario.paths import find, plain_value_at, route_to
from sim.scenario.schema import TOTALS, Scenario, scenario_keys
from sim.scenario.source.faults import name_key
from sim.scenario.values import one_line, plain_value

NOT_SHOWN = (
    *("name", "about", "replications", "seed", "primary_measure", "assumptions", "levers", "teams"),
    *("caseload.file_hash", "caseload.rows_left_out"),
)
"""Keys that change no replication, or that are shown in another way."""


@dataclass(frozen=True)
class ChangedKey:
    """One key in the base and in the plan, as a planner would write it, with the dates on which levers change it."""

    key: str
    base: str
    plan: str


def changes(base: Scenario, plan: Scenario) -> list[ChangedKey]:
    """What `plan` changes against `base`, in the order of the schema; keys of levers last."""
    set_by_levers = dict.fromkeys(key for scenario in (base, plan) for lever in scenario.levers for key in lever.set)
    levers = [ChangedKey(key, *(_over_time(scenario, key) for scenario in (base, plan))) for key in set_by_levers]
    levers = [change for change in levers if change.base != change.plan]
    dated = {change.key for change in levers}
    return [*(change for change in changed_values(base, plan) if change.key not in dated), *levers]


def changed_values(base: Scenario, plan: Scenario) -> list[ChangedKey]:
    """The keys and teams whose values differ on the first day, whatever levers do later."""
    changes = []
    for key in scenario_keys().settable():
        if key.name not in NOT_SHOWN:
            before, after = (plain_value_at(scenario, key.name) for scenario in (base, plan))
            if before != after:
                changes.append(ChangedKey(key.name, _shown(base, key.name), _shown(plan, key.name)))
    return [*changes, *_of_teams(base, plan)]


def against(base: Scenario, scenario: Scenario) -> dict[str, Any]:
    """What a scenario changes of a base, fit for JSON: of a key plain values, of one team words."""
    changes = []
    for change in changed_values(base, scenario):
        of_key = find(route_to(change.key)) is not None
        before = plain_value_at(base, change.key) if of_key else change.base
        after = plain_value_at(scenario, change.key) if of_key else change.plan
        changes.append({"key": change.key, "before": before, "after": after})
    return {"base": base.name, "changes": changes}


def same_force(base: Scenario, scenario: Scenario) -> bool:
    """Is one scenario a plan for the force of the other, rather than another force that is written on top of it?"""
    ours, theirs = (
        (each.start, each.end, sorted(name_key(team.name) for team in each.teams)) for each in (base, scenario)
    )
    return ours == theirs


def _shown(scenario: Scenario, name: str) -> str:
    """A value as it would be written; of a sum that is not given, what the teams come to."""
    value = plain_value_at(scenario, name)
    if value is None and name in TOTALS:
        return str(scenario.sum_over_teams(name))
    return "not given" if value is None else one_line(value)


def _of_teams(base: Scenario, plan: Scenario) -> Iterator[ChangedKey]:
    before, after = ({name_key(team.name): plain_value(team) for team in scenario.teams} for scenario in (base, plan))
    for same in dict.fromkeys([*before, *after]):
        was, becomes = before.get(same, {}), after.get(same, {})
        name = (was or becomes)["name"]
        for key in dict.fromkeys([*was, *becomes]):
            if was.get(key) != becomes.get(key) and not (key == "name" and was and becomes):
                values = [one_line(team.get(key, "not given" if team else "no such team")) for team in (was, becomes)]
                yield ChangedKey(f"teams, {name}, {key}", *values)


def _over_time(scenario: Scenario, key: str) -> str:
    """`31 until 31 March 2027, then 37`; only the value if it never changes."""
    since = [(day, _shown(regime, key)) for day, regime in scenario.regimes]
    spans = [(next(group)[0], value) for value, group in groupby(since, key=lambda entry: entry[1])]
    words = spans[0][1]
    for day, value in spans[1:]:
        last = scenario.start + dt.timedelta(days=day - 1)
        words += f" until {last.day} {last:%B %Y}, then {value}"
    return words
