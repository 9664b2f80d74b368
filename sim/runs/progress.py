"""The events of runs at work, for a listener that shows or records them."""

from __future__ import annotations

from sim.runs.estimate import Effort
from sim.runs.pool import Outcome
from sim.runs.precision import Precision
from sim.runs.run_plan import Plan, RunPlan


class ProgressListener:
    """Called as runs go on; this one does nothing."""

    def on_effort(self, effort: Effort, workers: int, *, here: bool = True) -> None:
        """The scenarios are read and nothing is written yet: so much work this will be. Raise to stop it.

        `here`: is it done in the memory of this machine?
        """

    def on_plan(self, plan: Plan) -> None:
        """The scenarios are read and the folders ready."""

    def on_loading(self) -> None:
        """Workers load what they need: a second in which this process may do the same."""

    def on_compiling(self, done: int = 0, of: int = 0) -> None:
        """The shift is being compiled for this machine, once; so many functions are done, 0 of 0 when it begins."""

    def on_start(self, plan: Plan) -> None:
        """The first replication begins."""

    def on_replication(self, run: RunPlan, outcome: Outcome) -> None:
        """A replication of one of the runs ended, well or not."""

    def on_precision(self, known: Precision, replications: int) -> None:
        """A run until precise is not precise enough yet, and goes on to so many replications."""
