"""One replication as a page: states of offenders week by week, in pictures whose titles are right."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest

from sim.report.figures.sketch import dates_between
from sim.report.pages.page import Drawing, Section, page
from sim.report.pages.replay import MOST_SQUARES, MOST_TEAMS, by_risk, by_team, frames
from sim.report.pages.replication import _report, diary_drawing, timeline_drawing
from sim.report.stories.event_trace import EventTrace, NobodyThere
from sim.report.stories.replay import ABSENT, IN_DATE, OVERDUE, UNSEEN, Replay, replay
from sim.report.text.words import day_words
from tests.support.event_logs import at_start, event, failed, trace
from tests.support.fake_model import fake_result
from tests.support.pages import Page, hard_to_read


def states(*events: dict[str, object], offender: int = 0, **changes: object) -> list[int]:
    """How the first offender of a log stands at each weekly observation time of three weeks."""
    return replay(trace(*events, end="2024-09-22", **changes)).states[offender].tolist()


def test_overdue_from_the_day_after_the_due_date_until_seen() -> None:
    assert states(*at_start(due=6)) == [IN_DATE, OVERDUE, OVERDUE, OVERDUE]
    assert states(*at_start(due=7)) == [IN_DATE, IN_DATE, OVERDUE, OVERDUE]
    assert states(*at_start(due=6), event(8.5, "visit", "seen", due=190)) == [IN_DATE, OVERDUE, IN_DATE, IN_DATE]
    assert states(*at_start(due=6), failed(8.5, due=6)) == [IN_DATE, OVERDUE, OVERDUE, OVERDUE]


def test_not_seen_after_a_year_whether_overdue_or_not() -> None:
    assert states(*at_start(last_seen=-355)) == [IN_DATE, IN_DATE, UNSEEN, UNSEEN]
    tale = trace(*at_start(last_seen=-355, due=12), end="2024-09-22")
    assert replay(tale).overdue[0].tolist() == [False, False, True, True]
    assert states(*at_start(last_seen=-364), event(1.5, "record_lost")) == [IN_DATE, UNSEEN, UNSEEN, UNSEEN]


def test_absent_before_registration_in_custody_and_after_leaving() -> None:
    assert states(event(8.5, "registered", due=60)) == [ABSENT, ABSENT, IN_DATE, IN_DATE]
    assert states(*at_start(), event(8.5, "to_custody", "recalled")) == [IN_DATE, IN_DATE, ABSENT, ABSENT]
    assert states(*at_start(), event(13.5, "left_register")) == [IN_DATE, IN_DATE, ABSENT, ABSENT]


def replication() -> EventTrace:
    """Two teams; somebody late, somebody seen in time, somebody in custody for a while, and an officer who is sick."""
    return trace(
        *at_start(1, due=3, risk="high", true_risk="high"),
        *at_start(2, last_seen=-360, due=90, team=1, officer=4),
        *at_start(3, due=30, team=1, officer=4),
        event(4.4, "visit", "no_contact", offender=1, colleague=1, due=3),
        event(9.4, "visit", "seen", offender=1, colleague=1, due=190, minutes=240),
        event(9.5, "review", "done", offender=1, due=190, minutes=300),
        event(12, "breach_began", offender=3),
        event(14.5, "to_custody", "recalled", offender=3),
        event(20, "officer_away", "sick", offender=-1, officer=0),
        event(30, "officer_back", "sick", offender=-1, officer=0),
        teams=[{"name": "North", "officers": 4, "offenders": 1}, {"name": "<South>", "officers": 4, "offenders": 2}],
    )


def html(*drawings: Drawing) -> Page:
    """The drawings on a page of their own."""
    tale = replication()
    report = _report(fake_result(Path("."), replications=1), tale, [Section("here", "Here", drawings=drawings)])
    return Page(page(report))


def test_the_page_of_a_replication_is_read_by_everybody() -> None:
    tale = replication()
    weeks = [draw(replay(tale), tale.scenario.start) for draw in (by_risk, by_team, frames)]
    whole = html(*weeks, diary_drawing(tale, 0), timeline_drawing(tale, 1))
    assert hard_to_read(whole) == []
    assert "no real person is meant" in whole.words
    assert "no interval can be given" in whole.words
    assert f"{day_words(tale.scenario.end)}, the end" in whole.words
    assert day_words(tale.scenario.end + dt.timedelta(1)) not in whole.words


def test_the_titles_of_a_replay_are_counted() -> None:
    tale = replication()
    risk, team, all_of_them = [draw(replay(tale), tale.scenario.start) for draw in (by_risk, by_team, frames)]
    assert risk.title == (
        "Not seen for a year at the end: 1 of 2 offenders, all of them overdue; others overdue: 0; "
        "on the first day 0 and 0 of 3"
    )
    assert team.title == (
        "At the end the share overdue or not seen for a year is largest in <South>, 100.0%, and smallest in North, 0.0%"
    )
    assert all_of_them.title == "The whole caseload: three offenders, 1 of them not seen for a year at some time"


def made_up(offenders: int, teams: int = 1, state: int = IN_DATE) -> Replay:
    """A replay in which everybody stands alike for three weeks; the teams have the same number."""
    shape = (offenders, 4)
    team = np.repeat(np.arange(offenders) % teams, 4).reshape(shape)
    return Replay(
        np.arange(4) * 7.0,
        np.full(shape, state),
        np.full(shape, state == OVERDUE),
        np.ones(shape, dtype=int),
        team,
        np.zeros(shape, dtype=int),
        tuple(f"Team {number}" for number in range(teams)),
    )


@pytest.mark.parametrize(
    ("teams", "state", "title"),
    [
        (1, OVERDUE, "Team 0: 100.0% of the offenders are overdue or have not been seen for a year at the end"),
        (3, IN_DATE, "At the end every team has 0.0% of its offenders overdue or not seen for a year"),
        (3, ABSENT, "At the end no team has anybody to be seen"),
    ],
)
def test_a_title_does_not_rank_teams_that_are_alike(teams: int, state: int, title: str) -> None:
    assert by_team(made_up(30, teams, state), replication().scenario.start).title == title


def test_of_many_teams_those_with_most_behind_are_drawn_and_all_are_reported() -> None:
    many = made_up(60, 20)
    many.states[many.teams == 17] = OVERDUE
    drawing = by_team(many, replication().scenario.start)
    assert len(drawing.pictures) == MOST_TEAMS
    assert "Of 20 teams the 12 with most behind" in drawing.what
    assert any("Team 17: at the end 0 in date, 3 overdue" in picture for picture in drawing.pictures)
    assert len(drawing.tables[0].rows) == 20


def test_nobody_is_behind_or_there_at_all() -> None:
    start = replication().scenario.start
    assert by_risk(made_up(5), start).title.startswith(
        "Not seen for a year at the end: 0 of 5 offenders; overdue: 0; on the first day 0"
    )
    assert frames(made_up(0), start).title.startswith("The whole caseload: 0 offenders, ")


def test_of_a_large_caseload_some_are_marked_and_all_are_counted() -> None:
    drawing = frames(made_up(5 * MOST_SQUARES, state=OVERDUE), replication().scenario.start)
    assert "A square for every 5th offender" in drawing.what
    assert drawing.pictures[0].count("M") == MOST_SQUARES
    assert "3,000 overdue" in drawing.pictures[0]


def test_everybody_stays_in_place_from_frame_to_frame() -> None:
    drawing = frames(made_up(40), replication().scenario.start)
    dots = [re.findall(r"M[\d.]+ [\d.]+", picture) for picture in drawing.pictures]
    assert len(dots) == 4
    assert all(frame == dots[0] for frame in dots)
    assert len({*dots[0]}) == 40


def test_a_diary_shows_hours_and_absence() -> None:
    drawing = diary_drawing(replication(), 0)
    assert drawing.title == "Officer 0 worked 8 hours on the caseload, most of them on reviews: 5"
    assert drawing.tables[0].rows == [("visits", "2.5", "1.2"), ("reviews", "5.0", "2.5")]
    assert "on a course: never" in drawing.pictures[0]
    assert ">sick<" in drawing.pictures[0]
    assert any(line.startswith("22 September 2024: falls sick") for line in drawing.story)
    assert diary_drawing(replication(), 3).title == "Officer 3 did no work on the caseload"


def test_a_diary_says_when_no_kind_of_work_is_the_greater_part() -> None:
    tale = trace(
        *at_start(),
        event(1, "review", "done", minutes=90),
        event(2, "visit", "seen", due=200, minutes=60),
        event(3, "meeting", "done", minutes=60),
    )
    assert diary_drawing(tale, 0).title == (
        "Officer 0 worked 4 hours on the caseload, 2 of them on reviews, more than on anything else"
    )


@pytest.mark.parametrize(
    ("offender", "title"),
    [
        (1, "Offender 1 was seen once in this replication; nobody answered at one attempt"),
        (2, "Offender 2 was never seen in this replication, and no attempt failed"),
    ],
)
def test_a_timeline_counts_what_it_shows(offender: int, title: str) -> None:
    drawing = timeline_drawing(replication(), offender)
    assert drawing.title == title
    assert len(drawing.pictures) == 2
    assert drawing.story[0].startswith(f"Offender {offender} of ")


def test_a_timeline_says_custody_and_what_was_hidden_in_words() -> None:
    words = timeline_drawing(replication(), 3).pictures[0]
    assert "unknown to the force: 1." in words
    assert "At some time in custody." in words


@pytest.mark.parametrize("draw", [diary_drawing, timeline_drawing])
def test_nobody_there(draw: object) -> None:
    with pytest.raises(NobodyThere):
        draw(replication(), 99)  # type: ignore[operator]


def test_dates_of_an_axis_leave_room_for_each_other() -> None:
    start = replication().scenario.start
    assert [words for _, words in dates_between(start, 121, 4)] == ["Oct 2024", "Nov 2024", "Dec 2024", "Jan 2025"]
    assert [words for _, words in dates_between(start, 3 * 365, 4)] == ["2025", "2026", "2027"]
    assert list(dates_between(start, 10, 4)) == []
