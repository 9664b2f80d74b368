"""What all replications of a scenario share: its regimes, the days worked, and how rates change on dates."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

import numpy as np

from sim.model.calendar import days_worked
from sim.model.codes import DAYS_PER_WEEK, DAYS_PER_YEAR, NEVER
from sim.model.exposure import YearlyRate
from sim.model.policy import policy_record
from sim.scenario import Scenario
from sim.scenario.backlog import StartingBacklog, starting_backlog
from sim.scenario.domain import KINDS

_BLOCK = 1024


@dataclass(frozen=True)
class Regime:
    """The scenario as it stands from a day on, ready for the shift."""

    day: int
    scenario: Scenario
    policy: np.ndarray
    headcounts: list[tuple[int, int]]

    @property
    def posts(self) -> list[int]:
        """Officers of each team."""
        return [officers for officers, _ in self.headcounts]


@dataclass(frozen=True)
class Inputs:
    """What all replications of a scenario share."""

    scenario: Scenario
    regimes: tuple[Regime, ...]
    days_worked: np.ndarray

    @cached_property
    def abstraction_share_by_day(self) -> np.ndarray:
        """Share of the officers abstracted to other duties on each of the days worked."""
        start, shares = self.scenario.start, np.zeros(len(self.days_worked))
        for regime in self.regimes:
            abstraction = regime.scenario.officers.abstraction
            from_then_on = self.days_worked >= regime.day
            shares[from_then_on] = abstraction.share
            for weeks in abstraction.surges:
                first, last = (weeks.from_ - start).days, (weeks.to - start).days
                shares[from_then_on & (self.days_worked >= first) & (self.days_worked <= last)] = weeks.share
        return shares

    def rate(self, value: Callable[[Scenario], float]) -> YearlyRate:
        """How a yearly rate of the scenario changes from regime to regime."""
        return YearlyRate([regime.day for regime in self.regimes], [value(regime.scenario) for regime in self.regimes])

    def growing_rate(self, section: str, key: str) -> YearlyRate:
        """A yearly rate that also grows by the section's share a year, week by week, as it says on each date."""
        value, growth = attrgetter(f"{section}.{key}"), attrgetter(f"{section}.growth_per_year")
        by_day = {regime.day: regime.scenario for regime in self.regimes}
        days = sorted({*range(0, self.scenario.horizon_days, int(DAYS_PER_WEEK)), *by_day})
        rates, grown, since, current = [], 0.0, 0, self.scenario
        for day in days:
            grown += math.log1p(growth(current)) * (day - since) / DAYS_PER_YEAR
            since, current = day, by_day.get(day, current)
            rates.append(value(current) * math.exp(grown))
        return YearlyRate([float(day) for day in days], rates)

    @cached_property
    def backlogs(self) -> tuple[StartingBacklog | None, StartingBacklog | None]:
        """How many visits and reviews are overdue on the first day, where the scenario says so in numbers."""
        if not self.scenario.counts_backlog:
            return None, None
        return starting_backlog(self.scenario, "visits"), starting_backlog(self.scenario, "reviews")

    @cached_property
    def departures(self) -> YearlyRate:
        """Deaths and moves away over time, of one offender."""
        return self.rate(lambda scenario: scenario.register.deaths_and_moves_per_year)

    @cached_property
    def referrals(self) -> YearlyRate:
        """Referrals of online child abuse over time."""
        return self.growing_rate("online_abuse", "referrals_per_year")

    @cached_property
    def crews_of_two(self) -> bool:
        """May any work at any time need two officers?"""
        policies = [regime.policy[0] for regime in self.regimes]
        comes_up = [
            not kind.needed_if or any(0 < policy[kind.needed_if] < NEVER for policy in policies) for kind in KINDS
        ]
        return any((policy["crew"][comes_up] > 1).any() for policy in policies)

    @cached_property
    def natural_events_happen(self) -> np.ndarray:
        """Which of the things that happen to offenders by themselves may happen at any time, by kind."""
        return np.any([regime.policy[0]["natural_events_per_year"] > 0 for regime in self.regimes], axis=(0, 2))

    @cached_property
    def has_online_abuse(self) -> bool:
        """Does the scenario have investigations of online child abuse at any time?"""
        return any(regime.scenario.online_abuse.is_on for regime in self.regimes)

    @cached_property
    def has_crime(self) -> bool:
        """Does the scenario have crime investigation at any time?"""
        return any(regime.scenario.crime.is_on for regime in self.regimes)

    @cached_property
    def most_convictions(self) -> int:
        """More convictions after investigations than any replication will have, twelve deviations above the mean.

        In whole blocks, so that a change of referrals seldom numbers the offenders anew.
        """
        sections = [regime.scenario.online_abuse for regime in self.regimes]
        charged = max(section.decision.charged_share for section in sections)
        convicted = max(section.convictions.share for section in sections)
        cases = float(self.referrals.exposure_at(self.scenario.horizon_days)) + sections[0].at_start.total
        expected = cases * charged * convicted
        most = expected + 12 * math.sqrt(expected) + 20 if expected else 0
        return math.ceil(most / _BLOCK) * _BLOCK


_RECENT: dict[int, Inputs] = {}
"""The inputs of the last few scenarios, by the identity of these, which their inputs keep alive."""


def inputs_of(scenario: Scenario) -> Inputs:
    """What all replications of a scenario share, prepared once."""
    if id(scenario) not in _RECENT:
        dated = (Regime(day, regime, policy_record(regime), regime.headcounts) for day, regime in scenario.regimes)
        inputs = Inputs(scenario, tuple(dated), days_worked(scenario))
        if len(_RECENT) == 8:
            del _RECENT[next(iter(_RECENT))]
        _RECENT[id(scenario)] = inputs
    return _RECENT[id(scenario)]
