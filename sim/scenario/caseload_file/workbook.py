"""Opening an XLSX workbook: only what was checked goes to the parser.

A cell that holds an error, or a formula without a value, becomes a text: the parser would leave it empty, like a gap.
"""

from __future__ import annotations

import datetime as dt
import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from sim.scenario.caseload_file.columns import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_ROWS,
    NOT_CALCULATED,
    SAVE_AS,
    column_letters,
    is_header,
)
from sim.scenario.caseload_file.personal import in_cell
from sim.scenario.dates import ZERO_AS_A_DATE
from sim.scenario.source.faults import join_words, shown, unusable

LARGEST_UNPACKED = 300_000_000
"""Bytes of the parts of a workbook that are read, once they are unpacked."""

MOST_PARTS = 5_000
"""Files in a workbook; Excel writes some ten, and some for each sheet."""

LARGEST_TEXT = 500_000_000
"""Characters of all cells together; a text that many cells share is laid out for each of them."""

TOP_ROWS = 20
"""Rows in which the headings are looked for, on each sheet of a workbook that has several."""

UNREADABLE = f"is no Excel workbook that can be read; {SAVE_AS}"

_PREFIX = rb"(?:[^\s<>:/\"'=]+:)?"
_USUAL_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: [a-z]{1,2}="\w*")*(/?)>')
_ANY_CELL = re.compile(rb"[<:]c[\s/>]")
_TAG = re.compile(
    rb"<" + _PREFIX + rb"(row|c)((?:\s+[^\s<>\"'=/]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>",
)
_ATTRIBUTE = re.compile(rb"([^\s<>\"'=/]+)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
_ERROR = re.compile(rb"(<" + _PREFIX + rb"c\s[^<>]*\bt\s*=\s*)(?:\"e\"|'e')")
_UNCALCULATED = re.compile(
    rb"<(" + _PREFIX + rb")c((?:\s[^<>]*[^<>/])?)>\s*<\1f(?:\s[^<>]*)?(?:/>|>[^<]*</\1f>)\s*"
    rb"(?:<\1v\s*/>|<\1v>\s*</\1v>)?\s*</\1c>"
)
_HIDDEN_ROW = re.compile(rb"<" + _PREFIX + rb"row\s[^<>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^<>]*>")
_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d+)[\"']")

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ElementTree.ParseError,
    NotImplementedError, OSError, EOFError, LookupError, ValueError, RuntimeError,
)  # fmt: skip
"""What may come of reading a damaged archive."""


@dataclass
class Page:
    """A sheet of cells of a workbook, its first row being row 1."""

    number: int
    name: str
    part: str
    visible: bool
    rows: Sequence[list[str]] = ()
    hidden: frozenset[int] = frozenset()
    """Numbers of rows that the spreadsheet does not show."""
    merged: Sequence[tuple[int, int, str]] = ()
    """First and last row of cells that are merged, and their name: B2:B9."""


def page_of_caseload(content: bytes, name: str) -> tuple[Page, tuple[str, ...]]:
    """The one sheet of a workbook that holds a caseload, and what a planner should know of it. Raises ScenarioError."""
    # Here, because only who has a workbook need wait for it.
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        parts = _parts(content, name)
        pages = _pages(parts, name)
        for page in pages:
            parts[page.part], page.hidden = _checked(parts[page.part], name)
        _texts_fit(parts, pages, name)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for part, text in parts.items():
                archive.writestr(part, text)
        packed.seek(0)
        workbook = CalamineWorkbook.from_filelike(packed)
        for page in pages:
            sheet = workbook.get_sheet_by_index(page.number)
            rows = sheet.to_python(skip_empty_area=False)
            page.rows = [[cell if type(cell) is str else _as_text(cell) for cell in row] for row in rows]
            page.merged = [
                (top + 1, bottom + 1, f"{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}")
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            ]
    except BaseException as error:  # a panic of calamine is no Exception
        if isinstance(error, (CalamineError, *_DAMAGED)) or type(error).__name__ == "PanicException":
            raise unusable(name, UNREADABLE) from None
        raise
    return _with_the_caseload(pages, name)


