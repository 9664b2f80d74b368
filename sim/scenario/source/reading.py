"""Reading a scenario: the layers laid together, typed by the schema, checked, with the layer of every value kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.scenario.caseload_file.scenario_part import named_only, with_caseload_file
from sim.scenario.keys import find, route_to, scenario_keys
from sim.scenario.levers import lever_faults
from sim.scenario.rules import rule_faults
from sim.scenario.schema import Scenario
from sim.scenario.settings import with_setting
from sim.scenario.source.checking import checked
from sim.scenario.source.faults import SCHEMA_DEFAULT, Fault, Place, ScenarioError
from sim.scenario.source.layers import layered
from sim.scenario.source.located import Located
from sim.scenario.teams import counts_backlog


@dataclass(frozen=True)
class Reading:
    """A scenario as it was read: typed, plain, and with the place where each value was set."""

    scenario: Scenario
    """Validated, with the levers still to be applied (see `epochs`)."""
    located: Located = field(repr=False)

    @cached_property
    def resolved(self) -> dict[str, Any]:
        """What the layers give together, as nested dicts fit for JSON and for reading again."""
        plain: dict[str, Any] = self.located.plain()
        return plain

    def place(self, key: str) -> Place:
        """Where the value of a dotted key was set: a line of a file, a `--set`, or the schema's default."""
        route = route_to(key)
        met = self.located.along(route)
        holder = find(route[: len(met) - 1])
        if len(met) <= len(route) and holder and holder.kind == "section":
            return SCHEMA_DEFAULT
        return met[-1].changed

    @cached_property
    def provenance(self) -> dict[str, str]:
        """The layer that set each key of the schema, by its dotted name."""
        return {key.name: str(self.place(key.name)) for key in scenario_keys().settable()}


def read(path: str | Path, settings: Sequence[str] = ()) -> Reading:
    """Read a scenario file, what it extends, and its caseload file, with `KEY=VALUE` settings on top.

    Raises ScenarioError with all faults at once.
    """
    written, faults = layered(path, settings)
    written, of_file = with_caseload_file(written)
    return _read(written, [*faults, *of_file])


def read_saved(path: str | Path) -> Reading:
    """Read the scenario of a run folder, which does not keep the caseload file: it can be told of, not run again."""
    written, faults = layered(path)
    return _read(named_only(written), faults)


def with_settings(reading: Reading, settings: Sequence[str]) -> Reading:
    """The same scenario with more `KEY=VALUE` settings on top; no file is read again, but for another caseload file.

    Raises ScenarioError.
    """
    written, faults = reading.located, []
    for setting in settings:
        written, found = with_setting(written, setting)
        faults += found
    before, now = (one.get("caseload", "file") for one in (reading.located, written))
    if now and now.value != (before and before.value):
        written, of_file = with_caseload_file(written)
        faults += of_file
    return _read(written, faults)


def _read(written: Located, faults: list[Fault]) -> Reading:
    scenario, found = checked(written)
    faults = [*faults, *found, *rule_faults(written), *lever_faults(written, scenario)]
    if scenario is not None and not faults and counts_backlog(scenario):
        from sim.scenario.backlog import backlog_faults  # brings numpy, which most need not wait for

        faults = list(backlog_faults(scenario, written))
    if faults or scenario is None:
        raise ScenarioError(faults)
    return Reading(scenario, written)
