"""Keys of a scenario as they are written on a figure: by their titles, with units, and shares in per cent."""

from __future__ import annotations

from typing import Any

from sim.report.text.assumptions import title_of, unit_of
from sim.report.text.words import PER_CENT, RISK_WORDS
from sim.scenario.keys import Key
from sim.scenario.paths import find, route_to
from sim.scenario.source.faults import sanitise


def axis_title(key: str) -> str:
    """What stands along an axis: `Visits, announced share, low risk` or `Review interval (days)`."""
    unit, words = unit_of(key), title_of(key)
    section, _, rest = words.partition(", ")
    if section.lower().removesuffix("s") in rest.lower():
        words = f"{rest[0].upper()}{rest[1:]}"  # not `Officers, total officer posts`
    words = _with_level(key, words)
    return f"{words} ({unit})" if unit and unit.lower().removesuffix("s") not in words.lower() else words


def short_title(key: str) -> str:
    """The same within a sentence, without the section: `announced share, low risk`."""
    known = _known(key)
    words = ", ".join(one.title for one in known[max(1, len(known) - 2) :]) if len(known) > 1 else ""
    words = words or (known[-1].title if known else sanitise(key))
    return _with_level(key, f"{words[0].lower()}{words[1:]}" if not words[:2].isupper() else words)


def value_words(key: str, value: Any) -> str:
    """A value beside an axis: `20%` of a share, `1,250` or `0.5` of a number, words without underscores."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return sanitise(str(value)).replace("_", " ")
    return f"{100 * value:,.6g}{PER_CENT}" if is_share_key(key) else f"{value:,.6g}"


def is_share_key(key: str) -> bool:
    """Is it a part of a whole: a number without a unit that may be 1 at most?"""
    known = _known(key)
    if not known or unit_of(key):
        return False
    last = known[-1]
    limits = last.limits or (last.each.limits if last.each else {})
    return limits.get("le") == 1


def _known(key: str) -> list[Key]:
    """The keys of a route that have a title, from the section down."""
    route = route_to(key)
    found = (find(route[: end + 1]) for end in range(len(route)))
    return [known for known in found if known and known.title]


def _with_level(key: str, words: str) -> str:
    level = key.rpartition(".")[2]
    return f"{words}, {RISK_WORDS[level].lower()} risk" if level in RISK_WORDS else words
