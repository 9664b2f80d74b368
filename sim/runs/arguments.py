"""What the functions for notebooks may be called with: each argument of the kind of its annotation, some in a range."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from sim.scenario import Fault, ScenarioError
from sim.scenario.source.faults import Place, join_words, shown

RANGES: dict[str, tuple[float, float]] = {
    "replications": (1, 100_000),
    "max_replications": (2, 100_000),
    "seed": (0, 2**32 - 1),
    "workers": (1, 100_000),
    "trajectories": (2, 1000),
    "confidence": (0.01, 1),
}
CHOICES: dict[str, tuple[Any, ...]] = {
    "statistic": ("at_end", "average"),
    "sobol_samples": (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024),
}
WORDS: dict[Any, str] = {
    str: "a text",
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    Path: "a path",
    dt.date: "a date",
    Sequence[str]: "a list of texts",
    Mapping[str, Iterable[Any]]: "a list of values for each key",
}


def check(function: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
    """See that a function was called with what is allowed. Raises ScenarioError with all that is not."""
    kinds, faults = get_type_hints(function), []
    for name, value in arguments.items():
        alternatives = get_args(kinds[name]) if isinstance(kinds[name], UnionType) else (kinds[name],)
        # The very class is the usual case, and needs no closer look.
        is_of_kind = type(value) in alternatives or any(_is_a(value, kind) for kind in alternatives)
        is_empty = isinstance(value, str) and not value.strip()
        is_allowed = is_of_kind and not is_empty and value in CHOICES.get(name, (value,))
        if is_allowed and name in RANGES and value is not None:
            least, most = RANGES[name]
            is_allowed = least <= value <= most
        if not is_allowed:
            words = [WORDS.get(kind) or f"a {kind.__name__}" for kind in alternatives if kind is not NoneType]
            wanted = join_words(list(map(shown, CHOICES[name])) if name in CHOICES else words, "or")
            wanted += f" from {RANGES[name][0]:,} to {RANGES[name][1]:,}" if name in RANGES else ""
            faults.append(Fault(Place(f"{name}={shown(value)}"), f"is not allowed; give {wanted}"))
    if faults:
        raise ScenarioError(faults)


def _is_a(value: Any, kind: Any) -> bool:
    parts = get_args(kind)
    if kind is Any or isinstance(kind, UnionType):
        return kind is Any or any(_is_a(value, each) for each in parts)
    if not parts:
        kinds: dict[Any, type] = {int: Integral, float: Real}  # a number of numpy is a number too
        return isinstance(value, kinds.get(kind, kind)) and isinstance(value, bool) == (kind is bool)
    if isinstance(value, str) or not isinstance(value, get_origin(kind)):
        return False
    values = value.values() if isinstance(value, Mapping) else value
    return parts[-1] is Any or all(_is_a(each, parts[-1]) for each in values)
