"""A report as one HTML file that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from sim.report.pages.parts import Report
from sim.scenario.source.faults import sanitise


def page(report: Report) -> str:
    """The whole file. Whatever comes from a scenario is escaped, and shows no character that a reader cannot see."""
    return templates().get_template("page.html").render(report=report)


@cache
def templates() -> Environment:
    """The templates of all pages."""
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.finalize = _seen
    environment.filters["breakable"] = _breakable
    return environment


def _seen(value: object) -> object:
    """A text without control characters; pictures are our own and stay as they are."""
    return sanitise(value) if type(value) is str else value


def _breakable(key: str) -> Markup:
    """A key that may go on in the next line after a dot or an underscore."""
    return Markup(re.sub(r"([._])", r"\1<wbr>", str(escape(sanitise(key)))))
