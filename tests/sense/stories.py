"""How a story is told: the force of `force.yaml` with some values changed, lived through a few times, and compared.

Comparisons are paired: the same replications, so the same luck, in both.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

from sim.experiment.intervals import Interval, interval
from sim.measure import tabulate
from sim.measure.counts import Counts
from sim.model import History, simulate
from sim.scenario import Scenario, read
from sim.scenario.files import read_file

FORCE = Path(__file__).with_name("force.yaml")
PAIRS = 6

QUIET = (
    "officers.leave_days=0",
    "officers.court_and_training_days=0",
    "officers.sickness.spells_per_year=0",
    "reviews.interval_days=never",
    "notifications.interval_days=never",
    "intake.hours=0",
    "breaches.per_year=0",
    "drift={up_per_year: 0, down_per_year: 0}",
    "register={new_per_year: 0, periods: [{years: indefinite, share: 1}], deaths_and_moves_per_year: 0}",
)
"""Nothing happens but visits, and nobody is ever away."""


_read_once = cache(read_file)


@cache
def force(*settings: str) -> Scenario:
    """The force with some values changed, written as after `--set`."""
    with mock.patch("sim.scenario.layers.read_file", _read_once):  # most of the time goes into parsing the file
        return read(FORCE, settings).scenario


@cache
def history(*settings: str, replication: int = 0) -> History:
    """One history of it, with its event log."""
    return simulate(force(*settings), replication, keep_events=True)


@cache
def outcomes(*settings: str, replications: int = PAIRS) -> pd.DataFrame:
    """What its histories come to: a row per replication, columns (statistic, metric, group); weeks left out."""
    rows = []
    for replication in range(replications):
        table = tabulate(force(*settings), simulate(force(*settings), replication))
        table = table[table.statistic != "week"].astype({"statistic": str, "metric": str, "group": str})
        rows.append(table.set_index(["statistic", "metric", "group"]).value)
    return pd.DataFrame(rows).reset_index(drop=True)


def average(metric: str, *settings: str, group: str = "total") -> float:
    """A metric over the horizon, on average over the replications."""
    return float(outcomes(*settings)["average", metric, group].mean())


def change(
    metric: str, plan: tuple[str, ...], base: tuple[str, ...] = (), group: str = "total", statistic: str = "average"
) -> Interval:
    """What a plan adds to a metric: the mean difference over paired replications, with its 95 % interval."""
    column = (statistic, metric, group)
    return interval(outcomes(*base, *plan)[column] - outcomes(*base)[column])


def rises(difference: Interval) -> bool:
    """Is the plan above the base, beyond doubt?"""
    return difference.low is not None and difference.low > 0


def falls(difference: Interval) -> bool:
    """Is the plan below the base, beyond doubt?"""
    return difference.high is not None and difference.high < 0


def hours(lived: History, *uses: int) -> float:
    """Officer-hours of some uses over the whole horizon."""
    return float(Counts(lived).hours(*uses)[0, -1])


def weekly(metric: str, *settings: str, group: str = "total") -> np.ndarray:
    """A metric at each weekly mark of one history."""
    table = tabulate(force(*settings), history(*settings))
    return table.value[(table.statistic == "week") & (table.metric == metric) & (table.group == group)].to_numpy()
