"""What a planner reads after a run: how big the backlog is, which risk it holds, how old its oldest item is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sim.report.text.findings import developed
from sim.report.text.investigations import investigation_sections
from sim.report.text.printing import INDENT, Block, Rows
from sim.report.text.words import (
    PER_CENT,
    RISK_WORDS,
    day_words,
    interval_words,
    percent,
    share_with_interval,
    span_words,
    tenths,
    too_few,
    whole,
    with_interval,
)
from sim.runs.provenance import relative_path
from sim.runs.result import RunResult
from sim.runs.run_plan import offenders_at_start
from sim.runs.trend import FELL, ROSE, STEADY, UNCLEAR
from sim.scenario.settings import in_words
from sim.scenario.source.faults import sanitise

_GAP = "  "


def run_summary(result: RunResult, width: int, settings: Sequence[str] = ()) -> list[Block]:
    """The answer of a run, with the settings that were given beside the scenario."""
    scenario = result.scenario
    backlog, table = backlog_sentences(result), risk_table(result, width)
    below = [
        (f"Coverage over {span_words(scenario.horizon_days)}", coverage_sentences(result)),
        ("Workload", [register_sentence(result), *workload_sentences(result)]),
        *investigation_sections(result),
        ("Recovery", [recovery_sentence(result)]),
    ]
    shown = " ".join([*backlog, *table[1:], *(sentence for _, sentences in below for sentence in sentences)])
    with_settings = [f"With {sanitise(in_words(settings))}."] if settings else []
    period = f"{_period(result)}. {interval_words(result.replications, shown)}"
    return [
        Block(sanitise(scenario.name), [*with_settings, period]),
        Block(f"The backlog on {day_words(scenario.end)}", backlog),
        Block("", [Rows(table, bold=1)]),
        *(Block(heading, sentences) for heading, sentences in below),
        Block("Saved in", _where(result)),
    ]


def _period(result: RunResult) -> str:
    first, last = day_words(result.scenario.start), day_words(result.scenario.end)
    return first if first == last else f"{first} to {last}"


def backlog_sentences(result: RunResult) -> list[str]:
    """How big the backlog is at the end and how it came to that, and how old its oldest item is."""
    share = share_with_interval(result.value("overdue_visits_share"))
    oldest, unseen = result.value("oldest_overdue_visit_days"), result.value("longest_unseen_days")
    late = f"The oldest overdue visit is {with_interval(oldest)} days late" if oldest.mean else "No visit is overdue"
    seen = f"; the offender unseen for longest was last seen {with_interval(unseen)} days before" if unseen.mean else ""
    return [
        f"Overdue visits: {with_interval(result.value('overdue_visits'))}, {share} of the offenders who should be "
        f"visited. They {developed(result, 'overdue_visits')}.",
        f"Overdue reviews: {with_interval(result.value('overdue_reviews'))}. "
        f"They {developed(result, 'overdue_reviews')}.",
        f"{late}{seen}.",
    ]


def risk_table(result: RunResult, width: int) -> list[str]:
    """The backlog at the end by recorded risk, gravest first, as lines.

    What there is no room for in `width` letters is left out: the shares, then the intervals, those of the visits last.
    """
    for shares, intervals in ((True, 3), (False, 3), (False, 1), (False, 0)):
        columns = _risk_columns(result, shares, intervals)
        widths = [max(map(len, column)) for column in columns]
        if len(INDENT) + sum(widths) + len(_GAP) * (len(widths) - 1) <= width:
            break
    names, *numbers = columns
    cells = [[name.ljust(widths[0]) for name in names]]
    cells += [[cell.rjust(wide) for cell in column] for column, wide in zip(numbers, widths[1:], strict=True)]
    return [INDENT + _GAP.join(line) for line in zip(*cells, strict=True)]


def _risk_columns(result: RunResult, shares: bool, intervals: int) -> list[list[str]]:
    """The columns of the table, headings first; the first so many of the numbers with their intervals."""
    columns = [["Risk", *reversed(RISK_WORDS.values())]]
    metrics = {
        "overdue_visits": "Overdue visits",
        "overdue_reviews": "Overdue reviews",
        "oldest_overdue_visit_days": "Oldest visit, days",
    }
    for number, (metric, heading) in enumerate(metrics.items()):
        values = [result.value(metric, risk) for risk in reversed(RISK_WORDS)]
        cells = [with_interval(value) if number < intervals else whole(value.mean) for value in values]
        columns.append([heading, *cells])
    if shares:
        parts = [result.value("overdue_visits_share", risk).mean for risk in reversed(RISK_WORDS)]
        columns.insert(2, ["Share", *("–" if part is None else f"{percent(part)}{PER_CENT}" for part in parts)])
    return columns


def coverage_sentences(result: RunResult) -> list[str]:
    """How much of the time offenders were in date, and how many were seen without warning."""
    plain = share_with_interval(result.value("visit_coverage", statistic="average"))
    weighted = share_with_interval(result.value("risk_coverage", statistic="average"))
    unannounced = share_with_interval(result.value("unannounced_coverage"))
    return [
        f"In date: {plain} of all offender-days; weighted by risk, {weighted}.",
        f"Seen unannounced within the last year, at the end: {unannounced} of offenders.",
    ]


def register_sentence(result: RunResult) -> str:
    """How many offenders there were, and how many there are at the end."""
    at_end = with_interval(result.value("offenders_managed"))
    return f"Offenders managed: {offenders_at_start(result.scenario):,} at the start, {at_end} at the end."


def workload_sentences(result: RunResult) -> list[str]:
    """How many offenders each officer has, and whether there are hours enough for the work."""
    caseload, ratio = result.value("caseload_per_officer"), result.value("workload_ratio", statistic="average")
    if caseload.mean is None:
        return ["No officer is in post."]
    offenders = f"Offenders for each officer, at the end: {with_interval(caseload, tenths)}."
    if ratio.mean is None:
        return [offenders, "Hours wanted and hours there are cannot be compared: there are none, or none would do."]
    verdict = _verdict([bound for bound in ratio[:3] if bound is not None], result)
    return [offenders, f"The work wants {with_interval(ratio, percent, PER_CENT)} of the hours there are: {verdict}."]


def _verdict(bounds: list[float], result: RunResult) -> str:
    """Are the hours enough, as far as that is clear, and what did the backlog do?

    Neither follows from the other: the ratio is of the hours if nothing were late, and a visit made late puts off the
    next one; and with hours enough, work may wait for a colleague, for a Monday or for an answer at the door.
    """
    went, backlog = _backlog(result)
    bounds = [round(bound, 3) for bound in bounds]
    if min(bounds) > 1:
        return f"not everything can be in date, {'though' if went == FELL else 'and'} {backlog}"
    if min(bounds) <= 1 <= max(bounds):
        return f"just about enough, and {backlog}"
    if went == ROSE:
        return f"there are enough, yet {backlog}: hours are not the only limit"
    return f"there are enough, and {backlog}"


def _backlog(result: RunResult) -> tuple[str, str]:
    """Which way visits and reviews together went, and that in words.

    Together they rise or fall only if one of them does so by itself, so that the sentence never says more than those
    above it.
    """
    kinds = ("overdue_visits", "overdue_reviews")
    together = result.trend(*kinds)
    went = together.verdict
    if together.last == 0:
        return FELL, "nothing is overdue at the end"
    if went == STEADY:
        return went, "the backlog ends about where it began"
    if went in (ROSE, FELL) and went in [result.trend(kind).verdict for kind in kinds]:
        return went, f"the backlog ends {'larger' if went == ROSE else 'smaller'} than it began"
    return UNCLEAR, "visits and reviews taken together, the backlog shows no clear difference from the beginning"


def recovery_sentence(result: RunResult) -> str:
    """From when on the backlog stays within the force's target until the end, and in how many replications."""
    target = f"at most {100 * result.scenario.target.overdue_visits_share:g}{PER_CENT} of visits overdue"
    reached = result.value("recovery_date")
    if reached.mean is None:
        return f"The target ({target}) is not reached and held to the end in any replication."
    every = "every replication"
    if reached.n < result.replications:
        every = f"{reached.n:,} of {result.replications:,} replications"
    if too_few(reached, result.replications):
        return f"The target ({target}) is reached and held to the end in {every}, too few for a mean date."

    def date(days: float | None) -> str:
        return day_words(min(result.scenario.start + dt.timedelta(days=round(days or 0)), result.scenario.end))

    when = with_interval(reached, date)
    average = "on average " if reached.n > 1 else ""
    return f"The target ({target}) is reached and held to the end in {every}, {average}from {when}."


def _where(result: RunResult) -> list[str]:
    folder = relative_path(result.folder)
    lines = [f"{folder} (summary.csv, replications, the scenario as it was run)"]
    if result.scenario.caseload.file:
        lines.append(f"Not kept: {sanitise(result.scenario.caseload.file)}; without it nobody can run this again.")
    if (result.folder / "report.html").is_file():
        lines.append(f"{folder / 'report.html'} (all of this on a page, with its figures and assumptions)")
    if (result.folder / "figures").is_dir():
        investigated = [heading.lower() for heading, _ in investigation_sections(result)]
        figures = ", ".join(["backlog", "coverage", "overdue age", "workload", *investigated])
        lines.append(f"{folder / 'figures'} ({figures}; SVG and PNG)")
    return lines
