"""What a key means, what its value is, which layer set it, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from sim.scenario.keys import Key, find, route_to
from sim.scenario.plain import one_line, plain_value
from sim.scenario.schema import Assumption
from sim.scenario.source.checking import unknown_name
from sim.scenario.source.faults import Fault, Place, ScenarioError, dotted
from sim.scenario.source.reading import Reading


def explained(reading: Reading, name: str) -> str:
    """Lines of text on one key, or on each key of a section.

    Raises ScenarioError for a key the schema does not know, or an entry that the scenario does not have.
    """
    route = route_to(name)
    key = find(route)
    if key is None:
        raise ScenarioError([Fault(Place(dotted(route)), unknown_name(name))])
    lines = _section(reading, route, key) if key.kind == "section" else _single(reading, route, key)
    return "\n".join(lines)


def _section(reading: Reading, route: Sequence[str], key: Key) -> Iterator[str]:
    """The section's keys, each with its value, title, unit and layer."""
    section = value_of(reading.scenario, route)
    yield f"{'.'.join(route)}: {key.meaning}"
    for word, child in key.children.items():
        value = "{…}" if child.kind == "section" else _shown(value_of(section, [word]))
        unit = f" ({child.unit})" if child.unit else ""
        yield f"  {word}: {value}   # {child.title}{unit}; {reading.place('.'.join([*route, word]))}"


def _single(reading: Reading, route: Sequence[str], key: Key) -> Iterator[str]:
    """Everything that is known of one key."""
    name = ".".join(route)
    # A risk level, or the mean of a distribution, is told together with the key it belongs to.
    on_the_way = [one for end in range(len(route)) if (one := find(route[: end + 1])) and one.kind != "section"]
    facts = [
        ("set by", str(reading.place(name))),
        ("title", ", ".join(one.title or one.last_word for one in on_the_way)),
        ("meaning", " ".join(one.meaning for one in on_the_way if one.meaning)),
        ("unit", next((one.unit for one in on_the_way if one.unit), "")),
        ("allowed", key.allowed),
        ("default", "" if key.default is None else one_line(key.default)),
        ("levers", "may change it on a date" if key.lever else "cannot change it"),
        *(("lever", change) for change in _changes(reading, name)),
        *(("evidence", evidence) for evidence in _evidence(reading, name)),
    ]
    yield f"{name}: {_shown(value_of(reading.scenario, route))}"
    for title, text in facts:
        if text:
            yield f"  {title:<9} {text}"


def value_of(part: Any, route: Sequence[str]) -> Any:
    """The value at the end of a route that the schema knows, starting from a part of the scenario."""
    for number, step in enumerate(route):
        if part is None:
            return None
        if isinstance(part, BaseModel):
            attributes = {info.alias or name: name for name, info in type(part).model_fields.items()}
            if step not in attributes:
                each = ".".join([*route[:number], "low", *route[number:]])
                raise ScenarioError([Fault(Place(dotted(route)), f"there is one for each risk level, such as {each}")])
            part = getattr(part, attributes[step])
        else:
            entries = part if isinstance(part, dict) else {str(place): entry for place, entry in enumerate(part)}
            if step not in entries:
                problem = f"{dotted(route[:number])} has {len(entries)} entries, none of them {dotted([step])}"
                raise ScenarioError([Fault(Place(dotted(route)), problem)])
            part = entries[step]
    return part


def _shown(value: Any) -> str:
    return "not given" if value is None else one_line(plain_value(value))


def _changes(reading: Reading, name: str) -> Iterator[str]:
    """What the levers make of a key, of a part of it, or of the section it is in."""
    levers = reading.scenario.levers
    for number, lever in sorted(enumerate(levers), key=lambda numbered: numbered[1].from_):
        for changed, value in lever.set.items():
            if touch(changed, name):
                place = reading.place(f"levers.{number}.set.{changed}")
                yield f"from {lever.from_}: {changed}: {one_line(value)}, {place}"


def _evidence(reading: Reading, name: str) -> Iterator[str]:
    """What the assumption log says of a key, of a part of it, or of the section it is in."""
    found = {about: entry for about, entry in reading.scenario.assumptions.items() if touch(about, name)}
    for about, assumption in found.items():
        yield f"{about}: {_assumption(assumption)}"
    if not found:
        yield "no source given"


def _assumption(assumption: Assumption) -> str:
    facts = [
        f"quality {assumption.quality}",
        f"impact {assumption.impact}" if assumption.impact else "",
        f"range {assumption.range[0]:g} to {assumption.range[1]:g}" if assumption.range else "",
        f"factor {assumption.factor[0]:g} to {assumption.factor[1]:g}" if assumption.factor else "",
        f"source {assumption.source}" if assumption.source else "no published source",
        f"of {assumption.date}" if assumption.date else "",
        assumption.note or "",
    ]
    return ", ".join(filter(None, facts))


def touch(one: str, other: str) -> bool:
    """Is one key the other, or a part of it?"""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
