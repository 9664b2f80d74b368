"""Opening a caseload file: CSV or XLSX becomes rows of texts, and what cannot be opened becomes a message."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.caseload_file.columns import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_ROWS,
    SAVE_AS,
    clean,
    is_header,
    meaning_of,
)
from sim.scenario.source.faults import Fault, Place, ScenarioError, join_words, shown, unusable
from sim.scenario.source.files import regular_bytes

LARGEST_FILE = 50_000_000
"""Bytes; the register of the whole country needs a fifth of it."""

LONGEST_LINE = 1_000_000
"""Characters of a line; a caseload has some hundred."""

MOST_LINES = 2_000_000
"""Blank ones included; a spreadsheet has half as many rows."""

LONGEST_HEADINGS = 10_000
"""Characters of a line that are read to find what separates the cells."""

TOP_LINES = 20
"""Lines with something in them among which the headings are looked for; above them a title may stand."""

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
OTHER_DELIMITERS = "|:^~"

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""What the files of Excel begin with: .xlsx, and .xls or anything with a password."""

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[,;\t]*', re.IGNORECASE)
"""The first line of some exports, for Excel, which does not show that line, nor count it."""

ALLOWED = join_words(list(DELIMITERS.values()), "or")


@dataclass(frozen=True)
class Sheet:
    """The cells of a caseload file as texts without space around them."""

    headings: list[str]
    rows: list[list[str]]
    """As wide as they were written; blank rows are left out."""
    numbers: list[int]
    """The number of each row as a spreadsheet shows it."""
    heading_row: int = 1
    warnings: tuple[str, ...] = ()


def open_sheet(path: Path, name: str, asked_at: Place) -> Sheet:
    """The cells of a file that `caseload.file` names at a place; `name` is how messages call it.

    Raises ScenarioError if nothing can be said of its rows.
    """

    def refused(problem: str) -> ScenarioError:
        key = "" if asked_at.source == "--caseload" else "caseload.file: "
        return ScenarioError([Fault(asked_at, f"{key}{name} {problem}")])

    content = regular_bytes(path, LARGEST_FILE, refused, lambda: "; name a CSV or XLSX file in it")
    if len(content) > LARGEST_FILE:
        raise refused(f"has more than {LARGEST_FILE / 1e6:.0f} MB. Is it the right file?")
    if content.startswith(WORKBOOK):
        from sim.scenario.caseload_file.workbook import page_of_caseload

        page, remarks = page_of_caseload(content, name)
        sheet = _sheet(name, enumerate(page.rows, start=1), remarks)
        if hidden := sorted(page.hidden.intersection(sheet.numbers)):
            are = "1 row is" if len(hidden) == 1 else f"{len(hidden):,} rows are"
            fix = "show all rows, delete those that do not belong, and save"
            raise unusable(name, f"{are} hidden or filtered out: {some_rows(hidden)}; {fix}", hidden[0])
        merged = [area for first, last, area in page.merged if last > max(sheet.heading_row, first - 1)]
        if merged:
            areas = join_words(merged if len(merged) <= 5 else [*merged[:5], f"{len(merged) - 5:,} more"])
            raise unusable(name, f"cells are merged, and only the first of them holds the value: {areas}; unmerge them")
        return sheet
    if content.startswith(OLD_WORKBOOK):
        raise unusable(name, f"is an old Excel workbook (.xls) or has a password; {SAVE_AS}, without a password")
    text, warnings = _decoded(content, name)
    return _sheet(name, _text_rows(text, name), warnings)


def _sheet(name: str, numbered: Iterable[tuple[int, list[str]]], warnings: tuple[str, ...] = ()) -> Sheet:
    filled, cells = [], 0
    for number, row in numbered:
        cleaned = [clean(cell) for cell in row] if any(row) else []
        if not any(cleaned):
            continue
        filled.append((number, cleaned))
        cells += len(row)
        if len(filled) > MOST_ROWS + TOP_LINES or cells > MOST_CELLS:
            problem = f"is larger than {MOST_ROWS:,} rows and {MOST_CELLS:,} cells. Is it the right file?"
            raise unusable(name, problem, number)
    if not filled:
        raise unusable(name, "is empty; `python -m sim new --caseload FILE.csv` writes one to start from")
    first_rows = [row for _, row in filled[:TOP_LINES]]
    likely = [place for place, row in enumerate(first_rows) if is_header(row)]
    likely += [place for place, row in enumerate(first_rows) if any(map(meaning_of, row))]
    top = likely[0] if likely else 0
    if top:
        above = join_words([f"{number}" for number, _ in filled[:top]])
        warnings += (f"the headings are in row {filled[top][0]}; what stands above them, in row {above}, is not read",)
    (first, headings), *rows = filled[top:]
    if not rows:
        raise unusable(name, "has headings and no rows; write one row for each offender", first)
    width = len(headings)
    if not headings[-1]:  # up to the last cell that holds something
        width = max(place for _, row in filled[top:] for place, cell in enumerate(row, start=1) if cell)
    return Sheet(headings[:width], [row for _, row in rows], [number for number, _ in rows], first, warnings)


