"""Rules that hold between keys: the dates, the teams, and what assumptions speak of.

Each rule looks at the written values and passes over what the schema rejects anyway, so that all
faults of a scenario come out together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.scenario.consistency import investigation_faults
from sim.scenario.dates import parsed_date
from sim.scenario.fields import SHARE_TOLERANCE
from sim.scenario.keys import find, route_to
from sim.scenario.names import name_key
from sim.scenario.source.checking import unknown_name
from sim.scenario.source.faults import Fault, dotted, shown
from sim.scenario.source.located import Located

EARLIEST, LATEST = dt.date(1970, 1, 1), dt.date(2100, 12, 31)
"""The dates that a scenario may begin and end on. No plan for a force looks further ahead."""

LONGEST_YEARS = 50
"""The longest horizon: few of today's officers and laws are left after it."""


def rule_faults(scenario: Located) -> list[Fault]:
    """Where a scenario breaks a rule between keys; the rules of levers stand with the levers."""
    return [
        *_horizon(scenario),
        *_team_names(scenario),
        *team_numbers(scenario),
        *investigation_faults(scenario),
        *_assumptions(scenario),
        *_shares_without_effect(scenario),
    ]


def _shares_without_effect(scenario: Located) -> Iterator[Fault]:
    """A share overdue that was asked for on the command line, where numbers by level stand in its place."""
    for name, counts in (
        ("overdue_at_start", "overdue_visits_at_start"),
        ("reviews_overdue_at_start", "overdue_reviews_at_start"),
    ):
        share, numbers = (scenario.get("caseload", key) for key in (name, counts))
        if share is None or numbers is None or not share.changed.source.startswith("--"):
            continue
        if isinstance(numbers.value, dict) and "total" not in numbers.value:
            problem = f"has no effect, as caseload.{counts} ({numbers.changed}) says how many of each level are overdue"
            yield Fault(share.changed, f"caseload.{name}: {problem}; leave one of the two out")


def date_in(entry: Located | None) -> dt.date | None:
    """The date an entry holds, if it holds one."""
    if entry is None or not isinstance(entry.value, str):
        return None
    try:
        return parsed_date(entry.value)
    except ValueError:
        return None


def _horizon(scenario: Located) -> Iterator[Fault]:
    dates = {name: date_in(scenario.get(name)) for name in ("start", "end")}
    for name, date in dates.items():
        if date and not EARLIEST <= date <= LATEST:
            place = scenario.children[name].place
            yield Fault(place, f"{name}: {date} is not between {EARLIEST} and {LATEST}; choose another date")
    start, end = dates.values()
    if not (start and end):
        return
    place = scenario.children["end"].place
    if end < start:
        yield Fault(place, f"end: {end} is before the first day, {start}; the shortest horizon is that one day")
    elif (end - start).days >= LONGEST_YEARS * 366:
        problem = f"{end} is more than {LONGEST_YEARS} years after the first day, {start}; choose an earlier last day"
        yield Fault(place, f"end: {problem}")


def _team_names(scenario: Located) -> Iterator[Fault]:
    first: dict[str, Located] = {}
    for number, team in _teams(scenario):
        name = team.get("name")
        if not name or not isinstance(name.value, str):
            continue
        other = first.setdefault(name_key(name.value), name)
        if other is not name and name_key(name.value):
            same = "taken already" if other.value == name.value else f"the same name as {shown(other.value)}"
            problem = f"{shown(name.value)} is {same}, at {other.place}; name each team differently"
            yield Fault(name.place, f"teams.{number}.name: {problem}")


def team_numbers(scenario: Located) -> Iterator[Fault]:
    """Where it does not follow how many officers and offenders each team has."""
    yield from _numbers(scenario, "officers", scenario.get("officers", "total"), "officers.total")
    yield from _numbers(scenario, "offenders", scenario.get("caseload", "total"), "caseload.total")


def _numbers(scenario: Located, what: str, total: Located | None, total_name: str) -> Iterator[Fault]:
    share = f"{what}_share"
    counted = {number: team.children[what] for number, team in _teams(scenario) if _given(team.get(what))}
    shared = {number: team.children[share] for number, team in _teams(scenario) if _given(team.get(share))}
    for number, team in _teams(scenario):
        if number in counted and number in shared:
            yield Fault(shared[number].place, f"teams.{number}: gives both {what} and {share}; keep one of them")
        elif number not in counted and number not in shared:
            yield Fault(team.place, f"teams.{number}: gives neither {what} nor {share}; add {what}: …")
    if counted and shared:
        if not counted.keys() & shared.keys():
            odd, odd_one, other = (counted, what, share) if len(counted) < len(shared) else (shared, share, what)
            for number, entry in odd.items():
                problem = f"gives {odd_one} and other teams {other}; give the same for all"
                yield Fault(entry.place, f"teams.{number}: {problem}")
    elif shared:
        yield from _shares(scenario, list(shared.values()), share, total, total_name)
    elif counted and total and _number(total) and not any(_number(entry) != 0 for entry in counted.values()):
        problem = f"{shown(total.value)} cannot be shared among teams that all have {what}: 0"
        yield Fault(total.changed, f"{total_name}: {problem}")


def _shares(
    scenario: Located, shares: list[Located], share: str, total: Located | None, total_name: str
) -> Iterator[Fault]:
    teams = scenario.children["teams"]
    if not _given(total):
        # A total that was taken away is missed where that happened.
        place = total.changed if total else shares[0].place
        yield Fault(place, f"teams.0.{share}: of how many? Add {total_name}, or give each team a number")
    numbers = [_number(entry) for entry in shares]
    if None in numbers or len(numbers) < len(_teams(scenario)):
        return
    added = sum(number for number in numbers if number is not None)
    if abs(added - 1) > SHARE_TOLERANCE:
        sum_shown = " + ".join(f"{number:g}" for number in numbers) if len(numbers) <= 12 else f"{len(numbers)} shares"
        yield Fault(teams.changed, f"teams: {share} must add up to 1, these give {sum_shown} = {added:g}")


def _assumptions(scenario: Located) -> Iterator[Fault]:
    assumptions = scenario.get("assumptions")
    for name, entry in assumptions.children.items() if assumptions else ():
        if not find(route_to(name)):
            yield Fault(entry.place, f"assumptions.{dotted([name])}: {unknown_name(name)}")


def _teams(scenario: Located) -> list[tuple[int, Located]]:
    """The teams that are written as sections, with their numbers."""
    teams = scenario.get("teams")
    entries = teams.value if teams and isinstance(teams.value, list) else []
    return [(number, team) for number, team in enumerate(entries) if isinstance(team.value, dict)]


def _given(entry: Located | None) -> bool:
    return entry is not None and (entry.value is not None or entry.invalid)


def _number(entry: Located) -> float | None:
    return entry.value if isinstance(entry.value, int | float) and not isinstance(entry.value, bool) else None
