"""What a plan costs, and what measures are a part of: each reckoned by hand beside what the program says."""

import math

import numpy as np
import pandas as pd
import pytest

from sim.measure import tabulate
from sim.measure.counts import Counts
from sim.model import codes, simulate
from sim.runs.summary import ReplicationsTable
from sim.studies.price import COSTS, Measures, costs_of, denominator_of, denominators_of, surge_years
from tests.support.fake_model import smalltown

NAN = float("nan")


def measures(**columns: list[float]) -> Measures:
    """Some measures in total at the end; those whose name ends in `_average` on average."""
    named = {
        (name.removesuffix("_average"), "total", "average" if name.endswith("_average") else "at_end"): numbers
        for name, numbers in columns.items()
    }
    return Measures(pd.DataFrame(named), smalltown())


def test_who_should_be_visited_is_what_the_share_overdue_is_a_share_of() -> None:
    found = measures(
        overdue_visits=[20, 0, 0],
        overdue_visits_share=[0.25, 0, NAN],
        offenders_managed=[100, 100, 100],
        offenders_reactive=[15, 30, 98],
        lost_records=[5, 1, 2],
    )
    assert found.to_be_visited() == pytest.approx([80, 69, 0])
    assert costs_of(found, None)["not_visited"].to_list() == pytest.approx([20, 31, 100])


def test_that_is_who_is_on_the_visit_list_of_the_model() -> None:
    scenario = smalltown(
        visits={"interval_days": {"low": "never", "medium": 182, "high": 91, "very_high": 30}, "visit_hours": 1}
    )
    result = simulate(scenario, 1)
    values = ReplicationsTable.of([tabulate(scenario, result)]).by_replication([1])
    on_list = Counts(result).stock(codes.ON_VISIT_LIST)[:, -1]
    found = Measures(values, scenario)
    for group, number in zip(("total", "medium", "high", "very_high"), on_list[[0, 2, 3, 4]], strict=True):
        if values["overdue_visits", group, "at_end"].iloc[0]:
            assert found.to_be_visited(group) == pytest.approx([number])
    assert on_list[0] < values["offenders_managed", "total", "at_end"].iloc[0]
    assert found.to_be_visited() == pytest.approx([on_list[0]])


def test_breaches_not_found_are_those_that_the_share_found_leaves() -> None:
    found = measures(breaches_found=[10, 0, 0], breaches_found_share=[0.4, NAN, 0])
    not_found = costs_of(found, None)["breaches_not_found"]
    assert not_found.to_list()[:2] == pytest.approx([15, 0])
    assert math.isnan(not_found[2])  # none found of an unknown number


def test_a_surge_team_counts_for_the_days_on_which_it_is_there() -> None:
    end = "2025-09-01"  # a year of 365 days
    assert surge_years(smalltown(end=end)) == 0
    always = smalltown(end=end, surge={"officers": 10})
    assert surge_years(always) == pytest.approx(10 * 365 / 365.25)
    some = smalltown(end=end, surge={"officers": 10, "from": "2025-01-01", "to": "2025-01-10"})
    assert surge_years(some) == pytest.approx(10 * 10 / 365.25)
    late = smalltown(end=end, levers=[{"from": "2025-08-23", "set": {"surge.officers": 10}}])
    assert surge_years(late) == pytest.approx(10 * 10 / 365.25)


def test_money_is_that_of_officers_and_of_overtime_at_their_price_an_hour() -> None:
    found = measures(officers_in_post_average=[4, 4], overtime_hours=[0, 40])
    years, week = 42 / 365.25, 7 / 365.25
    assert costs_of(found, 60_000)["money"].to_list() == pytest.approx(
        [60_000 * 4 * years, 60_000 * (4 * years + week)]
    )
    assert costs_of(found, None)["money"].isna().all()


def test_every_line_is_there_whatever_a_run_has() -> None:
    assert list(costs_of(measures(offenders_managed=[1]), None)) == list(COSTS)


def test_measures_know_what_they_are_a_part_of() -> None:
    assert denominator_of("overdue_visits", "high") == ("to be visited", "high")
    assert denominator_of("workload_ratio", "total") == ("in post", "average")
    assert denominator_of("caseload_per_officer", "total") == ("in post", "at_end")
    assert denominator_of("hours_worked", "total") is None
    columns = denominators_of(measures(officers_in_post_average=[4]))
    assert ("to be visited", "very_high") in columns
    assert np.array_equal(columns["in post", "average"], [4])
