"""The pages of a sweep, a search and a sensitivity analysis, and what every page of an answer has in common."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.figures.staffing import staffing_charts
from sim.report.figures.style import Chart
from sim.report.figures.sweep import sweep_charts
from sim.report.figures.tornado import sensitivity_charts
from sim.report.pages.page import Key, Report, Section, Table
from sim.report.pages.pictures import chart_drawing
from sim.report.pages.run import assumptions_section
from sim.report.text.axes import axis_title, short_title
from sim.report.text.framing import LIMITS, MADE, answer_facts, period_words
from sim.report.text.sensitivity import (
    INFLUENCE,
    clearly_changes,
    does_nothing,
    effect_table,
    metric_words,
    range_with_unit,
    ranking_sentences,
    what_words,
)
from sim.report.text.staffing import answer_sentences, key_title, short_answer, tried_table, wanted_words
from sim.report.text.sweep import since_words, sweep_findings, sweep_table
from sim.report.text.words import interval_words
from sim.scenario import Scenario
from sim.scenario.summary import scenario_warnings
from sim.studies.answer import Answer
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
    return _report(
        sweep,
        sweep.base,
        title=charts[0].title if charts else f"{findings[0][0]} by {values}",
        question=f"What is the result for each value of {values}?",
        answered=findings,
        sure=f"{brackets} The same random events at every point.{since_words(sweep)}",
        headline=Table("The result at each point", header, rows, folded=folded),
        charts=charts,
    )


def staffing_report(staffing: Staffing) -> Report:
    """The page of a search: the number, how certain it is, the figure, and the numbers that were tried."""
    found, (first, second, *more) = staffing.found, answer_sentences(staffing)
    label = "Range" if found.answer is not None else "Nearest" if found.has_values else "What to do"
    header, *rows = tried_table(staffing)
    return _report(
        staffing,
        staffing.base,
        title=short_answer(staffing),
        question=f"How many are needed ({key_title(staffing).lower()}) for: {wanted_words(staffing)}?",
        answered=[("Answer", first), (label, second)],
        sure="Every number is simulated with the same random events, and not further once its result is certain.",
        headline=Table("The numbers that were tried", header, rows, words=True),
        charts=staffing_charts(staffing),
        sections=[Section("more", "More about the answer", more)] if more else [],
    )


def sensitivity_report(found: Sensitivity) -> Report:
    """The page of a sensitivity analysis: what drives the result, the figure, and a row for each assumption."""
    effects = [row for _, row in found.effects.iterrows()]
    header, *cells = effect_table(found, len(effects))
    rows: list[Sequence[str | Key]] = [
        (Key(axis_title(row["key"]), row["key"]), range_with_unit(row), *line[3:])
        for line, row in zip(cells, effects, strict=True)
    ]
    (first, *more), charts = ranking_sentences(found, in_titles=True), sensitivity_charts(found)
    notes = [INFLUENCE]
    if any(not clearly_changes(row) and not does_nothing(row) for row in effects):
        notes.append("? means: no clear difference when it is moved alone.")
    return _report(
        found,
        found.base,
        title=charts[0].title,
        question=f"Which assumptions matter most to the result ({metric_words(found)})?",
        answered=[("What drives the result", first), *([("Other assumptions", " ".join(more))] if more else [])],
        sure=what_words(found),
        headline=Table("The assumptions, the most influential first", header[1:], rows, words=True),
        charts=charts,
        sections=[Section("notes", "How to read the table", notes)],
    )


def _report(
    answer: Answer,
    base: Scenario,
    *,
    title: str,
    question: str,
    answered: Sequence[tuple[str, str]],
    sure: str,
    headline: Table,
    charts: Sequence[Chart],
    sections: Sequence[Section] = (),
) -> Report:
    """A page in the frame of all answers."""
    drawings = [chart_drawing(chart, [headline]) for chart in charts]
    more = [Section("figures", "More figures", drawings=drawings[1:])] if drawings[1:] else []
    return Report(
        title=title,
        lead=f"{base.name}, {period_words(base)}.",
        question=question,
        answer=answered,
        sure=sure,
        headline=headline,
        sections=[*more, *sections, *closing_sections(base)],
        facts=answer_facts(answer, base),
        made=MADE,
        main=drawings[0] if drawings else None,
    )


def closing_sections(base: Scenario) -> list[Section]:
    """What every page of an answer ends with: the assumptions that matter, warnings about the scenario, limits."""
    warnings = [f"{warning}." for warning in scenario_warnings(base)]
    found = [Section("warnings", "Warnings about the scenario", warnings)] if warnings else []
    return [assumptions_section(base), *found, Section("limits", "Limits", LIMITS)]
