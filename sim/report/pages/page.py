"""What a page is made of, and the page as one HTML file that needs nothing else: no script, no font, no other file.

A run, one replication and a comparison each fill a `Report`; the template decides how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from sim.scenario.source.faults import sanitise


@dataclass(frozen=True)
class Key:
    """A key of a scenario as it names a row of a table: in words, and as it is written."""

    title: str
    name: str


@dataclass(frozen=True)
class Table:
    """A table with a caption. The first column names the row; the others are numbers unless the table is of `words`.

    On a narrow screen a table of words becomes a list of entries. A table `folded` under some words opens at a click;
    what is open is printed.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str | Key]]
    words: bool = False
    folded: str = ""


@dataclass(frozen=True)
class Drawing:
    """A figure on a page: its finding as heading, what is drawn, and its tables.

    `pictures` are SVG elements, ready to stand in HTML: the same for each width of a screen, or `many` small ones in
    rows. `key` explains colours, `story` is what happened, line by line.
    """

    ident: str
    title: str
    what: str
    pictures: Sequence[Markup]
    tables: Sequence[Table] = ()
    many: bool = False
    key: Sequence[tuple[str, str]] = ()
    story: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    ident: str
    heading: str
    sentences: Sequence[str] = ()
    tables: Sequence[Table] = ()
    drawings: Sequence[Drawing] = ()


@dataclass(frozen=True)
class Report:
    """A page. `lead` is what stands under the title, `facts` are names with what they stand for, such as the seed."""

    title: str
    lead: str
    question: str
    answer: Sequence[tuple[str, str]]
    sure: str
    headline: Table
    sections: Sequence[Section]
    facts: Sequence[tuple[str, str]]
    made: str
    main: Drawing | None = None
    """The figure that stands with the answer, and on the first sheet in print."""


def page(report: Report) -> str:
    """The whole file. Text from a scenario is escaped, and shows no character that a reader cannot see."""
    return templates().get_template("page.html").render(report=report)


@cache
def templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Text loses its control characters; pictures are our own and stay as they are.
        finalize=lambda value: sanitise(value) if type(value) is str else value,
    )
    # A key may go on in the next line after a dot or an underscore.
    environment.filters["breakable"] = lambda key: Markup(re.sub(r"([._])", r"\1<wbr>", str(escape(sanitise(key)))))
    return environment
