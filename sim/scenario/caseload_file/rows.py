"""The rows of a caseload file, each checked, and every fault reported with the number of its row."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np

from sim.scenario.caseload_file import personal
from sim.scenario.caseload_file.columns import DATES, broken, find_columns
from sim.scenario.caseload_file.known import KNOWN, NOBODY, UNKNOWN, KnownCaseload, identity
from sim.scenario.caseload_file.sheet import open_sheet, some_rows
from sim.scenario.dates import ISO, LIKE_A_DATE, SLASHES, STYLES, date_parts, excels_date, parsed_date
from sim.scenario.domain import RISK_LEVELS, RISKS
from sim.scenario.source.faults import Fault, Place, ScenarioError, join_words, name_key, shown
from sim.scenario.values import one_line

REPORTED_EACH = 3
"""Rows up to which each is reported by itself; a fault of more rows is reported once."""

MOST_LEFT_OUT = 0.1
"""Share of rows that may be left out; where more cannot be used, something is wrong with all of them."""

LONGEST_AHEAD_DAYS = 3653
"""Ten years: what is due later was mistyped."""

IN_ORDER = (
    ("registered", "last_seen"),
    ("last_seen", "visit_due"),
    ("registered", "visit_due"),
    ("registered", "review_due"),
)
"""Dates of which the first cannot be after the second."""

PAST = ("registered", "last_seen")
"""Dates that cannot be after the first day of the scenario."""

NOBODY_IN_WORDS = frozenset(
    {"-", "n/a", "na", "nil", "none", "null", "nobody", "tbc", "unallocated", "unassigned", "not allocated", "vacant"}
)
"""What stands in the column of officers where there is none; no message is needed, only a remark."""

MISSING_TEAMS = "team: no team of the scenario"
"""The kind of fault whose message counts its rows by itself."""

_RISKS = {
    spelling: number for number, level in enumerate(RISKS) for spelling in (*level.short, level.name.replace("_", ""))
}


class RowFaults:
    def __init__(self, name: str, heading_row: int) -> None:
        self.name = name
        self.heading_row = heading_row
        self.whole: list[Fault] = []
        self.found: dict[str, list[tuple[int, str]]] = {}
        self.shifted: set[int] = set()

    def add(self, row: int, kind: str, message: str) -> None:
        """A fault of one row; `kind` is what it has in common with others."""
        if row not in self.shifted:
            self.found.setdefault(kind, []).append((row, message))

    def rows(self) -> list[int]:
        return sorted({row for found in self.found.values() for row, _ in found})

    def all(self, rows: int) -> list[Fault]:
        """Each fault by its row if few rows have its kind, else once with their number; `rows`: how many were read."""
        faults = list(self.whole)
        for kind, found in self.found.items():
            found = sorted(set(found))
            numbers = sorted({row for row, _ in found})
            if len(numbers) <= REPORTED_EACH:
                faults += [Fault(Place(self.name, row), message) for row, message in found]
            else:
                so = f"so in {len(numbers):,} of {rows:,} rows" if kind != MISSING_TEAMS else "rows"
                faults.append(Fault(Place(self.name, numbers[0]), f"{found[0][1]} ({so}: {some_rows(numbers)})"))
        bad = self.rows()
        if bad and not self.whole and len(bad) <= MOST_LEFT_OUT * rows:
            offer = "--set caseload.skip_unreadable_rows=true leaves them out and says so"
            faults.append(Fault(Place(self.name), f"{len(bad):,} of {rows:,} rows cannot be used; {offer}"))
        return faults


def read_caseload(
    path: Path,
    name: str,
    asked_at: Place,
    teams: Sequence[str],
    first_day: dt.date | None,
    *,
    skip_unreadable: bool = False,
) -> KnownCaseload:
    """Today's caseload from a file that `caseload.file` names at a place; messages call it by its name.

    `teams`: names of the scenario's teams. Without a first day, no date is compared with it. `skip_unreadable`: rows
    that cannot be used are left out, if they are few. Raises ScenarioError with all faults of the file.
    """
    sheet = open_sheet(path, name, asked_at)
    places, column_faults = find_columns(sheet, name)
    if column_faults:
        # Whatever a message about a row would repeat may stand in a column that ought not to be here.
        raise ScenarioError(column_faults)
    faults = RowFaults(name, sheet.heading_row)
    width, numbers, rows = len(sheet.headings), [], []
    for number, row in zip(sheet.numbers, sheet.rows, strict=True):
        if len(row) < width or any(row[width:]):
            message = f"has {len(row)} cells, the headings {width}; put a cell that holds a comma in quotation marks"
            faults.add(number, "other number of cells than headings", message)
        else:
            numbers.append(number)
            rows.append(row)
    columns = {column: [row[place] for row in rows] for column, place in places.items()}

    known = np.zeros(len(rows), KNOWN)
    _refuse_broken(columns, numbers, faults)
    known["risk"], known["team"] = _risks_and_teams(columns["risk"], columns["team"], numbers, teams, faults)
    for date, days in _dates(columns, numbers, first_day, faults).items():
        known[date] = [UNKNOWN if day is None else day.toordinal() for day in days]
    kind = "key" if "key" in columns else "row"
    texts = columns.get("key") or [str(number) for number in numbers]
    first: dict[str, int] = {}
    for key, number in zip(texts, numbers, strict=True):  # each its own; no message repeats one
        if not key:
            faults.add(number, "key: empty", "key: is empty; give each row one, or remove the column")
        elif first.setdefault(key, number) != number:
            faults.add(number, "key: not the only one", f"key: is the same as in row {first[key]}; give each its own")
    bad = set(faults.rows())
    of = len(sheet.rows)
    if faults.whole or (bad and not (skip_unreadable and len(bad) <= MOST_LEFT_OUT * of)):
        raise ScenarioError(faults.all(of))
    fine = [place for place, number in enumerate(numbers) if number not in bad]
    remarks = sheet.warnings
    if bad:
        of_kinds = {kind: sorted({row for row, _ in found}) for kind, found in faults.found.items()}
        kinds = [f"{kind} (row{'' if len(row) == 1 else 's'} {some_rows(row)})" for kind, row in of_kinds.items()]
        left_out = f"{len(bad):,} of {of:,} rows are left out, and their offenders with them"
        remarks += (f"{left_out}: {'; '.join(kinds)}",)
    known = known[fine]
    known["officer"] = NOBODY
    if "officer" in columns:
        keys = {label: name_key(label) for label in set(columns["officer"])}
        labels = [keys[columns["officer"][place]] for place in fine]
        known["officer"] = _officers(labels, known["team"])
        if unnamed := sum(label in NOBODY_IN_WORDS for label in labels):
            remarks += (f"officer: {unnamed:,} cells say that there is none, in words, and are read as empty",)
    known["stream"], known["index"] = np.array([identity(kind, texts[place]) for place in fine], "u4").T
    in_order_of_identity = known[np.lexsort((known["index"], known["stream"]))]
    return KnownCaseload(path.name, in_order_of_identity, tuple(teams), "officer" in columns, remarks, len(bad))


def _refuse_broken(columns: dict[str, list[str]], numbers: Sequence[int], faults: RowFaults) -> None:
    """A cell that a spreadsheet could not fill is no gap; of its row nothing else is said."""
    for column, cells in columns.items():
        problems = {cell: problem for cell in set(cells) if (problem := broken(cell))}
        if problems:
            for number, cell in zip(numbers, cells, strict=True):
                if cell in problems:
                    faults.add(number, f"{column}: no value", f"{column}: {problems[cell]}")
            columns[column] = ["" if cell in problems else cell for cell in cells]
    faults.shifted.update(faults.rows())


def _risks_and_teams(
    risks: Sequence[str], teams: Sequence[str], numbers: Sequence[int], names: Sequence[str], faults: RowFaults
) -> tuple[list[int], list[int]]:
    """Numbers of risk level and team for each row, -1 where there is none."""
    known = {name_key(name): number for number, name in enumerate(names)}
    risk_counts, team_counts = Counter(risks), Counter(teams)
    risk_of = {cell: _RISKS.get(re.sub(r"[\W_]+", "", cell).lower(), -1) for cell in risk_counts}
    team_of = {cell: known.get(name_key(cell), -1) for cell in team_counts}
    risk = [risk_of[cell] for cell in risks]
    team = [team_of[cell] for cell in teams]
    strangers: list[int] = []
    for place, number in enumerate(numbers):
        if risk[place] < 0 and team[place] < 0:
            # The cells do not stand under their headings: nothing else is said of the row, nor any cell repeated.
            kind = "neither risk nor team"
            faults.add(number, kind, f"{kind} fits; are the cells of this row shifted?")
            faults.shifted.add(number)
        elif risk[place] < 0:
            cell = risks[place]
            near = get_close_matches(cell.lower(), RISK_LEVELS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"write {join_words(RISK_LEVELS, 'or')}"
            problem = f"{_repeated(cell, risk_counts, bool(near))} is no risk level, {hint}"
            faults.add(number, "risk: no risk level", f"risk: {problem if cell else f'is empty; {hint}'}")
        elif team[place] < 0 and teams[place]:
            strangers.append(place)
        elif team[place] < 0:
            faults.add(number, "team: empty", "team: is empty; write the name of a team of the scenario")
    counts = Counter(teams[place] for place in strangers)
    message = _missing_teams(counts, names) if len(strangers) > REPORTED_EACH else ""
    for place in strangers:
        if len(strangers) <= REPORTED_EACH:
            near = get_close_matches(name_key(teams[place]), known, n=1)
            hint = f"did you mean {shown(names[known[near[0]]])}?" if near else f"its teams are {_some(names)}"
            message = f"team: {_repeated(teams[place], team_counts, bool(near))} is no team of the scenario, {hint}"
        faults.add(numbers[place], MISSING_TEAMS, message)
    return risk, team


def _missing_teams(counts: Counter[str], names: Sequence[str]) -> str:
    known = [(cell, number) for cell, number in counts.most_common() if _harmless(cell, counts, False)]
    named = known[:8]
    rest = len(counts) - len(named)
    shown_teams = [f"{shown(cell)} ({number:,})" for cell, number in named]
    teams = join_words([*shown_teams, f"{rest:,} more"] if rest else shown_teams)
    example = f", such as {{name: {one_line(named[0][0])}, officers: 10}}" if named else ""
    return (
        f"team: {counts.total():,} rows name teams that the scenario lacks: {teams}; its teams are {_some(names)}. "
        f"Add those that are missing to teams{example}, or correct the file"
    )


def _some(names: Sequence[str], most: int = 5) -> str:
    first = [shown(name) for name in names[:most]]
    return join_words(first if len(names) <= most else [*first, f"{len(names) - most:,} more"])


def _repeated(cell: str, counts: Counter[str], plain: bool) -> str:
    return shown(cell) if _harmless(cell, counts, plain) else "what stands here"


def _harmless(cell: str, counts: Counter[str], plain: bool) -> bool:
    # It may be a key, or worse, that stands in the wrong column. So it must be plain what was meant, or several rows
    # must hold the same, as they never do of a key.
    return (plain or counts[cell] > 1) and not personal.in_cell(cell) and not re.search(r"\d{6}", cell)


def _officers(labels: Sequence[str], teams: np.ndarray) -> list[int]:
    """The number of each row's officer within the team, by label: the order of the rows must not matter."""
    held = list(zip(teams.tolist(), labels, strict=True))
    named = sorted({(team, label) for team, label in held if label and label not in NOBODY_IN_WORDS})
    by_team = groupby(named, key=lambda officer: officer[0])
    numbers = {officer: number for _, officers in by_team for number, officer in enumerate(officers)}
    return [numbers.get(team_and_label, NOBODY) for team_and_label in held]


