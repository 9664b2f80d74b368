"""A replay as small pictures: by risk, by team, and offender by offender in frames over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
from markupsafe import Markup

from sim.report.figures.sketch import LETTER, Sketch
from sim.report.pages.page import Drawing, Table
from sim.report.stories.replay import ABSENT, IN_DATE, OVERDUE, UNSEEN, Replay
from sim.report.text.colours import DARK_PINK, ORANGE, QUIET
from sim.report.text.words import RISK_WORDS, midnight_words, pluralise
from sim.runs.intervals import PER_CENT, percent
from sim.scenario.domain import RISK_LEVELS
from sim.scenario.source.faults import sanitise

COLOURS = {UNSEEN: DARK_PINK, OVERDUE: ORANGE, IN_DATE: "#6f8fae"}
STATE_WORDS = {UNSEEN: "not seen for a year", OVERDUE: "overdue, seen within a year", IN_DATE: "in date"}
KEY = tuple((COLOURS[state], words) for state, words in STATE_WORDS.items())
"""From the bottom of a stack to its top."""

MOST_TEAMS = 12
FRAMES = 12
MOST_SQUARES = 600
"""So many offenders have a square of their own in a frame; of more, some are taken evenly from all teams and levels."""

_WIDTH, _HEAD, _PLOT, _FOOT = 184, 36, 84, 20
_SIZES = {UNSEEN: 6.0, OVERDUE: 5.0, IN_DATE: 3.0}
_STEP = 7.0


def by_risk(replay: Replay, start: dt.date) -> Drawing:
    """Offenders in date, overdue and not seen for a year, week by week, for each recorded risk level."""
    levels = {RISK_WORDS[risk]: replay.risks == RISK_LEVELS.index(risk) for risk in reversed(RISK_WORDS)}
    counts = {words: replay.counts(which) for words, which in levels.items()}
    shown = {words: numbers for words, numbers in counts.items() if numbers.any()}
    every = replay.counts()
    also_overdue = int(((replay.states == UNSEEN) & replay.overdue)[:, -1].sum())
    _, late, not_seen = every[:, -1]
    _, late_before, not_seen_before = every[:, 0]
    overdue = {0: "none of them", not_seen: "all of them"}.get(also_overdue, f"{also_overdue:,} of them")
    now = f"Not seen for a year at the end: {not_seen:,} of {every[:, -1].sum():,} offenders"
    now += f", {overdue} overdue; others overdue: {late:,}" if not_seen else f"; overdue: {late:,}"
    title = f"{now}; on the first day {not_seen_before:,} and {late_before:,} of {every[:, 0].sum():,}"
    chosen = np.unique(np.linspace(0, len(replay.times) - 1, 7).round().astype(int))
    rows = [(_dates(replay, start)[time], *_row(every[:, time])) for time in chosen]
    return Drawing(
        "replay-risk",
        title,
        "By recorded risk, week by week; each panel has a scale of its own. From the bottom: not seen for a year, "
        "overdue, in date.",
        [
            _areas(f"replay-risk-{number}", words, c, replay, start, int(c.sum(axis=0).max()))
            for number, (words, c) in enumerate(shown.items())
        ],
        [
            Table("In this replication", ("Date", *_HEADER), rows, folded="The numbers over time"),
            _at_end("By recorded risk at the end", "Risk", shown),
        ],
        many=True,
        key=KEY,
    )


def by_team(replay: Replay, start: dt.date) -> Drawing:
    """The same for each team; of many teams those with most behind."""
    counts = {name: replay.counts(replay.teams == team) for team, name in enumerate(replay.team_names)}
    known = {name: c for name, c in counts.items() if c[:, -1].any()}
    shares = {name: float(c[1:, -1].sum() / c[:, -1].sum()) for name, c in known.items()}
    behind = sorted(known, key=lambda name: (-shares[name], name))
    drawn = [name for name in known if name in behind[:MOST_TEAMS]]
    top = max((int(known[name].sum(axis=0).max()) for name in drawn), default=1)
    what = "By team, week by week, all on one scale. From the bottom: not seen for a year, overdue, in date."
    if len(known) > len(drawn):
        what += f" Of {len(known):,} teams the {len(drawn)} with most behind; the table has all."
    return Drawing(
        "replay-team",
        _team_title(shares, behind),
        what,
        [_areas(f"replay-team-{n}", name, known[name], replay, start, top) for n, name in enumerate(drawn)],
        [_at_end("By team at the end", "Team", known)],
        many=True,
        key=KEY,
    )


def _team_title(shares: dict[str, float], behind: list[str]) -> str:
    """`shares`: overdue or not seen for a year, of each team at the end; `behind`: the teams, largest share first."""
    if not behind:
        return "At the end no team has anybody to be seen"
    most, least = (f"{percent(shares[name])}{PER_CENT}" for name in (behind[0], behind[-1]))
    first, last = sanitise(behind[0]), sanitise(behind[-1])
    if len(behind) == 1:
        return f"{first}: {most} of the offenders are overdue or have not been seen for a year at the end"
    if most == least:
        return f"At the end every team has {most} of its offenders overdue or not seen for a year"
    largest = f"the share overdue or not seen for a year is largest in {first}, {most}"
    return f"At the end {largest}, and smallest in {last}, {least}"


def _areas(ident: str, name: str, counts: np.ndarray, replay: Replay, start: dt.date, top: int) -> Markup:
    """A panel: the three states stacked over the weeks, with its name and its end above."""
    sketch = Sketch(_WIDTH, _HEAD + _PLOT + _FOOT)
    in_date, late, not_seen = (int(number) for number in counts[:, -1])
    short = sanitise(name)
    room = int(_WIDTH / LETTER) - 2
    sketch.text(0, 12, short if len(short) <= room else f"{short[: room - 1]}…", bold=True)
    total = in_date + late + not_seen
    sketch.text(0, 28, f"{late + not_seen:,} of {total:,} behind", colour=QUIET)
    end = replay.times[-1] or 1.0
    xs = [_WIDTH * time / end for time in replay.times]
    floor = np.zeros(counts.shape[1])
    for state in (UNSEEN, OVERDUE, IN_DATE):
        ceiling = floor + counts[state - 1]
        if counts[state - 1].any():
            edges = [*zip(xs, ceiling, strict=True), *reversed([*zip(xs, floor, strict=True)])]
            points = [f"{x:.1f} {_HEAD + _PLOT * (1 - value / max(top, 1)):.1f}" for x, value in edges]
            sketch.path("M" + "L".join(points) + "Z", fill=COLOURS[state])
        floor = ceiling
    sketch.line(0, _HEAD + _PLOT, _WIDTH, _HEAD + _PLOT, QUIET)
    last = start + dt.timedelta(days=int(end) - 1)
    sketch.text(0, sketch.height - 5, f"{start:%b %Y}", colour=QUIET)
    sketch.text(sketch.width, sketch.height - 5, f"{last:%b %Y}", anchor="end", colour=QUIET)
    words = f"{short}: at the end {in_date:,} in date, {late:,} overdue and {not_seen:,} not seen for a year"
    return sketch.svg(ident, "panel", words)


def frames(replay: Replay, start: dt.date, which: np.ndarray | bool = True, whose: str = "") -> Drawing:
    """A square for each offender, always in the same place, on several dates.

    `which`: at which times an offender belongs to the picture; `whose`: a name for these offenders.
    """
    inside = which & (replay.states != ABSENT)
    order = [place for place in replay.order if inside[place].any()]
    step = -(-len(order) // MOST_SQUARES) or 1
    shown = np.array(order[::step], dtype=int)
    states = np.where(inside, replay.states, ABSENT)
    ever = int((states == UNSEEN).any(axis=1).sum())
    chosen = np.unique(np.linspace(0, len(replay.times) - 1, FRAMES).round().astype(int))
    offenders = pluralise(len(order), "offender")
    title = f"{whose or 'The whole caseload'}: {offenders}, {ever:,} of them not seen for a year at some time"
    places, height = _places(replay.gravest[shown])
    ident = "frames-officer" if whose else "frames"
    each = {1: "each", 2: "every second", 3: "every third"}.get(step, f"every {step}th")
    return Drawing(
        ident,
        title,
        f"A square for {each} offender, always in the same place, in a block for each risk level with the gravest on "
        "top. Small: in date; larger: overdue; largest: not seen for a year; blank: not to be seen then.",
        [
            _frame(f"{ident}-{time}", states[:, time], shown, places, height, _dates(replay, start)[time])
            for time in chosen
        ],
        many=True,
        key=KEY,
    )


def _dates(replay: Replay, start: dt.date) -> list[str]:
    midnights = [start + dt.timedelta(int(time)) for time in replay.times]
    return [midnight_words(midnight, midnights[-1]) for midnight in midnights]


def _places(risks: np.ndarray) -> tuple[list[tuple[float, float]], float]:
    """The place of each square, row by row with a gap between risk levels, and the height of the frame."""
    columns, places, y, column = int(_WIDTH // _STEP), [], 20.0, 0
    for number, risk in enumerate(risks):
        if number and (risk != risks[number - 1] or column == columns):
            y += _STEP + (_STEP * 0.7 if risk != risks[number - 1] else 0)
            column = 0
        places.append((column * _STEP, y))
        column += 1
    return places, y + _STEP


def _frame(
    ident: str, states: np.ndarray, shown: np.ndarray, places: list[tuple[float, float]], height: float, date: str
) -> Markup:
    """The states of the offenders with a square on one date; the words count all offenders."""
    sketch = Sketch(_WIDTH, height)
    sketch.text(0, 12, date, bold=True)
    for state, size in _SIZES.items():
        margin = (_STEP - size) / 2
        corners = [places[number] for number in np.flatnonzero(states[shown] == state)]
        points = [f"M{x + margin:g} {y + margin:g}h{size:g}v{size:g}h-{size:g}z" for x, y in corners]
        if points:
            sketch.path("".join(points), fill=COLOURS[state])
    words = ", ".join(f"{(states == state).sum():,} {STATE_WORDS[state]}" for state in reversed(STATE_WORDS))
    return sketch.svg(ident, "panel", f"{date}: {words}")


_HEADER = ("In date", "Overdue, seen within a year", "Not seen for a year", "All to be seen")


def _at_end(caption: str, of: str, counts: dict[str, np.ndarray]) -> Table:
    rows = [(sanitise(name), *_row(numbers[:, -1])) for name, numbers in counts.items()]
    return Table(caption, (of, *_HEADER), rows, folded=f"The numbers: {caption[:1].lower()}{caption[1:]}")


def _row(numbers: np.ndarray) -> Iterator[str]:
    yield from (f"{int(number):,}" for number in (*numbers, numbers.sum()))
