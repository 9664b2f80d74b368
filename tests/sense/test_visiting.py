"""Announced or not, answered or not, what is done first: what each policy buys and what it costs."""

import numpy as np
import pytest

from sim.measure import METRICS, tabulate
from tests.support.force import QUIET, average, change, falls, force, rises, simulate_force

RULES = ("risk_weighted_overdue", "earliest_due", "highest_risk_first", "quick_wins")
RISKS = ("low", "medium", "high", "very_high")


def by_rule(metric: str, *settings: str, group: str = "total") -> dict[str, float]:
    """A metric under each priority rule."""
    return {rule: average(metric, f"caseload.priority={rule}", *settings, group=group) for rule in RULES}


def test_unannounced_visits_find_more_and_cost_more():
    unannounced = ("visits.announced_share=0.1",)
    assert rises(change("unannounced_coverage", unannounced))
    assert falls(change("breach_detection_days", unannounced))
    assert rises(change("hours_per_contact", unannounced))
    assert rises(change("failed_attempts_share", unannounced))
    assert rises(change("overdue_visits", unannounced))


def test_each_step_towards_unannounced_raises_its_coverage_and_its_price():
    steps = [f"visits.announced_share={share}" for share in (1, 0.7, 0.4, 0.1, 0)]
    for metric in ("unannounced_coverage", "hours_per_contact", "unannounced_attempts_share"):
        values = [average(metric, step) for step in steps]
        assert values == sorted(values), metric
    assert average("unannounced_attempts_share", steps[0]) == 0
    assert average("unannounced_attempts_share", steps[-1]) == 1


def test_the_shares_asked_for_are_the_shares_that_come():
    visits = simulate_force("caseload.total=3000", "officers.total=200").events.query("event == 'visit' and day <= 497")
    for risk, share in zip(RISKS, force().visits.announced_share.values(), strict=True):
        # Level of the record after the visit, which a visit does not change.
        announced = visits[visits.risk == risk].announced
        assert announced.mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / len(announced)))
    for kind, chance in ((True, 0.1), (False, 0.3)):
        failed = visits[visits.announced == kind].outcome == "no_contact"
        assert failed.mean() == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / len(failed)))


def test_when_fewer_open_the_door_more_visits_are_attempted_for_fewer_contacts():
    shut = ("visits.no_contact.unannounced=0.5",)
    assert rises(change("visit_attempts", shut))
    assert falls(change("visits_completed", shut))
    assert rises(change("hours_per_contact", shut))


def test_a_door_that_never_opens_is_knocked_at_again_under_every_rule():
    never = ("visits.no_contact={announced: 1, unannounced: 1}",)
    for rule, attempts in by_rule("visit_attempts", *never).items():
        assert attempts > 0, rule
        assert average("visits_completed", f"caseload.priority={rule}", *never) == 0


def test_a_longer_wait_before_the_next_attempt_lets_the_oldest_grow_older():
    # With officers to spare: short of hours, each attempt not made is a visit to somebody else.
    spare = ("officers.total=16", "visits.no_contact.unannounced=0.6")
    oldest = [average("oldest_overdue_visit_days", *spare, f"visits.retry_days={days}") for days in (1, 3, 7, 14, 28)]
    assert oldest == sorted(oldest)
    assert oldest[-1] > oldest[0] + 28


def test_the_longer_the_interval_the_fewer_the_visits():
    done = [average("visits_completed", "officers.total=20", f"visits.interval_days={days}") for days in (60, 90, 180)]
    assert done == sorted(done, reverse=True)


def test_a_longer_lead_time_leaves_fewer_overdue():
    overdue = [average("overdue_visits", "officers.total=12", f"visits.lead_days={days}") for days in (0, 3, 7, 14)]
    assert overdue == sorted(overdue, reverse=True)


def test_the_risk_weighted_rule_covers_more_risk_than_earliest_due_where_risks_differ_much():
    steep = (*QUIET, "officers.total=5", "risk_weights={low: 1, medium: 4, high: 16, very_high: 64}")
    weighted, earliest = ("caseload.priority=risk_weighted_overdue",), ("caseload.priority=earliest_due",)
    assert rises(change("risk_coverage", weighted, (*steep, *earliest)))


def test_what_weighs_more_is_done_sooner():
    heavier = ("risk_weights.low=20",)
    assert falls(change("overdue_visits", heavier, group="low"))
    assert rises(change("overdue_visits", heavier, group="very_high"))


def test_the_weights_of_other_work_trade_reviews_for_visits():
    heavier = ("caseload.task_weights.review=50",)
    assert falls(change("overdue_reviews", heavier))
    assert rises(change("overdue_visits", heavier))


def test_highest_risk_first_leaves_less_high_risk_overdue_than_earliest_due():
    first, earliest = ("caseload.priority=highest_risk_first",), ("caseload.priority=earliest_due",)
    for risk in ("high", "very_high"):
        assert falls(change("overdue_visits_share", first, earliest, group=risk))
    assert rises(change("overdue_visits_share", first, earliest, group="low"))


def test_earliest_due_has_the_youngest_oldest_visit():
    oldest = by_rule("oldest_overdue_visit_days")
    assert min(oldest, key=oldest.get) == "earliest_due"
    assert falls(change("oldest_overdue_visit_days", ("caseload.priority=earliest_due",)))


def test_quick_wins_does_the_most_work():
    # Short visits and long reviews, and not the hours for both.
    long_and_short = ("visits.crew=1", "reviews.hours=15", "officers.total=5")
    done = {rule: simulate_force(*long_and_short, f"caseload.priority={rule}").tasks for rule in RULES}
    assert max(done, key=done.get) == "quick_wins"
    assert average("visits_completed", *long_and_short, "caseload.priority=quick_wins") == max(
        by_rule("visits_completed", *long_and_short).values()
    )


@pytest.mark.parametrize(
    "settings",
    [
        (),
        ("caseload.allocation=pooled", "caseload.priority=quick_wins"),
        ("officers.total=0",),
        ("officers.total=40", "visits.lead_days=0"),
        ("calendar.work=around_the_clock", "calendar.shift_start_hour=0", "officers.hours_per_week=168"),
        ("visits.no_contact={announced: 1, unannounced: 1}",),
        ("visits.interval_days=never",),
        ("breaches.per_year=30", "breaches.outcome={warning: 0, charge: 0, custody: 1}"),
    ],
)
def test_every_share_lies_between_nothing_and_all_and_nothing_is_negative(settings):
    table = tabulate(force(*settings), simulate_force(*settings))
    for name, metric in METRICS.items():
        values = table.value[table.metric == name].dropna()
        assert (values >= 0).all(), name
        if metric.unit == "share":
            assert (values <= 1).all(), name


def test_coverage_and_overdue_share_are_two_sides_of_one_coin():
    table = tabulate(force(), simulate_force()).query("statistic != 'team'")
    table = table.set_index(["metric", "statistic", "group"]).value
    assert (table["visit_coverage"] + table["overdue_visits_share"]).dropna().to_numpy() == pytest.approx(1)
