"""The rows of a caseload file, each checked, and every fault told with the number of its row."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from sim.scenario.dates import LIKE_A_DATE, STYLES
from sim.scenario.extract import personal
from sim.scenario.extract.columns import DATES, find_columns
from sim.scenario.extract.dates import read_dates
from sim.scenario.extract.given import GIVEN, NOBODY, UNKNOWN, GivenCaseload, identity
from sim.scenario.extract.sheet import open_sheet
from sim.scenario.faults import Fault, Place, ScenarioError, listed, shown
from sim.scenario.values import RISK_LEVELS

TOLD_IN_FULL = 50
"""Faults of rows; the rest is counted by kind."""

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

_RISKS = {"l": 0, "m": 1, "med": 1, "h": 2, "vh": 3, "vhigh": 3}
_RISKS |= {level.replace("_", ""): number for number, level in enumerate(RISK_LEVELS)}


class RowFaults:
    """What is wrong with the rows of one file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.whole: list[Fault] = []
        self.found: list[tuple[int, str, str]] = []
        self.shifted: set[int] = set()

    def about_column(self, column: str, problem: str) -> None:
        """A fault of a whole column."""
        self.whole.append(Fault(Place(self.name, 1), f"{column} {problem}"))

    def add(self, row: int, kind: str, message: str) -> None:
        """A fault of one row; `kind` is what it has in common with others."""
        if row not in self.shifted:
            self.found.append((row, kind, message))

    def shift(self, row: int) -> None:
        """A row whose cells do not stand under their headings; nothing else is said of it, nor any cell repeated."""
        self.add(row, "neither risk nor team", "neither risk nor team fits; are the cells of this row shifted?")
        self.shifted.add(row)

    def all(self) -> list[Fault]:
        """The first faults in full, and how many more there are of each kind."""
        self.found.sort(key=lambda fault: fault[0])
        told, rest = self.found[:TOLD_IN_FULL], self.found[TOLD_IN_FULL:]
        faults = [*self.whole, *(Fault(Place(self.name, row), message) for row, _, message in told)]
        if rest:
            kinds = Counter(kind for _, kind, _ in rest).most_common()
            counts = "; ".join(f"{kind}: {number:,}" for kind, number in kinds)
            faults.append(Fault(Place(f"{self.name}, further rows"), f"{len(rest):,} more faults: {counts}"))
        return faults


def read_caseload(
    path: Path, name: str, asked_at: Place, teams: Sequence[str], first_day: dt.date | None
) -> GivenCaseload:
    """Today's caseload from a file that `caseload.file` names at a place; messages call it by its name.

    `teams`: names of the scenario's teams. Without a first day, no date is compared with it.
    Raises ScenarioError with all faults of the file.
    """
    sheet = open_sheet(path, name, asked_at)
    places, column_faults = find_columns(sheet.headings, sheet.rows, name)
    if column_faults:
        # Whatever a message about a row would repeat may stand in a column that ought not to be here.
        raise ScenarioError(column_faults)
    faults = RowFaults(name)
    numbers, rows = _of_full_width(sheet.rows, sheet.numbers, len(sheet.headings), faults)
    columns = {column: [row[place] for row in rows] for column, place in places.items()}

    given = np.zeros(len(rows), GIVEN)
    given["risk"], given["team"] = _risks_and_teams(columns["risk"], columns["team"], numbers, teams, faults)
    given["officer"] = _officers(columns.get("officer"), given["team"])
    _fill_dates(given, columns, numbers, first_day, faults)
    kind = "key" if "key" in columns else "row"
    texts = columns.get("key") or [str(number) for number in numbers]
    _check_keys(texts, numbers, faults)
    found = faults.all()
    if found:
        raise ScenarioError(found)
    given["origin"], given["serial"] = zip(*(identity(kind, text) for text in texts), strict=True)
    in_order_of_identity = given[np.lexsort((given["serial"], given["origin"]))]
    return GivenCaseload(path.name, in_order_of_identity, tuple(teams), "officer" in columns, sheet.cautions)


def _of_full_width(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], width: int, faults: RowFaults
) -> tuple[list[int], list[Sequence[str]]]:
    """The rows that have a cell for each heading, with their numbers."""
    kept: list[tuple[int, Sequence[str]]] = []
    for number, row in zip(numbers, rows, strict=True):
        if len(row) < width or any(row[width:]):
            message = f"has {len(row)} cells, the headings {width}; put a cell that holds a comma in quotation marks"
            faults.add(number, "other number of cells than headings", message)
        else:
            kept.append((number, row))
    return [number for number, _ in kept], [row for _, row in kept]


