"""Progress where one question takes many runs: a sweep, a search, a sensitivity analysis."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.console import Console

from sim.experiment.plan import Plan, RunPlan
from sim.experiment.pool import Outcome
from sim.report.progress import LINE_EVERY_SECONDS, ProgressBar, roughly, size_words
from sim.report.words import counted
from sim.scenario.faults import printable
from sim.scenario.summary import cautions


class ManyRuns(ProgressBar):
    """One bar for all points, whether they are simulated at once or one batch after another."""

    def __init__(self, console: Console | None = None, *, debug: bool = False, afterwards: Sequence[str] = ()) -> None:
        super().__init__(console, debug=debug, afterwards=afterwards)
        self.wanted = 0
        self.begun = False

    def planned(self, plan: Plan) -> None:
        """Say once what will run; of later batches only the bar tells."""
        first = self.plan is None
        self.plan = plan
        self.kept += sum(len(run.wanted) - len(run.missing) for run in plan.runs)
        self.wanted += plan.missing
        if not first:
            return
        scenario = plan.runs[0].scenario
        points = f"{counted(len(plan.runs), 'point')} of " if len(plan.runs) > 1 else ""
        self.say(f"{printable(scenario.name)}: {points}{size_words(scenario)}")
        for caution in cautions(scenario):
            self.say(f"warning: {caution}")
        if self.kept:
            self.say(f"{self.kept:,} replications are done already")
        if plan.missing and len(plan.runs) > 1:
            how_long = roughly(plan.estimated_seconds)
            self.say(f"Simulating {plan.missing:,} replications on {counted(plan.workers, 'core')}, {how_long}")

    def simulating(self, plan: Plan) -> None:
        """Show the bar, or make it longer."""
        if not self.begun:
            self.begun = True
            super().simulating(plan)
        self.bar.update(self.task, total=self.wanted)

    def ended(self, run: RunPlan, outcome: Outcome) -> None:
        """Count a replication, and report at once if it failed."""
        self.done += 1
        self.kept += not outcome.error
        if outcome.error:
            self.say(f"Replication {outcome.replication} (seed {run.scenario.seed}) failed: {outcome.error}")
            if self.debug:
                self.say(outcome.traceback)
        self.bar.advance(self.task)
        if self.bar.disable and time.monotonic() - self.told > LINE_EVERY_SECONDS:
            self.told = time.monotonic()
            self.say(f"{self.done:,} of {self.wanted:,} replications done")

    def stopped(self) -> None:
        """Say after Ctrl-C what is kept and how to go on."""
        self.bar.stop()
        what = f"{self.kept:,} replications are kept" if self.plan else "Nothing was simulated"
        self.say(f"Stopped. {what}; type the same line again to go on from there.")