def _parts(content: bytes, name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {entry.filename.replace("\\", "/"): entry for entry in archive.infolist()}
        if any(part.lower() in ("content.xml", "mimetype") for part in entries):
            raise unusable(name, f"is an OpenDocument spreadsheet; {SAVE_AS}")
        if any(part.lower().endswith("workbook.bin") for part in entries):
            raise unusable(name, f"is a binary workbook (.xlsb); {SAVE_AS}")
        wanted = {part: entry for part, entry in entries.items() if part.lower().endswith((".xml", ".rels"))}
        unpacked = sum(entry.file_size for entry in wanted.values())
        if len(entries) > MOST_PARTS:
            raise unusable(name, UNREADABLE)
        if unpacked > LARGEST_UNPACKED:
            raise unusable(name, f"unpacks to {unpacked / 1e6:,.0f} MB; {LARGEST_UNPACKED / 1e6:.0f} MB are allowed")
        if any(entry.flag_bits & 1 for entry in wanted.values()):
            raise unusable(name, f"has a password; {SAVE_AS}, without a password")
        # Never more than the size it states, and no more than that is given to the parser.
        parts = {part: archive.read(entry) for part, entry in wanted.items()}
    for part in parts.values():
        beginning = part[:200].lower()
        encoding = re.search(rb"encoding\s*=\s*[\"']([^\"']*)", beginning)
        other_encoding = encoding and encoding[1] not in (b"utf-8", b"us-ascii", b"ascii")
        if b"\0" in beginning or other_encoding or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise unusable(name, UNREADABLE)
    return parts


def _pages(parts: dict[str, bytes], name: str) -> list[Page]:
    """The sheets of cells, in the order of the workbook; charts are none."""
    by_lower = {part.lower(): part for part in parts}
    book = by_lower.get("xl/workbook.xml")
    relations = by_lower.get("xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        raise unusable(name, UNREADABLE)
    targets = {
        entry.get("Id"): posixpath.normpath(posixpath.join("/xl", entry.get("Target", ""))).lstrip("/")
        for entry in ElementTree.fromstring(parts[relations])
        if entry.get("Type", "").endswith("/worksheet")
    }
    pages = []
    for number, sheet in enumerate(ElementTree.fromstring(parts[book]).iterfind(".//{*}sheet")):
        relation = next((value for key, value in sheet.attrib.items() if key.rpartition("}")[2] == "id"), None)
        if part := by_lower.get(targets.get(relation, "").lower()):
            visible = sheet.get("state", "visible") == "visible"
            pages.append(Page(number, sheet.get("name", ""), part, visible))
    if not pages:
        raise unusable(name, f"holds no sheet of cells; {SAVE_AS}")
    return pages


def _checked(sheet: bytes, name: str) -> tuple[bytes, frozenset[int]]:
    """A sheet in which broken cells are texts, and its hidden rows. Raises ScenarioError if it is too large."""
    cells = _USUAL_CELL.findall(sheet)
    if len(cells) == len(_ANY_CELL.findall(sheet)):
        filled = [(column, row) for column, row, closed in cells if not closed]
        last_column = max((_column(letters) for letters in {column for column, _ in filled}), default=0)
        last_row, number = max((int(row) for row in {row for _, row in filled}), default=0), len(filled)
    else:
        last_row, last_column, number = _reach(sheet, name)
    if last_row > MOST_ROWS + TOP_ROWS or last_row * last_column > MOST_CELLS or number > MOST_CELLS:
        stray = f"{column_letters(last_column)}{last_row}"
        raise unusable(
            name,
            f"its cells reach to {stray}, row {last_row:,} of column {column_letters(last_column)}; {MOST_ROWS:,} rows "
            f"and {MOST_CELLS:,} cells are allowed. Delete what stands far from the rest, save, and try again",
        )
    hidden = [_NUMBER.search(row[0]) for row in _HIDDEN_ROW.finditer(sheet)] if b"hidden" in sheet else []
    if b'"e"' in sheet or b"'e'" in sheet:
        sheet = _ERROR.sub(rb'\1"str"', sheet)
    if b"<f" in sheet or b":f" in sheet:
        sheet = _UNCALCULATED.sub(_says_so, sheet)
    return sheet, frozenset(int(number[1]) for number in hidden if number)


def _reach(sheet: bytes, name: str) -> tuple[int, int, int]:
    """The last row and column with a cell, and how many cells, of a sheet that is written in an unusual way."""
    last_row, last_column, filled = 0, 0, 0
    row, column, cells = 0, 0, 0
    for tag in _TAG.finditer(sheet):
        written = {key: first or second for key, first, second in reversed(_ATTRIBUTE.findall(tag[2]))}
        place = written.get(b"r")
        if tag[1] == b"row":
            row, column = int(place) if place and place.isdigit() else row + 1, 0
            continue
        cells += 1
        column += 1
        if place is not None:
            match = re.fullmatch(rb"([A-Za-z]{1,3})(\d{1,7})", place)
            if match is None:
                raise unusable(name, UNREADABLE)
            column, row = _column(match[1].upper()), int(match[2])
        if not tag[3]:
            last_row, last_column, filled = max(row, last_row, 1), max(column, last_column), filled + 1
        if cells > MOST_CELLS:
            return last_row, last_column, filled
    if len(re.findall(rb"<" + _PREFIX + rb"c[\s/>]", sheet)) != cells:
        raise unusable(name, UNREADABLE)
    return last_row, last_column, filled


def _says_so(cell: re.Match[bytes]) -> bytes:
    """A cell with a formula that was never calculated, as a text that says so; "" is what it may have come to."""
    prefix, attributes = cell[1], cell[2]
    if re.search(rb"\bt\s*=\s*[\"']str[\"']", attributes):
        return cell[0]
    attributes = re.sub(rb"\s+t\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", attributes)
    text = NOT_CALCULATED.encode()
    return b'<%sc%s t="str"><%sv>%s</%sv></%sc>' % (prefix, attributes, prefix, text, prefix, prefix)


def _texts_fit(parts: dict[str, bytes], pages: Sequence[Page], name: str) -> None:
    """Raises ScenarioError if a cell, or all of them together, hold more text than a caseload does."""
    shared = next((text for part, text in parts.items() if part.lower() == "xl/sharedstrings.xml"), b"")
    ends = [match.end() for match in re.finditer(rb"</" + _PREFIX + rb"si>|<" + _PREFIX + rb"si\s*/>", shared)]
    lengths = [after - before for before, after in zip([0, *ends], ends, strict=False)]
    too_long = rb">[^<]{%d,}<" % (LONGEST_CELL + 1)
    texts = (shared, *(parts[page.part] for page in pages))
    # A text in several styles is stored style by style.
    if max(lengths, default=0) > 8 * LONGEST_CELL or any(re.search(too_long, text) for text in texts):
        raise unusable(name, f"a cell has more than {LONGEST_CELL:,} characters; shorten it, or remove its column")
    if max(lengths, default=0) * sum(parts[page.part].count(b"v>") for page in pages) <= LARGEST_TEXT:
        return
    used = Counter(number for page in pages for number in re.findall(rb"v>(\d+)<", parts[page.part]))
    known = range(len(lengths))
    if sum(lengths[int(number)] * times for number, times in used.items() if int(number) in known) > LARGEST_TEXT:
        raise unusable(name, f"its texts are longer than {LARGEST_TEXT / 1e6:,.0f} MB; keep the columns of a caseload")


def _with_the_caseload(pages: Sequence[Page], name: str) -> tuple[Page, tuple[str, ...]]:
    filled = [page for page in pages if any(map(any, page.rows))]
    if len(filled) <= 1:
        if filled and not filled[0].visible:
            raise unusable(name, f"its only sheet with cells, {_called(filled[0])}, is hidden; show it, and look at it")
        return (filled or pages)[0], ()
    fit = [page for page in filled if page.visible and any(map(is_header, page.rows[:TOP_ROWS]))]
    if len(fit) == 1:
        others = join_words([_called(page) for page in filled if page is not fit[0]])
        return fit[0], (f"the sheet {_called(fit[0])} is read; {others} is not",)
    sheets = join_words([_called(page) for page in filled[:8]])
    raise unusable(name, f"holds {len(filled)} sheets, {sheets}; keep only the one with the caseload")


def _called(page: Page) -> str:
    name = f"number {page.number + 1}" if in_cell(page.name) else shown(page.name)
    return f"{name}{'' if page.visible else ' (hidden)'}"


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


@lru_cache(maxsize=100_000, typed=True)  # one date stands often
def _as_text(cell: Any) -> str:
    """A cell of a workbook as it would stand in a CSV file; dates in the style YYYY-MM-DD."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if cell == dt.time(0, 0):
        return ZERO_AS_A_DATE
    return str(cell)
