"""The tornado figure: how far each assumption, moved through its range, takes the result from where it stands."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.figures import style
from sim.report.text.axes import axis_title, short_title
from sim.report.text.colours import DARK_BLUE, INK, ORANGE
from sim.report.text.sensitivity import does_nothing, metric_words, moves, range_with_unit
from sim.report.text.verdicts import is_share, level_words
from sim.report.text.words import PER_CENT
from sim.studies.sensitivity import Sensitivity

DRAWN = 15
_ROW_INCHES, _LEFT_INCHES, _RIGHT_INCHES = 0.36, 3.1, 2.1
_NARROW_ROW_INCHES, _NARROW_EDGE_INCHES = 0.62, 0.15
_LABEL_POINTS = 9.5


def sensitivity_charts(found: Sensitivity) -> list[style.Chart]:
    """The one figure of a sensitivity analysis."""
    rows = _rows(found)
    title = "None of the assumptions changes the result"
    if rows:
        title = f"{_capital(metric_words(found))}: most sensitive to {short_title(rows[0]['key'])}"
        if not any(map(moves, rows)):
            title = "None of the assumptions, moved alone, makes a clear difference"
    what = (
        f"{_capital(metric_words(found))}, each assumption moved to both ends of its range and all else unchanged: "
        "blue at the lower end, orange at the upper. In the order of their influence while all others vary too."
    )
    return [style.Chart("tornado", title, what, lambda sheet: _tornado(found, title, what, sheet))]


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _rows(found: Sensitivity) -> list[pd.Series]:
    return [row for _, row in found.effects.head(DRAWN).iterrows() if not does_nothing(row)]


def _tornado(found: Sensitivity, title: str, what: str, sheet: style.Sheet) -> Figure:
    """A bar from the result at the lower end to the result at the upper end of each range, most influential on top.

    On a narrow sheet the words of a bar stand above it.
    """
    scale, rows = 100 if is_share(found.metric) else 1, _rows(found)
    middle = scale * (found.level.mean or 0)
    narrow = sheet.width < style.FILE.width
    left, right = (_NARROW_EDGE_INCHES, _NARROW_EDGE_INCHES) if narrow else (_LEFT_INCHES, _RIGHT_INCHES)
    height = (_NARROW_ROW_INCHES if narrow else _ROW_INCHES) * max(len(rows), 1) + 0.2
    foot = f"{found.base.name}. A simulation, not a record."
    figure, axes = style.plain_page((title, what, foot), height, sheet, left, right, axis=0.4)
    across, panel = axes.get_yaxis_transform(), sheet.width - left - right
    for place, row in enumerate(rows):
        at = place + (0.2 if narrow else 0)
        look: dict[str, Any] = {"va": "center", "size": _LABEL_POINTS, "parse_math": False}
        for end, colour in (("at_low", DARK_BLUE), ("at_high", ORANGE)):
            thick = 0.4 if narrow else 0.62
            axes.barh(at, scale * row[end] - middle, left=middle, height=thick, color=colour, alpha=0.92)
        words = range_with_unit(row)
        if narrow:
            room = panel - style.width_of(f"{words}  ", _LABEL_POINTS)
            look["bbox"] = {"facecolor": "white", "linewidth": 0, "pad": 1}
            label = style.fitted(axis_title(row["key"]), room, _LABEL_POINTS, 1)
            axes.text(0, place - 0.22, label, transform=across, **look)
            axes.text(1, place - 0.22, words, transform=across, ha="right", **look)
        else:
            label = style.fitted(axis_title(row["key"]), left - 0.35, _LABEL_POINTS, 2)
            axes.text((0.2 - left) / panel, place, label, transform=across, linespacing=1.1, **look)
            axes.text(1.03, place, words, transform=across, **look)
    axes.axvline(middle, color=INK, linewidth=1)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.margins(x=0.05)
    axes.set_yticks([])
    axes.grid(False, axis="y")
    axes.grid(True, axis="x", color="#D9D9D9", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4 if narrow else 5, steps=[1, 2, 2.5, 5, 10]))
    per_cent = PER_CENT if is_share(found.metric) else ""
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}{per_cent}"))
    axes.annotate(level_words(found.metric, found.level.mean or 0) + " now", (middle, 1), xytext=(0, 3),
                  xycoords=("data", "axes fraction"), textcoords="offset points", ha="center", size=9.5)  # fmt: skip
    return figure
