"""A first scenario for a planner to change: every value with its meaning and unit from the schema."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.scenario.domain import RISK_LEVELS
from sim.scenario.keys import Key
from sim.scenario.schema import scenario_keys
from sim.scenario.source.faults import pluralise
from sim.scenario.values import one_line, shared_out

WIDTH = 110

BY_RISK = {
    "risk_mix": (0.5, 0.3, 0.18, 0.02),
    "overdue_at_start": (0.25, 0.15, 0.08, 0.05),
    "interval_days": (365, 182, 91, 30),
    "per_year": (0.05, 0.12, 0.25, 0.4),
    "up_per_year": (0.09, 0.09, 0.017, 0),
    "down_per_year": (0, 0.15, 0.15, 0.15),
}
"""What the first scenario says for each risk level, lowest first."""


def _by_risk(word: str) -> dict[str, float]:
    return dict(zip(RISK_LEVELS, BY_RISK[word], strict=True))


FORCE: dict[str, Any] = {
    "officers": {
        "hours_per_week": 40,
        "available_share": 0.75,
        "leave_days": 27,
        "court_and_training_days": 12,
        "trained_share": 0.7,
        "untrained": {"hours_factor": 1.2, "detection_factor": 0.7, "lost_record_share": 0.01},
        "sickness": {"spells_per_year": 1.8, "days": {"distribution": "gamma", "mean": 7, "cv": 2}},
        "abstraction": {"share": 0.05},
    },
    "turnover": {
        "leaving_per_year": {"under_2_years": 0.15, "from_2_to_5_years": 0.12, "over_5_years": 0.1},
        "service_years_at_start": {"distribution": "exponential", "mean": 5},
        "vacant_at_start": 0.034,
        "recruitment_days": {"distribution": "gamma", "mean": 105, "cv": 0.5},
        "successors_trained_share": 0.7,
    },
    "caseload": {
        "priority": "risk_weighted_overdue",
        "cover": {"rule": "high_risk", "after_days": 14},
        "risk_mix": _by_risk("risk_mix"),
        "overdue_at_start": _by_risk("overdue_at_start"),
        "overdue_days_at_start": {"distribution": "exponential", "mean": 60},
        "reviews_overdue_at_start": 0.15,
        "review_overdue_days_at_start": {"distribution": "exponential", "mean": 60},
    },
    "visits": {
        "interval_days": _by_risk("interval_days"),
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
    "records": {"audit_interval_days": "never", "found_at_notification": 0.5},
    "initial_assessment": {"hours": 2, "first_visit_days": 15, "first_review_days": 60},
    "breaches": {
        "per_year": _by_risk("per_year"),
        "found_at_visit": {"announced": 0.15, "unannounced": 0.4},
        "enquiry_hours": {"distribution": "lognormal", "mean": 20, "cv": 0.5},
    },
    "drift": {
        "up_per_year": _by_risk("up_per_year"),
        "down_per_year": _by_risk("down_per_year"),
    },
    "costs": {"officer_per_year": 75_000},
}
"""The first budget of hours and chances, on which the shipped scenarios stand too; little of it is published."""

PRESS_ASSOCIATION = {
    "quality": "green",
    "source": "Press Association, Police to relax checks on low risk sex offenders",
    "date": "2017-06-29",
}

ASSUMED: dict[str, dict[str, Any]] = {
    "officers.available_share": {"range": [0.5, 0.8]},
    "officers.abstraction.share": {
        "range": [0, 0.2],
        "source": "LBC: 600,000 hours a year of local officers abstracted elsewhere, about one day a week for each",
        "date": "2024-01-19",
        "note": "a quarter of that is assumed for these teams",
    },
    "officers.trained_share": {"range": [0.4, 0.95]},
    "officers.untrained.lost_record_share": {"range": [0, 0.03]},
    "turnover.leaving_per_year": {
        "factor": [0.5, 2],
        "source": "Police Promotion, workforce 2024: 6.2% of officers left the police in 2023/24",
        "date": "2024-08-19",
        "note": "leaving for another post is not published; as much again is assumed",
    },
    "turnover.vacant_at_start": {
        "quality": "amber",
        "range": [0, 0.17],
        "source": "City Matters: 3.4% of the Met's detective constable posts vacant, December 2019",
        "date": "2020-01-01",
    },
    "turnover.recruitment_days": {"range": [30, 270]},
    "caseload.risk_mix": PRESS_ASSOCIATION,
    "caseload.overdue_at_start": {"range": [0, 0.4], "note": "take it from your own records"},
    "caseload.reviews_overdue_at_start": {"range": [0, 0.4], "note": "take it from your own records"},
    "visits.interval_days": PRESS_ASSOCIATION,
    "visits.announced_share": {"range": [0.3, 0.9]},
    "visits.visit_hours": {"range": [0.5, 2]},
    "visits.travel_hours": {"range": [0.5, 1.5]},
    "visits.write_up_hours": {"range": [0.5, 2]},
    "visits.no_contact.announced": {"range": [0.03, 0.15]},
    "visits.no_contact.unannounced": {"range": [0.15, 0.45]},
    "reviews.hours": {"range": [3, 10]},
    "records.found_at_notification": {"range": [0.2, 0.9]},
    "breaches.found_at_visit.announced": {"range": [0.05, 0.3]},
    "breaches.found_at_visit.unannounced": {"range": [0.2, 0.7]},
    "breaches.enquiry_hours": {"range": [8, 40]},
    "drift.up_per_year": {"factor": [0.5, 2]},
    "drift.down_per_year": {"factor": [0.5, 2]},
    "register.new_per_year": {
        "quality": "amber",
        "factor": [0.5, 2],
        "source": "MAPPA annual reports: the register of England and Wales grows by 2 to 4% a year",
        "date": "2024-10-31",
        "note": "here as many are registered as leave",
    },
    "costs.officer_per_year": {
        "range": [60_000, 95_000],
        "note": "pay, pension, insurance; not published",
    },
}
"""For each value that is guessed or published: the evidence. Unless something is said it is red, not published."""

OFFENDERS_PER_OFFICER = 50
"""What inspectors hold reasonable; where nobody says how many officers there are."""

OFFICERS_PER_TEAM = 10

INVENTED_PER_TEAM, INVENTED_OFFICERS = 150, 3
"""Offenders and officers of each team of an invented caseload file: few enough to read it through."""

LEAVE_PER_YEAR = 0.05
"""Share of the offenders who leave the register in a year, and as many are registered."""

NOTES = {
    "caseload.overdue_at_start": "Or give the numbers: take the # from the next line and write how many visits of the "
    "force are overdue today, or by level {{{levels}}}; the shares then say only how a "
    "total is spread among the levels.\noverdue_visits_at_start: {overdue}",
    "register.new_per_year": "As many as leave: {percent:.0f}% of the offenders above. Change it whenever you change "
    "those, or the register grows or shrinks; where yours grows by 2 to 4% a year, add that share.",
}
"""What else is said of a key, below its meaning."""

CHANGE_FIRST = {
    "name": "what every page calls it",
    "start": "the day whose caseload you know",
    "teams": "the teams, with the officers in post and the offenders of each",
    "caseload.risk_mix": "how the offenders divide among the levels of risk",
    "caseload.overdue_visits_at_start": "how many visits are overdue today, as a number or as shares",
    "caseload.reviews_overdue_at_start": "how many reviews are overdue today",
    "register.new_per_year": "how many are registered in a year",
    "costs.officer_per_year": "what an officer costs",
}
"""The keys that only the force itself can know, and what they ask for."""


@dataclass(frozen=True)
class FirstTeam:
    name: str
    officers: int
    offenders: int


@dataclass(frozen=True)
class FirstScenario:
    """The text of a first scenario, and where in it stands what is to be changed first."""

    text: str
    lines: dict[str, int]
    """The line of each key of CHANGE_FIRST."""


def alike_teams(number: int, officers: int | None = None, offenders: int | None = None) -> list[FirstTeam]:
    """Teams as equal as they can be; what is not given follows from the other at what inspectors hold reasonable."""
    if officers is None:
        officers = number * OFFICERS_PER_TEAM if offenders is None else max(1, round(offenders / OFFENDERS_PER_OFFICER))
    if offenders is None:
        offenders = officers * OFFENDERS_PER_OFFICER
    each = zip(*(shared_out(total, [1] * number) for total in (officers, offenders)), strict=True)
    return [FirstTeam(f"Team {place}", *counts) for place, counts in enumerate(each, start=1)]


def scenario_template(
    teams: Sequence[FirstTeam],
    start: dt.date,
    *,
    file: str = "FILE",
    caseload_file: str | None = None,
    schema: str | None = None,
) -> FirstScenario:
    """A scenario of some teams over three years, with a comment for each key.

    `file`: how the commands in it call it. `caseload_file`: what it starts from; without one the teams count their
    offenders themselves. `schema`: where an editor finds the JSON Schema.
    """
    officers, offenders = _sums(teams)
    values: dict[str, Any] = {
        "name": "A first scenario",
        "start": start.isoformat(),
        "end": (start + dt.timedelta(days=3 * 365)).isoformat(),
        "replications": 30,
        "seed": 1,
        "teams": [
            {"name": team.name, "officers": team.officers, **({} if caseload_file else {"offenders": team.offenders})}
            for team in teams
        ],
        **FORCE,
        "caseload": {**({"file": caseload_file} if caseload_file else {}), **FORCE["caseload"]},
        "register": {
            "new_per_year": round(LEAVE_PER_YEAR * offenders),
            "deaths_and_moves_per_year": LEAVE_PER_YEAR,
        },
        "assumptions": {
            key: {"quality": "red", **entry, **({} if {"source", "note"} & entry.keys() else {"note": "not published"})}
            for key, entry in ASSUMED.items()
        },
    }
    mix, shares = (FORCE["caseload"][key].values() for key in ("risk_mix", "overdue_at_start"))
    overdue = round(offenders * sum(part * share for part, share in zip(mix, shares, strict=True)))
    levels = ", ".join(f"{level}: …" for level in RISK_LEVELS)
    facts = {"overdue": overdue, "percent": 100 * LEAVE_PER_YEAR, "levels": levels}
    wanted = [key for key in CHANGE_FIRST if not (caseload_file and "overdue" in key)]
    body = list(_lines(scenario_keys(), values, "", facts))
    about = (size_in_words(teams), file, schema, officers + max(1, officers // 5), start + dt.timedelta(days=90))
    head = _heading(*about, dict.fromkeys(wanted, 0))
    places = {}
    for key in wanted:  # by its last word at the depth of its section; it may stand in a comment, to be chosen
        before, word = "  " * key.count("."), key.rpartition(".")[2]
        starts = (f"{before}{word}:", f"{before}# {word}:")
        places[key] = next(n for n, line in enumerate(body, len(head) + 1) if line.startswith(starts))
    text = "\n".join([*_heading(*about, places), *body]) + "\n"
    return FirstScenario(text, places)


def size_in_words(teams: Sequence[FirstTeam]) -> str:
    """`4 teams, 28 officers, 1,450 offenders`."""
    return ", ".join(map(pluralise, (len(teams), *_sums(teams)), ("team", "officer", "offender")))


def _sums(teams: Sequence[FirstTeam]) -> tuple[int, int]:
    return sum(team.officers for team in teams), sum(team.offenders for team in teams)


def _heading(size: str, file: str, schema: str | None, more: int, date: dt.date, places: dict[str, int]) -> list[str]:
    """The comment at the head of the file, as many lines whatever the places."""
    return [
        *([f"# yaml-language-server: $schema={schema}", "#"] if schema else []),
        f"# A first scenario: {size}. Change these lines first, as only your force knows them:",
        *(f"#   line {line:>3}: {CHANGE_FIRST[key]} ({key})" for key, line in places.items()),
        "# All other numbers are assumptions; the list at the end has a source or a range for those that matter most.",
        f"# Next: python -m sim validate {file}",
        f"#       python -m sim run {file}",
        f"#       python -m sim compare {file} --set officers.total={more} --from {date}",
        f"# What a key means: python -m sim explain {file} KEY",
    ]


def _lines(section: Key, values: dict[str, Any], indent: str, facts: dict[str, Any]) -> Iterator[str]:
    for word, key in section.children.items():
        if word not in values:
            continue
        value = values[word]
        if key.kind in ("section", "list", "table") and not indent:
            yield ""
        yield from _comment(f"{key.meaning} [{key.unit}]" if key.unit else key.meaning, indent)
        yield from _comment(NOTES.get(key.name, "").format(**facts), indent)
        if key.kind not in ("section", "list", "table"):
            yield f"{indent}{word}: {one_line(value)}"
            continue
        yield f"{indent}{word}:"
        if key.kind == "section":
            yield from _lines(key, value, f"{indent}  ", facts)
        elif key.kind == "list":
            yield from (f"{indent}  - {one_line(entry)}" for entry in value)
        else:
            for name, entry in value.items():
                line = f"{indent}  {name}: {one_line(entry)}"
                in_parts = [f"{indent}  {name}:", *(f"{indent}    {part}: {one_line(entry[part])}" for part in entry)]
                yield from [line] if len(line) <= WIDTH else in_parts


def _comment(text: str, indent: str) -> list[str]:
    lines = [line for paragraph in text.splitlines() for line in textwrap.wrap(paragraph, WIDTH - len(indent))]
    return [f"{indent}# {line}" for line in lines]
