"""An officer's diary, week by week."""

import pytest
from story_desk import chronicle, event

from sim.model.state import WORK_KINDS
from sim.report.chronicle import NobodyThere
from sim.report.diary import DEEDS, officer_diary

START = event(0, "at_start", caseload=3)


def test_every_kind_of_work_has_its_words() -> None:
    assert {kind for kind, _ in DEEDS} == set(WORK_KINDS)


def test_a_diary() -> None:
    tale = chronicle(
        START,
        event(1.5, "review", "done", offender=9, minutes=300),
        event(2.5, "visit", "no_contact", offender=12, colleague=1, minutes=60),
        event(3.5, "visit", "seen", offender=7, officer=2, colleague=0, minutes=240),
        event(3.6, "visit", "seen", offender=8, officer=2, colleague=1, minutes=240),
        event(4.5, "visit", "no_contact", offender=12, colleague=1, minutes=60),
        event(29.5, "notification", "missed", offender=9, minutes=30),
        event(30.5, "enquiry", "charge", offender=9, colleague=3, minutes=1200),
    )
    assert officer_diary(tale, 0) == [
        "Officer 0 of North: replication 1 of Smalltown, 2 September 2024 to 31 December 2024",
        "Offenders and officers are rows of the simulation, known by number; no real person is meant. Hours of a crew "
        "are shared out evenly; the log does not tell leave, sickness, court and idle hours apart.",
        "In all: 18.5 hours: enquiries 10.0, reviews 5.0, visits 3.0, notifications 0.5.",
        "Week of 2 September 2024: 8.0 hours: reviews 5.0, visits 3.0. Saw 7; nobody answered at 12 (twice); "
        "reviewed 9. With officers 1 and 2.",
        "9 September 2024 to 29 September 2024: no work.",
        "Week of 30 September 2024: 10.5 hours: enquiries 10.0, notifications 0.5. Waited in vain for the notification "
        "of 9; charged 9. With officer 3.",
        "7 October 2024 to 31 December 2024: no work.",
    ]


def test_an_officer_who_never_works() -> None:
    assert officer_diary(chronicle(START), 3)[2:] == [
        "In all: no work.",
        "2 September 2024 to 31 December 2024: no work.",
    ]


def test_a_week_that_began_before_the_first_day() -> None:
    tale = chronicle(START, event(0.5, "review", "done"), start="2024-09-04", end="2024-09-08")
    assert officer_diary(tale, 0)[3:] == ["Week of 4 September 2024: 1.0 hours: reviews 1.0. Reviewed 7."]


@pytest.mark.parametrize(("number", "there"), [(4, "has officers 0 to 3"), (-1, "has officers 0 to 3")])
def test_an_officer_who_is_not_there(number: int, there: str) -> None:
    with pytest.raises(NobodyThere) as missing:
        officer_diary(chronicle(START), number)
    assert str(missing.value) == f"There is no officer {number}; replication 1 {there}."


def test_a_force_without_officers() -> None:
    with pytest.raises(NobodyThere, match=r"^There is no officer 0; replication 1 has no officers\.$"):
        officer_diary(chronicle(event(0, "at_start", caseload=-1)), 0)
