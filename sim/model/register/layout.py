"""Everyone who is or will be on the register: today's caseload, and the registrations to come.

Arrivals and departures do not depend on how the force works, so the whole table is laid out before the first day.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.model.codes import DAYS_PER_YEAR, LEFT, NEVER, NOT_YET
from sim.model.inputs import Inputs
from sim.model.kernel import streams
from sim.model.kernel.compiling import machine_code
from sim.model.kernel.register_moves import expect_newcomers
from sim.model.policy import draws
from sim.model.records import OFFENDER, as_words, table
from sim.model.register.first_day import describe_first_day
from sim.model.register.identities import CONVICTED_INDEX, REGISTER_STREAM, Uniforms, areas, by_share, stream_of
from sim.model.register.known_caseload import fair_turns, identify_known, lay_over
from sim.scenario.backlog import risk_sequence
from sim.scenario.domain import KINDS
from sim.scenario.schema import Scenario

_NAME = np.dtype([(field, OFFENDER[field]) for field in ("team", "stream", "index", "risk")])


def lay_out_register(inputs: Inputs, replication: int) -> tuple[np.ndarray, np.ndarray]:
    """One row per offender, today's caseload first and then registrations by date, and whose turn each of today is.

    Between them are the rows reserved for those who may be convicted after an investigation, empty until then. Nobody
    is allocated yet: of the officers of a team the one whose turn it is will get the offender.
    """
    scenario, headcounts = inputs.scenario, inputs.regimes[0].headcounts
    uniforms = Uniforms(scenario.seed, replication)
    registered = inputs.rate(lambda scenario: scenario.register.new_per_year).arrivals(
        scenario.horizon_days, lambda indices: uniforms.of_stream(streams.REGISTRATION, REGISTER_STREAM, indices)[0]
    )
    today, reserved = sum(offenders for _, offenders in headcounts), inputs.most_convictions
    first_new = today + reserved
    register = table(OFFENDER, first_new + len(registered), np.empty)
    as_words(register)[:] = as_words(_nobody())
    here, convicted, new = register[:today], register[today:first_new], register[first_new:]
    caseload_file, known = scenario.known_caseload, None
    if caseload_file is None:
        teams = tuple((team.name, *counts) for team, counts in zip(scenario.teams, headcounts, strict=True))
        own = scenario.caseload.allocation == "own"
        identified, turns = _first_day(teams, tuple(scenario.caseload.risk_mix.values()), own)
        for field in _NAME.names or ():
            here[field] = identified[field]
    else:
        turns, known = identify_known(scenario, headcounts, caseload_file, here)
    register["row"] = np.arange(len(register))
    register["stream"][today:] = REGISTER_STREAM
    convicted["index"] = CONVICTED_INDEX + np.arange(reserved)
    new["index"] = np.arange(len(new))
    here["registered"] = -1.0
    convicted["registered"] = scenario.horizon_days
    new["registered"] = np.floor(registered)

    of_meeting = _describe_plans(scenario, register, uniforms)
    describe_first_day(inputs, here, uniforms, of_meeting[:today])
    _describe_registrations(inputs, new, uniforms)
    register["true_risk"] = register["risk"]
    register["leaves"] = _leaving_times(inputs, scenario, register, uniforms)
    convicted["state"] = LEFT
    convicted["leaves"] = NEVER
    if known is not None:
        lay_over(here, known, scenario, inputs.departures, uniforms.of(streams.STAY, here))
    return register, turns.copy()


def _nobody() -> np.ndarray:
    """A row of the register that knows nobody yet."""
    row = table(OFFENDER, 1)
    for field in (*(kind.due for kind in KINDS), "next_natural_events", "next_intelligence"):
        row[field] = NEVER
    for field in ("barred_until", "busy_until", "last_seen_unannounced"):
        row[field] = -NEVER
    for field in ("caseload", "slot", "home_caseload"):
        row[field] = -1
    row["plan_factor"] = 1.0
    return row


def describe_convicted(
    inputs: Inputs, scenario: Scenario, policies: np.ndarray, rows: np.ndarray, uniforms: Uniforms
) -> None:
    """Fill in reserved rows, whose identity, team, risk and time are known, by the values of today, `scenario`."""
    _describe_plans(scenario, rows, uniforms)
    rows["leaves"] = _leaving_times(inputs, scenario, rows, uniforms)
    machine_code(expect_newcomers)(rows, policies)


def _describe_plans(scenario: Scenario, rows: np.ndarray, uniforms: Uniforms) -> np.ndarray:
    """Plans of their own, and the uniform of the MAPPA level; returns the phases of the meetings."""
    of_plan, of_interval, of_mappa, of_meeting = uniforms.of(streams.PLAN, rows)
    plan = scenario.caseload.own_plan
    if plan.share:
        rows["plan_factor"] = np.where(of_plan < plan.share, draws(plan.interval_factor, of_interval), 1.0)
    rows["mappa_uniform"] = of_mappa
    return of_meeting


@lru_cache(maxsize=8)
def _first_day(
    teams: tuple[tuple[str, int, int], ...], risk_mix: tuple[float, ...], own: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Identity and risk of today's offenders, officer by officer, and whose turn each is; nothing here is random.

    `teams`: name, officers and offenders of each.
    """
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


def _describe_registrations(inputs: Inputs, rows: np.ndarray, uniforms: Uniforms) -> None:
    """Team, risk and first due dates of offenders yet to be registered."""
    rows["state"] = NOT_YET
    if not len(rows):
        return
    _, of_team, of_risk, _ = uniforms.of(streams.REGISTRATION, rows)
    rows["team"] = areas(inputs.scenario, inputs.regimes[0].headcounts, of_team)
    rows["risk"] = by_share(of_risk, inputs.scenario.caseload.risk_mix.values())
    for field in ("last_seen", "quiet_since", "counted_until"):
        rows[field] = rows["registered"]
    machine_code(expect_newcomers)(rows, inputs.regimes[0].policy)


def _leaving_times(inputs: Inputs, scenario: Scenario, rows: np.ndarray, uniforms: Uniforms) -> np.ndarray:
    """When each offender leaves: the notification period ends, or death or a move comes first."""
    of_period, of_phase, of_departure, _ = uniforms.of(streams.STAY, rows)
    periods, today = scenario.register.periods, rows["registered"] < 0
    at_start = by_share(of_period, scenario.register.shares_at_start())
    period = np.where(today, at_start, by_share(of_period, [period.share for period in periods]))
    days = np.array([period.years for period in periods])[period] * DAYS_PER_YEAR
    begins = np.maximum(rows["registered"], 0.0)
    ends = begins + np.where(today & np.isfinite(days), of_phase * days, days)
    return np.minimum(ends, inputs.departures.used_up(begins, -np.log(of_departure)))
