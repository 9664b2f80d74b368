"""Which points a sweep visits, and what is said when they cannot be read."""

import pytest

from sim.scenario import ScenarioError
from sim.studies.points import grid, listed_points
from sim.studies.points import written as as_options


def shown(*varied):
    with pytest.raises(ScenarioError) as refused:
        grid(varied)
    return [str(fault) for fault in refused.value.faults]


def test_a_range_has_both_ends():
    assert grid(["officers.total=280..360:20"]).values == (("280",), ("300",), ("320",), ("340",), ("360",))


def test_a_range_of_shares_is_exact():
    assert grid(["visits.announced_share=0.1..0.4:0.1"]).values == (("0.1",), ("0.2",), ("0.3",), ("0.4",))


def test_a_range_without_a_step_goes_by_one():
    assert grid(["surge.officers=3..5"]).values == (("3",), ("4",), ("5",))


def test_a_step_that_does_not_fit_ends_below_the_last():
    assert grid(["officers.total=10..15:2"]).values == (("10",), ("12",), ("14",))


def test_a_list_retains_its_order_and_may_hold_words():
    assert grid(["caseload.priority=quick_wins,earliest_due"]).values == (("quick_wins",), ("earliest_due",))


def test_a_grid_is_every_combination_as_settings():
    points = grid(["officers.total=8,9", "visits.announced_share=0.2,0.6"])
    assert [points.settings(point) for point in points.values] == [
        ("officers.total=8", "visits.announced_share=0.2"),
        ("officers.total=8", "visits.announced_share=0.6"),
        ("officers.total=9", "visits.announced_share=0.2"),
        ("officers.total=9", "visits.announced_share=0.6"),
    ]


def test_all_faults_are_reported_at_once_each_with_what_was_typed():
    assert shown("officers.totl=8,9", "visits=3", "surge.officers", "officers.total=9..8", "seed=1,2") == [
        "--vary officers.total=9..8: officers.total: the range runs upwards from its first number, by steps above 0",
        "--vary officers.totl=8,9: officers.totl: unknown key, did you mean officers.total?",
        "--vary seed=1,2: seed: is not part of the force; give it with --seed",
        "--vary surge.officers: write KEY=A..B:STEP, as officers.total=280..360:20, or KEY=A,B,C, as "
        "visits.announced_share=0.2,0.6",
        "--vary visits=3: visits: is a section; vary one of its keys, such as visits.interval_days",
    ]


def test_a_range_that_makes_no_sense_is_reported():
    for varied, problem in [
        ("officers.available_share=0.5..0.8", "give a step after the range, as 0.5..0.8:0.1"),
        (f"officers.total=1..{'9' * 32}", "points are too many"),
        ("officers.total=8,8", "a value stands twice: 8 and 8"),
        ("officers.total=2,3,2.0", "a value stands twice: 2 and 2.0"),
        ("visits.announced_share=.1,0.10", "a value stands twice: .1 and 0.10"),
        ("visits.announced_share={low: 1},{low: 1.0}", "a value stands twice"),
        ("officers.total=1,000", "was 1,000 meant? Write it without the comma, officers.total=1000; for a list of 2 "),
        ("caseload.total=2,850", "was 2,850 meant?"),
        ("caseload.total=12,050,000", "was 12,050,000 meant?"),
        (
            "caseload.total=1,000..2,000:500",
            "write numbers without a thousands separator, as caseload.total=1000..2000:",
        ),
        ("end=2024-10-31,2024-12-29", "is the same at every point, or their numbers could not be compared"),
        ("name=A,B", "changes no number"),
        ("teams.0.name=A,B", "changes no number"),
        ("officers.total=1..9000", "9,000 points are too many, 2,000 are allowed"),
        ("officers.total=1..x", "write KEY=A..B:STEP"),
    ]:
        (fault,) = shown(varied)
        assert problem in fault


def test_a_key_and_a_part_of_it_are_not_varied_together():
    whole, part = "visits.interval_days=40,365", "visits.interval_days.low=30,60"
    assert shown(whole, part) == [
        f"--vary {part}: visits.interval_days.low and visits.interval_days set the same value; vary one of them"
    ]
    assert "vary one of them" in shown(part, whole)[0]
    assert len(grid(["visits.interval_days.low=30,60", "visits.interval_days.high=30,60"]).values) == 4


@pytest.mark.parametrize(
    "numbers", ["100,200,300", "90,180", "30,365", "10,020.5", "8,12,100", "1, 000", "0.1,0.125", "1,5,000x"]
)
def test_a_list_of_numbers_is_no_number_with_separators(numbers):
    assert len(grid([f"caseload.total={numbers}"]).values) == len(numbers.split(","))


def test_values_in_a_mapping_are_never_taken_for_one_number():
    assert grid(as_options({"officers.total": [1, 100]})).values == (("1",), ("100",))


def test_a_grid_may_not_grow_beyond_what_anybody_looks_at():
    assert shown("officers.total=1..100", "visits.retry_days=1..100") == [
        "--vary: 10,000 points are too many, 2,000 are allowed"
    ]
    assert shown("officers.total=1,2", "officers.total=3")[0].endswith(
        "varied twice; give all its values in one --vary"
    )
    assert shown()[0].startswith("--vary: is missing: which key is to be varied?")


def test_a_list_of_points_is_read_from_a_file(tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("officers.total,visits.announced_share\n8, 0.2\n9,0.6\n\n", encoding="utf-8-sig")
    points = listed_points(file)
    assert points.keys == ("officers.total", "visits.announced_share")
    assert points.values == (("8", "0.2"), ("9", "0.6"))


def test_a_list_with_faults_names_their_lines(tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("officers.total,visits.anounced_share\n8\n9,0.6\n")
    with pytest.raises(ScenarioError) as refused:
        listed_points(file)
    assert [str(fault).removeprefix(f"{file}") for fault in refused.value.faults] == [
        ":1: visits.anounced_share: unknown key, did you mean visits.announced_share?",
        ":2: 1 values for 2 keys; give one for each, also the same",
    ]
    file.write_text("officers.total,visits.announced_share\n8,.2\n9,0.2\n8.0,0.20\n")
    with pytest.raises(ScenarioError, match=r"points.csv:4: is the point of line 2 again; give each point once"):
        listed_points(file)
    for text, problem in (("officers.total\n", "holds no points"), ("", "holds no points")):
        file.write_text(text)
        with pytest.raises(ScenarioError, match=problem):
            listed_points(file)
    with pytest.raises(ScenarioError, match="does not exist, did you mean"):
        listed_points(tmp_path / "point.csv")
