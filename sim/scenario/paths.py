"""Dotted keys, as `visits.interval_days.low`: what they mean, what they reach, and which touch each other."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from sim.scenario.domain import RISK_LEVELS
from sim.scenario.keys import Key
from sim.scenario.schema import scenario_keys
from sim.scenario.source.faults import dotted, join_words
from sim.scenario.source.located import NoSuchEntry
from sim.scenario.values import ByRisk, plain_value


def route_to(name: str) -> list[str]:
    """The steps of a dotted key. Names in `assumptions` and in a lever's `set` have dots of their own."""
    return scenario_keys().route_to(name)


def find(route: Sequence[str]) -> Key | None:
    """The key at the end of a route, if the schema knows it."""
    return scenario_keys().find(route)


def touches(key: str, other: str) -> bool:
    """Is one key the other, or is either a part of the other?"""
    return f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}.")


def value_at(part: Any, route: str | Sequence[str]) -> Any:
    """The typed value of a dotted key in a scenario, or at a route in a part of one; None if it is not given.

    Raises NoSuchEntry for an entry that a list or table does not have, and for a part of one distribution where each
    risk level has its own.
    """
    steps = route_to(route) if isinstance(route, str) else route
    for number, step in enumerate(steps):
        if part is None:
            return None
        if isinstance(part, ByRisk) and step not in RISK_LEVELS:
            if len(set(map(repr, part.values()))) > 1:
                each = ".".join([*steps[:number], "low", *steps[number:]])
                raise NoSuchEntry(f"there is one for each risk level, such as {each}")
            part = part.low
        if isinstance(part, BaseModel):
            attributes = {info.alias or name: name for name, info in type(part).model_fields.items()}
            part = getattr(part, attributes[step])
        else:
            entries = part if isinstance(part, dict) else {str(place): entry for place, entry in enumerate(part)}
            if step not in entries:
                where = dotted(steps[:number])
                raise NoSuchEntry(f"{where} has {len(entries)} entries, none of them {dotted([step])}")
            part = entries[step]
    return part


def plain_value_at(scenario: BaseModel, name: str) -> Any:
    """The value of a dotted key as a planner would write it; None if it is not given or is no single value."""
    try:
        return plain_value(value_at(scenario, name))
    except NoSuchEntry:
        return None


_PLACEHOLDER = "KEY"
_REPLACE_IT = "stands for a key of the scenario: write one, as in officers.total=320; docs/scenario.md lists them all"


def nearest(route: Sequence[str]) -> str:
    """The full name of the key that an unknown one was probably meant to be, or nothing."""
    known = next(number for number in range(len(route)) if find(route[: number + 1]) is None)
    before, wrong, after = list(route[:known]), route[known], list(route[known + 1 :])
    around = find(before)
    siblings = get_close_matches(wrong, around.holds if around else (), n=1)
    keys = list(scenario_keys().all())
    if siblings and (before or wrong not in {key.last_word for key in keys}):
        meant = [*before, siblings[0]]
        return ".".join([*meant, *after] if find([*meant, *after]) else meant)
    # Perhaps the right word in the wrong section.
    meant_word = get_close_matches(wrong, [key.last_word for key in keys], n=1, cutoff=0.8)
    namesakes = [key.name for key in keys if key.last_word in meant_word]
    return "".join(get_close_matches(".".join(route), namesakes, n=1, cutoff=0))


def unknown_key(route: Sequence[str], *, in_full: bool = False) -> str:
    """That a key is unknown where it stands, and which of its neighbours, perhaps `in_full`, or others was meant."""
    if list(route) == [_PLACEHOLDER]:
        return _REPLACE_IT
    if "." in route[-1] and find([*route[:-1], *route[-1].split(".")]):
        return "unknown key; dots are for --set and levers, here write one key below the other"
    if find(route):  # known, but not beside what else is written there
        return f"cannot stand beside values for each risk level; write it below each of {join_words(RISK_LEVELS)}"
    near, section = nearest(route), find(route[:-1])
    if near:
        # Among its neighbours in a file a key goes by its last word.
        return f"unknown key, did you mean {near if in_full else near.removeprefix('.'.join(route[:-1]) + '.')}?"
    assert section, "what is unknown stands in a section that is known"
    return f"unknown key; {dotted(route[:-1]) or 'a scenario'} holds {join_words(list(section.holds))}"


def unknown_name(name: str) -> str:
    """That a dotted name, as levers and assumptions use it, is unknown, and which was probably meant."""
    if name == _PLACEHOLDER:
        return _REPLACE_IT
    near = nearest(route_to(name))
    return f"unknown key, did you mean {near}?" if near else "unknown key; docs/scenario.md lists them all"
