"""What a difference means, in a planner's words: `fewer overdue high-risk visits: −14 (−19 to −9)`."""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd

from sim.experiment.paired import LESS, MORE, SAME, UNKNOWN, UNTOLD
from sim.measure import METRICS
from sim.report.words import PER_CENT

MINUS = "−"
POINTS = "\u00a0points"
"""Of per cent, the unit of a difference between shares."""
DAYS = "\u00a0days"


class Phrase(NamedTuple):
    """How a metric is spoken of: a noun with a place for the risk level, and the words for less and more of it."""

    noun: str
    less: str = "fewer"
    more: str = "more"


PHRASES = {
    "overdue_visits": Phrase("overdue {risk}visits"),
    "overdue_reviews": Phrase("overdue {risk}reviews"),
    "overdue_visits_share": Phrase("share of {risk}visits overdue", "smaller", "larger"),
    "oldest_overdue_visit_days": Phrase("delay of the oldest overdue {risk}visit", "shorter", "longer"),
    "longest_unseen_days": Phrase("longest time that any {risk}offender is unseen", "shorter", "longer"),
    "unallocated_offenders": Phrase("{risk}offenders without an officer"),
    "visit_coverage": Phrase("share of {risk}visits in date", "smaller", "larger"),
    "risk_coverage": Phrase("share of {risk}visits in date, weighted by risk", "smaller", "larger"),
    "unannounced_coverage": Phrase("share of {risk}offenders seen unannounced within a year", "smaller", "larger"),
    "workload_ratio": Phrase("share of the hours there are that the work wants", "smaller", "larger"),
    "caseload_per_officer": Phrase("offenders for each officer"),
    "breach_detection_days": Phrase("time to find a {risk}breach", "shorter", "longer"),
    "latent_breach_days": Phrase("days of {risk}breaches undiscovered"),
    "hidden_risk_days": Phrase("days of hidden {risk}risk"),
    "recovery_date": Phrase("recovery of {risk}visits", "earlier", "later"),
    "hours_worked": Phrase("hours worked for the caseload"),
    "supervisor_hours": Phrase("hours of supervisors for {risk}checks"),
}
"""Metrics with words of their own; of the others the title is lowered into a noun."""

_COUNTED = ("offenders", "visits", "reviews", "officers", "posts", "breaches", "enquiries", "hours", "records")


def phrase(metric: str, group: str = "total") -> Phrase:
    """How a metric is spoken of, at a risk level or in total."""
    found = PHRASES.get(metric)
    risk = "" if group == "total" else f"{group.replace('_', '-')}-risk "
    if found is None:
        title = METRICS[metric].title
        noun = (title if title.split()[0].isupper() else title[0].lower() + title[1:]).replace("{", "").replace("}", "")
        counted = METRICS[metric].unit in _COUNTED
        found = Phrase(f"{{risk}}{noun}", *(("fewer", "more") if counted else ("lower", "higher")))
    return found._replace(noun=found.noun.format(risk=risk))


def is_share(metric: str) -> bool:
    """Is it told in per cent?"""
    return METRICS[metric].unit in ("share", "ratio")


def signed(metric: str, row: pd.Series, names: tuple[str, ...] = ("mean", "low", "high")) -> list[str]:
    """The mean difference and its bounds with their signs, all with as many decimals as the interval is fine."""
    numbers = [100 * row[name] if is_share(metric) else row[name] for name in names]
    known = [abs(number) for number in numbers if math.isfinite(number)]
    width = abs(numbers[-1] - numbers[1]) if len(numbers) > 2 and len(known) == len(numbers) else max(known, default=0)
    decimals = 0 if width >= 10 or (max(known, default=0) >= 100 and width >= 1) else 1 if width >= 0.5 else 2
    while decimals < 3 and row["verdict"] in (LESS, MORE) and any(round(number, decimals) == 0 for number in numbers):
        decimals += 1  # a bound clear of zero must not be written as zero
    return [_signed(number, decimals) for number in numbers]


def _signed(number: float, decimals: int) -> str:
    if not math.isfinite(number):
        return "–"
    rounded = round(number, decimals) + 0.0
    if rounded == 0:
        return "0"
    return f"{'+' if rounded > 0 else MINUS}{abs(rounded):,.{decimals}f}"


def difference_words(metric: str, row: pd.Series, *, with_unit: bool = True) -> str:
    """`−14 (−19 to −9)`, `−34 days (−59 to −10)`; of shares in points of per cent: `−1.2 points (−1.4 to −1.0)`."""
    mean, low, high = signed(metric, row)
    if mean == "–":
        return "–"
    unit = POINTS if is_share(metric) else DAYS if METRICS[metric].unit == "days" and with_unit else ""
    return f"{mean}{unit}" if low == "–" or low == high else f"{mean}{unit} ({low} to {high})"


def verdict_words(metric: str, group: str, row: pd.Series) -> str:
    """The verdict as a sentence without a stop; a count or a share at the end or on average is the caller's to say."""
    noun, less, more = phrase(metric, group)
    verdict = row["verdict"]
    if verdict == SAME:
        return f"{noun}: no difference in any of {pairs_words(row['n'])}"
    if verdict in (LESS, MORE):
        return f"{less if verdict == LESS else more} {noun}: {difference_words(metric, row)}"
    if verdict == UNKNOWN:
        return (
            f"{noun}: not known" if row["n"] < 1 else f"{noun}: {difference_words(metric, row)}; one pair cannot tell"
        )
    return f"{noun}: {difference_words(metric, row)}; {untold_words(row)}"


def untold_words(row: pd.Series) -> str:
    """`cannot tell with 30 replications; about 85 would do`."""
    return f"cannot tell with {int(row['n']):,} replications; {would_do_words(row)}"


def would_do_words(row: pd.Series) -> str:
    """`about 85 would do`, where it cannot tell; else nothing."""
    if row["verdict"] != UNTOLD:
        return ""
    replications = row["would_do"]
    if not math.isfinite(replications):
        return "no number would do for a difference as small as this"
    if replications > 10_000:
        return "more than 10,000 would be needed for a difference as small as this"
    return f"about {_rounded_up(replications):,} would do"


def _rounded_up(replications: float) -> int:
    """To two digits, upwards: 85, 230, 1,300."""
    step = 10 ** max(0, math.floor(math.log10(max(replications, 1))) - 1)
    return math.ceil(replications / step) * step


def pairs_words(pairs: float) -> str:
    """`30 pairs`"""
    return "one pair" if pairs == 1 else f"{int(pairs):,} pairs"


def short_verdict(metric: str, group: str, row: pd.Series) -> str:
    """One or two words for a table: `fewer`, `cannot tell`, `no difference`."""
    _, less, more = phrase(metric, group)
    return {LESS: less, MORE: more, SAME: "no difference", UNTOLD: "cannot tell", UNKNOWN: "not known"}[row["verdict"]]


def judged(metric: str, row: pd.Series) -> str:
    """`better`, `worse`, or nothing where neither can be said."""
    way = METRICS[metric].better
    if row["verdict"] not in (LESS, MORE) or way == "neither":
        return ""
    return "better" if (row["verdict"] == LESS) == (way == "lower") else "worse"


def level_words(metric: str, value: float) -> str:
    """A level beside a difference: `2,690` or `36.0 %`."""
    if not math.isfinite(value):
        return "–"
    if is_share(metric):
        return f"{100 * value:.1f}{PER_CENT}"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:,.1f}"
