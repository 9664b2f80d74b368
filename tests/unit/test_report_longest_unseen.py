"""Who is not seen for longest at the end, and what the log says of the reasons."""

from typing import Any

import pytest

from sim.report.stories.event_trace import NobodyThere
from sim.report.stories.longest_unseen import longest_unseen, why_unseen
from tests.support.event_logs import at_start, event, failed, trace

NEVER = float("inf")
START = at_start(due=-30, last_seen=-395)
SEEN = event(20.5, "visit", "seen", due=385)


def reasons(*events: dict[str, Any], start: tuple[dict[str, Any], ...] = START, **changes: Any) -> list[str]:
    """Why, without the first sentences, which say for how long and sum the days up."""
    return why_unseen(trace(*start, *events, **changes), 7)[2:]


def test_only_who_is_to_be_visited_or_is_missing_counts() -> None:
    tale = [
        *at_start(1, last_seen=-900),
        event(50, "to_custody", offender=1),
        *at_start(2, last_seen=-800),
        event(50, "left_register", offender=2),
        *at_start(3, last_seen=-700, due=NEVER),
        *at_start(4, last_seen=-600),
        event(50, "visit", "seen", offender=4, due=415),
        *at_start(6, last_seen=-500),
        *at_start(5, last_seen=-500),
        event(60, "drifted", offender=5),
    ]
    assert longest_unseen(trace(*tale)) == 5
    with pytest.raises(NobodyThere) as missing:
        longest_unseen(trace(*tale[:8]))
    assert str(missing.value) == "Nobody is on the visit list, or missing, at the end of replication 1."


def test_a_lever_may_take_a_risk_level_off_the_list() -> None:
    tale = [*START, *at_start(8, risk="high", last_seen=-100)]
    assert longest_unseen(trace(*tale)) == 7
    assert longest_unseen(trace(*tale, event(29, "rescheduled", due=NEVER))) == 8


def test_who_is_missing_or_has_no_date_on_record_counts() -> None:
    tale = [*START, *at_start(8), event(5, "visit", "seen", offender=8, due=NEVER), SEEN]
    assert longest_unseen(trace(*tale)) == 7
    for later in (event(5, "record_lost", offender=8), event(30, "enquiry", "whereabouts_unknown", offender=8)):
        assert longest_unseen(trace(*tale, later)) == 8


@pytest.mark.parametrize(
    ("first", "since"),
    [
        (START, "516 days, since 4 August 2023, before the simulation began."),
        ((event(9, "registered", due=24),), "112 days, since 11 September 2024, the day of registration."),
    ],
)
def test_for_how_long(first: tuple[dict[str, Any], ...], since: str) -> None:
    assert why_unseen(trace(*first), 7)[0] == (
        f"Of the offenders to be visited or missing at the end, midnight after 31 December 2024, offender 7 has not "
        f"been seen for longest: {since}"
    )
    assert why_unseen(trace(*first, SEEN), 7)[0].endswith(": 101 days, since 22 September 2024.")


def test_due_and_others_came_first() -> None:
    others = [
        event(10.5, "visit", "seen", offender=8, risk="high", colleague=1),
        event(11.5, "visit", "seen", offender=8),
        event(12.5, "enquiry", "warning", offender=9),
        event(13.5, "review", "done", offender=9, officer=1, colleague=0),
    ]
    assert reasons(*others) == [
        "Visit due 3 August 2024, 151 days overdue.",
        "From 2 September 2024 to the end, 121 days, nobody tried.",
        "In that time officer 0 did 2 visits, 1 enquiry and 1 review for others, 2 of them at a higher recorded risk: "
        "other work came first or, as two officers must go, no colleague was free; the log does not say which.",
    ]
    assert reasons(*others[:2], event(11, "reallocated", officer=0), *others[2:])[2].startswith(
        "In that time officer 0 did 2 visits, 1 enquiry and 1 review"
    )
    assert reasons(*others[:1], event(11, "reallocated", officer=1), *others[1:])[2].startswith(
        "Since 13 September 2024, when the offender came into this caseload, officer 1 did 1 review for others"
    )


