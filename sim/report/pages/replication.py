"""The page of one replication: its answer, its replay, and on request an officer's diary and an offender's story."""

from __future__ import annotations

from pathlib import Path

from sim.report.pages.page import Report, Section, page
from sim.report.pages.people import diary_drawing, timeline_drawing
from sim.report.pages.replay import by_risk, by_team, frames
from sim.report.pages.run import backlog_table
from sim.report.stories.event_trace import NO_REAL_PERSON, EventTrace
from sim.report.stories.replay import replay
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
    start = result.scenario.start
    # People first: a wrong number is quickly found; the replay takes seconds for a large force.
    of_officer = [diary_drawing(trace, officer)] if officer is not None else []
    of_offender = [timeline_drawing(trace, offender)] if offender is not None else []
    weeks = replay(trace)
    known = ["The event log knows more than the force did: who left home, and true risk."]
    drawings = [draw(weeks, start) for draw in (by_risk, by_team, frames)]
    sections = [Section("replay", "The caseload week by week", known, drawings=drawings)]
    if officer is not None and not trace.pooled:
        of_officer.append(frames(weeks, start, weeks.officers == officer, f"The caseload of officer {officer}"))
    if of_officer:
        sections.append(Section("officer", f"Officer {officer}", drawings=of_officer))
    if of_offender:
        sections.append(Section("offender", "One offender", drawings=of_offender))
    metrics = result.files.metrics(replication, result.files.run_key())
    tables = ReplicationsTable.of([metrics]).summarised(start)
    alone = RunResult(result.scenario, result.folder, (replication,), *tables)
    return result.files.write(f"report-{replication:04d}.html", page(_report(alone, trace, sections)).encode())


def _report(alone: RunResult, trace: EventTrace, sections: list[Section]) -> Report:
    """`alone`: the run as if it had this replication alone."""
    scenario, number = alone.scenario, trace.replication
    period = period_words(scenario.start, scenario.end)
    return Report(
        title=f"Replication {number} of {scenario.name}",
        lead=f"{period}. Replication {number}, simulated with the random numbers of this replication.",
        question=question(scenario.about, scenario.end),
        answer=answer(alone),
        sure=f"{how_sure(1)} {NO_REAL_PERSON}",
        headline=backlog_table(alone),
        sections=sections,
        facts=[("Replication", str(number)), *facts(alone.facts, alone.folder, alone.scenario.caseload.file)],
        made=MADE,
    )
