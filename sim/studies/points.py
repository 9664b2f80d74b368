"""The points of a sweep: which keys are varied, over which values, as a grid or as a list from a file."""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sim.scenario.paths import find, route_to, unknown_name
from sim.scenario.settings import dated
from sim.scenario.source.checking import whole_numbers_as_such
from sim.scenario.source.faults import Fault, Place, ScenarioError, sanitise, shown
from sim.scenario.source.files import LARGEST_FILE, regular_bytes
from sim.scenario.source.yaml_text import read_yaml
from sim.scenario.values import one_line

MOST_POINTS = 2_000
"""More points than anybody looks at; a slip in a range makes such numbers."""

_NUMBER = r"-?\d{1,40}(?:\.\d{1,20})?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(?::({_NUMBER}))?")
_THOUSANDS = re.compile(r"[1-9],\d{3}(?:,\d{3})*|[1-9]\d{0,2}(?:,\d{3})*,0\d\d(?:,\d{3})*")
"""What is rather a number than a list: one digit before threes of digits, or threes of which one begins with 0."""
_HOW = "write KEY=A..B:STEP, as officers.total=280..360:20, or KEY=A,B,C, as visits.announced_share=0.2,0.6"


@dataclass(frozen=True)
class Points:
    """The points of a sweep: `keys`, and for each point one value of each key, as it would be written after --set."""

    keys: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    since: str = ""
    """The date from which they hold; empty if they hold throughout."""

    def settings(self, point: Sequence[str]) -> tuple[str, ...]:
        """A point as `KEY=VALUE`, one for each key."""
        return dated([f"{key}={value}" for key, value in zip(self.keys, point, strict=True)], self.since)


def grid(varied: Sequence[str]) -> Points:
    """Every combination of the values of `KEY=A..B:STEP` or `KEY=A,B,C`, the last key moving fastest.

    Raises ScenarioError with all faults at once.
    """
    faults: list[Fault] = []
    parsed: dict[str, list[str]] = {}
    for text in varied:
        place = Place(f"--vary {sanitise(text)}")
        key, equals, values = text.partition("=")
        key = key.strip()
        if not equals or not key or not values.strip():
            faults.append(Fault(place, _HOW))
        elif problem := key_problem(key):
            faults.append(Fault(place, f"{sanitise(key)}: {problem}"))
        elif key in parsed:
            faults.append(Fault(place, f"{key} is varied twice; give all its values in one --vary"))
        elif part := next((a for a in parsed if f"{key}.".startswith(f"{a}.") or f"{a}.".startswith(f"{key}.")), ""):
            faults.append(Fault(place, f"{key} and {part} set the same value; vary one of them"))
        else:
            try:
                parsed[key] = _values(key, values.strip())
            except ValueError as error:
                faults.append(Fault(place, f"{key}: {error}"))
    if not varied:
        faults.append(Fault(Place("--vary"), f"is missing: which key is to be varied? {_HOW}"))
    size = math.prod(map(len, parsed.values()))
    if not faults and size > MOST_POINTS:
        faults.append(Fault(Place("--vary"), f"{size:,} points are too many, {MOST_POINTS:,} are allowed"))
    if faults:
        raise ScenarioError(faults)
    return Points(tuple(parsed), tuple(itertools.product(*parsed.values())))


def written(varied: str | Sequence[str] | Mapping[str, Iterable[Any]]) -> tuple[str, ...]:
    """What a notebook gives as one text, as several, or as values by key, the way `grid` reads it."""
    if isinstance(varied, Mapping):
        lists = {
            key: ",".join(shown(each) if type(each) is int else str(each) for each in values)
            for key, values in varied.items()
        }
        varied = [
            f"{key}={text.replace(',', ', ') if _THOUSANDS.fullmatch(text) else text}" for key, text in lists.items()
        ]
    return (varied,) if isinstance(varied, str) else tuple(varied)


