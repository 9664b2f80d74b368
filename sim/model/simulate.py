"""One replication, from a scenario to its result.

SimPy decides when. The shift decides who is seen. The rules decide what follows. The streams draw the random numbers.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pandas as pd

from sim.model.codes import DAYS_PER_WEEK, EVENT_KINDS, NEVER, OUTCOMES
from sim.model.inputs import Inputs, inputs_of
from sim.model.investigations import Investigations
from sim.model.investigations.tables import Investigated
from sim.model.processes import force, offenders, officers
from sim.model.records import as_words
from sim.model.simulation import Simulation
from sim.scenario import Scenario
from sim.scenario.values import RISK_LEVELS

_EVENTS_PER_OFFENDER_AND_YEAR = 8
"""For the first log, which grows where more happens. A longer one would cost more: it is new memory each time."""


@dataclass(frozen=True)
class ReplicationResult:
    """What one replication leaves behind.

    `observation_times`: days at which stocks are known: every week from 0, and the horizon. `tally`: a record of
    `records.TALLY` for each of them and one beyond. `tally_of_teams`: the same for the first four teams, the next four
    and so on, shape (fours, times + 1). `events_as_written`: records of `records.EVENT` not in order yet, or None.
    `tasks`: pieces of work done. `investigated`: cases and crimes, or None in a scenario without them.
    """

    replication: int
    observation_times: np.ndarray
    tally: np.ndarray
    events_as_written: np.ndarray | None
    tasks: int
    inputs: Inputs
    investigated: Investigated | None = None
    tally_of_teams: np.ndarray | None = None

    @cached_property
    def event_log(self) -> np.ndarray | None:
        """What happened, in order of time: records of `records.EVENT`; put in order when it is first asked for."""
        if self.events_as_written is None:
            return None
        order = np.argsort(self.events_as_written["time"], kind="stable")
        return as_words(self.events_as_written).take(order, axis=0).view(self.events_as_written.dtype).reshape(-1)

    @property
    def events(self) -> pd.DataFrame | None:
        """The event log as a table, one row per event, with words for codes and a date and time."""
        if self.event_log is None:
            return None
        scenario = self.inputs.scenario
        teams = [team.name for team in scenario.teams]
        return event_table(self.event_log, scenario.start, scenario.horizon_days, teams)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Garbage is collected after a replication instead of during it.

    A replication is one circle of references from its first to its last day; looking for circles to free took a tenth
    of the time. Afterwards the youngest generation is collected at once, as otherwise the next replication finds the
    tables of this one still in memory, and gets new memory.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)  # the youngest generation
        if was_on:
            gc.enable()


@cache
def retain_freed_memory() -> None:
    """Retain the memory of the last replication's tables in this process for those of the next one.

    Otherwise Linux takes it back and allocates every page again, which took a replication of the caseload benchmark
    6% of its time and the event log four times as much. On other systems nothing happens.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):  # another C library than glibc
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(-3, 32 * 1024**2)  # M_MMAP_THRESHOLD, and the most that it allows
            mallopt(-1, 64 * 1024**2)  # M_TRIM_THRESHOLD


@collector_at_rest()
def simulate(scenario: Scenario, replication: int, log_events: bool = False) -> ReplicationResult:
    """Simulate one replication; the same scenario and number give the same result anywhere."""
    retain_freed_memory()
    inputs, log_rows = inputs_of(scenario), 0
    if log_events:
        today = sum(count for _, count in inputs.regimes[0].headcounts)
        log_rows = 1000 + int(today * (1 + _EVENTS_PER_OFFENDER_AND_YEAR * inputs.scenario.horizon_days / 365))
    simulation, investigations = _to_the_end(inputs, replication, log_rows)
    if simulation.clock.log_rows > len(simulation.tables.log) > 0:
        # The log ran over: now its length is known, and the random numbers are the same again.
        simulation, investigations = _to_the_end(inputs, replication, int(simulation.clock.log_rows))
    observation_times = np.append(np.arange(simulation.clock.last_observation) * DAYS_PER_WEEK, simulation.clock.end)
    log = simulation.tables.log[: simulation.clock.log_rows] if log_events else None
    tallies = simulation.tally.reshape(-1, len(observation_times) + 1)
    investigated, of_teams = investigations.close(), tallies[1:] if len(tallies) > 1 else None
    return ReplicationResult(
        replication, observation_times, tallies[0], log, int(simulation.clock.tasks), inputs, investigated, of_teams
    )


def _to_the_end(inputs: Inputs, replication: int, log_rows: int) -> tuple[Simulation, Investigations]:
    simulation = Simulation(inputs, replication, log_rows)
    investigations = begin(simulation)
    simulation.env.run(until=simulation.end)
    simulation.close()
    return simulation, investigations


def begin(simulation: Simulation) -> Investigations:
    """Start all that happens in a replication: levers first, so that they act before the shift of their date."""
    simulation.start(force.levers(simulation))
    officers.begin_posts(simulation)
    officers.begin_sickness(simulation)
    officers.begin_courses(simulation)
    offenders.begin_recalls(simulation)
    offenders.begin_moves(simulation)
    force.begin_checks(simulation)
    simulation.start(force.surge(simulation))
    investigations = Investigations(simulation)
    simulation.start(force.working_days(simulation))
    return investigations


def event_table(log: np.ndarray, start: dt.date, horizon_days: int, teams: list[str]) -> pd.DataFrame:
    """The event log in words: a row per event, in order of time.

    Columns: `when` (date and time), `day` (days since the first day), `event`, `outcome`, `offender`, `officer`,
    `colleague` (row numbers, -1 for none), `team`, `risk` and `true_risk` (after the event), `announced`,
    `minutes` (of all officers together), `due` (of the next visit; after a notification the next one, after a breach
    found the enquiry) and `review_due` (days since the first day; NaN for never). Rows before day 0 are of the
    past: when each offender was last seen, and breaches that began. `officer` did the work, or at the start, after
    registration, release and reallocation got the offender into the own caseload.
    """
    # What ends with the last day is dated on it.
    seconds = np.minimum(np.round(log["time"] * 86_400), 86_400.0 * horizon_days - 1)
    return pd.DataFrame(
        {
            "when": pd.Timestamp(start) + pd.to_timedelta(seconds, unit="s"),
            "day": log["time"],
            "event": pd.Categorical.from_codes(log["kind"], EVENT_KINDS),
            "outcome": pd.Categorical.from_codes(log["outcome"], OUTCOMES),
            "offender": log["offender"],
            "officer": log["officer"],
            "colleague": log["colleague"],
            "team": pd.Categorical.from_codes(log["team"], teams),
            "risk": pd.Categorical.from_codes(log["risk"], RISK_LEVELS),
            "true_risk": pd.Categorical.from_codes(log["true_risk"], RISK_LEVELS),
            "announced": log["announced"].astype(bool),
            "minutes": log["minutes"],
            "due": np.where(log["due"] < NEVER, log["due"], np.nan),
            "review_due": np.where(log["review_due"] < NEVER, log["review_due"], np.nan),
        }
    )
