"""Values as a planner wrote them, each knowing the place where it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.scenario.source.faults import SCHEMA_DEFAULT, Place


@dataclass(frozen=True)
class Located:
    """A value in a scenario: a mapping, a list or a single value.

    `place` is where it begins; `changed` where a later layer or a lever last changed something inside it. An `invalid`
    value was reported already and counts as unknown.
    """

    value: dict[str, Located] | list[Located] | str | int | float | bool | None
    place: Place
    changed_at: Place | None = None
    invalid: bool = False

    @property
    def changed(self) -> Place:
        """Where it was last changed."""
        return self.changed_at or self.place

    @property
    def children(self) -> dict[str, Located]:
        """What a mapping or a list holds, by key or by number; nothing for a single value."""
        if isinstance(self.value, dict):
            return self.value
        if isinstance(self.value, list):
            return {str(number): entry for number, entry in enumerate(self.value)}
        return {}

    def plain(self) -> Any:
        """Nested dicts and lists without places, fit for JSON."""
        if isinstance(self.value, dict):
            return {key: entry.plain() for key, entry in self.value.items()}
        if isinstance(self.value, list):
            return [entry.plain() for entry in self.value]
        return self.value

    def along(self, route: Sequence[str]) -> list[Located]:
        """The values met on the way along a route, this one first, as far as something is written."""
        met = [self]
        for step in route:
            child = met[-1].children.get(step)
            if child is None:
                break
            met.append(child)
        return met

    def get(self, *route: str) -> Located | None:
        """The value at the end of a route, if something is written there."""
        met = self.along(route)
        return met[-1] if len(met) == len(route) + 1 else None

    def having(self, key: str, entry: Located) -> Located:
        """The same mapping in which one key is another."""
        return Located({**self.children, key: entry}, self.place, self.changed_at)

    def in_list(self, key: str) -> list[Located]:
        """The entries of the list under a key; nothing if there is no list."""
        below = self.children.get(key)
        return below.value if below and isinstance(below.value, list) else []

    def entries(self, key: str) -> dict[str, Located]:
        """What stands under a key, by key or by number; nothing if nothing does."""
        below = self.children.get(key)
        return below.children if below else {}


def located(plain: Any, place: Place = SCHEMA_DEFAULT) -> Located:
    """A plain value, all of it written at one place."""
    if isinstance(plain, dict):
        return Located({str(key): located(value, place) for key, value in plain.items()}, place)
    if isinstance(plain, list | tuple):
        return Located([located(value, place) for value in plain], place)
    return Located(plain, place)