def test_where_one_officer_is_enough_nobody_else_was_wanted() -> None:
    visits = {"interval_days": 365, "visit_hours": 1, "crew": 1}
    elsewhere = event(10.5, "visit", "seen", offender=8, officer=1)
    assert reasons(elsewhere, visits=visits)[-1] == (
        "In that time officer 0 did no work for others; the log does not say why."
    )
    assert reasons({**elsewhere, "officer": 0}, visits=visits)[-1] == (
        "In that time officer 0 did 1 visit for others, 0 of them at a higher recorded risk: other work came first."
    )


def test_a_team_with_too_few_officers() -> None:
    lone = [{"name": "North", "officers": 1, "offenders": 200}]
    assert reasons(teams=lone)[-1] == "Nobody could: two officers must go, and the team had fewer."


def test_a_pooled_team_is_answerable_together() -> None:
    mix = {"low": 0.5, "medium": 0.3, "high": 0.18, "very_high": 0.02}
    work = [event(10.5, "review", "done", offender=8, officer=number) for number in (1, 2)]
    start = at_start(due=-30, officer=-1)
    shown = reasons(*work, start=start, caseload={"allocation": "pooled", "risk_mix": mix})
    assert shown[-1].startswith("In that time the team did 2 reviews for others, ")


def test_tried_and_never_seen() -> None:
    assert reasons(failed(10.5), failed(18.5, announced=1), failed(110.5))[:4] == [
        "Officers tried: three attempts, 1 announced and 2 unannounced, from 12 September 2024 to 21 December 2024; "
        "nobody answered.",
        "This force seeks no warrant after failed attempts: it tries again.",
        "Visit due 3 August 2024, 151 days overdue.",
        # A week after each failure the next attempt may be made.
        "From 27 September 2024 to 21 December 2024, 85 days, nobody tried.",
    ]


def test_tried_again_and_again() -> None:
    assert reasons(*(failed(day + 0.5) for day in range(0, 120, 8))) == [
        "Officers tried: 15 attempts, unannounced, from 2 September 2024 to 23 December 2024; nobody answered.",
        "This force seeks no warrant after failed attempts: it tries again.",
        "Visit due 3 August 2024, 151 days overdue.",
    ]


def test_a_warrant_is_wanted_or_would_be_after_more_attempts() -> None:
    escalation = {"after_failed_attempts": 2, "warrant_delay_days": 14, "warrant_hours": 4}
    assert reasons(failed(60.5), escalation=escalation)[1] == (
        "A warrant is sought only after two consecutive failed attempts."
    )
    assert reasons(failed(60.5), failed(70.5), escalation=escalation)[1:4] == [
        "After two consecutive failed attempts a warrant is wanted, from 25 November 2024; no visit before.",
        "Visit due 3 August 2024, 151 days overdue.",
        "From 2 September 2024 to 1 November 2024, 60 days, nobody tried.",
    ]


def test_an_offender_who_left_home_and_nobody_knows() -> None:
    assert reasons(failed(5.5), event(50.3, "left_home"), failed(60.5))[:2] == [
        "Officers tried: two attempts, unannounced, from 7 September 2024 to 1 November 2024; nobody answered.",
        "The offender left home without notifying the police on 22 October 2024, and nobody knows: one attempt "
        "since then could not succeed.",
    ]


def test_whereabouts_unknown() -> None:
    gone = [event(50.3, "left_home"), event(80.5, "warrant", "whereabouts_unknown")]
    tracing = [event(day, "tracing", "no_contact") for day in (110.5, 115.5)]
    known = [
        "The offender left home without notifying the police on 22 October 2024.",
        "Whereabouts unknown since 21 November 2024, when officers entered by warrant and found the offender missing: "
        "no visits.",
        "The visit due 3 August 2024 had not been made by then, 110 days overdue.",
    ]
    missing = {"found_by_tracing": 0.1}
    assert reasons(*gone, missing=missing) == [*known, "Nobody has tried to trace the offender yet."]
    assert reasons(*gone, *tracing, missing=missing) == [
        *known,
        "Two attempts to trace the offender, from 21 December 2024 to 26 December 2024, without success; "
        "one attempt finds 10% of those missing.",
    ]