def _dates(
    columns: dict[str, list[str]], numbers: Sequence[int], first_day: dt.date | None, faults: RowFaults
) -> dict[str, list[dt.date | None]]:
    """The dates of each column, None where the file has none, and faults where one cannot be."""
    dates: dict[str, list[dt.date | None]] = {
        date: _read_dates(date, columns[date], numbers, faults) if date in columns else [None] * len(numbers)
        for date in DATES
    }
    impossible = cache(lambda *days: list(_impossible(dict(zip(DATES, days, strict=True)), first_day)))
    for number, *days in zip(numbers, *dates.values(), strict=True):
        for kind, message in impossible(*days):
            faults.add(number, kind, message)
    return dates


def _read_dates(column: str, cells: Sequence[str], numbers: Sequence[int], faults: RowFaults) -> list[dt.date | None]:
    """The dates of a column: one style for all of it, never a guess which number is the month."""
    parsed = {cell: date_parts(cell) for cell in set(cells)}
    first_row: dict[str, int] = {}
    for cell, number in zip(cells, numbers, strict=True):
        if style := parsed[cell][0]:
            first_row.setdefault(style, number)
    problem = ""
    if len(first_row) > 1:
        count = Counter(parsed[cell][0] for cell in cells)
        styles = [f"{count[style]:,} as {style} (first in row {row})" for style, row in first_row.items()]
        problem = f"mixes styles of dates: {join_words(styles)}; write all of them as {ISO}"
    elif SLASHES in first_row:
        problem = _day_or_month({parts for style, parts in parsed.values() if style})
    if problem:
        faults.whole.append(Fault(Place(faults.name, faults.heading_row), f"{column} {problem}"))
    days: dict[str, dt.date | None] = dict.fromkeys(parsed)
    for cell, (style, parts) in parsed.items():
        if style and not problem:
            with suppress(ValueError):
                days[cell] = dt.date(*(parts if style == ISO else parts[::-1]))
    counts = Counter(cells)
    for cell, number in zip(cells, numbers, strict=True):
        if cell and days[cell] is None and not (problem and parsed[cell][0]):
            kind, message = _no_date(cell, counts)
            faults.add(number, f"{column}: {kind}", f"{column}: {message}")
    return [days[cell] for cell in cells]


