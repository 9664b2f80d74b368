"""The figures of a sweep: a line with its 8-of-10 range for one key, a heat map for two."""

from __future__ import annotations

import textwrap
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.measure import METRICS
from sim.report.figures import style
from sim.report.text.axes import axis_title, axis_value, short_title
from sim.report.text.colours import DARK_BLUE, INK, ORANGE, QUIET
from sim.report.text.sweep import statistic_of
from sim.report.text.verdicts import is_share, level_words, phrase
from sim.report.text.words import capital, day_words, pluralise
from sim.runs.intervals import PER_CENT
from sim.scenario.paths import plain_value_at
from sim.scenario.schema import TOTALS
from sim.studies.sweep import Sweep

HEAT = LinearSegmentedColormap.from_list("backlog", ["#FFFFFF", "#8EA8C3", DARK_BLUE])


def sweep_charts(sweep: Sweep) -> list[style.Chart]:
    """A figure for each metric that is shown: over one key in numbers a line, over two that fill a grid a heat map."""
    keys, charts = sweep.points.keys, []
    for metric, group in sweep.metrics:
        statistic, rows = statistic_of(sweep, metric, group)
        is_line = len(keys) == 1 and pd.api.types.is_numeric_dtype(rows[keys[0]]) and len(rows) > 1
        is_grid = len(keys) == 2 and len(rows) == rows[keys[0]].nunique() * rows[keys[1]].nunique()
        if rows["mean"].isna().all() or not (is_line or is_grid):
            continue
        name = metric if group == "total" else f"{metric}_{group}"
        draw = partial(_line_figure if is_line else _heat_map, sweep, metric, rows)
        what = _what(sweep, statistic, rows)
        charts.append(style.Chart(name, _title(sweep, metric, group, rows), what, sweep.base.name, draw))
    return charts


def _title(sweep: Sweep, metric: str, group: str, rows: pd.DataFrame) -> str:
    ends = [rows["mean"].max(), rows["mean"].min()]
    worst, best = ends if METRICS[metric].better == "lower" else reversed(ends)
    span = f"{level_words(metric, worst)} to {level_words(metric, best)}"
    return f"{capital(phrase(metric, group).noun)}: {span}, by {' and '.join(map(short_title, sweep.points.keys))}"


def _what(sweep: Sweep, statistic: str, rows: pd.DataFrame) -> str:
    """What is drawn, and where the scenario stands; on a line that is marked in the figure."""
    is_line = len(sweep.points.keys) == 1
    when = f"On {day_words(sweep.base.end)}" if statistic == "at_end" else "Average over the period"
    shaded = "; shaded: 8-of-10 range" if is_line and sweep.replications > 1 else ""
    of = pluralise(sweep.replications, "replication")
    what = f"{when}. Mean of {of} at each point, with the same random events{shaded}."
    if is_line:
        return what
    if _frame(sweep, rows):
        return f"{what} Framed: the scenario as it stands."
    known = [(key, now) for key in sweep.points.keys if (now := present(sweep, key)) is not None]
    words = ", ".join(f"{short_title(key)} {axis_value(key, now)}" for key, now in known)
    return f"{what} As it stands: {words}." if words else what


def _frame(sweep: Sweep, rows: pd.DataFrame) -> tuple[int, int] | None:
    """The column and the line of the cell that is the scenario as it stands, if there is one."""
    now, (columns, lines) = [present(sweep, key) for key in sweep.points.keys], _order(sweep, rows)
    return (columns.index(now[0]), lines.index(now[1])) if now[0] in columns and now[1] in lines else None


def _order(sweep: Sweep, rows: pd.DataFrame) -> tuple[list[Any], list[Any]]:
    """Columns and lines: each value once, numbers from the smallest up and words as they come, the first on top."""
    across, up = (list(dict.fromkeys(rows[key])) for key in sweep.points.keys)
    numeric = [pd.api.types.is_numeric_dtype(rows[key]) for key in sweep.points.keys]
    return sorted(across) if numeric[0] else across, sorted(up) if numeric[1] else up[::-1]