def test_a_record_without_a_next_date() -> None:
    lost = [SEEN, event(20.5, "record_lost", officer=2)]
    came = [event(30.5, "notification", "missed"), event(40.5, "notification", "done")]
    who = (
        "On 22 September 2024 officer 2, who was untrained, left the record without a next date: "
        "no visits since then, and no visit counts as overdue."
    )
    due = "By its interval the next visit would have been due on 22 September 2025."
    assert reasons(*lost) == [who, due, "No audit looks for lost records."]
    assert reasons(*lost, *came, records={"audit_interval_days": 180}) == [
        "Only a visit, an entry by warrant or tracing counts as seen, not notifications.",
        who,
        due,
        "The offender has attended one notification since; the record was not found.",
        "An audit looks for lost records every 180 days.",
    ]
    found = event(60.5, "record_found", "at_audit", due=50)
    assert reasons(*lost, found)[:3] == [
        "The record had no next date from 22 September 2024 to 1 November 2024; no visits.",
        "Visit due 22 October 2024, 71 days overdue.",
        "From 1 November 2024 to the end, 61 days, nobody tried.",
    ]


def test_custody_and_allocation() -> None:
    away = [event(20.5, "to_custody"), event(60.5, "released", officer=-1, due=75)]
    assert reasons(*away, event(70, "drifted")) == [
        "In custody from 22 September 2024 to 1 November 2024; no visits there.",
        "The visit due 3 August 2024 had not been made by then, 50 days overdue.",
        "Visit due 16 November 2024, 46 days overdue.",
        "Unallocated since 1 November 2024: no officer comes.",
    ]


def test_not_due_yet_or_at_all() -> None:
    start = at_start(due=200)
    assert reasons(start=start) == [
        "The next visit is due only on 21 March 2025; at recorded risk low a visit is due every 365 days."
    ]
    varied = {"interval_days": {"distribution": "gamma", "mean": 300, "cv": 0.2}, "visit_hours": 1}
    assert reasons(start=start, visits=varied)[0].endswith("a visit is due every 300 days on average.")
    assert reasons(start=at_start(due=NEVER)) == ["No visit is due."]


def test_an_initial_assessment_comes_before_any_visit() -> None:
    joined = (event(9, "registered", due=24),)
    assert reasons(start=joined)[:3] == [
        "Visit due 26 September 2024, 97 days overdue.",
        "The initial assessment, which comes before any visit, has waited since 11 September 2024.",
        "From 11 September 2024 to the end, 112 days, nobody tried.",
    ]
    assert reasons(event(50.5, "initial_assessment", "done"), start=joined)[1] == (
        "From 22 October 2024 to the end, 71 days, nobody tried."
    )
    assert (
        reasons(start=joined, initial_assessment={"hours": 0})[1]
        == "From 26 September 2024 to the end, 97 days, nobody tried."
    )


def of_officer(day: float, kind: str, why: str = "", officer: int = 0) -> dict[str, Any]:
    return event(day, kind, why, offender=-1, officer=officer)


