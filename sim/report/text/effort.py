"""Numbers with their nouns, times and memory in words; loads nothing that `validate` would have to wait for."""

from __future__ import annotations

from sim.runs.estimate import MOST_OF_FREE_MEMORY, MOST_SECONDS, Effort
from sim.scenario.balance import DAYS_PER_YEAR
from sim.scenario.source.faults import join_words

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def pluralise(number: int, noun: str) -> str:
    """`one day`, `three years`, `18 months`."""
    word = _NUMBERS[number] if 0 < number < len(_NUMBERS) else f"{number:,}"
    return f"{word} {noun}{'' if number == 1 else 's'}"


def roughly(seconds: float) -> str:
    """`about 40 s`, `about 5 minutes`, `about 3 days`."""
    if seconds < 90:
        return f"about {max(1, round(seconds)):,} s"
    for unit, length, fewer in (("minutes", 60, 90), ("hours", 3600, 48), ("days", 86_400, 700)):
        if seconds / length < fewer:
            digits = 1 if unit == "hours" and seconds / length < 10 else 0
            return f"about {seconds / length:,.{digits}f} {unit}"
    years = seconds / 86_400 / DAYS_PER_YEAR
    return f"about {years:,.0f} years" if years < 1000 else "more than 1,000 years"


def memory_words(number: float) -> str:
    """`1.4 GB`, `40 GB`."""
    gigabytes = number / 1e9
    if gigabytes >= 10_000:
        return "more than 10,000 GB"
    return f"{gigabytes:,.0f} GB" if gigabytes >= 9.5 else f"{gigabytes:.1f} GB"


def effort_words(effort: Effort, workers: int) -> str:
    """How long a command takes and how much memory, in words."""
    return f"{roughly(effort.seconds)} and {memory_words(effort.bytes)} of memory on {pluralise(workers, 'core')}"


def too_much_words(effort: Effort, free_bytes: float | None) -> str:
    limits = []
    if effort.seconds > MOST_SECONDS:
        limits.append("more than an hour")
    if free_bytes is not None and effort.bytes > MOST_OF_FREE_MEMORY * free_bytes:
        limits.append(f"more than three quarters of the {memory_words(free_bytes)} that are free")
    return f"that is {join_words(limits)}"
