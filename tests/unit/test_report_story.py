"""An offender's story, sentence by sentence."""

from typing import Any

import pytest

from sim.report.stories.event_trace import EventTrace, NobodyThere
from sim.report.stories.story import offender_story
from tests.support.event_logs import at_start, event, failed, trace

NEVER = float("inf")
START = at_start()
MISSING = {"tracing_interval_days": 30}


def shown(tale: EventTrace, offender: int = 7) -> list[str]:
    """The story without its two lines of heading."""
    return offender_story(tale, offender)[2:]


def shown_after_start(*events: dict[str, Any], **changes: Any) -> list[str]:
    """What follows the two lines on how the offender stood on the first day, without the last one on the end."""
    return shown(trace(*START, *events, **changes))[2:-1]


def at_the_end(*events: dict[str, Any], **changes: Any) -> str:
    """What the last line says of the end."""
    return shown(trace(*START, *events, **changes))[-1].removeprefix("Midnight after 31 December 2024, the end: ")


def test_the_heading_says_who_where_and_that_nobody_is_meant() -> None:
    assert offender_story(trace(*START), 7)[:2] == [
        "Offender 7 of North: replication 1 of Smalltown, 2 September 2024 to 31 December 2024",
        "Offenders and officers are rows of the simulation, known by number; no real person is meant.",
    ]


def test_nothing_happens() -> None:
    unannounced = event(-600, "seen_before", "seen")
    assert shown(trace(unannounced, *at_start(due=-30, true_risk="high"))) == [
        "11 January 2023: seen at an unannounced visit, before the simulation began.",
        "2 November 2023: seen at an announced visit, before the simulation began.",
        "2 September 2024: on the register when the simulation begins; recorded risk low, true risk high; in the "
        "caseload of officer 0. Visit due 3 August 2024, 30 days overdue. Review due 1 December 2024.",
        "Midnight after 31 December 2024, the end: recorded risk low, true risk high; in the caseload of officer 0. "
        "Last seen 2 November 2023, 426 days earlier. Next visit due 3 August 2024, 151 days overdue. "
        "Next review due 1 December 2024, 31 days overdue.",
    ]


