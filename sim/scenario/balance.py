"""How the register grows or shrinks: who is registered in a year, who leaves, and how many there are at the end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.scenario.schema import Scenario
from sim.scenario.sections.investigations import OnlineAbuse

DAYS_PER_YEAR = 365.25
STEP_YEARS = 1 / 12
"""The rates of a step hold for the whole of it."""
MOST_STEPS, MOST_LOOKS = 120, 40
"""Of a long horizon: into how many steps it is divided, and how often the offenders are counted."""


@dataclass(frozen=True)
class Balance:
    """The register over the horizon, in the mean of all replications; offenders in custody are on it."""

    at_start: float
    at_end: float
    registered: float
    """Who is registered within the horizon, convicted after an investigation or not."""
    convicted: float
    """Those of them who come from the investigations of the scenario."""
    years: float
    by_step: tuple[float, ...]
    """Offenders during each of the `steps`."""

    @property
    def left(self) -> float:
        """Who leaves within the horizon: the notification period ends, death, or a move to another force."""
        return self.at_start + self.registered - self.at_end

    @property
    def growth_per_year(self) -> float:
        """The change of a year as a share; infinite where a register begins with nobody."""
        if not self.at_start:
            return math.inf if self.at_end >= 0.5 else 0.0
        return math.expm1(math.log(max(self.at_end, 0.5) / self.at_start) / max(self.years, STEP_YEARS))


Step = tuple[float, float, Scenario, float]


def register_balance(scenario: Scenario, all_steps: Sequence[Step] = ()) -> Balance:
    """The expected course of the register.

    Today's offenders have between nothing and all of their notification period left, evenly; a new offender stays for
    a whole one. Beside that all leave by death or a move at the rate of the day. Convictions after investigations are
    counted as if cases took as long as those open on the first day.
    """
    at_start = float(sum(offenders for _, offenders in scenario.headcounts))
    years = scenario.horizon_days / DAYS_PER_YEAR
    periods = [period.years for period in scenario.register.periods]
    shares_at_start = scenario.register.shares_at_start()
    shares = [period.share for period in scenario.register.periods]
    # Middle of the step, offenders, exposure to death and moves by then.
    arrivals: list[tuple[float, float, float]] = []
    by_step, there, registered, convicted, gone = [], at_start, 0.0, 0.0, 0.0
    all_steps = all_steps or list(steps(scenario))
    looks = {*range(0, len(all_steps), math.ceil(len(all_steps) / MOST_LOOKS)), len(all_steps) - 1}
    for number, (begins, length, regime, cases) in enumerate(all_steps):
        from_cases = cases * convictions_per_case(regime.online_abuse) if _may_be_convicted(regime, begins) else 0.0
        new = regime.register.new_per_year * length + from_cases
        leaving = regime.register.deaths_and_moves_per_year
        arrivals.append((begins + length / 2, new, gone + leaving * length / 2))
        gone += leaving * length
        registered, convicted, now = registered + new, convicted + from_cases, begins + length
        if number not in looks:
            by_step.append(there)
            continue
        today = sum(
            share * max(0.0, 1 - now / period) if math.isfinite(period) else share
            for share, period in zip(shares_at_start, periods, strict=True)
        )
        there = at_start * today * math.exp(-gone)
        for when, arrived, exposure in arrivals:
            stay = sum(share for share, period in zip(shares, periods, strict=True) if now - when < period)
            there += arrived * stay * math.exp(exposure - gone)
        by_step.append(there)
    return Balance(at_start, there, registered, convicted, years, tuple(by_step))


def steps(scenario: Scenario) -> Iterator[Step]:
    """The horizon in steps within which no lever falls.

    Each as the year in which it begins, its length in years, the scenario as it then stands, and the referrals of
    online child abuse in it.
    """
    regimes = scenario.regimes
    ends = [day for day, _ in regimes[1:]] + [scenario.horizon_days]
    grown = 0.0
    for (first, regime), last in zip(regimes, ends, strict=True):
        abuse, span = regime.online_abuse, (last - first) / DAYS_PER_YEAR
        longest = max(STEP_YEARS, scenario.horizon_days / DAYS_PER_YEAR / MOST_STEPS)
        parts = max(1, math.ceil(span / longest - 1e-9))
        for part in range(parts):
            length = span / parts
            grown += math.log1p(abuse.growth_per_year) * length
            cases = abuse.referrals_per_year * length * math.exp(grown - math.log1p(abuse.growth_per_year) * length / 2)
            yield first / DAYS_PER_YEAR + part * length, length, regime, cases


def convictions_per_case(abuse: OnlineAbuse) -> float:
    """The share of referrals after which somebody is convicted and was not on the register before."""
    pursued = (1 - abuse.checks.closed_share) * (1 - abuse.suspects.on_register_share)
    still_charged = abuse.decision.charged_share * math.exp(-abuse.decision.lost_per_year * _years_to_decide(abuse))
    return pursued * still_charged * abuse.convictions.share


def _years_to_decide(abuse: OnlineAbuse) -> float:
    """As long as the cases of today took to come to the graders; what cases wait for is not known beforehand."""
    return (abuse.at_start.grading.reached_after_days + abuse.at_start.grading.waited_days.expected) / DAYS_PER_YEAR


def _may_be_convicted(regime: Scenario, begins: float) -> bool:
    """Have the first cases had the time that the decision, court and custody take?"""
    convictions = regime.online_abuse.convictions
    court = convictions.court_days.expected + convictions.custody_share * convictions.custody_days.expected
    return begins >= _years_to_decide(regime.online_abuse) + court / DAYS_PER_YEAR
