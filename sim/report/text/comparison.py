"""What a planner reads after a comparison: what each plan changes, and what comes of it, inspectors' figures first."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

import pandas as pd
from rich.console import Console
from rich.text import Text

from sim.report.text.assumptions import title_of
from sim.report.text.terminal import INDENT, kept_in, section, width_of
from sim.report.text.verdicts import (
    coarseness,
    denominator_words,
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
from sim.scenario.changes import Change
from sim.scenario.paths import find, route_to
from sim.scenario.source.faults import sanitise
from sim.studies.compare import PRIMARY, ComparedPlan, Comparison
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


def print_comparison(comparison: Comparison, console: Console | None = None) -> None:
    """Print the answer of a comparison on stdout."""
    console = console or Console(highlight=False)
    console.width = width_of(console)
    base = comparison.base
    names = "the base" if len(comparison.plans) > 1 else sanitise(comparison.base_label)
    title = sanitise(comparison.plans[0].label) if len(comparison.plans) == 1 else f"{len(comparison.plans)} plans"
    section(
        console,
        f"{title}, against {names}",
        [f"{day_words(base.start)} to {day_words(base.end)}. {how_sure(comparison)}"],
    )
    for plan in comparison.plans:
        heading = "What changes" if len(comparison.plans) == 1 else sanitise(plan.label)
        section(console, heading, change_lines(plan.changes))
    one = len(comparison.plans) == 1
    if comparison.primary not in ((metric, "total", statistic) for metric, statistic in HEADLINE):
        _block(console, comparison, f"Primary measure, {primary_when(comparison)}", (comparison.primary,))
    blocks = {
        f"The backlog on {day_words(base.end)}": HEADLINE,
        f"Coverage over {span_words(base.horizon_days)}; seen unannounced, on {day_words(base.end)}": COVERAGE,
        f"Hours a week over {span_words(base.horizon_days)}; offenders for each officer, on {day_words(base.end)}": (
            WORKLOAD
        ),
    }
    for heading, quantities in blocks.items():
        _block(console, comparison, heading, [(metric, "total", statistic) for metric, statistic in quantities])
        if quantities is HEADLINE:
            _print_costs(console, comparison)
            for plan in comparison.plans:
                console.print()
                header, *rows = risk_table(plan)
                heading = "" if one else f"{sanitise(plan.label)}\n"
                console.print(Text(f"{heading}{header}", style="bold"), soft_wrap=True)
                console.print(Text("\n".join(rows)), soft_wrap=True)
    files = ("report.html", "report.html to read"), ("differences.csv", "differences.csv with every metric")
    section(console, "Kept in", [kept_in(comparison.kept_in.path, *files)])


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


def change_lines(changed: list[Change]) -> list[str]:
    """The settings that differ, before and after."""
    if not changed:
        return ["Nothing that shapes a replication."]
    lines = [f"{change_title(change)}: {change.base} → {change.plan}" for change in changed[:MOST_CHANGES]]
    if len(changed) > MOST_CHANGES:
        lines.append(f"… and {len(changed) - MOST_CHANGES} more")
    return [sanitise(line) for line in lines]


def change_title(change: Change) -> str:
    """`Visits, retry after (visits.retry_days)`; a team is named as it is."""
    return f"{title_of(change.key)} ({change.key})" if find(route_to(change.key)) else change.key


def _block(console: Console, comparison: Comparison, heading: str, quantities: Sequence[tuple[str, str, str]]) -> None:
    """Some quantities: a sentence each for one plan, a short table each for several."""
    console.print()
    console.print(Text(heading, style="bold"))
    for quantity in quantities:
        if len(comparison.plans) == 1:
            _print_wrapped(console, sentence(comparison.plans[0], quantity))
        else:
            _print_several(console, quantity, comparison.plans)


def sentence(plan: ComparedPlan, quantity: tuple[str, str, str] = PRIMARY) -> str:
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
    moved = explained(metric, row, denominator_words(metric, group, plan.denominators))
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


def _print_costs(console: Console, comparison: Comparison) -> None:
    """The block of what it costs, a line for each cost and, with several plans, for each plan."""
    console.print()
    console.print(Text("What it costs", style="bold"))
    by_plan = [cost_rows(comparison, plan) for plan in comparison.plans]
    for lines in zip(*by_plan, strict=True):
        if len(lines) == 1:
            ((title, base, plan, difference),) = lines
            levels = "" if plan == "–" else f"; {base} → {plan}"
            _print_wrapped(console, f"{title}: {difference}{levels}")
        else:
            base = "" if lines[0][1] == "–" else f"; base: {lines[0][1]}"
            console.print(Text(f"{INDENT}{lines[0][0]}{base}"), soft_wrap=True)
            cells = [(_short(plan), line[3]) for plan, line in zip(comparison.plans, lines, strict=True)]
            _print_columns(console, cells)
    if price := price_words(comparison):
        _print_wrapped(console, price)


def _print_wrapped(console: Console, text: str) -> None:
    hanging = textwrap.TextWrapper(
        console.width, initial_indent=INDENT, subsequent_indent=INDENT * 2, break_long_words=False
    )
    lines = hanging.wrap(text)
    console.print(Text("\n".join(lines)), soft_wrap=True)


def _short(plan: ComparedPlan) -> str:
    return textwrap.shorten(sanitise(plan.label), 40, placeholder=" …")


def _print_several(console: Console, quantity: tuple[str, str, str], plans: Sequence[ComparedPlan]) -> None:
    """One line for each plan: verdict, difference, and what comes out."""
    metric, group, _ = quantity
    rows = [plan.table.loc[quantity] for plan in plans]
    noun = phrase(metric, group).noun
    console.print(
        Text(f"{INDENT}{noun[0].upper()}{noun[1:]}; base: {level_words(metric, rows[0]['base'])}"), soft_wrap=True
    )
    cells = [
        (_short(plan), short_verdict(metric, group, row), difference_words(metric, row),
         judged(metric, row), denominator_words(metric, group, plan.denominators))
        for plan, row in zip(plans, rows, strict=True)
    ]  # fmt: skip
    _print_columns(console, cells)
    for plan, row in zip(plans, rows, strict=True):
        if needed := needed_words(row):
            _print_wrapped(console, f"{_short(plan)}: {needed}.")


def _print_columns(console: Console, cells: Sequence[tuple[str, ...]]) -> None:
    """Lines with their cells below each other; columns without a word are left out."""
    used = [column for column in range(len(cells[0])) if any(line[column] for line in cells)]
    widths = {column: max(len(line[column]) for line in cells) for column in used}
    for line in cells:
        text = "  ".join(line[column].ljust(widths[column]) for column in used)
        console.print(Text(f"{INDENT * 2}{text}".rstrip()), soft_wrap=True)


def risk_table(plan: ComparedPlan) -> list[str]:
    """The differences of the backlog at the end by recorded risk, gravest first."""
    columns = [["Change by risk", *reversed(RISK_WORDS.values())]]
    for metric, heading in BY_RISK.items():
        rows = [plan.table.loc[(metric, risk, "at_end")] for risk in reversed(RISK_WORDS)]
        columns.append([heading, *(difference_words(metric, row, with_unit=False) for row in rows)])
    widths = [max(map(len, column)) for column in columns]
    return [
        INDENT + "  ".join(cell.ljust(wide) if not number else cell.rjust(wide)
                           for number, (cell, wide) in enumerate(zip(line, widths, strict=True)))
        for line in zip(*columns, strict=True)
    ]  # fmt: skip
