"""An offender's story, sentence by sentence."""

import pytest
from story_desk import chronicle, event

from sim.model.state import EVENT_KINDS
from sim.report.chronicle import Chronicle, NobodyThere
from sim.report.story import TELLERS, offender_story

NEVER = float("inf")
START = event(0, "at_start")


def told(tale: Chronicle, offender: int = 7) -> list[str]:
    """The story without its two lines of heading."""
    return offender_story(tale, offender)[2:]


def test_every_kind_of_event_has_its_sentence() -> None:
    assert set(TELLERS) == set(EVENT_KINDS)


def test_the_heading_says_who_where_and_that_nobody_is_meant() -> None:
    assert offender_story(chronicle(START), 7)[:2] == [
        "Offender 7 of North: replication 1 of Smalltown, 2 September 2024 to 31 December 2024",
        "Offenders and officers are rows of the simulation, known by number; no real person is meant.",
    ]


def test_nothing_happens() -> None:
    assert told(chronicle(event(0, "at_start", visit_due=-30, true_risk="high"))) == [
        "2 September 2024: on the register when the simulation begins; recorded risk low, in truth high; in the "
        "caseload of officer 0. Last seen 2 November 2023. Visit due 3 August 2024, 30 days overdue. "
        "Review due 1 December 2024.",
        "31 December 2024, the end: recorded risk low, in truth high; in the caseload of officer 0. "
        "Last seen 2 November 2023, 426 days ago. Next visit due 3 August 2024, 151 days overdue. "
        "Next review due 1 December 2024, 31 days overdue.",
    ]


