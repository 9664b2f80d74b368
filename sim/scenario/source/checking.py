"""Checking a scenario against the schema, with every fault in plain words at the line that caused it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.scenario.keys import Key
from sim.scenario.paths import find, route_to, unknown_key
from sim.scenario.schema import Scenario, scenario_keys
from sim.scenario.sections.offenders import OVERDUE_SHARES
from sim.scenario.source.faults import Fault, dotted, shown
from sim.scenario.source.located import Located
from sim.scenario.values import plain_value

Model = TypeVar("Model", bound=BaseModel)


class CheckedSections:
    """A scenario that changes section by section, of which only what has changed is checked again."""

    def __init__(self, typed: Scenario | None) -> None:
        # Of a scenario with faults that were reported no more can be said of rules between its sections.
        self._rules = typed is not None
        self._sections = {name: getattr(typed, name) for name in Scenario.model_fields} if typed else {}
        self._sections |= {"levers": (), "assumptions": {}}
        self._faulty: set[str] = set()

    def checked(self, scenario: Located, changed: Collection[str]) -> list[Fault]:
        """What is wrong with the sections that have changed, or with the whole because of them, as `checked` does."""
        faults: list[Fault] = []
        for name in changed:
            kind = Scenario.model_fields[name].annotation
            assert isinstance(kind, type), "levers change keys within sections"
            try:
                self._sections[name] = _typed(kind, scenario.children[name])
                self._faulty.discard(name)
            except ValidationError as error:
                self._faulty.add(name)
                faults += _all_faults(error, scenario, name)
        if changed and self._rules and not self._faulty:
            try:
                Scenario.model_validate(self._sections)  # sections that are typed already are not looked at again
            except ValidationError as error:
                faults += _all_faults(error, scenario)
        return faults


def checked(scenario: Located) -> tuple[Scenario | None, list[Fault]]:
    """The scenario typed by the schema, or None with its faults."""
    try:
        return _typed(Scenario, scenario), []
    except ValidationError as error:
        return None, _all_faults(error, scenario)


def _typed(kind: type[Model], value: Located) -> Model:
    # Strict, so that "12" is no number and 1 no truth; as JSON, so that dates and tuples may be what YAML makes of them
    text = json.dumps(whole_numbers_as_such(value.plain()))
    return kind.model_validate_json(text, strict=True, by_alias=True, by_name=False)


def whole_numbers_as_such(value: Any) -> Any:
    """320.0 as 320, which a whole number may be written as."""
    if isinstance(value, dict):
        return {key: whole_numbers_as_such(part) for key, part in value.items()}
    if isinstance(value, list):
        return [whole_numbers_as_such(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _all_faults(error: ValidationError, scenario: Located, *section: str) -> list[Fault]:
    errors = ({**each, "loc": (*section, *each["loc"])} for each in error.errors(include_url=False))
    return [fault for each in errors for fault in _faults(each, scenario)]


def _faults(error: Any, scenario: Located) -> list[Fault]:
    """One error of pydantic as a fault; none if it only follows from another that is reported."""
    full_route = [str(step) for step in error["loc"]]
    route, entry = _as_far_as_written(full_route, scenario)
    seen = entry.plain()
    if entry.invalid or (error["type"] == "too_short" and seen):
        return []
    if not route and error["type"] == "value_error":
        # A rule of the whole scenario names the key it speaks of.
        message = str(error["ctx"]["error"])
        return [Fault(scenario.along(route_to(message.partition(":")[0]))[-1].changed, message)]
    if error["type"] == "missing" and isinstance(seen, dict):
        key = find(full_route)
        meaning = f": {key.meaning.rstrip('.')}" if key and key.meaning else ""
        message = f"{dotted(full_route)} is missing{meaning}; add {full_route[-1]}: …"
        return [Fault(entry.place, message)]
    place, is_unknown = entry.changed, error["type"] == "extra_forbidden"
    words = unknown_key(route, in_full=not place.line) if is_unknown else _in_plain_words(error, route, seen)
    return [Fault(place, f"{dotted(route)}: {words}")]


def _as_far_as_written(full_route: Sequence[str], scenario: Located) -> tuple[list[str], Located]:
    """The route to what was written, and that; shorter than pydantic's where one value stands for several keys."""
    key: Key | None = scenario_keys()
    route, entry = [], scenario
    for step in full_route:
        one_for_all = key and key.kind == "by_risk" and "distribution" in entry.children
        key = key.child(step) if key else None
        if one_for_all:
            continue
        if step not in entry.children:
            break
        entry = entry.children[step]
        route.append(step)
    return route, entry


def _in_plain_words(error: Any, route: Sequence[str], seen: Any) -> str:
    value, key, limits = shown(seen), find(route), error.get("ctx", {})
    match error["type"]:
        case "value_error":
            return str(limits["error"])
        case "greater_than_equal":
            return f"{value} is below {plain_value(limits['ge']):,}"
        case "greater_than":
            return f"{value} is not above {plain_value(limits['gt']):,}"
        case "less_than_equal":
            work = next((work for work, share in OVERDUE_SHARES.items() if route[:2] == ["caseload", share]), "")
            instead = f"; this is a share; a number of {work} goes under caseload.overdue_{work}_at_start"
            return f"{value} is above {plain_value(limits['le']):,}{instead if work else ''}"
        case "less_than":
            return f"{value} is not below {plain_value(limits['lt']):,}"
        case "string_too_long":
            return f"{len(seen):,} characters are too many; {limits['max_length']:,} are allowed"
        case "too_long" if key and key.kind == "list":
            return f"{len(seen):,} entries are too many; {limits['max_length']:,} are allowed"
    wanted = key.wanted if key else "a number"
    if seen in (None, "", [], {}):
        return f"is empty; write {wanted}"
    quotes = "; put it in quotes" if error["type"] == "string_type" and not isinstance(seen, dict | list) else ""
    return f"{value} is not {wanted}{quotes}"
