"""What a planner sees while a run is at work, all of it on stderr: what is done, how far, how long."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from sim.report.progress_compiling import LINE_EVERY_SECONDS, CompilingBar
from sim.report.text.effort import effort_words, roughly, too_much_words
from sim.report.text.words import pluralise, span_words
from sim.runs.errors import TooMuchWork
from sim.runs.estimate import Effort
from sim.runs.machine import free_memory
from sim.runs.pool import Outcome
from sim.runs.precision import Precision
from sim.runs.progress import ProgressListener
from sim.runs.provenance import relative_path
from sim.runs.run_plan import Plan, RunPlan, offenders_at_start
from sim.scenario import Scenario
from sim.scenario.source.faults import join_words, sanitise
from sim.scenario.summary import scenario_warnings


class ProgressBar(ProgressListener):
    """A bar on a terminal; a line now and then where stderr goes to a file.

    Both say how many replications are done and for how long, and how much time is left as soon as that is known.
    """

    def __init__(
        self,
        console: Console | None = None,
        *,
        debug: bool = False,
        afterwards: Callable[[], None] = lambda: None,
        agreed: bool = False,
    ) -> None:
        self.debug = debug
        self.agreed = agreed
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
            TextColumn("{task.fields[left]}"),
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

    def on_effort(self, effort: Effort, workers: int, *, here: bool = True) -> None:
        """Ask on a terminal whether much work may begin; refuse it elsewhere, unless that was agreed to."""
        free = free_memory() if here else None
        if self.agreed or not effort.too_much(free):
            return
        much = f"{effort_words(effort, workers)} for {pluralise(effort.replications, 'replication')}"
        why = too_much_words(effort, free)
        if not (self.console.is_terminal and sys.stdin and sys.stdin.isatty()):
            raise TooMuchWork(
                f"This would take {much}; {why}. Nothing was begun. Simulate a shorter period, a smaller force or "
                "fewer replications, or add --yes to begin all the same."
            )
        self.bar.stop()
        self.say(f"This will take {much}; {why}.")
        if self.console.input("Continue? [y/N] ", markup=False).strip().lower() not in ("y", "yes"):
            raise TooMuchWork("Nothing was begun.")
        self.agreed = True

    def on_plan(self, plan: Plan) -> None:
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
            self.say(f"Simulating {plan.missing:,} on {pluralise(plan.workers, 'core')}, {how_long}")

    def _introduce(self, run: RunPlan) -> None:
        replications = pluralise(len(run.wanted), "replication")
        self.say(f"{sanitise(run.scenario.name)}: {replications} of {size_words(run.scenario)}")
        for warning in scenario_warnings(run.scenario):
            self.say(f"warning: {warning}")
        kept = len(run.wanted) - len(run.missing)
        if kept:
            self.say(f"{kept:,} of them done already in {relative_path(run.folder)}")

    def on_precision(self, known: Precision, replications: int) -> None:
        """Say how precise the answer is so far."""
        from sim.report.text.precision import (
            look_sentence,  # imports the measures, which a run does only when it begins
        )

        self.say(look_sentence(known, replications))

    def on_loading(self) -> None:
        """Load what is needed afterwards, rather than keep the planner waiting for it at the end."""
        self.afterwards()

    def on_compiling(self, done: int = 0, of: int = 0) -> None:
        """Say why the first run on a machine takes longer, and how far the compiling is."""
        self.compiling_bar.show(done, of)

    def on_start(self, plan: Plan) -> None:
        """Show the bar."""
        self.compiling_bar.stop()
        self.told = self.began = time.monotonic()
        self.total, self.pace = plan.missing, Pace()
        for earlier in self.bar.task_ids:
            self.bar.remove_task(earlier)
        self.task = self.bar.add_task("", total=plan.missing, left="")
        self.bar.start()

    def on_replication(self, run: RunPlan, outcome: Outcome) -> None:
        """Count a replication, and report at once if it failed."""
        self.done += 1
        self.kept += not outcome.error
        if outcome.error:
            self.say(f"Replication {outcome.replication} (seed {run.scenario.seed}) failed: {outcome.error}")
            if self.debug:
                self.say(outcome.traceback)
        now = time.monotonic()
        seconds = self.pace.left(now, self.done, self.total)
        left = "" if seconds is None else f"{roughly(seconds)} left"
        self.bar.update(self.task, advance=1, left=left)
        if self.bar.disable and now - self.told > LINE_EVERY_SECONDS:
            self.told = now
            elapsed = roughly(now - self.began).removeprefix("about ")
            so_far = f"{self.done:,}{self.of} replications done in {elapsed}"
            self.say(f"{so_far}, {left}" if left else so_far)

    @property
    def of(self) -> str:
        """How many there are to be done, where that is known."""
        return f" of {self.total:,}"

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
            where = join_words([str(relative_path(run.folder)) for run in self.plan.runs])
            self.say(
                f"Stopped. {self.kept:,} of {wanted:,} replications are saved in {where}; "
                "run the same command again to continue."
            )


class Pace:
    """How much time is left, once that can be told: when several estimates in a row agree.

    Time counts from the first replication that ended, as that came with the start of the workers.
    """

    LEAST_DONE, LOOK_EVERY_SECONDS, LOOKS, AGREE_WITHIN = 8, 2.0, 3, 1.25

    def __init__(self) -> None:
        self.first: float | None = None
        self.looked = 0.0
        self.in_all: deque[float] = deque(maxlen=self.LOOKS)
        """The latest estimates of the time from the first replication to the last."""

    def left(self, now: float, done: int, total: int) -> float | None:
        """Seconds until the last replication ends, or None while that is not known."""
        if self.first is None:
            self.first = self.looked = now
            return None
        spent = now - self.first
        left = spent / max(1, done - 1) * (total - done)
        if now - self.looked >= self.LOOK_EVERY_SECONDS:
            self.looked = now
            self.in_all.append(spent + left)
        known = done >= self.LEAST_DONE and len(self.in_all) == self.LOOKS
        return left if known and max(self.in_all) <= self.AGREE_WITHIN * min(self.in_all) else None


def size_words(scenario: Scenario) -> str:
    """How large a force is, and for how long it is simulated."""
    teams = pluralise(len(scenario.teams), "team")
    return f"{offenders_at_start(scenario):,} offenders in {teams} over {span_words(scenario.horizon_days)}"
