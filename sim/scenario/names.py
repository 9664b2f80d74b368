"""When two names are the same: they look the same, whatever their letter case, spaces and invisible characters."""

from __future__ import annotations

import re
import unicodedata

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
    if text.isascii():
        return " ".join(text.split())
    seen = [
        character for character in " ".join(text.split()) if shows(character) and not _CHOOSES_A_SHAPE.match(character)
    ]
    return unicodedata.normalize("NFC", " ".join("".join(seen).split()))


def shows(character: str) -> bool:
    """Does a character show, part others as a space does, or give another its shape?"""
    return unicodedata.category(character) not in ("Cf", "Cc", "Cs", "Cn") and not _SHOWS_NOTHING.match(character)
