"""The answer of a run in sentences: how big the backlog is, which risk it holds, how old its oldest item is.

Each sentence is made from the numbers it speaks of. More or fewer than on the first day is said only where the trend
(`sim.runs.trend`) is clear, and a share is called the largest only where the 95% intervals leave a gap.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.text.words import (
    RISK_WORDS,
    SAME_IN_ALL,
    Style,
    clearly_differ,
    day_words,
    development,
    interval_words,
    precision_of,
    share_with_interval,
    span_words,
    week_interval,
    whole,
    with_interval,
)
from sim.runs.intervals import Interval
from sim.runs.result import RunResult
from sim.runs.trend import ROSE, STEADY, UNCLEAR, UNKNOWN, Trend
from sim.scenario.domain import GRAVE, GRAVEST
from sim.scenario.source.faults import join_words

Answer = tuple[tuple[str, str], ...]
"""What is asked and the sentence that answers it."""


def answer(result: RunResult) -> Answer:
    """What inspectors ask for, in three sentences."""
    return (
        ("How big it is", size_sentence(result)),
        ("Which risk it holds", risk_sentence(result)),
        ("How old it is", age_sentence(result)),
    )


def how_sure(replications: int, shown: str = SAME_IN_ALL) -> str:
    """What the brackets of what is `shown` mean, and what they do not tell."""
    if replications == 1:
        return "This is one replication: no interval can be given. Another would differ, by chance alone."
    brackets = interval_words(replications, shown)
    return (
        f"The first figure is the average of all replications. {brackets} The interval shows the effect of chance, not "
        "how far the assumptions are off."
    )


def developed(result: RunResult, metric: str, style: Style = whole, unit: str = "", *, group: str = "total") -> str:
    """What a metric did over the horizon: `grow from 910 to 1,480 in three years`."""
    went = result.trend(metric, group=group, precision=precision_of(style))
    return development(result.weeks(metric, group), went, span_words(result.scenario.horizon_days), style, unit)


def size_sentence(result: RunResult) -> str:
    """How many visits are overdue at the end, of how many, and whether that is more than on the first day."""
    overdue, on_day = result.value("overdue_visits"), f"On {day_words(result.scenario.end)}"
    if overdue.mean is None:
        return f"{on_day} it is not known how many visits are overdue."
    before = compared(result.trend("overdue_visits"), week_interval(result.weeks("overdue_visits"), 0))
    if overdue.mean == 0:
        return f"{on_day} no visit is overdue, {before}."
    share = share_with_interval(result.value("overdue_visits_share"))
    return f"{on_day} {_overdue(overdue)}, {share} of the offenders who should be visited; that is {before}."


def _overdue(number: Interval) -> str:
    """`2,690 visits (2,654 to 2,725) are overdue`"""
    mean, _, bounds = with_interval(number).partition(" ")
    if mean == "0":
        mean = "fewer than one"
    one = mean in ("1", "fewer than one")
    return " ".join(filter(None, [mean, "visit" if one else "visits", bounds, "is overdue" if one else "are overdue"]))


def compared(went: Trend, before: Interval) -> str:
    """`more than on the first day, 1,316 (1,305 to 1,327)`, or fewer, or about as many, or no clear difference."""
    if went.verdict == UNKNOWN:
        return "not to be compared with the first day"
    then = with_interval(before)
    if went.verdict == STEADY:
        if went.first == went.last:
            return "as many as on the first day" if went.last else "and none was on the first day"
        return f"about as many as on the first day, {then}"
    if went.verdict == UNCLEAR:
        return f"no clear difference from the first day, {then}"
    return f"{'more' if went.verdict == ROSE else 'fewer'} than on the first day, {then}"


def risk_sentence(result: RunResult) -> str:
    """How many of the overdue visits are of high and very high risk, and where the share overdue is largest."""
    overdue = {risk: result.value("overdue_visits", risk) for risk in reversed(RISK_WORDS)}
    if not any(number.mean for number in overdue.values()):
        return "Nothing is overdue at any risk level."
    grave = [
        f"{with_interval(overdue[risk])}{' are' * (risk == GRAVEST)} of {RISK_WORDS[risk].lower()}" for risk in GRAVE
    ]
    shares = {risk: result.value("overdue_visits_share", risk) for risk in overdue}
    return f"Of the overdue visits {join_words(grave)} risk. {largest_share(shares)}"


def largest_share(shares: dict[str, Interval]) -> str:
    """At which risk level the share overdue is largest, as far as the levels clearly differ."""
    known = {risk: share for risk, share in shares.items() if share.mean is not None}
    if not known:
        return "At no risk level is there anybody to be visited."
    top = max(known.values(), key=lambda share: share.mean or 0.0)
    tied = [risk for risk, share in known.items() if share is top or not _differs(share, top)]
    if len(tied) == len(known) > 1:
        return f"The shares overdue at {_levels(tied)} risk show no clear difference: {_shares(known, tied)}."
    if len(tied) > 1:
        return (
            f"The share overdue is largest at {_levels(tied)} risk, with no clear difference between them: "
            f"{_shares(known, tied)}."
        )
    only = "" if len(known) > 1 else ", the only level at which anybody is to be visited"
    return f"The share overdue is largest at {_levels(tied)} risk{only}: {_shares(known, tied)}."


def _differs(one: Interval, other: Interval) -> bool:
    return share_with_interval(one) != share_with_interval(other) and clearly_differ(one, other)


def _levels(risks: Sequence[str]) -> str:
    return join_words([RISK_WORDS[risk].lower() for risk in risks])


def _shares(shares: dict[str, Interval], risks: Sequence[str]) -> str:
    return join_words([share_with_interval(shares[risk]) for risk in risks])


def age_sentence(result: RunResult) -> str:
    """How late the oldest overdue visit is, and how long ago anybody was last seen."""
    oldest, gravest = (result.value("oldest_overdue_visit_days", group) for group in ("total", GRAVEST))
    unseen = result.value("longest_unseen_days")
    if oldest.mean:
        late = f"The oldest overdue visit is {_days(oldest)} late"
        late += f", the oldest of {RISK_WORDS[GRAVEST].lower()} risk {_days(gravest)}" if gravest.mean else ""
    else:
        late = "No visit is late"
    if not unseen.mean:
        return f"{late}."
    return f"{late}; the offender unseen for longest was last seen {_days(unseen)} before."


def _days(number: Interval) -> str:
    """`642 days (604 to 680)`"""
    mean, _, bounds = with_interval(number).partition(" ")
    return f"{mean} {'day' if whole(number.mean) == '1' else 'days'}{f' {bounds}' if bounds else ''}"
