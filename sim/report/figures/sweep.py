"""The figures of a sweep: a line with its 8-of-10 range for one key, a heat map for two."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
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
from sim.report.text.axes import axis_title, short_title, value_words
from sim.report.text.colours import DARK_BLUE, INK, ORANGE, QUIET
from sim.report.text.sweep import statistic_of
from sim.report.text.verdicts import is_share, level_words, phrase
from sim.report.text.words import PER_CENT, day_words, pluralise
from sim.scenario.paths import plain_value_at
from sim.scenario.schema import TOTALS
from sim.studies.sweep import Sweep

HEAT = LinearSegmentedColormap.from_list("backlog", ["#FFFFFF", "#8EA8C3", DARK_BLUE])
_CELL_INCHES, _LEAST_INCHES = 0.55, 1.6


def sweep_charts(sweep: Sweep) -> list[style.Chart]:
    """A figure for each metric that is shown: over one key in numbers a line, over two that fill a grid a heat map."""
    keys, charts = sweep.points.keys, []
    for metric, group in sweep.metrics:
        statistic, rows = statistic_of(sweep, metric, group)
        is_line = len(keys) == 1 and pd.api.types.is_numeric_dtype(rows[keys[0]]) and len(rows) > 1
        is_grid = len(keys) == 2 and len(rows) == rows[keys[0]].nunique() * rows[keys[1]].nunique()
        if rows["mean"].isna().all() or not (is_line or is_grid):
            continue
        shown = _Shown(sweep, metric, group, statistic, rows)
        name, draw = metric if group == "total" else f"{metric}_{group}", line_figure if is_line else heat_map
        charts.append(style.Chart(name, shown.title, shown.what(band=is_line), partial(draw, shown)))
    return charts


@dataclass(frozen=True, eq=False)
class _Shown:
    """One metric of a sweep, with its rows of the table."""

    sweep: Sweep
    metric: str
    group: str
    statistic: str
    rows: pd.DataFrame

    @property
    def title(self) -> str:
        """From the worst point to the best."""
        noun, means = phrase(self.metric, self.group).noun, self.rows["mean"].dropna()
        lower = METRICS[self.metric].better == "lower"
        best, worst = (means.min(), means.max()) if lower else (means.max(), means.min())
        span = f"{level_words(self.metric, worst)} to {level_words(self.metric, best)}"
        return f"{noun[0].upper()}{noun[1:]}: {span}, by {' and '.join(map(short_title, self.sweep.points.keys))}"

    def what(self, *, band: bool) -> str:
        """What is drawn, and where the scenario stands."""
        when = f"On {day_words(self.sweep.base.end)}" if self.statistic == "at_end" else "Average over the period"
        drawn = "; band: 8-of-10 range" if band and self.sweep.replications > 1 else ""
        what = (
            f"{when}. Mean of {pluralise(self.sweep.replications, 'replication')} at each point, with the same random "
        )
        what += f"events{drawn}."
        if band:
            return what
        return f"{what} Framed: the scenario as it stands." if self.frame else f"{what} {_now(self.sweep)}".rstrip()

    @property
    def frame(self) -> tuple[int, int] | None:
        """The column and the line of the cell that is the scenario as it stands, if there is one."""
        places = []
        for key, known in zip(self.sweep.points.keys, self.order, strict=True):
            if (now := present(self.sweep, key)) not in known:
                return None
            places.append(known.index(now))
        return places[0], places[1]

    @property
    def order(self) -> tuple[list[Any], list[Any]]:
        """Columns and lines: each value once, numbers from the smallest up and words as they come, the first on top."""
        across, up = (_in_order(self.rows[key]) for key in self.sweep.points.keys)
        return across, up if pd.api.types.is_numeric_dtype(self.rows[self.sweep.points.keys[1]]) else up[::-1]

    @property
    def words(self) -> tuple[str, str, str]:
        """Those around the figure."""
        is_line = len(self.sweep.points.keys) == 1
        return self.title, self.what(band=is_line), f"{self.sweep.base.name}. A simulation, not a record."


def line_figure(shown: _Shown, sheet: style.Sheet) -> Figure:
    """The mean over the values of one key, with its 8-of-10 range."""
    sweep, (key,) = shown.sweep, shown.sweep.points.keys
    rows = shown.rows.sort_values(key)
    scale = 100 if is_share(shown.metric) else 1
    figure, axes = style.plain_page(shown.words, sheet.panel[1], sheet)
    axes.fill_between(rows[key], scale * rows["p10"], scale * rows["p90"], color=DARK_BLUE, alpha=0.18, linewidth=0)
    axes.plot(rows[key], scale * rows["mean"], "o-", color=DARK_BLUE, markersize=5)
    top = scale * rows[["mean", "p90"]].max(axis=None)
    axes.set_ylim(0, 1.08 * top if top > 0 else 1)
    axes.set_xlim(rows[key].min(), rows[key].max())
    axes.margins(x=0.02)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    per_cent = PER_CENT if is_share(shown.metric) else ""
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}{per_cent}"))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=sheet.dates, integer=pd.api.types.is_integer_dtype(rows[key])))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: value_words(key, value)))
    axes.set_xlabel(axis_title(key))
    now = present(sweep, key)
    if isinstance(now, int | float) and rows[key].min() <= now <= rows[key].max():
        axes.axvline(now, color=QUIET, linewidth=1, linestyle="--", zorder=0)
        axes.annotate("now", (now, 1), xytext=(0, 3), xycoords=("data", "axes fraction"), textcoords="offset points",
                      ha="center", color=QUIET)  # fmt: skip
    last = rows.iloc[-1]
    axes.annotate("mean", (1.02, scale * last["mean"]), xycoords=("axes fraction", "data"), va="center")
    if last["p90"] - last["mean"] > 0.06 * top / scale:
        axes.annotate("8-of-10\nrange", (1.02, scale * last["p90"]), xycoords=("axes fraction", "data"), va="center",
                      color=QUIET)  # fmt: skip
    return figure


def heat_map(shown: _Shown, sheet: style.Sheet) -> Figure:
    """The mean for every combination of two keys, darker for more, with its number in each cell.

    Numbers grow to the right and upwards, words keep their order; the cell of the scenario as it stands is framed.
    """
    across, up = shown.sweep.points.keys
    columns, lines = shown.order
    cells = shown.rows.pivot(index=up, columns=across, values="mean").loc[lines, columns]
    height = max(_LEAST_INCHES, _CELL_INCHES * len(cells))
    names = [value_words(up, value) for value in lines]
    if sheet.width < style.FILE.width:
        names = [textwrap.fill(name, 12) for name in names]
    left = min(3.2, 0.75 + 0.085 * max(len(line) for name in names for line in name.split("\n")))
    figure, axes = style.plain_page(shown.words, height, sheet, left, min(0.4, sheet.right))
    numbers = cells.to_numpy(dtype=float)
    least, most = np.nanmin(numbers), np.nanmax(numbers)
    span = {"vmin": least, "vmax": most if most > least else least + 1}
    # Shapes, as the page allows no picture within a picture.
    axes.pcolormesh(range(len(columns)), range(len(lines)), numbers, shading="nearest", cmap=HEAT, **span)
    room = (sheet.width - left - 0.4) / len(columns)
    texts = [[level_words(shown.metric, value) for value in row] for row in numbers]
    widest = max(style.width_of(text, 11) for row in texts for text in row)
    size = min(11.0, 11 * (room - 0.06) / widest)
    for line, row in enumerate(numbers):
        for column, value in enumerate(row):
            dark = most > least and (value - least) / (most - least) > 0.55
            axes.text(column, line, texts[line][column], ha="center", va="center", size=size,
                      color="white" if dark else INK)  # fmt: skip
    if shown.frame:
        corner = shown.frame[0] - 0.46, shown.frame[1] - 0.44
        axes.add_patch(Rectangle(corner, 0.92, 0.88, fill=False, edgecolor=ORANGE, linewidth=2.5))
    axes.set_xticks(range(len(columns)), [value_words(across, value) for value in columns])
    axes.set_yticks(range(len(lines)), names)
    axes.tick_params(length=0)
    axes.grid(False)
    axes.set_xlabel(textwrap.fill(axis_title(across), round(11 * (sheet.width - left))))
    axes.set_ylabel(textwrap.fill(axis_title(up), round(11 * height)))
    return figure


def _in_order(values: pd.Series) -> list[Any]:
    """Each value once: numbers from the smallest up, words as they come."""
    once = list(dict.fromkeys(values))
    return sorted(once) if pd.api.types.is_numeric_dtype(values) else once


def present(sweep: Sweep, key: str) -> Any:
    """What the scenario has for a key as it stands; None if it has nothing, or no single value."""
    value = plain_value_at(sweep.base, key)
    if value is None and key in TOTALS:
        return sweep.base.sum_over_teams(key)
    return None if isinstance(value, dict | list) else value


def _now(sweep: Sweep) -> str:
    """Where the scenario stands, in words."""
    known = [(key, now) for key in sweep.points.keys if (now := present(sweep, key)) is not None]
    words = ", ".join(f"{short_title(key)} {value_words(key, now)}" for key, now in known)
    return f"As it stands: {words}." if words else ""
