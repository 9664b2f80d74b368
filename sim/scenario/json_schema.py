"""The schema as JSON Schema, with which an editor completes and checks a scenario while it is typed."""

from __future__ import annotations

import json
from typing import Any

from sim.scenario.keys import Key
from sim.scenario.schema import scenario_keys

BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
"""JSON Schema's words for the bounds of a number."""

SLASHED = r"^\d{1,2}/\d{1,2}/\d{4}$"
"""A date with the day before the month, for which JSON Schema has no format."""

DISTRIBUTION = {"$ref": "#/$defs/distribution"}


def json_schema_text() -> str:
    """The JSON Schema as it is kept in a file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file (draft 2020-12).

    A file that extends another need not be complete, so everything required is required of a file without `extends`.
    """
    top = scenario_keys()
    document = _schema(top)
    extends = {"type": "string", "title": "Extends", "description": "A scenario file of which this one is a change."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario",
        **document,
        "properties": {"extends": extends, **document["properties"]},
        "if": {"required": ["extends"]},
        "else": _required(top),
        # Any distribution will do: they all have the same parameters.
        "$defs": {"distribution": _parts(next(key for key in top.all() if key.kind == "distribution"))},
    }


def _schema(key: Key) -> dict[str, Any]:
    """One key: its texts and what may be written."""
    meaning = f"{key.meaning} Unit: {key.unit}." if key.unit else key.meaning
    about = {"title": key.title, "description": meaning, "default": key.default if key.kind != "section" else None}
    return {**{word: text for word, text in about.items() if text not in (None, "")}, **_allowed(key)}


def _allowed(key: Key) -> dict[str, Any]:
    longest, shortest = key.limits.get("max_length"), key.limits.get("min_length")
    match key.kind:
        case "section":
            return _parts(key)
        case "counts":
            return {"anyOf": [_allowed(key.children["total"]), _parts(key)]}
        case "by_risk":
            assert key.each
            one_for_all = _allowed(key.each)
            return {"anyOf": [*one_for_all.get("anyOf", [one_for_all]), _parts(key)]}
        case "list":
            assert key.each
            entry = {**_schema(key.each), **_required(key.each)}
            return _without_none({"type": "array", "items": entry, "minItems": shortest, "maxItems": longest})
        case "table":
            return {"type": "object", "additionalProperties": _schema(key.each) if key.each else True}
        case "number" | "whole_number" | "distribution":
            bounds = {BOUNDS[limit]: value for limit, value in key.limits.items()}
            number = {"type": "integer" if key.kind == "whole_number" else "number", **bounds}
            others = [*({"const": word} for word in key.words), *([DISTRIBUTION] if key.kind == "distribution" else [])]
            return {"anyOf": [number, *others]} if others else number
        case "choice":
            return {"enum": list(key.choices)}
        case "pair":
            return {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        case "truth":
            return {"type": "boolean"}
        case "date":
            return {"type": "string", "anyOf": [{"format": "date"}, {"pattern": SLASHED}]}
        case "text":
            return _without_none({"type": "string", "minLength": shortest, "maxLength": longest})


def _parts(key: Key) -> dict[str, Any]:
    """A mapping with the keys it may hold."""
    properties = {word: _schema(child) for word, child in key.children.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _required(key: Key) -> dict[str, Any]:
    """What a complete section must hold, all the way down."""
    inside = {word: _required(child) for word, child in key.children.items() if child.kind == "section"}
    for word, child in key.children.items():
        if child.kind == "table" and child.each:
            inside[word] = {"additionalProperties": _required(child.each)}
    required = [word for word, child in key.children.items() if child.required]
    return _without_none({"required": required or None, "properties": {k: v for k, v in inside.items() if v} or None})


def _without_none(words: dict[str, Any]) -> dict[str, Any]:
    return {word: value for word, value in words.items() if value is not None}
