"""How every answer is printed: headings with sentences, wrapped to the width of the terminal, and tables in columns."""

from __future__ import annotations

import contextlib
import os
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from sim.runs.folder import FIGURES
from sim.runs.provenance import relative_path

WIDEST = 100
"""Longer lines are hard to read; also the width when the output goes to a file."""
INDENT = "  "
REPORT = ("report.html", "report.html, report.xlsx")


class Rows(NamedTuple):
    """Lines printed as they are, such as those of a table; the first so many are its heading, and bold."""

    lines: Sequence[str]
    bold: int = 0


class Block(NamedTuple):
    """A heading with what stands below it: sentences, which are wrapped, and rows. Without a heading, rows alone."""

    heading: str
    entries: Sequence[str | Rows]
    hanging: bool = False
    """Are the further lines of a sentence indented more than its first?"""

    def print(self, console: Console) -> None:
        console.print()
        if self.heading:
            console.print(Text(self.heading, style="bold"), soft_wrap=True)
        for entry in self.entries:
            if isinstance(entry, Rows):
                for number, line in enumerate(entry.lines):
                    console.print(Text(line, style="bold" if number < entry.bold else ""), soft_wrap=True)
                continue
            # Wrapped here, as rich would fill every line up with spaces.
            lines = textwrap.wrap(
                entry,
                console.width,
                initial_indent=INDENT,
                subsequent_indent=INDENT * (2 if self.hanging else 1),
                break_long_words=False,  # nor at hyphens: a path broken in two cannot be copied
                break_on_hyphens=False,
            )
            console.print(Text("\n".join(lines)), soft_wrap=True)


def width_of(console: Console) -> int:
    """The letters of a line: as wide as the terminal, also where the text goes through a pager or into a file first."""
    if console.is_terminal:
        return min(console.width, WIDEST)
    return text_width() if console.file is sys.stdout else WIDEST


def text_width() -> int:
    """The same of what is printed without a console: COLUMNS, the terminal that is looked at, or the widest."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return min(int(columns), WIDEST)
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            if stream.isatty() and (wide := os.get_terminal_size(stream.fileno()).columns):
                return min(wide, WIDEST)
    return WIDEST


def aligned(
    cells: Sequence[Sequence[str]], left: Sequence[int] = (0,), gap: str = "  ", indent: str = INDENT
) -> list[str]:
    """Rows of cells as lines with their columns below each other: those numbered in `left` flush left, others right."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        indent
        + gap.join(
            cell.ljust(wide) if number in left else cell.rjust(wide)
            for number, (cell, wide) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]


def saved_in(folder: Path, *files: tuple[str, str]) -> Block:
    """Where an answer is saved, and what of it: the words for each file that is there."""
    words = [words for file, words in files if (folder / file).is_file()]
    if any((folder / FIGURES).glob("*.svg")):
        words.append("figures")
    return Block("Saved in", [f"{relative_path(folder)} ({', '.join(words)})"])
