"""YAML 1.2 into located values: mappings, lists and single values; the one place that knows ruamel.yaml.

The parser's events are taken one by one, so that every value knows its line and nothing is ever expanded: anchors,
aliases, tags, directives, duplicate keys and deep nesting are faults.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import ScalarNode

from sim.scenario.source.faults import Fault, Place, ScenarioError, sanitise, shown
from sim.scenario.source.located import Located

DEEPEST_NESTING = 20
"""Levels of mappings and lists; the schema itself needs eight."""

PLAIN_WORDS = {
    r"'\t' that cannot start": "a tab; indent with spaces",
    "cannot start any token": "a text may not begin with this character; put the text in quotes",
    "expected alphabetic or numeric": "a text may not begin with this character; put the text in quotes",
    "mapping values are not allowed": "a colon too many, or indented too far; put a text with a colon in quotes",
    "entries are not allowed": "a dash cannot stand here; begin the entry on a line of its own",
    "could not find expected ':'": "no `key: value`; the colon with a space after it is missing",
    "end of stream": "a quotation mark is opened and never closed",
    "expected ',' or ']'": "the [ opened here is not closed, or a comma is missing after it",
    "expected ',' or '}'": "the { opened here is not closed, or a comma is missing after it",
    "expected the node content": "a value is missing, or a bracket closes that was never opened",
    "expected <block end>": "does not continue what stands above; indent it like its neighbours",
    "expected '<document start>'": "does not continue what stands above; indent it like its neighbours",
    "unknown escape character": "a backslash in double quotes; use single quotes",
}
"""What a message says, by a fragment of what ruamel.yaml says; the first that fits."""


def read_yaml(text: str, place: Callable[[int], Place]) -> tuple[Located | None, list[Fault]]:
    """One YAML document as a written value, and what is wrong with it.

    `place` names a line. The value is None where the text breaks off as YAML, or holds nothing.
    """
    reader = _Reader(text, place)
    try:
        return reader.document(), reader.faults
    except YAMLError as error:
        return None, [*reader.faults, _in_plain_words(error, text, place)]
    except ScenarioError as error:
        return None, [*reader.faults, *error.faults]


class _Reader:
    """Builds the written value of one document and collects the faults met on the way."""

    def __init__(self, text: str, place: Callable[[int], Place]) -> None:
        # `pure`, because the C parser speaks YAML 1.1.
        self.yaml = YAML(typ="safe", pure=True)
        self.events: Iterator[Any] = self.yaml.parse(text)
        self.place = place
        self.faults: list[Fault] = []

    def document(self) -> Located | None:
        content: Located | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if content:
                    self.fault(event, "a second document begins here; a scenario is one, take the --- away")
                    break
                if event.version or event.tags:
                    self.fault(event, "a scenario takes no % directives; take the lines above --- away")
                content = self.value(next(self.events), ())
        return content

    def value(self, event: Any, route: tuple[str, ...]) -> Located:
        place = self.at(event)
        if isinstance(event, AliasEvent):
            self.fault(event, f"*{event.anchor} refers to another place; write the value out", route)
            return Located(None, place, invalid=True)
        if event.anchor:
            self.fault(event, f"the anchor &{event.anchor} has no use here; take it away", route)
        if event.tag:
            tag = sanitise(event.tag.replace("tag:yaml.org,2002:", "!!"))
            self.fault(event, f"the tag {tag} has no use here; take it away", route)
        if isinstance(event, ScalarEvent):
            return Located(None, place, invalid=True) if event.tag else self.single(event, place, route)
        if len(route) >= DEEPEST_NESTING:
            problem = f"nested more than {DEEPEST_NESTING} levels deep; a scenario needs far fewer"
            raise ScenarioError([Fault(place, problem)])
        if isinstance(event, SequenceStartEvent):
            return self.sequence(place, route)
        assert isinstance(event, MappingStartEvent)
        return self.mapping(place, route)

    def sequence(self, place: Place, route: tuple[str, ...]) -> Located:
        entries: list[Located] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            entries.append(self.value(event, (*route, str(len(entries)))))
        return Located(entries, place)

    def mapping(self, place: Place, route: tuple[str, ...]) -> Located:
        entries: dict[str, Located] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            if not isinstance(event, ScalarEvent) or event.anchor or event.tag:
                self.fault(event, "a key must be a plain word", route)
            # A key that is itself a mapping or a list is read over; its text, if any, names the entry.
            name = event.value if isinstance(event, ScalarEvent) else "?"
            if not isinstance(event, ScalarEvent):
                self.value(event, (*route, name))
            entry = self.value(next(self.events), (*route, name))
            if name in entries:
                first = entries[name].place.line
                self.fault(event, f"stands here a second time, first on line {first}; keep one", (*route, name))
            elif isinstance(event, ScalarEvent):
                # A value belongs to the line of its key, where a reader looks for it.
                entries[name] = Located(entry.value, self.at(event), invalid=entry.invalid)
        return Located(entries, place)

    def single(self, event: ScalarEvent, place: Place, route: tuple[str, ...]) -> Located:
        kind = str(self.yaml.resolver.resolve(ScalarNode, event.value, event.implicit)).rpartition(":")[2]
        if kind == "null":
            return Located(None, place)
        if kind == "bool":
            return Located(event.value.lower() == "true", place)
        if kind in ("int", "float"):
            node = ScalarNode(kind, event.value, event.start_mark, event.end_mark)
            construct, as_kind = (
                getattr(self.yaml.constructor, f"construct_yaml_{kind}"),
                int if kind == "int" else float,
            )
            with suppress(ValueError, OverflowError):  # as of a number that is absurdly long
                if math.isfinite(number := as_kind(construct(node))):
                    return Located(number, place)
            self.fault(event, f"{sanitise(event.value[:40])} is not a number a scenario can use", route)
            return Located(None, place, invalid=True)
        # Dates stay text: the schema reads them, and the resolved scenario is written back as they were.
        if any(unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t" for each in event.value):
            self.fault(event, f"{shown(event.value)} holds a character that cannot be printed", route)
            return Located(None, place, invalid=True)
        return Located(event.value, place)

    def at(self, event: Any) -> Place:
        return self.place(event.start_mark.line + 1)

    def fault(self, event: Any, message: str, route: tuple[str, ...] = ()) -> None:
        path = sanitise(".".join(route))
        self.faults.append(Fault(self.at(event), f"{path}: {message}" if path else message))


def _in_plain_words(error: YAMLError, text: str, place: Callable[[int], Place]) -> Fault:
    """What the parser stumbled over, at the line where a planner should look."""
    if not isinstance(error, MarkedYAMLError):
        position = getattr(error, "position", 0)
        return Fault(place(text.count("\n", 0, position) + 1), "a character that cannot be printed; take it away")
    problem = error.problem or error.context or "it cannot be read"
    # What is opened and not closed is fixed where it was opened, not where the file ends.
    opened = any(word in (error.context or "") for word in ("flow", "quoted", "simple key"))
    positions = (error.context_mark, error.problem_mark) if opened else (error.problem_mark, error.context_mark)
    # Of some problems the parser gives no line.
    line = next((position.line + 1 for position in positions if position), 1)
    words = next((words for fragment, words in PLAIN_WORDS.items() if fragment in problem), "")
    return Fault(place(line), words or f"not YAML: {sanitise(problem)}")
