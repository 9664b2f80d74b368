"""The tornado figure: how far each assumption, moved through its range, takes the result from where it stands."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.report.figures import style
from sim.report.text.axes import axis_title, short_title
from sim.report.text.colours import DARK_BLUE, INK, ORANGE
from sim.report.text.sensitivity import NO_EFFECT, clearly_changes, does_nothing, is_alone, metric_words, range_words
from sim.report.text.verdicts import is_share, level_words
from sim.report.text.words import capital
from sim.runs.intervals import PER_CENT
from sim.studies.sensitivity import Sensitivity

DRAWN, LABEL_POINTS = 15, 9.5


def sensitivity_charts(found: Sensitivity) -> list[style.Chart]:
    rows, result = _rows(found), capital(metric_words(found))
    title, which, order = NO_EFFECT, "each", " In the order of their influence while all others vary too."
    if any(map(clearly_changes, rows)):
        title = f"{result}: most sensitive to {short_title(rows[0]['key'])}"
    elif rows:
        title = "None of the assumptions, moved alone, makes a clear difference"
    if is_alone(found):
        first, which, order = found.effects.iloc[0], "the", ""
        low, high = (level_words(found.metric, first[end]) for end in ("at_low", "at_high"))
        span = f"{low} to {high}" if clearly_changes(first) else "no clear difference" if rows else "no change"
        title = f"{result}: {span} over the range of {short_title(first['key'])}"
    what = (
        f"{result}, {which} assumption moved to both ends of its range and all else unchanged: "
        f"blue at the lower end, orange at the upper.{order}"
    )
    return [style.Chart("tornado", title, what, found.base.name, partial(_tornado, found))]


def _rows(found: Sensitivity) -> list[pd.Series]:
    return [row for _, row in found.effects.head(DRAWN).iterrows() if not does_nothing(row)]


def _tornado(found: Sensitivity, words: tuple[str, str, str], sheet: style.Sheet) -> Figure:
    """A bar over the results of each range, most influential on top; on a narrow sheet its words stand above it."""
    is_percent, rows, narrow = is_share(found.metric), _rows(found), sheet.is_narrow
    scale = 100 if is_percent else 1
    middle = scale * (found.level.mean or 0)
    left, right, row_inches = (0.15, 0.15, 0.8) if narrow else (3.1, 2.1, 0.36)
    figure, axes = style.plain_page(words, row_inches * max(len(rows), 1) + 0.2, sheet, left, right, axis=0.4)
    panel = sheet.width - left - right
    look: dict[str, Any] = {"va": "center", "size": LABEL_POINTS, "parse_math": False}
    look["transform"] = axes.get_yaxis_transform()
    if narrow:
        look["bbox"] = {"facecolor": "white", "linewidth": 0, "pad": 1}
    for place, row in enumerate(rows):
        at, thick = (place + 0.22, 0.36) if narrow else (place, 0.62)
        for end, colour in (("at_low", DARK_BLUE), ("at_high", ORANGE)):
            axes.barh(at, scale * row[end] - middle, left=middle, height=thick, color=colour, alpha=0.92)
        span = range_words(row, in_titles=True)
        if narrow:
            axes.text(0, place - 0.42, style.fitted(axis_title(row["key"]), panel, LABEL_POINTS, 1), **look)
            axes.text(0, place - 0.16, span, **look)
        else:
            label = style.fitted(axis_title(row["key"]), left - 0.35, LABEL_POINTS, 2)
            axes.text((0.2 - left) / panel, place, label, linespacing=1.1, **look)
            axes.text(1.03, place, span, **look)
    axes.axvline(middle, color=INK, linewidth=1)
    axes.margins(x=0.05)
    style.rows_across(axes, len(rows))
    axes.set_axisbelow(True)
    style.value_axis(axes.xaxis, 4 if narrow else 5, PER_CENT if is_percent else "")
    axes.annotate(level_words(found.metric, found.level.mean or 0) + " now", (middle, 1), xytext=(0, 3),
                  xycoords=("data", "axes fraction"), textcoords="offset points", ha="center", size=9.5)  # fmt: skip
    return figure
