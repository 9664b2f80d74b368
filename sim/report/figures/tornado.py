"""The tornado figure: how far each assumption, moved through its range, takes the answer from where it stands."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.figures import style
from sim.report.text.axes import axis_title, short_title, value_words
from sim.report.text.colours import DARK_BLUE, INK, ORANGE
from sim.report.text.sensitivity import does_nothing, metric_words, moves, range_words
from sim.report.text.verdicts import is_share, level_words
from sim.report.text.words import PER_CENT
from sim.studies.sensitivity import Sensitivity

DRAWN = 15
_ROW_INCHES, _LEFT_INCHES, _RIGHT_INCHES = 0.36, 3.1, 2.1
_LABEL_POINTS = 9.5
_PANEL_INCHES = style.WIDTH_INCHES - _LEFT_INCHES - _RIGHT_INCHES


def _range(row: pd.Series) -> str:
    """`50 to 80% (now 75%)`; of a factor as in the table."""
    if row["unit"] == "times":
        return range_words(row)
    low, high, now = (value_words(row["key"], row[name]) for name in ("low", "high", "present"))
    low = low.removesuffix(PER_CENT)
    return f"{low} to {high} (now {now})"


def save_tornado(found: Sensitivity) -> None:
    """Draw the figure into the folder of the analysis."""
    with style.in_style():
        figure = tornado(found)
    found.kept_in.save_figure("tornado", style.as_svg(figure), style.as_png(figure))


def tornado(found: Sensitivity) -> Figure:
    """A bar from the answer at the lower end to the answer at the upper end of each range, most influential on top."""
    scale = 100 if is_share(found.metric) else 1
    rows = [row for _, row in found.effects.head(DRAWN).iterrows() if not does_nothing(row)]
    middle = scale * (found.level.mean or 0)
    title = (
        f"The answer is most sensitive to: {short_title(rows[0]['key'])}"
        if rows
        else "None of the assumptions changes anything here"
    )
    if rows and not any(map(moves, rows)):
        title = "None of the assumptions, moved alone, makes a clear difference"
    what = (
        f"{metric_words(found)}, each assumption moved to both ends of its range and all else as it stands: "
        "blue at the lower end, orange at the upper. In the order of their influence while all others vary too."
    )
    what = what[0].upper() + what[1:]
    foot = f"{found.base.name}. A simulation, not a record."
    height = _ROW_INCHES * max(len(rows), 1) + 0.2
    figure, axes = style.plain_page(title, what, foot, height, _LEFT_INCHES, _RIGHT_INCHES)
    across = axes.get_yaxis_transform()
    left = (0.2 - _LEFT_INCHES) / _PANEL_INCHES
    for place, row in enumerate(rows):
        for end, colour in (("at_low", DARK_BLUE), ("at_high", ORANGE)):
            axes.barh(place, scale * row[end] - middle, left=middle, height=0.62, color=colour, alpha=0.92)
        label = style.fitted(axis_title(row["key"]), _LEFT_INCHES - 0.35, _LABEL_POINTS, 2)
        axes.text(left, place, label, transform=across, va="center", size=_LABEL_POINTS, linespacing=1.1,
                  parse_math=False)  # fmt: skip
        axes.text(1.03, place, _range(row), transform=across, va="center", size=9.5)
    axes.axvline(middle, color=INK, linewidth=1)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.margins(x=0.05)
    axes.set_yticks([])
    axes.grid(False, axis="y")
    axes.grid(True, axis="x", color="#D9D9D9", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    per_cent = " %" if is_share(found.metric) else ""
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}{per_cent}"))
    axes.annotate(level_words(found.metric, found.level.mean or 0) + " now", (middle, 1), xytext=(0, 3),
                  xycoords=("data", "axes fraction"), textcoords="offset points", ha="center", size=9.5)  # fmt: skip
    return figure
