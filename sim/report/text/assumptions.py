"""The assumption log of a scenario: for each value how good the evidence is and how much the answer depends on it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from sim.report.text.words import capital
from sim.scenario.keys import Key
from sim.scenario.paths import find, plain_value_at, route_to, touches
from sim.scenario.schema import Scenario, scenario_keys

LONGEST_VALUE = 200
"""Letters of a value that a table shows; all of it stands in the scenario."""

NO_ASSUMPTION = ("name", "about", "start", "end", "replications", "seed", "primary_measure", "levers", "assumptions")
"""Keys that say what is asked, and assume nothing."""


@dataclass(frozen=True)
class Assumed:
    """One line of the log. Texts are as the planner wrote them, and empty where nothing is given."""

    key: str
    title: str
    value: str
    quality: str
    impact: str
    range: str
    source: str
    date: str
    note: str

    @property
    def is_critical(self) -> bool:
        """Is it no more than indirect evidence, for something on which the answer depends?"""
        return self.quality != "green" and self.impact in ("red", "amber")

    @property
    def ungraded(self) -> bool:
        """Is it no more than indirect evidence, and nobody has said whether the answer depends on it?"""
        return self.quality != "green" and not self.impact


def assumption_log(scenario: Scenario) -> list[Assumed]:
    """Every entry, first those on which the answer depends most, and of these the weakest evidence."""
    log = [
        Assumed(
            key=key,
            title=title_of(key),
            value=with_unit(value_words(plain_value_at(scenario, key)), unit_of(key)),
            quality=entry.quality,
            impact=entry.impact or "",
            range=f"{entry.range[0]:g} to {entry.range[1]:g}" if entry.range else "",
            source=entry.source or "",
            date=entry.date.isoformat() if entry.date else "",
            note=entry.note or "",
        )
        for key, entry in scenario.assumptions.items()
    ]
    worst_first = ("red", "amber", "green", "")  # an impact that is not graded comes last
    return sorted(log, key=lambda entry: (worst_first.index(entry.impact), worst_first.index(entry.quality)))


def known_keys(key: str) -> list[Key]:
    """The keys on the way to a dotted key, from its section down to itself."""
    route = route_to(key)
    return [known for end in range(len(route)) if (known := find(route[: end + 1]))]


def title_of(key: str) -> str:
    """What a dotted key is, in words that need no section around them: `Visits, no contact, unannounced`."""
    titles = [known.title for known in known_keys(key) if known.title]
    if len(titles) > 1 and titles[0].lower().removesuffix("s") in ", ".join(titles[1:]).lower():
        titles = [capital(titles[1]), *titles[2:]]  # not `Officers, total officer posts`
    return ", ".join([*titles[:1], *(f"{title[0].lower()}{title[1:]}" for title in titles[1:])])


def unit_of(key: str) -> str:
    return next((known.unit for known in reversed(known_keys(key)) if known.unit), "")


def with_unit(words: str, unit: str) -> str:
    """`365 days`, `never`, `low 0.05, medium 0.12, per year`."""
    if not unit or words in ("never", "not given"):
        return words
    if words.replace(".", "", 1).isdigit():
        return f"{words} {unit.removesuffix('s') if words == '1' else unit}"
    return f"{words}, {unit if unit.startswith(('per ', 'share')) else f'in {unit}'}"


def value_words(value: Any) -> str:
    """A value as people read it; of a long list only how many entries it has."""
    if value is None:
        return "not given"
    text = _words(value)
    if isinstance(value, list) and len(text) > LONGEST_VALUE:
        return f"{len(value):,} entries"
    return textwrap.shorten(text, LONGEST_VALUE, placeholder=" …")


def _words(value: Any) -> str:
    """`low 365, medium 182`, `1 on average (lognormal, cv 0.5)`, `yes`; a part in brackets if it has parts itself."""
    if isinstance(value, dict) and "distribution" in value:
        about = ", ".join([value["distribution"], *([f"cv {value['cv']}"] if "cv" in value else [])])
        amount = f"{value['mean']} on average" if "mean" in value else f"{value['low']} to {value['high']}"
        return f"{amount} ({about})"
    if isinstance(value, dict):
        nested = {name: isinstance(part, dict | list) and "distribution" not in part for name, part in value.items()}
        parts = {name: f"({_words(part)})" if nested[name] else _words(part) for name, part in value.items()}
        return ", ".join(f"{str(name).replace('_', ' ')} {words}" for name, words in parts.items())
    if isinstance(value, list):
        return "; ".join(map(_words, value)) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def not_logged(scenario: Scenario) -> list[str]:
    """The keys with a value of their own, not the default, of which the log says nothing."""
    return [
        key.name
        for key in scenario_keys().settable()
        if key.name.split(".")[0] not in NO_ASSUMPTION
        and plain_value_at(scenario, key.name) not in (key.default, None)
        and not any(touches(key.name, logged) for logged in scenario.assumptions)
    ]
