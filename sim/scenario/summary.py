"""A scenario in short, and what a planner should think twice about although it is allowed."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

from sim.scenario.balance import register_balance
from sim.scenario.domain import RISK_LEVELS
from sim.scenario.schema import Scenario
from sim.scenario.source.faults import ScenarioError, join_words, pluralise

STEADY_WITHIN = 0.05
"""A register that changes by less than this share a year is no surprise."""
FEW = 20


def summary_line(scenario: Scenario) -> str:
    """One line: the size of the force, the horizon, the replications, the levers, and what rests on no source."""
    counts = scenario.headcounts
    unsourced = sum(assumption.source is None for assumption in scenario.assumptions.values())
    facts = [
        pluralise(sum(officers for officers, _ in counts), "officer"),
        pluralise(sum(offenders for _, offenders in counts), "offender"),
        pluralise(len(counts), "team"),
        f"{scenario.start} to {scenario.end} ({pluralise(scenario.horizon_days, 'day')})",
        pluralise(scenario.replications, "replication"),
        pluralise(len(scenario.levers), "lever"),
        f"{pluralise(len(scenario.assumptions), 'assumption')}, {unsourced:,} without a published source",
    ]
    return "; ".join(facts)


def balance_line(scenario: Scenario) -> str:
    """`register, with those in custody: +256 −82 a year: 1,450 → about 1,980 at the end`"""
    balance = register_balance(scenario)
    new, gone = (number / balance.years for number in (balance.registered, balance.left))
    return (
        f"register, with those in custody: +{new:,.0f} \N{MINUS SIGN}{gone:,.0f} a year: {balance.at_start:,.0f} → "
        f"about {balance.at_end:,.0f} at the end"
    )


def _register_out_of_balance(scenario: Scenario) -> Iterator[str]:
    balance = register_balance(scenario)
    growth, change = balance.growth_per_year, balance.at_end - balance.at_start
    if abs(growth) > STEADY_WITHIN and abs(change) > FEW:
        goes = "grows" if change > 0 else "shrinks"
        by = f" by {abs(growth):.0%} a year" if math.isfinite(growth) else ""
        yield (
            f"the register {goes}{by}, from {balance.at_start:,.0f} offenders to about {balance.at_end:,.0f}: "
            f"{balance.registered / balance.years:,.0f} are registered a year and {balance.left / balance.years:,.0f} "
            "leave; see register.new_per_year and register.periods"
        )


def scenario_warnings(scenario: Scenario) -> list[str]:
    """What is allowed but hardly meant, each with the date from which a lever brings it about."""
    first_day: dict[str, int] = {}
    for day, current in scenario.regimes:
        for warning in _hardly_meant_visits(current):
            first_day.setdefault(warning, day)
    dates = {day: f"from {scenario.start + dt.timedelta(day)}: " if day else "" for day in first_day.values()}
    of_levers = [f"{dates[day]}{warning}" for warning, day in first_day.items()]
    caseload, of_file = scenario.caseload, []
    try:
        if known := scenario.known_caseload:
            of_file = list(known.warnings(scenario))
    except ScenarioError:  # it was not read
        if caseload.rows_left_out:
            of_file = [f"{caseload.file}: {caseload.rows_left_out:,} unusable rows are left out, with their offenders"]
    return [*of_file, *of_levers, *_register_out_of_balance(scenario)]


def _hardly_meant_visits(scenario: Scenario) -> Iterator[str]:
    in_pairs = [level for level in RISK_LEVELS if getattr(scenario.visits.crew, level) == 2]
    for number, (team, (officers, offenders)) in enumerate(zip(scenario.teams, scenario.headcounts, strict=True)):
        where = f"teams.{number} ({team.name})"
        if officers == 0 and offenders:
            yield f"{where} has {pluralise(offenders, 'offender')} and no officers; nobody there will ever be visited"
        elif officers == 1 and in_pairs:
            problem = f"one officer and visits.crew is 2 for {join_words(in_pairs)}; those will never be visited"
            yield f"{where} has {problem}"
    lead_days = scenario.visits.lead_days
    for level in RISK_LEVELS:
        interval_days = getattr(scenario.visits.interval_days, level).expected
        if interval_days <= lead_days:
            interval = f"visits.interval_days.{level} only {interval_days:g}"
            yield f"visits.lead_days is {lead_days:g} and {interval}; a visit may be made again as soon as it is made"
