"""The figure of a sweep: a line with its band for one key, a heat map for two."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.measure import METRICS
from sim.report.figures import style
from sim.report.text.assumptions import value_at
from sim.report.text.axes import axis_title, short_title, value_words
from sim.report.text.sweep import statistic_of
from sim.report.text.verdicts import is_share, level_words, phrase
from sim.report.text.words import day_words
from sim.scenario.plain import plain_value
from sim.scenario.teams import TOTALS, sum_over_teams
from sim.studies.sweep import Sweep

HEAT = LinearSegmentedColormap.from_list("backlog", ["#FFFFFF", "#8EA8C3", style.DARK_BLUE])
_CELL_INCHES, _FEWEST_INCHES = 0.55, 1.6


def save_sweep_figures(sweep: Sweep, metrics: list[tuple[str, str]]) -> None:
    """Draw a figure for each metric into the folder of the sweep; of three keys and more there is none."""
    for name, figure in sweep_figures(sweep, metrics):
        sweep.kept_in.save_figure(name, style.as_svg(figure), style.as_png(figure))


def sweep_figures(sweep: Sweep, metrics: list[tuple[str, str]]) -> Iterator[tuple[str, Figure]]:
    """Each figure with its name. A list of points is drawn if it fills a grid."""
    keys = sweep.points.keys
    for metric, group in metrics:
        statistic, rows = statistic_of(sweep, metric, group)
        name = metric if group == "total" else f"{metric}_{group}"
        if rows["mean"].isna().all():
            continue
        numbers = [pd.api.types.is_numeric_dtype(rows[key]) for key in keys]
        with style.in_style():
            if len(keys) == 1 and numbers[0] and len(rows) > 1:
                yield name, line_figure(sweep, metric, group, statistic, rows)
            elif len(keys) == 2 and len(rows) == rows[keys[0]].nunique() * rows[keys[1]].nunique():
                yield name, heat_map(sweep, metric, group, statistic, rows)


def line_figure(sweep: Sweep, metric: str, group: str, statistic: str, rows: pd.DataFrame) -> Figure:
    """The mean over the values of one key, with the band in which eight of ten histories lie."""
    (key,) = sweep.points.keys
    rows = rows.sort_values(key)
    scale = 100 if is_share(metric) else 1
    figure, axes = style.plain_page(
        _title(metric, group, rows, key), _what(sweep, statistic, band=True), _foot(sweep), 3.6
    )
    axes.fill_between(
        rows[key], scale * rows["p10"], scale * rows["p90"], color=style.DARK_BLUE, alpha=0.18, linewidth=0
    )
    axes.plot(rows[key], scale * rows["mean"], "o-", color=style.DARK_BLUE, markersize=5)
    top = scale * rows[["mean", "p90"]].max(axis=None)
    axes.set_ylim(0, 1.08 * top if top > 0 else 1)
    axes.set_xlim(rows[key].min(), rows[key].max())
    axes.margins(x=0.02)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    per_cent = " %" if is_share(metric) else ""
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}{per_cent}"))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=pd.api.types.is_integer_dtype(rows[key])))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: value_words(key, value)))
    axes.set_xlabel(axis_title(key))
    now = present(sweep, key)
    if isinstance(now, int | float) and rows[key].min() <= now <= rows[key].max():
        axes.axvline(now, color=style.QUIET, linewidth=1, linestyle="--", zorder=0)
        axes.annotate("now", (now, 1), xytext=(0, 3), xycoords=("data", "axes fraction"), textcoords="offset points",
                      ha="center", color=style.QUIET)  # fmt: skip
    last = rows.iloc[-1]
    axes.annotate("mean", (1.02, scale * last["mean"]), xycoords=("axes fraction", "data"), va="center")
    if last["p90"] - last["mean"] > 0.06 * top / scale:
        axes.annotate("8 in 10 histories", (1.02, scale * last["p90"]), xycoords=("axes fraction", "data"), va="center",
                      color=style.QUIET)  # fmt: skip
    return figure


def heat_map(sweep: Sweep, metric: str, group: str, statistic: str, rows: pd.DataFrame) -> Figure:
    """The mean for every combination of two keys, darker for more, with its number in each cell.

    Numbers grow to the right and upwards, words keep their order; the cell of the scenario as it stands is framed.
    """
    across, up = sweep.points.keys
    columns, lines = _in_order(rows[across]), _in_order(rows[up])
    if not pd.api.types.is_numeric_dtype(rows[up]):
        lines = lines[::-1]  # the first on top
    cells = rows.pivot(index=up, columns=across, values="mean").loc[lines, columns]
    height = max(_FEWEST_INCHES, _CELL_INCHES * len(cells))
    place = [list(known).index(now) if (now := present(sweep, key)) in list(known) else None
             for key, known in ((across, columns), (up, lines))]  # fmt: skip
    here = [number for number in place if number is not None]
    framed = len(here) == len(place)
    what = _what(sweep, statistic) + (" Framed: the scenario as it stands." if framed else f" {_now(sweep)}")
    names = [value_words(up, value) for value in lines]
    left = min(3.2, 0.75 + 0.085 * max(map(len, names)))
    figure, axes = style.plain_page(_title(metric, group, rows, across, up), what, _foot(sweep), height, left, 0.4)
    numbers = cells.to_numpy(dtype=float)
    least, most = np.nanmin(numbers), np.nanmax(numbers)
    span = {"vmin": least, "vmax": most if most > least else least + 1}
    axes.imshow(numbers, aspect="auto", origin="lower", cmap=HEAT, **span)
    for line, row in enumerate(numbers):
        for column, value in enumerate(row):
            dark = most > least and (value - least) / (most - least) > 0.55
            axes.text(column, line, level_words(metric, value), ha="center", va="center",
                      color="white" if dark else style.INK)  # fmt: skip
    if framed:
        axes.add_patch(Rectangle((here[0] - 0.46, here[1] - 0.44), 0.92, 0.88, fill=False, edgecolor=style.ORANGE,
                                 linewidth=2.5))  # fmt: skip
    axes.set_xticks(range(len(columns)), [value_words(across, value) for value in columns])
    axes.set_yticks(range(len(lines)), names)
    axes.tick_params(length=0)
    axes.grid(False)
    axes.set_xlabel(axis_title(across))
    axes.set_ylabel(textwrap.fill(axis_title(up), round(11 * height)))
    return figure


def _in_order(values: pd.Series) -> list[Any]:
    """Each value once: numbers from the smallest up, words as they come."""
    once = list(dict.fromkeys(values))
    return sorted(once) if pd.api.types.is_numeric_dtype(values) else once


def present(sweep: Sweep, key: str) -> Any:
    """What the scenario has for a key as it stands; None if it has nothing, or no single value."""
    value = value_at(plain_value(sweep.base), key)
    if value is None and key in TOTALS:
        return sum_over_teams(sweep.base, key)
    return None if isinstance(value, dict | list) else value


def _now(sweep: Sweep) -> str:
    """Where the scenario stands, in words."""
    known = [(key, now) for key in sweep.points.keys if (now := present(sweep, key)) is not None]
    words = ", ".join(f"{short_title(key)} {value_words(key, now)}" for key, now in known)
    return f"As it stands: {words}." if words else ""


def _title(metric: str, group: str, rows: pd.DataFrame, *keys: str) -> str:
    noun = phrase(metric, group).noun
    means = rows["mean"].dropna()
    lower = METRICS[metric].better == "lower"
    best, worst = (means.min(), means.max()) if lower else (means.max(), means.min())
    span = f"{level_words(metric, worst)} to {level_words(metric, best)}"
    return f"{noun[0].upper()}{noun[1:]}: {span}, by {' and '.join(map(short_title, keys))}"


def _what(sweep: Sweep, statistic: str, *, band: bool = False) -> str:
    when = f"On {day_words(sweep.base.end)}" if statistic == "at_end" else "Average over the period"
    drawn = "; band: 8 in 10 of them" if band and sweep.replications > 1 else ""
    return f"{when}. Mean of {sweep.replications:,} simulated histories at each point, with the same luck{drawn}."


def _foot(sweep: Sweep) -> str:
    return f"{sweep.base.name}. A simulation, not a record."
