"""What happens to the caseload of an officer who is away for long, or gone: reported by the event log."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest

from tests.support.force import QUIET, change, force, rises, simulate_force

AFTER_DAYS, AWAY_DAYS = 14, 45

ABSENCES = {
    "sickness": (
        f"officers.sickness={{spells_per_year: 0.7, days: {AWAY_DAYS}}}",
        f"caseload.cover.after_days={AFTER_DAYS}",
    ),
    "vacancy": (
        "turnover.leaving_per_year={under_2_years: 0.7, from_2_to_5_years: 0.7, over_5_years: 0.7}",
        f"turnover.recruitment_days={AWAY_DAYS}",
    ),
}
TRIED = range(3)


class Cover(NamedTuple):
    """A caseload whose officer is away from a day on: who was in it, who has each of them from then on (-1: nobody),
    and who of the team was away for so long at the same time."""

    officer: int
    day: float
    risks: dict[int, str]
    holders: dict[int, int]
    others_away: set[int]


def settings(rule: str, absence: str) -> tuple[str, ...]:
    return (*QUIET, "officers.total=12", *ABSENCES[absence], f"caseload.cover.rule={rule}")


@cache
def simulated(rule: str, absence: str, replication: int):
    """Events of a force in which nothing moves offenders between officers but cover."""
    return simulate_force(*settings(rule, absence), replication=replication).events


def days_covered(rule: str, absence: str, replication: int) -> list[tuple[float, int, bool]]:
    """When an officer's caseload begins to be covered (True) and when the officer, or a successor, is there again."""
    events = simulated(rule, absence, replication)
    officers = events[events.offender < 0]
    begins, ends = ("officer_left", "officer_joined") if absence == "vacancy" else ("officer_away", "officer_back")
    delay = 0 if absence == "vacancy" else AFTER_DAYS
    horizon = force(*settings(rule, absence)).horizon_days
    changes = [
        *(
            (day + delay, officer, True)
            for day, officer in officers[officers.event == begins][["day", "officer"]].values
        ),
        *((day, officer, False) for day, officer in officers[officers.event == ends][["day", "officer"]].values),
    ]
    return sorted((day, int(officer), begins) for day, officer, begins in changes if day < horizon)


def caseloads_over_time(rule: str, absence: str, replication: int) -> Iterator[tuple[float, dict[int, int], set[int]]]:
    """After each change: the day, who holds each offender, and which officers are away."""
    events = simulated(rule, absence, replication)
    start = events[events.event == "at_start"]
    holders = dict(zip(start.offender, start.officer, strict=True))
    changes_of = events[events.event == "reallocated"]
    away: set[int] = set()
    days = days_covered(rule, absence, replication)
    yield 0.0, dict(holders), set()
    for number, (day, officer, begins) in enumerate(days):
        (away.add if begins else away.discard)(officer)
        until = days[number + 1][0] if number + 1 < len(days) else float("inf")
        # Anyone who is in the hands of an officer moves when that is done, within the day.
        now = changes_of[(changes_of.day >= day) & (changes_of.day < until)]
        holders.update(zip(now.offender, now.officer, strict=True))
        yield day, dict(holders), set(away)


def covers(rule: str, absence: str) -> Iterator[Cover]:
    """Every caseload that is covered in a few replications, where no other change of officers comes on the same day."""
    for replication in TRIED:
        events = simulated(rule, absence, replication)
        risks = dict(events[events.event == "at_start"][["offender", "risk"]].values)
        before: dict[int, int] = {}
        away_before: set[int] = set()
        for day, holders, away in caseloads_over_time(rule, absence, replication):
            for officer in away - away_before:
                held = [offender for offender, holder in before.items() if holder == officer]
                yield Cover(officer, day, {o: risks[o] for o in held}, {o: holders[o] for o in held}, away - {officer})
            before, away_before = holders, away


@pytest.fixture(params=ABSENCES)
def absence(request) -> str:
    return request.param


