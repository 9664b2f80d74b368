"""The page of one replication: its answer, its replay, and on request an officer's diary and an offender's timeline."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from sim.report.figures.sketch import LETTER, Sketch, date_axis
from sim.report.pages.page import Drawing, Report, Section, Table, page
from sim.report.pages.replay import COLOURS, KEY, by_risk, by_team, frames
from sim.report.pages.run import backlog_table
from sim.report.stories.diary import officer_diary, post_of, work_of, worked
from sim.report.stories.event_trace import NO_REAL_PERSON, EventTrace
from sim.report.stories.offender_state import CUSTODY, FAILED, LEFT, MISSING, Transition
from sim.report.stories.officers import ON_COURSE, SICK, VACANT, Post
from sim.report.stories.replay import IN_DATE, OVERDUE, UNSEEN, UNSEEN_DAYS, replay
from sim.report.stories.sentences import EVENTS
from sim.report.stories.story import offender_story, offender_transitions
from sim.report.text.colours import DARK_BLUE, DARK_PINK, INK, ORANGE, QUIET, TURQUOISE
from sim.report.text.findings import answer, how_sure
from sim.report.text.framing import MADE, facts, period_words, question
from sim.report.text.words import RISK_WORDS, pluralise
from sim.runs.intervals import tenths, whole
from sim.runs.result import RunResult
from sim.runs.summary import ReplicationsTable
from sim.scenario.domain import RISK_LEVELS

WIDTHS = {"laptop": (760.0, 8), "phone": (360.0, 3)}
"""For each width of a screen, the width of a picture and the most dates on its axis."""

WORK_GROUPS = {"visit": "visits", "review": "reviews", "enquiry": "enquiries"}
OTHER = "other work"
WORK_COLOURS = {"visits": DARK_BLUE, "reviews": TURQUOISE, "enquiries": ORANGE, OTHER: DARK_PINK}
AWAY_WORDS = {SICK: "sick", ON_COURSE: "on a course", VACANT: "post vacant"}


def save_replication_page(
    result: RunResult, replication: int, officer: int | None = None, offender: int | None = None
) -> Path:
    """Write the page of a replication. Raises FolderError if its events were not saved, NobodyThere."""
    trace = EventTrace.of(result, replication)
    start = result.scenario.start
    # People first: a wrong number is quickly found; the replay takes seconds for a large force.
    of_officer = [diary_drawing(trace, officer)] if officer is not None else []
    of_offender = [timeline_drawing(trace, offender)] if offender is not None else []
    weeks = replay(trace)
    known = ["The event log also holds what the force did not know: who left home, and true risk."]
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
        lead=f"{period}. Replication {number} alone.",
        question=question(scenario.about, scenario.end),
        answer=answer(alone),
        sure=f"{how_sure(1)} {NO_REAL_PERSON}",
        headline=backlog_table(alone),
        sections=sections,
        facts=[("Replication", str(number)), *facts(alone.facts, alone.folder, alone.scenario.caseload.file)],
        made=MADE,
    )


def diary_drawing(trace: EventTrace, officer: int) -> Drawing:
    """Hours of each week by kind of work, and when nobody was at work. Raises NobodyThere."""
    post = post_of(trace, officer)
    work = worked(trace, post, work_of(trace, officer))
    groups = work["event"].astype(str).map(WORK_GROUPS).fillna(OTHER)
    weekly = work.assign(group=groups).pivot_table(
        index="monday", columns="group", values="hours", aggfunc="sum", fill_value=0.0
    )
    weekly = weekly[[name for name in WORK_COLOURS if name in weekly.columns]]
    hours = weekly.sum()
    title = f"Officer {officer} did no work on the caseload"
    if len(hours):
        most, every = hours.idxmax(), hours.sum()
        title = f"Officer {officer} worked {whole(every)} hours on the caseload"
        if hours[most] > every / 2:
            title += f", most of them on {most}: {whole(hours[most])}"
        else:
            title += f", {whole(hours[most])} of them on {most}, more than on anything else"
    rows = [(name, tenths(column.sum()), tenths(column.mean())) for name, column in weekly.items()]
    return Drawing(
        "diary",
        title,
        "Hours of each week, stacked from the bottom in the order of the key; above, when nobody worked in the post. "
        "Work that outlasts a shift continues in the next shifts.",
        [_diary(trace, post, weekly, kind, *size, title) for kind, size in WIDTHS.items()],
        [Table("Hours by kind of work", ("Work", "Total", "In a week with work"), rows, folded="The numbers")],
        key=[(WORK_COLOURS[name], name) for name in weekly],
        story=officer_diary(trace, officer),
    )


def _diary(
    trace: EventTrace, post: Post, weekly: pd.DataFrame, kind: str, width: float, most_dates: int, title: str
) -> Markup:
    start, days = trace.scenario.start, trace.scenario.horizon_days
    left, right, top, floor = 30.0, width, 88.0, 238.0
    sketch = Sketch(width, floor + 24)
    highest = max(1.0, float(weekly.sum(axis=1).max())) if len(weekly) else 1.0
    step = next(size for size in (5, 10, 20, 50, 100) if highest / size <= 4 or size == 100)
    sketch.text(0, top - 8, "Hours", colour=QUIET)
    for hours in range(0, math.floor(highest) + 1, step):
        y = floor - (floor - top) * hours / highest
        sketch.line(left, y, right, y)
        sketch.text(left - 5, y + 4, str(hours), anchor="end", colour=QUIET)
    wide = (right - left) * 7 / days
    for monday, row in weekly.iterrows():
        x = left + (right - left) * max((monday - start).days, 0) / days
        y = floor
        for name in weekly:
            high = (floor - top) * row[name] / highest
            y -= high
            if high:
                sketch.rect(x, y, min(wide, right - x) - min(1.0, wide / 5), high, WORK_COLOURS[name])
    date_axis(sketch, start, days, left, right, floor, most_dates)
    for number, (why, words) in enumerate(AWAY_WORDS.items()):
        y = 12.0 + 22 * number
        spells = [(s.begins, s.ends) for s in post.spells if s.why == why and s.ends >= 0 and s.begins < days]
        sketch.text(left, y, f"{words}{'' if spells else ': never'}", colour=QUIET)
        for begins, ends in spells:
            x1, x2 = (left + (right - left) * min(max(day, 0.0), days) / days for day in (begins, ends))
            sketch.rect(x1, y + 3, max(2.0, x2 - x1), 3, INK)  # nearer to its own name than to the next
    means = ", ".join(f"{name} {tenths(column.mean())}" for name, column in weekly.items())
    return sketch.svg(f"diary-{kind}", kind, title, f"Hours a week: {means}.")


ROWS = (
    ("seen", "seen"),
    ("failed", "nobody answered"),
    ("review", "review"),
    ("other", "other work"),
    ("hidden", "unknown to the force"),
)
"""The events of an offender, a line each."""

RISK_FLOOR = 20.0 * len(RISK_LEVELS) - 8
"""The height of the line of the lowest risk, below those of the others."""

_UNKNOWN = ("breach_began", "drifted", "left_home", "record_lost")

Spans = Sequence[tuple[Transition, float]]


def timeline_drawing(trace: EventTrace, offender: int) -> Drawing:
    """Risk, visits and events of an offender over time. Raises NobodyThere."""
    own = offender_transitions(trace, offender)
    seen = sum(_row_of(transition) == "seen" for transition in own if transition.day >= 0)
    failed = sum(_row_of(transition) == "failed" for transition in own)
    times = {0: "never", 1: "once", 2: "twice"}.get(seen, f"{seen:,} times")
    title = f"Offender {offender} was never seen in this replication, and no attempt failed"
    if failed:
        attempts = pluralise(failed, "attempt")
        title = f"Offender {offender} was seen {times} in this replication; nobody answered at {attempts}"
    elif seen:
        title = f"Offender {offender} was seen {times} in this replication, and always answered"
    return Drawing(
        "timeline",
        title,
        "Above: recorded risk (thick) and true risk (thin). Below: the state of the visits, and the events.",
        [_timeline(trace, own, kind, *size, title) for kind, size in WIDTHS.items()],
        key=KEY,
        story=offender_story(trace, offender),
    )


def _row_of(transition: Transition) -> str:
    """The line of an event; none if only a date moved."""
    event = transition.event
    if event.event in _UNKNOWN:
        return "hidden"
    if event.minutes <= 0:
        return ""
    if event.event in ("review", "desk_check"):
        return "review"
    if event.outcome == "seen" or EVENTS[event.event].effects.seen:
        return "seen"
    return "failed" if event.outcome == FAILED else "other"


def _timeline(
    trace: EventTrace, own: Sequence[Transition], kind: str, width: float, most_dates: int, title: str
) -> Markup:
    start, days = trace.scenario.start, trace.scenario.horizon_days
    left, right = max(LETTER * len(words) for _, words in ROWS) + 8, width - 6
    sketch, described = Sketch(width, RISK_FLOOR + 190), []

    def x(day: float) -> float:
        return left + (right - left) * min(max(day, 0.0), days) / days

    # Each transition, and when its state ends.
    spans = [*zip(own, [*(transition.day for transition in own[1:]), float(days)], strict=True)]
    _risk_lines(sketch, spans, x, left, right)
    _state_strip(sketch, spans, x)
    for number, (name, words) in enumerate(ROWS):
        y = RISK_FLOOR + 60 + 20 * number
        sketch.text(0, y + 4, words)
        sketch.line(left, y, right, y, "#e3e3e3")
        of_row = [transition.day for transition in own if transition.day >= 0 and _row_of(transition) == name]
        for day in of_row:
            _symbol(sketch, name, x(day), y)
        described.append(f"{words}: {len(of_row)}.")
    date_axis(sketch, start, days, left, right, RISK_FLOOR + 164, most_dates)
    for place, words in ((CUSTODY, "in custody"), (MISSING, "missing")):
        if any(transition.after.place == place for transition in own):
            described.append(f"At some time {words}.")
    return sketch.svg(f"timeline-{kind}", kind, title, " ".join(described))


def _risk_lines(sketch: Sketch, spans: Spans, x: Callable[[float], float], left: float, right: float) -> None:
    height = {risk: RISK_FLOOR - 20 * place for place, risk in enumerate(RISK_LEVELS)}
    for risk, y in height.items():
        sketch.text(0, y + 4, RISK_WORDS[risk])
        sketch.line(left, y, right, y, "#e3e3e3")
    for attribute, colour, width, below in (("true_risk", DARK_PINK, "1.5", 5), ("risk", INK, "4", 0)):
        points: list[str] = []
        for transition, ends in spans:
            if transition.after.place != LEFT and ends >= 0:
                y = height[getattr(transition.event, attribute)] + below
                points += [f"{x(transition.day):.1f} {y:.1f}", f"{x(ends):.1f} {y:.1f}"]
        if points:
            sketch.path("M" + "L".join(points), stroke=colour, stroke_width=width)


def _state_strip(sketch: Sketch, spans: Spans, x: Callable[[float], float]) -> None:
    """A strip of the three states, day by day; blank where nobody visits."""
    sketch.text(0, RISK_FLOOR + 36, "visits")
    for transition, ends in spans:
        now, begins = transition.after, max(transition.day, 0.0)
        if not now.is_to_be_seen or ends <= begins:
            continue
        late = math.inf if math.isnan(now.visit_due) else math.floor(now.visit_due) + 1.0
        not_seen = now.last_seen + UNSEEN_DAYS
        edges = sorted({begins, ends, *(edge for edge in (late, not_seen) if begins < edge < ends)})
        for first, last in itertools.pairwise(edges):
            state = UNSEEN if first >= not_seen else OVERDUE if first >= late else IN_DATE
            high = {IN_DATE: 6.0, OVERDUE: 10.0, UNSEEN: 14.0}[state]
            sketch.rect(x(first), RISK_FLOOR + 38 - high, x(last) - x(first), high, COLOURS[state])


def _symbol(sketch: Sketch, name: str, x: float, y: float) -> None:
    """Each line has its own shape: a disc, a cross, a diamond, a square, a triangle."""
    match name:
        case "seen":
            sketch.path(f"M{x - 4.5:.1f} {y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0", fill=DARK_BLUE)
        case "failed":
            sketch.path(f"M{x - 4:.1f} {y - 4}l8 8m0 -8l-8 8", stroke=DARK_PINK, stroke_width="2")
        case "review":
            sketch.path(f"M{x:.1f} {y - 5.5}l5 5.5l-5 5.5l-5 -5.5z", fill=TURQUOISE)
        case "other":
            sketch.rect(x - 3.5, y - 3.5, 7, 7, QUIET)
        case "hidden":
            sketch.path(f"M{x:.1f} {y - 5}l5 9h-10z", fill="none", stroke=DARK_PINK, stroke_width="1.5")