def _day_or_month(dates: set[tuple[int, ...]]) -> str:
    """Why it cannot be relied upon that the day comes first; nothing if some day is past the twelfth."""
    if any(first > 12 for first, _, _ in dates) or all(first == second for first, second, _ in dates):
        return ""
    if any(second > 12 for _, second, _ in dates):
        return f"has the month before the day; write the dates as {STYLES}"
    return f"has no day after the 12th, so days and months cannot be distinguished; write the dates as {ISO}"


def _no_date(cell: str, counts: Counter[str]) -> tuple[str, str]:
    if date := excels_date(cell):
        problem = f"holds the number by which Excel counts days, here for {date}; format the column as dates, and save"
        return "Excel's numbers of days", problem
    if LIKE_A_DATE.fullmatch(cell):
        try:
            parsed_date(cell)
        except ValueError as error:
            return "no date", str(error)
    return "no date", f"{_repeated(cell, counts, False)} is no date; write {STYLES}, or nothing"


def _impossible(dates: dict[str, dt.date | None], first_day: dt.date | None) -> Iterator[tuple[str, str]]:
    """What dates of one row cannot be, as kind and message; of each date only the first that is wrong."""
    register_began = dt.date.fromisoformat(personal.REGISTER_BEGAN)
    wrong = set()
    for name, date in dates.items():
        if date is None:
            continue
        if date < register_began:
            kind, reason = "before the register began", f", {register_began}"
        elif first_day and name in PAST and date > first_day:
            kind, reason = "after the first day of the scenario", f", {first_day}"
        elif first_day and (date - first_day).days > LONGEST_AHEAD_DAYS:
            kind, reason = "more than ten years after the first day of the scenario", f", {first_day}"
        else:
            continue
        wrong.add(name)
        yield f"{name}: {kind}", f"{name}: {date} is {kind}{reason}"
    for earlier, later in IN_ORDER:
        first, second = dates[earlier], dates[later]
        if first and second and first > second and not wrong & {earlier, later}:
            wrong.add(later)
            yield f"{later}: before {earlier}", f"{later}: {second} is before {earlier}, {first}"
