"""When two names are the same: they look the same, whatever their letter case, spaces and invisible marks."""

from __future__ import annotations

import re
import unicodedata

_ALIKE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "−": "-"})
"""Signs that a word processor puts in place of those on the keyboard."""

INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
"""Marks that show nothing, although Unicode does not call them formats."""


def name_key(text: str) -> str:
    """What names that are the same have in common; empty if a name shows nothing."""
    spaced = " ".join(text.split())
    seen = "".join(mark for mark in unicodedata.normalize("NFD", spaced) if visible(mark))
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFD", seen.translate(_ALIKE)).casefold())
    return " ".join(folded.split())


def visible(mark: str) -> bool:
    """Does a character show, or part others as a space does?"""
    return mark == " " or not (unicodedata.category(mark) in ("Cf", "Cc", "Cs", "Co", "Cn") or INVISIBLE.match(mark))
