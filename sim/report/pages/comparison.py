"""The page of a comparison: what each plan changes, the results, and how certain they are."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.report.figures.differences import comparison_charts, shown
from sim.report.pages.answers import closing_sections
from sim.report.pages.page import Drawing, Key, Report, Section, Table
from sim.report.pages.pictures import chart_drawing
from sim.report.text.assumptions import title_of
from sim.report.text.comparison import (
    COVERAGE,
    HEADLINE,
    WORKLOAD,
    cost_rows,
    how_sure,
    price_words,
    primary_noun,
    primary_when,
    sentence,
)
from sim.report.text.framing import MADE, answer_facts, period_words
from sim.report.text.verdicts import difference_words, judged, level_words, needed_words, same_words, short_verdict
from sim.report.text.words import RISK_WORDS, day_words
from sim.scenario.changes import ChangedKey
from sim.scenario.domain import GRAVE
from sim.scenario.paths import find, route_to
from sim.studies.compare import PRIMARY, ComparedPlan, Comparison
from sim.studies.paired import SAME, UNKNOWN, UNTESTED

INSPECTORS_ASK = {"How big it is": "overdue_visits", "How old it is": "oldest_overdue_visit_days"}


def comparison_report(comparison: Comparison, *, drawn: bool = True) -> Report:
    """The page of a comparison; not `drawn` it has the words and the numbers of its figure only."""
    plans = comparison.plans
    one = plans[0] if len(plans) == 1 else None
    title = one.label if one else f"{len(plans)} plans"
    return Report(
        title=f"{title}, against {comparison.base_label}",
        lead=f"{period_words(comparison.base)}. Differences between replications with the same random events.",
        question=_question(comparison),
        answer=_answer(comparison),
        sure=how_sure(comparison),
        headline=_by_risk(comparison),
        sections=list(_sections(comparison, drawn)),
        facts=answer_facts(
            comparison, comparison.base, ("Primary measure", f"{primary_noun(comparison)} {primary_when(comparison)}")
        ),
        made=MADE,
    )


def _question(comparison: Comparison) -> str:
    """What the only plan says of itself, unless it only repeats the base."""
    about = comparison.plans[0].scenario.about if len(comparison.plans) == 1 else ""
    if about and about != comparison.base.about:
        return about
    return "What does each plan change against the base, by how much, and how certain is that?"


def _answer(comparison: Comparison) -> list[tuple[str, str]]:
    """For one plan what inspectors ask for, the primary measure first if it is another; for several a sentence each."""
    if len(comparison.plans) > 1:
        return [(plan.label, sentence(plan, comparison.primary)) for plan in comparison.plans]
    (plan,) = comparison.plans
    big, old = (sentence(plan, (metric, "total", "at_end")) for metric in INSPECTORS_ASK.values())
    grave = "; ".join(_grave(plan, risk) for risk in GRAVE)
    asked = [("How big it is", big), ("Which risk it holds", f"Overdue visits: {grave}."), ("How old it is", old)]
    if comparison.primary == PRIMARY:
        return asked
    return [("The primary measure", sentence(plan, comparison.primary)), *asked]


def _grave(plan: ComparedPlan, risk: str) -> str:
    """`very high risk −5 (−7 to −3)`"""
    return f"{RISK_WORDS[risk].lower()} risk {_difference(plan.table, ('overdue_visits', risk, 'at_end'))}"


def _difference(table: pd.DataFrame, quantity: tuple[str, str, str]) -> str:
    """`−5 (−7 to −3), fewer`, with the verdict of a measure that carries one."""
    row = table.loc[quantity]
    words = same_words(row) if row["verdict"] == SAME else difference_words(quantity[0], row)
    verdict = short_verdict(*quantity[:2], row)
    return f"{words}, {verdict}" if verdict and row["verdict"] not in (SAME, UNKNOWN) else words


def _by_risk(comparison: Comparison) -> Table:
    """The change in overdue visits at the end, by recorded risk, a column for each plan."""
    groups = {**dict(reversed(RISK_WORDS.items())), "total": "All levels"}
    rows = []
    for group, words in groups.items():
        quantity = ("overdue_visits", group, "at_end")
        cells = [_difference(plan.table, quantity) for plan in comparison.plans]
        base = comparison.plans[0].table.loc[quantity]["base"]
        rows.append((words, level_words("overdue_visits", base), *cells))
    caption = f"Overdue visits on {day_words(comparison.base.end)} by recorded risk: the base, and the difference"
    return Table(caption, ("Risk", "Base", *(plan.label for plan in comparison.plans)), rows, words=True)


def _sections(comparison: Comparison, drawn: bool) -> Iterator[Section]:
    yield _costs(comparison)
    yield Section("differences", "Results", drawings=[_drawing(comparison, drawn)])
    for plan in comparison.plans:
        chosen = [(metric, "total", statistic) for metric, statistic in (*HEADLINE, *COVERAGE, *WORKLOAD)]
        sentences = [sentence(plan, quantity) for quantity in dict.fromkeys([comparison.primary, *chosen])]
        number = comparison.plans.index(plan)
        heading = plan.label if len(comparison.plans) > 1 else "In sentences"
        yield Section(f"plan-{number}", heading, sentences, [_changes(plan)] if plan.changes else [])
    yield from closing_sections(comparison.base)


def _costs(comparison: Comparison) -> Section:
    """What each plan costs: always all lines, in the same order."""
    price = [words] if (words := price_words(comparison)) else []
    if len(comparison.plans) == 1:
        header: tuple[str, ...] = ("What", "Base", "Plan", "Difference")
        rows: list[tuple[str, ...]] = list(cost_rows(comparison, comparison.plans[0]))
    else:
        header = ("What", "Base", *(plan.label for plan in comparison.plans))
        by_plan = [cost_rows(comparison, plan) for plan in comparison.plans]
        rows = [(*lines[0][:2], *(line[3] for line in lines)) for lines in zip(*by_plan, strict=True)]
    caption = "The base, and the difference"
    return Section("costs", "What it costs", price, [Table(caption, header, rows, words=True)])


def _drawing(comparison: Comparison, drawn: bool) -> Drawing:
    """The figure of the differences, without the words around it, for a wide and a narrow screen."""
    (chart,) = comparison_charts(comparison)
    tables = _numbers(comparison)
    if not drawn:
        return Drawing("figure-differences", chart.title, chart.what, [], tables)
    return chart_drawing(chart, tables, with_tables=True)


def _numbers(comparison: Comparison) -> list[Table]:
    """What the figure shows, a table for each plan."""
    tables = []
    for plan in comparison.plans:
        rows = []
        for metric, group, statistic, label in shown(comparison):
            row = plan.table.loc[(metric, group, statistic)]
            verdict = judged(metric, row) or short_verdict(metric, group, row) or UNTESTED
            levels = [level_words(metric, row[side]) for side in ("base", "plan")]
            more = needed_words(row)
            rows.append((label, *levels, difference_words(metric, row), f"{verdict}; {more}" if more else verdict))
        header = ("Measure", "Base", "Plan", "Difference", "Verdict")
        tables.append(Table(f"{plan.label}: the numbers", header, rows, words=True))
    return tables


def _changes(plan: ComparedPlan) -> Table:
    rows = [(_named(change), change.base, change.plan) for change in plan.changes]
    return Table("What the plan changes", ("What it is", "Before", "With the plan"), rows, words=True)


def _named(change: ChangedKey) -> Key | str:
    return Key(title_of(change.key), change.key) if find(route_to(change.key)) else change.key
