"""The keys that a section holds, as a tree read off its fields: kind, meaning, unit, range and default of each."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.sections.offenders import indefinite_is_never
from sim.scenario.source.faults import join_words
from sim.scenario.values import ByRisk, Counts, Distribution, Within, never_is_infinite, plain_value

Kind = Literal[
    "section", "by_risk", "counts", "distribution", "list", "table",
    "number", "whole_number", "pair", "choice", "truth", "date", "text",
]  # fmt: skip

SINGLE: dict[Any, Kind] = {float: "number", int: "whole_number", bool: "truth", dt.date: "date", str: "text"}
"""Kinds of single values by their Python type."""

WANTED: dict[Kind, str] = {
    "number": "a number",
    "whole_number": "a whole number",
    "counts": "a whole number",
    "text": "a text",
    "date": "a date such as 2024-09-02",
    "truth": "true or false",
    "pair": "two numbers such as [0.1, 0.3]",
    "list": "a list, its entries beginning with a dash",
}
"""Kinds of value in words, where they need no more than that."""

WORDS = {never_is_infinite: "never", indefinite_is_never: "indefinite"}
"""Words that may stand for a number, by the validator that reads them."""

LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length")
"""Rules of the schema that bound a value, under pydantic's names for them."""


@dataclass(frozen=True)
class Key:
    """One key a planner may write.

    A `section` holds keys; `by_risk`, `counts` and `distribution` hold keys too, but may be written as one value;
    a `list` holds entries alike, counted from 0; a `table` holds entries under names the planner chooses.
    """

    name: str
    """Dotted, from the top; entries of lists and tables are called N and KEY. Empty for the whole scenario."""
    kind: Kind
    title: str
    meaning: str
    unit: str
    required: bool
    default: Any
    """As it would be written; None for nothing."""
    lever: bool
    """May a lever change it on a date, with everything in it?"""
    children: dict[str, Key] = field(default_factory=dict)
    each: Key | None = None
    """An entry of a list or table, or the value for one risk level."""
    limits: dict[str, Any] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Words that may stand for the number."""
    kernel: str = ""
    """The field of the policy record that has its value."""

    @property
    def last_word(self) -> str:
        """What is written before the colon."""
        return self.name.rpartition(".")[2]

    @property
    def holds(self) -> dict[str, Key]:
        """The keys that may be written below this one; one distribution for all risk levels has its own."""
        if self.kind == "by_risk" and self.each:
            return {**self.each.children, **self.children}
        return self.children

    def child(self, step: str) -> Key | None:
        if self.kind == "list":
            return self.each if step.isascii() and step.isdigit() else None
        return self.each if self.kind == "table" else self.holds.get(step)

    def find(self, route: Iterable[str]) -> Key | None:
        """The key at the end of a route from here, if there is one."""
        key: Key | None = self
        for step in route:
            key = key.child(step) if key else None
        return key

    def route_to(self, dotted: str) -> list[str]:
        """The steps of a dotted key. Names in `assumptions` and in a lever's `set` have dots of their own."""
        steps = dotted.split(".")
        key: Key | None = self
        for number, step in enumerate(steps):
            if key and key.kind == "table":
                rest = steps[number:]
                if key.each and len(rest) > 1 and rest[-1] in key.each.children:
                    return [*steps[:number], ".".join(rest[:-1]), rest[-1]]
                return [*steps[:number], ".".join(rest)]
            key = key.child(step) if key else None
        return steps

    def all(self) -> Iterator[Key]:
        """Every key below this one that has a text of its own, in the order of the schema."""
        for child in self.children.values():
            yield child
            if child.kind == "section":
                yield from child.all()
            elif child.each and child.each.kind == "section":
                yield from child.each.all()

    def settable(self) -> Iterator[Key]:
        """Every key below this one that holds a value: sections opened, lists and tables as a whole."""
        for child in self.children.values():
            yield from child.settable() if child.kind == "section" else [child]

    @property
    def wanted(self) -> str:
        if self.kind == "by_risk" and self.each:
            return self.each.wanted
        if self.kind == "distribution":
            return join_words(["a number", *self.words, "a distribution"], "or")
        if self.kind == "choice":
            return f"one of {join_words(self.choices, 'or')}"
        return " or ".join([WANTED.get(self.kind, "a section, its keys indented below it"), *self.words])

    @property
    def allowed(self) -> str:
        """The kind of value and its range, in words."""
        if self.kind == "by_risk" and self.each:
            return f"{self.each.allowed}; one for all risk levels or one for each"
        if self.kind == "counts":
            return f"{self.children['total'].allowed}; the total of the force or one for each risk level"
        least, above, most, below, _, longest = (self.limits.get(limit) for limit in LIMITS)
        if least is not None and most is not None:
            of = ", its mean " if self.kind == "distribution" else ", "
            return f"{self.wanted}{of}{least:,} to {most:,}"
        bounds = [
            f"{least:,} or more" if least is not None else "",
            f"above {above:,}" if above is not None else "",
            f"at most {most:,}" if most is not None else "",
            f"below {below:,}" if below is not None else "",
            f"at most {longest:,} {'characters' if self.kind == 'text' else 'entries'}" if longest else "",
        ]
        return ", ".join([self.wanted, *filter(None, bounds)])


