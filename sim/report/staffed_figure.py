"""The figure of a search: every history that was looked at, above or below the target, and how many were enough."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.search import Found
from sim.experiment.staff import Staffing
from sim.report import style
from sim.report.axes import axis_title
from sim.report.staffed import noun_of, target_words
from sim.report.verdicts import is_share, phrase

FEWEST_DRAWN = 4
FARTHEST = 0.1
"""So far from the answer, as a share of it, a number is drawn in any case."""


def keep_staffing_figure(staffing: Staffing) -> None:
    """Draw the figure into the folder of the search."""
    with style.in_style():
        figure = staffing_figure(staffing)
    staffing.kept_in.keep_figure("curve", style.as_svg(figure), style.as_png(figure))


def staffing_figure(staffing: Staffing) -> Figure:
    """A column of dots for each number tried; each dot is a history, the line is the target."""
    found, target = staffing.found, staffing.target
    scale = 100 if is_share(target.metric) else 1
    noun = phrase(target.metric, target.group).noun
    if found.answer is None:
        title = f"Not even {noun_of(staffing, found.highest)} are enough"
    else:
        title = f"It takes {noun_of(staffing, found.answer)}; now there are {staffing.present:,}"
    what = (
        f"{noun[0].upper()}{noun[1:]} in every history looked at. Wanted: {target_words(staffing)}. Above each number: "
        "how many met it; where that was certain early, no more were simulated."
    )
    foot = f"{staffing.base.name}. A simulation, not a record."
    figure, axes = style.plain_page(title, what, foot, 3.8, right=1.3)
    numbers = _around(found)
    drawn = staffing.histories["number"].isin(numbers)
    top = scale * staffing.histories["value"][drawn].max()
    top = 1.15 * max(top if np.isfinite(top) else 0, scale * target.bound, 1e-9)
    for place, number in enumerate(numbers):
        rows = staffing.histories[staffing.histories["number"] == number]
        sideways = np.linspace(-0.18, 0.18, len(rows)) if len(rows) > 1 else [0.0]
        colours = [style.TURQUOISE if met else style.ORANGE for met in rows["met"]]
        axes.scatter(place + np.asarray(sideways), scale * rows["value"], s=16, c=colours, linewidths=0, clip_on=False)
        weight = "bold" if number == found.answer else "normal"
        trial = found.trials[number]
        axes.text(
            place, top * 0.99, f"{trial.successes}\nof {len(trial.met)}", ha="center", va="top", size=9, weight=weight
        )
    axes.axhline(scale * target.bound, color=style.INK, linewidth=1.2)
    axes.text(1.01, scale * target.bound, "target", transform=axes.get_yaxis_transform(), va="center")
    axes.set_ylim(0, top)
    axes.set_xlim(-0.6, len(numbers) - 0.4)
    axes.set_xticks(range(len(numbers)), [f"{number:,}" for number in numbers])
    for label, number in zip(axes.get_xticklabels(), numbers, strict=True):
        label.set_fontweight("bold" if number == found.answer else "normal")
    axes.tick_params(axis="x", length=0)
    axes.set_xlabel(axis_title(staffing.key))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    per_cent = " %" if is_share(target.metric) else ""
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}{per_cent}"))
    axes.text(1.01, 0.95, "met", transform=axes.transAxes, color=style.TURQUOISE, weight="bold")
    axes.text(1.01, 0.88, "not met", transform=axes.transAxes, color=style.ORANGE, weight="bold")
    return figure


def _around(found: Found) -> list[int]:
    """The numbers tried that lie around the answer; those far off would press what matters against the axis."""
    if found.answer is None:
        return list(found.trials)
    near = sorted(found.trials, key=lambda number: abs(number - (found.answer or 0)))
    reach = max(abs(near[:FEWEST_DRAWN][-1] - found.answer), FARTHEST * found.answer)
    return sorted(number for number in near if abs(number - found.answer) <= reach)
