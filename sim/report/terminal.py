"""What a planner reads after a run: how big the backlog is, which risk it holds, how old its oldest item is."""

from __future__ import annotations

import datetime as dt
import textwrap

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.experiment.intervals import Interval
from sim.experiment.provenance import from_here
from sim.experiment.result import RunResult
from sim.report.words import (
    PER_CENT,
    RISK_WORDS,
    day_words,
    development,
    percent,
    share_with_interval,
    span_words,
    tenths,
    with_interval,
)
from sim.scenario.faults import printable

WIDEST = 100
"""Longer lines are hard to read; also the width when the output goes to a file."""
INDENT = "  "
_WIDTH_WITH_SHARES = 92


def print_headline(result: RunResult, console: Console | None = None) -> None:
    """Print the answer of a run on stdout."""
    console = console or Console(highlight=False)
    console.width = min(console.width, WIDEST) if console.is_terminal else WIDEST
    scenario = result.scenario
    _section(
        console,
        printable(scenario.name),
        [f"{day_words(scenario.start)} to {day_words(scenario.end)}. {_how_sure(result)}"],
    )
    _section(console, f"The backlog on {day_words(scenario.end)}", backlog_sentences(result))
    console.print()
    console.print(_risk_table(result, console.width))
    _section(console, f"Coverage over {span_words(scenario.horizon_days)}", coverage_sentences(result))
    _section(console, "Workload", workload_sentences(result))
    _section(console, "Recovery", [recovery_sentence(result)])
    _section(console, "Kept in", _where(result))


def _section(console: Console, heading: str, sentences: list[str]) -> None:
    console.print()
    console.print(Text(heading, style="bold"))
    for sentence in sentences:
        # Wrapped here, as rich would fill every line up with spaces.
        lines = textwrap.wrap(sentence, console.width, initial_indent=INDENT, subsequent_indent=INDENT)
        console.print(Text("\n".join(lines)), soft_wrap=True)


def _how_sure(result: RunResult) -> str:
    if result.replications == 1:
        return "One simulated history: no interval can be given."
    return f"In brackets: 95 % interval of the mean over {result.replications:,} replications."


def backlog_sentences(result: RunResult) -> list[str]:
    """How big the backlog is at the end and how it came to that, and how old its oldest item is."""
    span = span_words(result.scenario.horizon_days)
    share = share_with_interval(result.value("overdue_visits_share"))
    oldest, unseen = result.value("oldest_overdue_visit_days"), result.value("longest_unseen_days")
    late = f"The oldest overdue visit is {with_interval(oldest)} days late" if oldest.mean else "No visit is overdue"
    seen = f"; the offender unseen for longest was last seen {with_interval(unseen)} days before" if unseen.mean else ""
    return [
        f"Overdue visits: {with_interval(result.value('overdue_visits'))}, {share} of the offenders who should be "
        f"visited. They {development(result.weeks('overdue_visits'), span)}.",
        f"Overdue reviews: {with_interval(result.value('overdue_reviews'))}. "
        f"They {development(result.weeks('overdue_reviews'), span)}.",
        f"{late}{seen}.",
    ]


def _risk_table(result: RunResult, width: int) -> Table:
    """The backlog at the end by recorded risk, gravest first; on a narrow terminal without the shares."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(f"{INDENT}Risk")
    columns = {
        "Overdue visits": lambda risk: with_interval(result.value("overdue_visits", risk)),
        "Share": lambda risk: f"{percent(result.value('overdue_visits_share', risk).mean)}{PER_CENT}",
        "Overdue reviews": lambda risk: with_interval(result.value("overdue_reviews", risk)),
        "Oldest visit, days": lambda risk: with_interval(result.value("oldest_overdue_visit_days", risk)),
    }
    if width < _WIDTH_WITH_SHARES:
        del columns["Share"]
    for heading in columns:
        table.add_column(heading, justify="right")
    for risk, words in reversed(RISK_WORDS.items()):
        table.add_row(f"{INDENT}{words}", *(cell(risk) for cell in columns.values()))
    return table


def coverage_sentences(result: RunResult) -> list[str]:
    """How much of the time offenders were in date, and how many were seen without warning."""
    plain = share_with_interval(result.value("visit_coverage", statistic="average"))
    weighted = share_with_interval(result.value("risk_coverage", statistic="average"))
    unannounced = share_with_interval(result.value("unannounced_coverage"))
    return [
        f"In date: {plain} of all offender-days; weighted by risk, {weighted}.",
        f"Seen unannounced within the last year, at the end: {unannounced} of offenders.",
    ]


def workload_sentences(result: RunResult) -> list[str]:
    """How many offenders each officer has, and whether there are hours enough for the work."""
    caseload, ratio = result.value("caseload_per_officer"), result.value("workload_ratio", statistic="average")
    if caseload.mean is None or ratio.mean is None:
        return ["There are no officers, or no hours for the work."]
    return [
        f"Offenders for each officer, at the end: {with_interval(caseload, tenths)}.",
        f"The work wants {with_interval(ratio, percent, PER_CENT)} of the hours there are: {_capacity(ratio)}.",
    ]


def _capacity(ratio: Interval) -> str:
    """What the ratio of hours wanted to hours available means, as far as it can be told."""
    bounds = [bound for bound in ratio[:3] if bound is not None]
    if min(bounds) > 1:
        return "there are too few, and the backlog grows"
    if max(bounds) < 1:
        return "there are enough"
    return "just about enough"


def recovery_sentence(result: RunResult) -> str:
    """From when on the backlog stays within the force's target, and in how many histories it ever does."""
    target = f"at most {100 * result.scenario.target.overdue_visits_share:g}{PER_CENT} of visits overdue"
    reached = result.value("recovery_date")
    if reached.mean is None:
        return f"The target ({target}) is not reached for good in any history."
    every = (
        "every history" if reached.n == result.replications else f"{reached.n:,} of {result.replications:,} histories"
    )

    def date(days: float) -> str:
        return day_words(result.scenario.start + dt.timedelta(days=round(days)))

    when = with_interval(reached, date)
    return f"The target ({target}) is reached for good in {every}, on average on {when}."


def _where(result: RunResult) -> list[str]:
    folder = from_here(result.folder)
    lines = [f"{folder} (summary.csv, replications, the scenario as it was run)"]
    if result.scenario.caseload.file:
        lines.append(f"Not kept: {printable(result.scenario.caseload.file)}; without it nobody can run this again.")
    if (result.folder / "figures").is_dir():
        lines.append(f"{folder / 'figures'} (backlog, coverage, overdue age, workload; SVG and PNG)")
    return lines
