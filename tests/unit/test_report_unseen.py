"""Who is unseen for longest at the end, and what the log says of the reasons."""

from typing import Any

import pytest
from story_desk import chronicle, event

from sim.report.chronicle import Chronicle, NobodyThere
from sim.report.unseen import longest_unseen, why_unseen

NEVER = float("inf")
START = event(0, "at_start", visit_due=-30, last_seen=-395)


def reasons(tale: Chronicle, offender: int = 7) -> list[str]:
    """Why, without the first sentence, which says for how long."""
    return why_unseen(tale, offender)[1:]


def failed(day: float, announced: int = 0) -> dict[str, Any]:
    return event(day, "visit", "no_contact", announced=announced)


def test_only_who_is_on_the_visit_list_counts() -> None:
    tale = [
        event(0, "at_start", offender=1, last_seen=-900),
        event(50, "to_custody", offender=1),
        event(0, "at_start", offender=2, last_seen=-800),
        event(50, "left_register", offender=2),
        event(0, "at_start", offender=3, last_seen=-700, visit_due=NEVER),
        event(0, "at_start", offender=4, last_seen=-600),
        event(50, "visit", "seen", offender=4, last_seen=50),
        event(0, "at_start", offender=6, last_seen=-500),
        event(0, "at_start", offender=5, last_seen=-500),
        event(60, "drifted", offender=5),
    ]
    assert longest_unseen(chronicle(*tale)) == 5
    with pytest.raises(NobodyThere) as missing:
        longest_unseen(chronicle(*tale[:5]))
    assert str(missing.value) == "Nobody is on the visit list at the end of replication 1."


def test_a_lever_may_take_a_risk_level_off_the_list() -> None:
    tale = [START, event(0, "at_start", offender=8, risk="high", last_seen=-100)]
    assert longest_unseen(chronicle(*tale)) == 7
    lever = {"from": "2024-10-01", "set": {"visits.interval_days.low": "never"}}
    assert longest_unseen(chronicle(*tale, levers=[lever])) == 8


@pytest.mark.parametrize(
    ("first", "since"),
    [
        (START, "516 days, since 4 August 2023, before the simulation began."),
        (event(9, "registered", last_seen=9), "112 days, since 11 September 2024, the day of registration."),
    ],
)
def test_for_how_long(first: dict[str, Any], since: str) -> None:
    assert why_unseen(chronicle(first), 7)[0] == (
        f"At the end nobody on the visit list has been unseen for longer than offender 7: {since}"
    )
    seen = event(20.5, "visit", "seen", last_seen=20.5)
    assert why_unseen(chronicle(first, seen), 7)[0].endswith(": 100 days, since 22 September 2024.")


def test_due_and_others_came_first() -> None:
    others = [
        event(10.5, "visit", "seen", offender=8, risk="high", colleague=1),
        event(11.5, "visit", "seen", offender=8),
        event(12.5, "enquiry", "warning", offender=9),
        event(13.5, "review", "done", offender=9, officer=1, colleague=0),
    ]
    assert reasons(chronicle(START, *others)) == [
        "Visit due 3 August 2024, 151 days overdue.",
        "From 2 September 2024 to the end, 121 days, nobody tried.",
        "In that time officer 0 did 2 visits, 1 enquiry and 1 review for others, 2 of them at a higher recorded risk: "
        "other work came first or, as two officers must go, no colleague was free; the log does not tell which.",
    ]


def test_where_one_officer_is_enough_nobody_else_was_wanted() -> None:
    visits = {"interval_days": 365, "visit_hours": 1, "crew": 1}
    elsewhere = event(10.5, "visit", "seen", offender=8, officer=1)
    assert reasons(chronicle(START, elsewhere, visits=visits))[-1] == (
        "In that time officer 0 did no work for others; the log does not tell why."
    )
    assert reasons(chronicle(START, {**elsewhere, "officer": 0}, visits=visits))[-1] == (
        "In that time officer 0 did 1 visit for others, 0 of them at a higher recorded risk: other work came first."
    )


def test_a_team_with_too_few_officers() -> None:
    lone = [{"name": "North", "officers": 1, "offenders": 200}]
    assert reasons(chronicle(START, teams=lone))[-1] == "Nobody could: two officers must go, and the team has fewer."


def test_a_pooled_team_is_answerable_together() -> None:
    mix = {"low": 0.5, "medium": 0.3, "high": 0.18, "very_high": 0.02}
    work = [event(10.5, "review", "done", offender=8, officer=number) for number in (1, 2)]
    tale = chronicle(START, *work, caseload={"allocation": "pooled", "risk_mix": mix})
    assert reasons(tale)[-1].startswith("In that time the team did 2 reviews for others, ")


def test_tried_and_never_seen() -> None:
    tale = chronicle(START, failed(10.5), failed(18.5, announced=1), failed(110.5))
    assert reasons(tale)[:3] == [
        "Officers tried: three attempts, 1 announced and 2 unannounced, from 12 September 2024 to 21 December 2024; "
        "nobody answered.",
        "Visit due 3 August 2024, 151 days overdue.",
        # A week after each failure the next attempt may be made.
        "From 27 September 2024 to 21 December 2024, 85 days, nobody tried.",
    ]


def test_tried_again_and_again() -> None:
    tale = chronicle(START, *(failed(day + 0.5) for day in range(0, 120, 8)))
    assert reasons(tale) == [
        "Officers tried: 15 attempts, unannounced, from 2 September 2024 to 23 December 2024; nobody answered.",
        "Visit due 3 August 2024, 151 days overdue.",
    ]


def test_custody_and_allocation() -> None:
    away = [event(20.5, "to_custody", caseload=-1), event(60.5, "released", caseload=-1, visit_due=75)]
    assert reasons(chronicle(START, *away, event(70, "drifted"))) == [
        "In custody from 22 September 2024 to 1 November 2024; nobody visits there.",
        "The visit due 3 August 2024 had not been made when custody began.",
        "Since 22 September 2024 the offender has been unallocated: no officer comes.",
    ]


def test_not_due_yet() -> None:
    assert reasons(chronicle(event(0, "at_start", visit_due=200))) == [
        "The next visit is due only on 21 March 2025; at recorded risk low a visit is due every 365 days."
    ]
    varied = {"interval_days": {"distribution": "gamma", "mean": 300, "cv": 0.2}, "visit_hours": 1}
    assert reasons(chronicle(event(0, "at_start", visit_due=200), visits=varied))[0].endswith(
        "a visit is due every 300 days on average."
    )


def test_an_intake_comes_before_any_visit() -> None:
    joined = event(9, "registered", last_seen=9, visit_due=24)
    assert reasons(chronicle(joined))[:3] == [
        "Visit due 26 September 2024, 97 days overdue.",
        "The intake, which comes before any visit, has waited since 11 September 2024.",
        "From 11 September 2024 to the end, 112 days, nobody tried.",
    ]
    assert reasons(chronicle(joined, event(50.5, "intake", "done")))[1] == (
        "From 22 October 2024 to the end, 70 days, nobody tried."
    )
    no_intake = {"hours": 0}
    assert (
        reasons(chronicle(joined, intake=no_intake))[1] == "From 26 September 2024 to the end, 97 days, nobody tried."
    )


def test_a_due_date_that_a_lever_moved_is_not_made_up() -> None:
    lever = {"from": "2024-10-01", "set": {"visits.interval_days.low": 180}}
    assert reasons(chronicle(START, levers=[lever])) == [
        "A lever has moved due dates since the last event; the log does not tell when the visit is due now."
    ]
