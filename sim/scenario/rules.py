"""Rules that hold between keys: the dates, the teams, investigations, levers, and what assumptions speak of.

Each rule passes over what the schema rejects anyway, so that all faults of a scenario are reported together.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from sim.scenario.dates import parsed_date
from sim.scenario.paths import find, route_to, unknown_name
from sim.scenario.schema import TOTALS, Scenario, scenario_keys
from sim.scenario.sections.offenders import OVERDUE_SHARES
from sim.scenario.source.checking import CheckedSections
from sim.scenario.source.faults import Fault, dotted, join_words, name_key, shown
from sim.scenario.source.located import Located, changed, undone
from sim.scenario.values import SHARE_TOLERANCE

EARLIEST, LATEST = dt.date(1970, 1, 1), dt.date(2100, 12, 31)
"""The dates that a scenario may begin and end on. No plan for a force looks further ahead."""

LONGEST_YEARS = 50
"""The longest horizon: few of today's officers and laws are left after it."""


def all_faults(scenario: Located, typed: Scenario | None, *, complete: bool) -> list[Fault]:
    """Where a scenario breaks a rule between keys. `typed`: as `checked` gives it; `complete`: nothing is wrong yet."""
    faults = [
        *_horizon(scenario),
        *_team_names(scenario),
        *_team_numbers(scenario),
        *_investigations(scenario),
        *(
            Fault(entry.place, f"assumptions.{dotted([name])}: {unknown_name(name)}")
            for name, entry in scenario.entries("assumptions").items()
            if not find(route_to(name))
        ),
        *_shares_without_effect(scenario),
        *_levers(scenario, typed),
    ]
    if typed and complete and not faults and typed.counts_backlog:
        from sim.scenario.backlog import backlog_faults  # brings numpy, which most need not wait for

        faults += backlog_faults(typed, scenario)
    return faults


def _shares_without_effect(scenario: Located) -> Iterator[Fault]:
    """A share overdue that was asked for on the command line, where numbers by level stand in its place."""
    for work, name in OVERDUE_SHARES.items():
        counts = f"overdue_{work}_at_start"
        share, numbers = (scenario.get("caseload", key) for key in (name, counts))
        if share is None or numbers is None or not share.changed.source.startswith("--"):
            continue
        if isinstance(numbers.value, dict) and "total" not in numbers.value:
            problem = f"has no effect, as caseload.{counts} ({numbers.changed}) says how many of each level are overdue"
            yield Fault(share.changed, f"caseload.{name}: {problem}; leave one of the two out")


def date_in(entry: Located | None) -> dt.date | None:
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


def _team_numbers(scenario: Located) -> Iterator[Fault]:
    """Where it does not follow how many officers and offenders each team has."""
    for total_name, what in TOTALS.items():
        yield from _numbers(scenario, what, total_name)


def _numbers(scenario: Located, what: str, total_name: str) -> Iterator[Fault]:
    teams, total, share = _teams(scenario), scenario.get(*total_name.split(".")), f"{what}_share"
    counts = {number: team.children[what] for number, team in teams if _has_value(team.get(what))}
    shared = {number: team.children[share] for number, team in teams if _has_value(team.get(share))}
    for number, team in teams:
        if number in counts and number in shared:
            yield Fault(shared[number].place, f"teams.{number}: gives both {what} and {share}; keep one of them")
        elif number not in counts and number not in shared:
            yield Fault(team.place, f"teams.{number}: gives neither {what} nor {share}; add {what}: …")
    if counts and shared:
        if not counts.keys() & shared.keys():
            odd, odd_one, other = (counts, what, share) if len(counts) < len(shared) else (shared, share, what)
            for number, entry in odd.items():
                problem = f"gives {odd_one} and other teams {other}; give the same for all"
                yield Fault(entry.place, f"teams.{number}: {problem}")
    elif shared:
        if not _has_value(total):
            # A total that was taken away is missed where that happened.
            place = total.changed if total else next(iter(shared.values())).place
            yield Fault(place, f"teams.0.{share}: of how many? Add {total_name}, or give each team a number")
        numbers = [_number(entry) for entry in shared.values()]
        added = sum(number or 0 for number in numbers)
        if None not in numbers and len(numbers) == len(teams) and abs(added - 1) > SHARE_TOLERANCE:
            shares = " + ".join(f"{number:g}" for number in numbers) if len(numbers) <= 12 else f"{len(numbers)} shares"
            place = scenario.children["teams"].changed
            yield Fault(place, f"teams: {share} must add up to 1, these give {shares} = {added:g}")
    elif counts and total and _number(total) and not any(_number(entry) != 0 for entry in counts.values()):
        problem = f"{shown(total.value)} cannot be shared among teams that all have {what}: 0"
        yield Fault(total.changed, f"{total_name}: {problem}")


def _teams(scenario: Located) -> list[tuple[int, Located]]:
    return [(number, team) for number, team in enumerate(scenario.in_list("teams")) if isinstance(team.value, dict)]


def _has_value(entry: Located | None) -> bool:
    return entry is not None and (entry.value is not None or entry.invalid)