def key_tree(scenario: type[BaseModel]) -> Key:
    return _key("", FieldInfo(annotation=scenario), lever=True)


def _key(name: str, info: FieldInfo, *, lever: bool, text: str = "") -> Key:
    annotation, rules = _unwrapped(info.annotation, list(info.metadata))
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    lever = lever and bool(extra.get("lever", True))
    kind, children, each = _holdings(name, annotation, lever)
    words = name.rpartition(".")[2].split("_")
    of_name = words[-1] if words[-1] in ("days", "hours") else "per year" if words[-2:] == ["per", "year"] else ""
    return Key(
        name=name,
        kind=kind,
        title=info.title or "",
        meaning=info.description or text or (annotation.__doc__ if kind == "section" else ""),
        unit=str(extra.get("unit") or of_name),
        required=info.is_required(),
        default=None if info.is_required() else plain_value(info.get_default()),
        lever=lever and all(child.lever for child in children.values()),
        children=children,
        each=each,
        limits={limit: getattr(rule, limit) for rule in rules for limit in LIMITS if hasattr(rule, limit)},
        choices=get_args(annotation) if kind == "choice" else (),
        words=_words(rules),
        kernel=str(extra.get("kernel", "")),
    )


def _words(rules: list[Any]) -> tuple[str, ...]:
    validators = [rule.func for rule in reversed(rules) if getattr(rule, "func", None) in WORDS]
    if any(isinstance(rule, Within) and rule.never for rule in rules):
        validators = validators or [never_is_infinite]
    return tuple(WORDS[validator] for validator in validators)


def _holdings(name: str, annotation: Any, lever: bool) -> tuple[Kind, dict[str, Key], Key | None]:
    """What kind of key a type makes, and the keys it holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        texts = texts_of(annotation.__module__)
        children = {}
        for field, info in annotation.model_fields.items():
            word, text = info.alias or field, texts.get((annotation.__name__, field), "")
            children[word] = _key(f"{name}.{word}".lstrip("."), info, lever=lever, text=text)
        if issubclass(annotation, ByRisk):
            return "by_risk", children, next(iter(children.values()))
        kinds: dict[Any, Kind] = {Distribution: "distribution", Counts: "counts"}
        return kinds.get(annotation, "section"), children, None
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return "choice", {}, None
    if origin is tuple:
        if inside[-1] is not Ellipsis:
            return "pair", {}, None
        return "list", {}, _key(f"{name}.N", FieldInfo(annotation=inside[0]), lever=lever)
    if origin is dict:
        entry = None if inside[1] is Any else _key(f"{name}.KEY", FieldInfo(annotation=inside[1]), lever=lever)
        return "table", {}, entry
    return SINGLE[annotation], {}, None


def _unwrapped(annotation: Any, rules: list[Any]) -> tuple[Any, list[Any]]:
    """A type without `Annotated` and `| None`, and the rules that were wrapped around it."""
    if get_origin(annotation) is Annotated:
        inner, *around = get_args(annotation)
        return _unwrapped(inner, [*(each for rule in around for each in getattr(rule, "metadata", [rule])), *rules])
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (part for part in get_args(annotation) if part is not NoneType)
        return _unwrapped(inner, rules)
    return annotation, rules


@cache
def texts_of(module: str) -> dict[tuple[str, str], str]:
    """The text below each field of the classes of a module, by class and field.

    Pydantic could find it too, but then the import of the sections would take half as long again.
    """
    return {
        (section.name, field.target.id): " ".join(text.value.value.split())
        for section in ast.parse(inspect.getsource(sys.modules[module])).body
        if isinstance(section, ast.ClassDef)
        for field, text in pairwise(section.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }
