"""Everything the event log can say has its words."""

import pytest

from sim.model.codes import EVENT_KINDS, OUTCOMES, WORK_KINDS
from sim.report.stories.diary import officer_diary
from sim.report.stories.longest_unseen import why_unseen
from sim.report.stories.officers import OFFICER_EVENTS
from sim.report.stories.sentences import EVENTS
from sim.report.stories.story import offender_story
from tests.support.event_logs import at_start, event, trace

TABLE = "EVENTS of sim/report/stories/sentences.py, or for officers OFFICER_EVENTS of sim/report/stories/officers.py,"
NEEDS = {
    "breach_found": [event(1, "breach_began")],
    "record_found": [event(1, "visit", "seen", due=366), event(1, "record_lost")],
    "to_visits": [event(1, "to_reactive")],
    "tracing": [event(1, "left_home"), event(2, "warrant", "whereabouts_unknown")],
    "warrant": [event(1, "left_home")],
}
"""What must have happened before some kinds of event."""


def test_every_kind_of_event_has_its_words() -> None:
    shown = {*EVENTS, *OFFICER_EVENTS}
    missing, unknown = set(EVENT_KINDS) - shown, shown - set(EVENT_KINDS)
    assert not missing, f"{TABLE} needs an entry for each of {sorted(missing)}"
    assert not unknown, f"{TABLE} has entries for what the log does not know: {sorted(unknown)}"


def test_every_outcome_has_its_words() -> None:
    tables = [*(kind.outcomes for kind in EVENTS.values()), *OFFICER_EVENTS.values()]
    has_words = {outcome for outcomes in tables for outcome in outcomes}
    missing, unknown = set(OUTCOMES) - has_words - {""}, has_words - set(OUTCOMES) - {""}
    assert not missing, f"{TABLE}: the kinds of event with the outcomes {sorted(missing)} need words for them"
    assert not unknown, f"{TABLE} has words for outcomes the log does not know: {sorted(unknown)}"


def test_a_diary_has_words_for_every_kind_of_work() -> None:
    silent = [kind for kind in WORK_KINDS if not EVENTS[kind].outcomes]
    assert not silent, f"{TABLE}: what did the officer do to whom, by outcome, in each of {silent}?"


@pytest.mark.parametrize(
    ("kind", "outcome"), [(kind, outcome) for kind, words in EVENTS.items() for outcome in words.outcomes or [""]]
)
def test_every_kind_and_outcome_is_reported(kind: str, outcome: str) -> None:
    day = -9 if kind == "seen_before" else 9
    tale = trace(*at_start(), *NEEDS.get(kind, []), event(day, kind, outcome))
    date = "24 August 2024: " if day < 0 else "11 September 2024: "
    assert [line for line in offender_story(tale, 7) if line.startswith(date)]
    assert why_unseen(tale, 7)


@pytest.mark.parametrize(
    ("kind", "outcome"), [(kind, outcome) for kind, outcomes in OFFICER_EVENTS.items() for outcome in outcomes]
)
def test_everything_that_happens_to_officers_is_reported(kind: str, outcome: str) -> None:
    tale = trace(*at_start(), event(9, kind, outcome, offender=-1, officer=2))
    assert f"11 September 2024: {OFFICER_EVENTS[kind][outcome]}" in officer_diary(tale, 2)
