"""How every figure looks: the Government Analysis Function's style, labels at the lines, dates that read well.

Nothing here touches the global state of matplotlib, and the same numbers give the same bytes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
import matplotlib.dates as mdates
import matplotlib.style
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.text.colours import INK, QUIET
from sim.runs.intervals import Style
from sim.scenario.source.faults import sanitise

_TITLE_POINTS, _TEXT_POINTS = 14, 11
_LINE_SPACING = 1.35


@dataclass(frozen=True)
class Line:
    """One line of a panel: its weeks (columns date, mean, p10, p90), and how its values are written."""

    name: str
    weeks: pd.DataFrame
    colour: str
    words: Style
    unit: str = ""


@dataclass(frozen=True)
class Panel:
    """Lines over the same dates. The axis reaches to `at_least` even if no line does; a line is drawn at `limit`."""

    lines: Sequence[Line]
    heading: str = ""
    percent: bool = False
    at_least: float = 0.0
    limit: float | None = None


@dataclass(frozen=True)
class Picture:
    """What a figure shows: its finding as title, what is drawn, and one or two panels over a period."""

    name: str
    title: str
    what: str
    panels: Sequence[Panel]
    period: tuple[dt.date, dt.date]
    foot: str

    def on(self, sheet: Sheet | None = None) -> Figure:
        """The figure in the house style: the finding and what is drawn, if the sheet has words, then the panels."""
        sheet = sheet or FILE
        with in_style():
            number, panel_inches = len(self.panels), sheet.panel[len(self.panels)]
            headings = [textwrap.wrap(panel.heading, round(9.5 * sheet.width)) for panel in self.panels]
            above = [0.35 + _inches(len(lines) - 1, _TEXT_POINTS) if lines else 0.1 for lines in headings]
            below = sum(above) + number * panel_inches + (number - 1) * _GAP_INCHES
            if sheet.words:
                figure, top = _headed((self.title, self.what, self.foot), below + _FOOT_INCHES)
            else:
                top = 0.1
                figure = _empty(sheet.width, top + below + 0.35)
            height = figure.get_figheight()
            left, width = sheet.left / sheet.width, 1 - (sheet.left + sheet.right) / sheet.width
            for panel, lines, heading in zip(self.panels, headings, above, strict=True):
                if lines:
                    _write(figure, "\n".join(lines), top, size=_TEXT_POINTS, weight="bold")
                top += heading
                axes = figure.add_axes((left, 1 - (top + panel_inches) / height, width, panel_inches / height))
                _draw(axes, panel, self.period, sheet)
                top += panel_inches + _GAP_INCHES
            return figure


@dataclass(frozen=True)
class Sheet:
    """The sheet a figure is drawn on, in inches and in letters that fit on a line.

    On a sheet with `words` title and foot are part of the picture; on a page they stand around it.
    """

    width: float
    left: float
    right: float
    label_letters: int
    dates: int
    """How many dates there is room for below the axis."""
    panel: Mapping[int, float]
    """Height of a panel by the number of panels."""
    words: bool = False

    @property
    def is_narrow(self) -> bool:
        return self.width < FILE.width


FILE = Sheet(9.0, 0.85, 2.0, 18, 8, {1: 3.6, 2: 2.5}, words=True)
LAPTOP = Sheet(9.0, 0.85, 2.0, 18, 8, {1: 3.3, 2: 2.2})
PHONE = Sheet(4.4, 0.62, 1.25, 12, 4, {1: 2.9, 2: 2.3})
_FOOT_INCHES, _GAP_INCHES = 0.85, 0.65


@contextlib.contextmanager
def in_style() -> Iterator[None]:
    """Draw in the house style; the settings of the caller come back afterwards."""
    # The letters come with matplotlib, so a figure is the same on every machine.
    letters = {"font.sans-serif": ["DejaVu Sans"], "font.size": _TEXT_POINTS}
    settings = {**letters, "lines.linewidth": 2.2, "svg.hashsalt": "caseload"}
    with matplotlib.style.context(["afcharts.afcharts", settings]):
        yield


@dataclass(frozen=True)
class Chart:
    """A figure of an answer: its finding as title, what is drawn, of what, and the function that draws it."""

    name: str
    title: str
    what: str
    about: str
    draw: Callable[[tuple[str, str, str], Sheet], Figure]

    def on(self, sheet: Sheet = FILE) -> Figure:
        with in_style():
            return self.draw((self.title, self.what, f"{self.about}. A simulation, not a record."), sheet)


def plain_page(
    words: tuple[str, str, str],
    panel: float,
    sheet: Sheet,
    left: float | None = None,
    right: float | None = None,
    axis: float = 0.55,
) -> tuple[Figure, Axes]:
    """An empty figure with one panel so many inches high and so many inches for labels beside it and below it.

    On a sheet with words it has the finding on top, what is drawn beneath, and the foot: the three `words`.
    """
    left, right = sheet.left if left is None else left, sheet.right if right is None else right
    if sheet.words:
        below = _FOOT_INCHES
        figure, head = _headed(words, 0.1 + panel + below)
        height = head + 0.1 + panel + below
    else:
        below, height = axis, 0.25 + panel + axis
        figure = _empty(sheet.width, height)
    return figure, figure.add_axes(
        (left / sheet.width, below / height, 1 - (left + right) / sheet.width, panel / height)
    )


def _empty(width: float, height: float) -> Figure:
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def value_axis(axis: Axis, ticks: int, per_cent: str = "", *, integer: bool = False) -> None:
    """Ticks at round numbers, written in full."""
    axis.set_major_locator(MaxNLocator(nbins=ticks, integer=integer, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}{per_cent}"))


def rows_across(axes: Axes, number: int) -> None:
    """So many rows, the first on top, over values that grow to the right."""
    axes.set_ylim(number - 0.4, -0.6)
    axes.set_yticks([])
    axes.grid(False, axis="y")
    axes.grid(True, axis="x", color="#D9D9D9", linewidth=0.8)


def _headed(words: tuple[str, str, str], below: float) -> tuple[Figure, float]:
    """A figure with only its texts, so many inches high below them; and the inches that those on top take."""
    titles, subtitles = textwrap.wrap(words[0], 76), textwrap.wrap(words[1], 108)
    below_title = 0.25 + _inches(len(titles), _TITLE_POINTS)
    head = below_title + _inches(len(subtitles), _TEXT_POINTS) + 0.2
    figure = _empty(FILE.width, head + below)
    _write(figure, "\n".join(titles), 0.2, size=_TITLE_POINTS, weight="bold", linespacing=_LINE_SPACING)
    _write(figure, "\n".join(subtitles), below_title, size=_TEXT_POINTS, color=QUIET, linespacing=_LINE_SPACING)
    _write(figure, words[2], head + below - 0.3, size=9.5, color=QUIET)
    return figure, head


def _write(figure: Figure, text: str, from_top: float, **look: Any) -> None:
    """Write near the left edge, so many inches from the top."""
    width, height = figure.get_size_inches()
    shown = "\n".join(map(sanitise, text.split("\n")))
    figure.text(0.2 / width, 1 - from_top / height, shown, ha="left", va="top", parse_math=False, **look)


def fitted(text: str, inches: float, points: float, lines: int) -> str:
    """The text on so many lines of such a width at most, measured letter by letter; what has no room gives way to …"""
    broken: list[str] = []
    words = sanitise(text).split()
    while words and len(broken) < lines:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", points) <= inches:
            line = f"{line} {words.pop(0)}"
        broken.append(line)
    for number, line in enumerate(broken):
        rest = " …" if words and number == len(broken) - 1 else ""
        while line and width_of(line + (rest or "…"), points) > inches and width_of(line + rest, points) > inches:
            line, rest = line[:-1].rstrip(), "…"
        broken[number] = line + rest
    return "\n".join(broken)


def width_of(text: str, points: float) -> float:
    """How many inches a text takes in the letters of the figures."""
    letters = FontProperties(family="DejaVu Sans", size=points)
    return text_to_path.get_text_width_height_descent(text, letters, ismath=False)[0] / 72


def _inches(lines: int, points: float) -> float:
    return lines * points * _LINE_SPACING / 72


def _draw(axes: Axes, panel: Panel, period: tuple[dt.date, dt.date], sheet: Sheet) -> None:
    """Draw lines with their ranges over the dates of the period, from zero up, each named where it ends.

    Where no line has a value, the panel says so.
    """
    lines, top = panel.lines, panel.at_least
    for line in reversed(lines):  # the first, which matters most, on top
        dates = mdates.date2num(list(line.weeks["date"]))
        axes.fill_between(dates, line.weeks["p10"], line.weeks["p90"], color=line.colour, alpha=0.18, linewidth=0)
        alone = "o" if line.weeks["mean"].count() == 1 else ""  # one point makes no line
        axes.plot(dates, line.weeks["mean"], color=line.colour, marker=alone, solid_capstyle="round", clip_on=not alone)
        top = max(top, line.weeks[["mean", "p90"]].max(axis=None, skipna=True))
    axes.set_xlim(*mdates.date2num(period))
    axes.set_ylim(0, top * (1 if top == panel.at_least else 1.05) if top > 0 else 1)
    _date_axis(axes, sheet.dates)
    value_axis(axes.yaxis, 6, integer=top == 0 or (not panel.percent and top >= 4))
    if panel.percent:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
    axes.tick_params(axis="y", length=0)
    if all(line.weeks["mean"].isna().all() for line in lines):
        words = axes.text(0.5, 0.5, "nothing to show", transform=axes.transAxes, ha="center", va="center")
        words.set(color=QUIET, backgroundcolor="white")
    _label_ends(axes, panel, sheet)
    if panel.limit is not None:
        axes.axhline(panel.limit, color=INK, linewidth=1)


def _date_axis(axes: Axes, most: int) -> None:
    """Ticks on whole years, quarters, months or days, written so that no reader must guess."""
    first, last = axes.get_xlim()
    days = last - first
    locator: mdates.RRuleLocator
    if days > 5 * 366:
        locator, pattern = mdates.YearLocator(max(1, round(days / 366 / most))), "%Y"
    elif days > 120:
        months = next(step for step in (1, 2, 3, 6, 12, 24, 48) if days / 30 / step <= most)
        locator = mdates.MonthLocator(range(1, 13, months)) if months <= 12 else mdates.YearLocator(months // 12)
        pattern = "%b %Y" if months <= 12 else "%Y"
    else:
        locator, pattern = mdates.DayLocator(interval=max(1, round(days / min(6, most)))), "%d %b"
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.DateFormatter(pattern))


def _label_ends(axes: Axes, panel: Panel, sheet: Sheet) -> None:
    """Write each line's name and last value beside its last point, moved apart where they would touch."""
    last = [(line, known.iloc[-1]) for line in panel.lines if len(known := line.weeks["mean"].dropna())]
    labels = [textwrap.fill(f"{line.name}: {line.words(end)}{line.unit}", sheet.label_letters) for line, end in last]
    heights = [value / axes.get_ylim()[1] for _, value in last]
    panel_inches = axes.bbox.height / axes.figure.dpi
    tallest = max((label.count("\n") + 1 for label in labels), default=1)
    gap = _inches(tallest, _TEXT_POINTS) / panel_inches
    overhang = (gap - _inches(1, _TEXT_POINTS) / panel_inches) / 2  # of a label of several lines, kept within the panel
    places = moved_apart(heights, gap, overhang, 1 - overhang)
    beside, point = 1.035, axes.figure.dpi / 72 / axes.bbox.width
    for (line, _), label, end, place in zip(last, labels, heights, places, strict=True):
        axes.text(beside, place, label, transform=axes.transAxes, va="center", ha="left", color=INK)
        # A plain line: the arrow that matplotlib's annotations have takes as long as all the letters.
        across = Line2D([1 + 2 * point, beside - 3 * point], [end, place], transform=axes.transAxes, clip_on=False)
        across.set(color=line.colour, linewidth=1)
        axes.add_artist(across)


