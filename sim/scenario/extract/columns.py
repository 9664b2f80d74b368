"""The columns of a caseload file: what each is for, by what names it goes, and which may not be in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from sim.scenario.extract import personal
from sim.scenario.faults import Fault, Place, listed, shown

COLUMNS = {
    "risk": "recorded risk level: low, medium, high or very_high",
    "team": "a team of the scenario",
    "officer": "any label of the officer; empty if unallocated",
    "last_seen": "date of the last successful visit",
    "visit_due": "date on which the next visit is due",
    "review_due": "date on which the next review is due",
    "registered": "date of registration",
    "key": "anything that tells this row from the others; it is never kept",
}
"""The columns by their names, and what is written in each; `risk` and `team` must be there."""

REQUIRED = ("risk", "team")
DATES = ("registered", "last_seen", "visit_due", "review_due")

SYNONYMS = {
    "risk": ("risk level", "recorded risk", "risk band", "risk category", "arms level"),
    "team": ("team name", "unit", "area", "bcu"),
    "officer": ("offender manager", "manager", "allocated to", "case holder"),
    "last_seen": ("last visit", "last visited", "last successful visit", "date last seen", "date last visited"),
    "visit_due": ("next visit", "next visit due", "visit due date", "next visit date"),
    "review_due": ("next review", "next review due", "review due date", "next review date", "arms due"),
    "registered": ("registered on", "registration date", "date registered", "date of registration"),
    "key": ("id", "row", "row key", "case key"),
}

REPLACEABLE = {
    "key": "write numbers that mean nothing elsewhere",
    "officer": "write labels such as A, B and C",
}
"""How to mend a column that is wanted, but not with what is in it."""


def _bare(heading: str) -> str:
    """A heading without case, spaces and underscores."""
    return re.sub(r"[\W_]+", "", heading).casefold()


_BY_BARE_NAME = {_bare(name): column for column in COLUMNS for name in (column, *SYNONYMS[column])}


def meaning_of(heading: str) -> str | None:
    """The column that a heading means, if it is a known one."""
    return _BY_BARE_NAME.get(_bare(heading))


def find_columns(
    headings: Sequence[str], rows: Sequence[Sequence[str]], name: str
) -> tuple[dict[str, int], list[Fault]]:
    """Where each column stands, and what is wrong with the columns."""
    here = Place(name, 1)
    known = {number: column for number, heading in enumerate(headings) if (column := meaning_of(heading))}
    if not known:
        wanted = listed(list(COLUMNS))
        return {}, [Fault(here, f"no heading is known; the first row must hold the names of columns: {wanted}")]
    places: dict[str, int] = {}
    faults = []
    for number, heading in enumerate(headings):
        cells = [row[number] for row in rows if number < len(row) and row[number]]
        column = known.get(number)
        if not heading and not cells:
            continue
        called = _called(number, heading)
        if problem := _telling(column, heading, cells):
            faults.append(Fault(here, f"{called} {problem}"))
        elif column is None:
            faults.append(Fault(here, f"{called} {_unknown(heading)}"))
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
    """`column C ("Last seen")`; without the heading if that is itself a value which tells who somebody is."""
    letters, rest = "", number + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"column {letters}" if not heading or personal.in_cell(heading) else f"column {letters} ({shown(heading)})"


def _telling(column: str | None, heading: str, cells: Sequence[str]) -> str:
    """Why a column may not be in the file because it tells, or may tell, who somebody is; nothing if it does not."""
    by_heading = None if column else personal.in_heading(heading)
    found = by_heading or _by_look(column, cells)
    if not found:
        return ""
    looks = "looks like" if by_heading else "holds what looks like"
    mend = REPLACEABLE.get(column or "", "remove the column")
    return f"{looks} {found}; nothing in the file may tell who a person is: {mend}"


def _by_look(column: str | None, cells: Sequence[str]) -> str | None:
    if column in REQUIRED:
        return None  # each cell must be one of a few words
    return personal.in_dates(cells) if column in DATES else personal.in_column(cells)


def _unknown(heading: str) -> str:
    if not heading:
        return "has no heading; give it one, or remove the column"
    near = get_close_matches(_bare(heading), _BY_BARE_NAME, n=1, cutoff=0.7)
    if near:
        return f"is unknown, did you mean {_BY_BARE_NAME[near[0]]}?"
    return f"is unknown; remove it (the columns are {listed(list(COLUMNS))})"
