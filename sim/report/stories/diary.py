"""One officer's diary, week by week: hours by kind of work, offenders, and colleagues."""

from __future__ import annotations

import bisect
import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from sim.report.stories.event_trace import NO_REAL_PERSON, EventTrace, NobodyThere
from sim.report.stories.officers import ON_COURSE, SICK, VACANT, Post, post_events
from sim.report.text.words import day_words, pluralise
from sim.scenario.domain import KIND, KINDS
from sim.scenario.source.faults import join_words, sanitise

_HOURS = (
    "Hours of a crew are shared evenly. Work that outlasts a shift continues in the next shifts. The log has sickness, "
    "courses, departures and arrivals; it does not distinguish leave, court, abstraction and idle hours."
)


def officer_diary(trace: EventTrace, officer: int) -> list[str]:
    """The diary of an officer: a heading, the total in one sentence, and a line for each week or time without work.

    Between them are departures and arrivals, sickness and courses. Raises NobodyThere for a number that no officer of
    this replication has.
    """
    post, work = post_of(trace, officer), work_of(trace, officer)
    persons = len(post.joined) + (not post.was(VACANT, 0, post.joined[0])) if post.joined else 1
    in_turn = f" The number is that of a post, held by {pluralise(persons, 'person')} in turn." if persons > 1 else ""
    dated = [
        *((trace.date(day), f"{trace.on(day)}: {what}") for day, what in post_events(post, trace.events, trace.end)),
        *_weeks(trace, post, work),
    ]
    return [
        f"Officer {officer} of {'the surge team of ' if post.surge else ''}{sanitise(post.team)}: {trace.heading}",
        f"{NO_REAL_PERSON} {_HOURS}{in_turn}",
        f"Total: {_hours_words(worked(trace, post, work))}.",
        *(line for _, line in sorted(dated, key=lambda entry: entry[0])),
    ]


def post_of(trace: EventTrace, officer: int) -> Post:
    """The post that bears a number. Raises NobodyThere if none does."""
    last = len(trace.posts) - 1
    if not 0 <= officer <= last:
        there = f"has officers 0 to {last}" if last >= 0 else "has no officers"
        raise NobodyThere(f"There is no officer {officer}; replication {trace.replication} {there}.")
    return trace.posts[officer]


def work_of(trace: EventTrace, officer: int) -> pd.DataFrame:
    """An officer's work: the events, with this officer's `hours` and the `monday` of the week in which it is done."""
    events = trace.events
    mine = (events["officer"] == officer) | (events["colleague"] == officer)
    work = events[mine & (events["minutes"] > 0)].copy()
    work["hours"] = work["minutes"] / 60 / (1 + (work["colleague"] >= 0))
    work["monday"] = [_monday(trace.date(day)) for day in work["day"]]
    return work


def worked(trace: EventTrace, post: Post, work: pd.DataFrame) -> pd.DataFrame:
    """When an officer worked the hours of that `work`: monday of the week, event, hours.

    The log dates work as if it continued day and night. Hours beyond the shift and its overtime are taken from the next
    shifts, so that is when they are worked; hours beyond the last shift are left out.
    """
    rows = []
    for event, done, hours in zip(work["event"], work["day"], work["hours"], strict=True):
        began = done - hours / 24
        place = max(bisect.bisect_right(trace.shifts, began) - 1, 0)
        begins, (room, overtime) = trace.shifts[place], trace.shift_hours(began)
        room = max(0.0, room + overtime - 24 * max(0.0, began - begins))
        while hours > 1e-9:
            within = min(hours, room)
            if within > 0:
                rows.append((_monday(trace.date(trace.shifts[place])), event, within))
            hours -= within
            place += 1
            if place == len(trace.shifts):
                break
            today = trace.shifts[place]
            away = any(post.spell_on(why, today) for why in (SICK, ON_COURSE, VACANT)) or not post.stands_on(today)
            room = 0.0 if away else trace.shift_hours(today)[0]
    return pd.DataFrame(rows, columns=["monday", "event", "hours"]).astype({"event": work["event"].dtype})


def _monday(date: dt.date) -> dt.date:
    return date - dt.timedelta(date.weekday())


def _weeks(trace: EventTrace, post: Post, work: pd.DataFrame) -> Iterator[tuple[dt.date, str]]:
    """A line for each week with work, and one for each time without, with the date on which it begins."""
    first, last = trace.scenario.start, trace.scenario.end
    free_from = first
    spent = worked(trace, post, work)
    for monday in sorted({*work["monday"], *spent["monday"]}):
        if monday > free_from:
            yield free_from, _without_work(trace, post, free_from, monday - dt.timedelta(1))
        begins = max(monday, first)
        week, hours = work[work["monday"] == monday], _hours_words(spent[spent["monday"] == monday])
        done = _what(week, post.number) if len(week) else "Earlier work continues."
        yield begins, f"Week of {day_words(begins)}: {hours}. {done}"
        free_from = monday + dt.timedelta(7)
    if free_from <= last:
        yield free_from, _without_work(trace, post, free_from, last)


def _without_work(trace: EventTrace, post: Post, first: dt.date, last: dt.date) -> str:
    begins, ends = ((date - trace.scenario.start).days for date in (first, last + dt.timedelta(1)))
    shifts = [time for time in trace.shifts if begins <= time < ends]
    why = ""
    for spell, words in ((VACANT, "the post is vacant"), (SICK, "sick"), (ON_COURSE, "on a course")):
        if shifts and all(post.spell_on(spell, time) for time in shifts):
            why = f": {words}"
    if shifts and not any(post.stands_on(time) for time in shifts):
        why = ": the surge team is not at work" if post.surge else ": the post does not exist"
    return f"{day_words(first)} to {day_words(last)}: no work{why}."


def _hours_words(work: pd.DataFrame) -> str:
    """`24.5 hours: visits 12.1, reviews 12.4`, or `no work`."""
    if work.empty:
        return "no work"
    by_kind = work.groupby("event", observed=True)["hours"].sum().sort_values(ascending=False, kind="stable")
    kinds = ", ".join(f"{KIND[kind].plural.replace('_', ' ')} {hours:,.1f}" for kind, hours in by_kind.items())
    return f"{work['hours'].sum():,.1f} hours: {kinds}"


def _what(week: pd.DataFrame, officer: int) -> str:
    """`Visited 12, 45 (twice) and 301. With officer 3.`: in the order of the table of kinds, then the colleagues."""
    done = week.groupby(["event", "outcome"], observed=True)["offender"].apply(list).to_dict()
    parts = []
    for kind in KINDS:
        for outcome, words in kind.diary.items():
            times = Counter(done.get((kind.name, outcome), ()))
            often = {1: "", 2: " (twice)"}
            if offenders := [f"{offender}{often.get(n, f' ({n} times)')}" for offender, n in times.items()]:
                parts.append(f"{words} {join_words(offenders)}")
    sentence = "; ".join(parts)
    crews = week[week["colleague"] >= 0]
    others = [f"{other}" for other in sorted({*crews["officer"], *crews["colleague"]} - {officer})]
    colleagues = f" With officer{'' if len(others) == 1 else 's'} {join_words(others)}." if others else ""
    return f"{sentence[0].upper()}{sentence[1:]}.{colleagues}"
