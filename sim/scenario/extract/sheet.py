"""Opening a caseload file: CSV or XLSX becomes rows of texts, and what cannot be opened becomes a message."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.scenario.extract.columns import meaning_of
from sim.scenario.faults import Fault, Place, ScenarioError, listed, shown
from sim.scenario.files import nearest_file

LARGEST_FILE = 50_000_000
"""Bytes; the register of the whole country needs a fifth of it."""

LARGEST_UNPACKED = 500_000_000
"""Bytes of a workbook once it is unpacked."""

LONGEST_HEADINGS = 10_000
"""Characters of the first line that are looked at to find what separates the cells."""

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
OTHER_DELIMITERS = "|:^~"

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""What the files of Excel begin with: .xlsx, and .xls or anything with a password."""

SAVE_AS = "save it as CSV UTF-8 or as XLSX"


@dataclass(frozen=True)
class Sheet:
    """The cells of a caseload file as texts without space around them."""

    headings: list[str]
    rows: list[list[str]]
    """As wide as they were written; blank rows are left out."""
    numbers: list[int]
    """The number of each row as a spreadsheet shows it, the headings being row 1."""
    cautions: tuple[str, ...] = ()


def open_sheet(path: Path, name: str, asked_at: Place) -> Sheet:
    """The cells of a file that `caseload.file` names at a place; `name` is how messages call it.

    Raises ScenarioError if nothing can be said of its rows.
    """
    content = _bytes(path, name, asked_at)
    if content.startswith(WORKBOOK):
        return _sheet(name, enumerate(_workbook_rows(content, name), start=1))
    if content.startswith(OLD_WORKBOOK):
        raise unusable(name, f"is an old Excel workbook (.xls) or has a password; {SAVE_AS}, without a password")
    text, cautions = _decoded(content, name)
    return _sheet(name, _text_rows(text, name), cautions)


def unusable(name: str, problem: str, row: int | None = None) -> ScenarioError:
    """An error about the whole file, or all that can be said from one row on."""
    return ScenarioError([Fault(Place(name, row), problem)])


def _sheet(name: str, numbered: Iterator[tuple[int, list[str]]], cautions: tuple[str, ...] = ()) -> Sheet:
    filled = [(number, row) for number, row in numbered if any(row)]
    if not filled:
        raise unusable(name, "is empty; `python -m sim new --caseload FILE.csv` writes one to start from")
    (first, headings), *rows = filled
    if not rows:
        raise unusable(name, "has headings and no rows; write one row for each offender", first)
    return Sheet(headings, [row for _, row in rows], [number for number, _ in rows], cautions)


def _bytes(path: Path, name: str, asked_at: Place) -> bytes:
    def not_opened(problem: str) -> ScenarioError:
        return ScenarioError([Fault(asked_at, f"caseload.file: {name} {problem}")])

    try:
        if path.is_dir():
            raise not_opened("is a folder; name a CSV or XLSX file in it")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise not_opened(f"does not exist{nearest_file(path)}") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise not_opened(f"cannot be read: {reason}") from None
    if len(content) > LARGEST_FILE:
        raise not_opened(f"has more than {LARGEST_FILE / 1e6:.0f} MB. Is it the right file?")
    return content


# --- CSV ------------------------------------------------------------------------------------------------------


def _decoded(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of a CSV file, and a caution if its encoding had to be guessed."""
    if content.startswith(UTF_16):
        raise unusable(name, 'is UTF-16, which Excel calls "Unicode text"; save it as CSV UTF-8')
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
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first, name), strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            yield number, [cell.strip() for cell in row]
    except csv.Error as error:
        long = "field limit" in str(error)
        problem = f"a cell has more than {csv.field_size_limit():,} characters; perhaps " if long else ""
        problem += 'a quotation mark does not end where its cell does; write a quotation mark in a cell twice: ""'
        raise unusable(name, problem, number + 1) from None


def _delimiter(first: str, name: str) -> str:
    """What separates the cells: that by which most of the headings are known."""
    known = {delimiter: _known_headings(first, delimiter) for delimiter in (*DELIMITERS, *OTHER_DELIMITERS)}
    most = max(known.values())
    best = [delimiter for delimiter, number in known.items() if number == most and (delimiter in first or most < 2)]
    if most >= 2 and best[0] not in DELIMITERS:
        raise unusable(name, f"its cells are separated by {shown(best[0])}; separate them by {_allowed()}", 1)
    splitting = [delimiter for delimiter in DELIMITERS if delimiter in first]
    if most < 2 and len(splitting) > 1:
        # Not even the headings are known: nothing tells a comma in a cell from one between cells.
        raise unusable(name, f"cannot tell what separates the cells; separate them by {_allowed()}", 1)
    return best[0] if most >= 2 else "".join(splitting) or ","


def _known_headings(first: str, delimiter: str) -> int:
    headings = next(csv.reader([first[:LONGEST_HEADINGS]], delimiter=delimiter), [])
    return sum(meaning_of(heading) is not None for heading in headings)


def _allowed() -> str:
    return listed(list(DELIMITERS.values()), "or")


# --- XLSX -----------------------------------------------------------------------------------------------------


def _workbook_rows(content: bytes, name: str) -> list[list[str]]:
    # Here, because only who has a workbook need wait for it.
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise unusable(name, f"unpacks to {unpacked / 1e6:,.0f} MB; {LARGEST_UNPACKED / 1e6:.0f} MB are allowed")
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if len(workbook.sheet_names) != 1:
            problem = f"holds {len(workbook.sheet_names)} sheets; keep only the one with the caseload"
            raise unusable(name, problem)
        rows: Sequence[Sequence[Any]] = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, NotImplementedError, OSError, EOFError):
        raise unusable(name, f"is no Excel workbook that can be read; {SAVE_AS}") from None
    return [[_as_text(cell) for cell in row] for row in rows]


def _as_text(cell: Any) -> str:
    """A cell of a workbook as it would stand in a CSV file; dates in the style YYYY-MM-DD."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
