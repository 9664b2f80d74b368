"""Which assumptions can be varied, over which values, and what is said of a range that makes no sense."""

import pytest

from sim.scenario import ScenarioError, read
from sim.studies.factors import factors
from tests.support.fake_model import SCENARIO


def town(tmp_path, assumptions, more=""):
    file = tmp_path / "town.yaml"
    lines = "".join(f"  {key}: {{quality: red, {span}}}\n" for key, span in assumptions.items())
    file.write_text(f"{SCENARIO}{more}assumptions:\n{lines}")
    return read(file)


def factor(tmp_path, key, span, more=""):
    (found,) = factors(town(tmp_path, {key: span}, more))
    return found


def test_a_number_goes_from_the_lowest_to_the_highest(tmp_path):
    found = factor(tmp_path, "officers.leave_days", "range: [22, 30]", "officers: {leave_days: 27}\n")
    assert (found.present, found.at(0), found.at(0.5), found.at(1)) == (27, 22, 26, 30)
    assert found.changes(24.5) == {"officers.leave_days": 24.5}


def test_a_distribution_moves_by_its_mean(tmp_path):
    assert factor(tmp_path, "visits.visit_hours", "range: [0.5, 2]").changes(2) == {"visits.visit_hours.mean": 2}


def test_risk_levels_keep_their_proportions_while_the_highest_moves_through_the_range(tmp_path):
    found = factor(tmp_path, "visits.interval_days", "range: [182, 730]")
    assert found.present == 365
    assert found.changes(730) == {
        "visits.interval_days.low.mean": 730,
        "visits.interval_days.medium.mean": 364,
        "visits.interval_days.high.mean": 182,
        "visits.interval_days.very_high.mean": 60,
    }


def test_levels_that_are_all_nought_move_together(tmp_path):
    found = factor(tmp_path, "visits.announced_share", "range: [0, 0.4]", "")
    assert set(found.changes(0.4).values()) == {0.4}


def test_a_factor_multiplies_whatever_stands_there(tmp_path):
    more = "breaches: {per_year: {low: 0.05, medium: 0.1, high: 0.2, very_high: 0.4}}\n"
    found = factor(tmp_path, "breaches.per_year", "factor: [0.5, 2]", more)
    assert (found.present, found.low, found.high) == (1, 0.5, 2)
    assert found.changes(2)["breaches.per_year.low"] == 0.1
    assert found.changes(2)["breaches.per_year.very_high"] == 0.8


def test_a_factor_of_a_section_multiplies_all_its_numbers(tmp_path):
    more = "turnover: {leaving_per_year: {under_2_years: 0.2, from_2_to_5_years: 0.1, over_5_years: 0.1}}\n"
    found = factor(tmp_path, "turnover.leaving_per_year", "factor: [0.5, 2]", more)
    assert found.changes(0.5)["turnover.leaving_per_year.under_2_years"] == 0.1
    assert len(found.changes(1)) == 3


def test_whole_numbers_stay_whole_and_each_gets_its_part_of_the_way(tmp_path):
    found = factor(tmp_path, "breaches.enquiry_crew", "range: [1, 2]", "breaches: {enquiry_crew: 2}\n")
    assert [found.at(share) for share in (0, 0.49, 0.51, 1)] == [1, 1, 2, 2]
    assert found.changes(found.at(0.51)) == {"breaches.enquiry_crew": 2}


def test_every_range_that_does_not_hold_its_value_is_reported_with_its_line(tmp_path):
    reading = town(
        tmp_path,
        {
            "visits.visit_hours": "range: [2, 3]",
            "visits.interval_days": "range: [30, 91]",
            "officers.sickness": "range: [5, 14]",
            "caseload.priority": "range: [1, 2]",
        },
    )
    with pytest.raises(ScenarioError) as refused:
        factors(reading)
    last = len(SCENARIO.splitlines())
    assert [str(fault).removeprefix(f"{tmp_path}/") for fault in refused.value.faults] == [
        f"town.yaml:{last + 2}: assumptions.visits.visit_hours.range: 2 to 3 does not hold the present value: "
        "visits.visit_hours is 1",
        f"town.yaml:{last + 3}: assumptions.visits.interval_days.range: 30 to 91 does not hold the present value, the "
        "highest level: visits.interval_days is {low: 365, medium: 182, high: 91, very_high: 30}",
        f"town.yaml:{last + 4}: assumptions.officers.sickness.range: officers.sickness is a section of several "
        "numbers; give a range to each (officers.sickness.spells_per_year and officers.sickness.days.mean), or a "
        "factor to all",
        f"town.yaml:{last + 5}: assumptions.caseload.priority.range: caseload.priority is one of "
        "risk_weighted_overdue, earliest_due, highest_risk_first or quick_wins, no number to be varied; leave the "
        "range out",
    ]


def test_only_some_of_them(tmp_path):
    reading = town(tmp_path, {"visits.visit_hours": "range: [0.5, 2]", "visits.interval_days": "factor: [0.5, 2]"})
    assert [found.key for found in factors(reading, ["visits.interval_days"])] == ["visits.interval_days"]
    with pytest.raises(ScenarioError) as refused:
        factors(reading, ["visits.crew"])
    assert str(refused.value) == (
        "--only visits.crew: has no range in this scenario; those that have one: visits.visit_hours and "
        "visits.interval_days"
    )


def test_a_factor_must_hold_the_value_as_it_stands_and_not_come_with_a_range(tmp_path):
    with pytest.raises(ScenarioError, match="factor 2 to 3 does not hold 1, the value as it stands"):
        town(tmp_path, {"visits.visit_hours": "factor: [2, 3]"})
    with pytest.raises(ScenarioError, match="has a range and a factor; give one of them"):
        town(tmp_path, {"visits.visit_hours": "factor: [0.5, 2], range: [0.5, 2]"})


def test_a_number_of_visits_overdue_is_whole_in_all_or_by_level(tmp_path):
    for number, counts in (
        ("40", {"total": 51}),
        (
            "{low: 40, medium: 20, high: 10, very_high: 0}",
            {"low": 51, "medium": 25, "high": 13, "very_high": 0},
        ),
    ):
        file = tmp_path / "town.yaml"
        written = SCENARIO.replace("visits:\n", f"  overdue_visits_at_start: {number}\nvisits:\n")
        file.write_text(
            f"{written}assumptions:\n  caseload.overdue_visits_at_start: {{quality: amber, range: [30, 60]}}\n"
        )
        (found,) = factors(read(file))
        changes = {f"caseload.overdue_visits_at_start.{part}": count for part, count in counts.items()}
        assert found.changes(50.7) == changes
        assert read(file).update(found.changes(50)).scenario.caseload.overdue_visits_at_start.whole > 49