def _line_figure(
    sweep: Sweep, metric: str, rows: pd.DataFrame, words: tuple[str, str, str], sheet: style.Sheet
) -> Figure:
    (key,), is_percent = sweep.points.keys, is_share(metric)
    rows = rows.sort_values(key)
    rows[["mean", "p10", "p90"]] *= 100 if is_percent else 1
    figure, axes = style.plain_page(words, sheet.panel[1], sheet)
    axes.fill_between(rows[key], rows["p10"], rows["p90"], color=DARK_BLUE, alpha=0.18, linewidth=0)
    axes.plot(rows[key], rows["mean"], "o-", color=DARK_BLUE, markersize=5)
    top = rows[["mean", "p90"]].max(axis=None)
    axes.set_ylim(0, 1.08 * top if top > 0 else 1)
    axes.set_xlim(rows[key].min(), rows[key].max())
    axes.margins(x=0.02)
    style.value_axis(axes.yaxis, 6, PER_CENT if is_percent else "")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=sheet.dates, integer=pd.api.types.is_integer_dtype(rows[key])))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: axis_value(key, value)))
    axes.set_xlabel(axis_title(key))
    now = present(sweep, key)
    if isinstance(now, int | float) and rows[key].min() <= now <= rows[key].max():
        axes.axvline(now, color=QUIET, linewidth=1, linestyle="--", zorder=0)
        axes.annotate("now", (now, 1), xytext=(0, 3), xycoords=("data", "axes fraction"), textcoords="offset points",
                      ha="center", color=QUIET)  # fmt: skip
    mean, high = rows[["mean", "p90"]].iloc[-1]
    beside: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "va": "center"}
    axes.annotate("mean", (1.02, mean), **beside)
    if high - mean > 0.06 * top:
        axes.annotate("8-of-10\nrange", (1.02, high), color=QUIET, **beside)
    return figure


def _heat_map(sweep: Sweep, metric: str, rows: pd.DataFrame, words: tuple[str, str, str], sheet: style.Sheet) -> Figure:
    """The mean for every combination of two keys, darker for more, with its number in each cell."""
    across, up = sweep.points.keys
    columns, lines = _order(sweep, rows)
    numbers = rows.pivot(index=up, columns=across, values="mean").loc[lines, columns].to_numpy(dtype=float)
    height = max(1.6, 0.55 * len(lines))
    names = [axis_value(up, value) for value in lines]
    if sheet.is_narrow:
        names = [textwrap.fill(name, 12) for name in names]
    left = min(3.2, 0.75 + 0.085 * max(len(line) for name in names for line in name.split("\n")))
    figure, axes = style.plain_page(words, height, sheet, left, min(0.4, sheet.right))
    least, most = np.nanmin(numbers), np.nanmax(numbers)
    span = {"vmin": least, "vmax": most if most > least else least + 1}
    # Shapes, as the page allows no picture within a picture.
    axes.pcolormesh(range(len(columns)), range(len(lines)), numbers, shading="nearest", cmap=HEAT, **span)
    room = (sheet.width - left - 0.4) / len(columns)
    texts = [[level_words(metric, value) for value in row] for row in numbers]
    widest = max(style.width_of(text, 11) for row in texts for text in row)
    size = min(11.0, 11 * (room - 0.06) / widest)
    for (line, column), value in np.ndenumerate(numbers):
        dark = most > least and (value - least) / (most - least) > 0.55
        axes.text(column, line, texts[line][column], ha="center", va="center", size=size,
                  color="white" if dark else INK)  # fmt: skip
    if frame := _frame(sweep, rows):
        corner = frame[0] - 0.46, frame[1] - 0.44
        axes.add_patch(Rectangle(corner, 0.92, 0.88, fill=False, edgecolor=ORANGE, linewidth=2.5))
    axes.set_xticks(range(len(columns)), [axis_value(across, value) for value in columns])
    axes.set_yticks(range(len(lines)), names)
    axes.tick_params(length=0)
    axes.grid(False)
    axes.set_xlabel(textwrap.fill(axis_title(across), round(11 * (sheet.width - left))))
    axes.set_ylabel(textwrap.fill(axis_title(up), round(11 * height)))
    return figure


def present(sweep: Sweep, key: str) -> Any:
    """What the scenario has for a key as it stands; None if it has nothing, or no single value."""
    value = plain_value_at(sweep.base, key)
    if value is None and key in TOTALS:
        return sweep.base.sum_over_teams(key)
    return None if isinstance(value, dict | list) else value
