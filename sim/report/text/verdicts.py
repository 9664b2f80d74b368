"""What a difference means, in a planner's words: `fewer overdue high-risk visits: −14 (−19 to −9)`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from sim.measure import METRICS
from sim.measure.metric import SHARES
from sim.report.text.words import same_in_all
from sim.runs.intervals import PER_CENT, SAME_IN_ALL
from sim.studies.compare import in_tenths
from sim.studies.paired import FEW, LESS, MORE, NOT_CLEAR, SAME, TRIVIAL, UNKNOWN, UNTESTED
from sim.studies.price import MOVES_BY, denominator_of

MINUS = "−"


class Phrase(NamedTuple):
    """How a metric is spoken of: a noun with a place for the risk level, and the words for less and more of it."""

    noun: str
    less: str = "fewer"
    more: str = "more"


PHRASES = {
    "overdue_visits": Phrase("overdue {risk}visits"),
    "overdue_reviews": Phrase("overdue {risk}reviews"),
    "overdue_visits_share": Phrase("share of {risk}visits overdue", "smaller", "larger"),
    "oldest_overdue_visit_days": Phrase("days overdue of the oldest overdue {risk}visit"),
    "longest_unseen_days": Phrase("longest time that any {risk}offender has not been seen", "shorter", "longer"),
    "unallocated_offenders": Phrase("{risk}offenders without an officer"),
    "visit_coverage": Phrase("share of {risk}visits in date", "smaller", "larger"),
    "risk_coverage": Phrase("share of {risk}visits in date, weighted by risk", "smaller", "larger"),
    "unannounced_coverage": Phrase("share of {risk}offenders seen unannounced within a year", "smaller", "larger"),
    "workload_ratio": Phrase("share of available hours that the work needs", "smaller", "larger"),
    "caseload_per_officer": Phrase("offenders per officer"),
    "breach_detection_days": Phrase("time to find a {risk}breach", "shorter", "longer"),
    "latent_breach_days": Phrase("days of {risk}breaches undiscovered"),
    "hidden_risk_days": Phrase("days of hidden {risk}risk"),
    "recovery_date": Phrase("recovery of {risk}visits", "earlier", "later"),
    "hours_worked": Phrase("hours worked for the caseload"),
    "supervisor_hours": Phrase("hours of supervisors for {risk}checks"),
}
"""Metrics with words of their own; of the others the title is lowered into a noun."""

COUNTED = ("offenders", "visits", "reviews", "officers", "posts", "breaches", "enquiries", "hours", "records")


def phrase(metric: str, group: str = "total") -> Phrase:
    """How a metric is spoken of, at a risk level or in total."""
    found = PHRASES.get(metric)
    if found is None:
        title = METRICS[metric].title
        noun = (title if title.split()[0].isupper() else title[0].lower() + title[1:]).replace("{", "").replace("}", "")
        ways = ("fewer", "more") if METRICS[metric].unit in COUNTED else ("lower", "higher")
        found = Phrase(f"{{risk}}{noun}", *ways)
    risk = "" if group == "total" else f"{group.replace('_', '-')}-risk "
    return found._replace(noun=found.noun.format(risk=risk))


def is_share(metric: str) -> bool:
    return METRICS[metric].unit in SHARES


def _with_decimals(unit: str, row: pd.Series) -> list[str]:
    """The mean difference and its bounds with their signs, all with as many decimals as the interval is fine."""
    if unit == "£":
        return [_signed(row[name], money_words) for name in ("mean", "low", "high")]
    numbers = [100 * row[name] if unit in SHARES else row[name] for name in ("mean", "low", "high")]
    known = [abs(number) for number in numbers if math.isfinite(number)]
    width = abs(numbers[2] - numbers[1]) if len(known) == len(numbers) else max(known, default=0)
    decimals = 0 if width >= 10 or (max(known, default=0) >= 100 and width >= 1) else 1 if width >= 0.5 else 2
    if len(known) == 1 and float(known[0]).is_integer():
        decimals = 0
    clear = len(known) == len(numbers) and (numbers[1] > 0 or numbers[2] < 0)
    while decimals < 3 and clear and any(round(number, decimals) == 0 for number in numbers):
        decimals += 1  # a bound clear of zero must not be written as zero
    step = coarseness(row)
    return [_signed(number, lambda size: f"{step * round(size / step, decimals):,.{decimals}f}") for number in numbers]


def coarseness(row: pd.Series) -> int:
    """The step to which numbers with a wide interval are rounded: 100 where it is thousands wide."""
    width = row["high"] - row["low"]
    return 10 ** (math.floor(math.log10(width)) - 1) if math.isfinite(width) and width >= 1000 else 1


def _signed(number: float, words: Callable[[float], str]) -> str:
    """A number with its sign, and `0` without one, also where it is rounded to zero."""
    if not math.isfinite(number):
        return "–"
    size = words(abs(number))
    return f"{'+' if number > 0 else MINUS}{size}" if size.strip("£0.") else size.split(".")[0]


def difference_words(metric: str, row: pd.Series, *, with_unit: bool = True) -> str:
    """`−14 (−19 to −9)`, `−34 days (−59 to −10)`; of shares in points of per cent: `−1.2 points (−1.4 to −1.0)`."""
    return with_signs(METRICS[metric].unit, row, with_unit=with_unit)


def with_signs(unit: str, row: pd.Series, *, with_unit: bool = True) -> str:
    """A difference in some unit with its interval; where all pairs are equal that they are, as there is no interval."""
    if row["verdict"] == FEW:
        return f"only {int(row['n']):,} of {int(row['pairs']):,} replications have a value"
    mean, low, high = _with_decimals(unit, row)
    if mean == "–":
        return mean
    mean += "\u00a0points" if unit in SHARES else "\u00a0days" if unit == "days" and with_unit else ""
    if low == "–" and row["n"] > 1:
        return f"{mean} ({SAME_IN_ALL} {int(row['n']):,})"
    return mean if low in ("–", high) else f"{mean} ({low} to {high})"


def money_words(pounds: float) -> str:
    """`£27.0m`, `£1.25m`, `£540,000`: three digits are enough."""
    if abs(pounds) >= 999_500:
        millions = pounds / 1e6
        return f"£{millions:#.3g}m".replace(".m", "m") if abs(millions) < 999.5 else f"£{millions:,.0f}m"
    step = 10 ** max(0, math.floor(math.log10(max(abs(pounds), 1))) - 2)
    return f"£{step * round(pounds / step):,}"


def verdict_words(metric: str, group: str, row: pd.Series) -> str:
    """The verdict as a sentence without a stop; at the end or on average is for the caller to say."""
    noun, less, more = phrase(metric, group)
    verdict, found = row["verdict"], difference_words(metric, row)
    if verdict in (LESS, MORE):
        return f"{less if verdict == LESS else more} {noun}: {found}"
    if verdict == SAME:
        found = same_words(row)
    elif verdict == UNKNOWN:
        found = "not known" if row["n"] < 1 else f"{found}; one replication gives no interval"
    elif verdict == TRIVIAL:
        found = f"{TRIVIAL}, {found}"
    elif verdict == NOT_CLEAR:
        found += f"; {NOT_CLEAR} with {int(row['n']):,} replications; {needed_words(row)}"
    return f"{noun}: {found}"


def same_words(row: pd.Series) -> str:
    """`the same in all 30 replications (at most 10% of others would differ)`"""
    return "the same in the only replication" if row["n"] == 1 else same_in_all(int(row["n"]))


def needed_words(row: pd.Series) -> str:
    """`at least 40 would be needed, about 85 if it is as large as seen`, where it is not clear; else nothing."""
    if row["verdict"] != NOT_CLEAR:
        return ""
    least, seen = max(row["needed_least"], row["n"] + 1), row["needed"]
    if not math.isfinite(row["needed_least"]):
        return "how many would be needed is not known"
    most = f"at least {_rounded_up(least):,} would be needed"
    if not math.isfinite(seen):
        return f"{most}, and no number if it is as small as seen"
    if seen > 10_000:
        return f"{most}, more than 10,000 if it is as small as seen"
    return most if seen <= least else f"{most}, about {_rounded_up(seen):,} if it is as large as seen"


def _rounded_up(replications: float) -> int:
    """To two digits, upwards: 85, 230, 1,300."""
    step = 10 ** max(0, math.floor(math.log10(max(replications, 1))) - 1)
    return math.ceil(replications / step) * step


def short_verdict(metric: str, group: str, row: pd.Series) -> str:
    """One or two words for a table: `fewer`, `no clear difference`; nothing for a measure without a verdict."""
    _, less, more = phrase(metric, group)
    words = {LESS: less, MORE: more, SAME: "the same", UNKNOWN: "not known", UNTESTED: "", FEW: ""}
    return words.get(row["verdict"], row["verdict"])


class DenominatorChange(NamedTuple):
    """`630 fewer are to be visited`: how what a measure is a part of changes; without words if it does not clearly."""

    words: str = ""
    fewer: bool = False
    to_be_visited: bool = False


def denominator_change(metric: str, group: str, denominators: pd.DataFrame) -> DenominatorChange:
    """How what the measure is a part of changes, if that is clear and by more than a twentieth."""
    of = denominator_of(metric, group)
    if of is None or of not in denominators.index:
        return DenominatorChange()
    row = denominators.loc[of]
    clear = row["low"] > 0 or row["high"] < 0 or (row["deviation"] == 0 and row["mean"] != 0)
    if not clear or abs(row["mean"]) <= MOVES_BY * abs(row["base"]):
        return DenominatorChange()
    number, fewer = abs(row["mean"]), row["mean"] < 0
    less = f"{number:,.{0 if number >= 10 else 1}f} {'fewer' if fewer else 'more'}"
    if of[0] == "in post":
        on_average = " on average" if of[1] == "average" else ""
        return DenominatorChange(f"{less} officers are in post{on_average}", fewer)
    if of[0] == "breaches":
        return DenominatorChange(f"{less} breaches are to be found", fewer)
    return DenominatorChange(f"{less} are to be visited", fewer, to_be_visited=True)


def explained(metric: str, row: pd.Series, change: DenominatorChange) -> str:
    """The change of what a measure is a part of, joined to its sentence: a reason only if both go the same way."""
    if not change.words:
        return ""
    if row["verdict"] not in (LESS, MORE) or METRICS[metric].unit in SHARES or not change.to_be_visited:
        return f"; {change.words}"
    same_way = (row["verdict"] == LESS) == change.fewer
    return f", not least because {change.words}" if same_way else f", although {change.words}"


def judged(metric: str, row: pd.Series) -> str:
    """`better`, `worse`, or nothing where neither can be said."""
    way = METRICS[metric].better
    if row["verdict"] not in (LESS, MORE) or way == "neither":
        return ""
    return "better" if (row["verdict"] == LESS) == (way == "lower") else "worse"


def level_words(metric: str, value: float) -> str:
    """A level beside a difference: `2,690` or `36.0%`."""
    if not math.isfinite(value):
        return "–"
    if is_share(metric):
        return f"{100 * value:.1f}{PER_CENT}"
    return f"{value:,.{int(in_tenths(value, False))}f}"
