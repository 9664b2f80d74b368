"""Progress where one question takes many runs: a sweep, a search, a sensitivity analysis."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console

from sim.report.progress import Pace, ProgressBar, size_words
from sim.report.text.effort import roughly
from sim.report.text.words import pluralise
from sim.runs.run_plan import Plan
from sim.scenario.source.faults import sanitise
from sim.scenario.summary import scenario_warnings


class ManyRuns(ProgressBar):
    """One bar for all points, whether they are simulated at once or one batch after another."""

    def __init__(
        self,
        console: Console | None = None,
        *,
        debug: bool = False,
        afterwards: Callable[[], None] = lambda: None,
        agreed: bool = False,
    ) -> None:
        super().__init__(console, debug=debug, afterwards=afterwards, agreed=agreed)
        self.wanted = 0
        self.begun = False
        self.batches = 0

    def on_plan(self, plan: Plan) -> None:
        """Say once what will run; of later batches only the bar tells."""
        first = self.plan is None
        self.plan = plan
        self.kept += sum(len(run.wanted) - len(run.missing) for run in plan.runs)
        self.wanted += plan.missing
        if not first:
            return
        scenario = plan.runs[0].scenario
        points = f"{pluralise(len(plan.runs), 'point')} of " if len(plan.runs) > 1 else ""
        self.say(f"{sanitise(scenario.name)}: {points}{size_words(scenario)}")
        for warning in scenario_warnings(scenario):
            self.say(f"warning: {warning}")
        if self.kept:
            self.say(f"{self.kept:,} replications are done already")
        if plan.missing and len(plan.runs) > 1:
            how_long = roughly(plan.estimated_seconds)
            self.say(f"Simulating {plan.missing:,} replications on {pluralise(plan.workers, 'core')}, {how_long}")

    @property
    def of(self) -> str:
        """A search does not know how many it will take: each batch depends on the one before."""
        return super().of if self.batches == 1 else ""

    def on_start(self, plan: Plan) -> None:
        """Show the bar, or make it longer."""
        self.batches += 1
        if not self.begun:
            self.begun = True
            super().on_start(plan)
        if self.wanted != self.total:  # there is more to do than was known, and may be more again
            self.total, self.pace = self.wanted, Pace()
        self.bar.update(self.task, total=self.wanted, left="")

    def stopped(self) -> None:
        """Say after Ctrl-C what is kept and how to go on."""
        self.bar.stop()
        what = f"{self.kept:,} replications are saved" if self.plan else "Nothing was simulated"
        self.say(f"Stopped. {what}; run the same command again to continue.")