def test_nobody_had_the_offender() -> None:
    left = [of_officer(20.5, "officer_left"), event(20.5, "reallocated", officer=-1)]
    came = [of_officer(60.5, "officer_joined"), event(60.5, "reallocated", officer=0)]
    assert reasons(*left) == [
        "Visit due 3 August 2024, 151 days overdue.",
        "Unallocated since 22 September 2024, after officer 0 had left: no officer comes.",
    ]
    assert reasons(*left, *came) == [
        "Unallocated from 22 September 2024 to 1 November 2024, after officer 0 had left; no officer came.",
        "Visit due 3 August 2024, 151 days overdue.",
        "From 1 November 2024 to the end, 61 days, nobody tried.",
        "In that time officer 0 did no work for others; the log does not say why.",
    ]
    # The longer wait was the one before.
    later = [{**shown, "day": shown["day"] + 50} for shown in (*left, *came)]
    assert "From 2 September 2024 to 11 November 2024, 70 days, nobody tried." in reasons(*later)


def test_the_officer_was_sick_and_nobody_covered() -> None:
    sick = [of_officer(10, "officer_away", "sick"), of_officer(70, "officer_back", "sick")]
    course = [of_officer(80, "officer_away", "on_course"), of_officer(85, "officer_trained")]
    assert reasons(*sick, *course, event(90.5, "visit", "seen", offender=8))[2:] == [
        "In that time officer 0 was sick for 60 days and on a course for five days, and the caseload was not covered.",
        "In the rest of that time officer 0 did 1 visit for others, 0 of them at a higher recorded risk: other work "
        "came first or, as two officers must go, no colleague was free; the log does not say which.",
    ]
    assert reasons(*sick)[-1] == "In the rest of that time officer 0 did no work for others."


def test_a_team_whose_posts_are_vacant() -> None:
    gone = [of_officer(0, "officer_left", officer=number) for number in (1, 2, 3)]
    assert reasons(*gone)[-1] == "Nobody could: two officers must go, and the team had fewer."
    assert not reasons(*gone[:2])[-1].startswith("Nobody could")


def test_the_surge_team_did_not_come_either() -> None:
    surge = {"officers": 2, "from": "2024-09-30", "to": "2024-10-13"}
    assert reasons(surge=surge)[-1] == (
        "The surge team, at work from 30 September 2024 to 13 October 2024, did not come either."
    )


def test_reactive_management_is_not_to_be_seen() -> None:
    reactive = {"after_quiet_years": 5, "check_hours": 1}
    begins = event(20.5, "to_reactive", review_due=NEVER)
    tale = [*START, *at_start(8), begins]
    assert longest_unseen(trace(*tale, reactive=reactive)) == 8
    assert reasons(begins, reactive=reactive) == ["In reactive management since 22 September 2024: no visits."]
    ends = [event(60.2, "to_visits", due=74, review_due=120), event(60.2, "reported", review_due=74)]
    assert longest_unseen(trace(*tale, *ends, reactive=reactive)) == 7
    assert reasons(begins, *ends, reactive=reactive)[:3] == [
        "In reactive management from 22 September 2024 to 1 November 2024; no visits.",
        "The visit due 3 August 2024 had not been made by then, 50 days overdue.",
        "Visit due 15 November 2024, 47 days overdue.",
    ]


def test_recalled_and_moved() -> None:
    teams = [{"name": "North", "officers": 2, "offenders": 100}, {"name": "South", "officers": 2, "offenders": 100}]
    recall = [event(20, "to_custody", "recalled"), event(48, "released", due=62)]
    moved = event(80, "moved", officer=2, due=62, team=1)
    assert reasons(*recall, moved, teams=teams)[:5] == [
        "After a recall in custody from 22 September 2024 to 20 October 2024; no visits there.",
        "The visit due 3 August 2024 had not been made by then, 50 days overdue.",
        "On 21 November 2024 the offender moved house into the area of South.",
        "Visit due 3 November 2024, 59 days overdue.",
        "From 3 November 2024 to the end, 59 days, nobody tried.",
    ]


def test_supervisors_may_find_a_lost_record() -> None:
    supervisors = {"hours_per_week": 2, "finds_lost_record": 0.5}
    assert reasons(SEEN, event(20.5, "record_lost"), supervisors=supervisors)[-1] == (
        "Supervisors check records in turn, within their hours; a check finds 50% of the lost records."
    )
