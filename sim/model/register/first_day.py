"""How things stand with each offender on the first day: due dates with their backlog, and what is hidden."""

from __future__ import annotations

import numpy as np

from sim.model.codes import COMMUNITY, DAYS_PER_YEAR, NEVER, RISKS
from sim.model.inputs import Inputs
from sim.model.kernel import streams
from sim.model.kernel.compiling import machine_code
from sim.model.kernel.register_moves import first_intervals
from sim.model.policy import draws, found_at_visit
from sim.model.register.identities import Uniforms
from sim.scenario.backlog import StartingBacklog
from sim.scenario.schema import Scenario

_LONGEST_LATENT_DAYS = 10 * DAYS_PER_YEAR


def describe_first_day(inputs: Inputs, rows: np.ndarray, uniforms: Uniforms, of_meeting: np.ndarray) -> None:
    """Due dates and backlog of today's caseload. `of_meeting`: the phase of each offender's MAPPA meetings."""
    scenario, policies = inputs.scenario, inputs.regimes[0].policy
    caseload, risk = scenario.caseload, rows["risk"]
    is_overdue, age, is_review_overdue, review_age = uniforms.of(streams.ENTRY, rows)
    visit_phase, review_phase, notification_phase, of_interval = uniforms.of(streams.ENTRY_DATES, rows)
    of_past, _, of_quiet, _ = uniforms.of(streams.ENTRY_PAST, rows)
    on_dates = scenario.calendar.work != "around_the_clock"
    visits_overdue, reviews_overdue = inputs.backlogs
    rows["state"] = COMMUNITY

    interval, meetings = np.empty((2, len(rows)))
    machine_code(first_intervals)(rows, policies, of_interval, interval, meetings)
    scheduled = np.isfinite(interval)
    shares = np.array(caseload.overdue_at_start.values())[risk]
    overdue = _overdue(rows, is_overdue, shares, visits_overdue, scheduled)
    rows["visit_due"] = _first_due(interval, visit_phase, on_dates, overdue, draws(caseload.overdue_days_at_start, age))
    known = np.where(scheduled, interval, DAYS_PER_YEAR)
    phase = visit_phase * known
    rows["last_seen"] = np.where(scheduled, rows["visit_due"], np.floor(phase) if on_dates else phase) - known
    unannounced = 1 - np.array(scenario.visits.announced_share.values())[risk]
    rows["last_seen_unannounced"] = rows["last_seen"] - visits_since(unannounced, of_past) * known

    rows["quiet_since"] = -draws(caseload.quiet_years_at_start, of_quiet) * DAYS_PER_YEAR
    rows["meeting_due"] = _first_due(meetings, of_meeting, on_dates)

    every = np.full(len(rows), scenario.reviews.interval_days)
    shares = np.array(caseload.reviews_overdue_at_start.values())[risk]
    overdue = _overdue(rows, is_review_overdue, shares, reviews_overdue, np.isfinite(every))
    overdue_days = draws(caseload.review_overdue_days_at_start, review_age)
    rows["review_due"] = _first_due(every, review_phase, on_dates, overdue, overdue_days)
    every = np.full(len(rows), scenario.notifications.interval_days)
    rows["notification_due"] = _first_due(every, notification_phase, on_dates)


def _overdue(
    rows: np.ndarray,
    uniform: np.ndarray,
    shares: np.ndarray,
    backlog: StartingBacklog | None,
    scheduled: np.ndarray,
) -> np.ndarray:
    """Who is overdue on the first day: by shares, or exactly as many as the scenario says, those of the least uniforms.

    So an offender who is overdue stays so where more are.
    """
    overdue = uniform < shares
    if backlog is None:
        return overdue
    group = backlog.group[rows["team"]]
    cell = np.where(scheduled, group, -1) * RISKS + rows["risk"]
    in_turn = np.lexsort((uniform, cell))
    rank = np.empty(len(rows), np.int64)
    rank[in_turn] = np.arange(len(rows)) - np.searchsorted(cell[in_turn], cell[in_turn])
    return np.where(group < 0, overdue, scheduled & (rank < backlog.counts[group, rows["risk"]]))


def _first_due(
    interval: np.ndarray,
    phase: np.ndarray,
    on_dates: bool,
    overdue: np.ndarray | bool = False,
    overdue_days: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Due dates on the first day: some overdue by some days, the rest spread evenly over their interval."""
    ahead = phase * np.where(np.isfinite(interval), interval, 0.0)
    # What is due today is overdue from tomorrow: on dates, an overdue item fell due yesterday or before.
    late = -np.maximum(overdue_days, 1.0 if on_dates else 0.0)
    due = np.where(overdue, late, ahead)
    return np.where(np.isfinite(interval), np.floor(due) if on_dates else due, NEVER)


def visits_since(chance: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """How many visits ago something happened that happens at each visit with a chance; NEVER if the chance is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ago = np.floor(np.log(uniform) / np.log1p(-chance))
    return np.where(chance >= 1, 0.0, np.where(chance <= 0, NEVER, ago))


def hidden_since(scenario: Scenario, rows: np.ndarray, replication: int) -> tuple[np.ndarray, np.ndarray]:
    """From when true risk drifts, and from when breaches begin, for today's caseload: two arrays of times <= 0.

    Drift begins at the last review, when the record was true. Breaches that are latent today began after the last
    visit at which all would have been found, some visits ago.
    """
    interval_days = scenario.reviews.interval_days
    drift_from = np.minimum(rows["review_due"] - interval_days, 0.0) if interval_days < NEVER else np.zeros(len(rows))
    found, announced = found_at_visit(scenario)[1], np.array(scenario.visits.announced_share.values())
    chance = announced * found[1] + (1 - announced) * found[0]
    interval = np.array([min(d.expected, DAYS_PER_YEAR) for d in scenario.visits.interval_days.values()])
    _, of_finding, _, _ = Uniforms(scenario.seed, replication).of(streams.ENTRY_PAST, rows)
    latent_for = visits_since(chance[rows["risk"]], of_finding) * interval[rows["risk"]]
    return drift_from, np.minimum(rows["last_seen"] - np.minimum(latent_for, _LONGEST_LATENT_DAYS), 0.0)
