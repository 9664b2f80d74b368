"""What a planner reads after a sweep: one line for each point."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from rich.console import Console
from rich.text import Text

from sim.measure import METRICS
from sim.report.text.terminal import INDENT, kept_in, section, width_of
from sim.report.text.verdicts import is_share, phrase
from sim.report.text.words import (
    PER_CENT,
    day_words,
    few_words,
    interval_words,
    percent,
    tenths,
    too_few,
    whole,
    with_interval,
)
from sim.runs.intervals import Interval, stored_interval
from sim.scenario.source.faults import join_words, sanitise
from sim.studies.sweep import Sweep

MOST_LINES = 60
"""More points than these are in the table only."""


def print_sweep(sweep: Sweep, metrics: list[tuple[str, str]], console: Console | None = None) -> None:
    """Print the answer of a sweep on stdout."""
    console = console or Console(highlight=False)
    console.width = width_of(console)
    base, lines = sweep.base, sweep_lines(sweep, metrics)
    section(
        console,
        sanitise(base.name),
        [
            f"{day_words(base.start)} to {day_words(base.end)}. {interval_words(sweep.replications, ' '.join(lines))} "
            f"The same random events at every point.{_since(sweep)}"
        ],
    )
    console.print()
    header, *rows = lines
    console.print(Text(header, style="bold"), soft_wrap=True)
    console.print(Text("\n".join(rows[:MOST_LINES])), soft_wrap=True)
    if len(rows) > MOST_LINES:
        console.print(Text(f"{INDENT}… and {len(rows) - MOST_LINES:,} more points"), soft_wrap=True)
    files = ("sweep.csv", "sweep.csv and sweep.parquet with every metric")
    section(console, "Kept in", [kept_in(sweep.kept_in.path, files)])


def _since(sweep: Sweep) -> str:
    """From when the values hold, if not throughout."""
    if not sweep.points.since:
        return ""
    first = day_words(dt.date.fromisoformat(sweep.points.since))
    return f" {join_words(sweep.points.keys)} changes on {first}; until then the scenario is as it stands."


def sweep_lines(sweep: Sweep, metrics: list[tuple[str, str]]) -> list[str]:
    """The table as lines, its head first: the keys, then each metric at the end, or on average where it has no end."""
    keys = list(sweep.points.keys)
    found = [(metric, group, *statistic_of(sweep, metric, group)) for metric, group in metrics]
    points = sweep.table[keys].drop_duplicates()
    columns = [[key, *map(str, points[key])] for key in keys]
    for metric, group, statistic, rows in found:
        cells = {tuple(row[keys]): _cell(metric, row, sweep.replications) for _, row in rows.iterrows()}
        columns.append(
            [heading(metric, group, statistic), *(cells.get(tuple(point), "–") for _, point in points.iterrows())]
        )
    widths = [max(map(len, column)) for column in columns]
    return [
        INDENT + "   ".join(cell.rjust(wide) for cell, wide in zip(line, widths, strict=True))
        for line in zip(*columns, strict=True)
    ]


def statistic_of(sweep: Sweep, metric: str, group: str) -> tuple[str, pd.DataFrame]:
    """The value at the end, or the average of what has none at the end."""
    try:
        return "at_end", sweep.of(metric, group, "at_end")
    except KeyError:
        return "average", sweep.of(metric, group, "average")


def heading(metric: str, group: str, statistic: str) -> str:
    """`Overdue high-risk visits at the end`"""
    noun = phrase(metric, group).noun
    return f"{noun[0].upper()}{noun[1:]} {'at the end' if statistic == 'at_end' else 'on average'}"


def _cell(metric: str, row: pd.Series, of: int) -> str:
    value = stored_interval(row["mean"], row["low"], row["high"], row["n"])
    return few_words(value, of) if too_few(value, of) else metric_words(metric, value)


def metric_words(metric: str, value: Interval) -> str:
    """A mean with its interval, in the metric's own way."""
    if is_share(metric):
        return with_interval(value, percent, PER_CENT)
    fine = value.mean is not None and abs(value.mean) < 10 and METRICS[metric].unit != "days"
    return with_interval(value, tenths if fine else whole)
