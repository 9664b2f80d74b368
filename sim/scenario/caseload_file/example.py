"""A caseload file to start from: the bare headings, and a made-up example that nobody can take for real people."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterable

from sim.scenario.caseload_file.columns import COLUMNS
from sim.scenario.template import BY_RISK, INVENTED_OFFICERS, INVENTED_PER_TEAM
from sim.scenario.values import RISK_LEVELS

OVERDUE_SHARE, UNKNOWN_SHARE = 0.15, 0.1
MOST_DAYS_OVERDUE = 120
LONGEST_REGISTERED_YEARS = 15


def template() -> str:
    """The headings alone."""
    return _text([])


def example(teams: int, first_day: dt.date) -> str:
    """An invented caseload of some teams, drawn at random; the same on every machine."""
    random_numbers = random.Random(1)
    rows = []
    for number in range(1, teams * INVENTED_PER_TEAM + 1):
        team = (number - 1) // INVENTED_PER_TEAM + 1
        rows.append(
            {
                "key": f"invented-{number}",
                "team": f"Team {team}",
                "officer": f"invented {number % INVENTED_OFFICERS}",
                **_offender(random_numbers, first_day),
            }
        )
    return _text(rows)


def _offender(random_numbers: random.Random, first_day: dt.date) -> dict[str, object]:
    risk = random_numbers.choices(range(len(RISK_LEVELS)), BY_RISK["risk_mix"])[0]
    interval = int(BY_RISK["interval_days"][risk])
    overdue = random_numbers.random() < OVERDUE_SHARE
    due = -random_numbers.randint(1, MOST_DAYS_OVERDUE) if overdue else random_numbers.randrange(interval)
    seen = min(due - interval, 0)
    registered = seen - random_numbers.randrange(int(LONGEST_REGISTERED_YEARS * 365))

    def date(days: int) -> str:
        return (first_day + dt.timedelta(days)).isoformat()

    return {
        "risk": RISK_LEVELS[risk],
        "last_seen": date(seen),
        "visit_due": date(due),
        "review_due": "" if random_numbers.random() < UNKNOWN_SHARE else date(random_numbers.randint(-30, 365)),
        "registered": date(registered),
    }


def _text(rows: Iterable[dict[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
