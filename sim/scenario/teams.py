"""How many officers and offenders each team has."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.scenario.schema import Scenario


def headcounts(scenario: Scenario) -> list[tuple[int, int]]:
    """Officers and offenders of each team, in the order of the teams.

    `officers.total` and `caseload.total` are shared among the teams by their shares, or in proportion to
    their own numbers; the sums are exact.
    """
    officers = [team.officers_share or team.officers or 0 for team in scenario.teams]
    offenders = [team.offenders_share or team.offenders or 0 for team in scenario.teams]
    return list(
        zip(
            shared_out(scenario.officers.total, officers),
            shared_out(scenario.caseload.total, offenders),
            strict=True,
        )
    )


TOTALS = ("officers.total", "caseload.total")
"""Keys whose value is the sum over the teams where the scenario does not give it."""


def sum_over_teams(scenario: Scenario, key: str) -> int:
    """What one of `TOTALS` comes to, whoever states it: the force or its teams."""
    return sum(counts[TOTALS.index(key)] for counts in headcounts(scenario))


def counts_backlog(scenario: Scenario) -> bool:
    """Does the scenario say in numbers how many offenders are overdue on the first day?"""
    caseload = scenario.caseload
    in_force = (caseload.overdue_visits_at_start, caseload.overdue_reviews_at_start)
    of_teams = (number for team in scenario.teams for number in (team.overdue_visits, team.overdue_reviews))
    return any(number is not None for number in (*in_force, *of_teams))


def surge_headcounts(scenario: Scenario) -> list[int]:
    """Officers of the surge team who work with each team, shared in proportion to the teams' offenders."""
    return _by_offenders(scenario, scenario.surge.officers)


def investigators_by_area(scenario: Scenario) -> list[int]:
    """Crime investigators of each area, shared in proportion to its offenders; one number for a central team."""
    if scenario.crime.team == "central":
        return [scenario.crime.investigators]
    return _by_offenders(scenario, scenario.crime.investigators)


def graders_by_area(scenario: Scenario) -> list[int]:
    """Graders of online child abuse who work in each crime team, if the teams are joint."""
    graders = scenario.online_abuse.grading.officers if scenario.online_abuse.team == "joint" else 0
    return [graders] if scenario.crime.team == "central" else _by_offenders(scenario, graders)


def _by_offenders(scenario: Scenario, total: int) -> list[int]:
    offenders = [offenders for _, offenders in headcounts(scenario)]
    return shared_out(total, offenders if any(offenders) else [1] * len(offenders))


def shared_out(total: int | None, weights: Sequence[float]) -> list[int]:
    """A total by largest remainder, the earlier team first where remainders are equal; the weights if there is none."""
    if total is None:
        return [int(weight) for weight in weights]
    if total == 0:
        return [0] * len(weights)
    quotas = [total * weight / math.fsum(weights) for weight in weights]
    counts = [math.floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(weights)), key=lambda team: counts[team] - quotas[team])
    for team in by_remainder[: total - sum(counts)]:
        counts[team] += 1
    return counts
