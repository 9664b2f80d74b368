"""An officer's diary, week by week."""

from typing import Any

import pytest

from sim.report.stories.diary import officer_diary
from sim.report.stories.event_trace import NobodyThere
from sim.report.stories.officers import Spell
from tests.support.event_logs import event, trace

START = event(0, "at_start", officer=3)


def test_a_diary() -> None:
    tale = trace(
        START,
        event(1.5, "review", "done", offender=9, minutes=300),
        event(2.5, "visit", "no_contact", offender=12, colleague=1, minutes=60),
        event(3.5, "visit", "seen", offender=7, officer=2, colleague=0, minutes=240),
        event(3.6, "visit", "seen", offender=8, officer=2, colleague=1, minutes=240),
        event(4.5, "visit", "no_contact", offender=12, colleague=1, minutes=60),
        event(29.5, "notification", "missed", offender=9, minutes=30),
        event(30.5, "enquiry", "charge", offender=9, colleague=3, minutes=1200),
        event(36.5, "warrant", "seen", offender=12, colleague=3, minutes=480),
        event(37.5, "warrant", "whereabouts_unknown", offender=5, colleague=3, minutes=480),
        event(38.5, "enquiry", "whereabouts_unknown", offender=6, minutes=120),
        event(39.5, "tracing", "no_contact", offender=5, minutes=240),
        event(38.7, "tracing", "seen", offender=6, minutes=240),
    )
    assert officer_diary(tale, 0) == [
        "Officer 0 of North: replication 1 of Smalltown, 2 September 2024 to 31 December 2024",
        "Offenders and officers are rows of the simulation, known by number; no real person is meant. Hours of a crew "
        "are shared evenly. Work that outlasts a shift continues in the next shifts. The log has sickness, courses, "
        "departures and arrivals; it does not distinguish leave, court, abstraction and idle hours.",
        "Total: 36.5 hours: enquiries 12.0, warrants 8.0, tracings 8.0, reviews 5.0, visits 3.0, notifications 0.5.",
        "Week of 2 September 2024: 8.0 hours: reviews 5.0, visits 3.0. Saw 7; had no answer from 12 (twice); "
        "reviewed 9. With officers 1 and 2.",
        "9 September 2024 to 29 September 2024: no work.",
        "Week of 30 September 2024: 10.5 hours: enquiries 10.0, notifications 0.5. Recorded a missed notification "
        "of 9; charged 9. With officer 3.",
        "Week of 7 October 2024: 18.0 hours: warrants 8.0, tracings 8.0, enquiries 2.0. Made enquiries and found "
        "missing 6; entered by warrant and saw 12; entered by warrant and found missing 5; traced 6; tried without "
        "success to trace 5. With officer 3.",
        "14 October 2024 to 31 December 2024: no work.",
    ]


def test_a_long_enquiry_takes_up_shift_after_shift_and_no_week_has_more_hours_than_its_shifts() -> None:
    """63 hours from Monday, 16 September, 09:00 on, in shifts with 6 free hours: 30 + 30 + 3, and 2 free on Monday."""
    begun = 14 + 9 / 24
    tale = trace(
        START,
        event(begun + 63 / 24, "enquiry", "charge", offender=9, minutes=63 * 60),
        event(28 + 14 / 24, "review", "done", offender=12, minutes=120),
        calendar={"shift_start_hour": 9},
        officers={"hours_per_week": 40, "available_share": 0.75},
    )
    assert officer_diary(tale, 0)[2:] == [
        "Total: 65.0 hours: enquiries 63.0, reviews 2.0.",
        "2 September 2024 to 15 September 2024: no work.",
        "Week of 16 September 2024: 30.0 hours: enquiries 30.0. Charged 9.",
        "Week of 23 September 2024: 30.0 hours: enquiries 30.0. Earlier work continues.",
        "Week of 30 September 2024: 5.0 hours: enquiries 3.0, reviews 2.0. Reviewed 12.",
        "7 October 2024 to 31 December 2024: no work.",
    ]


def test_a_long_enquiry_waits_while_its_officer_is_sick_and_what_lies_beyond_the_end_is_not_worked() -> None:
    """24 hours in shifts of 6, begun on Thursday; sick on Friday; the last day is the Monday after: 6 + 6 hours."""
    tale = trace(
        START,
        event(10 + 9 / 24 + 1, "enquiry", "charge", offender=9, minutes=24 * 60),
        of_officer(10.9, "officer_away", "sick", officer=0),
        of_officer(13.9, "officer_back", "sick", officer=0),
        end="2024-09-16",
        calendar={"shift_start_hour": 9},
        officers={"hours_per_week": 40, "available_share": 0.75},
    )
    shown = officer_diary(tale, 0)
    assert shown[2] == "Total: 12.0 hours: enquiries 12.0."
    assert shown[4].startswith("Week of 9 September 2024: 6.0 hours")
    assert shown[-1] == "Week of 16 September 2024: 6.0 hours: enquiries 6.0. Earlier work continues."


def test_an_officer_who_never_works() -> None:
    assert officer_diary(trace(START), 3)[2:] == [
        "Total: no work.",
        "2 September 2024 to 31 December 2024: no work.",
    ]


