"""The figure of a comparison: how much each plan changes each headline metric, against the base, with intervals."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.measure import METRICS
from sim.report.figures import style
from sim.report.text.colours import DARK_BLUE, INK, ORANGE, QUIET, TURQUOISE
from sim.report.text.comparison import how_sure, primary_noun
from sim.report.text.verdicts import difference_words, judged, phrase, short_verdict
from sim.report.text.words import HEADINGS, RISK_WORDS, capital, day_words
from sim.runs.intervals import PER_CENT
from sim.scenario.domain import GRAVE
from sim.studies.compare import Comparison
from sim.studies.paired import LESS, MORE, NOT_CLEAR, TRIVIAL

QUANTITIES = (
    ("overdue_visits", "total", "at_end", "Overdue visits"),
    *(("overdue_visits", risk, "at_end", f"– {words.lower()} risk") for risk, words in reversed(RISK_WORDS.items())),
    ("overdue_reviews", "total", "at_end", "Overdue reviews"),
    ("oldest_overdue_visit_days", "total", "at_end", HEADINGS["oldest_overdue_visit_days"]),
    ("longest_unseen_days", "total", "at_end", "Longest not seen, days"),
    ("risk_coverage", "total", "average", "Risk coverage, average"),
    ("unannounced_coverage", "total", "at_end", "Seen unannounced"),
    ("hours_worked", "total", "average", "Hours worked a week"),
)
"""What is drawn, in this order: metric, group, statistic, and its label."""

LEFT_OUT = ("longest_unseen_days", "unannounced_coverage")
"""Which of them are not drawn where there are several plans, beside the levels of risk that are not grave."""

COLOURS = {"better": ("green", TURQUOISE), "worse": ("orange", ORANGE), NOT_CLEAR: ("grey", QUIET)}
"""Of the primary measure, by its verdict; a measure without a verdict is blue."""
_LEFT_INCHES, _RIGHT_INCHES, _INDENT = 2.4, 2.6, 0.02
_LABEL_POINTS = 9.5


class Row(NamedTuple):
    """A dot with its interval, in per cent of the base, its label on the left, and in words on the right."""

    label: str
    heading: bool
    mean: float
    low: float
    high: float
    colour: str
    words: str


def comparison_charts(comparison: Comparison) -> list[style.Chart]:
    """The one figure of a comparison; its legend has the colours that are used."""
    verdicts = [_verdict_of(comparison.primary[0], plan.table.loc[comparison.primary]) for plan in comparison.plans]
    colours = [
        f"{name}: {primary_noun(comparison)}, {verdict}"
        for verdict, (name, _) in COLOURS.items()
        if verdict in verdicts
    ]
    what = (
        f"Change on {day_words(comparison.base.end)} unless it is an average or a sum: dots in per cent of the base, "
        f"numbers in the measure's own unit, of shares in points. {how_sure(comparison)} "
        f"{capital('; '.join([*colours, 'blue: without a verdict']))}."
    )

    def draw(words: tuple[str, str, str], sheet: style.Sheet) -> Figure:
        return (_narrow if sheet.is_narrow else _wide)(_rows(comparison), words, sheet)

    return [style.Chart("differences", _title(comparison), what, f"Base: {comparison.base_label}", draw)]


def _wide(rows: list[Row], words: tuple[str, str, str], sheet: style.Sheet) -> Figure:
    """A dot and an interval for each headline metric, or, with several plans, a group of them."""
    labels = [
        row.label if row.heading else style.fitted(row.label, _LEFT_INCHES - 0.3 - _INDENT, _LABEL_POINTS, 2)
        for row in rows
    ]
    height = (0.37 if any("\n" in label for label in labels) else 0.30) * len(rows) + 0.2
    figure, axes = style.plain_page(words, height, sheet, _LEFT_INCHES, _RIGHT_INCHES, axis=0.4)
    look: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center"}
    edge = (0.2 - _LEFT_INCHES) / (sheet.width - _LEFT_INCHES - _RIGHT_INCHES)
    for place, (row, label) in enumerate(zip(rows, labels, strict=True)):
        letters = {"weight": "bold"} if row.heading else {"size": _LABEL_POINTS}
        left = edge + (0 if row.heading else _INDENT)
        axes.text(left, place, label, parse_math=False, linespacing=1.05, **letters, **look)
        axes.text(1.03, place, row.words, size=_LABEL_POINTS, **look)
    _draw_dots(axes, rows, 0)
    return figure


def _narrow(rows: list[Row], words: tuple[str, str, str], sheet: style.Sheet) -> Figure:
    """The same for the screen of a phone: each label and its numbers above their dot."""
    figure, axes = style.plain_page(words, 0.56 * len(rows), sheet, 0.28, 0.28, axis=0.4)
    room = sheet.width - 0.56
    look: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "size": _LABEL_POINTS}
    look |= {"bbox": {"facecolor": "white", "linewidth": 0, "pad": 1.5}, "parse_math": False}
    for place, row in enumerate(rows):
        numbers = style.fitted(row.words, room, _LABEL_POINTS, 1)
        label = style.fitted(row.label, room - style.width_of(f"{numbers}  ", _LABEL_POINTS), _LABEL_POINTS, 1)
        axes.text(0, place - 0.2 + 0.35 * row.heading, label, weight="bold" if row.heading else "normal", **look)
        axes.text(1, place - 0.2, numbers, ha="right", **look)
    _draw_dots(axes, rows, 0.22)
    return figure


def _verdict_of(metric: str, row: pd.Series) -> str:
    return judged(metric, row) or (NOT_CLEAR if row["verdict"] == NOT_CLEAR else "")


def _title(comparison: Comparison) -> str:
    metric, group, _ = comparison.primary
    noun, less, more = phrase(metric, group)
    rows = [plan.table.loc[comparison.primary] for plan in comparison.plans]
    if len(rows) == 1:
        verdict = short_verdict(metric, group, rows[0])
        found = f"{verdict} {noun}, {difference_words(metric, rows[0])}" if rows[0]["verdict"] in (LESS, MORE) else ""
        return f"{comparison.plans[0].label}: {found or f'{noun}: {verdict}'}"
    verdicts = [row["verdict"] for row in rows]
    counts = [(verdicts.count(LESS), less), (verdicts.count(MORE), more)]
    found = " and ".join(f"{number} with {words} {noun}" for number, words in counts if number)
    return f"Of {len(rows)} plans, {f'{found} than the base' if found else f'none shows a clear difference in {noun}'}"


def _rows(comparison: Comparison) -> list[Row]:
    if len(comparison.plans) == 1:
        table = comparison.plans[0].table
        return [
            _row(label, table.loc[(metric, group, at)], metric)
            for metric, group, at, label in drawn_measures(comparison)
        ]
    rows = []
    for metric, group, statistic, label in drawn_measures(comparison):
        label = f"Overdue visits, {label[2:]}" if label.startswith("–") else label
        rows.append(Row(label, True, math.nan, math.nan, math.nan, INK, ""))
        rows += [_row(plan.label, plan.table.loc[(metric, group, statistic)], metric) for plan in comparison.plans]
    return rows


def drawn_measures(comparison: Comparison) -> list[tuple[str, str, str, str]]:
    several = len(comparison.plans) > 1
    chosen = [row for row in QUANTITIES if not several or (row[0] not in LEFT_OUT and row[1] in ("total", *GRAVE))]
    if comparison.primary in [quantity[:3] for quantity in chosen]:
        return chosen
    metric, group, _ = comparison.primary
    title = METRICS[metric].title + ("" if group == "total" else f", {RISK_WORDS.get(group, group).lower()}")
    return [(*comparison.primary, title), *chosen]


def _row(label: str, row: pd.Series, metric: str) -> Row:
    scale = 100 / row["base"] if row["base"] else math.nan
    mean, low, high = (row[name] * scale for name in ("mean", "low", "high"))
    words = difference_words(metric, row, with_unit=False)
    if row["verdict"] in (NOT_CLEAR, TRIVIAL):
        words += f", {row['verdict']}"
    _, colour = COLOURS.get(_verdict_of(metric, row), ("", DARK_BLUE))
    return Row(label, False, mean, low, high, colour, words)


def _draw_dots(axes: Axes, rows: list[Row], lower: float) -> None:
    """A dot with its interval for each row, so much of a row below its middle."""
    known = [edge for row in rows for edge in (row.mean, row.low, row.high) if math.isfinite(edge)]
    margin = 0.08 * (max(map(abs, known), default=1) or 1)
    axes.set_xlim(min([*known, 0]) - margin, max([*known, 0]) + margin)
    axes.axvline(0, color=INK, linewidth=1)
    for place, row in enumerate(rows):
        if math.isfinite(row.low):
            axes.plot([row.low, row.high], 2 * [place + lower], color=row.colour, linewidth=2.2, solid_capstyle="butt")
        if math.isfinite(row.mean):
            axes.plot([row.mean], [place + lower], "o", color=row.colour, markersize=6.5)
    style.rows_across(axes, len(rows))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]))  # on both sides of 0
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:+,.3g}{PER_CENT}".replace("-", "−") if value else "0")
    )
