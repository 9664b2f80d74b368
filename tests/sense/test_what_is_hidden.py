"""True risk and breaches: nobody sees them, the model counts them, and reviews and visits bring them to light."""

import numpy as np
import pytest

from sim.model.codes import DAYS_PER_YEAR
from tests.support.force import average, change, falls, force, outcomes, rises, simulate_force, weekly

NOBODY_LEAVES = ("register={new_per_year: 0, periods: [{years: indefinite, share: 1}], deaths_and_moves_per_year: 0}",)

CROWD = (*NOBODY_LEAVES, "teams=[{name: North, officers: 300, offenders: 4000}]")
"""So many offenders that rates show in one replication, and officers enough."""


def test_without_reviews_more_risk_is_hidden():
    assert rises(change("hidden_risk_days", ("reviews.interval_days=never",)))


def test_more_frequent_reviews_hide_less():
    spare = ("officers.total=30",)
    hidden = [average("hidden_risk_days", *spare, f"reviews.interval_days={days}") for days in (120, 240, 365, 730)]
    assert hidden == sorted(hidden)


def test_reviews_that_err_hide_more():
    assert rises(change("hidden_risk_days", ("reviews.error_share=0.6",)))


def test_without_drift_nothing_is_hidden():
    still = ("drift={up_per_year: 0, down_per_year: 0}",)
    assert (outcomes(*still)["at_end", "hidden_risk_days", "total"] == 0).all()
    assert not (simulate_force(*still).events.event == "drifted").any()


def test_risk_that_only_falls_is_never_hidden():
    # At the record's top and falling: the record overstates, which is not hidden risk.
    falling = ("drift.up_per_year=0",)
    assert (outcomes(*falling)["at_end", "hidden_risk_days", "total"] == 0).all()
    assert (simulate_force(*falling).events.event == "drifted").any()


def test_true_risk_changes_one_level_at_a_time_and_at_its_rate():
    events = simulate_force(*CROWD, "breaches.per_year=0").events
    shown = events[events.event.isin(["at_start", "drifted"])]
    level = shown.true_risk.cat.codes
    steps = level.groupby(shown.offender).diff()[shown.event == "drifted"]
    assert set(steps) == {-1, 1}
    # The time spent at each level says how many rises and falls to expect.
    ends = shown.day.groupby(shown.offender).shift(-1).fillna(force(*CROWD).horizon_days)
    years = ((ends - shown.day).groupby(level).sum() / DAYS_PER_YEAR).to_numpy()
    before = level.groupby(shown.offender).shift()[shown.event == "drifted"]
    drift = force().drift
    for step, rates in ((1, drift.up_per_year.values()), (-1, drift.down_per_year.values())):
        for risk in range(4):
            expected = rates[risk] * years[risk]
            happened = ((steps == step) & (before == risk)).sum()
            assert happened == pytest.approx(expected, abs=4 * np.sqrt(expected) + 1e-9)


def test_without_breaches_none_is_latent_found_or_enquired_into():
    honest = ("breaches.per_year=0", "notifications.missed_share=0")
    for metric in ("latent_breach_days", "breaches_found", "enquiries_completed"):
        assert (outcomes(*honest)["at_end", metric, "total"] == 0).all()
    assert np.isnan(outcomes(*honest)["average", "breach_detection_days", "total"]).all()
    assert not simulate_force(*honest).events.event.isin(["breach_began", "breach_found", "to_custody"]).any()


def test_breaches_begin_at_the_rate_of_true_risk():
    no_custody = "breaches.outcome={warning: 1, charge: 0, custody: 0}"
    events = simulate_force(*CROWD, "drift={up_per_year: 0, down_per_year: 0}", no_custody).events
    begun = events[(events.event == "breach_began") & (events.day >= 0)].risk.value_counts()
    offenders = events[events.event == "at_start"].risk.value_counts()
    for risk, per_year in zip(("low", "medium", "high", "very_high"), force().breaches.per_year.values(), strict=True):
        expected = per_year * offenders[risk] * force().horizon_days / DAYS_PER_YEAR
        assert begun[risk] == pytest.approx(expected, abs=4 * np.sqrt(expected))


@pytest.mark.parametrize(
    "source",
    [
        "breaches.found_at_visit={announced: 0.4, unannounced: 0.8}",
        "breaches.found_at_notification=0.6",
        "breaches.found_by_intelligence_per_year=2",
    ],
)
def test_every_way_to_find_breaches_shortens_the_time_they_lie(source):
    assert falls(change("latent_breach_days", (source,)))
    assert rises(change("breaches_found_share", (source,), statistic="at_end"))


