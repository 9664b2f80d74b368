"""Numbers, dates and developments in a planner's words."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

import pandas as pd

from sim.report.text.effort import pluralise
from sim.runs.intervals import (
    ROSE,
    ROUGH_BELOW,
    STEADY,
    UNCLEAR,
    UNKNOWN,
    Interval,
    Trend,
    share_excluded,
    stored_interval,
)
from sim.scenario.balance import DAYS_PER_YEAR
from sim.scenario.domain import RISKS

RISK_WORDS = {level.name: level.words for level in RISKS}

BACKLOG = {
    "overdue_visits": "Overdue visits",
    "overdue_reviews": "Overdue reviews",
    "oldest_overdue_visit_days": "Oldest visit, days",
}
"""What is shown of the backlog by recorded risk, with the headings of a table."""

PER_CENT = "%"


SAME_IN_ALL = "same in all"
"""Stands in the brackets where there is no interval, as all replications are equal."""

Style = Callable[[float | None], str]


def whole(number: float | None) -> str:
    """1,234, as offenders and days are counted in whole ones."""
    return f"{round(number) + 0:,}" if number is not None and math.isfinite(number) else "–"


def tenths(number: float | None) -> str:
    """56.4"""
    return f"{number:,.1f}" if number is not None and math.isfinite(number) else "–"


def percent(share: float | None) -> str:
    """20.9 for a share of 0.209; the caller writes the sign."""
    return tenths(None if share is None else 100 * share)


def precision_of(style: Style) -> float:
    """The step in which a style shows a number: 1, 0.1, or of a share 0.001."""
    return {whole: 1.0, tenths: 0.1, percent: 0.001}[style]


def with_interval(interval: Interval, style: Style = whole, unit: str = "", most: float = math.inf) -> str:
    """`1,234 (1,190 to 1,278)`, with the unit after the mean; only the mean if the bounds say no more.

    With few replications the bounds may lie where nothing can be, below zero or above `most`; they end there. Where
    all replications are equal there is no interval: `7 (same in all 30)`, and `same_in_all` says what that excludes.
    """
    if interval.mean is None:
        return "–"
    mean = style(interval.mean)
    if interval.all_equal:
        return f"{mean}{unit} ({SAME_IN_ALL} {interval.n:,})"
    if interval.low is None or interval.high is None or style(interval.low) == mean == style(interval.high):
        return f"{mean}{unit}"
    return f"{mean}{unit} ({style(max(0.0, interval.low))} to {style(min(most, interval.high))})"


def same_in_all(n: int, what: str = "replications") -> str:
    """`the same in all 10 replications (at most 26% of others would differ)`."""
    return f"the same in all {n:,} {what} (at most {_excluded(n)} of others would differ)"


def _excluded(n: int) -> str:
    """`26%`, `0.3%`"""
    share = 100 * share_excluded(n)
    return f"{share:.0f}%" if share >= 1 else f"{max(share, 0.1):.1f}%"


def interval_words(replications: int, shown: str = SAME_IN_ALL) -> str:
    """What the brackets hold: `In brackets: 95% confidence interval of the mean over 30 replications.`

    If what is `shown` has a number that is the same in all of them, also what that excludes.
    """
    if replications == 1:
        return "One replication: no interval can be given."
    words = f"In brackets: 95% confidence interval of the mean over {replications:,} replications."
    if replications < ROUGH_BELOW:
        words += f" With fewer than {ROUGH_BELOW} replications it is a rough one."
    if SAME_IN_ALL in shown:
        words += f" “Same in all {replications:,}”: at most {_excluded(replications)} of others would differ."
    return words


def too_few(interval: Interval, of: int) -> bool:
    """Has so small a part of the replications a value that only their number can be given?"""
    return 0 < interval.n < min(ROUGH_BELOW, of)


def few_words(interval: Interval, of: int) -> str:
    """`known in 2 of 30 replications only`"""
    return f"known in {interval.n:,} of {of:,} replications only"


def plus_minus(value: Interval, style: Style = whole, unit: str = "", *, signed: bool = False) -> str:
    """`1,234 ±46`, `60.1% ±0.4`, or a difference with its sign: `−310 ±52`; a half-width is never written as zero."""
    if value.mean is None:
        return "–"
    sign = ("+" if value.mean >= 0 else "−") if signed else ""
    mean = f"{sign}{style(abs(value.mean))}{unit}"
    if value.all_equal:
        return f"{mean} ({SAME_IN_ALL} {value.n:,})"
    if value.low is None or value.high is None:
        return mean
    half = (value.high - value.low) / 2
    if half >= precision_of(style) / 2:
        return f"{mean} ±{style(half)}"
    return f"{mean} ±{half * (100 if style is percent else 1):.1g}"


def share_with_interval(interval: Interval) -> str:
    """`20.9% (20.1 to 21.7)` for the share of a whole."""
    return with_interval(interval, percent, PER_CENT, most=1)


def day_words(date: dt.date) -> str:
    """31 August 2027"""
    return f"{date.day} {date:%B %Y}"


def span_words(days: float) -> str:
    """The length of a period as people say it: `three years`, `18 months`, `10 weeks`, `one day`."""
    for unit, length in (("year", DAYS_PER_YEAR), ("month", DAYS_PER_YEAR / 12), ("week", 7)):
        number = round(days / length)
        if number and abs(days - number * length) < max(2, 0.004 * days) and (number > 1 or unit == "year"):
            return pluralise(number, unit)
    return pluralise(round(days), "day")


def capital(words: str) -> str:
    """The words with a capital letter, the others as they are."""
    return f"{words[0].upper()}{words[1:]}"


def plural(kind: str) -> str:
    """A kind of work, several times."""
    words = kind.replace("_", " ")
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"


def clearly_differ(first: Interval, second: Interval) -> bool:
    """Do the intervals of two means leave a gap between them? With one replication each there are none: then yes."""
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return True
    return first.high < second.low or second.high < first.low


def development(weeks: pd.DataFrame, went: Trend, span: str, style: Style = whole, unit: str = "") -> str:
    """What a weekly mean does over the span: `grow from 910 to 1,480 in three years`, `fall from …`, `stay at about …`.

    `weeks` has the columns date and mean, first week first; `went` is the trend from the first to the last, which
    alone decides on a rise or a fall. A peak clearly above both ends, and a quarter higher than they are, is named,
    because the ends alone would hide it: `peak at 2,100 in April 2025 and end at 480`.
    """
    known = weeks.dropna(subset="mean")
    if known.empty or went.verdict == UNKNOWN:
        return "are not known"

    def words(number: float | None) -> str:
        return f"{style(number)}{unit}"

    if known["mean"].min() == known["mean"].max():
        return f"stay at {words(known['mean'].iloc[0])} for {span}"
    first, last, larger = words(went.first), words(went.last), max(went.first, went.last)
    peak = int(known["mean"].argmax())
    highest = week_interval(known, peak)
    above = (highest.mean or 0.0) > 1.25 * larger and words(highest.mean) != words(larger)
    if above and all(clearly_differ(highest, week_interval(known, end)) for end in (0, -1)):
        return f"peak at {words(highest.mean)} in {known['date'].iloc[peak]:%B %Y} and end at {last}"
    if went.verdict == STEADY:
        return f"stay at about {words((went.first + went.last) / 2)} for {span}"
    if went.verdict == UNCLEAR:
        return f"begin at {first} and end at {last}, no clear difference"
    return f"{'grow' if went.verdict == ROSE else 'fall'} from {first} to {last} in {span}"


def week_interval(weeks: pd.DataFrame, number: int) -> Interval:
    """The interval of one week; without bounds where the table has none."""
    row = weeks.iloc[number]
    return stored_interval(row["mean"], row.get("low", math.nan), row.get("high", math.nan), row.get("n", 0))
