"""Numbers with their nouns."""

from __future__ import annotations

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def pluralise(number: int, noun: str) -> str:
    """`one day`, `three years`, `18 months`."""
    word = _NUMBERS[number] if 0 < number < len(_NUMBERS) else f"{number:,}"
    return f"{word} {noun}{'' if number == 1 else 's'}"
