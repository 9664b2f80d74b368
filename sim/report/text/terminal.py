"""What a planner reads after a run: how big the backlog is, which risk it holds, how old its oldest item is."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.text.findings import (
    age_sentence,
    coverage_sentences,
    developed,
    investigation_sections,
    recovery_sentence,
    register_sentence,
    workload_sentences,
)
from sim.report.text.printing import INDENT, Block, Rows
from sim.report.text.words import (
    PER_CENT,
    RISK_WORDS,
    day_words,
    interval_words,
    percent,
    share_with_interval,
    span_words,
    whole,
    with_interval,
)
from sim.runs.provenance import relative_path
from sim.runs.result import RunResult
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
    """The size of the backlog at the end, how it came to that, and the age of its oldest item."""
    visits, reviews = (with_interval(result.value(metric)) for metric in ("overdue_visits", "overdue_reviews"))
    share = share_with_interval(result.value("overdue_visits_share"))
    return [
        f"Overdue visits: {visits}, {share} of the offenders who should be visited. "
        f"They {developed(result, 'overdue_visits')}.",
        f"Overdue reviews: {reviews}. They {developed(result, 'overdue_reviews')}.",
        age_sentence(result),
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
