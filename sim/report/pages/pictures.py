"""Figures for a page: drawn for a wide and a narrow screen, in words and in numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup, escape

from sim.report.figures import style
from sim.report.figures.style import Chart, Line, Panel, Picture
from sim.report.pages.page import Drawing, Key, Table
from sim.report.text.words import midnight_words
from sim.scenario.source.faults import sanitise

DATES_IN_A_TABLE = 7
"""So many dates of a line stand in the table of a figure: the first, the last, and some evenly between."""


def drawing(picture: Picture) -> Drawing:
    """A picture of a run as it stands on a page, described line by line and with its numbers."""
    described = [picture.what]
    for panel in picture.panels:
        described += [f"{panel.heading}."] * bool(panel.heading) + [_line_words(line) for line in panel.lines]
    tables = [numbers(panel) for panel in picture.panels]
    shapes = _shapes(picture, " ".join(described))
    return Drawing(f"figure-{picture.name}", picture.title, picture.what, shapes, tables)


def chart_drawing(chart: Chart, tables: Sequence[Table], *, with_tables: bool = False) -> Drawing:
    """A figure of an answer on a page, described by the rows of its tables, which may also stand below it."""
    rows = [[cell.title if isinstance(cell, Key) else cell for cell in row] for table in tables for row in table.rows]
    described = "; ".join(map(" ".join, rows))
    shapes = _shapes(chart, described)
    return Drawing(f"figure-{chart.name}", chart.title, chart.what, shapes, tables if with_tables else ())


def _shapes(figure: Picture | Chart, described: str) -> list[Markup]:
    """A figure for a wide and for a narrow screen, as letters must not shrink with the screen."""
    shapes = []
    for width, sheet in (("laptop", style.LAPTOP), ("phone", style.PHONE)):
        svg = style.as_svg(figure.on(sheet), letters_as_text=True).decode()
        shapes.append(inline(svg, f"{figure.name}-{width}", width, figure.title, described))
    return shapes


def _line_words(line: Line) -> str:
    known = line.weeks.dropna(subset="mean")
    if known.empty:
        return f"{line.name}: nothing to show."
    mean = known["mean"]
    values = (mean.iloc[0], mean.iloc[-1], mean.min(), mean.max())
    first, last, low, high = (f"{line.words(value)}{line.unit}" for value in values)
    if len(known) == 1 or low == high:
        return f"{line.name}: {last}."
    return f"{line.name}: from {first} to {last}, never below {low} nor above {high}."


def numbers(panel: Panel) -> Table:
    """The numbers of a panel on some dates, with the 8-of-10 range."""
    weeks = panel.lines[0].weeks if panel.lines else pd.DataFrame({"date": []})
    chosen: Sequence[int] = range(len(weeks))
    if len(weeks) > DATES_IN_A_TABLE:
        step = (len(weeks) - 1) / (DATES_IN_A_TABLE - 1)
        chosen = [round(place * step) for place in range(DATES_IN_A_TABLE)]
    single = all((line.weeks["n"] <= 1).all() for line in panel.lines)
    what = "One replication." if single else "Mean; in brackets the 8-of-10 range."
    heading = panel.heading[:1].lower() + panel.heading[1:]
    dates = list(weeks["date"])
    rows = [(midnight_words(dates[w], dates[-1]), *(_cell(line, w, single) for line in panel.lines)) for w in chosen]
    return Table(
        f"{panel.heading}. {what}" if panel.heading else what,
        ("Date", *(line.name for line in panel.lines)),
        rows,
        folded=f"The numbers: {heading}" if heading else "The numbers",
    )


def _cell(line: Line, week: int, single: bool) -> str:
    row = line.weeks.iloc[week]
    if pd.isna(row["mean"]):
        return "–"
    mean = f"{line.words(row['mean'])}{line.unit}"
    return mean if single else f"{mean} ({line.words(row['p10'])} to {line.words(row['p90'])})"


_ID = re.compile(r' id="([^"]+)"')
_POINTS_AT = re.compile(r'(xlink:href="#|url\(#)([^")]+)')
_STYLE = 'style="stroke-linejoin: round; stroke-linecap: butt"'
"""What the file says of everything in it; on a page it must be said of this picture alone."""


def inline(svg: str, ident: str, width: str, title: str, description: str) -> Markup:
    """The picture of an SVG file as an element of a page, with a title and a description for who cannot see it.

    Its ids become its own, as on a page no two things may have the same.
    """
    body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    body = re.sub(r"<metadata>.*?</metadata>|<defs>\s*<style.*?</defs>|<!--.*?-->", "", body, flags=re.DOTALL)
    pointed_at = {name for _, name in _POINTS_AT.findall(body)}
    body = _ID.sub(lambda found: f' id="{ident}-{found[1]}"' if found[1] in pointed_at else "", body)
    body = _POINTS_AT.sub(lambda found: f"{found[1]}{ident}-{found[2]}", body)
    body = body.replace("font-family: 'DejaVu Sans', sans-serif; ", "")
    body = re.sub(r"\n\s*", "\n", re.sub(r' transform="rotate\(-0 [^"]*"', "", body))
    wide, high = (float(size) for size in svg.split('viewBox="0 0 ')[1].split('"')[0].split())
    return Markup(
        f'<svg class="{width}" viewBox="0 0 {wide:g} {high:g}" role="img" {_STYLE} '
        f'aria-labelledby="{ident}-title {ident}-description">'
        f'<title id="{ident}-title">{escape(sanitise(title))}</title>'
        f'<desc id="{ident}-description">{escape(sanitise(description))}</desc>{body}</svg>'
    )
