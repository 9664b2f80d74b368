"""Tools for short scenarios: the force of `force.yaml` with some values changed, simulated a few times, and compared.

Comparisons are paired: the same replications, so common random numbers, in both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

from sim.measure import tabulate
from sim.measure.counts import Counts
from sim.model import ReplicationResult, simulate
from sim.runs.intervals import Interval, interval
from sim.scenario import LoadedScenario, Scenario, read
from sim.scenario.source.faults import Fault, Place
from sim.scenario.source.located import Located
from sim.scenario.source.yaml_text import read_yaml

FORCE = Path(__file__).with_name("force.yaml")
INVENTED = Path(__file__).with_name("invented-caseload.csv")
"""The example that `new --caseload` writes for two teams, with the first day of the force."""

PAIRS = 6

QUIET = (
    "officers.leave_days=0",
    "officers.court_and_training_days=0",
    "officers.sickness.spells_per_year=0",
    "reviews.interval_days=never",
    "notifications.interval_days=never",
    "initial_assessment.hours=0",
    "breaches.per_year=0",
    "drift={up_per_year: 0, down_per_year: 0}",
    "register={new_per_year: 0, periods: [{years: indefinite, share: 1}], deaths_and_moves_per_year: 0}",
)
"""Nothing happens but visits, and nobody is ever away."""

FAILINGS = (
    "officers.trained_share=0.3",
    "officers.untrained={hours_factor: 1.3, detection_factor: 0.5, lost_record_share: 0.3}",
    "officers.part_time={share: 0.4, hours_share: 0.6}",
    "officers.abstraction={share: 0.05, surges: [{from: 2025-03-20, to: 2025-04-16, share: 0.4}]}",
    "turnover.leaving_per_year={under_2_years: 2, from_2_to_5_years: 1, over_5_years: 1.5}",
    "turnover.service_years_at_start={distribution: gamma, mean: 4, cv: 0.7}",
    "turnover.vacant_at_start=0.2",
    "turnover.recruitment_days={distribution: exponential, mean: 60}",
    "turnover.successors_trained_share=0.3",
    "visits.retry_hour=same",
    "visits.no_contact.same_hour_again=0.3",
    "missing={leave_home_per_year: 0.4, tracing_interval_days: 10, tracing_hours: 2, found_by_tracing: 0.4}",
    "register.recalls_per_year=0.3",
    "register.moves_between_teams_per_year=0.2",
)
"""What goes wrong in a force, and goes on in its area, beside what `force.yaml` switches on."""

SAFEGUARDS = (
    "teams=[{name: North, officers: 8, offenders: 190}, {name: South, officers: 6, offenders: 110}]",
    "officers.overtime_hours_per_week=3",
    "officers.courses={interval_days: 60, seats: 1, days: 5}",
    "surge={officers: 2, from: 2025-01-06, to: 2025-04-30}",
    "caseload.cover={rule: high_risk, after_days: 5}",
    "caseload.own_plan={share: 0.4, interval_factor: {distribution: uniform, low: 0.6, high: 1.6}}",
    "reviews.desk_review={share: 0.4, hours: {distribution: lognormal, mean: 2, cv: 0.5}, error_share: 0.3}",
    "records={audit_interval_days: 90, found_at_notification: 0.6}",
    "supervisors={hours_per_week: 2, finds_lost_record: 0.5, notices_risk: 0.3}",
    "escalation={after_failed_attempts: 2, warrant_delay_days: 5, warrant_hours: 3}",
    "intelligence={reports_per_year: 0.4, review_within_days: 10}",
    "caseload.quiet_years_at_start={distribution: gamma, mean: 1.6, cv: 0.5}",
    "reactive={after_quiet_years: 2, passed_share: 0.8, check_interval_days: 20, check_hours: 1, found_at_check: 0.3, "
    "notices_risk: 0.3}",
    "mappa={level_2_share: 0.2, level_3_share: 0.15, level_2_interval_days: 60, level_3_interval_days: 30, hours: 1, "
    "notices_risk: 0.3}",
)
"""What a force does about it."""

EVERYTHING = (*FAILINGS, *SAFEGUARDS)
"""All that a scenario may switch on is switched on."""


@cache
def _read_at(text: str, place: Place) -> tuple[Located | None, list[Fault]]:
    return read_yaml(text, lambda _: place)


def _read_setting_once(text: str, place_of: Callable[[int], Place]) -> tuple[Located | None, list[Fault]]:
    return _read_at(text, place_of(1))


@cache
def _force() -> LoadedScenario:
    return read(FORCE)


@cache
def force(*settings: str) -> Scenario:
    """The force with some values changed, written as after `--set`."""
    with mock.patch("sim.scenario.settings.read_yaml", _read_setting_once):  # most of the time goes into parsing
        return _force().with_settings(settings).scenario


@cache
def simulate_force(*settings: str, replication: int = 0) -> ReplicationResult:
    """One replication of it, with its event log."""
    return simulate(force(*settings), replication, log_events=True)


@cache
def outcomes(*settings: str, replications: int = PAIRS) -> pd.DataFrame:
    """What its replications come to: a row per replication, columns (statistic, metric, group); weeks left out."""
    rows = []
    for replication in range(replications):
        table = tabulate(force(*settings), simulate(force(*settings), replication))
        table = table[table.statistic.isin(["at_end", "average"])].astype(
            {"statistic": str, "metric": str, "group": str}
        )
        rows.append(table.set_index(["statistic", "metric", "group"]).value)
    return pd.DataFrame(rows).reset_index(drop=True)


def average(metric: str, *settings: str, group: str = "total") -> float:
    """A metric over the horizon, on average over the replications."""
    return float(outcomes(*settings)["average", metric, group].mean())


def change(
    metric: str, plan: tuple[str, ...], base: tuple[str, ...] = (), group: str = "total", statistic: str = "average"
) -> Interval:
    """What a plan adds to a metric: the mean difference over paired replications, with its 95% interval."""
    column = (statistic, metric, group)
    return interval(outcomes(*base, *plan)[column] - outcomes(*base)[column])


def rises(difference: Interval) -> bool:
    """Is the plan above the base, beyond doubt?"""
    return difference.low is not None and difference.low > 0


def falls(difference: Interval) -> bool:
    """Is the plan below the base, beyond doubt?"""
    return difference.high is not None and difference.high < 0


def hours(result: ReplicationResult, *uses: int) -> float:
    """Officer-hours of some uses over the whole horizon."""
    return float(Counts(result).hours(*uses)[0, -1])


def weekly(metric: str, *settings: str, group: str = "total") -> np.ndarray:
    """A metric at each weekly observation of one replication."""
    table = tabulate(force(*settings), simulate_force(*settings))
    return table.value[(table.statistic == "week") & (table.metric == metric) & (table.group == group)].to_numpy()
