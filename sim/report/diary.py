"""One officer's diary, week by week: hours worked by kind, whom they went to, with whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from sim.report.chronicle import NO_REAL_PERSON, Chronicle, NobodyThere, numbers
from sim.report.officers import ON_COURSE, SICK, VACANT, Post, happenings
from sim.report.sentences import KINDS
from sim.report.words import counted, day_words, plural
from sim.scenario.faults import listed, printable

_HOURS = (
    "Hours of a crew are shared out evenly. The log tells sickness, courses and who leaves and comes; it does not tell "
    "leave, court, loans to other duties and idle hours apart."
)


def officer_diary(chronicle: Chronicle, officer: int) -> list[str]:
    """The diary of an officer: a heading, the whole in one sentence, and a line for each week or time without work.

    Between them stands what else happened: who left and came, sickness, courses. Raises NobodyThere for a number that
    no officer of this history has.
    """
    post, work = post_of(chronicle, officer), work_of(chronicle, officer)
    events = chronicle.events
    dated = [
        *(
            (chronicle.date(day), f"{chronicle.on(day)}: {what}")
            for day, what in happenings(post, events, chronicle.end)
        ),
        *_weeks(chronicle, post, work),
    ]
    return [
        f"Officer {officer} of {'the surge team of ' if post.surge else ''}{printable(post.team)}: "
        f"{chronicle.of_this_history()}",
        f"{NO_REAL_PERSON} {_HOURS}{_persons(post)}",
        f"In all: {_hours_words(work)}.",
        *(line for _, line in sorted(dated, key=lambda entry: entry[0])),
    ]


def post_of(chronicle: Chronicle, officer: int) -> Post:
    """The post that bears a number. Raises NobodyThere if none does."""
    last = len(chronicle.posts) - 1
    if not 0 <= officer <= last:
        there = f"has officers 0 to {last}" if last >= 0 else "has no officers"
        raise NobodyThere(f"There is no officer {officer}; replication {chronicle.replication} {there}.")
    return chronicle.posts[officer]


def work_of(chronicle: Chronicle, officer: int) -> pd.DataFrame:
    """An officer's work: the events, with this officer's `hours` and the `monday` of the week."""
    events = chronicle.events
    mine = (events["officer"] == officer) | (events["colleague"] == officer)
    work = events[mine & (events["minutes"] > 0)].copy()
    work["hours"] = work["minutes"] / 60 / (1 + (work["colleague"] >= 0))
    work["monday"] = [_monday(chronicle.date(day)) for day in work["day"]]
    return work


def _persons(post: Post) -> str:
    """How many bore the number one after the other."""
    persons = len(post.joined) + (not post.was(VACANT, 0, post.joined[0])) if post.joined else 1
    return f" The number is that of a post, in which were {counted(persons, 'person')} in turn." if persons > 1 else ""


def _monday(date: dt.date) -> dt.date:
    return date - dt.timedelta(date.weekday())


def _weeks(chronicle: Chronicle, post: Post, work: pd.DataFrame) -> Iterator[tuple[dt.date, str]]:
    """A line for each week with work, and one for each time without, with the date on which it begins."""
    first, last = chronicle.scenario.start, chronicle.scenario.end
    free_from = first
    for monday, week in work.groupby("monday"):
        if monday > free_from:
            yield free_from, _without_work(chronicle, post, free_from, monday - dt.timedelta(1))
        begins = max(monday, first)
        yield begins, f"Week of {day_words(begins)}: {_hours_words(week)}. {_what(week)}.{_with(week, post.number)}"
        free_from = monday + dt.timedelta(7)
    if free_from <= last:
        yield free_from, _without_work(chronicle, post, free_from, last)


def _without_work(chronicle: Chronicle, post: Post, first: dt.date, last: dt.date) -> str:
    begins, ends = ((date - chronicle.scenario.start).days for date in (first, last + dt.timedelta(1)))
    shifts = [time for time in chronicle.shifts if begins <= time < ends]
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
    return f" With {noun} {listed([str(other) for other in others])}." if others else ""
