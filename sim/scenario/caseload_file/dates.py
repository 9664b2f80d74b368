"""Dates in a column of a caseload file: one style for the whole column, never a guess which number is the month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sim.scenario.dates import ISO, SLASHES, STYLES, date_parts
from sim.scenario.source.faults import join_words


@dataclass(frozen=True)
class DateColumn:
    """The dates of a column, as far as they can be read."""

    days: list[dt.date | None]
    """One for each cell; None where there is none or where it cannot be read."""
    unread: list[int]
    """The cells that hold something that is no date, by their place in the column."""
    problem: str = ""
    """Why no cell of the column can be relied upon."""


def read_dates(cells: Sequence[str], numbers: Sequence[int]) -> DateColumn:
    """The dates of a column; `numbers` are the rows of the cells, for messages."""
    parsed = {cell: date_parts(cell) for cell in set(cells)}
    first_row: dict[str, int] = {}
    count: dict[str, int] = {}
    for cell, number in zip(cells, numbers, strict=True):
        if style := parsed[cell][0]:
            first_row.setdefault(style, number)
            count[style] = count.get(style, 0) + 1
    problem = ""
    if len(count) > 1:
        styles = join_words([f"{count[style]:,} as {style} (first in row {first_row[style]})" for style in count])
        problem = f"mixes styles of dates: {styles}; write all of them as {ISO}"
    elif SLASHES in count:
        problem = _day_or_month({parts for style, parts in parsed.values() if style})
    days = {cell: None if problem else _day(style, parts) for cell, (style, parts) in parsed.items()}
    unread = [
        place
        for place, cell in enumerate(cells)
        if cell and (parsed[cell][0] is None or (not problem and days[cell] is None))
    ]
    return DateColumn([days[cell] for cell in cells], unread, problem)


def _day_or_month(dates: set[tuple[int, ...]]) -> str:
    """Why it cannot be relied upon that the day comes first; nothing if some day is past the twelfth."""
    if any(first > 12 for first, _, _ in dates) or all(first == second for first, second, _ in dates):
        return ""
    if any(second > 12 for _, second, _ in dates):
        return f"has the month before the day; write the dates as {STYLES}"
    return f"has no day after the 12th, so nothing tells days from months; write the dates as {ISO}"


def _day(style: str | None, parts: tuple[int, ...]) -> dt.date | None:
    if style is None:
        return None
    year, month, day = parts if style == ISO else parts[::-1]
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
