"""Risk levels, intervals, dates and spans in words."""

from __future__ import annotations

import datetime as dt

from sim.report.text.effort import pluralise
from sim.runs.intervals import ROUGH_BELOW, SAME_IN_ALL, share_excluded
from sim.scenario.balance import DAYS_PER_YEAR
from sim.scenario.domain import RISKS

RISK_WORDS = {level.name: level.words for level in RISKS}

HEADINGS = {
    "overdue_visits": "Overdue visits",
    "overdue_reviews": "Overdue reviews",
    "overdue_visits_share": "Share of visits overdue",
    "oldest_overdue_visit_days": "Oldest visit, days",
    "longest_unseen_days": "Longest not seen, days",
}
"""Measures of the backlog, with their headings in every table."""

BACKLOG = {name: HEADINGS[name] for name in ("overdue_visits", "overdue_reviews", "oldest_overdue_visit_days")}
"""What is printed of the backlog by recorded risk, with the headings of the table."""

UNSEEN_TOO = {**BACKLOG, "longest_unseen_days": HEADINGS["longest_unseen_days"]}
"""What pages and study documents show of it."""


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


def day_words(date: dt.date) -> str:
    """31 August 2027"""
    return f"{date.day} {date:%B %Y}"


def midnight_words(midnight: dt.date, end: dt.date) -> str:
    """The date of a midnight; of that which ends the last day `31 August 2027, the end`."""
    return day_words(midnight) if midnight != end else f"{day_words(end - dt.timedelta(1))}, the end"


def span_words(days: float) -> str:
    """The length of a period as people say it: `three years`, `18 months`, `10 weeks`, `one day`."""
    for unit, length in (("year", DAYS_PER_YEAR), ("month", DAYS_PER_YEAR / 12), ("week", 7)):
        number = round(days / length)
        if number and abs(days - number * length) < max(2, 0.004 * days) and (number > 1 or unit == "year"):
            return pluralise(number, unit)
    return pluralise(round(days), "day")


def capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
