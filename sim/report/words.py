"""Numbers, dates and developments in a planner's words."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

import pandas as pd

from sim.experiment.intervals import Interval, stored_interval
from sim.scenario.balance import DAYS_PER_YEAR

RISK_WORDS = {"low": "Low", "medium": "Medium", "high": "High", "very_high": "Very high"}

PER_CENT = "\u00a0%"
"""With a space that no line may be broken at."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_STAYS_WITHIN = 0.05
"""A change of less than this share is not called a rise or a fall."""
_PEAKS_ABOVE = 1.25
"""A backlog is said to peak if it stood this many times above both its first and its last value."""

Style = Callable[[float], str]


def whole(number: float | None) -> str:
    """1,234, as offenders and days are counted in whole ones."""
    return f"{round(number) + 0:,}" if number is not None and math.isfinite(number) else "–"


def tenths(number: float | None) -> str:
    """56.4"""
    return f"{number:,.1f}" if number is not None and math.isfinite(number) else "–"


def percent(share: float | None) -> str:
    """20.9 for a share of 0.209; the sign is written by whoever uses it."""
    return tenths(None if share is None else 100 * share)


def with_interval(interval: Interval, style: Style = whole, unit: str = "", most: float = math.inf) -> str:
    """`1,234 (1,190 to 1,278)`, with the unit after the mean; only the mean if the bounds say no more.

    With few replications the bounds may lie where nothing can be, below zero or above `most`; they end there.
    """
    if interval.mean is None:
        return "–"
    mean = style(interval.mean)
    if interval.low is None or interval.high is None or style(interval.low) == mean == style(interval.high):
        return f"{mean}{unit}"
    return f"{mean}{unit} ({style(max(0.0, interval.low))} to {style(min(most, interval.high))})"


def share_with_interval(interval: Interval) -> str:
    """`20.9 % (20.1 to 21.7)` for the share of a whole."""
    return with_interval(interval, percent, PER_CENT, most=1)


def day_words(date: dt.date) -> str:
    """31 August 2027"""
    return f"{date.day} {date:%B %Y}"


def span_words(days: float) -> str:
    """The length of a period as people say it: `three years`, `18 months`, `10 weeks`, `one day`."""
    for unit, length in (("year", DAYS_PER_YEAR), ("month", DAYS_PER_YEAR / 12), ("week", 7)):
        number = round(days / length)
        if number and abs(days - number * length) < max(2, 0.004 * days) and (number > 1 or unit == "year"):
            return counted(number, unit)
    return counted(round(days), "day")


def counted(number: int, noun: str) -> str:
    """`one day`, `three years`, `18 months`."""
    word = _NUMBERS[number] if 0 < number < len(_NUMBERS) else f"{number:,}"
    return f"{word} {noun}{'' if number == 1 else 's'}"


def plural(kind: str) -> str:
    """A kind of work, several times."""
    words = kind.replace("_", " ")
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"


def about_the_same(first: float, last: float, style: Style = whole) -> bool:
    """Is a change too small to be called a rise or a fall?"""
    return style(first) == style(last) or abs(last - first) < _STAYS_WITHIN * max(first, last)


def told_apart(one: Interval, other: Interval) -> bool:
    """Do the intervals of two means leave a gap between them? With one history each there are none: then yes."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return True
    return one.high < other.low or other.high < one.low


def development(weeks: pd.DataFrame, span: str, style: Style = whole, unit: str = "") -> str:
    """What a weekly mean does over the span: `grow from 910 to 1,480 in three years`, `fall from …`, `stay at about …`.

    `weeks` has the columns date and mean, first week first; with low and high too, a rise or a fall is called one only
    if the intervals of the first and the last week do not overlap. A detour above both ends is named, because the ends
    alone would hide it: `peak at 2,100 in April 2025 and end at 480`.
    """
    known = weeks.dropna(subset="mean")
    if known.empty:
        return "are not known"
    if known["mean"].min() == known["mean"].max():
        return f"stay at {style(known['mean'].iloc[0])}{unit} for {span}"
    first, last = known["mean"].iloc[0], known["mean"].iloc[-1]
    highest = known.loc[known["mean"].idxmax()]
    if highest["mean"] > _PEAKS_ABOVE * max(first, last) and style(highest["mean"]) != style(max(first, last)):
        return f"peak at {style(highest['mean'])}{unit} in {highest['date']:%B %Y} and end at {style(last)}{unit}"
    if about_the_same(first, last, style):
        return f"stay at about {style((first + last) / 2)}{unit} for {span}"
    if not told_apart(week_interval(known, 0), week_interval(known, -1)):
        return f"begin at {style(first)}{unit} and end at {style(last)}{unit}, which cannot be told apart"
    verb = "grow" if last > first else "fall"
    return f"{verb} from {style(first)}{unit} to {style(last)}{unit} in {span}"


def week_interval(weeks: pd.DataFrame, number: int) -> Interval:
    """The interval of one week; without bounds where the table has none."""
    row = weeks.iloc[number]
    return stored_interval(row["mean"], row.get("low", math.nan), row.get("high", math.nan), row.get("n", 0))
