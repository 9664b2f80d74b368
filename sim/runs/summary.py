"""From many replications to one answer: means and intervals at the end, on average, and week by week."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.measure import METRICS
from sim.measure.tables import TEAM
from sim.runs.intervals import intervals

NO_DAY = -1
"""Stands for the day of a row that is no week's."""


class ReplicationsTable(NamedTuple):
    """The tables of many replications as one.

    `rows` are all that any of them has: statistic, metric, group, day. `values` has one line per replication and one
    column per row, NaN where a replication lacks the row, such as the time to find a breach in a week without any.
    """

    rows: pd.DataFrame
    values: np.ndarray

    @classmethod
    def of(cls, tables: Iterable[pd.DataFrame]) -> ReplicationsTable:
        """Those of `sim.measure.tabulate`, one per replication."""
        words: dict[str, dict[str, int]] = {"statistic": {}, "metric": {}, "group": {}}
        numbered = [(_row_numbers(table, words), table["value"].to_numpy(dtype=float)) for table in tables]
        if not numbered:
            raise ValueError("there is no replication to summarise")
        different = {numbers.tobytes(): numbers for numbers, _ in numbered}  # few: most replications have the same rows
        every = np.unique(np.concatenate(list(different.values())))
        values = np.full((len(numbered), len(every)), np.nan)
        for line, (numbers, known) in zip(values, numbered, strict=True):
            line[np.searchsorted(every, numbers)] = known
        return cls(_rows(every, words), values)

    @property
    def weekly(self) -> np.ndarray:
        """Which rows are of one week each."""
        return (self.rows["statistic"] == "week").to_numpy()

    @property
    def whole(self) -> np.ndarray:
        """Which rows are of the whole period, and not of one week or of one team."""
        return ~self.rows["statistic"].isin(["week", TEAM]).to_numpy()

    def by_team(self, start: dt.date) -> pd.DataFrame:
        """The teams, week by week: metric, team, and the columns of the weeks; empty for a force of one team."""
        of_teams = (self.rows["statistic"] == TEAM).to_numpy()
        return self._weeks(of_teams, start).rename(columns={"group": "team"})

    def summarised(self, start: dt.date) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The summary: metric, group, statistic (`at_end` or `average`), mean, low, high, n; and the weeks.

        The weeks have metric, group, day, date, mean, low, high, p10, p90, n; p10 to p90 is the 8-of-10 range.
        """
        mean, low, high, n = intervals(self.values[:, self.whole])
        table = self.rows[self.whole].assign(mean=mean, low=low, high=high, n=n)
        summary = table[["metric", "group", "statistic", "mean", "low", "high", "n"]].reset_index(drop=True)
        return summary, self._weeks(self.weekly, start)

    def _weeks(self, chosen: np.ndarray, start: dt.date) -> pd.DataFrame:
        """Some rows of one week each, with their range over the replications."""
        values, rows = self.values[:, chosen], self.rows[chosen]
        mean, low, high, n = intervals(values)
        p10, p90 = spread(values)
        dates = [start + dt.timedelta(int(day)) for day in rows["day"]]
        weeks = rows.assign(date=dates, mean=mean, low=low, high=high, p10=p10, p90=p90, n=n)
        columns = ["metric", "group", "day", "date", "mean", "low", "high", "p10", "p90", "n"]
        return weeks[columns].reset_index(drop=True)

    def by_replication(self, replications: Sequence[int], *, weekly: bool = False) -> pd.DataFrame:
        """The values of each replication, one row for each by its number, for comparison with another scenario.

        The columns are (metric, group, statistic) with `at_end` and `average`, or with `weekly` (metric, group, day);
        NaN where a replication has no value.
        """
        chosen = self.weekly if weekly else self.whole
        columns = self.rows.loc[chosen, ["metric", "group", "day" if weekly else "statistic"]]
        numbers = pd.Index(replications, name="replication")
        return pd.DataFrame(self.values[:, chosen], index=numbers, columns=pd.MultiIndex.from_frame(columns))

    def ends(self, replications: Sequence[int]) -> pd.DataFrame:
        """The first and the last weekly value in each replication, one row for each by its number.

        The columns are (metric, group, end) with `first` and `last`: the weeks in which any replication has a value.
        """
        known = np.flatnonzero(self.weekly & ~np.isnan(self.values).all(axis=0))
        names = self.rows.loc[known, ["metric", "group"]]
        ends = {"first": ~names.duplicated(), "last": ~names.duplicated(keep="last")}
        columns = pd.concat([names[chosen].assign(end=end) for end, chosen in ends.items()])
        numbers = pd.Index(replications, name="replication")
        return pd.DataFrame(self.values[:, columns.index], index=numbers, columns=pd.MultiIndex.from_frame(columns))


_BITS = {"statistic": 8, "metric": 16, "group": 16, "day": 22}
"""A row is known by one number, made of the numbers of its words and its day; sorting keeps the order of METRICS."""


def _row_numbers(table: pd.DataFrame, words: dict[str, dict[str, int]]) -> np.ndarray:
    """The number of each row; `words` learns the words it meets."""
    number = np.zeros(len(table), dtype=np.int64)
    for column, bits in _BITS.items():
        if column == "day":
            part = table["day"].fillna(NO_DAY).to_numpy(dtype=np.int64) - NO_DAY
        else:
            known = words[column]
            codes, met = pd.factorize(table[column])
            part = np.array([known.setdefault(word, len(known)) for word in met])[codes]
        number = number << bits | part
    return number


def _rows(numbers: np.ndarray, words: dict[str, dict[str, int]]) -> pd.DataFrame:
    columns: dict[str, np.ndarray] = {}
    for column, bits in reversed(_BITS.items()):
        part, numbers = numbers & (1 << bits) - 1, numbers >> bits
        columns[column] = part + NO_DAY if column == "day" else np.array(list(words[column]), dtype=object)[part]
    return pd.DataFrame(columns)


DIGITS = 6
"""A CSV file has so many significant digits, more than any interval here is sure of; Parquet has all there are."""


def summary_csv(summary: pd.DataFrame) -> bytes:
    """The summary for a spreadsheet: each metric with its title and its unit, beside the name that programs use."""
    known = summary["metric"].map(METRICS)
    table = summary.copy()
    table.insert(1, "title", [metric.title for metric in known])
    table.insert(2, "unit", [metric.unit for metric in known])
    return as_csv(table)


def as_csv(table: pd.DataFrame) -> bytes:
    """A table as CSV, its numbers rounded to what can be read; whole numbers stay whole."""
    fractions = table.select_dtypes("floating").columns
    shown = table.assign(**{name: table[name].map(_rounded, na_action="ignore") for name in fractions})
    return shown.to_csv(index=False, lineterminator="\n").encode()


def _rounded(number: float) -> str:
    """`0.151674`, `1234568`: never in powers of ten, and no digit before the point lost."""
    if not math.isfinite(number) or number == 0:
        return f"{number:g}"
    places = max(0, DIGITS - 1 - math.floor(math.log10(abs(number))))
    text = f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def spread(values: np.ndarray) -> np.ndarray:
    """The 10th and the 90th percentile of each column, leaving out NaN; NaN where nothing is left."""
    ordered = np.sort(values, axis=0)  # NaN comes last
    last = np.maximum(0, (~np.isnan(values)).sum(axis=0) - 1)

    def percentile(share: float) -> np.ndarray:
        below = np.floor(share * last).astype(int)
        at = np.take_along_axis(ordered, np.vstack([below, np.minimum(below + 1, last)]), axis=0)
        return at[0] + (at[1] - at[0]) * (share * last - below)

    return np.vstack([percentile(0.1), percentile(0.9)])
