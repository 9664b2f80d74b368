"""Markdown in which nothing that a planner wrote is taken for more than words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sim.scenario.source.faults import sanitise

GAP = re.compile(r"(?<!\\)\[To be filled in by ([^:\]]+): ([^\]]+)\]")
"""A place that only people can fill: who, and with what."""


class Md(str):
    """A text that is Markdown already."""


def gap(who: str, what: str) -> Md:
    """A place that only people can fill, under the name by which the first page lists it."""
    return Md(f"[To be filled in by {who}: {what}]")


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Md:
    """A Markdown table; cells are escaped unless they are Markdown already."""
    lines = [header, ["---"] * len(header), *rows]
    return Md("\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines))


def _cell(value: Any) -> str:
    return value if isinstance(value, Md) else escaped(str(value))


def code(text: str) -> Md:
    """A name or a line as it is typed."""
    plain = sanitise(" ".join(str(text).split())).replace("`", "'").replace("|", "\\|")
    return Md(f"`{plain}`")


def codes(texts: Sequence[str]) -> Md:
    """Names one after the other."""
    return Md(", ".join(map(code, texts)))


def escaped(text: str) -> str:
    """A planner's words, in which nothing is taken for Markdown or HTML; on one line."""
    plain = sanitise(" ".join(text.replace("\u00a0", " ").split()))
    plain = re.sub(r"([\\`*\[\]|])", r"\\\1", plain)
    return plain.replace("<", "&lt;").replace(">", "&gt;")