def moved_apart(places: Sequence[float], gap: float, lowest: float = 0.0, highest: float = 1.0) -> list[float]:
    """The places nearest to those given that are at least `gap` apart, in the same order, from `lowest` to `highest`.

    Of equal places the first comes out on top. If there is no room for all, the top ones lie above `highest`.
    """
    order = sorted(range(len(places)), key=lambda index: (places[index], -index))
    # With `gap` taken off for each rank, only the order is left to keep: pool neighbours that break it.
    pools: list[tuple[float, int]] = []
    for rank, index in enumerate(order):
        pools.append((places[index] - rank * gap, 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (upper, more), (lower, fewer) = pools.pop(), pools.pop()
            pools.append(((upper * more + lower * fewer) / (more + fewer), more + fewer))
    most = highest - (len(places) - 1) * gap
    settled = [max(lowest, min(most, place)) for place, number in pools for _ in range(number)]
    apart = dict(zip(order, (place + rank * gap for rank, place in enumerate(settled)), strict=True))
    return [apart[index] for index in range(len(places))]


def as_svg(figure: Figure, *, letters_as_text: bool = False) -> bytes:
    """The figure as SVG: no date inside, so that the same numbers give the same file.

    Letters are drawn as shapes, the same everywhere; as text they can be found, copied and read at any size.
    """
    with matplotlib.rc_context({"svg.fonttype": "none" if letters_as_text else "path"}):
        return _saved(figure, format="svg", metadata={"Date": None, "Creator": None})


def as_png(figure: Figure) -> bytes:
    packed = {"compress_level": 3}  # hardly larger than at the usual 6, and packed in half the time
    return _saved(figure, format="png", dpi=150, metadata={"Software": None}, pil_kwargs=packed)


def _saved(figure: Figure, **how: Any) -> bytes:
    picture = io.BytesIO()
    with in_style():
        figure.savefig(picture, **how)
    return picture.getvalue()
