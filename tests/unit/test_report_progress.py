"""The time that is left: said only once several estimates agree."""

from sim.report.progress import Pace


def shown(*seconds: float, total: int) -> list[float | None]:
    """What is said to be left after each replication, which end at these times."""
    pace = Pace()
    return [pace.left(now, done, total) for done, now in enumerate(seconds, 1)]


def test_at_an_even_pace_the_time_left_is_said_after_a_few_replications_and_counts_down():
    left = shown(*(5.0 + number for number in range(30)), total=30)
    assert left[:7] == [None] * 7
    assert left[7:] == [30.0 - done for done in range(8, 31)]


def test_the_first_replication_came_with_the_start_of_the_workers():
    assert shown(60.0, *(60.0 + number for number in range(1, 20)), total=20)[-2] == 1.0


def test_while_the_pace_changes_nothing_is_said():
    slower = [2.0**number for number in range(1, 20)]
    assert shown(*slower, total=100) == [None] * 19


def test_a_few_quick_replications_say_nothing():
    assert shown(*(0.01 * number for number in range(30)), total=30) == [None] * 30
