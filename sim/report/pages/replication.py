"""The page of one replication: its answer, its replay, and on request an officer's diary and an offender's story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.report.pages.page import Drawing, Report, Section, page
from sim.report.pages.people import diary_drawing, timeline_drawing
from sim.report.pages.replay import frames, replay_drawings
from sim.report.pages.run import backlog_table
from sim.report.stories.event_trace import NO_REAL_PERSON, EventTrace
from sim.report.stories.replay import Replay, replay
from sim.report.text.findings import answer, how_sure
from sim.report.text.framing import MADE, facts, period_words, question
from sim.runs.result import RunResult
from sim.runs.summary import ReplicationsTable


def save_replication_page(
    result: RunResult, replication: int, officer: int | None = None, offender: int | None = None
) -> Path:
    """Write the page of one replication into the folder of its run.

    Raises FolderError if its events were not saved, NobodyThere for an officer or offender it does not have.
    """
    trace = EventTrace.of(result, replication)
    # People first: a wrong number is quickly found; the replay takes seconds for a large force.
    drawings = [diary_drawing(trace, officer)] if officer is not None else []
    drawings += [timeline_drawing(trace, offender)] if offender is not None else []
    sections = list(_sections(trace, replay(trace), drawings, officer))
    report = _report(_alone(result, replication), trace, sections)
    return result.files.write(page_name(replication), page(report).encode())


def page_name(replication: int) -> str:
    """`report-0003.html`"""
    return f"report-{replication:04d}.html"


def _alone(result: RunResult, replication: int) -> RunResult:
    """The run as if it had this replication alone."""
    metrics = result.files.metrics(replication, result.files.run_key())
    tables = ReplicationsTable.of([metrics]).summarised(result.scenario.start)
    return RunResult(result.scenario, result.folder, (replication,), *tables)


def _report(alone: RunResult, trace: EventTrace, sections: list[Section]) -> Report:
    scenario, number = alone.scenario, trace.replication
    return Report(
        title=f"Replication {number} of {scenario.name}",
        lead=f"{period_words(scenario)}. Replication {number}, simulated with the random numbers of this replication.",
        question=question(scenario),
        answer=answer(alone),
        sure=f"{how_sure(1)} {NO_REAL_PERSON}",
        headline=backlog_table(alone),
        sections=sections,
        facts=[("Replication", str(number)), *facts(alone)],
        made=MADE,
    )


def _sections(trace: EventTrace, weeks: Replay, drawings: list[Drawing], officer: int | None) -> Iterator[Section]:
    start = trace.scenario.start
    yield Section(
        "replay",
        "The caseload week by week",
        ["The event log knows more than the force did: who left home, and true risk."],
        drawings=replay_drawings(weeks, start),
    )
    if officer is not None and not trace.pooled:
        caseload = frames(weeks, start, weeks.officers == officer, f"The caseload of officer {officer}")
        yield Section("officer", f"Officer {officer}", drawings=[drawings.pop(0), caseload])
    elif officer is not None:
        yield Section("officer", f"Officer {officer}", drawings=[drawings.pop(0)])
    if drawings:
        yield Section("offender", "One offender", drawings=drawings)
