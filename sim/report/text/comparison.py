"""What a planner reads after a comparison: what each plan changes, and the results, inspectors' figures first."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence

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
    phrase,
    same_words,
    short_verdict,
    verdict_words,
    with_signs,
)
from sim.report.text.words import BACKLOG, RISK_WORDS, capital, day_words, span_words
from sim.runs.intervals import ROUGH_BELOW
from sim.scenario.changes import ChangedKey
from sim.scenario.paths import find, route_to
from sim.scenario.source.faults import sanitise
from sim.studies.compare import PRIMARY, ComparedPlan, Comparison, Measure
from sim.studies.paired import FEW, SAME
from sim.studies.price import COSTS, PRICE_KEY

HEADLINE = (("overdue_visits", "at_end"), ("overdue_reviews", "at_end"), ("oldest_overdue_visit_days", "at_end"))
"""What inspectors ask for first; which risk the backlog holds is the table below."""

COVERAGE = (("visit_coverage", "average"), ("risk_coverage", "average"), ("unannounced_coverage", "at_end"))
WORKLOAD = (("hours_worked", "average"), ("workload_ratio", "average"), ("caseload_per_officer", "at_end"))

MOST_CHANGES = 12
"""More changed keys than these are counted, not listed."""


def comparison_summary(comparison: Comparison, width: int) -> list[Block]:
    base, plans = comparison.base, comparison.plans
    names, against = [sanitise(plan.label) for plan in plans], "the base"
    headings, title = names, f"{len(plans)} plans"
    if len(plans) == 1:
        headings, title, against = ["What changes"], names[0], sanitise(comparison.base_label)
    start, end, span = day_words(base.start), day_words(base.end), span_words(base.horizon_days)
    blocks = [Block(f"{title}, against {against}", [f"{start} to {end}. {how_sure(comparison)}"])]
    blocks += [Block(heading, change_lines(plan)) for heading, plan in zip(headings, plans, strict=True)]
    if comparison.primary not in ((metric, "total", statistic) for metric, statistic in HEADLINE):
        heading = f"Primary measure, {primary_when(comparison)}"
        blocks.append(_measures(comparison, heading, [comparison.primary]))
    blocks += [_measures(comparison, f"The backlog on {end}", in_total(HEADLINE)), _costs(comparison)]
    for name, plan in zip(names, plans, strict=True):
        label = [name] if len(plans) > 1 else []
        blocks.append(Block("", [Rows([*label, *risk_table(plan)], bold=1 + len(label))]))
    coverage, workload = f"Coverage over {span}; seen unannounced", f"Hours a week over {span}; offenders per officer"
    table = ("differences.csv", "differences.csv with every metric")
    return [
        *blocks,
        _measures(comparison, f"{coverage}, on {end}", in_total(COVERAGE)),
        _measures(comparison, f"{workload}, on {end}", in_total(WORKLOAD)),
        saved_in(comparison.folder, REPORT, table),
    ]


def in_total(measures: Iterable[tuple[str, str]]) -> list[Measure]:
    return [(metric, "total", statistic) for metric, statistic in measures]


def primary_noun(comparison: Comparison) -> str:
    """`overdue high-risk visits`"""
    return phrase(*comparison.primary[:2]).noun


def primary_when(comparison: Comparison) -> str:
    """`on 31 August 2027`, or on average."""
    return f"on {day_words(comparison.base.end)}" if comparison.primary[2] == "at_end" else "on average"


def how_sure(comparison: Comparison) -> str:
    """How the differences were found, what the brackets are, and which measure carries the verdict."""
    number, plans = comparison.replications, len(comparison.plans)
    if number == 1:
        return "One pair of replications with the same random events. No interval can be given."
    rough = f", a rough one with fewer than {ROUGH_BELOW} pairs" if number < ROUGH_BELOW else ""
    interval = f"95% confidence interval of the mean difference{rough}"
    if plans > 1:
        holm = f"as wide as Holm's correction for {plans} plans asks"
        interval = f"confidence interval of the mean difference{rough}, {holm}"
    return (
        f"{number:,} pairs of replications with the same random events. In brackets: {interval}. The primary measure, "
        f"{primary_noun(comparison)} {primary_when(comparison)}, alone carries a verdict; the other measures are not "
        "tested."
    )


def change_lines(plan: ComparedPlan) -> list[str]:
    lines = [f"{change_title(change)}: {change.base} → {change.plan}" for change in plan.changes]
    if len(lines) > MOST_CHANGES:
        lines[MOST_CHANGES:] = [f"… and {len(lines) - MOST_CHANGES} more"]
    return [sanitise(line) for line in lines] or ["Nothing that shapes a replication."]


def change_title(change: ChangedKey) -> str:
    """`Visits, retry after (visits.retry_days)`; a team is named as it is."""
    return f"{title_of(change.key)} ({change.key})" if find(route_to(change.key)) else change.key


def _measures(comparison: Comparison, heading: str, measures: Sequence[Measure]) -> Block:
    """Some measures under a heading: a sentence each for one plan; for several a line for each plan."""
    if len(comparison.plans) == 1:
        return Block(heading, [sentence(comparison.plans[0], measure) for measure in measures], hanging=True)
    entries: list[str | Rows] = []
    for metric, group, statistic in measures:
        rows = [(plan, plan.table.loc[(metric, group, statistic)]) for plan in comparison.plans]
        cells = [
            (_short(plan), short_verdict(metric, group, row), difference_words(metric, row),
             judged(metric, row), denominator_change(metric, group, plan.denominators).words)
            for plan, row in rows
        ]  # fmt: skip
        base = level_words(metric, rows[0][1]["base"])
        entries += [Rows([f"{INDENT}{capital(phrase(metric, group).noun)}; base: {base}"]), _columns(cells)]
        entries += [f"{_short(plan)}: {words}." for plan, row in rows if (words := needed_words(row))]
    return Block(heading, entries, hanging=True)


def sentence(plan: ComparedPlan, quantity: Measure = PRIMARY) -> str:
    """`Better: fewer overdue visits: −14 (−19 to −9); 120 → 106.`, and any change of those to be visited."""
    metric, group, _ = quantity
    row = plan.table.loc[quantity]
    words, good = verdict_words(metric, group, row), judged(metric, row)
    words = f"{good.capitalize()}: {words}" if good else capital(words)
    if row["n"] < 1 or row["verdict"] == FEW:
        return f"{words}."
    base, after = level_words(metric, row["base"]), level_words(metric, row["plan"])
    return f"{words}; {base} → {after}{explained(metric, row, denominator_change(metric, group, plan.denominators))}."


def cost_rows(comparison: Comparison, plan: ComparedPlan) -> list[tuple[str, str, str, str]]:
    """What a plan costs: title, base, plan and difference of each line, always all and always in this order."""

    def level(value: float) -> str:
        if not math.isfinite(value):
            return "–"
        if cost.unit == "£":
            return money_words(value)
        step = coarseness(row)
        return f"{step * round(value / step):,}" if abs(value) >= 10 or not value else f"{value:,.1f}"

    rows = []
    for name, cost in COSTS.items():
        row = plan.costs.loc[name]
        if name == "money" and comparison.officer_per_year is None:
            rows.append((cost.title, "–", "–", f"price not given ({PRICE_KEY})"))
            continue
        difference = same_words(row) if row["verdict"] == SAME else with_signs(cost.unit, row, with_unit=False)
        rows.append((cost.title, level(row["base"]), level(row["plan"]), difference))
    return rows


def price_words(comparison: Comparison) -> str:
    if comparison.officer_per_year is None:
        return ""
    return (
        f"Money is that of officers in post and in the surge team at £{comparison.officer_per_year:,.0f} a year, and "
        "overtime at the same price an hour."
    )


def _costs(comparison: Comparison) -> Block:
    entries: list[str | Rows] = []
    for lines in zip(*(cost_rows(comparison, plan) for plan in comparison.plans), strict=True):
        title, base, after, difference = lines[0]
        if len(lines) == 1:
            entries.append(f"{title}: {difference}{'' if after == '–' else f'; {base} → {after}'}")
        else:
            cells = [(_short(plan), line[3]) for plan, line in zip(comparison.plans, lines, strict=True)]
            entries += [Rows([f"{INDENT}{title}{'' if base == '–' else f'; base: {base}'}"]), _columns(cells)]
    return Block("What else changes", [*entries, *filter(None, [price_words(comparison)])], hanging=True)


def _short(plan: ComparedPlan) -> str:
    return textwrap.shorten(sanitise(plan.label), 40, placeholder=" …")


def _columns(cells: Sequence[tuple[str, ...]]) -> Rows:
    """Lines with their cells below each other; columns without a word are left out."""
    used = [column for column in zip(*cells, strict=True) if any(column)]
    return Rows(aligned(list(zip(*used, strict=True)), left=range(len(used)), indent=INDENT * 2))


def risk_table(plan: ComparedPlan) -> list[str]:
    """The differences of the backlog at the end by recorded risk, gravest first."""
    columns = [["Change by risk", *reversed(RISK_WORDS.values())]]
    for metric, heading in BACKLOG.items():
        rows = [plan.table.loc[(metric, risk, "at_end")] for risk in reversed(RISK_WORDS)]
        columns.append([heading, *(difference_words(metric, row, with_unit=False) for row in rows)])
    return aligned(list(zip(*columns, strict=True)))
