"""The columns of a caseload file, by what names they go and which may not be in it, and the cells of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from sim.scenario.caseload_file import personal
from sim.scenario.dates import ZERO_AS_A_DATE
from sim.scenario.domain import RISK_LEVELS
from sim.scenario.source.faults import Fault, Place, join_words, shown, tidy

if TYPE_CHECKING:
    from sim.scenario.caseload_file.sheet import Sheet

COLUMNS = {
    "risk": f"recorded risk level: {join_words(RISK_LEVELS, 'or')}",
    "team": "a team of the scenario",
    "officer": "any label of the officer; empty if unallocated",
    "last_seen": "date of the last successful visit",
    "visit_due": "date on which the next visit is due",
    "review_due": "date on which the next review is due",
    "registered": "date of registration",
    "key": "anything that distinguishes this row from the others; it is never saved",
}
"""The columns by their names, and what is written in each; `risk` and `team` must be there."""

REQUIRED = ("risk", "team")
DATES = ("registered", "last_seen", "visit_due", "review_due")

SYNONYMS = {
    "risk": (
        "risk level", "recorded risk", "risk band", "risk category", "risk rating", "risk grade", "risk assessment",
        "overall risk", "arms level", "arms risk", "arms risk level", "arms rating",
    ),
    "team": (
        "team name", "unit", "area", "bcu", "basic command unit", "division", "district", "hub", "region",
        "mosovo team", "managing team",
    ),
    "officer": (
        "offender manager", "manager", "managed by", "allocated to", "allocated officer", "allocation", "assigned to",
        "case holder", "case officer", "case owner", "case manager", "managing officer", "owner", "om", "oic",
    ),
    "last_seen": (
        "last visit", "last visited", "last successful visit", "last home visit", "date last seen", "date last visited",
    ),
    "visit_due": (
        "next visit", "next visit due", "next home visit", "next home visit due", "home visit due", "visit due date",
        "next visit date",
    ),
    "review_due": (
        "next review", "next review due", "review due date", "next review date", "arms due", "next arms",
        "next arms due", "arms review", "arms review due", "next arms review", "next arms review due",
        "reassessment due", "next assessment", "next assessment due",
    ),
    "registered": (
        "registered on", "registered since", "registration", "registration date", "date registered",
        "date of registration", "first registered",
    ),
    "key": ("id", "row", "row id", "row key", "row number", "ref", "reference", "case key", "case ref",
            "case reference", "case id", "record", "record id", "unique id", "uid"),
}  # fmt: skip

FILLERS = frozenset({"rso", "offender", "offenders", "current", "the", "of"})
"""Words without which a heading means the same."""

DATE_FILLERS = frozenset({"date", "on", "by"})
"""Words without which a heading of dates means the same."""

MOST_ROWS = 200_000
"""Rows of a sheet; the register of the whole country has half as many."""

MOST_CELLS = 4_000_000
"""Cells of a sheet, empty ones between others included: twenty columns of the most rows."""

LONGEST_CELL = 32_767
"""Characters, as many as Excel allows."""

SAVE_AS = "save it as CSV UTF-8 or as XLSX"

NOT_CALCULATED = "#NOT CALCULATED"
"""Stands for a formula whose value was never stored."""

_ERROR = re.compile(r"#(?:N/A|NV|GETTING_DATA|[A-Z0-9_/]{2,12}[!?])|Err:\d{3}")
_FORMULA = re.compile(r"=\s*[A-Z@+(-].*", re.IGNORECASE | re.DOTALL)
_TEXT_BY_FORMULA = re.compile(r'="([^"]*)"')
"""How a CSV file keeps Excel from reading a text as a number."""

LONGEST_HEADING = 200
"""Characters; what is longer names no column."""

REPLACEABLE = {
    "key": "write numbers that mean nothing elsewhere",
    "officer": "write labels such as A, B and C",
}
"""How to fix a column that is wanted, but not with what is in it."""


def _bare(heading: str) -> str:
    return re.sub(r"[\W_]+", "", heading).casefold()


_BY_BARE_NAME = {_bare(name): column for column in COLUMNS for name in (column, *SYNONYMS[column])}


@lru_cache(maxsize=10_000)
def meaning_of(heading: str) -> str | None:
    if column := _BY_BARE_NAME.get(_bare(heading)):
        return column
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading).casefold())
    if column := _BY_BARE_NAME.get("".join(word for word in words if word not in FILLERS)):
        return column
    column = _BY_BARE_NAME.get("".join(word for word in words if word not in FILLERS | DATE_FILLERS))
    return column if column in DATES else None


def is_header(row: Sequence[str]) -> bool:
    """Does a row name columns, one of those that must be there among them?"""
    known = {meaning_of(cell) for cell in row if len(cell) <= LONGEST_HEADING}
    return len(known - {None}) >= 2 and not known.isdisjoint(REQUIRED)


def find_columns(sheet: Sheet, name: str) -> tuple[dict[str, int], list[Fault]]:
    here = Place(name, sheet.heading_row)
    headings = sheet.headings
    known = {number: column for number, heading in enumerate(headings) if (column := meaning_of(heading))}
    if not known:
        wanted = join_words(list(COLUMNS))
        return {}, [Fault(here, f"no heading is known; the first row must hold the names of columns: {wanted}")]
    places: dict[str, int] = {}
    faults = []
    for number, heading in enumerate(headings):
        filled = [place for place, row in enumerate(sheet.rows) if number < len(row) and row[number]]
        cells = [sheet.rows[place][number] for place in filled]
        column = known.get(number)
        if not heading and not cells:
            continue
        called = _called(number, heading)
        if found := _identifies(column, heading, cells):
            looks, cell = found
            where = "" if cell is None else f" (row {sheet.numbers[filled[cell]]})"
            fix = REPLACEABLE.get(column or "", "remove the column")
            why = "nothing in the file may identify a person"
            faults.append(Fault(here, f"{called} {looks}{where}; {why}: {fix}"))
        elif column is None:
            near = get_close_matches(_bare(heading), _BY_BARE_NAME, n=1, cutoff=0.7)
            problem = f"is unknown; remove it (the columns are {join_words(list(COLUMNS))})"
            problem = f"is unknown, did you mean {_BY_BARE_NAME[near[0]]}?" if near else problem
            problem = problem if heading else "has no heading; give it one, or remove the column"
            faults.append(Fault(here, f"{called} {problem}"))
        elif column in places:
            first = _called(places[column], headings[places[column]])
            faults.append(Fault(here, f"{called} means {column}, as {first} does; keep one of them"))
        else:
            places[column] = number
    for column in REQUIRED:
        if column not in known.values():
            faults.append(Fault(here, f"there is no column {column} ({COLUMNS[column]}); add it"))
    return places, faults


def _called(number: int, heading: str) -> str:
    """`column C ("Last seen")`; without the heading if that is itself a value which may identify a person."""
    letters = column_letters(number + 1)
    return f"column {letters}" if not heading or personal.in_cell(heading) else f"column {letters} ({shown(heading)})"


def _identifies(column: str | None, heading: str, cells: Sequence[str]) -> tuple[str, int | None] | None:
    """Why a column may identify people, and the place of the first cell that does, if it is not the heading."""
    if column is None and (by_heading := personal.in_heading(heading)):
        return f"looks like {by_heading}", None
    if column in REQUIRED:
        return None  # each cell must be one of a few words
    found = personal.in_dates(cells) if column in DATES else personal.in_column(cells)
    return found and (f"holds what looks like {found[0]}", found[1])


def clean(cell: str) -> str:
    """The text of a cell without what does not show, and without space around it."""
    if cell.isascii():
        cell = cell.strip()
        match = _TEXT_BY_FORMULA.fullmatch(cell) if cell[:2] == '="' else None
        return match[1].strip() if match else cell
    return tidy(cell)


def broken(cell: str) -> str:
    """Why a cell holds no value although it is not empty, and the repair; nothing if it does hold one."""
    if not cell or cell[0] not in "#=E0":
        return ""
    if cell == NOT_CALCULATED:
        return "holds a formula whose value is not stored; open the file in a spreadsheet and save it again"
    if _ERROR.fullmatch(cell):
        return f"holds the error {cell} of a spreadsheet; correct the formula, or empty the cell"
    if len(cell) > 2 and cell == "#" * len(cell):
        return "holds only #, as a column too narrow to show its values is saved; widen it and save again"
    if _FORMULA.fullmatch(cell):
        return "holds a formula, not its value; save the file from a spreadsheet, with values"
    if cell == ZERO_AS_A_DATE:
        return "holds 0, shown as the date 00/01/1900, as if a look-up had found an empty cell; empty the cell"
    return ""


def column_letters(number: int) -> str:
    """The name of a column, the first being A."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
