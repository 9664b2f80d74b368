"""What one scenario changes against another: only the keys whose values differ, and the levers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.scenario import Scenario, headcounts
from sim.scenario.keys import scenario_keys
from sim.scenario.names import name_key
from sim.scenario.plain import as_written, one_line

NOT_SHOWN = (
    "name", "about", "replications", "seed", "assumptions", "levers", "teams", "caseload.file_hash",
    "caseload.rows_left_out",
)  # fmt: skip
"""Keys that change no history, or that are told in another way."""


@dataclass(frozen=True)
class Change:
    """One key, or one lever on it, before and after, as a planner would write it; empty for nothing."""

    key: str
    base: str
    plan: str


def changes(base: Scenario, plan: Scenario) -> list[Change]:
    """What `plan` changes against `base`, in the order of the schema, levers last."""
    return [*_of_keys(base, plan), *_of_teams(base, plan), *_of_levers(base, plan)]


def _of_keys(base: Scenario, plan: Scenario) -> Iterator[Change]:
    for key in scenario_keys().settable():
        if key.name in NOT_SHOWN:
            continue
        before, after = (_at(scenario, key.name) for scenario in (base, plan))
        if before != after:
            yield Change(key.name, *(_shown(scenario, key.name) for scenario in (base, plan)))


def _at(scenario: Scenario, name: str) -> Any:
    value: Any = scenario
    for step in name.split("."):
        fields = {info.alias or field: field for field, info in type(value).model_fields.items()}
        value = getattr(value, fields[step])
    return value


def _shown(scenario: Scenario, name: str) -> str:
    """A value as it would be written; of a sum that is not given, what the teams come to."""
    value = _at(scenario, name)
    if value is None and name in ("officers.total", "caseload.total"):
        officers, offenders = (sum(numbers) for numbers in zip(*headcounts(scenario), strict=True))
        return f"{officers if name == 'officers.total' else offenders:,} in all teams"
    return "not given" if value is None else one_line(as_written(value))


def _of_teams(base: Scenario, plan: Scenario) -> Iterator[Change]:
    """Team by team by their names."""
    before, after = ({name_key(team.name): as_written(team) for team in scenario.teams} for scenario in (base, plan))
    for same in dict.fromkeys([*before, *after]):
        was, becomes = before.get(same, {}), after.get(same, {})
        name = (was or becomes)["name"]
        for key in dict.fromkeys([*was, *becomes]):
            if was.get(key) != becomes.get(key) and not (key == "name" and was and becomes):
                shown = (one_line(team[key]) if key in team else "" for team in (was, becomes))
                yield Change(f"teams, {name}, {key}", *shown)


def _of_levers(base: Scenario, plan: Scenario) -> Iterator[Change]:
    before, after = (list(_levers(scenario)) for scenario in (base, plan))
    yield from (Change(key, value, "") for key, value in before if (key, value) not in after)
    yield from (Change(key, "", value) for key, value in after if (key, value) not in before)


def _levers(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for lever in scenario.levers:
        for key, value in lever.set.items():
            yield f"{key} from {lever.from_}", one_line(as_written(value))
