"""What a filled caseload file says of the force: its teams, their officers and their offenders."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

from sim.scenario.caseload_file.columns import find_columns
from sim.scenario.caseload_file.rows import read_caseload
from sim.scenario.caseload_file.sheet import open_sheet
from sim.scenario.names import name_key
from sim.scenario.schema import scenario_keys
from sim.scenario.source.faults import Fault, Place, ScenarioError, sanitise
from sim.scenario.template import OFFENDERS_PER_OFFICER, FirstTeam

MOST_TEAMS = int(scenario_keys().children["teams"].limits["max_length"])
"""As many as a scenario may have."""


def surveyed(path: Path) -> tuple[list[FirstTeam], tuple[str, ...]]:
    """The teams of a caseload file, by name, and what is to be known about how it was read. Raises ScenarioError.

    Where no officers are named, there is one for as many offenders as is held reasonable. Rows that cannot be used are
    left to `validate`, if they are few.
    """
    name, here = sanitise(str(path)), Place("--caseload")
    sheet = open_sheet(path, name, here)
    places, faults = find_columns(sheet, name)
    if faults:
        raise ScenarioError(faults)
    cells = Counter(row[places["team"]] for row in sheet.rows if places["team"] < len(row))
    spellings: dict[str, str] = {}
    for cell, _ in cells.most_common():  # of several spellings the most frequent
        if key := name_key(cell):
            spellings.setdefault(key, cell)
    if not 0 < len(spellings) <= MOST_TEAMS:
        problem = f"team names {len(spellings):,} teams, and a scenario has 1 to {MOST_TEAMS:,}"
        raise ScenarioError([Fault(Place(name, sheet.heading_row), problem)])
    names = [spellings[key] for key in sorted(spellings)]
    known = read_caseload(path, name, here, names, dt.date.today(), skip_unreadable=True)
    teams = []
    for team, offenders, labels in zip(names, known.offenders(), known.caseloads(), strict=True):
        officers = labels if known.allocated else max(1, round(offenders / OFFENDERS_PER_OFFICER))
        teams.append(FirstTeam(team, officers, offenders))
    return teams, known.remarks
