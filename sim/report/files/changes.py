"""What a scenario changes of the one it is built on, and what its levers change on a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sim.report.text.assumptions import title_of, unit_of, value_at, value_words, with_unit
from sim.report.text.words import day_words
from sim.runs.folder import RunFolder
from sim.runs.result import RunResult
from sim.scenario import Scenario, ScenarioError, read
from sim.scenario.keys import find, route_to
from sim.scenario.names import name_key
from sim.scenario.plain import plain_value
from sim.scenario.source.files import read_file
from sim.studies.changes import changed_values

CHANGES = "changes"
"""Its key in the manifest of the run."""


@dataclass(frozen=True)
class Change:
    """A key with another value than in the base."""

    key: str
    title: str
    was: str
    now: str


@dataclass(frozen=True)
class FromBase:
    """What is different from the scenario this one is built on: the one it extends, or itself without `--set`."""

    base: str
    changes: tuple[Change, ...]
    plan: FromBase | None = None
    """What a plan changes: the same if the base is the same force in the same period, else what `--set` changes."""


@dataclass(frozen=True)
class DatedChange:
    """What a lever changes from a date on."""

    since: str
    key: str
    title: str
    value: str


def save_changes(result: RunResult, file: Path, settings: Sequence[str]) -> None:
    """Save in the manifest what the scenario changes, as the folder's own scenario no longer knows its layers."""
    base = _base(file, settings)
    if base is not None:
        found = _from(base, result.scenario)
        before = base if same_force(base, result.scenario) else _readable(file) if settings else None
        found = replace(found, plan=_from(before, result.scenario) if before else None)
        folder = RunFolder(result.folder)
        others = {key: value for key, value in (folder.manifest() or {}).items() if key != CHANGES}
        folder.write_manifest({**others, CHANGES: asdict(found)})


def _from(base: Scenario, scenario: Scenario) -> FromBase:
    return FromBase(base.name, changes_between(base, scenario))


def same_force(base: Scenario, scenario: Scenario) -> bool:
    """Is one scenario a plan for the force of the other, rather than another force that is written on top of it?"""
    ours, theirs = ((one.start, one.end, sorted(name_key(team.name) for team in one.teams)) for one in (base, scenario))
    return ours == theirs


def _base(file: Path, settings: Sequence[str]) -> Scenario | None:
    """The scenario a file extends, or the file itself if only settings differ from it."""
    extends = read_file(file)[0].children.get("extends")
    base = file.parent / str(extends.value) if extends else file if settings else None
    return _readable(base) if base else None


def _readable(file: Path) -> Scenario | None:
    try:
        return read(file).scenario
    except ScenarioError:  # a base may be no more than a part, to be completed by whatever extends it
        return None


def read_changes(folder: Path) -> FromBase | None:
    """What `keep_changes` saved, or None if the scenario is built on no other."""
    saved = (RunFolder(folder).manifest() or {}).get(CHANGES)
    return _read_back(saved) if saved else None


def _read_back(kept: dict[str, Any]) -> FromBase:
    plan = kept.get("plan")
    changes = tuple(Change(**change) for change in kept["changes"])
    return FromBase(kept["base"], changes, _read_back(plan) if plan else None)


def changes_between(base: Scenario, scenario: Scenario) -> tuple[Change, ...]:
    """Every key whose value differs, and every team's, in words; levers are told apart, by `dated_changes`."""
    before, after = plain_value(base), plain_value(scenario)
    told = []
    for change in changed_values(base, scenario):
        if find(route_to(change.key)):
            was, now = (with_unit(value_words(value_at(v, change.key)), unit_of(change.key)) for v in (before, after))
            told.append(Change(change.key, title_of(change.key), was, now))
        elif change.key.startswith("teams, "):
            words = f"T{change.key[1:]}"
            told.append(Change("teams", words, change.base, change.plan))
    return tuple(told)


def dated_changes(scenario: Scenario) -> list[DatedChange]:
    """What the levers change, earliest first."""
    rows = []
    for lever in sorted(scenario.levers, key=lambda lever: lever.from_):
        for name, value in lever.set.items():
            told = with_unit(value_words(value), unit_of(name))
            rows.append(DatedChange(day_words(lever.from_), name, title_of(name), told))
    return rows
