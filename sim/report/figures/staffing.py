"""The figure of a search: every replication near the answer, above or below the target, and how many were enough."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.figures import style
from sim.report.text.colours import DARK_BLUE, INK, ORANGE, TURQUOISE
from sim.report.text.staffing import key_title, short_answer, target_words, wanted_words
from sim.report.text.verdicts import is_share, phrase
from sim.studies.staffing import Staffing
from sim.studies.target import StaffingTarget

LEAST_DRAWN, DRAWN, NARROW_DRAWN = 4, 12, 5
"""How many numbers are drawn: at least, at most, and at most on a narrow sheet."""
FARTHEST = 0.1
"""So far from the answer, as a share of it, a number is drawn in any case."""
PANEL_INCHES = {1: 3.8, 2: 2.6}
_GAP_INCHES = 0.55


def staffing_charts(staffing: Staffing) -> list[style.Chart]:
    """The one figure of a search."""
    title = short_answer(staffing)
    what = (
        f"Each dot is one replication. Target: {wanted_words(staffing)}. Above each number: in how many replications "
        "it is met; a number is not simulated further once its result is certain."
    )
    words = title, what, f"{staffing.base.name}. A simulation, not a record."
    return [style.Chart("curve", title, what, lambda sheet: _curve(staffing, words, sheet))]


def _curve(staffing: Staffing, words: tuple[str, str, str], sheet: style.Sheet) -> Figure:
    """A panel for each target, in it a column of dots for each number tried; each dot is a replication."""
    number_of_panels = len(staffing.targets)
    panel = PANEL_INCHES.get(number_of_panels, min(PANEL_INCHES.values()))
    height = number_of_panels * panel + (number_of_panels - 1) * _GAP_INCHES
    wide = sheet.width == style.FILE.width
    figure, whole = style.plain_page(words, height, sheet, right=1.3 if wide else 1.05, axis=0.75)
    numbers = _drawn(staffing, DRAWN if wide else NARROW_DRAWN)
    for place, (axes, target) in enumerate(
        zip(_panels(figure, whole, number_of_panels, panel / height), staffing.targets, strict=True)
    ):
        _draw(axes, staffing, target, numbers, is_first=place == 0)
        if number_of_panels > 1:
            axes.set_title(_heading(target), loc="left", size=10, weight="bold", pad=4)
        if place < number_of_panels - 1:
            axes.set_xticklabels([])
    axes.set_xlabel(key_title(staffing))
    return figure


def _panels(figure: Figure, whole: Axes, number: int, share: float) -> list[Axes]:
    """The one panel of the page, or several of the same height in its place."""
    if number == 1:
        return [whole]
    left, bottom, width, height = whole.get_position().bounds
    whole.remove()
    step = (1 - share) / (number - 1)
    return [
        figure.add_axes((left, bottom + height * (1 - share - place * step), width, height * share))
        for place in range(number)
    ]


def _heading(target: StaffingTarget) -> str:
    words = target_words(target)
    return f"{words[0].upper()}{words[1:]}"


def _draw(axes: Axes, staffing: Staffing, target: StaffingTarget, numbers: list[int], *, is_first: bool) -> None:
    """The replications of one target."""
    found = staffing.found
    rows = staffing.table[staffing.table["target"] == target.text]
    scale = 100 if is_share(target.metric) else 1
    values = scale * rows["value"].where(np.isfinite(rows["value"]))
    top = values[rows["number"].isin(numbers)].max()
    top = 1.25 * max(top if np.isfinite(top) else 0, scale * target.bound, 1e-9)
    if found.low is not None and found.high is not None and {found.low, found.high} <= set(numbers):
        ends = numbers.index(found.low) - 0.45, numbers.index(found.high) + 0.45
        axes.axvspan(*ends, color=DARK_BLUE, alpha=0.09, linewidth=0)
        if is_first:
            axes.text(
                1.01,
                0.76,
                "not ruled out\n(95% range)",
                transform=axes.transAxes,
                color=DARK_BLUE,
                va="top",
                size=9.5,
            )
    for place, number in enumerate(numbers):
        here = rows["number"] == number
        sideways = np.linspace(-0.3, 0.3, int(here.sum())) if here.sum() > 1 else np.zeros(1)
        colours = [TURQUOISE if met else ORANGE for met in rows["met"][here].fillna(False)]
        axes.scatter(place + sideways, values[here], s=9, c=colours, linewidths=0, clip_on=False)
        met, valued = staffing.by_target.loc[(number, target.text)]
        weight = "bold" if number == found.answer else "normal"
        axes.text(place, top * 0.99, f"{met:,}\nof {valued:,}", ha="center", va="top", size=9, weight=weight)
    axes.axhline(scale * target.bound, color=INK, linewidth=1.2)
    axes.text(1.01, scale * target.bound, "target", transform=axes.get_yaxis_transform(), va="center")
    axes.set_ylim(0, top)
    axes.set_xlim(-0.6, len(numbers) - 0.4)
    words = {found.answer: "answer", staffing.present: "now"}
    axes.set_xticks(range(len(numbers)), [f"{n:,}\n{words.get(n, '')}".rstrip() for n in numbers])
    for label, number in zip(axes.get_xticklabels(), numbers, strict=True):
        label.set_fontweight("bold" if number == found.answer else "normal")
    axes.tick_params(axis="x", length=0)
    ticks = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top)
    axes.set_yticks([tick for tick in ticks if tick <= 0.85 * top])  # above stand the counts
    per_cent = "%" if is_share(target.metric) else ""
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}{per_cent}"))
    noun = phrase(target.metric, target.group).noun
    if len(staffing.targets) == 1:
        axes.set_ylabel(f"{noun[0].upper()}{noun[1:]}")
    if is_first:
        axes.text(1.01, 0.95, "met", transform=axes.transAxes, color=TURQUOISE, weight="bold")
        axes.text(1.01, 0.87, "not met", transform=axes.transAxes, color=ORANGE, weight="bold")


def _drawn(staffing: Staffing, most: int) -> list[int]:
    """The numbers tried that lie around the answer, and the present one; others would press what matters together."""
    found = staffing.found
    if found.answer is None:
        return list(found.trials)[-most:]
    near = sorted(found.trials, key=lambda number: abs(number - (found.answer or 0)))
    reach = max(abs(near[:LEAST_DRAWN][-1] - found.answer), FARTHEST * found.answer)
    first = [number for number in (found.answer, found.low, found.high, staffing.present) if number in found.trials]
    close = [number for number in near if abs(number - found.answer) <= reach]
    return sorted(list(dict.fromkeys([*first, *close]))[:most])
