"""What a scenario changes of the one it is built on, and what its levers change on a date."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sim.experiment.changes import changes
from sim.experiment.errors import FolderError
from sim.experiment.folder import RunFolder
from sim.experiment.provenance import from_here
from sim.experiment.result import RunResult
from sim.report.assumptions import title_of, unit_of, value_at, value_words, with_unit
from sim.report.words import day_words
from sim.scenario import Scenario, ScenarioError, read
from sim.scenario.files import read_file
from sim.scenario.keys import find, route_to
from sim.scenario.plain import as_written

CHANGES = "changes.json"


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


@dataclass(frozen=True)
class DatedChange:
    """What a lever changes from a date on."""

    since: str
    key: str
    title: str
    value: str


def keep_changes(result: RunResult, file: Path, settings: Sequence[str]) -> None:
    """Keep in the run folder what the scenario changes, as the folder's own scenario no longer tells its layers."""
    base = _base(file, settings)
    if base is not None:
        found = FromBase(base.name, changes_between(base, result.scenario))
        text = json.dumps(asdict(found), indent=2, ensure_ascii=False)
        RunFolder(result.folder).write(CHANGES, f"{text}\n".encode())


def _base(file: Path, settings: Sequence[str]) -> Scenario | None:
    """The scenario a file extends, or the file itself if only settings differ from it."""
    extends = read_file(file)[0].children.get("extends")
    base = file.parent / str(extends.value) if extends else file if settings else None
    try:
        return read(base).scenario if base else None
    except ScenarioError:  # a base may be no more than a part, to be completed by whatever extends it
        return None


def kept_changes(folder: Path) -> FromBase | None:
    """What `keep_changes` kept, or None if the scenario is built on no other.

    Raises FolderError if it is damaged: the folder does not know the base.
    """
    run = RunFolder(folder)
    content = run.read(CHANGES)
    if content is None:
        if not (folder / CHANGES).exists():
            return None
        command = (run.manifest() or {}).get("command", "the line of the run")
        raise FolderError(f"{from_here(folder / CHANGES)}: damaged; make it again with: {command}")
    try:
        kept = json.loads(content)
        return FromBase(kept["base"], tuple(Change(**change) for change in kept["changes"]))
    except (ValueError, KeyError, TypeError):
        return None


def changes_between(base: Scenario, scenario: Scenario) -> tuple[Change, ...]:
    """Every key whose value differs, and every team's, in words; levers are told apart, by `dated_changes`."""
    before, after = as_written(base), as_written(scenario)
    told = []
    for change in changes(base, scenario):
        if find(route_to(change.key)):
            was, now = (with_unit(value_words(value_at(v, change.key)), unit_of(change.key)) for v in (before, after))
            told.append(Change(change.key, title_of(change.key), was, now))
        elif change.key.startswith("teams, "):
            words = f"T{change.key[1:]}"
            told.append(Change("teams", words, change.base or "not given", change.plan or "not given"))
    return tuple(told)


def dated_changes(scenario: Scenario) -> list[DatedChange]:
    """What the levers change, earliest first."""
    rows = []
    for lever in sorted(scenario.levers, key=lambda lever: lever.from_):
        for name, value in lever.set.items():
            told = with_unit(value_words(value), unit_of(name))
            rows.append(DatedChange(day_words(lever.from_), name, title_of(name), told))
    return rows
