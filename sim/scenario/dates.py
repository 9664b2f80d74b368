"""The one reader of dates: YYYY-MM-DD or DD/MM/YYYY, with or without a time of day, which does not matter."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Any

from sim.scenario.source.faults import shown

ISO, SLASHES = "YYYY-MM-DD", "DD/MM/YYYY"
STYLES = f"{ISO} or {SLASHES}"

_TIME = r"(?:(?:T| +)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?"
_WRITTEN = {
    ISO: re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}", re.ASCII),
    SLASHES: re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){_TIME}", re.ASCII),
}

LIKE_A_DATE = re.compile(
    r"\d{1,4}(?:([ ./-])[a-z]{3,9}\1|([./-])\d{1,2}\2)\d{2,4}(?:[T ].*)?", re.IGNORECASE | re.ASCII
)
"""What was surely meant as a date, though it may be none."""

ZERO_AS_A_DATE = "00/01/1900"
"""How a spreadsheet shows the number 0 as a date, above all where a look-up found an empty cell."""

_EXCELS_DAY_0 = dt.date(1899, 12, 30)
_EXCELS_DAYS = range(20_000, 80_000)
"""From 1954 to 2119: such a number where a date is wanted comes from a spreadsheet."""


def parsed_date(text: str) -> dt.date:
    """The date that a text gives. Raises ValueError, which says what is wrong and how to put it right."""
    text = text.strip()
    style, parts = date_parts(text)
    if style:
        year, month, day = parts if style == ISO else parts[::-1]
        try:
            return dt.date(year, month, day)
        except ValueError:
            raise ValueError(f"{shown(text)} is no date: {_why_not(year, month, day)}") from None
    if day_in_excel := excels_date(text):
        raise ValueError(
            f"{text} is the number by which Excel counts days, for {day_in_excel}; write {day_in_excel}, or format the "
            "cell as a date"
        )
    for pattern, sign in ((r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", "-"), (r"(\d{1,2})[-.](\d{1,2})[-.](\d{4})", "/")):
        if match := re.fullmatch(pattern, text, re.ASCII):
            meant = sign.join(number.zfill(2) for number in match.groups())
            raise ValueError(f"{shown(text)} is not written {STYLES}; write {meant}")
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}", text, re.ASCII):
        raise ValueError(f"{shown(text)} does not say of which century; write the year with four digits, {STYLES}")
    raise ValueError(f"{shown(text)} is not a date such as 2024-09-02")


def as_date(value: Any) -> Any:
    """A value of a scenario as a date, if it is a text or a number; the schema reports what is wrong with others."""
    if isinstance(value, str) and value:
        return parsed_date(value)
    return parsed_date(str(value)) if isinstance(value, int | float) and excels_date(str(value)) else value


def date_parts(text: str) -> tuple[str | None, tuple[int, ...]]:
    """The style in which a date is written, and its three numbers in that order; no style if it is none."""
    for style, written in _WRITTEN.items():
        if match := written.fullmatch(text):
            return style, tuple(map(int, match.groups()))
    return None, ()


def excels_date(text: str) -> dt.date | None:
    """The date that a number stands for in a spreadsheet; None if it is not such a number."""
    match = re.fullmatch(r"(\d{5})(?:\.\d+)?", text, re.ASCII)
    if match and int(match[1]) in _EXCELS_DAYS:
        return _EXCELS_DAY_0 + dt.timedelta(int(match[1]))
    return None


def _why_not(year: int, month: int, day: int) -> str:
    if year == 0:
        return "there is no year 0"
    if not 1 <= month <= 12:
        swapped = 1 <= day <= 12 and 1 <= month <= 31
        repair = f"; for {day} as the month write {year:04}-{day:02}-{month:02}" if swapped else ""
        return f"there is no month {month}{repair}"
    days = calendar.monthrange(year, month)[1]
    return f"{calendar.month_name[month]} {year} has {days} days"