def _risks_and_teams(
    risks: Sequence[str], teams: Sequence[str], numbers: Sequence[int], names: Sequence[str], faults: RowFaults
) -> tuple[list[int], list[int]]:
    """Numbers of risk level and team for each row, -1 where there is none."""
    known = {_bare(name): number for number, name in enumerate(names)}
    risk = [_RISKS.get(re.sub(r"[\W_]+", "", cell).lower(), -1) for cell in risks]
    team = [known.get(_bare(cell), -1) for cell in teams]
    risk_counts, team_counts = Counter(risks), Counter(teams)
    for number, one_risk, risk_cell, one_team, team_cell in zip(numbers, risk, risks, team, teams, strict=True):
        if one_risk < 0 and one_team < 0:
            faults.shift(number)
        elif one_risk < 0:
            faults.add(number, "risk: no risk level", f"risk: {_not_a_level(risk_cell, risk_counts)}")
        elif one_team < 0:
            faults.add(number, "team: no team of the scenario", f"team: {_not_a_team(team_cell, team_counts, names)}")
    return risk, team


def _bare(name: str) -> str:
    return " ".join(name.split()).casefold()


def _not_a_level(cell: str, counts: Counter[str]) -> str:
    if not cell:
        return f"is empty; write {listed(RISK_LEVELS, 'or')}"
    near = get_close_matches(cell.lower(), RISK_LEVELS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"write {listed(RISK_LEVELS, 'or')}"
    return f"{_repeated(cell, counts, bool(near))} is no risk level, {hint}"


def _not_a_team(cell: str, counts: Counter[str], names: Sequence[str]) -> str:
    if not cell:
        return "is empty; write the name of a team of the scenario"
    by_bare_name = {_bare(name): name for name in names}
    near = get_close_matches(_bare(cell), by_bare_name, n=1)
    hint = f"did you mean {shown(by_bare_name[near[0]])}?" if near else f"its teams are {_some(names)}"
    return f"{_repeated(cell, counts, bool(near))} is no team of the scenario, {hint}"


def _some(names: Sequence[str], most: int = 5) -> str:
    told = [shown(name) for name in names[:most]]
    return listed(told if len(names) <= most else [*told, f"{len(names) - most:,} more"])


def _repeated(cell: str, counts: Counter[str], plain: bool) -> str:
    """A cell as a message repeats it.

    It may be a key, or worse, that stands in the wrong column. So it must be plain what was meant, or several rows
    must hold the same, as they never do of a key.
    """
    harmless = (plain or counts[cell] > 1) and not personal.in_cell(cell)
    return shown(cell) if harmless else "what stands here"


def _officers(labels: Sequence[str] | None, teams: np.ndarray) -> list[int] | int:
    """The number of each row's officer within the team, by label: the order of the rows must not matter."""
    if labels is None:
        return NOBODY
    held = list(zip(teams.tolist(), labels, strict=True))
    in_teams: Counter[int] = Counter()
    numbers = {}
    for team, label in sorted({one for one in held if one[1]}):
        numbers[team, label] = in_teams[team]
        in_teams[team] += 1
    return [numbers.get(one, NOBODY) for one in held]


def _fill_dates(
    given: np.ndarray,
    columns: dict[str, list[str]],
    numbers: Sequence[int],
    first_day: dt.date | None,
    faults: RowFaults,
) -> None:
    """The dates that the file gives, and faults where one cannot be."""
    dates: dict[str, Sequence[dt.date | None]] = {date: [None] * len(numbers) for date in DATES}
    for date in DATES:
        if date not in columns:
            continue
        column = read_dates(columns[date], numbers)
        if column.problem:
            faults.about_column(date, column.problem)
        counts = Counter(columns[date])
        for place in column.unread:
            cell = columns[date][place]
            seen = _repeated(cell, counts, bool(LIKE_A_DATE.fullmatch(cell)))
            faults.add(numbers[place], f"{date}: no date", f"{date}: {seen} is no date; write {STYLES}, or nothing")
        dates[date] = column.days
    for number, *days in zip(numbers, *(dates[date] for date in DATES), strict=True):
        for kind, message in _impossible(dict(zip(DATES, days, strict=True)), first_day):
            faults.add(number, kind, message)
    for date in DATES:
        given[date] = [UNKNOWN if day is None else day.toordinal() for day in dates[date]]


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


def _check_keys(keys: Sequence[str], numbers: Sequence[int], faults: RowFaults) -> None:
    """Each row must have a key of its own; no message repeats one."""
    first: dict[str, int] = {}
    for key, number in zip(keys, numbers, strict=True):
        if not key:
            faults.add(number, "key: empty", "key: is empty; give each row one, or remove the column")
        elif first.setdefault(key, number) != number:
            faults.add(number, "key: not the only one", f"key: is the same as in row {first[key]}; give each its own")
