"""The figure of a sweep: a line with its band for one key, a heat map for two."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.sweep import Sweep
from sim.measure import METRICS
from sim.report import style
from sim.report.swept import statistic_of
from sim.report.verdicts import is_share, level_words, phrase
from sim.report.words import day_words

HEAT = LinearSegmentedColormap.from_list("backlog", ["#FFFFFF", "#8EA8C3", style.DARK_BLUE])
_CELL_INCHES, _FEWEST_INCHES = 0.55, 1.6


def keep_sweep_figures(sweep: Sweep, metrics: list[tuple[str, str]]) -> None:
    """Draw a figure for each metric into the folder of the sweep; of three keys and more there is none."""
    for name, figure in sweep_figures(sweep, metrics):
        sweep.kept_in.keep_figure(name, style.as_svg(figure), style.as_png(figure))


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
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.set_xlabel(key)
    last = rows.iloc[-1]
    axes.annotate("mean", (1.02, scale * last["mean"]), xycoords=("axes fraction", "data"), va="center")
    if last["p90"] - last["mean"] > 0.06 * top / scale:
        axes.annotate("8 in 10 histories", (1.02, scale * last["p90"]), xycoords=("axes fraction", "data"), va="center",
                      color=style.QUIET)  # fmt: skip
    return figure


def heat_map(sweep: Sweep, metric: str, group: str, statistic: str, rows: pd.DataFrame) -> Figure:
    """The mean for every combination of two keys, darker for more, with its number in each cell."""
    across, down = sweep.points.keys
    cells = rows.pivot(index=down, columns=across, values="mean")
    cells = cells.loc[list(dict.fromkeys(rows[down])), list(dict.fromkeys(rows[across]))]
    height = max(_FEWEST_INCHES, _CELL_INCHES * len(cells))
    title = _title(metric, group, rows, f"{across} and {down}")
    figure, axes = style.plain_page(title, _what(sweep, statistic), _foot(sweep), height, 1.9, 0.4)
    numbers = cells.to_numpy(dtype=float)
    least, most = np.nanmin(numbers), np.nanmax(numbers)
    axes.imshow(numbers, aspect="auto", cmap=HEAT, vmin=least, vmax=most if most > least else least + 1)
    for line, row in enumerate(numbers):
        for column, value in enumerate(row):
            dark = most > least and (value - least) / (most - least) > 0.55
            axes.text(column, line, level_words(metric, value), ha="center", va="center",
                      color="white" if dark else style.INK)  # fmt: skip
    axes.set_xticks(range(cells.shape[1]), [f"{value}" for value in cells.columns])
    axes.set_yticks(range(cells.shape[0]), [f"{value}" for value in cells.index])
    axes.tick_params(length=0)
    axes.grid(False)
    axes.set_xlabel(across)
    axes.set_ylabel(down)
    return figure


def _title(metric: str, group: str, rows: pd.DataFrame, keys: str) -> str:
    noun = phrase(metric, group).noun
    means = rows["mean"].dropna()
    lower = METRICS[metric].better == "lower"
    best, worst = (means.min(), means.max()) if lower else (means.max(), means.min())
    span = f"{level_words(metric, worst)} to {level_words(metric, best)}"
    return f"{noun[0].upper()}{noun[1:]}: {span}, by {keys}"


def _what(sweep: Sweep, statistic: str, *, band: bool = False) -> str:
    when = f"On {day_words(sweep.base.end)}" if statistic == "at_end" else "Average over the period"
    drawn = "; band: 8 in 10 of them" if band and sweep.replications > 1 else ""
    return f"{when}. Mean of {sweep.replications:,} simulated histories at each point, with the same luck{drawn}."


def _foot(sweep: Sweep) -> str:
    return f"{sweep.base.name}. A simulation, not a record."