def test_a_week_that_began_before_the_first_day() -> None:
    tale = trace(START, event(0.5, "review", "done"), start="2024-09-04", end="2024-09-08")
    assert officer_diary(tale, 0)[3:] == ["Week of 4 September 2024: 1.0 hours: reviews 1.0. Reviewed 7."]


@pytest.mark.parametrize(("number", "there"), [(4, "has officers 0 to 3"), (-1, "has officers 0 to 3")])
def test_an_officer_who_is_not_there(number: int, there: str) -> None:
    with pytest.raises(NobodyThere) as missing:
        officer_diary(trace(START), number)
    assert str(missing.value) == f"There is no officer {number}; replication 1 {there}."


def test_a_force_without_officers() -> None:
    nobody = [{"name": "North", "officers": 0, "offenders": 200}]
    tale = trace(event(0, "at_start", officer=-1), teams=nobody)
    with pytest.raises(NobodyThere, match=r"^There is no officer 0; replication 1 has no officers\.$"):
        officer_diary(tale, 0)


def of_officer(day: float, kind: str, why: str = "", officer: int = 2) -> dict[str, Any]:
    return event(day, kind, why, offender=-1, officer=officer)


def test_sickness_courses_and_another_person_in_the_post() -> None:
    tale = trace(
        START,
        event(1.5, "visit", "seen", offender=9, officer=2),
        of_officer(3.7, "officer_away", "sick"),
        of_officer(22.2, "officer_back", "sick"),
        event(23.5, "visit", "seen", offender=9, officer=2),
        of_officer(25, "officer_away", "on_course"),
        of_officer(29, "officer_trained"),
        of_officer(30.5, "officer_left"),
        of_officer(65.5, "officer_joined"),
        event(71.5, "review", "done", offender=9, officer=2),
    )
    assert officer_diary(tale, 2)[1].endswith(" The number is that of a post, held by two persons in turn.")
    assert officer_diary(tale, 2)[3:] == [
        "Week of 2 September 2024: 1.0 hours: visits 1.0. Saw 9.",
        "5 September 2024: falls sick.",
        "9 September 2024 to 22 September 2024: no work: sick.",
        "Week of 23 September 2024: 1.0 hours: visits 1.0. Saw 9.",
        "24 September 2024: returns from sickness.",
        "27 September 2024: goes on a course.",
        "30 September 2024 to 10 November 2024: no work.",
        "1 October 2024: returns from the course, trained.",
        "2 October 2024: the officer leaves; the post is vacant.",
        "6 November 2024: a successor starts in the post, another person under the same number.",
        "Week of 11 November 2024: 1.0 hours: reviews 1.0. Reviewed 9.",
        "18 November 2024 to 31 December 2024: no work.",
    ]


def test_a_course_takes_up_the_days_worked() -> None:
    tale = trace(
        START,
        event(1.5, "visit", "seen", offender=9, officer=2),
        of_officer(6.5, "officer_away", "on_course"),
        of_officer(12, "officer_trained"),
        event(14.5, "visit", "seen", offender=9, officer=2),
    )
    assert "9 September 2024 to 15 September 2024: no work: on a course." in officer_diary(tale, 2)


def test_a_post_that_is_vacant_at_first() -> None:
    tale = trace(START, of_officer(0, "officer_left"), of_officer(28, "officer_joined"))
    assert officer_diary(tale, 2)[3:] == [
        "2 September 2024: the post is vacant when the simulation begins.",
        "2 September 2024 to 31 December 2024: no work.",
        "30 September 2024: an officer starts in the post.",
    ]
    assert officer_diary(trace(START, of_officer(0, "officer_left")), 2)[4] == (
        "2 September 2024 to 31 December 2024: no work: the post is vacant."
    )


def test_posts_that_a_lever_adds_and_cuts() -> None:
    levers = [
        {"from": "2024-09-30", "set": {"officers.total": 5}},
        {"from": "2024-12-02", "set": {"officers.total": 3}},
    ]
    tale = trace(START, of_officer(80, "officer_away", "sick", officer=3), levers=levers)
    assert officer_diary(tale, 4)[3:] == [
        "2 September 2024 to 31 December 2024: no work.",
        "30 September 2024: the post is new.",
        "2 December 2024: the post no longer exists.",
    ]
    assert tale.posts[3].spells == (Spell("sick", 80, 91),)


def test_the_surge_team() -> None:
    surge = {"officers": 1, "from": "2024-09-30", "to": "2024-10-13"}
    tale = trace(START, event(30.5, "visit", "seen", offender=9, officer=4, colleague=0), surge=surge)
    diary = officer_diary(tale, 4)
    assert diary[0].startswith("Officer 4 of the surge team of North: ")
    assert diary[3:] == [
        "2 September 2024 to 29 September 2024: no work: the surge team is not at work.",
        "30 September 2024: the surge team starts.",
        "Week of 30 September 2024: 0.5 hours: visits 0.5. Saw 9. With officer 0.",
        "7 October 2024 to 31 December 2024: no work.",
        "14 October 2024: the surge team ends.",
    ]
    with pytest.raises(NobodyThere, match="has officers 0 to 4"):
        officer_diary(tale, 5)
