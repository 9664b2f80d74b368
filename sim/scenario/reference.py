"""What is generated from the schema: the reference page of the scenario file, and the JSON Schema that editors use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sim.scenario.domain import RISK_LEVELS
from sim.scenario.keys import Key
from sim.scenario.schema import scenario_keys
from sim.scenario.source.faults import join_words
from sim.scenario.values import one_line

_LEVELS = join_words([f"`{level}`" for level in RISK_LEVELS])

RENEW = "python -m sim schema --out docs/scenario.schema.json --reference docs/scenario.md"
"""The command that renews both generated files."""

INTRODUCTION = f"""# The scenario file

Made from the schema by `{RENEW}`; do not edit it here.

A scenario is a YAML file. `extends: other.yaml` takes everything from another file; the new file then has
only the differences. Sections merge key by key; a list replaces the whole list of the other file, so a file with
`teams` or `levers` must write all of them. On the command line `--set officers.total=320` changes one value for one
run; dots lead into sections, numbers into lists (`teams.0.officers`, the first team being 0). With
`--from 2027-04-01` all `--set` of the command hold from that date on, as a lever.

- **By risk**: a value for each of {_LEVELS}, or one value for all of them.
- **Counts**: a number for each of {_LEVELS}, or one number, the total of the force.
- **Distribution**: how a quantity varies from case to case. A bare number is a constant; otherwise
  `{{distribution: exponential, mean: 60}}`, `{{distribution: gamma, mean: 5, cv: 0.5}}`, the same with `lognormal`,
  or `{{distribution: uniform, low: 1, high: 3}}`. `cv` is the standard deviation divided by the mean.
- **Lever**: keys marked *yes* may change on a date, see [levers](#levers). Levers add up in the order of their
  dates; two of one date may not set one key to different values.
- A key that is to have its default need not be written.
"""


def reference_page() -> str:
    top = scenario_keys()
    return "\n".join([INTRODUCTION, *_chapter(top, "## ")]).rstrip() + "\n"


def _chapter(section: Key, heading: str) -> Iterator[str]:
    """A table of the keys of a section, then a chapter for each section, list or table in it."""
    singles = [child for child in section.children.values() if not _inside(child)]
    if singles:
        yield from ("| key | meaning | unit | allowed | default | lever |", "|---|---|---|---|---|---|")
        yield from map(_row, singles)
        yield ""
    for child in section.children.values():
        if inside := _inside(child):
            yield from (f"{heading}{child.name}", "", _introduced(child), "")
            yield from _chapter(inside, "### ")


def _inside(key: Key) -> Key | None:
    """The section that a key is, or that each of its entries is."""
    section = key.each if key.kind in ("list", "table") else key
    return section if section and section.kind == "section" else None


def _introduced(key: Key) -> str:
    if key.kind == "list":
        default = f" Default: `{one_line(key.default)}`." if key.default else ""
        return f"{key.meaning} A list; N counts its entries from 0.{default}"
    return f"{key.meaning} Each entry stands under the dotted KEY it speaks of." if key.kind == "table" else key.meaning


def _row(key: Key) -> str:
    default = "required" if key.required else "–" if key.default in (None, "") else f"`{one_line(key.default)}`"
    lever = "yes" if key.lever else "no"
    cells = (f"`{key.name}`", f"**{key.title}.** {key.meaning}", key.unit or "–", key.allowed, default, lever)
    return f"| {' | '.join(cells)} |"


BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
"""JSON Schema's words for the bounds of a number."""

SLASHED = r"^\d{1,2}/\d{1,2}/\d{4}$"
"""A date with the day before the month, for which JSON Schema has no format."""


def json_schema_text() -> str:
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
            others = [{"const": word} for word in key.words]
            if key.kind == "distribution":
                others.append({"$ref": "#/$defs/distribution"})
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
