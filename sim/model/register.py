"""Everyone who is or will be on the register: today's caseload with its backlog, and the registrations to come.

Who joins and who leaves does not depend on how the force works, so the whole table is laid out before the
first day. Each row is drawn from its own uniforms alone: one offender more changes no other row.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.model.codes import COMMUNITY, DAYS_PER_YEAR, LEFT, NEVER, NOT_YET, RISKS
from sim.model.exposure import YearlyRate
from sim.model.kernel import streams
from sim.model.kernel.compiling import machine_code
from sim.model.kernel.register_moves import expect_newcomers, first_intervals
from sim.model.known_caseload import fair_turns, identify_given, lay_over
from sim.model.policy import draws
from sim.model.records import OFFENDER, as_words, table
from sim.scenario.backlog import StartingBacklog, risk_sequence
from sim.scenario.caseload_file.known import known_caseload
from sim.scenario.schema import Scenario
from sim.scenario.values import RISK_LEVELS

if TYPE_CHECKING:
    from sim.model.inputs import Plan

REGISTER_STREAM = 0
"""Whose uniforms new offenders have: the register's, not a team's."""

CONVICTED_INDEX = 1 << 31
"""A person convicted after an investigation of this force has the index of the case in the register, from here."""

_LONGEST_LATENT_DAYS = 10 * DAYS_PER_YEAR

_NAME = np.dtype([(field, OFFENDER[field]) for field in ("team", "stream", "index", "risk")])


def stream_of(team_name: str) -> int:
    """The number under which the uniforms of a team's people are drawn; it depends on the name alone."""
    return zlib.crc32(team_name.encode()) or 1


def lay_out_register(plan: Plan, replication: int) -> tuple[np.ndarray, np.ndarray]:
    """One row per offender, today's caseload first and then registrations by date, and whose turn each of today is.

    Between them stand the rows reserved for those who may be convicted after an investigation, empty until then.

    Nobody is allocated yet: of the officers of a team the one whose turn it is will get the offender.
    """
    scenario, headcounts, policies = plan.scenario, plan.regimes[0].headcounts, plan.regimes[0].policy
    uniforms = _Uniforms(scenario.seed, replication)
    joining = _registration_times(scenario, plan.registrations, uniforms)
    today, reserved = sum(offenders for _, offenders in headcounts), plan.most_convictions
    first_joining = today + reserved
    register = table(OFFENDER, first_joining + len(joining), np.empty)
    as_words(register)[:] = as_words(_nobody())
    given, known = known_caseload(scenario), None
    if given is None:
        turns = _identify_today(scenario, headcounts, register[:today])
    else:
        turns, known = identify_given(scenario, headcounts, given, register[:today])
    register["row"] = np.arange(len(register))
    register["stream"][today:] = REGISTER_STREAM
    register["index"][today:first_joining] = CONVICTED_INDEX + np.arange(reserved)
    register["index"][first_joining:] = np.arange(len(joining))
    register["registered"][:today] = -1.0
    register["registered"][today:first_joining] = scenario.horizon_days
    register["registered"][first_joining:] = joining

    of_meeting = _describe_plans(scenario, register, uniforms)
    _describe_today(plan, register[:today], uniforms, of_meeting[:today])
    _describe_registrations(scenario, policies, headcounts, register[first_joining:], uniforms)
    register["true_risk"] = register["risk"]
    register["leaves"] = _leaving_times(scenario, register, plan.departures, uniforms)
    register["state"][today:first_joining] = LEFT
    register["leaves"][today:first_joining] = NEVER
    if known is not None:
        lay_over(register[:today], known, scenario, plan.departures, uniforms.of(streams.STAY, register[:today]))
    return register, turns


def _nobody() -> np.ndarray:
    """A row of the register that knows nobody yet."""
    row = table(OFFENDER, 1)
    for field in (
        *("initial_assessment_due", "enquiry_due", "warrant_due", "tracing_due", "desk_check_due"),
        *("next_natural_events", "next_intelligence"),
    ):
        row[field] = NEVER
    for field in ("barred_until", "busy_until", "last_seen_unannounced"):
        row[field] = -NEVER
    for field in ("caseload", "slot", "home_caseload"):
        row[field] = -1
    row["plan_factor"] = 1.0
    return row


def describe_convicted(
    scenario: Scenario,
    policies: np.ndarray,
    departures_per_year: YearlyRate,
    replication: int,
    rows: np.ndarray,
    *,
    case: int,
    team: int,
    of_risk: np.ndarray,
    time: float,
) -> None:
    """Fill in a reserved row, the only one of `rows`: somebody who joins the register now, after a case."""
    uniforms = _Uniforms(scenario.seed, replication)
    rows["index"] = CONVICTED_INDEX + case
    rows["team"] = team
    rows["risk"] = rows["true_risk"] = _by_share(of_risk, scenario.caseload.risk_mix.values())
    for field in ("registered", "last_seen", "quiet_since", "counted_until"):
        rows[field] = time
    _describe_plans(scenario, rows, uniforms)
    rows["leaves"] = _leaving_times(scenario, rows, departures_per_year, uniforms)
    machine_code(expect_newcomers)(rows, policies)


def _describe_plans(scenario: Scenario, register: np.ndarray, uniforms: _Uniforms) -> np.ndarray:
    """Who has a plan of their own, and how many agencies meet about whom; returns the phases of their meetings."""
    of_plan, of_interval, of_mappa, of_meeting = uniforms.of(streams.PLAN, register)
    plan = scenario.caseload.own_plan
    if plan.share:
        register["plan_factor"] = np.where(of_plan < plan.share, draws(plan.interval_factor, of_interval), 1.0)
    register["mappa_uniform"] = of_mappa
    return of_meeting


class _Uniforms:
    """The uniforms of many people at once."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication

    def of(self, kind: int, rows: np.ndarray) -> np.ndarray:
        """Four uniforms for each row, shape (4, rows)."""
        return self.of_indices(kind, rows["stream"], rows["index"])

    def of_indices(self, kind: int, stream_numbers: np.ndarray, indices: np.ndarray) -> np.ndarray:
        return streams.uniforms_of_many(self.seed, self.replication, kind, stream_numbers, indices)


def _registration_times(scenario: Scenario, new_per_year: YearlyRate, uniforms: _Uniforms) -> np.ndarray:
    """Dates on which new offenders join: a Poisson stream whose rate levers may change."""
    expected = float(new_per_year.exposure_at(scenario.horizon_days))
    if expected == 0:
        return np.empty(0)
    enough = int(expected + 12 * np.sqrt(expected) + 20)
    indices = np.arange(enough, dtype=np.uint32)
    gaps = -np.log(uniforms.of_indices(streams.REGISTRATION, np.zeros(enough, np.uint32), indices)[0])
    times = new_per_year.used_up(0.0, np.cumsum(gaps))
    return np.floor(times[times < scenario.horizon_days])


def _identify_today(scenario: Scenario, headcounts: Sequence[tuple[int, int]], rows: np.ndarray) -> np.ndarray:
    """Name today's offenders, give them their risk and lay them out officer by officer; returns whose turn each is."""
    teams = tuple((team.name, *counts) for team, counts in zip(scenario.teams, headcounts, strict=True))
    own = scenario.caseload.allocation == "own"
    named, turns = _named_today(teams, tuple(scenario.caseload.risk_mix.values()), own)
    for field in named.dtype.names or ():
        rows[field] = named[field]
    return turns.copy()


