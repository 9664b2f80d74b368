"""Each day of a wait has one reason, and the days of all reasons are the whole wait."""

import math
from functools import cache
from pathlib import Path

import pytest

from sim.model import simulate
from sim.report.stories import longest_unseen
from sim.report.stories.event_trace import EventTrace
from sim.report.stories.longest_unseen import account_of, why_unseen
from sim.report.stories.sentences import transitions
from sim.report.stories.story import offender_transitions
from sim.scenario import read
from tests.support.event_logs import at_start, event, failed, trace

ROOT = Path(__file__).parents[2]
# 2 September to 31 December 2024 are 121 days: 87 weekdays, two of which are Christmas and Boxing Day.
NO_SHIFT = 121 - 85
START = at_start(due=-30, last_seen=-395)


def days(*events, start=START, **changes) -> dict[str, int]:
    tale = trace(*start, *events, **changes)
    return account_of(tale, offender_transitions(tale, 7))


def test_nobody_did_anything():
    assert days() == {
        longest_unseen.NOT_DUE: 365,
        longest_unseen.EARLIER: 30,
        longest_unseen.NO_SHIFT: NO_SHIFT,
        longest_unseen.NOT_LOGGED: 85,
    }


def test_the_officer_worked_for_others_on_some_days_and_for_days_on_one_thing():
    work = [event(10.5, "visit", "seen", offender=8), event(10.6, "review", "done", offender=9)]
    long = event(24.5, "enquiry", "warning", offender=9, minutes=60 * 48)  # from Tuesday noon to Thursday noon
    assert days(*work, long)[longest_unseen.OTHER_WORK] == 1 + 3


def test_attempts_and_what_the_rules_put_after_them():
    visits = {"interval_days": 365, "visit_hours": 1, "retry_days": 7}
    found = days(failed(10.5), failed(18.5), visits=visits)
    assert found[longest_unseen.ATTEMPT] == 2
    assert found[longest_unseen.RETRY] == 12  # six whole days after each
    escalation = {"after_failed_attempts": 2, "warrant_delay_days": 14, "warrant_hours": 4}
    assert days(failed(10.5), failed(18.5), visits=visits, escalation=escalation)[longest_unseen.WARRANT] == 13


def test_the_officer_away_and_nobody_there():
    def of_officer(day, kind, why="", officer=0):
        return event(day, kind, why, offender=-1, officer=officer)

    sick = [of_officer(7.3, "officer_away", "sick"), of_officer(14.2, "officer_back", "sick")]
    assert days(*sick)[longest_unseen.AWAY["sick"]] == 5
    left = [of_officer(0, "officer_left", officer=number) for number in (1, 2, 3)]
    assert days(*left)[longest_unseen.TOO_FEW] == 85
    alone = days(*left, visits={"interval_days": 365, "visit_hours": 1, "crew": 1})
    assert longest_unseen.TOO_FEW not in alone


def test_not_to_be_visited():
    away = [event(20.5, "to_custody"), event(60.5, "released", officer=-1, due=75)]
    found = days(*away)
    assert found["in custody"] == 40
    assert found[longest_unseen.NOT_DUE] == 365 + 15  # and after the release, until day 75
    assert found["without an officer"] == 121 - 75


def test_in_a_sentence_after_the_first():
    tale = trace(*START)
    assert why_unseen(tale, 7)[1].startswith(
        "Of these 516 days: 365 before the visit was due; 30 before the simulation begins, the visit overdue already; "
    )


def test_an_initial_assessment_that_is_never_completed_is_waited_for_to_the_end():
    registered = (event(9, "registered", due=24),)
    assert days(start=registered) == {longest_unseen.NOT_DUE: 15, longest_unseen.INITIAL_ASSESSMENT: 97}
    assert days(event(50.5, "initial_assessment", "done"), start=registered)[longest_unseen.INITIAL_ASSESSMENT] == 26


@cache
def simulated(file: str, *settings: str) -> EventTrace:
    scenario = read(ROOT / file, settings).scenario
    events = simulate(scenario, 1, log_events=True).events
    assert events is not None
    return EventTrace(scenario, 1, events)


@pytest.mark.parametrize(
    ("file", "settings"),
    [
        ("scenarios/small.yaml", ()),
        ("scenarios/small.yaml", ("caseload.allocation=pooled",)),
        ("tests/reproducibility/everything.yaml", ()),
        ("tests/reproducibility/everything.yaml", ("calendar.work=around_the_clock", "officers.hours_per_week=60")),
    ],
)
def test_the_days_of_all_reasons_are_the_whole_wait(file, settings):
    tale, shown, waits = simulated(file, *settings), set(), 0
    for events in tale.by_offender():
        own = transitions(tale, events)
        now = own[-1].after
        if not now.is_to_be_seen:
            continue
        found = account_of(tale, own)
        assert sum(found.values()) == tale.end - math.floor(now.last_seen)
        assert all(number > 0 for number in found.values())
        overdue = tale.end - now.visit_due
        waits += overdue > 0
        if overdue > 0 and now.last_seen < 0 and len(own) == 3 and file.startswith("scenarios"):
            # Nothing happened to this offender: all before the due date was not due, and nothing after it.
            assert found[longest_unseen.NOT_DUE] == tale.end - math.floor(now.last_seen) - overdue
        shown.update(found)
    assert waits > 15
    assert {longest_unseen.NOT_DUE, longest_unseen.NO_SHIFT} <= shown or "around_the_clock" in str(settings)
    assert len(shown) >= 6
