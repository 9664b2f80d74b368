"""Caseload files for `new`: the bare headings, an invented example, and the teams of a file that a force has filled."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections import Counter
from pathlib import Path

from sim.scenario.caseload_file.columns import COLUMNS, find_columns
from sim.scenario.caseload_file.rows import read_caseload
from sim.scenario.caseload_file.sheet import open_sheet
from sim.scenario.domain import RISK_LEVELS
from sim.scenario.schema import scenario_keys
from sim.scenario.source.faults import Place, ScenarioError, name_key, sanitise, tidy, unusable
from sim.scenario.template import BY_RISK, INVENTED_OFFICERS, INVENTED_PER_TEAM, OFFENDERS_PER_OFFICER, FirstTeam

OVERDUE_SHARE, UNKNOWN_SHARE = 0.15, 0.1
MOST_DAYS_OVERDUE = 120
LONGEST_REGISTERED_YEARS = 15

MOST_TEAMS = int(scenario_keys().children["teams"].limits["max_length"])
"""As many as a scenario may have."""


def example(teams: int, first_day: dt.date) -> str:
    """An invented caseload of some teams, the same on every machine; of no teams the headings alone."""
    draws = random.Random(1)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\n")
    writer.writeheader()

    def date(days: int) -> str:
        return (first_day + dt.timedelta(days)).isoformat()

    for number in range(1, teams * INVENTED_PER_TEAM + 1):
        risk = draws.choices(range(len(RISK_LEVELS)), BY_RISK["risk_mix"])[0]
        interval = int(BY_RISK["interval_days"][risk])
        overdue = draws.random() < OVERDUE_SHARE
        due = -draws.randint(1, MOST_DAYS_OVERDUE) if overdue else draws.randrange(interval)
        seen = min(due - interval, 0)
        registered = seen - draws.randrange(int(LONGEST_REGISTERED_YEARS * 365))
        writer.writerow(
            {
                "key": f"invented-{number}",
                "team": f"Team {(number - 1) // INVENTED_PER_TEAM + 1}",
                "officer": f"invented {number % INVENTED_OFFICERS}",
                "risk": RISK_LEVELS[risk],
                "last_seen": date(seen),
                "visit_due": date(due),
                "review_due": "" if draws.random() < UNKNOWN_SHARE else date(draws.randint(-30, 365)),
                "registered": date(registered),
            }
        )
    return text.getvalue()


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
            spellings.setdefault(key, tidy(cell))
    if not 0 < len(spellings) <= MOST_TEAMS:
        problem = f"team names {len(spellings):,} teams, and a scenario has 1 to {MOST_TEAMS:,}"
        raise unusable(name, problem, sheet.heading_row)
    names = [spellings[key] for key in sorted(spellings)]
    known = read_caseload(path, name, here, names, dt.date.today(), skip_unreadable=True)
    teams = []
    for team, offenders, labels in zip(names, known.offenders(), known.caseloads(), strict=True):
        officers = labels if known.allocated else max(1, round(offenders / OFFENDERS_PER_OFFICER))
        teams.append(FirstTeam(team, officers, offenders))
    return teams, known.remarks
