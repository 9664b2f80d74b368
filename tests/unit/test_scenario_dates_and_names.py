"""One reader of dates, and one notion of the same name."""

import datetime as dt

import pytest

from sim.cli import main
from sim.scenario import read
from sim.scenario.changes import changes
from sim.scenario.dates import parsed_date
from sim.scenario.source.faults import name_key
from tests.support.scenarios import SMALL, faults


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28", "28/11/2026", " 28/11/2026 ", "28/11/2026 14:30", "2026-11-28T14:30:00", "2026-11-28T14:30:00Z",
        "2026-11-28 14:30:00.25+00:00", "28/11/2026 2:30 PM",
    ],
)  # fmt: skip
def test_a_date_is_read_in_both_styles_whatever_the_time_of_day(text):
    assert parsed_date(text) == dt.date(2026, 11, 28)


def test_a_scenario_takes_its_dates_in_both_styles(write):
    slashes = SMALL.replace("2024-09-02", "02/09/2024").replace("2025-08-31", '"31/08/2025"')
    slashes += "levers: [{from: 01/04/2025, set: {visits.crew: 1}}]\n"
    slashes += "surge: {officers: 2, from: 5/9/2024, to: 30/9/2024}\n"
    scenario = read(write("met.yaml", slashes), ["end=28/08/2025"]).scenario
    assert (scenario.start, scenario.end) == (dt.date(2024, 9, 2), dt.date(2025, 8, 28))
    assert (scenario.levers[0].from_, scenario.surge.from_) == (dt.date(2025, 4, 1), dt.date(2024, 9, 5))
    assert faults("met.yaml", "end=28/08/2023") == [
        "--set end=28/08/2023: end: 2023-08-28 is before the first day, 2024-09-02; "
        "the shortest horizon is that one day",
        "met.yaml:12: levers.0.from: 2025-04-01 is after the last day, 2023-08-28",
    ]


def test_an_option_takes_its_date_in_both_styles(capsys):
    line = ["staff", "none.yaml", "--workers", "1", "--target", "overdue_visits <= 1", "--by"]
    assert main([*line, "31/02/2027"]) == 2
    assert '"31/02/2027" is no date: February 2027 has 28 days' in capsys.readouterr().err
    assert main([*line, "28/02/2027"]) == 2
    assert "none.yaml: does not exist" in capsys.readouterr().err


def test_names_that_look_the_same_are_the_same():
    for other in [
        "YNYS MÔN", "Ynys Mo\u0302n", " Ynys  Môn ", "Ynys\u00a0Môn", "Ynys\u202fMôn", "\u200eYnys Môn\u200b",
        "Ynys Mô\u00adn", "\ufeffYnys Môn", "Ynys\u2060 Môn\ufe0f", "Ynys \u200b Môn",
    ]:  # fmt: skip
        assert name_key(other) == name_key("Ynys Môn")


def test_names_that_do_not_look_the_same_are_not():
    names = ["Ynys Môn", "Ynys Mon", "YnysMôn", "King's Lynn", "Kings Lynn", "Team 1", "Team 11", "Team 1-1"]
    assert len({name_key(name) for name in names}) == len(names)
    assert name_key("King’s Lynn – North") == name_key("King's Lynn - North")
    assert name_key("Straße") == name_key("STRASSE")
    assert name_key("\u200b\u00a0\u3164") == ""


def test_a_team_in_capitals_is_no_change(write):
    base = read(write("met.yaml", SMALL)).scenario
    louder = read(write("plan.yaml", SMALL.replace("North, officers: 10", "NORTH, officers: 11"))).scenario
    assert [(change.key, change.base, change.plan) for change in changes(base, louder)] == [
        ("teams, North, officers", "10", "11")
    ]


def test_what_a_lever_changes_is_said_until_the_day_before_it(write):
    base = read(write("met.yaml", SMALL)).scenario
    plan = SMALL + "levers: [{from: 2024-11-01, set: {officers.overtime_hours_per_week: 3}}]\n"
    (change,) = changes(base, read(write("plan.yaml", plan)).scenario)
    assert (change.base, change.plan) == ("0", "0 until 31 October 2024, then 3")
