"""What a planner sees while runs are at work, all of it on stderr: what is done, how far, how long."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from sim.report.text.effort import effort_words, roughly, too_much_words
from sim.report.text.words import capital, pluralise, span_words
from sim.runs.errors import Outcome, TooMuchWork
from sim.runs.estimate import Effort
from sim.runs.machine import free_memory
from sim.runs.precision import Precision
from sim.runs.provenance import relative_path
from sim.runs.run_plan import Plan, ProgressListener, RunPlan
from sim.scenario.source.faults import join_words, sanitise
from sim.scenario.summary import scenario_warnings

LINE_EVERY_SECONDS = 10
"""How often a line reports the progress where no bar can be drawn."""


class ProgressBar(ProgressListener):
    """A bar on a terminal; a line now and then where stderr goes to a file.

    With `many` one bar is for all runs of a sweep, a search or a sensitivity analysis, at once or batch after batch.
    """

    def __init__(
        self,
        console: Console | None = None,
        *,
        many: bool = False,
        debug: bool = False,
        afterwards: Callable[[], None] = lambda: None,
        agreed: bool = False,
    ) -> None:
        self.many, self.debug, self.afterwards, self.agreed = many, debug, afterwards, agreed
        self.console = console or Console(stderr=True, highlight=False)
        self.plan: Plan | None = None
        self.introduced: set[Path] = set()
        self.saved = self.done = self.total = self.batches = 0
        self.bar = self._new_bar("Simulating", TextColumn("{task.fields[left]}"))
        self.compiling = self._new_bar("Preparing")
        self.task, self.last_line = TaskID(0), time.monotonic()

    def _new_bar(self, what: str, *further: TextColumn) -> Progress:
        columns = (TextColumn(f"  {what}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), *further)
        return Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.compiling.stop()
        self.bar.stop()

    def say(self, text: str) -> None:
        """Write a line, above the bar if there is one."""
        self.console.print(Text(text), soft_wrap=True)

    def _is_time_for_a_line(self) -> bool:
        now = time.monotonic()
        if not self.bar.disable or now - self.last_line <= LINE_EVERY_SECONDS:
            return False
        self.last_line = now
        return True

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
        """Say what will run and roughly how long; of a run that goes on, only the latter, of later batches nothing."""
        is_first, self.plan = self.plan is None, plan
        saved = sum(len(run.wanted) - len(run.missing) for run in plan.runs)
        if not self.many:
            self.saved = self.total = self.done = 0
        self.saved, self.total = self.saved + saved, self.total + plan.missing
        if self.many and not is_first:
            return
        for run in plan.runs[:1] if self.many else plan.runs:
            if run.folder not in self.introduced:
                self.introduced.add(run.folder)
                self._introduce(run, plan)
        if plan.missing and (len(plan.runs) > 1 or not self.many):
            what = pluralise(plan.missing, "replication") if self.many else f"{plan.missing:,}"
            how_long = roughly(plan.estimated_seconds)
            self.say(f"Simulating {what} on {pluralise(plan.workers, 'core')}, {how_long}")

    def _introduce(self, run: RunPlan, plan: Plan) -> None:
        scenario = run.scenario
        how_many = f"{pluralise(len(run.wanted), 'replication')} of "
        if self.many:
            how_many = f"{pluralise(len(plan.runs), 'point')} of " if len(plan.runs) > 1 else ""
        offenders = sum(offenders for _, offenders in scenario.headcounts)
        size = f"{pluralise(offenders, 'offender')} in {pluralise(len(scenario.teams), 'team')}"
        self.say(f"{sanitise(scenario.name)}: {how_many}{size} over {span_words(scenario.horizon_days)}")
        for warning in scenario_warnings(scenario):
            self.say(f"warning: {warning}")
        if self.many and self.saved:
            self.say(f"Done already: {pluralise(self.saved, 'replication')}")
        elif not self.many and (saved := len(run.wanted) - len(run.missing)):
            self.say(f"{saved:,} of them done already in {relative_path(run.folder)}")

    def on_precision(self, known: Precision, replications: int) -> None:
        from sim.report.text.precision import look_sentence  # imports the measures, which runs do only as they begin

        self.say(look_sentence(known, replications))

    def on_loading(self) -> None:
        """Load what is needed afterwards, rather than keep the planner waiting for it at the end."""
        self.afterwards()

    def on_compiling(self, done: int = 0, of: int = 0) -> None:
        """Say why the first run on a machine takes longer, and how far the compiling is."""
        if not of:
            self.say("Preparing the simulator for this machine (once, about half a minute) ...")
            self.compiling.add_task("", total=None)
            self.compiling.start()
            return
        self.compiling.update(self.compiling.task_ids[-1], completed=done, total=of)
        if self._is_time_for_a_line():
            self.say(f"{done:,} of {of:,} parts of the simulator prepared")

    def on_start(self, plan: Plan) -> None:
        self.compiling.stop()
        self.batches += 1
        if self.many and self.batches > 1:
            if plan.missing:  # there is more to do than was known, and may be more again
                self.pace = Pace()
            self.bar.update(self.task, total=self.total, left="")
            return
        self.last_line = self.began = time.monotonic()
        self.pace = Pace()
        for earlier in self.bar.task_ids:
            self.bar.remove_task(earlier)
        self.task = self.bar.add_task("", total=self.total, left="")
        self.bar.start()

    def on_replication(self, run: RunPlan, outcome: Outcome) -> None:
        self.done += 1
        self.saved += not outcome.error
        if outcome.error:
            self.say(f"Replication {outcome.replication} (seed {run.scenario.seed}) failed: {outcome.error}")
            if self.debug:
                self.say(outcome.traceback)
        now = time.monotonic()
        seconds = self.pace.left(now, self.done, self.total)
        left = "" if seconds is None else f"{roughly(seconds)} left"
        self.bar.update(self.task, advance=1, left=left)
        if self._is_time_for_a_line():
            # A search does not know how many it will take: each batch depends on the one before.
            of = "" if self.many and self.batches > 1 else f" of {self.total:,}"
            so_far = f"{self.done:,}{of} replications done in {roughly(now - self.began).removeprefix('about ')}"
            self.say(f"{so_far}, {left}" if left else so_far)

    def drawing(self) -> None:
        self.bar.stop()
        self.say("Drawing the figures ...")

    def stopped(self) -> None:
        """Say after Ctrl-C what is saved and how to continue."""
        self.bar.stop()
        if self.plan is None and not self.many:
            self.say("Stopped; nothing was written.")
            return
        what = f"{capital(pluralise(self.saved, 'replication'))} saved" if self.plan else "Nothing was simulated"
        if self.plan and not self.many:
            wanted = sum(len(run.wanted) for run in self.plan.runs)
            where = join_words([str(relative_path(run.folder)) for run in self.plan.runs])
            what = f"{self.saved:,} of {wanted:,} replications saved in {where}"
        self.say(f"Stopped. {what}; run the same command again to continue.")


class Pace:
    """The time left, once it is known: when several estimates in a row agree.

    Time counts from the first replication that ended, as that came with the start of the workers.
    """

    LEAST_DONE, LOOK_EVERY_SECONDS, LOOKS, AGREE_WITHIN = 8, 2.0, 3, 1.25

    def __init__(self) -> None:
        self.first: float | None = None
        self.last_look = 0.0
        self.totals: deque[float] = deque(maxlen=self.LOOKS)
        """The latest estimates of the time from the first replication to the last."""

    def left(self, now: float, done: int, total: int) -> float | None:
        """Seconds until the last replication ends, or None while that is not known."""
        if self.first is None:
            self.first = self.last_look = now
            return None
        spent = now - self.first
        left = spent / max(1, done - 1) * (total - done)
        if now - self.last_look >= self.LOOK_EVERY_SECONDS:
            self.last_look = now
            self.totals.append(spent + left)
        known = done >= self.LEAST_DONE and len(self.totals) == self.LOOKS
        return left if known and max(self.totals) <= self.AGREE_WITHIN * min(self.totals) else None
