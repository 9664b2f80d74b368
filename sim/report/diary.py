"""One officer's diary, week by week: hours worked by kind, whom they went to, with whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from sim.report.chronicle import NO_REAL_PERSON, Chronicle, NobodyThere, numbers
from sim.report.unseen import plural
from sim.report.words import day_words
from sim.scenario.faults import listed, printable

_HOURS = "Hours of a crew are shared out evenly; the log does not tell leave, sickness, court and idle hours apart."

DEEDS = {
    ("visit", "seen"): "saw",
    ("visit", "no_contact"): "nobody answered at",
    ("review", "done"): "reviewed",
    ("notification", "done"): "took the notification of",
    ("notification", "missed"): "waited in vain for the notification of",
    ("intake", "done"): "did the intake of",
    ("enquiry", "warning"): "warned",
    ("enquiry", "charge"): "charged",
    ("enquiry", "custody"): "brought into custody",
}
"""What an officer did to whom, by kind of work and its outcome."""


def officer_diary(chronicle: Chronicle, officer: int) -> list[str]:
    """The diary of an officer: a heading, the whole in one sentence, and a line for each week or time without work.

    Raises NobodyThere for a number that no officer of this history has.
    """
    events = chronicle.events
    people = events[["officer", "colleague"] if chronicle.pooled else ["officer", "colleague", "caseload"]]
    last = int(people.to_numpy().max(initial=-1))
    if not 0 <= officer <= last:
        there = f"has officers 0 to {last}" if last >= 0 else "has no officers"
        raise NobodyThere(f"There is no officer {officer}; replication {chronicle.replication} {there}.")
    mine = (events["officer"] == officer) | (events["colleague"] == officer)
    work = events[mine & (events["minutes"] > 0)].copy()
    work["hours"] = work["minutes"] / 60 / (1 + (work["colleague"] >= 0))
    work["monday"] = [_monday(chronicle.date(day)) for day in work["day"]]
    team = f" of {printable(work['team'].iloc[0])}" if len(work) else ""
    return [
        f"Officer {officer}{team}: {chronicle.of_this_history()}",
        f"{NO_REAL_PERSON} {_HOURS}",
        f"In all: {_hours_words(work)}.",
        *_weeks(chronicle, officer, work),
    ]


def _monday(date: dt.date) -> dt.date:
    return date - dt.timedelta(date.weekday())


def _weeks(chronicle: Chronicle, officer: int, work: pd.DataFrame) -> Iterator[str]:
    """A line for each week with work, and one for each time without."""
    first, last = chronicle.scenario.start, chronicle.scenario.end
    free_from = first
    for monday, week in work.groupby("monday"):
        if monday > free_from:
            yield _without_work(free_from, monday - dt.timedelta(1))
        yield f"Week of {day_words(max(monday, first))}: {_hours_words(week)}. {_what(week)}.{_with(week, officer)}"
        free_from = monday + dt.timedelta(7)
    if free_from <= last:
        yield _without_work(free_from, last)


def _without_work(first: dt.date, last: dt.date) -> str:
    return f"{day_words(first)} to {day_words(last)}: no work."


def _hours_words(work: pd.DataFrame) -> str:
    """`24.5 hours: visits 12.1, reviews 12.4`, or `no work`."""
    if work.empty:
        return "no work"
    by_kind = work.groupby("event", observed=True)["hours"].sum().sort_values(ascending=False)
    kinds = ", ".join(f"{plural(kind)} {hours:,.1f}" for kind, hours in by_kind.items())
    return f"{work['hours'].sum():,.1f} hours: {kinds}"


def _what(week: pd.DataFrame) -> str:
    """What was done to whom."""
    done = week.groupby(["event", "outcome"], observed=True)["offender"].apply(list).to_dict()
    sentence = "; ".join(f"{DEEDS[deed]} {numbers(done[deed])}" for deed in sorted(done, key=list(DEEDS).index))
    return sentence[0].upper() + sentence[1:]


def _with(week: pd.DataFrame, officer: int) -> str:
    """Which colleagues came along, or led."""
    crews = week[week["colleague"] >= 0]
    others = sorted({*crews["officer"], *crews["colleague"]} - {officer})
    noun = "officer" if len(others) == 1 else "officers"
    return f" With {noun} {listed([str(other) for other in others])}." if others else ""
