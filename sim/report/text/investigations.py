"""What a planner reads of investigations: who waits, the laboratory's queue, and who holds too many crimes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.report.text.words import (
    PER_CENT,
    RISK_WORDS,
    few_words,
    percent,
    share_with_interval,
    tenths,
    too_few,
    whole,
    with_interval,
)
from sim.runs.intervals import Interval
from sim.runs.result import RunResult
from sim.scenario.domain import GRAVE, GRAVEST


def has_metric(result: RunResult, metric: str) -> bool:
    """Has the run this metric? Those of investigations are only where the scenario has investigations."""
    return bool(result.summary["metric"].eq(metric).any())


def investigation_sections(result: RunResult) -> Iterator[tuple[str, list[str]]]:
    """A heading and its sentences for each part that the scenario has."""
    if has_metric(result, "cases_open"):
        yield "Online child abuse", online_abuse_sentences(result)
    if has_metric(result, "crimes_open"):
        yield "Crime investigation", crime_sentences(result)


def _described(
    result: RunResult,
    metric: str,
    words: Callable[[Interval], str],
    group: str = "total",
    statistic: str = "average",
) -> str:
    """A measure in words; only in how many replications it is known if those are few of them."""
    value = result.value(metric, group, statistic)
    return few_words(value, result.replications) if too_few(value, result.replications) else words(value)


def online_abuse_sentences(result: RunResult) -> list[str]:
    """Cases that wait, the laboratory, unmanaged suspects, and how cases end."""
    acted = _described(result, "acted_in_time_share", share_with_interval)
    gravest = result.value("acted_in_time_share", GRAVEST, "average").mean
    within, later, last = (
        _described(result, f"digital_forensics_{span}_share", share_with_interval)
        for span in ("under_3_months", "3_to_12_months", "over_12_months")
    )
    grave = sum(result.value("unmanaged_days", grade, "average").mean or 0 for grade in GRAVE)
    unmanaged = result.value("unmanaged_days", statistic="average")
    sentences = [
        f"Open cases, at the end: {with_interval(result.value('cases_open'))}; "
        f"{with_interval(result.value('suspects_overdue'))} suspects have not been acted on in time.",
        f"Acted on in time: {acted} of suspects; of {RISK_WORDS[GRAVEST].lower()} grade {percent(gravest)}{PER_CENT}.",
        f"In the laboratory, at the end: {with_interval(result.value('digital_forensics_devices'))} devices, the "
        f"oldest for {with_interval(result.value('digital_forensics_oldest_days'))} days.",
        f"Devices came back within 3 months: {within}; in 3 to 12: {later}; later: {last}.",
        f"Unmanaged suspects with access to children: {with_interval(unmanaged)} person-days a week, "
        f"{whole(grave)} of them at high or very high grade.",
    ]
    no_charge = result.value("no_further_action_share", statistic="average")
    if no_charge.mean is not None:
        sentences.append(f"No further action: {share_with_interval(no_charge)} of the cases decided.")
    return sentences


def crime_sentences(result: RunResult) -> list[str]:
    """How many crimes investigators hold by experience, who holds too many, and how long crimes take."""

    def both(metric: str, words: Callable[[Interval], str]) -> str:
        experienced, inexperienced = (
            _described(result, metric, words, group) for group in ("experienced", "inexperienced")
        )
        return f"experienced {experienced}, inexperienced {inexperienced}"

    each = both("crimes_per_investigator", lambda value: with_interval(value, tenths))
    overload_threshold = both("overloaded_investigators_share", share_with_interval)
    days = both("crime_days", with_interval)
    return [
        f"Crimes in hand for each investigator, on average: {each}.",
        f"Investigators with more than {result.scenario.crime.overload_threshold:,} crimes: {overload_threshold}.",
        f"Days to an outcome: {days}.",
    ]
