"""Small pictures drawn straight as SVG: panels and strips that need no axes of their own, at any width of a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd
from markupsafe import Markup, escape

from sim.report.text.colours import INK, QUIET
from sim.scenario.source.faults import sanitise

POINTS = 12
"""Size of letters in a picture, which is shown about as wide as it is drawn."""
LETTER = 6.9
"""About the width of a letter."""


class Sketch:
    """A picture of a width and height, filled shape by shape, from the top left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._shapes: list[str] = []

    def path(self, points: str, **look: str) -> None:
        """A line, or an area if `fill` is given."""
        named = {"fill": "none", **look}.items()
        attributes = " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in named)
        self._shapes.append(f'<path d="{points}" {attributes}/>')

    def rect(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A bar; one too thin to be seen is drawn a little wider."""
        size = f'width="{max(width, 0.6):.1f}" height="{height:.1f}"'
        self._shapes.append(f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{fill}"/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = "#cfcfcf", width: float = 1) -> None:
        place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        self._shapes.append(f'<line {place} stroke="{colour}" stroke-width="{width:g}"/>')

    def text(
        self, x: float, y: float, words: str, *, anchor: str = "start", colour: str = INK, bold: bool = False
    ) -> None:
        weight = ' font-weight="bold"' if bold else ""
        look = f'font-size="{POINTS}" text-anchor="{anchor}" fill="{colour}"{weight}'
        self._shapes.append(f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(sanitise(words))}</text>')

    def svg(self, ident: str, kind: str, title: str, description: str = "") -> Markup:
        """The picture as an element of a page, described in words for readers who cannot see it."""
        named = f"{ident}-title" + (f" {ident}-description" if description else "")
        described = f'<desc id="{ident}-description">{escape(sanitise(description))}</desc>' if description else ""
        return Markup(
            f'<svg class="{kind}" viewBox="0 0 {self.width:g} {self.height:g}" role="img" aria-labelledby="{named}">'
            f'<title id="{ident}-title">{escape(sanitise(title))}</title>{described}{"".join(self._shapes)}</svg>'
        )


def dates_between(start: dt.date, days: int, most: int) -> Iterator[tuple[int, str]]:
    """First days of months, as days since the start with their words, evenly and no more than there is room for."""
    months = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if days / 30.4 / step <= most), 120)
    for date in pd.date_range(start, start + dt.timedelta(days), freq="MS"):
        if (date.year * 12 + date.month - 1) % months == 0:
            yield (date.date() - start).days, f"{date:%Y}" if months >= 12 else f"{date:%b %Y}"


def date_axis(sketch: Sketch, start: dt.date, days: int, left: float, right: float, y: float, most: int) -> None:
    """A line with dates below it, from the first day to the midnight after the last."""
    sketch.line(left, y, right, y, QUIET)
    last_end = left - LETTER
    for since, words in dates_between(start, days, most):
        x = left + (right - left) * since / days
        half = LETTER * len(words) / 2
        sketch.line(x, y, x, y + 4, QUIET)
        middle = min(max(x, left + half), sketch.width - half)
        if middle - half > last_end + LETTER:
            sketch.text(middle, y + 16, words, anchor="middle", colour=QUIET)
            last_end = middle + half
