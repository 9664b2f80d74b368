"""Keys of a scenario as they are written on a figure: by their titles, with units, and shares in per cent."""

from __future__ import annotations

from typing import Any

from sim.report.text.assumptions import known_keys, title_of, unit_of
from sim.report.text.words import RISK_WORDS
from sim.runs.intervals import PER_CENT
from sim.scenario.source.faults import sanitise


def axis_title(key: str) -> str:
    """What stands along an axis: `Visits, announced share, low risk` or `Review interval (days)`."""
    unit, words = unit_of(key), _with_level(key, title_of(key))
    return f"{words} ({unit})" if unit and unit.lower().removesuffix("s") not in words.lower() else words


def short_title(key: str) -> str:
    """The same within a sentence, without the section: `announced share, low risk`."""
    titles = [known.title for known in known_keys(key) if known.title]
    words = ", ".join(titles[1:][-2:]) or (titles[0] if titles else sanitise(key))
    return _with_level(key, f"{words[0].lower()}{words[1:]}" if not words[:2].isupper() else words)


def axis_value(key: str, value: Any) -> str:
    """A value beside an axis: `20%` of a share, `1,250` or `0.5` of a number, words without underscores."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return sanitise(str(value)).replace("_", " ")
    return f"{100 * value:,.6g}{PER_CENT}" if is_share_key(key) else f"{value:,.6g}"


def is_share_key(key: str) -> bool:
    """Is it a part of a whole: a number without a unit that may be 1 at most?"""
    known = [known for known in known_keys(key) if known.title]
    if not known or unit_of(key):
        return False
    limits = known[-1].limits or (known[-1].each.limits if known[-1].each else {})
    return limits.get("le") == 1


def _with_level(key: str, words: str) -> str:
    level = key.rpartition(".")[2]
    return f"{words}, {RISK_WORDS[level].lower()} risk" if level in RISK_WORDS else words
