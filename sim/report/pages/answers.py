"""The pages of a sweep, a search and a sensitivity analysis, and what every page of an answer has in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.report.figures.staffing import staffing_charts
from sim.report.figures.style import Chart
from sim.report.figures.sweep import sweep_charts
from sim.report.figures.tornado import sensitivity_charts
from sim.report.pages.page import Key, Report, Section, Table
from sim.report.pages.pictures import chart_drawing
from sim.report.pages.run import closing_sections
from sim.report.text.axes import axis_title, short_title
from sim.report.text.framing import MADE, answer_facts, answer_period
from sim.report.text.sensitivity import (
    INFLUENCE,
    clearly_changes,
    does_nothing,
    effect_table,
    is_alone,
    metric_words,
    range_words,
    ranking_sentences,
    what_words,
)
from sim.report.text.staffing import answer_sentences, short_answer, tried_table, wanted_words
from sim.report.text.sweep import since_words, sweep_findings, sweep_table
from sim.report.text.words import interval_words
from sim.studies.sensitivity import Sensitivity
from sim.studies.staffing import Staffing
from sim.studies.sweep import Sweep

MOST_ROWS = 25
"""A longer table opens at a click."""


def sweep_report(sweep: Sweep) -> Report:
    """The page of a sweep: from the worst point to the best, the figures, and a row for each point."""
    findings, (header, *rows) = sweep_findings(sweep), sweep_table(sweep, titles=True)
    charts = sweep_charts(sweep)
    folded = f"The numbers: {len(rows):,} points" if len(rows) > MOST_ROWS else ""
    values = " and ".join(map(short_title, sweep.points.keys))
    brackets = interval_words(sweep.replications, " ".join(cell for row in rows for cell in row))
    return Report(
        title=charts[0].title if charts else f"{findings[0][0]} by {values}",
        question=f"What is the result for each value of {values}?",
        answer=findings,
        sure=f"{brackets} The same random events at every point.{since_words(sweep)}",
        **_frame(sweep, Table("The result at each point", header, rows, folded=folded), charts),
    )


def staffing_report(staffing: Staffing) -> Report:
    """The page of a search: the number, how certain it is, the figure, and the numbers that were tried."""
    found, (first, second, *more) = staffing.found, answer_sentences(staffing)
    label = "Range" if found.answer is not None else "How near it comes" if found.has_values else "What to do"
    header, *rows = tried_table(staffing)
    headline = Table("The numbers that were tried", header, rows, words=True)
    sections = [Section("more", "More about the answer", more)] if more else []
    return Report(
        title=short_answer(staffing),
        question=f"How many are needed ({axis_title(staffing.key).lower()}) for: {wanted_words(staffing)}?",
        answer=[("Answer", first), (label, second)],
        sure="Every number is simulated with the same random events, no further than the answer needs.",
        **_frame(staffing, headline, staffing_charts(staffing), sections),
    )


def sensitivity_report(found: Sensitivity) -> Report:
    """The page of a sensitivity analysis: what drives the result, the figure, and a row for each assumption."""
    effects = [row for _, row in found.effects.iterrows()]
    header, *cells = effect_table(found, len(effects))
    rows: list[Sequence[str | Key]] = [
        (Key(axis_title(row["key"]), row["key"]), range_words(row, in_titles=True), *line[3:])
        for line, row in zip(cells, effects, strict=True)
    ]
    (first, *more), charts = ranking_sentences(found, in_titles=True), sensitivity_charts(found)
    notes = [INFLUENCE]
    if any(not clearly_changes(row) and not does_nothing(row) for row in effects):
        notes.append("? means: no clear difference when it is moved alone.")
    caption, asked = "The assumptions, the most influential first", "Which assumptions matter most to the result"
    if is_alone(found):
        caption, asked = "The assumption that was moved", "How far does one assumption move the result"
    headline = Table(caption, header[1:], rows, words=True)
    return Report(
        title=charts[0].title,
        question=f"{asked} ({metric_words(found)})?",
        answer=[("What drives the result", first), *([("Other assumptions", " ".join(more))] if more else [])],
        sure=what_words(found),
        **_frame(found, headline, charts, [Section("notes", "How to read the table", notes)]),
    )


def _frame(
    answer: Sweep | Staffing | Sensitivity, headline: Table, charts: Sequence[Chart], sections: Sequence[Section] = ()
) -> dict[str, Any]:
    base, drawings = answer.base, [chart_drawing(chart, [headline]) for chart in charts]
    more = [Section("figures", "More figures", drawings=drawings[1:])] if drawings[1:] else []
    return {
        "lead": f"{base.name}, {answer_period(answer, base)}.",
        "headline": headline,
        "sections": [*more, *sections, *closing_sections(base)],
        "facts": answer_facts(answer, base),
        "made": MADE,
        "main": drawings[0] if drawings else None,
    }
