"""What a key means, what its value is, which layer set it, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.scenario.keys import Key
from sim.scenario.paths import find, route_to, touches, unknown_name, value_at
from sim.scenario.source.faults import Fault, Place, ScenarioError, dotted
from sim.scenario.source.located import NoSuchEntry, leaves, located
from sim.scenario.source.reading import LoadedScenario
from sim.scenario.values import one_line, plain_value

QUALITY = {"red": "a guess", "amber": "indirect", "green": "published"}
IMPACT = {"red": "a lot", "amber": "somewhat", "green": "little"}


def explained(reading: LoadedScenario, name: str) -> str:
    """Lines of text on one key, or on each key of a section.

    Raises ScenarioError for a key the schema does not know, or an entry that the scenario does not have.
    """
    route = route_to(name)
    key = find(route)
    if key is None:
        raise ScenarioError([Fault(Place(dotted(route)), unknown_name(name))])
    try:
        value = value_at(reading.scenario, route)
    except NoSuchEntry as problem:
        raise ScenarioError([Fault(Place(dotted(route)), str(problem))]) from None
    if key.kind == "section":
        lines = [f"{name}: {key.meaning}"]
        for word, child in key.children.items():
            inside = "{…}" if child.kind == "section" else _shown(value_at(value, [word]))
            unit = f" ({child.unit})" if child.unit else ""
            known = [str(reading.place(f"{name}.{word}")), *_levers(reading, f"{name}.{word}")]
            lines.append(f"  {word}: {inside}   # {child.title}{unit}; {'; '.join(known)}")
        return "\n".join(lines)
    facts = ((title, text) for title, text in _facts(reading, route, key) if text)
    return "\n".join([f"{name}: {_shown(value)}", *(f"  {title:<9} {text}" for title, text in facts)])


def _facts(reading: LoadedScenario, route: Sequence[str], key: Key) -> Iterator[tuple[str, str]]:
    name, scenario = ".".join(route), reading.scenario
    # A risk level, or the mean of a distribution, is explained together with the key it belongs to.
    on_the_way = [met for end in range(len(route)) if (met := find(route[: end + 1])) and met.kind != "section"]
    yield "set by", str(reading.place(name))
    yield "title", ", ".join(met.title or met.last_word for met in on_the_way)
    yield "meaning", " ".join(met.meaning for met in on_the_way if met.meaning)
    yield "unit", next((met.unit for met in on_the_way if met.unit), "")
    yield "allowed", key.allowed
    yield "default", "" if key.default is None else one_line(key.default)
    yield "levers", "may change it on a date" if key.lever else "cannot change it"
    yield from (("lever", text) for text in _levers(reading, name))
    evidence = {about: entry for about, entry in scenario.assumptions.items() if touches(about, name)}
    for about, entry in evidence.items():
        facts = [
            f"quality {entry.quality} ({QUALITY[entry.quality]})",
            f"impact {entry.impact} (the answer depends {IMPACT[entry.impact]} on it)" if entry.impact else "",
            f"range {entry.range[0]:g} to {entry.range[1]:g}" if entry.range else "",
            f"factor {entry.factor[0]:g} to {entry.factor[1]:g}" if entry.factor else "",
            f"source {entry.source}" if entry.source else "no published source",
            f"of {entry.date}" if entry.date else "",
            entry.note or "",
        ]
        yield "evidence", f"{about}: {', '.join(filter(None, facts))}"
    if not evidence:
        yield "evidence", "no source given"


def _levers(reading: LoadedScenario, name: str) -> Iterator[str]:
    """What levers set a key to, or a part of it: `from 2025-04-01: officers.total: 145, plan.yaml:5`."""
    for number, lever in sorted(enumerate(reading.scenario.levers), key=lambda numbered: numbered[1].from_):
        for changed, value in lever.set.items():
            written = leaves(route_to(changed), located(plain_value(value)))
            if any(touches(".".join(leaf), name) for leaf, _ in written):
                place = reading.place(f"levers.{number}.set.{changed}")
                yield f"from {lever.from_}: {changed}: {one_line(value)}, {place}"


def _shown(value: Any) -> str:
    return "not given" if value is None else one_line(plain_value(value))