@lru_cache(maxsize=8)
def _named_today(
    teams: tuple[tuple[str, int, int], ...], risk_mix: tuple[float, ...], own: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Name, risk and turn of today's offenders, which no uniform decides. `teams`: name, officers and offenders."""
    blocks, turns = [], []
    for number, (name, officers, offenders) in enumerate(teams):
        risk, rank = risk_sequence(risk_mix, offenders)
        turn = fair_turns(risk, rank, officers) if own and officers else np.zeros(offenders, np.int64)
        order = np.argsort(turn, kind="stable")
        block = np.zeros(offenders, _NAME)
        block["team"], block["stream"], block["index"], block["risk"] = number, stream_of(name), order, risk[order]
        blocks.append(block)
        turns.append(turn[order])
    return np.concatenate(blocks), np.concatenate(turns)


def _by_share(uniform: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Which of several shares each uniform falls into."""
    bounds = np.cumsum(shares)[:-1]
    return np.searchsorted(bounds, uniform, side="right")


def _describe_today(plan: Plan, rows: np.ndarray, uniforms: _Uniforms, of_meeting: np.ndarray) -> None:
    """Risk, due dates and backlog of today's caseload."""
    scenario, policies = plan.scenario, plan.regimes[0].policy
    caseload, visits = scenario.caseload, scenario.visits
    rows["state"] = COMMUNITY
    risk = rows["risk"]

    is_overdue, age, is_review_overdue, review_age = uniforms.of(streams.ENTRY, rows)
    visit_phase, review_phase, notification_phase, of_interval = uniforms.of(streams.ENTRY_DATES, rows)
    of_past, _, of_quiet, _ = uniforms.of(streams.ENTRY_PAST, rows)
    dates = scenario.calendar.work != "around_the_clock"

    interval, meetings = np.empty((2, len(rows)))
    machine_code(first_intervals)(rows, policies, of_interval, interval, meetings)
    rows["visit_due"] = _first_due(
        interval,
        visit_phase,
        _overdue(rows, is_overdue, _for(caseload.overdue_at_start, risk), plan.visits_overdue, np.isfinite(interval)),
        draws(caseload.overdue_days_at_start, age),
        dates,
    )
    known = np.where(np.isfinite(interval), interval, DAYS_PER_YEAR)
    due = np.where(np.isfinite(interval), rows["visit_due"], _on_dates(visit_phase * known, dates))
    rows["last_seen"] = due - known
    announced = _for(visits.announced_share, risk)
    rows["last_seen_unannounced"] = rows["last_seen"] - visits_since(1 - announced, of_past) * known

    rows["quiet_since"] = -draws(scenario.caseload.quiet_years_at_start, of_quiet) * DAYS_PER_YEAR
    rows["meeting_due"] = _first_due(meetings, of_meeting, np.zeros(len(rows), bool), np.zeros(len(rows)), dates)

    reviews, notifications = scenario.reviews, scenario.notifications
    every = np.full(len(rows), reviews.interval_days)
    shares = _for(caseload.reviews_overdue_at_start, risk)
    rows["review_due"] = _first_due(
        every,
        review_phase,
        _overdue(rows, is_review_overdue, shares, plan.reviews_overdue, np.isfinite(every)),
        draws(caseload.review_overdue_days_at_start, review_age),
        dates,
    )
    rows["notification_due"] = _first_due(
        np.full(len(rows), notifications.interval_days),
        notification_phase,
        np.zeros(len(rows), bool),
        np.zeros(len(rows)),
        dates,
    )


def _describe_registrations(
    scenario: Scenario,
    policies: np.ndarray,
    headcounts: Sequence[tuple[int, int]],
    rows: np.ndarray,
    uniforms: _Uniforms,
) -> None:
    """Team, risk and first due dates of offenders yet to join."""
    rows["state"] = NOT_YET
    if not len(rows):
        return
    _, of_team, of_risk, _ = uniforms.of(streams.REGISTRATION, rows)
    weights = np.array([offenders for _, offenders in headcounts], float)
    if not weights.any():
        weights[:] = 1.0
    by_name = np.argsort([team.name for team in scenario.teams])  # their order in the file must not matter
    rows["team"] = by_name[_by_share(of_team, weights[by_name] / weights.sum())]
    rows["risk"] = _by_share(of_risk, scenario.caseload.risk_mix.values())
    rows["last_seen"] = rows["registered"]
    rows["quiet_since"] = rows["registered"]
    rows["counted_until"] = rows["registered"]
    machine_code(expect_newcomers)(rows, policies)


def _leaving_times(
    scenario: Scenario, register: np.ndarray, departures_per_year: YearlyRate, uniforms: _Uniforms
) -> np.ndarray:
    """When each offender leaves: the notification period ends, or death or a move comes first."""
    of_period, of_phase, of_departure, _ = uniforms.of(streams.STAY, register)
    years = np.array([period.years for period in scenario.register.periods])
    today = register["registered"] < 0
    period = np.where(
        today,
        _by_share(of_period, scenario.register.shares_at_start()),
        _by_share(of_period, [period.share for period in scenario.register.periods]),
    )
    days = years[period] * DAYS_PER_YEAR
    begins = np.maximum(register["registered"], 0.0)
    ends = begins + np.where(today & np.isfinite(days), of_phase * days, days)
    return np.minimum(ends, departures_per_year.used_up(begins, -np.log(of_departure)))


def visits_since(chance: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """How many visits ago something happened that happens at each visit with a chance; NEVER if the chance is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ago = np.floor(np.log(uniform) / np.log1p(-chance))
    return np.where(chance >= 1, 0.0, np.where(chance <= 0, NEVER, ago))


def nature_begins(scenario: Scenario, rows: np.ndarray, replication: int) -> tuple[np.ndarray, np.ndarray]:
    """From when true risk drifts, and from when breaches begin, for today's caseload: two arrays of times <= 0.

    Drift begins at the last review, which is when the record was true. What is latent today began after the last
    visit at which everything would have been found, which is some visits ago.
    """
    interval_days = scenario.reviews.interval_days
    drift_from = np.minimum(rows["review_due"] - interval_days, 0.0) if interval_days < NEVER else np.zeros(len(rows))
    found, announced = scenario.breaches.found_at_visit, np.array(scenario.visits.announced_share.values())
    chance = announced * found.announced + (1 - announced) * found.unannounced
    interval = np.array([min(d.expected, DAYS_PER_YEAR) for d in scenario.visits.interval_days.values()])
    _, of_finding, _, _ = _Uniforms(scenario.seed, replication).of(streams.ENTRY_PAST, rows)
    latent_for = visits_since(chance[rows["risk"]], of_finding) * interval[rows["risk"]]
    return drift_from, np.minimum(rows["last_seen"] - np.minimum(latent_for, _LONGEST_LATENT_DAYS), 0.0)


def _overdue(
    rows: np.ndarray, uniform: np.ndarray, shares: np.ndarray, given: StartingBacklog | None, scheduled: np.ndarray
) -> np.ndarray:
    """Who is overdue on the first day: by shares, or exactly as many as the scenario says, those of the least uniforms.

    So whoever is overdue stays so where more are.
    """
    overdue = uniform < shares
    if given is None:
        return overdue
    group = given.group[rows["team"]]
    cell = np.where(scheduled, group, -1) * RISKS + rows["risk"]
    in_turn = np.lexsort((uniform, cell))
    rank = np.empty(len(rows), np.int64)
    rank[in_turn] = np.arange(len(rows)) - np.searchsorted(cell[in_turn], cell[in_turn])
    return np.where(group < 0, overdue, scheduled & (rank < given.counts[group, rows["risk"]]))


def _for(by_risk, risk: np.ndarray) -> np.ndarray:
    """The value of each offender's risk level."""
    return np.array([getattr(by_risk, level) for level in RISK_LEVELS])[risk]


def _on_dates(times: np.ndarray, dates: bool) -> np.ndarray:
    return np.floor(times) if dates else times


def _first_due(
    interval: np.ndarray, phase: np.ndarray, overdue: np.ndarray, overdue_days: np.ndarray, dates: bool
) -> np.ndarray:
    """Due dates on the first day: some overdue by an age, the rest spread evenly over their interval."""
    ahead = phase * np.where(np.isfinite(interval), interval, 0.0)
    # What is due today is overdue from tomorrow: on dates, an overdue item fell due yesterday or before.
    late = -np.maximum(overdue_days, 1.0 if dates else 0.0)
    due = _on_dates(np.where(overdue, late, ahead), dates)
    return np.where(np.isfinite(interval), due, NEVER)
