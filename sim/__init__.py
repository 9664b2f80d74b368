"""Offender-management caseload simulator: how a backlog of visits grows, and what each remedy changes.

From a notebook or a script:

    from sim import load, run, open_run

    met = load("scenarios/met.yaml")
    plan = met.with_({"officers.total": 145, "visits.announced_share": 0.3})
    result = run(plan, replications=60)
    result.summary                     # mean and 95 % interval of every metric, by risk, as a DataFrame
    result.weekly                      # the same week by week
    result.weeks("overdue_visits")     # one metric of that
    result.values()                    # what each history came to
    result.events(1)                   # everything that happened in one history, after run(..., events=True)
    open_run(result.folder)            # the same object another day

No `if __name__ == "__main__":` is needed around it. `compare`, `sweep` and `staff` answer a planner's questions.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.load import load as load
    from sim.experiment.result import open_run as open_run
    from sim.experiment.run import run_scenario as run

__version__ = "0.1.0"

_HOME = {
    "load": ("sim.experiment.load", "load"),
    "run": ("sim.experiment.run", "run_scenario"),
    "open_run": ("sim.experiment.result", "open_run"),
    "compare": ("sim.experiment.compare", "compare"),
    "sweep": ("sim.experiment.sweep", "sweep"),
    "staff": ("sim.experiment.staff", "staff"),
}
"""Where each function lives. It is imported when it is first asked for, so that `--help` need not wait for any."""

__all__ = ["__version__", "compare", "load", "open_run", "run", "staff", "sweep"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}; it has {', '.join(_HOME)}")
    module, function = _HOME[name]
    return getattr(importlib.import_module(module), function)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