def some_rows(rows: Sequence[int], most: int = 5) -> str:
    """Numbers of rows, the first of them if they are many."""
    return join_words([f"{row}" for row in rows]) if len(rows) <= most else ", ".join(map(str, rows[:most])) + ", …"


def _decoded(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of a CSV file, and a warning if its encoding had to be guessed."""
    if content.startswith(UTF_16):
        try:
            return content.decode("utf-16"), ()
        except UnicodeDecodeError:
            raise unusable(name, "is UTF-16 and breaks off; save it as CSV UTF-8") from None
    if b"\0" in content:
        raise unusable(name, f"is neither text nor an XLSX workbook; {SAVE_AS}")
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise unusable(name, "a character that is neither UTF-8 nor Windows-1252; save it as CSV UTF-8", row) from None
    return text, (
        f"row {row} is not UTF-8, so the file was read as Windows-1252; if names of teams look odd, {SAVE_AS}",
    )


def _text_rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    many = max(text.count("\n"), text.count("\r"))
    if many > MOST_LINES:
        raise unusable(name, f"has {many:,} lines, {MOST_LINES:,} are allowed. Is it the right file?")
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise unusable(name, f"a line has {len(line):,} characters, {LONGEST_LINE:,} are allowed", number)
    separator = _SEPARATOR_LINE.fullmatch(lines[0].strip(" \ufeff")) if lines else None
    if separator:
        text = text[len(lines[0]) :].removeprefix("\r").removeprefix("\n")
        if separator[1] not in DELIMITERS:
            raise unusable(name, f"its cells are separated by {shown(separator[1])}; separate them by {ALLOWED}", 1)
    delimiter = separator[1] if separator else _delimiter(lines, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if any(len(cell) > LONGEST_CELL for cell in row):
                number -= 1
                raise csv.Error("field limit")
            yield number, row
    except csv.Error as error:
        long = "field limit" in str(error)
        problem = f"a cell has more than {LONGEST_CELL:,} characters; perhaps " if long else ""
        problem += 'a quotation mark does not end where its cell does; write a quotation mark in a cell twice: ""'
        raise unusable(name, problem, number + 1) from None


def _delimiter(lines: Iterable[str], name: str) -> str:
    """What separates the cells: that by which most of the headings are known, in whichever of the first lines."""
    top = [line for _, line in zip(range(TOP_LINES), (line for line in lines if line.strip()), strict=False)] or [""]
    all_delimiters = (*DELIMITERS, *OTHER_DELIMITERS)
    # Of lines alike the first.
    by_line = {line: {delimiter: _known_headings(line, delimiter) for delimiter in all_delimiters} for line in top}
    first = max(top, key=lambda line: max(by_line[line].values()))
    known, most = by_line[first], max(by_line[first].values())
    best = [delimiter for delimiter, number in known.items() if number == most and (delimiter in first or most < 2)]
    if most >= 2 and best[0] not in DELIMITERS:
        raise unusable(name, f"its cells are separated by {shown(best[0])}; separate them by {ALLOWED}", 1)
    splitting = [delimiter for delimiter in DELIMITERS if delimiter in first]
    if most < 2 and len(splitting) > 1:
        # Not even the headings are known: a comma may stand in a cell or between cells.
        raise unusable(name, f"it is unclear what separates the cells; separate them by {ALLOWED}", 1)
    return best[0] if most >= 2 else "".join(splitting) or ","


def _known_headings(line: str, delimiter: str) -> int:
    headings = next(csv.reader([line[:LONGEST_HEADINGS]], delimiter=delimiter), [])
    return sum(meaning_of(heading) is not None for heading in headings)
