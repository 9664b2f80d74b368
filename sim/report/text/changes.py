"""What a scenario changes of the one it is built on, and what its levers change on a date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sim.report.text.assumptions import title_of, unit_of, value_words, with_unit
from sim.report.text.words import day_words
from sim.scenario.paths import find, route_to
from sim.scenario.schema import Lever


class ChangeInWords(NamedTuple):
    """A key with another value than in the base."""

    key: str
    title: str
    was: str
    now: str


class FromBase(NamedTuple):
    """What is different from the scenario this one is built on: the one it extends, or itself without `--set`."""

    base: str
    changes: tuple[ChangeInWords, ...]
    plan: FromBase | None = None
    """What a plan changes: the same if the base is the same force in the same period, else what `--set` changes."""


class DatedChange(NamedTuple):
    since: str
    key: str
    title: str
    value: str


def changes_in_words(saved: dict[str, Any] | None) -> FromBase | None:
    """The `RunResult.changes` of a run in words; None if its scenario is built on no other."""
    if not saved:
        return None
    changes = tuple(_change(**change) for change in saved["changes"])
    return FromBase(saved["base"], changes, changes_in_words(saved.get("plan")))


def _change(key: str, before: Any, after: Any) -> ChangeInWords:
    if not find(route_to(key)):
        return ChangeInWords("teams", f"T{key[1:]}", before, after)  # of one team, by its name
    was, now = (with_unit(value_words(value), unit_of(key)) for value in (before, after))
    return ChangeInWords(key, title_of(key), was, now)


def dated_changes(levers: Iterable[Lever]) -> list[DatedChange]:
    return [
        DatedChange(day_words(lever.from_), key, title_of(key), with_unit(value_words(value), unit_of(key)))
        for lever in sorted(levers, key=lambda lever: lever.from_)
        for key, value in lever.set.items()
    ]
