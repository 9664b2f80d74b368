"""What a planner reads after a sweep: one line for each point."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from sim.measure import METRICS
from sim.report.text.axes import axis_title, axis_value, short_title
from sim.report.text.printing import INDENT, REPORT, Block, Rows, aligned, saved_in
from sim.report.text.verdicts import is_share, phrase
from sim.report.text.words import capital, day_words, interval_words
from sim.runs.intervals import PER_CENT, Interval, percent, stored_interval, tenths, whole
from sim.scenario.source.faults import join_words, sanitise
from sim.studies.sweep import Sweep

MOST_LINES = 60
"""More points than these are in the table only."""


def sweep_summary(sweep: Sweep, width: int) -> list[Block]:
    """The answer of a sweep: the period, and a line for each point."""
    base, rows = sweep.base, sweep_table(sweep)
    lines = aligned(rows[: 1 + MOST_LINES], left=(), gap="   ")
    period = f"{day_words(base.start)} to {day_words(base.end)}."
    brackets = interval_words(sweep.replications, " ".join(lines))
    if len(rows) > 1 + MOST_LINES:
        lines.append(f"{INDENT}… and {len(rows) - 1 - MOST_LINES:,} more points")
    return [
        Block(sanitise(base.name), [f"{period} {brackets} The same random events at every point.{since_words(sweep)}"]),
        Block("", [Rows(lines, bold=1)]),
        saved_in(sweep.folder, REPORT, ("sweep.csv", "sweep.csv and sweep.parquet with every metric")),
    ]


def since_words(sweep: Sweep) -> str:
    """From when the values hold, if not throughout."""
    if not sweep.points.since:
        return ""
    first = day_words(dt.date.fromisoformat(sweep.points.since))
    return f" {join_words(sweep.points.keys)} changes on {first}; until then the scenario is as it stands."


def sweep_findings(sweep: Sweep) -> list[tuple[str, str]]:
    """Of each metric shown its name, and the points at which it is lowest and highest."""
    findings = []
    for metric, group in sweep.metrics:
        statistic, rows = statistic_of(sweep, metric, group)
        name, known = heading(metric, group, statistic), rows.dropna(subset="mean")
        if known.empty:
            findings.append((name, "Not known at any point."))
            continue
        ends = [known.loc[known["mean"].idxmin()], known.loc[known["mean"].idxmax()]]
        low, high = map(_interval, ends)
        lowest, highest = (
            f"{metric_words(metric, value)} with "
            + join_words([f"{short_title(key)} {axis_value(key, row[key])}" for key in sweep.points.keys])
            for row, value in zip(ends, (low, high), strict=True)
        )
        words = f"lowest {lowest}; highest {highest}."
        clear = low.clearly_differs(high)
        findings.append((name, words.capitalize() if clear else f"No clear difference between the points: {words}"))
    return findings


def sweep_table(sweep: Sweep, *, titles: bool = False) -> list[list[str]]:
    """The headings and a row for each point: keys, with `titles` in words, and each metric at the end or on average."""
    keys, of = list(sweep.points.keys), sweep.replications
    points = sweep.table[keys].drop_duplicates()
    columns = [[key, *map(str, points[key])] for key in keys]
    if titles:
        columns = [[axis_title(key), *(axis_value(key, value) for value in points[key])] for key in keys]
    for metric, group in sweep.metrics:
        statistic, rows = statistic_of(sweep, metric, group)
        known = {tuple(row[keys]): _interval(row) for _, row in rows.iterrows()}
        cells = {
            point: value.few_words(of) if value.too_few(of) else metric_words(metric, value)
            for point, value in known.items()
        }
        found = [cells.get(tuple(point), "–") for _, point in points.iterrows()]
        columns.append([heading(metric, group, statistic), *found])
    return [list(line) for line in zip(*columns, strict=True)]


def statistic_of(sweep: Sweep, metric: str, group: str) -> tuple[str, pd.DataFrame]:
    """The value at the end, or the average of what has none at the end."""
    try:
        return "at_end", sweep.of(metric, group, "at_end")
    except KeyError:
        return "average", sweep.of(metric, group, "average")


def heading(metric: str, group: str, statistic: str) -> str:
    """`Overdue high-risk visits at the end`"""
    return f"{capital(phrase(metric, group).noun)} {'at the end' if statistic == 'at_end' else 'on average'}"


def _interval(row: pd.Series) -> Interval:
    return stored_interval(row["mean"], row["low"], row["high"], row["n"])


def metric_words(metric: str, value: Interval) -> str:
    """A mean with its interval, in the metric's own way."""
    if is_share(metric):
        return value.in_words(percent, PER_CENT)
    fine = value.mean is not None and abs(value.mean) < 10 and METRICS[metric].unit != "days"
    return value.in_words(tenths if fine else whole)
