"""What a planner reads after a comparison: what each plan changes, and the results, inspectors' figures first."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

import pandas as pd

from sim.report.text.assumptions import title_of
from sim.report.text.printing import INDENT, REPORT, Block, Rows, aligned, saved_in
from sim.report.text.verdicts import (
    coarseness,
    denominator_change,
    difference_words,
    explained,
    judged,
    level_words,
    money_words,
    needed_words,
    pairs_words,
    phrase,
    same_words,
    short_verdict,
    verdict_words,
    with_signs,
)
from sim.report.text.words import RISK_WORDS, day_words, span_words
from sim.runs.intervals import ROUGH_BELOW
from sim.scenario import Scenario
from sim.scenario.changes import ChangedKey
from sim.scenario.paths import find, route_to
from sim.scenario.source.faults import sanitise
from sim.studies.compare import PRIMARY, ComparedPlan, Comparison, Measure
from sim.studies.paired import FEW, SAME
from sim.studies.price import COSTS, PRICE_KEY

HEADLINE = (("overdue_visits", "at_end"), ("overdue_reviews", "at_end"), ("oldest_overdue_visit_days", "at_end"))
"""What inspectors ask for first; which risk the backlog holds is the table below."""

BY_RISK = {
    "overdue_visits": "Overdue visits",
    "overdue_reviews": "Overdue reviews",
    "oldest_overdue_visit_days": "Oldest visit, days",
}
COVERAGE = (("visit_coverage", "average"), ("risk_coverage", "average"), ("unannounced_coverage", "at_end"))
WORKLOAD = (("hours_worked", "average"), ("workload_ratio", "average"), ("caseload_per_officer", "at_end"))

MOST_CHANGES = 12
"""More changed keys than these are counted, not listed."""


def comparison_summary(comparison: Comparison, width: int) -> list[Block]:
    """The answer of a comparison: what each plan changes, then the measures, what it costs, and the change by risk."""
    base, plans = comparison.base, comparison.plans
    one = len(plans) == 1
    against = sanitise(comparison.base_label) if one else "the base"
    title = sanitise(plans[0].label) if one else f"{len(plans)} plans"
    period = f"{day_words(base.start)} to {day_words(base.end)}."
    blocks = [Block(f"{title}, against {against}", [f"{period} {how_sure(comparison)}"])]
    blocks += [Block("What changes" if one else sanitise(plan.label), change_lines(plan.changes)) for plan in plans]
    if comparison.primary not in ((metric, "total", statistic) for metric, statistic in HEADLINE):
        heading = f"Primary measure, {primary_when(comparison)}"
        blocks.append(_measures(comparison, heading, [comparison.primary], width))
    for heading, measures in measures_by_heading(base).items():
        blocks.append(_measures(comparison, heading, measures, width))
        if measures[0][0] == HEADLINE[0][0]:
            blocks.append(_costs(comparison))
            for plan in plans:
                label = [] if one else [sanitise(plan.label)]
                blocks.append(Block("", [Rows([*label, *risk_table(plan)], bold=1 + len(label))]))
    table = ("differences.csv", "differences.csv with every metric")
    return [*blocks, saved_in(comparison.folder, REPORT, table)]


def measures_by_heading(base: Scenario) -> dict[str, list[Measure]]:
    """The measures that are always shown, under their headings."""
    end, period = day_words(base.end), span_words(base.horizon_days)
    headings = {
        f"The backlog on {end}": HEADLINE,
        f"Coverage over {period}; seen unannounced, on {end}": COVERAGE,
        f"Hours a week over {period}; offenders per officer, on {end}": WORKLOAD,
    }
    return {
        heading: [(metric, "total", statistic) for metric, statistic in measures]
        for heading, measures in headings.items()
    }


def primary_noun(comparison: Comparison) -> str:
    """`overdue high-risk visits`"""
    return phrase(*comparison.primary[:2]).noun


def primary_when(comparison: Comparison) -> str:
    """`on 31 August 2027`, or on average."""
    return f"on {day_words(comparison.base.end)}" if comparison.primary[2] == "at_end" else "on average"


def how_sure(comparison: Comparison) -> str:
    """How the differences were found, what the brackets are, and which measure carries the verdict."""
    pairs = f"{pairs_words(comparison.replications).capitalize()} of replications with the same random events."
    if comparison.replications == 1:
        return f"{pairs} No interval can be given."
    rough = f", a rough one with fewer than {ROUGH_BELOW} pairs" if comparison.replications < ROUGH_BELOW else ""
    brackets = f"In brackets: 95% confidence interval of the mean difference{rough}."
    if len(comparison.plans) > 1:
        brackets = (
            f"In brackets: confidence interval of the mean difference{rough}, as wide as Holm's correction for "
            f"{len(comparison.plans)} plans asks."
        )
    return (
        f"{pairs} {brackets} The primary measure, {primary_noun(comparison)} {primary_when(comparison)}, alone carries "
        "a verdict; the other measures are not tested."
    )


def change_lines(changed: list[ChangedKey]) -> list[str]:
    """The settings that differ, before and after."""
    if not changed:
        return ["Nothing that shapes a replication."]
    lines = [f"{change_title(change)}: {change.base} → {change.plan}" for change in changed[:MOST_CHANGES]]
    if len(changed) > MOST_CHANGES:
        lines.append(f"… and {len(changed) - MOST_CHANGES} more")
    return [sanitise(line) for line in lines]


def change_title(change: ChangedKey) -> str:
    """`Visits, retry after (visits.retry_days)`; a team is named as it is."""
    return f"{title_of(change.key)} ({change.key})" if find(route_to(change.key)) else change.key


def _measures(comparison: Comparison, heading: str, measures: Sequence[Measure], width: int) -> Block:
    """Some measures under a heading: a sentence each for one plan; for several a line for each plan."""
    if len(comparison.plans) == 1:
        return Block(heading, [sentence(comparison.plans[0], measure) for measure in measures], hanging=True)
    entries: list[str | Rows] = []
    for metric, group, statistic in measures:
        rows = {plan: plan.table.loc[(metric, group, statistic)] for plan in comparison.plans}
        noun, base = phrase(metric, group).noun, next(iter(rows.values()))["base"]
        cells = [
            (_short(plan), short_verdict(metric, group, row), difference_words(metric, row),
             judged(metric, row), denominator_change(metric, group, plan.denominators).words)
            for plan, row in rows.items()
        ]  # fmt: skip
        entries.append(Rows([f"{INDENT}{noun[0].upper()}{noun[1:]}; base: {level_words(metric, base)}"]))
        entries.append(Rows(_columns(cells)))
        entries += [f"{_short(plan)}: {words}." for plan, row in rows.items() if (words := needed_words(row))]
    return Block(heading, entries, hanging=True)


def sentence(plan: ComparedPlan, quantity: Measure = PRIMARY) -> str:
    """`Better: fewer overdue visits: −14 (−19 to −9); 120 → 106.`

    Where the number of those to be visited moves too the sentence says so.
    """
    metric, group, _ = quantity
    row = plan.table.loc[quantity]
    words = verdict_words(metric, group, row)
    good = judged(metric, row)
    words = f"{good.capitalize()}: {words}" if good else words[0].upper() + words[1:]
    if row["n"] < 1 or row["verdict"] == FEW:
        return f"{words}."
    levels = [level_words(metric, row[side]) for side in ("base", "plan")]
    moved = explained(metric, row, denominator_change(metric, group, plan.denominators))
    return f"{words}; {levels[0]} → {levels[1]}{moved}."


# --- what it costs --------------------------------------------------------------------------------------------


def cost_rows(comparison: Comparison, plan: ComparedPlan) -> list[tuple[str, str, str, str]]:
    """What a plan costs: title, base, plan and difference of each line, always all and always in this order."""
    rows = []
    for name, cost in COSTS.items():
        row = plan.costs.loc[name]
        if name == "money" and comparison.officer_per_year is None:
            rows.append((cost.title, "–", "–", f"price not given ({PRICE_KEY})"))
            continue
        base, after = (_cost_level(cost.unit, row, side) for side in ("base", "plan"))
        same = row["verdict"] == SAME
        difference = same_words(row) if same else with_signs(cost.unit, row, with_unit=False)
        rows.append((cost.title, base, after, difference))
    return rows


def _cost_level(unit: str, row: pd.Series, side: str) -> str:
    value, step = row[side], coarseness(row)
    if not math.isfinite(value):
        return "–"
    if unit == "£":
        return money_words(value)
    return f"{step * round(value / step):,}" if abs(value) >= 10 or not value else f"{value:,.1f}"


def price_words(comparison: Comparison) -> str:
    """What the money is reckoned from."""
    if comparison.officer_per_year is None:
        return ""
    return (
        f"Money is that of officers in post and in the surge team at £{comparison.officer_per_year:,.0f} a year, and "
        "overtime at the same price an hour."
    )


def _costs(comparison: Comparison) -> Block:
    """What it costs: a line for each cost and, with several plans, for each plan."""
    entries: list[str | Rows] = []
    for lines in zip(*(cost_rows(comparison, plan) for plan in comparison.plans), strict=True):
        title, base, after, difference = lines[0]
        if len(lines) == 1:
            entries.append(f"{title}: {difference}{'' if after == '–' else f'; {base} → {after}'}")
        else:
            entries.append(Rows([f"{INDENT}{title}{'' if base == '–' else f'; base: {base}'}"]))
            cells = [(_short(plan), line[3]) for plan, line in zip(comparison.plans, lines, strict=True)]
            entries.append(Rows(_columns(cells)))
    return Block("What it costs", [*entries, *filter(None, [price_words(comparison)])], hanging=True)


def _short(plan: ComparedPlan) -> str:
    return textwrap.shorten(sanitise(plan.label), 40, placeholder=" …")


def _columns(cells: Sequence[tuple[str, ...]]) -> list[str]:
    """Lines with their cells below each other; columns without a word are left out."""
    used = [column for column in zip(*cells, strict=True) if any(column)]
    return aligned(list(zip(*used, strict=True)), left=range(len(used)), indent=INDENT * 2)


def risk_table(plan: ComparedPlan) -> list[str]:
    """The differences of the backlog at the end by recorded risk, gravest first."""
    columns = [["Change by risk", *reversed(RISK_WORDS.values())]]
    for metric, heading in BY_RISK.items():
        rows = [plan.table.loc[(metric, risk, "at_end")] for risk in reversed(RISK_WORDS)]
        columns.append([heading, *(difference_words(metric, row, with_unit=False) for row in rows)])
    return aligned(list(zip(*columns, strict=True)))