def test_a_visit_is_overdue_from_the_day_after_its_due_date() -> None:
    def seen(day: float) -> str:
        (line,) = shown_after_start(event(day, "visit", "seen", announced=1, colleague=3, due=day // 1 + 365))
        return line

    assert seen(60.4) == (
        "1 November 2024: officers 0 and 3 came announced and saw the offender; the visit was in date. "
        "Next visit due 1 November 2025."
    )
    assert seen(61.4) == (
        "2 November 2024: officers 0 and 3 came announced and saw the offender; the visit was one day overdue. "
        "Next visit due 2 November 2025."
    )


def test_failed_attempts_stand_alone_until_there_are_three_in_a_row() -> None:
    assert shown_after_start(failed(59.5), failed(67.5, announced=1)) == [
        "31 October 2024: officer 0 came unannounced; nobody answered. Visit due 1 November 2024.",
        "8 November 2024: officer 0 came announced; nobody answered. Visit due 1 November 2024, seven days overdue.",
    ]
    in_a_row = shown_after_start(failed(59.5), failed(67.5, announced=1), failed(75.5), event(80, "breach_began"))
    assert in_a_row == [
        "31 October 2024 to 16 November 2024: three attempts, 1 announced and 2 unannounced; nobody answered. "
        "Visit due 1 November 2024, 15 days overdue.",
        "21 November 2024: a breach began; nobody knows.",
    ]


def test_failed_attempts_lead_to_a_warrant() -> None:
    escalation = {"after_failed_attempts": 2, "warrant_delay_days": 14, "warrant_hours": 4}
    attempts = [failed(62.5), failed(70.5)]
    assert shown_after_start(*attempts, escalation=escalation)[1] == (
        "11 November 2024: officer 0 came unannounced; nobody answered. Visit due 1 November 2024, ten days overdue. "
        "After two consecutive attempts a warrant is sought, to be executed from 25 November 2024."
    )
    assert " A warrant is wanted, to be executed from 25 November 2024. " in at_the_end(
        *attempts, escalation=escalation
    )
    entered = event(85.5, "warrant", "seen", colleague=2, due=450)
    found = event(85.5, "breach_found", "at_visit")
    lines = shown_after_start(event(50, "breach_began"), *attempts, entered, found, escalation=escalation)
    assert lines[3:] == [
        "26 November 2024: officers 0 and 2 entered by warrant and saw the offender; the visit was 25 days overdue. "
        "Next visit due 26 November 2025.",
        "26 November 2024: the breach of 22 October 2024 came to light at this entry, 35 days after it began.",
    ]
    assert "warrant" not in at_the_end(*attempts, entered, escalation=escalation)


def test_an_offender_leaves_home_is_found_gone_and_is_traced() -> None:
    away = [event(10.3, "left_home"), failed(62.5), event(70.5, "notification", "missed")]
    gone = event(80.5, "warrant", "whereabouts_unknown", colleague=1)
    tries = [event(day, "tracing", "no_contact") for day in (110.5, 111.5, 112.5)]
    # The log has what came to light before the tracing at which it did.
    found = [event(115.5, "breach_found", "at_visit"), event(115.5, "tracing", "seen", due=480)]
    assert shown_after_start(event(5, "breach_began"), *away, gone, *tries, *found, missing=MISSING)[1:] == [
        "12 September 2024: left home without notifying the police; nobody knows.",
        "3 November 2024: officer 0 came unannounced; nobody answered, as the offender had left home. "
        "Visit due 1 November 2024, two days overdue.",
        "11 November 2024: officer 0 recorded a missed annual notification, as the offender had left home; "
        "that is a breach.",
        "21 November 2024: officers 0 and 1 entered by warrant: the offender was missing, away since 12 September "
        "2024. Whereabouts unknown: no visits; tracing attempts from 21 December 2024.",
        "21 December 2024 to 23 December 2024: three attempts to trace the offender, without success.",
        "26 December 2024: officer 0 traced and saw the offender, whose whereabouts had been unknown for 35 days. "
        "Leaving home without notifying the police is itself a breach. Next visit due 26 December 2025.",
        "26 December 2024: the breach of 7 September 2024 came to light when the offender was traced, "
        "110 days after it began.",
    ]
    assert at_the_end(*away) == (
        "recorded risk low; in the caseload of officer 0. Last seen 2 November 2023, 426 days earlier. Left home on "
        "12 September 2024, which nobody knows. Next visit due 1 November 2024, 61 days overdue. "
        "Next review due 1 December 2024, 31 days overdue."
    )
    assert at_the_end(*away, gone) == (
        "whereabouts unknown since 21 November 2024; recorded risk low; in the caseload of officer 0. "
        "Last seen 2 November 2023, 426 days earlier."
    )
    assert at_the_end(*away, gone, found[1]).startswith(
        "recorded risk low; in the caseload of officer 0. Last seen 26 December 2024, six days earlier. "
        "Next visit due 26 December 2025."
    )


def test_an_enquiry_may_find_that_the_offender_is_gone() -> None:
    enquiry = event(80.5, "enquiry", "whereabouts_unknown", minutes=1200)
    assert shown_after_start(event(10.3, "left_home"), enquiry, missing=MISSING)[1] == (
        "21 November 2024: officer 0 enquired into the breach (20 hours of work; the log dates its end as if it "
        "went on day and night, the hours beyond the shift are worked later) and found the offender missing, "
        "away since 12 September 2024. Whereabouts unknown: no visits; tracing attempts from 21 December 2024."
    )


def test_a_record_is_lost_and_found() -> None:
    lost = [event(61.5, "visit", "seen", due=426), event(61.5, "record_lost")]
    review = event(80.5, "review", "done", risk="high", true_risk="high", due=NEVER, review_due=445)
    audit = event(100.5, "record_found", "at_audit", due=90)
    lines = shown_after_start(*lost, event(75, "drifted", true_risk="high"), review, audit)
    assert lines[:2] + lines[3:] == [
        "2 November 2024: officer 0 came unannounced and saw the offender; the visit was one day overdue. "
        "Next visit due 2 November 2025.",
        "2 November 2024: officer 0, who is untrained, did not record the date of the next visit: no visits "
        "until the record is found, and no visit counts as overdue.",
        "21 November 2024: officer 0 reviewed the risk and raised it from low to high; the review was in date. "
        "Next review due 21 November 2025.",
        "11 December 2024: the lost record was found by an audit of the register, 39 days after it was lost. "
        "Visit due 1 December 2024, ten days overdue.",
    ]
    assert at_the_end(*lost) == (
        "recorded risk low; in the caseload of officer 0. Last seen 2 November 2024, 60 days earlier. The record "
        "has had no next date since 2 November 2024: no visits. Next review due 1 December 2024, 31 days overdue."
    )
    attended = [event(99.5, "notification", "done"), event(99.5, "record_found", "at_notification", due=426)]
    assert shown_after_start(*lost, *attended)[2:] == [
        "10 December 2024: officer 0 completed the annual notification.",
        "10 December 2024: the lost record was found at this notification, 38 days after it was lost. "
        "Visit due 2 November 2025.",
    ]
    assert "Next visit due 2 November 2025." in at_the_end(*lost, *attended)


def test_reviews_raise_lower_leave_and_err() -> None:
    assert shown_after_start(
        event(10, "drifted", true_risk="high"),
        event(100.5, "review", "done", risk="high", due=150, review_due=465),
        event(101.5, "drifted", true_risk="medium"),
        event(102.5, "review", "done", review_due=467),
        event(103.5, "review", "done", risk="medium", due=200, review_due=468),
        event(104.5, "drifted", true_risk="high"),
        event(105.5, "drifted", true_risk="medium"),
    ) == [
        "12 September 2024: true risk rose to high; recorded risk low.",
        "11 December 2024: officer 0 reviewed the risk and raised it from low to high; the review was ten days "
        "overdue. Next visit due 30 January 2025. Next review due 11 December 2025.",
        "12 December 2024: true risk fell to medium; recorded risk high.",
        "13 December 2024: officer 0 reviewed the risk and left it at high; the review was in date. "
        "True risk was medium. Next review due 13 December 2025.",
        "14 December 2024: officer 0 reviewed the risk and lowered it from high to medium; the review was in date. "
        "Next visit due 21 March 2025. Next review due 14 December 2025.",
        "15 December 2024: true risk rose to high; recorded risk medium.",
        "16 December 2024: true risk fell to medium, the recorded level.",
    ]


def test_a_breach_begins_not_seen_is_found_and_followed_up() -> None:
    early = event(-20, "breach_began")
    tale = trace(
        START[0],
        early,
        START[1],
        event(5.5, "breach_found", "by_intelligence"),
        event(10.2, "breach_began"),
        event(20.2, "breach_began"),
        event(50.5, "visit", "seen", due=415),
        event(50.5, "breach_found", "at_visit"),
        event(52.5, "enquiry", "warning", colleague=2, minutes=2460),
        event(60.2, "breach_began"),
        event(61.5, "notification", "missed", due=426),
        event(62.5, "notification", "done", due=427),
        event(62.5, "breach_found", "at_notification"),
        event(70.2, "breach_began"),
    )
    lines = shown(tale)
    assert [lines[number] for number in (1, 3, 4, 7, 8, 10, 11, 12)] == [
        "13 August 2024: a breach began; nobody knows.",
        "7 September 2024: the breach of 13 August 2024 came to light by intelligence, 25 days after it began.",
        "12 September 2024: a breach began; nobody knows.",
        "22 October 2024: the breaches of 12 September 2024 and 22 September 2024 came to light at this visit, "
        "40 days after the first began.",
        "24 October 2024: officers 0 and 2 ended the enquiry into the breach (41 hours of work; the log dates its end "
        "as if it went on day and night, the hours beyond the shift are worked later) with a warning.",
        "2 November 2024: officer 0 recorded a missed annual notification; that is a breach.",
        "3 November 2024: officer 0 completed the annual notification.",
        "3 November 2024: the breach of 1 November 2024 came to light at this notification, two days after it began.",
    ]
    assert "Next visit due 22 October 2025." in lines[-1]
    assert lines[-1].endswith(" Still hidden: the breach of 11 November 2024.")


def test_custody_ends_what_was_hidden_and_brings_first_work() -> None:
    into = event(40.5, "to_custody")
    inside = shown(trace(*START, event(10, "breach_began"), event(40, "enquiry", "custody"), into))
    assert inside[3:] == [
        "12 October 2024: officer 0 ended the enquiry into the breach (one hour of work) with custody.",
        "12 October 2024: taken into custody; no visits.",
        "Midnight after 31 December 2024, the end: in custody since 12 October 2024.",
    ]
    out = event(80.5, "released", officer=2, due=95, review_due=140)
    released = shown(trace(*START, event(10, "breach_began"), into, out))
    assert released[4] == (
        "21 November 2024: released from custody; in the caseload of officer 2. First visit due 6 December 2024. "
        "First review due 20 January 2025."
    )
    assert "Still hidden" not in released[-1]


def test_anyone_is_recalled_has_been_found() -> None:
    away, recalled = event(10.3, "left_home"), event(40.5, "to_custody", "recalled")
    assert "which nobody knows" in at_the_end(away)
    assert "Left home" not in at_the_end(away, recalled, event(80.5, "released", officer=2, due=95, review_due=140))


def test_from_registration_to_leaving() -> None:
    tale = trace(
        event(9, "registered", due=24, review_due=69, officer=3, risk="medium", true_risk="medium"),
        event(11.5, "initial_assessment", "done", officer=3, colleague=1),
        event(20, "reallocated"),
        event(30, "reallocated", officer=1),
        event(99, "left_register"),
    )
    assert shown(tale) == [
        "11 September 2024: registered; recorded risk medium; in the caseload of officer 3. "
        "First visit due 26 September 2024. First review due 10 November 2024.",
        "13 September 2024: officers 3 and 1 completed the initial assessment.",
        "22 September 2024: moved from the caseload of officer 3 to nobody's caseload.",
        "2 October 2024: moved from nobody's caseload to the caseload of officer 1.",
        "10 December 2024: left the register: end of the notification period, death or a move to "
        "another force; the log does not say.",
        "Midnight after 31 December 2024, the end: no longer on the register.",
    ]


def test_a_pooled_caseload_is_the_teams() -> None:
    mix = {"low": 0.5, "medium": 0.3, "high": 0.18, "very_high": 0.02}
    tale = trace(*at_start(officer=-1, due=NEVER), caseload={"allocation": "pooled", "risk_mix": mix})
    assert shown(tale)[1].endswith("in the common caseload of the team. No visit due. Review due 1 December 2024.")


def test_a_lever_moves_due_dates() -> None:
    assert shown_after_start(
        event(29, "rescheduled", due=NEVER),
        event(59, "rescheduled", due=40, review_due=100),
        event(61.5, "visit", "seen", due=240),
    ) == [
        "1 October 2024: a lever of the scenario moved due dates. No visit due.",
        "31 October 2024: a lever of the scenario moved due dates. Next visit due 12 October 2024, 19 days overdue. "
        "Next review due 11 December 2024.",
        "2 November 2024: officer 0 came unannounced and saw the offender; the visit was 21 days overdue. "
        "Next visit due 30 April 2025.",
    ]


def test_a_visit_to_somebody_who_was_not_due_one() -> None:
    assert shown_after_start(event(29, "rescheduled", due=NEVER), event(40.5, "visit", "seen", due=NEVER))[1] == (
        "12 October 2024: officer 0 came unannounced and saw the offender. No visit due."
    )


def of_officer(day: float, kind: str, why: str = "", officer: int = 0) -> dict[str, Any]:
    return event(day, kind, why, offender=-1, officer=officer)


def test_the_officer_leaves_and_a_successor_comes() -> None:
    assert shown_after_start(
        of_officer(10.5, "officer_left"),
        event(10.5, "reallocated", officer=-1),
        of_officer(70.5, "officer_joined"),
        event(70.5, "reallocated", officer=0),
    ) == [
        "12 September 2024: moved from the caseload of officer 0, who has left, to nobody's caseload.",
        "11 November 2024: moved from nobody's caseload to the caseload of officer 0, who has just started in the "
        "post.",
    ]
    vacant = [of_officer(0, "officer_left"), event(0, "reallocated", officer=3)]
    assert shown_after_start(*vacant) == [
        "2 September 2024: moved from the caseload of officer 0, whose post is vacant, to the caseload of officer 3."
    ]


def test_colleagues_cover_while_the_officer_is_sick() -> None:
    cover = {"risk_mix": {"low": 0.5, "medium": 0.3, "high": 0.18, "very_high": 0.02}, "cover": {"rule": "high_risk"}}
    sick = of_officer(10.5, "officer_away", "sick")
    # The one was in the hands of an officer when the caseload was covered.
    covered = [event(24.5, "reallocated", officer=2), event(24.7, "reallocated", officer=2, offender=8)]
    tale = trace(
        *START,
        *at_start(8),
        sick,
        *covered,
        of_officer(40.5, "officer_back", "sick"),
        event(40.5, "reallocated", officer=0),
        caseload=cover,
    )
    moved = (
        "26 September 2024: moved from the caseload of officer 0, sick since 12 September 2024, to the caseload of "
        "officer 2."
    )
    assert shown(tale)[2:-1] == [
        moved,
        "12 October 2024: moved from the caseload of officer 2 to the caseload of officer 0, who has returned from "
        "sickness.",
    ]
    assert moved in shown(tale, 8)
    assert "officer 0, who has been sick since 12 September 2024. Last seen" in shown(trace(*START, sick))[-1]


def test_what_the_log_does_not_show_of_a_change_of_officer_is_not_said() -> None:
    sick_for_days = of_officer(10.5, "officer_away", "sick")
    well_again = of_officer(14.5, "officer_back", "sick")
    assert shown_after_start(
        sick_for_days, event(12, "reallocated", officer=2), well_again, event(14.5, "reallocated")
    )[:2] == [
        "14 September 2024: moved from the caseload of officer 0 to the caseload of officer 2.",
        "16 September 2024: moved from the caseload of officer 2 to nobody's caseload.",
    ]


def test_a_lever_changes_the_number_of_posts() -> None:
    levers = [{"from": "2024-09-30", "set": {"officers.total": 3}}]
    cut = shown(trace(*at_start(officer=3), event(28, "reallocated", officer=0), levers=levers))
    assert cut[2] == (
        "30 September 2024: moved from the caseload of officer 3, whose post no longer exists, to the caseload of "
        "officer 0."
    )
    assert shown_after_start(event(28, "reallocated", officer=1), levers=levers) == [
        "30 September 2024: moved from the caseload of officer 0 to the caseload of officer 1, as a lever of the "
        "scenario changed the number of posts."
    ]


def test_an_offender_moves_into_the_area_of_another_team() -> None:
    teams = [{"name": "North", "officers": 2, "offenders": 100}, {"name": "South", "officers": 2, "offenders": 100}]
    moved = event(40, "moved", officer=2, due=54, team=1)
    tale = trace(*START, moved, event(61.5, "visit", "seen", officer=2, due=426, team=1), teams=teams)
    assert offender_story(tale, 7)[0].startswith("Offender 7 of North, later of South: ")
    assert shown(tale)[2:4] == [
        "12 October 2024: moved house, from the area of North to that of South; in the caseload of officer 2. "
        "Visit due 26 October 2024.",
        "2 November 2024: officer 2 came unannounced and saw the offender; the visit was seven days overdue. "
        "Next visit due 2 November 2025.",
    ]
    lost = [event(20.5, "visit", "seen", due=385), event(20.5, "record_lost")]
    assert shown(trace(*START, *lost, {**moved, "due": NEVER}, teams=teams))[4].endswith("caseload of officer 2.")


def test_reports_checks_and_meetings_bring_the_review_forward() -> None:
    drifted = event(5, "drifted", true_risk="high")
    assert shown_after_start(
        drifted,
        event(10.2, "reported", review_due=24),
        event(15.5, "meeting", "done"),
        event(15.5, "risk_noticed", "at_meeting", review_due=15),
        event(20, "risk_noticed", "at_check"),
    )[1:] == [
        "12 September 2024: a report about the offender came in. Review due 26 September 2024.",
        "17 September 2024: officer 0 attended the MAPPA meeting about the offender.",
        "17 September 2024: this meeting showed that risk is high, not low as recorded. Review due 17 September 2024.",
        "22 September 2024: a supervisor's check of the record showed that risk is high, not low as recorded.",
    ]
    found = shown_after_start(event(5, "breach_began"), event(9, "breach_found", "by_intelligence", review_due=23))
    assert found[1].endswith("four days after it began. Review due 25 September 2024.")


def test_reactive_management_begins_and_ends() -> None:
    reactive = {"after_quiet_years": 5, "check_interval_days": 100, "check_hours": 1}
    begins = [event(40.5, "review", "done", review_due=405), event(40.5, "to_reactive", review_due=NEVER)]
    check = event(100.5, "desk_check", "done")
    # The log has the end of reactive management before the report that ends it.
    ends = [event(110.2, "to_visits", due=124, review_due=170), event(110.2, "reported", review_due=117)]
    assert shown_after_start(*begins, check, *ends, reactive=reactive)[1:] == [
        "12 October 2024: reactive management begins: no visits and no reviews from now on, but "
        "a desk check every 100 days.",
        "11 December 2024: officer 0 completed the desk check of reactive management.",
        "21 December 2024: a report about the offender came in. Review due 28 December 2024.",
        "21 December 2024: reactive management ends: visits resume. First visit due 4 January 2025.",
    ]
    assert at_the_end(*begins, check, reactive=reactive).endswith(
        "In reactive management since 12 October 2024: no visits."
    )
    assert at_the_end(*begins, *ends, reactive=reactive).endswith(
        "Next visit due 4 January 2025. Next review due 28 December 2024, four days overdue."
    )
    missed = [ends[0], event(110.2, "notification", "missed", due=475, review_due=117)]
    assert shown_after_start(*begins, *missed, reactive=reactive)[2].endswith("a breach. Review due 28 December 2024.")
    assert "Next review due 28 December 2024, four days overdue." in at_the_end(*begins, *missed, reactive=reactive)


def test_a_lever_ends_reactive_management() -> None:
    reactive = {"after_quiet_years": 5, "check_interval_days": 100, "check_hours": 1}
    levers = [{"from": "2024-11-11", "set": {"reactive.after_quiet_years": "never"}}]
    begins = event(40.5, "to_reactive", review_due=NEVER)
    ends = event(70, "to_visits", due=84, review_due=130)
    assert shown_after_start(begins, ends, reactive=reactive, levers=levers)[1] == (
        "11 November 2024: reactive management ends by a lever of the scenario: visits resume. "
        "First visit due 25 November 2024. Review due 10 January 2025."
    )


def test_a_recall_drops_a_warrant_and_finds_who_had_left_home() -> None:
    escalation = {"after_failed_attempts": 1, "warrant_delay_days": 14, "warrant_hours": 4}
    gone = [event(50, "left_home"), failed(62.5), event(70, "to_custody", "recalled")]
    assert shown_after_start(*gone, escalation=escalation)[2] == (
        "11 November 2024: recalled to custody, and so found; no visits. The warrant is no longer wanted."
    )
    back = event(98, "released", due=112, review_due=158)
    assert at_the_end(*gone, back, escalation=escalation) == (
        "recorded risk low; in the caseload of officer 0. Last seen 2 November 2023, 426 days earlier. "
        "Next visit due 23 December 2024, nine days overdue. Next review due 7 February 2025."
    )


def test_the_surge_team_is_named() -> None:
    visit = event(61.5, "visit", "seen", officer=4, colleague=1, due=426)
    both = event(61.5, "visit", "seen", officer=4, colleague=5, due=426)
    surge = {"officers": 2}
    assert shown_after_start(visit, surge=surge)[0].startswith(
        "2 November 2024: officer 1 and officer 4 of the surge team came unannounced"
    )
    assert shown_after_start(both, surge=surge)[0].startswith(
        "2 November 2024: officers 4 and 5 of the surge team came"
    )


@pytest.mark.parametrize("number", [13, -1])
def test_an_offender_who_is_not_there(number: int) -> None:
    with pytest.raises(NobodyThere) as missing:
        offender_story(trace(*at_start(), *at_start(offender=12)), number)
    assert str(missing.value) == f"There is no offender {number}; replication 1 has offenders 0 to 12."


def test_a_force_without_offenders_says_so() -> None:
    nobody = trace(*START)
    with pytest.raises(NobodyThere, match=r"^There is no offender 3; replication 1 has offenders 0 to 7\.$"):
        offender_story(nobody, 3)
    with pytest.raises(NobodyThere, match=r"^There is no offender 0; replication 1 has no offenders\.$"):
        offender_story(EventTrace(nobody.scenario, 1, nobody.events.iloc[:0]), 0)
