"""A scenario in hand, to be looked at, varied and run from a notebook or a script."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from sim.scenario import Reading, Scenario, read
from sim.scenario.keys import route_to
from sim.scenario.settings import dated, in_words
from sim.scenario.summary import summary_line


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario file with the changes made to it since; it never changes itself.

    >>> met = load("scenarios/met.yaml")
    >>> met["officers.hours_per_week"]
    40
    >>> plan = met.with_({"officers.total": 145, "visits.announced_share": 0.3}, replications=60)
    """

    file: Path
    settings: tuple[str, ...] = ()
    """What differs from the file, as after `--set`."""
    reading: Reading = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reading", read(self.file, self.settings))

    def with_(
        self, changes: Mapping[str, Any] | None = None, /, *, from_: str | dt.date | None = None, **keys: Any
    ) -> LoadedScenario:
        """The same scenario with some values changed: dotted keys in a mapping, keys of the first level by name.

        Values are what one would write into the file: numbers, texts, dates, lists, mappings. With a date, `from_`,
        they hold from that day on, as a lever. Raises ScenarioError with all that is wrong.
        """
        changed = [f"{key}={_text(value)}" for key, value in {**(changes or {}), **keys}.items()]
        return LoadedScenario(self.file, (*self.settings, *dated(changed, from_)))

    def __getitem__(self, key: str) -> Any:
        """What is written for a dotted key; KeyError if nothing is, so that the default holds."""
        found: Any = self.reading.resolved
        for name in route_to(key):
            try:
                found = found[int(name) if isinstance(found, list) else name]
            except (KeyError, IndexError, ValueError, TypeError):
                raise KeyError(key) from None
        return found

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario, typed, with the defaults of all keys."""
        return self.reading.scenario

    def __repr__(self) -> str:
        changes = f" with {in_words(self.settings)}" if self.settings else ""
        return f"<Scenario {self.scenario.name} ({self.file}{changes}): {summary_line(self.scenario)}>"

    def _repr_html_(self) -> str:
        changes = "".join(f"<li><code>{escape(in_words([setting]))}</code></li>" for setting in self.settings)
        return (
            f"<p><strong>{escape(self.scenario.name)}</strong> ({escape(str(self.file))})<br>"
            f"{escape(summary_line(self.scenario))}</p>" + (f"<ul>{changes}</ul>" if changes else "")
        )


def load(
    file: Path | str,
    changes: Mapping[str, Any] | None = None,
    /,
    *,
    from_: str | dt.date | None = None,
    **keys: Any,
) -> LoadedScenario:
    """Read a scenario file, with some of its values changed: see `LoadedScenario.with_`. Raises ScenarioError."""
    scenario = LoadedScenario(Path(file))
    return scenario.with_(changes, from_=from_, **keys) if changes or keys or from_ else scenario


def file_and_settings(
    scenario: Path | str | LoadedScenario, settings: Sequence[str] = ()
) -> tuple[Path, tuple[str, ...]]:
    """The file of a scenario, and all that differs from it: its own changes, then these settings."""
    if isinstance(scenario, LoadedScenario):
        return scenario.file, (*scenario.settings, *settings)
    return Path(scenario), tuple(settings)


def _text(value: Any) -> str:
    """A value as it is written after `--set`."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    """Dates as they are written, paths as texts, and the numbers of NumPy as numbers."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else str(value)
