"""Reading a scenario: its files and the settings on top, checked by schema and rules, with the place of every value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path
from typing import Any

from sim.scenario.caseload_file.layer import named_only, with_caseload_file
from sim.scenario.changes import against, same_force
from sim.scenario.paths import find, route_to, value_at
from sim.scenario.rules import all_faults
from sim.scenario.schema import Scenario
from sim.scenario.settings import Setting, first_day, in_words, unheeded
from sim.scenario.source.checking import checked
from sim.scenario.source.faults import SCHEMA_DEFAULT, Fault, Place, ScenarioError
from sim.scenario.source.files import Layers, read_layers
from sim.scenario.source.located import Located, NoSuchEntry
from sim.scenario.summary import summary_line
from sim.scenario.values import plain_value


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario file as it was read, with the changes made to it since; it never changes itself.

    >>> met = load("scenarios/met.yaml")
    >>> met["officers.hours_per_week"]
    40
    >>> plan = met.update({"officers.total": 145, "visits.announced_share": 0.3}, replications=60)
    """

    file: Path
    changes: tuple[Setting, ...]
    """What is set on top of the file."""
    scenario: Scenario
    """Validated, with the defaults of all keys."""
    located: Located = field(repr=False, compare=False)
    """What was read, each value with the place where it was set."""
    layers: Layers = field(repr=False, compare=False)

    @property
    def settings(self) -> tuple[str, ...]:
        """What differs from the file, as after `--set`."""
        return tuple(change.written for change in self.changes)

    def update(
        self, changes: Mapping[str, Any] | None = None, /, *, from_: str | dt.date | None = None, **keys: Any
    ) -> LoadedScenario:
        """The same scenario with some values changed: dotted keys in a mapping, keys of the first level by name.

        Values are those of Python: numbers, texts, dates, lists, mappings. With a date, `from_`, they hold from that
        day on, as a lever. Everything is checked, once. Raises ScenarioError with all faults.
        """
        since = first_day(from_)
        more = [Setting.typed(key, value, since) for key, value in {**(changes or {}), **keys}.items()]
        return _loaded(self.file, self.layers, (*self.changes, *more)) if more else self

    def with_settings(self, settings: Sequence[str]) -> LoadedScenario:
        """The same scenario with more settings, as they stand after `--set`. Raises ScenarioError."""
        more = tuple(map(Setting.of, settings))
        return _loaded(self.file, self.layers, (*self.changes, *more)) if more else self

    def __getitem__(self, key: str) -> Any:
        """The plain value of a dotted key; KeyError if there is no such key."""
        with suppress(NoSuchEntry):
            if find(route_to(key)):
                return plain_value(value_at(self.scenario, key))
        raise KeyError(key)

    @cached_property
    def resolved(self) -> dict[str, Any]:
        """What the layers give together, as nested dicts fit for JSON and for reading again."""
        return dict(self.located.plain())

    def place(self, key: str) -> Place:
        """Where the value of a dotted key was set: a line of a file, a `--set`, or the schema's default."""
        route = route_to(key)
        met = self.located.along(route)
        holder = find(route[: len(met) - 1])
        if len(met) <= len(route) and holder and holder.kind == "section":
            return SCHEMA_DEFAULT
        return met[-1].changed

    @property
    def built_on(self) -> dict[str, Any] | None:
        """What the scenario changes of the one it extends, or what is set on top of its file, fit for JSON.

        `plan` is what a plan changes: the same if the base is the same force in the same period, else what is set. None
        if the scenario stands alone.
        """
        extends = self.layers.extended is not None
        if not extends and all(change.name in ("replications", "seed") for change in self.changes):
            return None
        base = _alone(self.file, self.layers, extended=extends)
        if base is None:
            return None
        plan = base if same_force(base, self.scenario) else None
        if plan is None and self.changes:
            plan = _alone(self.file, self.layers, extended=False)
        return {**against(base, self.scenario), "plan": against(plan, self.scenario) if plan else None}

    def __repr__(self) -> str:
        changes = f" with {in_words(self.settings)}" if self.settings else ""
        return f"<Scenario {self.scenario.name} ({self.file}{changes}): {summary_line(self.scenario)}>"

    def _repr_html_(self) -> str:
        changes = "".join(f"<li><code>{escape(in_words([setting]))}</code></li>" for setting in self.settings)
        return (
            f"<p><strong>{escape(self.scenario.name)}</strong> ({escape(str(self.file))})<br>"
            f"{escape(summary_line(self.scenario))}</p>" + (f"<ul>{changes}</ul>" if changes else "")
        )


def read(path: str | Path, settings: Sequence[str] = ()) -> LoadedScenario:
    """Read a scenario file, what it extends, and its caseload file, with `KEY=VALUE` settings on top.

    Raises ScenarioError with all faults at once.
    """
    return _loaded(Path(path), read_layers(Path(path)), tuple(map(Setting.of, settings)))


def read_saved(path: str | Path) -> LoadedScenario:
    """Read the scenario of a run folder, without its caseload file: it can be reported on, not run again."""
    layers = read_layers(Path(path))
    whole = named_only(layers.whole)
    return LoadedScenario(Path(path), (), _validated(whole, layers.faults), whole, layers)


def _loaded(file: Path, layers: Layers, changes: tuple[Setting, ...]) -> LoadedScenario:
    """The layers, then the changes, then the caseload file; all of it checked together."""
    whole, faults = layers.whole, [*layers.faults]
    for change in changes:
        whole, found = change.applied_to(whole)
        faults += found
    faults += unheeded(whole, changes)
    whole, of_file, known = with_caseload_file(whole)
    scenario = _validated(whole, [*faults, *of_file])
    return LoadedScenario(file, changes, scenario.with_caseload(known) if known else scenario, whole, layers)


def _validated(whole: Located, faults: Sequence[Fault]) -> Scenario:
    """The scenario, typed. Raises ScenarioError with these faults and all that the schema and the rules find."""
    scenario, found = checked(whole)
    found = [*faults, *found, *all_faults(whole, scenario, complete=not faults and not found)]
    if found or scenario is None:
        raise ScenarioError(found)
    return scenario


@lru_cache(maxsize=8)
def _alone(file: Path, layers: Layers, *, extended: bool) -> Scenario | None:
    """The scenario of the file without the changes, or the one that it extends; None if that is but a part of one."""
    whole = layers.extended if extended else layers.whole
    try:
        return _loaded(file, Layers(whole, None, ()), ()).scenario if whole else None
    except ScenarioError:
        return None
