"""A scenario with values set on top of it, whatever its levers make of them later."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.scenario import Scenario, read
from sim.scenario.settings import Setting


def on_top(file: Path | str, settings: Sequence[str]) -> Scenario:
    """The scenario of a file with these `KEY=VALUE` from its first day on, even where a lever changes them later."""
    values = {setting.name: setting.value.plain() for setting in map(Setting.of, settings) if setting.value}
    return read(file).scenario.update(values)
