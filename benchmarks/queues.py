"""The caseload benchmark as queues: what is left of it where nobody falls due again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:  # the engine that reads this needs nothing of the program
    from sim.scenario import Scenario


class Demand(NamedTuple):
    """What falls due in each team: items per working hour of each kind, the most urgent kind first."""

    officers: int
    visits_an_hour: list[float]
    reviews_an_hour: float


class Queues(NamedTuple):
    """The numbers of a network of queues.

    `hours`: working hours in the whole period. `visit_hours`: mean and standard deviation of their logarithm. `fails`:
    the chance that a visit must be tried again.
    """

    hours: float
    teams: list[Demand]
    visit_hours: tuple[float, float]
    fails: float
    review_hours: float


def queues_of(scenario: Scenario) -> dict[str, Any]:
    """The queues of a scenario of the caseload benchmark, as plain values."""
    visits = scenario.visits
    hours_a_day = scenario.shift_hours * scenario.officers.available_share * 5 / 7
    by_level = list(zip(scenario.caseload.risk_mix.values(), visits.interval_days.values(), strict=True))
    variance = math.log1p(visits.travel_hours.cv**2)
    announced = visits.announced_share.low
    return Queues(
        hours=scenario.horizon_days * hours_a_day,
        teams=[
            Demand(
                team.officers,
                [team.offenders * share / interval.mean / hours_a_day for share, interval in reversed(by_level)],
                team.offenders / scenario.reviews.interval_days / hours_a_day,
            )
            for team in scenario.teams
        ],
        visit_hours=(math.log(visits.travel_hours.mean) - variance / 2, math.sqrt(variance)),
        fails=announced * visits.no_contact.announced + (1 - announced) * visits.no_contact.unannounced,
        review_hours=scenario.reviews.hours.mean,
    )._asdict()
