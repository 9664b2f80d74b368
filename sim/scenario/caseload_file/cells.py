"""The cells of a caseload file: how many there may be, and what shows that a spreadsheet could not fill one."""

from __future__ import annotations

import re

from sim.scenario.source.faults import tidy

MOST_ROWS = 200_000
"""Rows of a sheet; the register of the whole country has half as many."""

MOST_CELLS = 4_000_000
"""Cells of a sheet, empty ones between others included: twenty columns of the most rows."""

LONGEST_CELL = 32_767
"""Characters, as many as Excel allows."""

SAVE_AS = "save it as CSV UTF-8 or as XLSX"

NOT_CALCULATED = "#NOT CALCULATED"
"""Stands for a formula whose value was never stored."""

ZERO_AS_A_DATE = "00/01/1900"
"""How a spreadsheet shows the number 0 as a date, above all where a look-up found an empty cell."""

_ERROR = re.compile(r"#(?:N/A|NV|GETTING_DATA|[A-Z0-9_/]{2,12}[!?])|Err:\d{3}")
_FORMULA = re.compile(r"=\s*[A-Z@+(-].*", re.IGNORECASE | re.DOTALL)
_TEXT_BY_FORMULA = re.compile(r'="([^"]*)"')
"""How a CSV file keeps Excel from reading a text as a number."""


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
