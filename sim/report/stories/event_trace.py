"""The events of one replication and the words for them: who, when, in whose caseload, how late."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pandas as pd

from sim.model.calendar import days_worked
from sim.report.stories.officers import Post, posts_of
from sim.report.text.words import RISK_WORDS, day_words, pluralise
from sim.runs.result import RunResult
from sim.scenario import Scenario
from sim.scenario.source.faults import join_words, sanitise

NO_REAL_PERSON = "Offenders and officers are rows of the simulation, known by number; no real person is meant."

Event = Any
"""One row of the event log, with its columns as attributes; see `sim.model.simulate.event_table`."""


class NobodyThere(Exception):
    """No offender or officer has this number; the text says which there are."""


@dataclass(frozen=True)
class EventTrace:
    """Everything that happened in one replication. Times are days since midnight of the first day."""

    scenario: Scenario
    replication: int
    events: pd.DataFrame

    @classmethod
    def of(cls, result: RunResult, replication: int = 1) -> EventTrace:
        """The trace of one replication of a run. Raises FolderError if its events were not saved."""
        return cls(result.scenario, replication, result.events(replication))

    def events_of(self, offender: int) -> list[Event]:
        """Every event of an offender, in order of time, at one time work before what came of it. Raises NobodyThere."""
        rows = self.events[self.events["offender"] == offender]
        if offender < 0 or rows.empty:
            last = self.events["offender"].max()
            there = f"has offenders 0 to {last}" if last >= 0 else "has no offenders"
            raise NobodyThere(f"There is no offender {offender}; replication {self.replication} {there}.")
        return list(_in_order(rows).itertuples())

    def by_offender(self) -> Iterator[list[Event]]:
        """Every event of each offender, as `events_of` has them, offender after offender."""
        rows = _in_order(self.events[self.events["offender"] >= 0]).sort_values("offender", kind="stable")
        for _, events in groupby(rows.itertuples(), key=lambda event: event.offender):
            yield list(events)

    @property
    def pooled(self) -> bool:
        """Do the officers of a team work one common caseload?"""
        return self.scenario.caseload.allocation == "pooled"

    def caseload(self, number: int) -> str:
        """Whose caseload this is, in words; -1 is nobody's, or the team's common one."""
        if self.pooled:
            return "the common caseload of the team"
        return "nobody's caseload" if number < 0 else f"the caseload of officer {number}"

    def crew(self, event: Event) -> str:
        """Who did the work: `officer 7`, `officers 7 and 3`, or `officer 7 and officer 12 of the surge team`."""
        crew = [self.posts[number] for number in (event.officer, event.colleague) if number >= 0]
        words = []
        for surge, whose in ((False, ""), (True, " of the surge team")):
            if of_them := [str(post.number) for post in crew if post.surge == surge]:
                words.append(f"officer{'s' if len(of_them) > 1 else ''} {join_words(of_them)}{whose}")
        return " and ".join(words)

    @cached_property
    def shifts(self) -> list[float]:
        """When the shift begins on each of the days worked."""
        return [float(day) + self.scenario.calendar.shift_start_hour / 24 for day in days_worked(self.scenario)]

    def shift_hours(self, day: float) -> tuple[float, float]:
        """Hours of a shift available for the caseload at a time, and hours of overtime that may follow."""
        scenario = self.scenario_on(day)
        overtime = scenario.officers.overtime_hours_per_week / scenario.days_worked_per_week
        return scenario.shift_hours * scenario.officers.available_share, overtime

    @cached_property
    def dates_at_work(self) -> dict[int | str, set[int]]:
        """The dates on which each officer, by number, or each team, by name, worked; long work has several dates."""
        work = self.events[self.events["minutes"] > 0]
        crews = 1 + (work["colleague"] >= 0)
        begins = (work["day"] - work["minutes"] / 60 / 24 / crews) // 1
        found: dict[int | str, set[int]] = {}
        columns = (begins, work["day"] // 1, work["officer"], work["colleague"], work["team"])
        for first, last, officer, colleague, team in zip(*columns, strict=True):
            for whose in (officer, colleague, team):
                found.setdefault(whose, set()).update(range(int(first), int(last) + 1))
        return found

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """Every post by the number that its officers bear."""
        return posts_of(self.regimes, self.events)

    @property
    def heading(self) -> str:
        """`replication 2 of Small force, 2 September 2024 to 31 December 2024`"""
        days = f"{day_words(self.scenario.start)} to {day_words(self.scenario.end)}"
        return f"replication {self.replication} of {sanitise(self.scenario.name)}, {days}"

    @property
    def end(self) -> float:
        """Midnight after the last day."""
        return float(self.scenario.horizon_days)

    def date(self, day: float) -> dt.date:
        return self.scenario.start + dt.timedelta(math.floor(day))

    def on(self, day: float) -> str:
        """`5 May 2025`"""
        return day_words(self.date(day))

    def days_between(self, first: float, last: float) -> str:
        """`12 days`, from one date to another."""
        return pluralise((self.date(last) - self.date(first)).days, "day")

    def late(self, due: float, day: float) -> str:
        """`12 days overdue`, or `in date`, or nothing if nothing was due."""
        if math.isnan(due):
            return ""
        days = (self.date(day) - self.date(due)).days
        return f"{pluralise(days, 'day')} overdue" if days > 0 else "in date"

    def due(self, what: str, due: float, day: float) -> str:
        """`Visit due 5 May 2025, 12 days overdue.` or `No visit due.`"""
        if math.isnan(due):
            return f"No {what.split()[-1].lower()} due."
        late = self.late(due, day)
        return f"{what} due {self.on(due)}{'' if late == 'in date' else f', {late}'}."

    @cached_property
    def regimes(self) -> tuple[tuple[int, Scenario], ...]:
        return self.scenario.regimes

    def scenario_on(self, day: float) -> Scenario:
        return [scenario for begins, scenario in self.regimes if begins <= max(day, 0.0)][-1]


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Events in order of time, at one time work before what came of it."""
    # What ends reactive management is in the log after its end.
    follows = (rows["minutes"] == 0).astype(int) + (rows["event"] == "to_visits")
    return rows.assign(follows=follows).sort_values(["day", "follows"], kind="stable")


def risk_words(level: str) -> str:
    """`very high`"""
    return RISK_WORDS[level].lower()