def _number(entry: Located | None) -> float | None:
    value = entry.value if entry else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _investigations(scenario: Located) -> Iterator[Fault]:
    """Investigations that cannot be as they are written: work that nobody is there to do, kits that nobody can use."""
    online, crime = scenario.get("online_abuse"), scenario.get("crime")
    if online:
        yield from _triage(online)
        yield from _steps(online)
        team = online.get("team")
        if team and team.value == "joint" and not (crime and _number(crime.get("crimes_per_year"))):
            problem = "joint needs crime investigators to be joined with; give crime.crimes_per_year, or write central"
            yield Fault(team.changed, f"online_abuse.team: {problem}")
    crimes, investigators = (crime and crime.get(key) for key in ("crimes_per_year", "investigators"))
    if crimes and _number(crimes) and not _number(investigators):
        problem = "nobody is there to investigate, and every crime would wait for ever; at least 1 is needed"
        yield Fault((investigators or crimes).changed, f"crime.investigators: {problem}")


def _triage(online: Located) -> Iterator[Fault]:
    kits, trained = online.get("triage", "kits"), online.get("triage", "trained_officers")
    if kits and _number(kits) and not _number(trained):
        problem = "no trained officer to use them; give trained_officers as well"
        yield Fault(kits.changed, f"online_abuse.triage.kits: there are kits ({_number(kits):g}) and {problem}")
    elif trained and _number(trained) and not _number(kits):
        problem = f"there are trained officers ({_number(trained):g}) and no kit; give kits as well"
        yield Fault(trained.changed, f"online_abuse.triage.trained_officers: {problem}")


def _steps(online: Located) -> Iterator[Fault]:
    """Stages of an investigation of online child abuse without anybody to do their work."""
    referrals = online.get("referrals_per_year")
    if not referrals or not _number(referrals):
        return
    for step, what in (("checks", "check referrals"), ("search", "search"), ("grading", "grade and decide")):
        officers = online.get(step, "officers")
        if not _number(officers):
            problem = f"nobody is there to {what}, and every case would wait for ever; at least 1 is needed"
            yield Fault((officers or referrals).changed, f"online_abuse.{step}.officers: {problem}")
    officers, available = online.get("search", "officers"), _number(online.get("available_share"))
    most, wanted = _number(officers), _number(online.get("search", "crew_size")) or 2
    if officers and most:
        on_duty = max(round(most * (1.0 if available is None else available)), min(most, 1))
        if on_duty < wanted:
            problem = f"{most:g} officers, {on_duty:g} of them on duty, make up no crew of {wanted:g}"
            yield Fault(officers.changed, f"online_abuse.search.officers: {problem}; nobody would be searched")


def _levers(scenario: Located, typed: Scenario | None) -> list[Fault]:
    """What is wrong with the levers; after each lever only what it changes is checked again."""
    faults: list[Fault] = []
    current, sections = scenario, CheckedSections(typed)
    for name, lever in levers_by_date(scenario):
        date, (start, end) = date_in(lever.get("from")), (date_in(scenario.get(key)) for key in ("start", "end"))
        if date and start and date < start:
            faults.append(Fault(lever.children["from"].place, f"{name}.from: {date} is before the first day, {start}"))
        elif date and end and date > end:
            faults.append(Fault(lever.children["from"].place, f"{name}.from: {date} is after the last day, {end}"))
        anew = set()
        for key, value in lever.entries("set").items():
            if problem := lever_problem(key):
                faults.append(Fault(value.place, f"{name}.set: {dotted([key])}: {problem}"))
                continue
            # A value is judged by making the change. What was wrong before is found again, but is reported once.
            current = changed(current, route_to(key), value, scenario_keys())
            anew.add(route_to(key)[0])
        faults += sections.checked(current, anew)
        if anew & {"officers", "caseload"}:
            faults += _team_numbers(current)
        if anew & {"online_abuse", "crime"}:
            faults += _investigations(current)
    # Two changes of one date may give a key two values, which only their order would settle.
    for date, levers in itertools.groupby(levers_by_date(scenario), lambda entry: date_in(entry[1].get("from"))):
        changes = [(name, key, value) for name, lever in levers for key, value in lever.entries("set").items()]
        routes = [(route_to(key), value) for _, key, value in changes if not lever_problem(key)]
        for later, key, earlier in undone(routes) if date else ():
            problem = f"undoes what {earlier.place} says of {key} on the same date, {date}; keep one of them"
            faults.append(Fault(later.place, f"levers: {key}: {problem}"))
    return faults


def levers_by_date(scenario: Located) -> list[tuple[str, Located]]:
    """The levers with their names (`levers.0`), earliest first; those without a date last."""
    named = [(f"levers.{number}", lever) for number, lever in scenario.entries("levers").items()]
    return sorted(named, key=lambda entry: date_in(entry[1].get("from")) or dt.date.max)


def lever_problem(name: str) -> str:
    """Why a lever may not change a key, or nothing."""
    key = find(route_to(name))
    if key is None:
        return unknown_name(name)
    if key.lever:
        return ""
    lasting = [child.name for child in key.children.values() if not child.lever]
    if lasting and len(lasting) < len(key.children):
        return f"cannot change as a whole, because {join_words(lasting)} cannot; set the other keys one by one"
    return "holds for the whole horizon, no lever changes it; write a second scenario that extends this one"
