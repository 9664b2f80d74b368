"""A loaded scenario, to be looked at, varied and run from a command, a notebook or a script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.runs.arguments import check
from sim.scenario import Fault, LoadedScenario, ScenarioError, read
from sim.scenario.schema import PRIMARY_MEASURE


def load(
    scenario: Path | str | LoadedScenario,
    changes: Mapping[str, Any] | None = None,
    /,
    *,
    settings: Sequence[str] = (),
    from_: str | dt.date | None = None,
    **keys: Any,
) -> LoadedScenario:
    """Read a scenario file, or take a loaded one, with some of its values changed: see `LoadedScenario.update`.

    `settings` are changes as they stand after `--set`. Raises ScenarioError with all faults.
    """
    check(load, locals())
    loaded = scenario.with_settings(settings) if isinstance(scenario, LoadedScenario) else read(scenario, settings)
    loaded = loaded.update({**(changes or {}), **keys}, from_=from_)
    named = loaded.scenario.primary_measure
    if named != PRIMARY_MEASURE:
        from sim.measure.metrics import metric_problem, parted  # brings the model, which most need not wait for

        if problem := metric_problem(*parted(named)):
            raise ScenarioError([Fault(loaded.place("primary_measure"), f"primary_measure: {problem}")])
    return loaded
