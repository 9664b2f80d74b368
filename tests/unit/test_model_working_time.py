"""Hours of investigators on the calendar, servers that come and go, and who gets the next crime."""

from types import SimpleNamespace

import pytest
import simpy

from sim.model.inputs import inputs_of
from sim.model.investigations.investigators import choose
from sim.model.investigations.servers import Servers, WorkingTime, rank_of
from sim.scenario import Scenario

MONDAY = {
    "name": "From a Monday",
    "start": "2024-09-02",
    "end": "2024-09-15",
    "teams": [{"name": "One", "officers": 0, "offenders": 0}],
    "caseload": {"risk_mix": 0.25},
    "visits": {"interval_days": "never", "visit_hours": 1},
    "officers": {"hours_per_week": 40},
}


def working_time(**changes: object) -> WorkingTime:
    """Eight hours a day from nine, Monday to Friday."""
    return WorkingTime(inputs_of(Scenario.model_validate(MONDAY | changes)))


@pytest.mark.parametrize(
    ("begins", "hours", "ends"),
    [
        (9 / 24, 3, 12 / 24),
        (0.0, 3, 12 / 24),  # at midnight nobody is there
        (15 / 24, 3, 1 + 10 / 24),  # two hours today, one tomorrow
        (9 / 24, 8, 17 / 24),  # to the end of the shift
        (4 + 16 / 24, 2, 7 + 10 / 24),  # over the weekend
        (5.5, 1, 7 + 10 / 24),  # a Saturday
        (2.5, 0, 2.5),  # nothing to do
        (9 / 24, 1000, 15),  # not within the horizon
    ],
)
def test_work_goes_on_in_the_next_shift(begins, hours, ends):
    assert working_time().done_at(begins, hours) == pytest.approx(ends)


def test_around_the_clock_an_hour_is_an_hour():
    clock = working_time(officers={"hours_per_week": 168}, calendar={"work": "around_the_clock", "shift_start_hour": 0})
    assert clock.done_at(5.25, 30) == pytest.approx(6.5)


def test_a_lever_makes_shifts_longer_from_its_date_on():
    clock = working_time(levers=[{"from": "2024-09-09", "set": {"officers.hours_per_week": 50}}])
    assert clock.hours_until(7) == pytest.approx(40)
    assert clock.hours_until(14) == pytest.approx(90)


def served(env: simpy.Environment, servers: Servers, who: str, rank: int, begun: list):
    with servers.turn(rank) as turn:
        yield turn
        begun.append((who, env.now))
        yield env.timeout(1)


def test_the_gravest_goes_first_and_among_equals_who_came_first():
    env, begun = simpy.Environment(), []
    servers = Servers(env, 1)
    for who, grade in (("low", 0), ("high", 2), ("very high", 3), ("another low", 0), ("medium", 1)):
        env.process(served(env, servers, who, rank_of(grade), begun))
    env.run()
    assert begun == [("low", 0), ("very high", 1), ("high", 2), ("medium", 3), ("another low", 4)]


def test_staff_that_come_take_who_waits_and_staff_that_go_finish_first():
    env, begun = simpy.Environment(), []
    servers = Servers(env, 0)
    for number in range(5):
        env.process(served(env, servers, str(number), 0, begun))

    def levers():
        yield env.timeout(2)
        servers.resize(3)
        yield env.timeout(0.5)
        servers.resize(1)

    env.process(levers())
    env.run()
    assert begun == [("0", 2), ("1", 2), ("2", 2), ("3", 3), ("4", 4)]


def investigator(number: int, open_cases: int, level_2: bool):
    is_below = lambda case: case.complex and not level_2  # noqa: E731
    return SimpleNamespace(number=number, open_cases=range(open_cases), is_below=is_below)


@pytest.mark.parametrize(
    ("rule", "complex_", "chosen"),
    [
        ("by_team", True, 2),  # anybody, at random
        ("by_skill", True, 1),  # of those with the level who has the fewest
        ("by_skill", False, 2),
        ("lowest_load", True, 2),
        ("round_robin", True, 1),  # whose turn it is
    ],
)
def test_who_gets_a_crime(rule, complex_, chosen):
    among = [investigator(0, 9, True), investigator(1, 5, True), investigator(2, 3, False)]
    team, case = SimpleNamespace(turn=1), SimpleNamespace(complex=complex_, of_whom=0.9)
    assert choose(rule, team, case, among).number == chosen


def test_in_turn_everybody_gets_one_and_then_the_first_again():
    among = [investigator(number, 0, True) for number in range(3)]
    team, case = SimpleNamespace(turn=0), SimpleNamespace(complex=False, of_whom=0.5)
    assert [choose("round_robin", team, case, among).number for _ in range(5)] == [0, 1, 2, 0, 1]