def test_what_nobody_can_find_is_never_found():
    blind = ("breaches.found_at_visit={announced: 0, unannounced: 0}", "breaches.found_at_notification=0",
             "breaches.found_by_intelligence_per_year=0")  # fmt: skip
    assert (outcomes(*blind)["at_end", "breaches_found", "total"] == 0).all()
    assert (outcomes(*blind)["at_end", "breaches_found_share", "total"] == 0).all()


def test_latent_breaches_weigh_day_by_day():
    # In a force without officers or other finders, they only pile up: each week more than the one before.
    nobody = (*NOBODY_LEAVES, "officers.total=0", "breaches.found_by_intelligence_per_year=0")
    latent = weekly("latent_breach_days", *nobody)
    assert (np.diff(latent) >= 0).all()
    assert latent[-1] > 2 * latent[0]


def test_a_breach_found_brings_an_enquiry_and_an_early_review():
    events = simulate_force(*NOBODY_LEAVES, "officers.total=40").events
    found = events[(events.event == "breach_found") & (events.day >= 0)]
    assert (found.due.to_numpy() <= np.floor(found.day)).all()
    assert (found.review_due.to_numpy() <= np.floor(found.day) + force().reviews.after_breach_days).all()
    # With officers to spare, both come within weeks of the discovery.
    for offender, day in zip(found.offender, found.day, strict=True):
        later = events[(events.offender == offender) & (events.day > day) & (events.day < day + 40)]
        if day < force().horizon_days - 40 and not (later.event == "to_custody").any():
            assert {"enquiry", "review"} <= set(later.event)


def test_enquiries_end_as_the_scenario_says():
    settings = ("breaches.per_year=2", "officers.total=60", "caseload.total=600")
    outcomes_shown = simulate_force(*settings).events.query("event == 'enquiry'").outcome.value_counts(normalize=True)
    enquiries = int(simulate_force(*settings).events.event.value_counts()["enquiry"])
    outcome = force().breaches.outcome
    for name, share in (("warning", outcome.warning), ("charge", outcome.charge), ("custody", outcome.custody)):
        assert outcomes_shown[name] == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / enquiries))


def stays_in_custody(events) -> list[tuple[int, float, float]]:
    """Offender, from, until (the horizon if not released) of every stay."""
    stays = []
    for offender, story in events[events.event.isin(["to_custody", "released", "left_register"])].groupby("offender"):
        began = None
        for event, day in zip(story.event, story.day, strict=True):
            if event == "to_custody":
                began = day
            elif began is not None:
                stays.append((offender, began, day))
                began = None
        if began is not None:
            stays.append((offender, began, np.inf))
    return stays


def test_in_custody_nobody_visits_and_nothing_happens():
    events = simulate_force("breaches.per_year=1").events
    stays = stays_in_custody(events)
    assert len(stays) > 30
    for offender, began, ended in stays:
        during = events[(events.offender == offender) & (events.day > began) & (events.day < ended)]
        assert during.empty, f"offender {offender} was in custody from {began} to {ended}\n{during}"


def test_custody_begins_with_the_end_of_the_enquiry_and_lasts_as_drawn():
    events = simulate_force("breaches.per_year=1", "breaches.custody_days=21", *NOBODY_LEAVES).events
    sent = events[(events.event == "enquiry") & (events.outcome == "custody")]
    taken, released = (events[events.event == event] for event in ("to_custody", "released"))
    within = sent.day < force().horizon_days
    assert sorted(zip(sent.offender[within], sent.day[within], strict=True)) == sorted(
        zip(taken.offender, taken.day, strict=True)
    )
    for stay in stays_in_custody(events):
        assert stay[2] - stay[1] == pytest.approx(21) or stay[1] > force().horizon_days - 21
    assert len(released) > 20
    # Back in the community, a first visit falls due as for anybody new.
    assert (released.due - np.floor(released.day) == force().initial_assessment.first_visit_days).all()


def test_those_in_custody_are_counted_there_and_not_on_the_visit_list():
    settings = ("breaches.per_year=1",)
    stays = stays_in_custody(simulate_force(*settings).events)
    for week, in_custody in enumerate(weekly("offenders_in_custody", *settings)):
        assert in_custody == sum(began <= 7 * week < ended for _, began, ended in stays)