def test_a_visit_is_overdue_from_the_day_after_its_due_date() -> None:
    def seen(day: float) -> str:
        visit = event(day, "visit", "seen", announced=1, colleague=3, visit_due=day // 1 + 365, last_seen=day)
        return told(chronicle(START, visit))[1]

    assert seen(60.4) == (
        "1 November 2024: officers 0 and 3 came announced and saw the offender, in date. "
        "Next visit due 1 November 2025."
    )
    assert seen(61.4) == (
        "2 November 2024: officers 0 and 3 came announced and saw the offender, one day overdue. "
        "Next visit due 2 November 2025."
    )


def test_failed_attempts_stand_alone_until_there_are_three_in_a_row() -> None:
    def failed(day: float, announced: int = 0) -> dict:
        return event(day, "visit", "no_contact", announced=announced)

    alone = told(chronicle(START, failed(59.5), failed(67.5, announced=1)))
    assert alone[1:3] == [
        "31 October 2024: officer 0 came unannounced; nobody answered. Visit due 1 November 2024.",
        "8 November 2024: officer 0 came announced; nobody answered. Visit due 1 November 2024, seven days overdue.",
    ]
    in_a_row = told(chronicle(START, failed(59.5), failed(67.5, announced=1), failed(75.5), event(80, "drifted")))
    assert in_a_row[1] == (
        "31 October 2024 to 16 November 2024: three attempts, 1 announced and 2 unannounced; nobody answered. "
        "Visit due 1 November 2024, 15 days overdue."
    )
    assert [line.partition(":")[0] for line in in_a_row[2:]] == ["21 November 2024", "31 December 2024, the end"]


def test_reviews_raise_lower_leave_and_err() -> None:
    drift = event(10, "drifted", true_risk="high")
    tale = chronicle(
        START,
        drift,
        event(100.5, "review", "done", risk="high", visit_due=150, review_due=465),
        event(101.5, "drifted", true_risk="medium"),
        event(102.5, "review", "done", review_due=467),
        event(103.5, "review", "done", risk="medium", visit_due=200, review_due=468),
    )
    assert told(tale)[1:-1] == [
        "12 September 2024: true risk rose to high; the record says low.",
        "11 December 2024: officer 0 reviewed the risk and raised it from low to high, ten days overdue. "
        "Next visit due 30 January 2025. Next review due 11 December 2025.",
        "12 December 2024: true risk fell to medium; the record says high.",
        "13 December 2024: officer 0 reviewed the risk and left it at high, in date. In truth it was medium. "
        "Next review due 13 December 2025.",
        "14 December 2024: officer 0 reviewed the risk and lowered it from high to medium, in date. "
        "Next visit due 21 March 2025. Next review due 14 December 2025.",
    ]


def test_a_breach_begins_unseen_is_found_and_followed_up() -> None:
    tale = chronicle(
        START,
        event(5.5, "breach_found", "by_intelligence"),
        event(10.2, "breach_began"),
        event(20.2, "breach_began"),
        event(50.5, "visit", "seen", visit_due=415, last_seen=50.5),
        event(50.5, "breach_found", "at_visit"),
        event(52.5, "enquiry", "warning", colleague=2, minutes=2460),
        event(60.2, "breach_began"),
        event(61.5, "notification", "missed"),
        event(62.5, "notification", "done"),
        event(62.5, "breach_found", "at_notification"),
        event(70.2, "breach_began"),
    )
    lines = told(tale)
    assert [lines[number] for number in (1, 2, 5, 6, 8, 9, 10)] == [
        "7 September 2024: a breach that began before the simulation came to light by intelligence.",
        "12 September 2024: a breach began, unseen.",
        "22 October 2024: the breaches of 12 September 2024 and 22 September 2024 came to light at this visit, "
        "40 days after the first began.",
        "24 October 2024: officers 0 and 2 ended the enquiry into the breach with a warning, after 41 hours of work.",
        "2 November 2024: officer 0 waited in vain for the yearly notification, which is a breach.",
        "3 November 2024: officer 0 took the yearly notification.",
        "3 November 2024: the breach of 1 November 2024 came to light at this notification, two days after it began.",
    ]
    assert lines[-1].endswith(" Still hidden: the breach of 11 November 2024.")


def test_custody_ends_what_was_hidden_and_brings_first_work() -> None:
    into = event(40.5, "to_custody", caseload=-1)
    inside = told(chronicle(START, event(10, "breach_began"), event(40, "enquiry", "custody"), into))
    assert inside[2:] == [
        "12 October 2024: officer 0 ended the enquiry into the breach with custody, after one hour of work.",
        "12 October 2024: taken into custody; nobody visits.",
        "31 December 2024, the end: in custody since 12 October 2024.",
    ]
    out = event(80.5, "released", caseload=2, visit_due=95, review_due=140)
    released = told(chronicle(START, event(10, "breach_began"), into, out))
    assert released[3] == (
        "21 November 2024: released from custody; in the caseload of officer 2. First visit due 6 December 2024. "
        "First review due 20 January 2025."
    )
    assert "Still hidden" not in released[-1]


def test_from_registration_to_leaving() -> None:
    tale = chronicle(
        event(9, "registered", visit_due=24, review_due=69, last_seen=9, caseload=3, risk="medium"),
        event(11.5, "intake", "done", officer=3, colleague=1),
        event(20, "reallocated", caseload=-1),
        event(30, "reallocated", caseload=1),
        event(99, "left_register", caseload=-1),
    )
    assert told(tale) == [
        "11 September 2024: joined the register; recorded risk medium; in the caseload of officer 3. "
        "First visit due 26 September 2024. First review due 10 November 2024.",
        "13 September 2024: officers 3 and 1 did the intake.",
        "22 September 2024: moved from the caseload of officer 3 to nobody's caseload.",
        "2 October 2024: moved from nobody's caseload to the caseload of officer 1.",
        "10 December 2024: left the register: the notification period ended, or death or a move; "
        "the log does not tell which.",
        "31 December 2024, the end: no longer on the register.",
    ]


def test_a_pooled_caseload_is_the_teams() -> None:
    mix = {"low": 0.5, "medium": 0.3, "high": 0.18, "very_high": 0.02}
    tale = chronicle(event(0, "at_start", visit_due=NEVER), caseload={"allocation": "pooled", "risk_mix": mix})
    assert told(tale)[0].endswith(
        "in the common caseload of the team. Last seen 2 November 2023. No visit due. Review due 1 December 2024."
    )


def test_what_a_lever_does_to_due_dates_is_not_made_up() -> None:
    lever = {"from": "2024-10-01", "set": {"visits.interval_days.low": 180}}
    visit = event(40.5, "visit", "seen", visit_due=220, last_seen=40.5)
    assert told(chronicle(START, visit, levers=[lever]))[1] == (
        "12 October 2024: officer 0 came unannounced and saw the offender. Next visit due 10 April 2025."
    )
    assert told(chronicle(START, levers=[lever]))[-1] == (
        "31 December 2024, the end: recorded risk low; in the caseload of officer 0. Last seen 2 November 2023, "
        "426 days ago. A lever has moved due dates since the last event; the log does not tell them."
    )
    other = {"from": "2024-10-01", "set": {"visits.announced_share": 0.1}}
    assert "Next visit due 1 November 2024, 61 days overdue." in told(chronicle(START, levers=[other]))[-1]


def test_an_offender_who_is_not_there() -> None:
    with pytest.raises(NobodyThere) as missing:
        offender_story(chronicle(START, event(0, "at_start", offender=12)), 13)
    assert str(missing.value) == "There is no offender 13; replication 1 has offenders 0 to 12."
