"""An officer's diary and an offender's timeline as pictures; the sentences of both stand beneath them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from sim.report.figures.sketch import LETTER, Sketch, date_axis
from sim.report.pages.parts import Drawing, Table
from sim.report.pages.replay import COLOURS, KEY
from sim.report.stories.diary import officer_diary, post_of, work_of, worked
from sim.report.stories.event_trace import EventTrace
from sim.report.stories.offender_state import CUSTODY, FAILED, LEFT, MISSING, Transition
from sim.report.stories.officers import ON_COURSE, SICK, VACANT, Post
from sim.report.stories.replay import UNSEEN_DAYS
from sim.report.stories.sentences import KINDS
from sim.report.stories.story import offender_story, offender_transitions
from sim.report.text.colours import DARK_BLUE, DARK_PINK, INK, ORANGE, QUIET, TURQUOISE
from sim.report.text.words import RISK_WORDS, pluralise, tenths, whole
from sim.scenario.values import RISK_LEVELS

WIDTHS = {"laptop": (760.0, 8), "phone": (360.0, 3)}
"""For each width of a screen, how wide a picture is drawn and how many dates there is room for."""

WORK_GROUPS = {"visit": "visits", "review": "reviews", "enquiry": "enquiries"}
OTHER = "other work"
WORK_COLOURS = {"visits": DARK_BLUE, "reviews": TURQUOISE, "enquiries": ORANGE, OTHER: DARK_PINK}
AWAY_WORDS = {SICK: "sick", ON_COURSE: "on a course", VACANT: "post vacant"}


# --- an officer -------------------------------------------------------------------------------------------------


def diary_drawing(trace: EventTrace, officer: int) -> Drawing:
    """Hours of each week by what they went into, and when nobody was at work. Raises NobodyThere."""
    post = post_of(trace, officer)
    work = worked(trace, post, work_of(trace, officer))
    groups = work["event"].astype(str).map(WORK_GROUPS).fillna(OTHER)
    weekly = work.assign(group=groups).pivot_table(
        index="monday", columns="group", values="hours", aggfunc="sum", fill_value=0.0
    )
    names = [name for name in WORK_COLOURS if name in weekly.columns]
    title = _diary_title(officer, weekly[names].sum())
    rows = [(name, tenths(weekly[name].sum()), tenths(weekly[name].mean())) for name in names]
    return Drawing(
        "diary",
        title,
        "Hours of each week, stacked from the bottom in the order of the key; above, when nobody worked in the post. "
        "Work that outlasts a shift takes up the shifts that follow.",
        [
            _diary(trace, post, weekly, names, f"diary-{kind}", kind, width, dates, title)
            for kind, (width, dates) in WIDTHS.items()
        ],
        [Table("Hours by what they went into", ("Work", "In all", "In a week with work"), rows, folded="The numbers")],
        key=[(WORK_COLOURS[name], name) for name in names],
        story=officer_diary(trace, officer),
    )


def _diary_title(officer: int, hours: pd.Series) -> str:
    """How many hours, and what most of them, or more than on anything else, went into."""
    if hours.empty:
        return f"Officer {officer} did no work on the caseload"
    most, every = hours.idxmax(), hours.sum()
    did = f"Officer {officer} worked {whole(every)} hours on the caseload"
    if hours[most] > every / 2:
        return f"{did}, most of them on {most}: {whole(hours[most])}"
    return f"{did}, {whole(hours[most])} of them on {most}, more than on anything else"


def _diary(
    trace: EventTrace,
    post: Post,
    weekly: pd.DataFrame,
    names: Sequence[str],
    ident: str,
    kind: str,
    width: float,
    most_dates: int,
    title: str,
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
        for name in names:
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
    return sketch.svg(
        ident, kind, title, f"Hours a week: {', '.join(f'{n} {tenths(weekly[n].mean())}' for n in names)}."
    )


# --- an offender ------------------------------------------------------------------------------------------------

ROWS = (
    ("seen", "seen"),
    ("failed", "nobody answered"),
    ("review", "review"),
    ("other", "other work"),
    ("hidden", "unknown to the force"),
)
"""What happens to an offender, a line each."""

_UNKNOWN = ("breach_began", "drifted", "left_home", "record_lost")


def timeline_drawing(trace: EventTrace, offender: int) -> Drawing:
    """Risk, visits and what happened to an offender over time. Raises NobodyThere."""
    life = offender_transitions(trace, offender)
    seen = sum(_row_of(transition) == "seen" for transition in life if transition.event.day >= 0)
    failed = sum(_row_of(transition) == "failed" for transition in life)
    title = (
        f"Offender {offender} was seen {_times(seen)} in this history; "
        f"nobody answered at {pluralise(failed, 'attempt')}"
        if failed
        else f"Offender {offender} was seen {_times(seen)} in this history, and always answered"
        if seen
        else f"Offender {offender} was never seen in this history, and nobody tried in vain"
    )
    return Drawing(
        "timeline",
        title,
        "Above: risk as recorded (thick) and as it is in truth (thin). Then how the visits stand, and what happened.",
        [_timeline(trace, life, f"timeline-{kind}", kind, *size, title) for kind, size in WIDTHS.items()],
        key=KEY,
        story=offender_story(trace, offender),
    )


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number:,} times")


def _row_of(transition: Transition) -> str:
    """On which line an event stands; nowhere if it is no more than a date that moved."""
    event = transition.event
    if event.event in _UNKNOWN:
        return "hidden"
    if event.minutes <= 0:
        return ""
    if event.event in ("review", "desk_check"):
        return "review"
    if event.outcome == "seen" or KINDS[event.event].tells.seen:
        return "seen"
    return "failed" if event.outcome == FAILED else "other"


def _timeline(
    trace: EventTrace, life: Sequence[Transition], ident: str, kind: str, width: float, most_dates: int, title: str
) -> Markup:
    start, days = trace.scenario.start, trace.scenario.horizon_days
    left, right = max(LETTER * len(words) for _, words in ROWS) + 8, width - 6
    sketch = Sketch(width, 262)

    def x(day: float) -> float:
        return left + (right - left) * min(max(day, 0.0), days) / days

    _risk_lines(sketch, life, x, left, right, days)
    _standing_band(sketch, life, x, days)
    for number, (name, words) in enumerate(ROWS):
        y = 132.0 + 20 * number
        sketch.text(0, y + 4, words)
        sketch.line(left, y, right, y, "#e3e3e3")
        for transition in life:
            if transition.event.day >= 0 and _row_of(transition) == name:
                _mark(sketch, name, x(transition.event.day), y)
    date_axis(sketch, start, days, left, right, 236, most_dates)
    return sketch.svg(ident, kind, title, " ".join(_described(trace, life)))


def _risk_lines(sketch: Sketch, life: Sequence[Transition], x, left: float, right: float, days: int) -> None:
    for place, risk in enumerate(RISK_LEVELS):
        y = 72.0 - 20 * place
        sketch.text(0, y + 4, RISK_WORDS[risk])
        sketch.line(left, y, right, y, "#e3e3e3")
    for attribute, look in (
        ("true_risk", {"stroke": DARK_PINK, "stroke_width": "1.5"}),
        ("risk", {"stroke": INK, "stroke_width": "4"}),
    ):
        points: list[str] = []
        for transition, ends in zip(life, [*(m.event.day for m in life[1:]), float(days)], strict=True):
            if transition.after.place == LEFT or ends < 0:
                continue
            y = (
                72.0
                - 20 * RISK_LEVELS.index(getattr(transition.event, attribute))
                + (5 if attribute == "true_risk" else 0)
            )
            points += [f"{x(transition.event.day):.1f} {y:.1f}", f"{x(ends):.1f} {y:.1f}"]
        if points:
            sketch.path("M" + "L".join(points), **look)


def _standing_band(sketch: Sketch, life: Sequence[Transition], x, days: int) -> None:
    """A band of the three states, day by day; words stand where nobody visits."""
    sketch.text(0, 108, "visits")
    for transition, ends in zip(life, [*(m.event.day for m in life[1:]), float(days)], strict=True):
        now, begins = transition.after, max(transition.event.day, 0.0)
        if not now.is_to_be_seen or ends <= begins:
            continue
        late = math.inf if math.isnan(now.visit_due) else math.floor(now.visit_due) + 1.0
        unseen = now.last_seen + UNSEEN_DAYS
        edges = sorted({begins, ends, *(edge for edge in (late, unseen) if begins < edge < ends)})
        for first, last in itertools.pairwise(edges):
            state = 3 if first >= unseen else 2 if first >= late else 1
            high = {1: 6.0, 2: 10.0, 3: 14.0}[state]
            sketch.rect(x(first), 110 - high, x(last) - x(first), high, COLOURS[state])


def _mark(sketch: Sketch, name: str, x: float, y: float) -> None:
    """Each line has a shape of its own: a disc, a cross, a diamond, a square, a triangle."""
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


def _described(trace: EventTrace, life: Sequence[Transition]) -> list[str]:
    counts = {words: sum(_row_of(m) == name for m in life if m.event.day >= 0) for name, words in ROWS}
    away = [
        words
        for place, words in ((CUSTODY, "in custody"), (MISSING, "missing"))
        if any(m.after.place == place for m in life)
    ]
    told = [f"{words}: {number}" for words, number in counts.items()]
    return [*(f"{one}." for one in told), *(f"At some time {words}." for words in away)]
