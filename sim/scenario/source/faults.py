"""What is wrong with a scenario: each fault with its place and its repair, all of them together.

Also what messages do with texts: `shown`, `sanitise`, `join_words`, `pluralise`, `tidy`, `shows`, `name_key`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_VALUE_SHOWN = 60
"""Characters of a planner's value that a message repeats."""


@dataclass(frozen=True)
class Place:
    """Where something was written: a line of a file, a whole file, a `--set`, or the schema's default."""

    source: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source


SCHEMA_DEFAULT = Place("schema default")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, and in words what was seen, what is allowed and how to fix it."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ScenarioError(Exception):
    """A scenario that cannot be used, with all of its faults in the order of its files and lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = in_order(faults)
        super().__init__("\n".join(map(str, self.faults)))


def unusable(file: str, problem: str, line: int | None = None) -> ScenarioError:
    """An error about a whole file, or all that can be said from one line on."""
    return ScenarioError([Fault(Place(file, line), problem)])


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Each fault once, by file and line; what belongs to a whole file or a setting comes before lines."""
    return sorted(set(faults), key=lambda fault: (fault.place.source, fault.place.line or 0, fault.message))


def shown(value: Any) -> str:
    """A planner's value as a message repeats it: texts in quotes, nothing long, nothing a terminal would obey."""
    try:
        text = sanitise(json.dumps(value, ensure_ascii=False, default=str, skipkeys=True))
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[: LONGEST_VALUE_SHOWN - 1] + "…"


def sanitise(text: str) -> str:
    """The text without characters that a terminal would act on, that do not show, or that turn their neighbours."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(each if (each.isprintable() and shows(each)) or each in "\u00a0\u202f" else "�" for each in text)


def join_words(words: Sequence[str], joint: str = "and") -> str:
    """`a, b and c`."""
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def pluralise(number: int, noun: str) -> str:
    """`1 team`, `1,450 offenders`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def dotted(route: Sequence[str]) -> str:
    """A route through the keys as messages show it."""
    return sanitise(".".join(route))


_ALIKE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "−": "-"})
"""Signs that a word processor puts in place of those on the keyboard."""

_SHOWS_NOTHING = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0]")
_CHOOSES_A_SHAPE = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Characters that show nothing by themselves, although Unicode does not call them formats."""


def name_key(text: str) -> str:
    """What names that are the same have in common; empty if a name shows nothing."""
    folded = unicodedata.normalize("NFD", tidy(text).translate(_ALIKE)).casefold()
    return unicodedata.normalize("NFC", folded)


def tidy(text: str) -> str:
    """A text in one Unicode form, without what does not show; one space where words are parted."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = [each for each in " ".join(text.split()) if shows(each) and not _CHOOSES_A_SHAPE.match(each)]
    return unicodedata.normalize("NFC", " ".join("".join(seen).split()))


def shows(character: str) -> bool:
    """Does a character show, part others as a space does, or give another its shape?"""
    return unicodedata.category(character) not in ("Cf", "Cc", "Cs", "Cn") and not _SHOWS_NOTHING.match(character)
