"""Targets as planners type them, and whether a replication meets them."""

import datetime as dt

import pandas as pd
import pytest

from sim.scenario import ScenarioError
from sim.studies.target import all_met, parsed_metric, parsed_targets
from tests.support.fake_model import smalltown

TOWN = smalltown()  # 2 September to 13 October 2024


def weeks(metric, values, group="total"):
    rows = [("week", 7.0 * number, metric, group, value) for number, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["statistic", "day", "metric", "group", "value"])


def test_a_share_may_be_written_as_per_cent():
    for text in ("overdue_visits_share <= 0.05", "overdue_visits_share<=5%", " overdue_visits_share  <= 5  % "):
        target = parsed_targets([text], None, TOWN)[0]
        assert (target.metric, target.group, target.comparison, target.bound) == (
            "overdue_visits_share", "total", "<=", 0.05,
        )  # fmt: skip


def test_a_target_for_a_risk_level():
    target = parsed_targets(["overdue_visits[very_high] < 3"], None, TOWN)[0]
    assert (target.group, target.bound) == ("very_high", 3)
    assert target.met(2.9)
    assert not target.met(3)


def test_by_a_date_is_the_first_observation_after_that_day_is_over():
    table = weeks("overdue_visits", [50, 40, 30, 20])
    sunday, monday = dt.date(2024, 9, 15), dt.date(2024, 9, 16)
    assert parsed_targets(["overdue_visits <= 30"], sunday, TOWN)[0].value(table) == 30
    assert parsed_targets(["overdue_visits <= 30"], monday, TOWN)[0].value(table) == 20


def test_without_a_date_it_is_the_end_of_the_horizon():
    assert parsed_targets(["overdue_visits <= 30"], None, TOWN)[0].day == 42
    assert parsed_targets(["overdue_visits <= 30"], TOWN.end, TOWN)[0].day == 42


def test_without_a_value_a_target_is_neither_met_nor_failed():
    nan = float("nan")
    for text in ("overdue_visits_share <= 0.05", "visit_coverage >= 0.95", "breach_detection_days <= 100"):
        target = parsed_targets([text], TOWN.start, TOWN)[0]
        value = target.value(weeks(target.metric, [nan, nan]))
        assert value != value
        assert target.met(value) is None


def test_where_there_is_no_officer_there_are_more_offenders_for_each_than_any_number():
    target = parsed_targets(["caseload_per_officer <= 60"], TOWN.start, TOWN)[0]
    assert target.met(target.value(weeks("caseload_per_officer", [float("nan")] * 2))) is False


def test_several_targets_are_all_to_be_met_and_one_without_a_value_asks_nothing():
    assert all_met([True, True])
    assert all_met([True, False]) is False
    assert all_met([True, None])
    assert all_met([None, False]) is False
    assert all_met([None, None]) is None


def test_several_targets_are_read_together_and_each_once():
    targets = parsed_targets(["overdue_visits<=5", "overdue_visits <= 5.0", "overdue_visits[high] <= 2"], None, TOWN)
    assert [target.text for target in targets] == ["overdue_visits <= 5", "overdue_visits[high] <= 2"]
    with pytest.raises(ScenarioError) as refused:
        parsed_targets(["overdue <= 5", "visits = 3"], None, TOWN)
    assert len(refused.value.faults) == 2
    with pytest.raises(ScenarioError, match="--target: is missing"):
        parsed_targets([], None, TOWN)


def test_what_is_wrong_with_a_target_is_reported_with_the_target():
    for text, problem in [
        ("overdue_visit <= 3", '"overdue_visit" is no metric, did you mean overdue_visits?'),
        ("overdue_visits = 3", "is not understood; write"),
        ("overdue_visits[grave] <= 3", "not known for grave; write low, medium, high or very_high, or nothing for all"),
        ("workload_ratio[high] <= 1", "workload_ratio is known in total only; leave [high] out"),
        ("recovery_date <= 100", "recovery_date has no value at a date"),
        ("overdue_visits >= 5", "overdue_visits is better the lower it is; write <= in place of >="),
        ("visit_coverage < 0.5", "visit_coverage is better the higher it is; write > in place of <"),
        ("overdue_visits <= -1", "overdue_visits is never below 0; ask for <= 0 or more"),
        (f"overdue_visits <= {'9' * 400}", "is not understood; write"),
        ("overdue_visits <= 5%", "overdue_visits is counted in offenders, not in per cent; leave % out"),
        ("overdue_visits_share <= 5", "overdue_visits_share is a share from 0 to 1; for 5 per cent write 5%"),
        *[
            (f"overdue_visits_share <= {bound}", "is a share from 0 to 1; 0% to 100% may be written too")
            for bound in ("-1", "-0.01%", "500%", "101")
        ],
    ]:
        with pytest.raises(ScenarioError) as refused:
            parsed_targets([text], None, TOWN)
        (fault,) = refused.value.faults
        assert str(fault).startswith(f'--target "{text}": ')
        assert problem in str(fault)


def test_a_date_outside_the_horizon_is_reported_with_how_to_fix_it():
    with pytest.raises(ScenarioError) as refused:
        parsed_targets(["overdue_visits <= 5"], dt.date(2025, 1, 1), TOWN)
    assert str(refused.value) == (
        "--by 2025-01-01: the scenario runs from 2024-09-02 to 2024-10-13; choose a date in it, or move its end with "
        "--set end=2025-01-01"
    )


def test_a_metric_with_or_without_a_risk_level():
    assert parsed_metric("overdue_visits") == ("overdue_visits", "total")
    assert parsed_metric("overdue_visits[high]") == ("overdue_visits", "high")
    with pytest.raises(ScenarioError, match=r"--metric overdue: .* is no metric"):
        parsed_metric("overdue")
