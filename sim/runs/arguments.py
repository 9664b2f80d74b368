"""What `run` and the studies may be asked with: the kind and the range of each argument, for notebooks and scripts."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral
from pathlib import Path
from typing import Any

from sim.runs.result import RunResult
from sim.scenario import Fault, LoadedScenario, ScenarioError
from sim.scenario.source.faults import LONGEST_VALUE_SHOWN, Place, sanitise

Rule = tuple[Callable[[Any], bool] | tuple[type, ...], str]
"""Is a value allowed, or of which kinds is it; and in words what is allowed."""


def _whole(least: int, most: int) -> Rule:
    def is_allowed(value: Any) -> bool:
        return isinstance(value, Integral) and not isinstance(value, bool) and least <= int(value) <= most

    return is_allowed, f"a whole number from {least:,} to {most:,}"


def _of(words: str, *kinds: type) -> Rule:
    return kinds, words


def _list_of(words: str, *kinds: type, single: bool = False) -> tuple[Callable[[Any], bool], str]:
    """A list of these kinds, or a `single` value of them."""

    def is_allowed(value: Any) -> bool:
        alone, is_list = single and isinstance(value, kinds), isinstance(value, Sequence) and not isinstance(value, str)
        return alone or (is_list and all(isinstance(each, kinds) for each in value))

    return is_allowed, words


_TEXT, _PATH, _DATE = _of("a text", str), _of("a path", str, Path), _of("a date", str, dt.date)
_TEXTS = _list_of("a text or a list of texts", str, single=True)
_SCENARIOS = (str, Path, LoadedScenario, RunResult)
ALLOWED: dict[str, Rule] = {
    "scenario": _of("a scenario file, or what load() returns", *_SCENARIOS[:3]),
    "base": _of("a scenario or a run: its file or folder, or what load() or run() returns", *_SCENARIOS),
    "plans": _list_of("a scenario or a run, or a list of them", *_SCENARIOS, single=True),
    "replications": _whole(1, 100_000),
    "max_replications": _whole(2, 100_000),
    "seed": _whole(0, 2**32 - 1),
    "workers": _whole(1, 100_000),
    "trajectories": _whole(2, 1000),
    "sobol_samples": (lambda value: value in (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024), "a power of two to 1,024"),
    "confidence": (lambda value: type(value) in (int, float) and 0.01 <= value <= 1, "a number from 0.01 to 1"),
    "statistic": (lambda value: value in ("at_end", "average"), '"at_end" or "average"'),
    "between": _of('a text such as "100..200"', str),
    "target": _TEXTS,
    **dict.fromkeys(("from_", "by"), _DATE),
    **dict.fromkeys(("events", "fresh", "sobol"), _of("True or False", bool)),
    **dict.fromkeys(("settings", "settings_for_all", "only", "metrics"), _list_of("a list of texts", str)),
    **dict.fromkeys(("until", "cluster", "measure", "metric", "vary"), _TEXT),
    **dict.fromkeys(("out", "results", "list_file", "folder"), _PATH),
}
VARIED: Rule = (
    lambda value: (
        all(isinstance(each, Iterable) and not isinstance(each, str) for each in value.values())
        if isinstance(value, Mapping)
        else _TEXTS[0](value)
    ),
    "KEY=VALUES as a text, a list of such texts, or a list of values for each key",
)
"""What a sweep varies; of a search it is one key."""


def check(function: Callable[..., Any], arguments: Mapping[str, Any], **rules: Rule) -> None:
    """See that a function was called with what is allowed, by `ALLOWED` or by other rules; each default always is.

    Raises ScenarioError with all that is not.
    """
    faults = []
    for name, parameter in inspect.signature(function).parameters.items():
        value, (is_allowed, words) = arguments[name], {**ALLOWED, **rules}.get(name, (lambda _: True, ""))
        is_of_kind = isinstance(value, is_allowed) if isinstance(is_allowed, tuple) else is_allowed(value)
        if value is not parameter.default and not is_of_kind:
            place = Place(f"{name}={sanitise(repr(value))[:LONGEST_VALUE_SHOWN]}")
            faults.append(Fault(place, f"is not allowed; give {words}"))
    if faults:
        raise ScenarioError(faults)
