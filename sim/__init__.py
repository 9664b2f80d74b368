"""Offender-management caseload simulator: how a backlog of visits grows, and what each remedy changes.

From a notebook or a script:

    from sim import compare, load, open_run, plot, print_summary, run

    met = load("scenarios/met.yaml")
    plan = met.update({"officers.total": 145, "visits.announced_share": 0.3})
    result = run(plan, replications=60)
    print_summary(result)              # what the command line prints
    plot(result, "coverage")           # a figure, for a notebook to display
    result.summary                     # mean and 95% confidence interval of every metric, by risk, as a DataFrame
    result.weekly                      # the same week by week
    result.weeks("overdue_visits")     # one metric of that
    result.values()                    # the values of each replication
    result.events(1)                   # everything that happened in one replication, after run(..., events=True)
    open_run(result.folder)            # the same object another day
    print_summary(compare(run(met), result))    # what the plan changes: pairs of replications, same random events

No `if __name__ == "__main__":` is needed around it. `compare`, `sweep`, `staff` and `sensitivity` answer a planner's
questions; each takes a scenario file or a loaded scenario, and `print_summary` and `plot` take what each returns.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sim.version import VERSION as __version__

if TYPE_CHECKING:
    from sim.report.notebook import plot as plot
    from sim.report.notebook import print_summary as print_summary
    from sim.runs.load import load as load
    from sim.runs.reopen import open_run as open_run
    from sim.runs.run import run_scenario as run
    from sim.studies.compare import compare as compare
    from sim.studies.sensitivity import sensitivity as sensitivity
    from sim.studies.staffing import staff as staff
    from sim.studies.sweep import sweep as sweep


_HOME = {
    "load": ("sim.runs.load", "load"),
    "run": ("sim.runs.run", "run_scenario"),
    "open_run": ("sim.runs.reopen", "open_run"),
    "compare": ("sim.studies.compare", "compare"),
    "sweep": ("sim.studies.sweep", "sweep"),
    "staff": ("sim.studies.staffing", "staff"),
    "sensitivity": ("sim.studies.sensitivity", "sensitivity"),
    "print_summary": ("sim.report.notebook", "print_summary"),
    "plot": ("sim.report.notebook", "plot"),
}
"""The module of each function, imported when it is first used, so that `--help` need not wait for any."""

__all__ = [
    "__version__", "compare", "load", "open_run", "plot", "print_summary", "run", "sensitivity", "staff", "sweep",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}; it has {', '.join(_HOME)}")
    module, function = _HOME[name]
    return getattr(importlib.import_module(module), function)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