def listed_points(file: Path) -> Points:
    """The points of a CSV file: its columns are keys, each row is a point. Raises ScenarioError with all faults."""
    name = sanitise(str(file))

    def refused(problem: str) -> ScenarioError:
        return ScenarioError([Fault(Place(name), problem)])

    content = regular_bytes(file, LARGEST_FILE, refused)
    if len(content) > LARGEST_FILE:
        raise refused(f"has more than {LARGEST_FILE / 1e6:.0f} MB; {MOST_POINTS:,} points need far less")
    try:
        lines = io.StringIO(content.decode("utf-8-sig"), newline="")
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines)]
    except (UnicodeDecodeError, csv.Error):
        raise refused("cannot be read: it is no CSV file in UTF-8") from None
    head = rows[0] if rows else []
    points = {number: row for number, row in enumerate(rows[1:], start=2) if any(row)}
    if not any(head) or not points:
        raise refused("holds no points; the first line names the keys, each line below it is a point")
    faults = []
    for key in head:
        if problem := key_problem(key):
            faults.append(Fault(Place(name, 1), f"{sanitise(key)}: {problem}"))
        elif head.count(key) > 1:
            faults.append(Fault(Place(name, 1), f"{key}: stands over {head.count(key)} columns"))
    seen: dict[tuple[object, ...], int] = {}
    for number, row in points.items():
        if len(row) != len(head) or not all(row):
            problem = f"{sum(map(bool, row))} values for {len(head)} keys; give one for each, also the same"
            faults.append(Fault(Place(name, number), problem))
        elif (first := seen.setdefault(tuple(map(as_value, row)), number)) != number:
            faults.append(Fault(Place(name, number), f"is the point of line {first} again; give each point once"))
    if len(rows) - 1 > MOST_POINTS:
        faults.append(Fault(Place(name), f"{len(rows) - 1:,} points are too many, {MOST_POINTS:,} are allowed"))
    if faults:
        raise ScenarioError(faults)
    return Points(tuple(head), tuple(map(tuple, points.values())))


def key_problem(key: str) -> str:
    """Why a key cannot be varied; empty if it can."""
    route = route_to(key)
    known = find(route)
    if known is None:
        return unknown_name(key)
    if known.kind == "section":
        return f"is a section; vary one of its keys, such as {known.name}.{next(iter(known.children))}"
    if route[0] in ("seed", "replications"):
        return f"is not part of the force; give it with --{route[0]}"
    if route[0] in ("start", "end"):
        return (
            "is the same at every point, or their numbers could not be compared; give it with --set, or see "
            "every week of one run on its page and in weekly.parquet"
        )
    if route[0] in ("name", "about", "assumptions") or route[-1] == "name":
        return "changes no number; vary a key that does"
    return ""


def as_value(text: str) -> object:
    """What a text stands for, as a scenario would read it: 0.1 for `.1` and for `0.10`."""
    value, faults = read_yaml(text, lambda line: Place("--vary"))
    return text if value is None or faults else one_line(whole_numbers_as_such(value.plain()))


def _values(key: str, text: str) -> list[str]:
    """`280..360:20` or `0.2,0.6` as single values. Raises ValueError saying what is wrong."""
    if (found := _RANGE.fullmatch(text)) is None:
        values = [value.strip() for value in text.split(",")]
        if ".." in text and _RANGE.fullmatch(text.replace(",", "")):
            raise ValueError(f"write numbers without a thousands separator, as {key}={text.replace(',', '')}")
        if ".." in text or not all(values):
            raise ValueError(_HOW)
        if _THOUSANDS.fullmatch(text):
            number = text.replace(",", "")
            problem = f"was {int(number):,} meant? Write it without the comma, {key}={number}"
            repair = f'for a list of {len(values)} values put a space after the comma: "{key}={", ".join(values)}"'
            raise ValueError(f"{problem}; {repair}")
        meant = [as_value(value) for value in values]
        for place, value in enumerate(meant):
            if (earlier := meant.index(value)) < place:
                raise ValueError(f"a value stands twice: {values[earlier]} and {values[place]}")
        return values
    first, last, step = (Decimal(number) for number in found.groups(default="1"))
    if found[3] is None and (first != first.to_integral_value() or last != last.to_integral_value()):
        raise ValueError(f"give a step after the range, as {text}:0.1")
    if step <= 0 or last < first:
        raise ValueError("the range runs upwards from its first number, by steps above 0")
    count = int((last - first) / step) + 1
    if count > MOST_POINTS:
        raise ValueError(f"{count:,} points are too many, {MOST_POINTS:,} are allowed")
    return [format(first + number * step, "f") for number in range(count)]