def test_without_cover_the_caseload_of_the_sick_waits_for_them():
    for replication in TRIED:
        events = simulated("none", "sickness", replication)
        assert (events.event == "officer_away").sum() > 5
        assert not (events.event == "reallocated").any()


def test_without_cover_the_caseload_of_a_vacant_post_has_no_officer():
    for cover in covers("none", "vacancy"):
        assert set(cover.holders.values()) <= {-1}


def test_high_risk_goes_to_colleagues_at_work_and_the_rest_waits(absence):
    seen = set()
    for cover in covers("high_risk", absence):
        for offender, holder in cover.holders.items():
            serious = cover.risks[offender] in ("high", "very_high")
            seen.add(serious)
            if serious:
                assert holder not in {-1, cover.officer, *cover.others_away}
            else:
                assert holder == (cover.officer if absence == "sickness" else -1)
    assert seen == {True, False}


def test_reallocation_gives_everybody_to_colleagues_at_once(absence):
    covered = list(covers("reallocate", absence))
    assert sum(len(cover.holders) for cover in covered) > 200
    for cover in covered:
        assert not {-1, cover.officer, *cover.others_away} & set(cover.holders.values())


def test_reallocation_shares_caseloads_out_evenly(absence):
    times = 0
    for replication in TRIED:
        events = simulated("reallocate", absence, replication)
        teams = dict(events[events.event == "at_start"][["officer", "team"]].values)
        levelled: set[str] = set()
        away_before: set[int] = set()
        for _, holders, away in caseloads_over_time("reallocate", absence, replication):
            levelled |= {teams[officer] for officer in away_before - away}
            away_before = away
            for team in levelled:  # since somebody first came back to it
                at_work = [officer for officer, whose in teams.items() if whose == team and officer not in away]
                sizes = [list(holders.values()).count(officer) for officer in at_work]
                assert max(sizes) - min(sizes) <= 1
                times += 1
    assert times > 10


def test_unallocated_means_that_nobody_has_them(absence):
    covered = list(covers("unallocated", absence))
    assert sum(len(cover.holders) for cover in covered) > 200
    for cover in covered:
        assert set(cover.holders.values()) <= {-1}


@pytest.mark.parametrize("rule", ["none", "high_risk", "unallocated"])
def test_everybody_comes_back_to_the_officer_or_the_successor(rule, absence):
    times = 0
    for replication in TRIED:
        story = caseloads_over_time(rule, absence, replication)
        _, at_start, _ = next(story)
        for _, holders, away in story:
            # Anyone who is there has the caseload of the first day, all of it.
            for offender, officer in at_start.items():
                assert officer in away or holders[offender] == officer
            times += not away
    assert times > 5


@pytest.mark.parametrize("rule", ["none", "high_risk", "reallocate", "unallocated"])
def test_nobody_is_without_an_officer_once_everybody_is_there(rule, absence):
    times = 0
    for replication in TRIED:
        for _, holders, away in caseloads_over_time(rule, absence, replication):
            if not away:
                times += 1
                assert -1 not in holders.values()
    assert times > 5


def test_reallocation_at_once_covers_more_risk_than_waiting_for_a_successor():
    long_vacancies = ("officers.total=12", *ABSENCES["vacancy"], "turnover.recruitment_days=180")
    at_once, nobody = (("caseload.cover.rule=" + rule,) for rule in ("reallocate", "unallocated"))
    assert rises(change("risk_coverage", at_once, (*long_vacancies, *nobody)))


def test_cover_of_high_risk_cuts_the_time_that_high_risk_waits():
    long_vacancies = ("officers.total=12", *ABSENCES["vacancy"], "turnover.recruitment_days=180")
    high, nobody = (("caseload.cover.rule=" + rule,) for rule in ("high_risk", "none"))
    for risk in ("high", "very_high"):
        assert rises(change("visit_coverage", high, (*long_vacancies, *nobody), group=risk))
