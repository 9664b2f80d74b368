"""What a planner reads after a comparison: what each plan changes, and what comes of it, inspectors' figures first."""

from __future__ import annotations

import textwrap

import pandas as pd
from rich.console import Console
from rich.text import Text

from sim.experiment.changes import Change
from sim.experiment.compare import ComparedPlan, Comparison
from sim.report.terminal import INDENT, kept_in, section, width_of
from sim.report.verdicts import (
    difference_words,
    judged,
    level_words,
    pairs_words,
    phrase,
    short_verdict,
    verdict_words,
    would_do_words,
)
from sim.report.words import RISK_WORDS, day_words, span_words
from sim.scenario.faults import printable

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
    names = "the base" if len(comparison.plans) > 1 else printable(comparison.base_label)
    title = printable(comparison.plans[0].label) if len(comparison.plans) == 1 else f"{len(comparison.plans)} plans"
    section(
        console,
        f"{title}, against {names}",
        [f"{day_words(base.start)} to {day_words(base.end)}. {how_sure(comparison)}"],
    )
    for plan in comparison.plans:
        heading = "What changes" if len(comparison.plans) == 1 else printable(plan.label)
        section(console, heading, change_lines(plan.changes))
    one = len(comparison.plans) == 1
    end, span = day_words(base.end), span_words(base.horizon_days)
    _block(console, comparison, f"The backlog on {end}", HEADLINE)
    for plan in comparison.plans:
        console.print()
        header, *rows = risk_table(plan)
        heading = "" if one else f"{printable(plan.label)}\n"
        console.print(Text(f"{heading}{header}", style="bold"), soft_wrap=True)
        console.print(Text("\n".join(rows)), soft_wrap=True)
    _block(console, comparison, f"Coverage over {span}; seen unannounced, on {end}", COVERAGE)
    _block(console, comparison, f"Hours a week over {span}; offenders for each officer, on {end}", WORKLOAD)
    files = ("report.html", "report.html to read"), ("differences.csv", "differences.csv with every metric")
    section(console, "Kept in", [kept_in(comparison.kept_in.path, *files)])


def how_sure(comparison: Comparison) -> str:
    """How the differences were found, and what the brackets are."""
    pairs = f"{pairs_words(comparison.replications).capitalize()} of histories with the same luck."
    if comparison.replications == 1:
        return f"{pairs} No interval can be given."
    if len(comparison.plans) == 1:
        return f"{pairs} In brackets: 95 % interval of the mean difference."
    return (
        f"{pairs} In brackets: the interval of the mean difference, as wide as Holm's correction for "
        f"{len(comparison.plans)} plans asks. So a verdict holds although several plans were tried."
    )


def change_lines(changed: list[Change]) -> list[str]:
    """The settings that differ, before and after."""
    if not changed:
        return ["Nothing that shapes a history."]
    lines = []
    for change in changed[:MOST_CHANGES]:
        if change.base and change.plan:
            lines.append(f"{change.key}: {change.base} → {change.plan}")
        else:
            lines.append(f"{change.key}: {change.plan}" if change.plan else f"{change.key}: no longer {change.base}")
    if len(changed) > MOST_CHANGES:
        lines.append(f"… and {len(changed) - MOST_CHANGES} more")
    return [printable(line) for line in lines]


def _block(console: Console, comparison: Comparison, heading: str, quantities: tuple[tuple[str, str], ...]) -> None:
    """Some quantities: a sentence each for one plan, a short table each for several."""
    console.print()
    console.print(Text(heading, style="bold"))
    for metric, statistic in quantities:
        rows = [plan.table.loc[(metric, "total", statistic)] for plan in comparison.plans]
        if len(rows) == 1:
            _print_wrapped(console, sentence(metric, rows[0]))
        else:
            _print_several(console, metric, comparison.plans, rows)


def sentence(metric: str, row: pd.Series) -> str:
    """`Better: fewer overdue visits: −14 (−19 to −9), from 120 to 106.`"""
    words = verdict_words(metric, "total", row)
    good = judged(metric, row)
    words = f"{good.capitalize()}: {words}" if good else words[0].upper() + words[1:]
    if row["n"] < 1:
        return f"{words}."
    levels = [level_words(metric, row[side]) for side in ("base", "plan")]
    return f"{words}; {levels[0]} → {levels[1]}."


def _print_wrapped(console: Console, text: str) -> None:
    hanging = textwrap.TextWrapper(
        console.width, initial_indent=INDENT, subsequent_indent=INDENT * 2, break_long_words=False
    )
    lines = hanging.wrap(text)
    console.print(Text("\n".join(lines)), soft_wrap=True)


def _print_several(console: Console, metric: str, plans: tuple[ComparedPlan, ...], rows: list[pd.Series]) -> None:
    """One line for each plan: verdict, difference, and what comes out."""
    noun = phrase(metric).noun
    console.print(
        Text(f"{INDENT}{noun[0].upper()}{noun[1:]}; base: {level_words(metric, rows[0]['base'])}"), soft_wrap=True
    )
    cells = [
        (textwrap.shorten(printable(plan.label), 40, placeholder=" …"), short_verdict(metric, "total", row),
         difference_words(metric, row), judged(metric, row) or would_do_words(row))
        for plan, row in zip(plans, rows, strict=True)
    ]  # fmt: skip
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    for line in cells:
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        console.print(Text(f"{INDENT * 2}{text}".rstrip()), soft_wrap=True)


def risk_table(plan: ComparedPlan) -> list[str]:
    """The differences of the backlog at the end by recorded risk, gravest first; a star where it cannot tell."""
    columns = [["Change by risk", *reversed(RISK_WORDS.values())]]
    for metric, heading in BY_RISK.items():
        rows = [plan.table.loc[(metric, risk, "at_end")] for risk in reversed(RISK_WORDS)]
        columns.append(
            [heading, *(difference_words(metric, row, with_unit=False) + ("" if _told(row) else " ?") for row in rows)]
        )
    widths = [max(map(len, column)) for column in columns]
    lines = [
        INDENT + "  ".join(cell.ljust(wide) if not number else cell.rjust(wide)
                           for number, (cell, wide) in enumerate(zip(line, widths, strict=True)))
        for line in zip(*columns, strict=True)
    ]  # fmt: skip
    if any("?" in line for line in lines):
        lines.append(f"{INDENT}? cannot tell whether that is a difference")
    return lines


def _told(row: pd.Series) -> bool:
    return row["verdict"] in ("less", "more", "same")
