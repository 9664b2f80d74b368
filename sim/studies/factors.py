"""The assumptions that can be varied: those to which the scenario gives a range, and what it means to vary one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sim.scenario import LoadedScenario
from sim.scenario.domain import RISK_LEVELS
from sim.scenario.keys import Key
from sim.scenario.paths import find, route_to, value_at
from sim.scenario.settings import UndoingLever, levers_that_undo
from sim.scenario.source.faults import Fault, Place, ScenarioError, join_words, sanitise
from sim.scenario.values import NEVER, one_line, plain_value


@dataclass(frozen=True)
class Factor:
    """One assumption that is varied, on its own scale.

    `present`, `low`, `high` are values of a number, means of a distribution, values of the highest of several levels,
    or, where the scenario gives a factor, multiples of what stands, of which the present one is 1.
    """

    key: str
    title: str
    unit: str
    present: float
    low: float
    high: float
    whole: bool
    parts: tuple[tuple[str, float], ...]
    """The numbers that move: their keys, and how many times the scale each of them is."""

    def changes(self, value: float) -> dict[str, float]:
        """The assumption at a value of its scale: the numbers under their keys, to ten digits."""
        moved = {key: value * times for key, times in self.parts}
        return {key: round(number) if self.whole else float(f"{number:.10g}") for key, number in moved.items()}

    def at(self, share: float) -> float:
        """The value at a share of the way from low to high; whole numbers get equal parts of the way."""
        if self.whole:
            return min(self.low + int(share * (self.high - self.low + 1)), self.high)
        return self.low + share * (self.high - self.low)


def set_by_levers(reading: LoadedScenario) -> dict[str, UndoingLever]:
    """The assumptions with a range or a factor that cannot be varied, as a lever sets them anew, with the first."""
    first = {}
    for name, assumption in reading.scenario.assumptions.items():
        if assumption.range or assumption.factor:
            route = route_to(name)
            key = find(route)
            assert key, "the scenario was checked"
            numbers = _numbers(key, name, value_at(reading.scenario, route)) if key.kind == "section" else ()
            if levers := levers_that_undo(reading.located, [part for part, _ in numbers] or [name], f"--only {name}"):
                first[name] = levers[0]
    return first


def factors(reading: LoadedScenario, only: Collection[str] = ()) -> list[Factor]:
    """The assumptions with a range or a factor, in the order of the scenario; of `only` some, if any are named.

    Those `set_by_levers` are left out. By risk level all levels move in proportion, as the highest moves through the
    range; where all are 0, together. Raises ScenarioError with the line of each range that does not hold the present
    value, or fits no number, or varies what another one varies; and of the lever that sets what `only` names.
    """
    undoing = set_by_levers(reading)
    varied = {name: each for name, each in reading.scenario.assumptions.items() if each.range or each.factor}
    names = join_words(list(varied)[:6]) + (" …" if len(varied) > 6 else "")
    those = f"those that have one: {names}" if varied else "none of its assumptions has one"
    faults = [
        Fault(Place(f"--only {sanitise(name)}"), f"has no range in this scenario; {those}")
        for name in only
        if name not in varied
    ]
    found: list[Factor] = []
    varied_by: dict[str, str] = {}
    for name, assumption in varied.items():
        if only and name not in only:
            continue
        if name in undoing:
            faults += [undoing[name].fault] if only else []
            continue
        how = "factor" if assumption.factor else "range"
        low, high = assumption.factor or assumption.range or (0.0, 0.0)
        place = reading.place(f"assumptions.{name}.{how}")
        try:
            factor = _factor(reading, name, low, high, multiple=how == "factor")
        except ValueError as error:
            faults.append(Fault(place, f"assumptions.{name}.{how}: {error}"))
            continue
        if also := next((varied_by[part] for part, _ in factor.parts if part in varied_by), ""):
            problem = f"varies what the range of {also} varies too, and would undo it; keep one of them"
            faults.append(Fault(place, f"assumptions.{name}.{how}: {problem}"))
        varied_by.update((part, name) for part, _ in factor.parts)
        found.append(factor)
    if faults:
        raise ScenarioError(faults)
    return found


def _factor(reading: LoadedScenario, name: str, low: float, high: float, *, multiple: bool) -> Factor:
    route = route_to(name)
    key = find(route)
    assert key, "the scenario was checked"
    numbers = dict(_numbers(key, name, value_at(reading.scenario, route)))
    if not numbers:
        what = "a section" if key.kind == "section" else key.wanted
        raise ValueError(f"{name} is {what}, no number to be varied; leave the {'factor' if multiple else 'range'} out")
    whole = key.kind in ("whole_number", "counts")
    title = key.title or key.last_word.replace("_", " ")
    if multiple:
        return Factor(name, title, "times", 1.0, low, high, whole, tuple(numbers.items()))
    if key.kind == "section":
        keys = join_words(list(numbers))
        raise ValueError(f"{name} is a section of several numbers; give a range to each ({keys}), or a factor to all")
    present = max(numbers.values())
    if not low <= present <= high:
        seen = one_line(plain_value(value_at(reading.scenario, route)))
        highest = ", the highest level" if key.kind == "by_risk" and present != min(numbers.values()) else ""
        raise ValueError(f"{low:g} to {high:g} does not hold the present value{highest}: {name} is {seen}")
    parts = tuple((part, value / present if present else 1.0) for part, value in numbers.items())
    return Factor(name, title, key.unit, present, low, high, whole, parts)


def _numbers(key: Key, name: str, value: Any) -> Iterator[tuple[str, float]]:
    """The numbers that a key holds, under the names by which they are set: distributions by their mean."""
    if key.kind == "by_risk" and key.each:
        for level in RISK_LEVELS:
            yield from _numbers(key.each, f"{name}.{level}", getattr(value, level))
    elif key.kind == "distribution" and value is not None and value.distribution != "uniform" and value.mean != NEVER:
        yield f"{name}.mean", value.mean
    elif key.kind in ("number", "whole_number") and value is not None and value != NEVER:
        yield name, float(value)
    elif key.kind == "counts" and value is not None:
        of_levels = {level: getattr(value, level) for level in RISK_LEVELS}
        counts = {"total": value.total} if value.total is not None else of_levels
        yield from ((f"{name}.{part}", float(count)) for part, count in counts.items())
    elif key.kind == "section" and value is not None:
        for word, child in key.children.items():
            if child.kind != "list":
                yield from _numbers(child, f"{name}.{word}", getattr(value, word))
