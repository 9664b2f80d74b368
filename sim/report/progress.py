"""What a planner sees while a run is at work, all of it on stderr: what is done, how far, how long."""

from __future__ import annotations

import importlib
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from sim.experiment.plan import Plan, RunPlan, offenders_at_start
from sim.experiment.pool import Outcome
from sim.experiment.provenance import from_here
from sim.experiment.until import Precision
from sim.experiment.watch import Watcher
from sim.report.progress_compiling import CompilingBar
from sim.report.words import counted, span_words
from sim.scenario import Scenario
from sim.scenario.faults import listed, printable
from sim.scenario.summary import cautions

LINE_EVERY_SECONDS = 10
"""How often a line tells of the progress where no bar can be drawn."""


class ProgressBar(Watcher):
    """A bar with the time remaining on a terminal; a line now and then where stderr goes to a file."""

    def __init__(self, console: Console | None = None, *, debug: bool = False, afterwards: Sequence[str] = ()) -> None:
        self.debug = debug
        self.afterwards = afterwards
        self.console = console or Console(stderr=True, highlight=False)
        self.plan: Plan | None = None
        self.introduced: set[Path] = set()
        self.kept = self.done = 0
        self.compiling_bar = CompilingBar(self.console)
        self.bar = Progress(
            TextColumn("  Simulating"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left:"),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.compiling_bar.stop()
        self.bar.stop()

    def say(self, text: str) -> None:
        """Write a line, above the bar if there is one."""
        self.bar.console.print(Text(text), soft_wrap=True)

    def planned(self, plan: Plan) -> None:
        """Say what will run and roughly how long; of a run that goes on, only the latter."""
        self.plan = plan
        self.done = 0
        self.kept = sum(len(run.wanted) - len(run.missing) for run in plan.runs)
        for run in plan.runs:
            if run.folder not in self.introduced:
                self.introduced.add(run.folder)
                self._introduce(run)
        if plan.missing:
            how_long = roughly(plan.estimated_seconds)
            self.say(f"Simulating {plan.missing:,} on {counted(plan.workers, 'core')}, {how_long}")

    def _introduce(self, run: RunPlan) -> None:
        replications = counted(len(run.wanted), "replication")
        self.say(f"{printable(run.scenario.name)}: {replications} of {size_words(run.scenario)}")
        for caution in cautions(run.scenario):
            self.say(f"warning: {caution}")
        kept = len(run.wanted) - len(run.missing)
        if kept:
            self.say(f"{kept:,} of them done already in {from_here(run.folder)}")

    def looked(self, known: Precision, replications: int) -> None:
        """Say how precise the answer is so far."""
        from sim.report.precision import look_sentence  # imports the measures, which a run does only when it begins

        self.say(look_sentence(known, replications))

    def loading(self) -> None:
        """Load what is needed afterwards, rather than keep the planner waiting for it at the end."""
        for module in self.afterwards:
            importlib.import_module(module)

    def compiling(self, done: int = 0, of: int = 0) -> None:
        """Say why the first run on a machine takes longer, and how far the compiling is."""
        self.compiling_bar.show(done, of)

    def simulating(self, plan: Plan) -> None:
        """Show the bar."""
        self.compiling_bar.stop()
        self.told = time.monotonic()
        for earlier in self.bar.task_ids:
            self.bar.remove_task(earlier)
        self.task = self.bar.add_task("", total=plan.missing)
        self.bar.start()

    def ended(self, run: RunPlan, outcome: Outcome) -> None:
        """Count a replication, and report at once if it failed."""
        self.done += 1
        self.kept += not outcome.error
        if outcome.error:
            self.say(f"Replication {outcome.replication} (seed {run.scenario.seed}) failed: {outcome.error}")
            if self.debug:
                self.say(outcome.traceback)
        self.bar.advance(self.task)
        now = time.monotonic()
        if self.done == 1:  # the first came with the start of the workers, which will not come again
            self.first_ended = now
        elif self.plan and self.bar.disable and now - self.told > LINE_EVERY_SECONDS:
            self.told = now
            left = (now - self.first_ended) / (self.done - 1) * (self.plan.missing - self.done)
            self.say(f"{self.done:,} of {self.plan.missing:,} replications done, {roughly(left)} left")

    def drawing(self) -> None:
        """Say that only the figures are left."""
        self.bar.stop()
        self.say("Drawing the figures ...")

    def stopped(self) -> None:
        """Say after Ctrl-C what is kept and how to go on."""
        self.bar.stop()
        if self.plan is None:
            self.say("Stopped; nothing was written.")
        else:
            wanted = sum(len(run.wanted) for run in self.plan.runs)
            where = listed([str(from_here(run.folder)) for run in self.plan.runs])
            self.say(
                f"Stopped. {self.kept:,} of {wanted:,} replications are kept in {where}; "
                "type the same line again to go on from there."
            )


def size_words(scenario: Scenario) -> str:
    """How large a force is, and for how long it is simulated."""
    teams = counted(len(scenario.teams), "team")
    return f"{offenders_at_start(scenario):,} offenders in {teams} over {span_words(scenario.horizon_days)}"


def roughly(seconds: float) -> str:
    """`about 40 s`, `about 5 minutes`."""
    if seconds < 90:
        return f"about {max(1, round(seconds)):,} s"
    minutes = seconds / 60
    return f"about {minutes:,.0f} minutes" if minutes < 90 else f"about {minutes / 60:,.1f} hours"
