"""The page of a comparison: what each plan changes, the results, and how certain they are."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.report.figures.differences import comparison_charts, drawn_measures
from sim.report.pages.page import Key, Report, Section, Table
from sim.report.pages.pictures import chart_drawing
from sim.report.pages.run import closing_sections
from sim.report.text.assumptions import title_of
from sim.report.text.comparison import (
    COVERAGE,
    HEADLINE,
    WORKLOAD,
    cost_rows,
    how_sure,
    in_total,
    price_words,
    primary_noun,
    primary_when,
    sentence,
)
from sim.report.text.framing import MADE, answer_facts, answer_period
from sim.report.text.verdicts import difference_words, judged, level_words, needed_words, same_words, short_verdict
from sim.report.text.words import RISK_WORDS, day_words
from sim.scenario.domain import GRAVE
from sim.scenario.paths import find, route_to
from sim.studies.compare import PRIMARY, ComparedPlan, Comparison
from sim.studies.paired import SAME, UNKNOWN, UNTESTED


def comparison_report(comparison: Comparison) -> Report:
    """The page of a comparison; its question is what the only plan says of itself, unless that repeats the base."""
    plans, title = comparison.plans, f"{len(comparison.plans)} plans"
    question = "What does each plan change against the base, by how much, and how certain is that?"
    if len(plans) == 1:
        title, about = plans[0].label, plans[0].scenario.about
        question = about if about and about != comparison.base.about else question.replace("each", "the")
    period = answer_period(comparison, comparison.base, "--set-all")
    primary = f"{primary_noun(comparison)} {primary_when(comparison)}"
    return Report(
        title=f"{title}, against {comparison.base_label}",
        lead=f"{period}. Differences between replications with the same random events.",
        question=question,
        answer=_answer(comparison),
        sure=how_sure(comparison),
        headline=_by_risk(comparison),
        sections=list(_sections(comparison)),
        facts=answer_facts(comparison, comparison.base, ("Primary measure", primary)),
        made=MADE,
    )


def _answer(comparison: Comparison) -> list[tuple[str, str]]:
    """For one plan what inspectors ask for, the primary measure first if it is another; for several a sentence each."""
    if len(comparison.plans) > 1:
        return [(plan.label, sentence(plan, comparison.primary)) for plan in comparison.plans]
    (plan,) = comparison.plans
    big, old = (
        sentence(plan, (metric, "total", "at_end")) for metric in ("overdue_visits", "oldest_overdue_visit_days")
    )
    grave = "; ".join(
        f"{RISK_WORDS[risk].lower()} risk {_difference(plan.table, ('overdue_visits', risk, 'at_end'))}"
        for risk in GRAVE
    )
    asked = [("How big it is", big), ("Which risk it holds", f"Overdue visits: {grave}."), ("How old it is", old)]
    if comparison.primary == PRIMARY:
        return asked
    return [("The primary measure", sentence(plan, comparison.primary)), *asked]


def _difference(table: pd.DataFrame, quantity: tuple[str, str, str]) -> str:
    """`−5 (−7 to −3), fewer`, with the verdict of a measure that carries one."""
    row = table.loc[quantity]
    words = same_words(row) if row["verdict"] == SAME else difference_words(quantity[0], row)
    verdict = short_verdict(*quantity[:2], row)
    return f"{words}, {verdict}" if verdict and row["verdict"] not in (SAME, UNKNOWN) else words


def _by_risk(comparison: Comparison) -> Table:
    groups = {**dict(reversed(RISK_WORDS.items())), "total": "All levels"}
    rows = []
    for group, words in groups.items():
        quantity = ("overdue_visits", group, "at_end")
        cells = [_difference(plan.table, quantity) for plan in comparison.plans]
        base = comparison.plans[0].table.loc[quantity]["base"]
        rows.append((words, level_words("overdue_visits", base), *cells))
    caption = f"Overdue visits on {day_words(comparison.base.end)} by recorded risk: the base, and the difference"
    return Table(caption, ("Risk", "Base", *(plan.label for plan in comparison.plans)), rows, words=True)


def _sections(comparison: Comparison) -> Iterator[Section]:
    yield _costs(comparison)
    (chart,), tables = comparison_charts(comparison), [_numbers(comparison, plan) for plan in comparison.plans]
    yield Section("differences", "Results", drawings=[chart_drawing(chart, tables, with_tables=True)])
    measures = dict.fromkeys([comparison.primary, *in_total((*HEADLINE, *COVERAGE, *WORKLOAD))])
    for number, plan in enumerate(comparison.plans):
        heading = plan.label if len(comparison.plans) > 1 else "In sentences"
        rows: list[tuple[str | Key, str, str]] = []
        for change in plan.changes:
            name = Key(title_of(change.key), change.key) if find(route_to(change.key)) else change.key
            rows.append((name, change.base, change.plan))
        changes = Table("What the plan changes", ("What it is", "Before", "With the plan"), rows, words=True)
        sentences = [sentence(plan, measure) for measure in measures]
        yield Section(f"plan-{number}", heading, sentences, [changes] if rows else [])
    yield from closing_sections(comparison.base)


def _costs(comparison: Comparison) -> Section:
    price, by_plan = price_words(comparison), [cost_rows(comparison, plan) for plan in comparison.plans]
    header: tuple[str, ...] = ("What", "Base", "Plan", "Difference")
    rows: list[tuple[str, ...]] = [*by_plan[0]]
    if len(by_plan) > 1:
        header = ("What", "Base", *(plan.label for plan in comparison.plans))
        rows = [(*lines[0][:2], *(line[3] for line in lines)) for lines in zip(*by_plan, strict=True)]
    table = Table("The base, and the difference", header, rows, words=True)
    return Section("costs", "What else changes", [price] if price else [], [table])


def _numbers(comparison: Comparison, plan: ComparedPlan) -> Table:
    rows = []
    for metric, group, statistic, label in drawn_measures(comparison):
        row = plan.table.loc[(metric, group, statistic)]
        verdict = judged(metric, row) or short_verdict(metric, group, row) or UNTESTED
        base, after = (level_words(metric, row[column]) for column in ("base", "plan"))
        verdict = "; ".join(filter(None, [verdict, needed_words(row)]))
        rows.append((label, base, after, difference_words(metric, row), verdict))
    header = ("Measure", "Base", "Plan", "Difference", "Verdict")
    return Table(f"{plan.label}: the numbers", header, rows, words=True)
