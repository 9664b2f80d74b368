"""The formula of each metric, on results small enough to work out by hand; and the table they make."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.measure import METRICS, tabulate
from sim.measure.counts import Counts
from sim.measure.force import hours_demanded_per_offender_day
from sim.measure.metric import Values
from sim.model import codes, simulate
from sim.model.codes import LOW, NEVER, RISK_LEVELS
from sim.model.inputs import inputs_of
from sim.model.records import TALLY, table
from sim.scenario import Scenario

MEDIUM, VERY_HIGH = RISK_LEVELS.index("medium"), RISK_LEVELS.index("very_high")

TOWN = {
    "name": "Town",
    "start": "2024-01-01",
    "end": "2024-01-21",
    "teams": [{"name": "One", "officers": 2, "offenders": 20}],
    "caseload": {"risk_mix": {"low": 0.5, "medium": 0.5, "high": 0, "very_high": 0}},
    "visits": {"interval_days": {"low": 100, "medium": 50, "high": 50, "very_high": 50}, "visit_hours": 3},
    "target": {"overdue_visits_share": 0.2},
}
WEEKS = 3


class Weeks:
    """Three weeks whose counts are written down rather than simulated."""

    def __init__(self, **changes: object) -> None:
        self.inputs = inputs_of(Scenario.model_validate(TOWN | changes))
        self.tally = table(TALLY, WEEKS + 2)
        self.tally["earliest"] = NEVER

    def stock(self, stock: int, observed: list[float], risk: int = LOW) -> Weeks:
        """So many from each observation until the next."""
        change = np.diff(observed, prepend=0)
        self.tally["spells"][: WEEKS + 1, risk, stock, 0] = change
        self.tally["spells"][: WEEKS + 1, risk, stock, 1] = change * 7 * np.arange(WEEKS + 1)
        return self

    def flow(self, flow: int, by_week: list[float], risk: int = LOW) -> Weeks:
        self.tally["flow"][:WEEKS, risk, flow] = by_week
        return self

    def hours(self, use: int, by_week: list[float]) -> Weeks:
        self.tally["hours"][:WEEKS, use] = by_week
        return self

    def since(self, extreme: int, times: list[float], risk: int = LOW) -> Weeks:
        """The earliest date at each observation."""
        self.tally["earliest"][: WEEKS + 1, extreme, risk, 0] = times
        return self

    def of(self, metric: str) -> Values:
        times = np.arange(0.0, 7 * WEEKS + 1, 7.0)
        result = SimpleNamespace(observation_times=times, tally=self.tally, inputs=self.inputs, investigated=None)
        return METRICS[metric].compute(Counts(result))


def total(values: np.ndarray | None) -> object:
    assert values is not None
    return pytest.approx(values[0].tolist(), nan_ok=True)


def test_a_backlog_at_each_observation_at_the_end_and_on_average():
    overdue = Weeks().stock(codes.OVERDUE_VISITS, [4, 6, 2, 3]).of("overdue_visits")
    assert total(overdue.weekly) == [4, 6, 2, 3]
    assert total(overdue.at_end) == 3
    assert total(overdue.average) == (4 + 6 + 2) / 3  # what it is at the last observation has no time to last


def test_shares_are_of_those_who_should_be_visited_and_unknown_where_there_are_none():
    weeks = Weeks().stock(codes.ON_VISIT_LIST, [0, 10, 20, 20]).stock(codes.OVERDUE_VISITS, [0, 5, 4, 2])
    share, coverage = weeks.of("overdue_visits_share"), weeks.of("visit_coverage")
    assert total(share.weekly) == [np.nan, 0.5, 0.2, 0.1]
    assert total(share.average) == 9 / 30
    assert total(coverage.weekly) == [np.nan, 0.5, 0.8, 0.9]
    assert total(coverage.average) == 21 / 30


def test_risk_coverage_weighs_the_total_and_not_the_levels():
    weeks = Weeks().stock(codes.ON_VISIT_LIST, [10] * 4).stock(codes.OVERDUE_VISITS, [5] * 4)
    weeks.stock(codes.ON_VISIT_LIST, [10] * 4, VERY_HIGH).stock(codes.OVERDUE_VISITS, [0] * 4, VERY_HIGH)
    at_end = weeks.of("risk_coverage").at_end
    assert at_end is not None
    assert at_end[[1, 4]].tolist() == [0.5, 1.0]
    assert at_end[0] == pytest.approx(1 - 1 * 5 / (1 * 10 + 8 * 10))


def test_ages_count_from_the_earliest_and_are_0_when_nobody_is_concerned():
    weeks = Weeks().since(codes.EARLIEST_OVERDUE_VISIT, [-30, -30, NEVER, 20], LOW)
    weeks.since(codes.EARLIEST_OVERDUE_VISIT, [-10, -40, NEVER, NEVER], MEDIUM)
    oldest = weeks.of("oldest_overdue_visit_days")
    assert total(oldest.weekly) == [30, 47, 0, 1]
    assert total(oldest.at_end) == 1
    assert total(oldest.average) == (30 + 47 + 0 + 1) / 4


def test_days_in_a_condition_are_of_each_week_in_all_and_per_week():
    hidden = Weeks().stock(codes.HIDDEN_RISK, [2, 0, 1, 5]).of("hidden_risk_days")
    assert total(hidden.weekly) == [14, 0, 7]
    assert total(hidden.at_end) == 21
    assert total(hidden.average) == 7


def test_the_time_to_find_a_breach_is_the_mean_over_those_found():
    weeks = Weeks().flow(codes.BREACHES_FOUND, [2, 0, 1]).flow(codes.DETECTION_DAYS, [50, 0, 100])
    found = weeks.of("breach_detection_days")
    assert total(found.weekly) == [25, np.nan, 100]
    assert total(found.average) == 50
    assert found.at_end is None


def test_breaches_found_are_of_those_found_and_those_that_lie_latent():
    weeks = Weeks().flow(codes.BREACHES_FOUND, [1, 2, 0]).stock(codes.LATENT_BREACHES, [0, 3, 1, 9])
    assert total(weeks.of("breaches_found_share").weekly) == [np.nan, 1 / 4, 3 / 4, 3 / 12]


def test_failed_attempts_are_of_all_attempts():
    weeks = Weeks().flow(codes.VISIT_ATTEMPTS, [4, 0, 6]).flow(codes.FAILED_ATTEMPTS, [1, 0, 4])
    failed = weeks.of("failed_attempts_share")
    assert total(failed.weekly) == [0.25, np.nan, 4 / 6]
    assert total(failed.average) == 0.5


def test_hours_for_each_contact_include_the_attempts_that_failed():
    weeks = Weeks().hours(codes.HOURS_VISIT, [12, 8, 5]).flow(codes.VISITS_COMPLETED, [3, 0, 2])
    contact = weeks.of("hours_per_contact")
    assert total(contact.weekly) == [4, np.nan, 2.5]
    assert total(contact.average) == 5


def test_utilisation_is_what_is_neither_idle_nor_waiting():
    weeks = Weeks().hours(codes.HOURS_AVAILABLE, [80, 0, 40])
    weeks.hours(codes.HOURS_IDLE, [20, 0, 0]).hours(codes.HOURS_WAITING, [20, 0, 0])
    utilisation = weeks.of("utilisation")
    assert total(utilisation.weekly) == [0.5, np.nan, 1]
    assert total(utilisation.average) == 80 / 120
    assert total(utilisation.at_end) == 80 / 120  # of the last four weeks, and there are no more than three


def test_the_caseload_is_shared_among_the_officers_in_post():
    weeks = Weeks().stock(codes.MANAGED, [60, 80, 80, 90]).stock(codes.OFFICERS_IN_POST, [2, 2, 4, 0])
    caseload = weeks.of("caseload_per_officer")
    assert total(caseload.weekly) == [30, 40, 20, np.nan]
    assert total(caseload.average) == 220 / 8


# --- the workload -------------------------------------------------------------------------------------------------


def test_the_workload_is_what_the_caseload_asks_for_by_what_there_is():
    weeks = Weeks().stock(codes.MANAGED, [100] * 4).stock(codes.MANAGED, [50] * 4, MEDIUM)
    weeks.hours(codes.HOURS_AVAILABLE, [84] * 3)
    # Two officers for three hours at each visit: six hours every 100 or 50 days.
    assert total(weeks.of("workload_ratio").weekly) == [7 * (100 * 6 / 100 + 50 * 6 / 50) / 84] * 3


def test_from_the_week_of_a_lever_on_the_workload_is_that_of_the_new_values():
    lever = {"from": "2024-01-11", "set": {"visits.crew": 1}}
    weeks = Weeks(levers=[lever]).stock(codes.MANAGED, [100] * 4).hours(codes.HOURS_AVAILABLE, [84] * 3)
    workload = weeks.of("workload_ratio")
    assert total(workload.weekly) == [42 / 84, 21 / 84, 21 / 84]
    assert total(workload.average) == 84 / 252


def test_what_each_offender_asks_for_is_the_budget_of_hours():
    scenario = Scenario.model_validate(
        TOWN
        | {
            "visits": {
                "interval_days": 100,
                "announced_share": 0.5,
                "visit_hours": 1,
                "travel_hours": 2,
                "write_up_hours": 0.5,
                "failed_attempt_hours": 0.25,
                "no_contact": {"announced": 0.1, "unannounced": 0.3},
            },
            "reviews": {"interval_days": 200, "hours": 4},
            "notifications": {"interval_days": 365, "hours": 1, "missed_share": 0.1},
            "breaches": {"per_year": {"low": 0, "medium": 0.5, "high": 1, "very_high": 1}, "enquiry_hours": 10},
        }
    )
    # One attempt in five fails, so there is a quarter of a failed one for each visit that succeeds.
    visit = 2 * (1 + 2) + 0.5 + 0.25 * 2 * (2 + 0.25)
    missed = 0.1 * 20 / 365
    low, medium, _, _ = hours_demanded_per_offender_day(scenario)
    assert low == pytest.approx(visit / 100 + 4 / 200 + 1 / 365 + missed)
    assert medium == pytest.approx(low + 0.5 / 365.25 * 20)


# --- recovery -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("overdue", "day"),
    [
        ([5, 2, 2, 1], 7),
        ([1, 1, 1, 1], 0),
        ([2, 2, 2, 2], 0),  # at the target is good enough
        ([1, 1, 3, 1], 21),
        ([5, 1, 1, 3], np.nan),
    ],
)
def test_recovered_is_who_stays_at_or_below_the_target(overdue, day):
    weeks = Weeks().stock(codes.ON_VISIT_LIST, [10] * 4).stock(codes.OVERDUE_VISITS, overdue)
    recovery = weeks.of("recovery_date")
    assert recovery.weekly is None
    assert recovery.average is None
    assert total(recovery.at_end) == day


# --- the table ----------------------------------------------------------------------------------------------------


def test_every_metric_of_the_design_is_there():
    """Those that inspectors, planners and analysts were promised, by the names that files and messages use."""
    promised = """
        overdue_visits overdue_reviews overdue_visits_share oldest_overdue_visit_days longest_unseen_days
        unallocated_offenders visit_coverage risk_coverage unannounced_coverage hidden_risk_days latent_breach_days
        breach_detection_days breaches_found_share visit_attempts failed_attempts_share visits_completed
        reviews_completed caseload_per_officer workload_ratio utilisation recovery_date
    """
    assert set(promised.split()) <= set(METRICS)


@pytest.fixture(scope="module")
def tables() -> list[pd.DataFrame]:
    scenario = Scenario.model_validate(TOWN)
    return [tabulate(scenario, simulate(scenario, replication)) for replication in (0, 1)]


def test_who_changes_a_table_changes_no_other(tables: list[pd.DataFrame]):
    scenario = Scenario.model_validate(TOWN)
    mine = tabulate(scenario, simulate(scenario, 0))
    mine.loc[:, "day"] = 0.0
    mine.loc[:, "metric"] = "utilisation"
    pd.testing.assert_frame_equal(tabulate(scenario, simulate(scenario, 0)), tables[0])


def test_the_rows_are_the_same_in_every_replication(tables: list[pd.DataFrame]):
    first, second = (table.drop(columns="value") for table in tables)
    pd.testing.assert_frame_equal(first, second)
    assert not first.duplicated().any()


@pytest.mark.parametrize("name", [name for name, metric in METRICS.items() if metric.part == "caseload"])
def test_each_metric_has_a_row_for_each_group_and_week(name: str, tables: list[pd.DataFrame]):
    rows = tables[0][tables[0].metric == name]
    assert set(rows.group) == set(METRICS[name].groups)
    for (statistic, _), some in rows.groupby(["statistic", "group"], observed=True):
        days = some.day.tolist()
        if statistic == "week":
            assert days in ([0, 7, 14, 21], [7, 14, 21])
        else:
            assert np.isnan(days).tolist() == [True]
