"""Values as a planner wrote them, each with the place where it was written, and one layer laid over another.

Sections merge key by key; lists and single values are replaced. Where a layer changes a part of a value by risk level,
or of a distribution, that was written as one value or stood at its default, the rest of it stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.scenario.domain import RISK_LEVELS
from sim.scenario.keys import Key
from sim.scenario.source.faults import SCHEMA_DEFAULT, Place
from sim.scenario.values import Distribution

Route = tuple[str, ...]

SHAPE_PARAMETERS = set(Distribution.model_fields) - set(RISK_LEVELS)
"""Keys that mean a distribution and not a risk level; `low` and `high` alone mean levels."""


class NoSuchEntry(LookupError):
    """An entry that a list or table does not have, or a part that a value does not have; str() says what there is."""


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
            if (child := met[-1].children.get(step)) is None:
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


def merged(base: Located | None, over: Located, key: Key | None) -> Located:
    """`over` laid over `base`, both values of `key` (None for a key the schema does not know)."""
    base = _or_default(base, key)
    if base is None or not isinstance(over.value, dict):
        return over
    if key and key.kind in ("by_risk", "distribution"):
        # A mapping that names its distribution leaves nothing of the base; of one value the other parts stay.
        if "distribution" in over.value or not isinstance(base.value, dict | str | int | float):
            return over
    elif not isinstance(base.value, dict):
        return over
    children, key = _opened(base, over.value, key)
    for step, entry in over.value.items():
        children[step] = merged(children.get(step), entry, key.child(step) if key else None)
    return Located(children, over.place, over.changed)


def changed(base: Located | None, route: Sequence[str], over: Located, key: Key | None) -> Located:
    """`base` with what stands at the end of a route changed to `over`; numbers reach into lists.

    Raises NoSuchEntry for a list without that entry.
    """
    if not route:
        return merged(base, over, key)
    step, *rest = route
    base = _or_default(base, key) or Located({}, over.place)
    if isinstance(base.value, list) and (key is None or key.kind == "list"):
        if not (step.isascii() and step.isdigit() and int(step) < len(base.value)):
            entries_there = f"its entries are 0 to {len(base.value) - 1}" if base.value else "it is empty"
            raise NoSuchEntry(f"{step} names no entry of this list; {entries_there}")
        entries = list(base.value)
        entries[int(step)] = changed(entries[int(step)], rest, over, key.child(step) if key else None)
        return Located(entries, base.place, over.changed)
    children, key = _opened(base, [step], key)
    children[step] = changed(children.get(step), rest, over, key.child(step) if key else None)
    return Located(children, base.place, over.changed)


def _or_default(base: Located | None, key: Key | None) -> Located | None:
    """What stands; where nothing is written, the default of a value that has parts."""
    if base is None and key and key.kind in ("by_risk", "distribution") and key.default is not None:
        return located(key.default)
    return base


def _opened(base: Located, steps: Collection[str], key: Key | None) -> tuple[dict[str, Located], Key | None]:
    """The parts of a value of which some steps are about to change, and the key whose parts they are."""
    one_value = not isinstance(base.value, dict) or "distribution" in base.value
    if key and key.kind == "by_risk" and one_value and base.value is not None:
        if key.each and key.each.kind == "distribution" and SHAPE_PARAMETERS.issuperset(steps):
            return _opened(base, steps, key.each)
        return dict.fromkeys(RISK_LEVELS, base), key
    if key and key.kind == "distribution" and not isinstance(base.value, dict) and base.value is not None:
        return {"distribution": Located("constant", base.place), "mean": base}, key
    return dict(base.children), key


def leaves(route: Sequence[str], value: Located) -> Iterator[tuple[Route, Located]]:
    """What a change writes as one value: all within a mapping one by one; lists and distributions as a whole."""
    if isinstance(value.value, dict) and value.value and "distribution" not in value.value:
        for step, entry in value.value.items():
            yield from leaves((*route, step), entry)
    else:
        yield tuple(route), value


def undone(changes: Iterable[tuple[Sequence[str], Located]]) -> Iterator[tuple[Located, str, Located]]:
    """Where a change takes back what one before it wrote: the later value, the dotted key, the earlier value.

    A change of a part of what was written as a whole takes nothing back, as the rest of it stays.
    """
    before: dict[Route, list[tuple[Route, Located]]] = {}
    for route, value in changes:
        for leaf, entry in leaves(route, value):
            for earlier, other in before.get(leaf, ()):
                if other.plain() != entry.plain():
                    yield entry, ".".join(earlier), other
                    break
            for length in range(1, len(leaf) + 1):
                before.setdefault(leaf[:length], []).append((leaf, entry))


def without(value: Located, route: Sequence[str], taken: Collection[Route]) -> Located | None:
    """What is left of a change at a route without these leaves and all below them; None if nothing is."""
    if any(tuple(route[: len(leaf)]) == leaf for leaf in taken):
        return None
    if not isinstance(value.value, dict) or "distribution" in value.value:
        return value
    parts = {step: without(entry, (*route, step), taken) for step, entry in value.value.items()}
    left = {step: part for step, part in parts.items() if part is not None}
    return replace(value, value=left) if left else None
