"""A first scenario for a planner to change: every value with its meaning and unit from the schema."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator
from typing import Any

from sim.scenario.keys import Key, scenario_keys
from sim.scenario.plain import one_line
from sim.scenario.values import RISK_LEVELS

WIDTH = 110

HEADING = """\
A first scenario: replace every number by your own, above all the teams and what stands under assumptions.
Check it with `python -m sim validate`, run it with `python -m sim run`; `python -m sim explain FILE KEY` tells more.
"""

FORCE: dict[str, Any] = {
    "officers": {
        "hours_per_week": 40,
        "free_share": 0.65,
        "leave_days": 27,
        "court_and_training_days": 12,
        "sickness": {"spells_per_year": 1.8, "days": {"distribution": "gamma", "mean": 5, "cv": 1}},
    },
    "caseload": {
        "priority": "risk_weighted_overdue",
        "risk_mix": dict(zip(RISK_LEVELS, (0.5, 0.3, 0.18, 0.02), strict=True)),
        "overdue_at_start": dict(zip(RISK_LEVELS, (0.25, 0.15, 0.08, 0.05), strict=True)),
        "overdue_days_at_start": {"distribution": "exponential", "mean": 60},
    },
    "visits": {
        "interval_days": dict(zip(RISK_LEVELS, (365, 182, 91, 30), strict=True)),
        "announced_share": 0.6,
        "crew": 2,
        "lead_days": 7,
        "visit_hours": {"distribution": "lognormal", "mean": 1, "cv": 0.5},
        "travel_hours": {"distribution": "gamma", "mean": 1, "cv": 0.4},
        "write_up_hours": 1,
        "failed_attempt_hours": 0.25,
        "no_contact": {"announced": 0.08, "unannounced": 0.3},
        "retry_days": 7,
    },
    "reviews": {"interval_days": 365, "hours": {"distribution": "lognormal", "mean": 5, "cv": 0.5}},
    "notifications": {"interval_days": 365, "hours": 1},
    "intake": {"hours": 2},
    "breaches": {
        "per_year": dict(zip(RISK_LEVELS, (0.05, 0.12, 0.25, 0.4), strict=True)),
        "found_at_visit": {"announced": 0.15, "unannounced": 0.4},
        "enquiry_hours": {"distribution": "lognormal", "mean": 20, "cv": 0.5},
    },
    "drift": {"up_per_year": 0.12, "down_per_year": 0.15},
}
"""The first budget of hours and chances, on which the shipped scenarios stand too; none of it is published."""

PUBLISHED = {
    "quality": "green",
    "source": "Press Association, Police to relax checks on low risk sex offenders",
    "date": "2017-06-29",
}

RANGES = {
    "officers.free_share": [0.5, 0.8],
    "visits.announced_share": [0.3, 0.9],
    "visits.visit_hours": [0.5, 2],
    "visits.travel_hours": [0.5, 1.5],
    "visits.write_up_hours": [0.5, 2],
    "visits.no_contact.announced": [0.03, 0.15],
    "visits.no_contact.unannounced": [0.15, 0.45],
    "reviews.hours": [3, 10],
    "breaches.found_at_visit.announced": [0.05, 0.3],
    "breaches.found_at_visit.unannounced": [0.2, 0.7],
    "breaches.enquiry_hours": [8, 40],
    "drift.up_per_year": [0.06, 0.24],
    "drift.down_per_year": [0.075, 0.3],
}
"""Between which values each assumption plausibly lies."""

OFFICERS_PER_TEAM, OFFENDERS_PER_TEAM = 10, 570
"""About 57 offenders for each officer; 50 is called reasonable."""

INVENTED_PER_TEAM = 60
"""Offenders of each team of an invented caseload file: few enough to read it through."""

JOIN_PER_YEAR, LEAVE_PER_YEAR = 0.09, 0.05
"""Shares of the caseload; the register grows by 2 to 4 % a year."""


def starting_scenario(teams: int, start: dt.date, caseload_file: str | None = None) -> str:
    """The text of a scenario of some alike teams over three years, with a comment for each key.

    `caseload_file`: the invented caseload file that it starts from; without one it counts the offenders itself.
    """
    offenders = INVENTED_PER_TEAM if caseload_file else OFFENDERS_PER_TEAM
    counted = {} if caseload_file else {"offenders": offenders}
    given = {"file": caseload_file} if caseload_file else {}
    values = {
        "name": "A first scenario",
        "start": start.isoformat(),
        "end": (start + dt.timedelta(days=3 * 365)).isoformat(),
        "replications": 30,
        "seed": 1,
        "teams": [
            {"name": f"Team {number}", "officers": OFFICERS_PER_TEAM, **counted} for number in range(1, teams + 1)
        ],
        **FORCE,
        "caseload": {**given, **FORCE["caseload"]},
        "register": {
            "new_per_year": round(JOIN_PER_YEAR * offenders * teams),
            "deaths_and_moves_per_year": LEAVE_PER_YEAR,
        },
        "assumptions": {
            "caseload.risk_mix": PUBLISHED,
            "visits.interval_days": PUBLISHED,
            **{key: {"quality": "red", "range": ends, "note": "not published"} for key, ends in RANGES.items()},
        },
    }
    return "\n".join([*_comment(HEADING, ""), "", *_lines(scenario_keys(), values, "")]) + "\n"


def _lines(section: Key, values: dict[str, Any], indent: str) -> Iterator[str]:
    """The keys of a section that have a value, each below its comment."""
    for word, key in section.children.items():
        if word not in values:
            continue
        value = values[word]
        if key.kind in ("section", "list", "table") and not indent:
            yield ""
        yield from _comment(f"{key.meaning} [{key.unit}]" if key.unit else key.meaning, indent)
        if key.kind == "section":
            yield f"{indent}{word}:"
            yield from _lines(key, value, f"{indent}  ")
        elif key.kind == "list":
            yield f"{indent}{word}:"
            yield from (f"{indent}  - {one_line(entry)}" for entry in value)
        elif key.kind == "table":
            yield f"{indent}{word}:"
            yield from (f"{indent}  {name}: {one_line(entry)}" for name, entry in value.items())
        else:
            yield f"{indent}{word}: {one_line(value)}"


def _comment(text: str, indent: str) -> list[str]:
    lines = [line for paragraph in text.splitlines() for line in textwrap.wrap(paragraph, WIDTH - len(indent))]
    return [f"{indent}# {line}" for line in lines]
