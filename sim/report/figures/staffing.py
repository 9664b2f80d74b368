"""The figure of a search: every replication near the answer, above or below the target, and how many were enough."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.figures import style
from sim.report.text.axes import axis_title
from sim.report.text.colours import DARK_BLUE, INK, ORANGE, TURQUOISE
from sim.report.text.staffing import short_answer, target_words, wanted_words
from sim.report.text.verdicts import is_share, phrase
from sim.report.text.words import capital
from sim.runs.intervals import PER_CENT
from sim.studies.staffing import Staffing
from sim.studies.target import StaffingTarget

LEAST_DRAWN, DRAWN, NARROW_DRAWN = 4, 12, 5
"""How many numbers are drawn: at least, at most, and at most on a narrow sheet."""
FARTHEST = 0.1
"""So far from the answer, as a share of it, a number is drawn in any case."""


def staffing_charts(staffing: Staffing) -> list[style.Chart]:
    shown = [pair for most in (DRAWN, NARROW_DRAWN) for pair in pairwise(_drawn(staffing, most))]
    gap = " Dotted line: the numbers between are left out." if any(b - a > 1 for a, b in shown) else ""
    what = (
        f"Each dot is one replication. Target: {wanted_words(staffing)}. Above each number: in how many replications "
        f"it is met; a number is simulated no further than the answer needs.{gap}"
    )
    return [style.Chart("curve", short_answer(staffing), what, staffing.base.name, partial(_curve, staffing))]


def _curve(staffing: Staffing, words: tuple[str, str, str], sheet: style.Sheet) -> Figure:
    """A panel for each target, in it a column of dots for each number tried; each dot is a replication."""
    panels = len(staffing.targets)
    panel = 3.8 if panels == 1 else 2.6
    total = panels * panel + (panels - 1) * 0.55
    figure, axes = style.plain_page(words, total, sheet, right=1.05 if sheet.is_narrow else 1.3, axis=0.75)
    numbers = _drawn(staffing, NARROW_DRAWN if sheet.is_narrow else DRAWN)
    left, bottom, width, height = axes.get_position().bounds
    share = panel / total
    for place, target in enumerate(staffing.targets):
        if panels > 1:
            lower = bottom + height * (1 - share - place * ((1 - share) / (panels - 1)))
            if place == 0:
                axes.remove()
            axes = figure.add_axes((left, lower, width, height * share))
        _draw(axes, staffing, target, numbers, is_first=place == 0)
        if panels > 1:
            axes.set_title(capital(target_words(target)), loc="left", size=10, weight="bold", pad=4)
        if place < panels - 1:
            axes.set_xticklabels([])
    axes.set_xlabel(axis_title(staffing.key))
    return figure


def _draw(axes: Axes, staffing: Staffing, target: StaffingTarget, numbers: list[int], *, is_first: bool) -> None:
    found, is_percent = staffing.found, is_share(target.metric)
    rows = staffing.table[staffing.table["target"] == target.text]
    scale = 100 if is_percent else 1
    values = scale * rows["value"].where(np.isfinite(rows["value"]))
    top = values[rows["number"].isin(numbers)].max()
    top = 1.25 * max(top if np.isfinite(top) else 0, scale * target.bound, 1e-9)
    beside: dict[str, Any] = {"transform": axes.transAxes}
    if found.low is not None and found.high is not None and {found.low, found.high} <= set(numbers):
        ends = numbers.index(found.low) - 0.45, numbers.index(found.high) + 0.45
        axes.axvspan(*ends, color=DARK_BLUE, alpha=0.09, linewidth=0)
        if is_first:
            words = "not ruled out\n(95% range)"
            axes.text(1.01, 0.76, words, color=DARK_BLUE, va="top", size=9.5, **beside)
    weights = ["bold" if number == found.answer else "normal" for number in numbers]
    for place, (number, weight) in enumerate(zip(numbers, weights, strict=True)):
        here = rows["number"] == number
        sideways = np.linspace(-0.3, 0.3, int(here.sum())) if here.sum() > 1 else np.zeros(1)
        colours = [TURQUOISE if met else ORANGE for met in rows["met"][here].fillna(False)]
        axes.scatter(place + sideways, values[here], s=9, c=colours, linewidths=0, clip_on=False)
        met, valued = staffing.by_target.loc[(number, target.text)]
        axes.text(place, top * 0.99, f"{met:,}\nof {valued:,}", ha="center", va="top", size=9, weight=weight)
    for place, (number, following) in enumerate(pairwise(numbers)):
        if following - number > 1:
            axes.axvline(place + 0.5, color=INK, linewidth=1, linestyle=":")
    axes.axhline(scale * target.bound, color=INK, linewidth=1.2)
    axes.text(1.01, scale * target.bound, "target", transform=axes.get_yaxis_transform(), va="center")
    axes.set_ylim(0, top)
    axes.set_xlim(-0.6, len(numbers) - 0.4)
    notes = {found.answer: "answer", staffing.present: "now"}
    axes.set_xticks(range(len(numbers)), [f"{n:,}\n{notes.get(n, '')}".rstrip() for n in numbers])
    for label, weight in zip(axes.get_xticklabels(), weights, strict=True):
        label.set_fontweight(weight)
    axes.tick_params(axis="x", length=0)
    style.value_axis(axes.yaxis, 6, PER_CENT if is_percent else "")
    ticks = axes.yaxis.get_major_locator().tick_values(0, top)
    axes.set_yticks([tick for tick in ticks if tick <= 0.85 * top])  # above stand the counts
    if len(staffing.targets) == 1:
        axes.set_ylabel(capital(phrase(target.metric, target.group).noun), labelpad=0)
    if is_first:
        axes.text(1.01, 0.95, "met", color=TURQUOISE, weight="bold", **beside)
        axes.text(1.01, 0.87, "not met", color=ORANGE, weight="bold", **beside)


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
