"""One officer's diary, week by week: hours worked by kind, whom they went to, with whom."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterator

import pandas as pd

from sim.report.stories.event_trace import NO_REAL_PERSON, EventTrace, NobodyThere, numbers
from sim.report.stories.officers import ON_COURSE, SICK, VACANT, Post, happenings
from sim.report.stories.sentences import KINDS
from sim.report.text.words import day_words, plural, pluralise
from sim.scenario.source.faults import join_words, sanitise

_HOURS = (
    "Hours of a crew are shared out evenly. Work that outlasts a shift takes up the shifts that follow. The log tells "
    "sickness, courses and who leaves and comes; it does not tell leave, court, loans to other duties and idle hours "
    "apart."
)


def officer_diary(trace: EventTrace, officer: int) -> list[str]:
    """The diary of an officer: a heading, the whole in one sentence, and a line for each week or time without work.

    Between them stands what else happened: who left and came, sickness, courses. Raises NobodyThere for a number that
    no officer of this history has.
    """
    post, work = post_of(trace, officer), work_of(trace, officer)
    events = trace.events
    dated = [
        *((trace.date(day), f"{trace.on(day)}: {what}") for day, what in happenings(post, events, trace.end)),
        *_weeks(trace, post, work),
    ]
    return [
        f"Officer {officer} of {'the surge team of ' if post.surge else ''}{sanitise(post.team)}: "
        f"{trace.of_this_history()}",
        f"{NO_REAL_PERSON} {_HOURS}{_persons(post)}",
        f"In all: {_hours_words(worked(trace, post, work))}.",
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

    The log dates work as if it went on day and night from its beginning. The hours beyond the shift and its overtime
    are taken back from the next shifts, so that is when they are worked; what lies beyond the last shift is not in it.
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


def _persons(post: Post) -> str:
    """How many bore the number one after the other."""
    persons = len(post.joined) + (not post.was(VACANT, 0, post.joined[0])) if post.joined else 1
    return (
        f" The number is that of a post, in which were {pluralise(persons, 'person')} in turn." if persons > 1 else ""
    )


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
        deeds = f"{_what(week)}.{_with(week, post.number)}" if len(week) else "Work begun earlier goes on."
        yield begins, f"Week of {day_words(begins)}: {hours}. {deeds}"
        free_from = monday + dt.timedelta(7)
    if free_from <= last:
        yield free_from, _without_work(trace, post, free_from, last)


def _without_work(trace: EventTrace, post: Post, first: dt.date, last: dt.date) -> str:
    begins, ends = ((date - trace.scenario.start).days for date in (first, last + dt.timedelta(1)))
    shifts = [time for time in trace.shifts if begins <= time < ends]
    why = ""
    for spell, words in ((VACANT, "nobody is in the post"), (SICK, "sick"), (ON_COURSE, "on a course")):
        if shifts and all(post.spell_on(spell, time) for time in shifts):
            why = f": {words}"
    if not any(post.stands_on(time) for time in shifts) and shifts:
        why = ": the surge team is not at work" if post.surge else ": there is no such post"
    return f"{day_words(first)} to {day_words(last)}: no work{why}."


def _hours_words(work: pd.DataFrame) -> str:
    """`24.5 hours: visits 12.1, reviews 12.4`, or `no work`."""
    if work.empty:
        return "no work"
    by_kind = work.groupby("event", observed=True)["hours"].sum().sort_values(ascending=False, kind="stable")
    kinds = ", ".join(f"{plural(kind)} {hours:,.1f}" for kind, hours in by_kind.items())
    return f"{work['hours'].sum():,.1f} hours: {kinds}"


def _what(week: pd.DataFrame) -> str:
    """What was done to whom, in the order of the table of kinds."""
    done = week.groupby(["event", "outcome"], observed=True)["offender"].apply(list).to_dict()
    deeds = [(kind, outcome) for kind, words in KINDS.items() for outcome in words.outcomes]
    sentence = "; ".join(
        f"{KINDS[kind].outcomes[outcome]} {numbers(done[kind, outcome])}"
        for kind, outcome in sorted(done, key=deeds.index)
    )
    return sentence[0].upper() + sentence[1:]


def _with(week: pd.DataFrame, officer: int) -> str:
    """Which colleagues came along, or led."""
    crews = week[week["colleague"] >= 0]
    others = sorted({*crews["officer"], *crews["colleague"]} - {officer})
    noun = "officer" if len(others) == 1 else "officers"
    return f" With {noun} {join_words([str(other) for other in others])}." if others else ""
