"""More people, more hours, fewer absences: what they do to the backlog and to the hours there are."""

from math import sqrt

import pytest

from sim.model.calendar import days_worked
from sim.model.codes import DAYS_PER_YEAR, HOURS_AVAILABLE
from tests.support.force import average, change, falls, force, hours, outcomes, rises, simulate_force

IDLE = ("teams=[{name: North, officers: 400, offenders: 0}]", "register.new_per_year=0", "officers.leave_days=0",
        "officers.court_and_training_days=0", "officers.sickness.spells_per_year=0")  # fmt: skip
"""Four hundred officers with nothing to do, never away."""


@pytest.mark.parametrize("metric", ["overdue_visits", "overdue_reviews", "oldest_overdue_visit_days"])
def test_more_officers_never_lengthen_the_backlog(metric):
    backlogs = [average(metric, f"officers.total={officers}") for officers in (4, 6, 8, 10, 12, 16)]
    assert backlogs == sorted(backlogs, reverse=True)
    assert backlogs[-1] < backlogs[0] / 5


@pytest.mark.parametrize("risk", ["low", "medium", "high", "very_high"])
def test_two_officers_more_help_at_every_level_of_risk(risk):
    assert falls(change("overdue_visits_share", ("officers.total=10",), group=risk))


def test_a_higher_available_share_gets_more_visits_done():
    done = [average("visits_completed", f"officers.available_share={share}") for share in (0.4, 0.5, 0.6, 0.7)]
    assert done == sorted(done)
    assert rises(change("visits_completed", ("officers.available_share=0.7",)))


def test_longer_contracts_get_more_visits_done():
    assert rises(change("visits_completed", ("officers.hours_per_week=44",)))


def test_a_lone_officer_makes_more_visits_than_half_a_pair():
    assert falls(change("overdue_visits", ("visits.crew=1",)))
    assert falls(change("hours_per_contact", ("visits.crew=1",)))
    assert rises(change("visits_completed", ("visits.crew=1",)))


def test_a_pooled_team_shares_what_one_caseload_has_too_much_of():
    pooled, busy = ("caseload.allocation=pooled",), ("officers.total=10",)
    assert falls(change("overdue_visits", pooled, busy))
    assert falls(change("oldest_overdue_visit_days", pooled, busy))
    assert falls(change("oldest_overdue_visit_days", pooled))


def test_an_own_caseload_is_worked_by_its_own_officer_and_a_pool_by_all():
    def leads_of_each(*settings: str) -> set[int]:
        """How many officers took the lead at some time or other, for the offenders who were never in custody."""
        events = simulate_force("breaches.outcome={warning: 1, charge: 0, custody: 0}", *settings).events
        return set(events[events.event == "visit"].groupby("offender").officer.nunique())

    assert leads_of_each() == {1}
    assert max(leads_of_each("caseload.allocation=pooled")) >= 4


def test_hours_available_are_the_days_worked_times_the_shift_free_for_the_caseload():
    # 71 weeks have 355 weekdays; eleven of them are bank holidays.
    assert len(days_worked(force(*IDLE))) == 344
    assert hours(simulate_force(*IDLE), HOURS_AVAILABLE) == pytest.approx(400 * 344 * 8 * 0.65)


def expected_absence(scenario) -> tuple[float, float]:
    """Days worked that an officer misses, as the scenario says, and how far the mean of 400 officers may be off."""
    years = scenario.horizon_days / DAYS_PER_YEAR
    officers, sickness = scenario.officers, scenario.officers.sickness
    by_plan = officers.leave_days + officers.court_and_training_days
    sick_share = sickness.spells_per_year * sickness.days.expected / DAYS_PER_YEAR
    sick_share /= 1 + sick_share  # spells begin while well
    # Leave comes in weeks of five days, rounded up or down at random; what accrues on the last weekend is never taken.
    # Spells come by a Poisson process, of exponential length at most.
    block = 5 if officers.leave_days else 1
    spell = sqrt(2 * sickness.spells_per_year * years) * sickness.days.expected * 5 / 7
    random_numbers = 3 * (block / 2 + spell) / sqrt(400)
    return by_plan * years + sick_share * len(days_worked(scenario)), random_numbers + by_plan * 2 / DAYS_PER_YEAR


@pytest.mark.parametrize(
    "absence",
    [
        "officers.leave_days=27",
        "officers.leave_days=5",
        "officers.court_and_training_days=12",
        "officers.sickness={spells_per_year: 2, days: {distribution: exponential, mean: 6}}",
        "officers.sickness={spells_per_year: 1, days: 30}",
    ],
)
def test_absence_takes_the_hours_that_the_scenario_says(absence):
    scenario = force(*IDLE, absence)
    missed, tolerance = expected_absence(scenario)
    lost = hours(simulate_force(*IDLE), HOURS_AVAILABLE) - hours(simulate_force(*IDLE, absence), HOURS_AVAILABLE)
    assert lost / (8 * 0.65) / 400 == pytest.approx(missed, abs=tolerance)


def test_absences_that_fall_together_are_taken_one_after_the_other():
    reasons = ("officers.leave_days=27", "officers.court_and_training_days=12", "officers.sickness.spells_per_year=4")
    full = hours(simulate_force(*IDLE), HOURS_AVAILABLE)
    lost = [full - hours(simulate_force(*IDLE, reason), HOURS_AVAILABLE) for reason in reasons]
    together = full - hours(simulate_force(*IDLE, *reasons), HOURS_AVAILABLE)
    assert together == pytest.approx(sum(lost), rel=0.005)


def test_more_absence_means_a_longer_backlog():
    for absence in ("officers.leave_days=40", "officers.sickness.spells_per_year=5"):
        assert rises(change("overdue_visits", (absence,)))
        assert rises(change("workload_ratio", (absence,)))


def test_the_workload_is_the_hours_asked_for_by_those_there_are():
    # Half the available share, twice the workload, with the same caseload at its start.
    short = ("end=2024-09-08", "register.new_per_year=0")
    whole, half = (outcomes(*short, f"officers.available_share={share}") for share in (0.6, 0.3))
    assert half["average", "workload_ratio", "total"].mean() == pytest.approx(
        2 * whole["average", "workload_ratio", "total"].mean(), rel=0.01
    )
