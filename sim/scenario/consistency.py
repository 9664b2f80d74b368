"""Investigations that cannot be as they are written: work that nobody is there to do, and kits that nobody can use."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.source.faults import Fault
from sim.scenario.source.located import Located


def investigation_faults(scenario: Located) -> Iterator[Fault]:
    """Where investigations contradict themselves, as far as that is written in numbers."""
    online = scenario.get("online_abuse")
    crime = scenario.get("crime")
    if online:
        yield from _triage(online)
        yield from _staff(online)
        yield from _joint(online, crime)
    if crime:
        yield from _investigators(crime)


def _triage(online: Located) -> Iterator[Fault]:
    kits, trained = online.get("triage", "kits"), online.get("triage", "trained_officers")
    if kits and _number(kits) and not _number(trained):
        problem = (
            f"there are kits ({_number(kits):g}) and no trained officer to use them; give trained_officers as well"
        )
        yield Fault(kits.changed, f"online_abuse.triage.kits: {problem}")
    elif trained and _number(trained) and not _number(kits):
        problem = f"there are trained officers ({_number(trained):g}) and no kit; give kits as well"
        yield Fault(trained.changed, f"online_abuse.triage.trained_officers: {problem}")


def _staff(online: Located) -> Iterator[Fault]:
    referrals = online.get("referrals_per_year")
    if not referrals or not _number(referrals):
        return
    for stage, what in (("checks", "check referrals"), ("search", "search"), ("grading", "grade and decide")):
        officers = online.get(stage, "officers")
        if not _number(officers):
            place = officers.changed if officers else referrals.changed
            problem = f"nobody is there to {what}, and every case would wait for ever; at least 1 is needed"
            yield Fault(place, f"online_abuse.{stage}.officers: {problem}")
    officers, crew = online.get("search", "officers"), online.get("search", "crew_size")
    most, wanted, free = _number(officers), _number(crew) or 2, _number(online.get("available_share"))
    on_duty = None if most is None else max(round(most * (1.0 if free is None else free)), min(most, 1))
    if officers and most and on_duty is not None and on_duty < wanted:
        problem = (
            f"{most:g} officers, {on_duty:g} of them on duty, make up no crew of {wanted:g}; nobody would be searched"
        )
        yield Fault(officers.changed, f"online_abuse.search.officers: {problem}")


def _joint(online: Located, crime: Located | None) -> Iterator[Fault]:
    team = online.get("team")
    if team and team.value == "joint" and not _has_crime(crime):
        problem = "joint needs crime investigators to be joined with; give crime.crimes_per_year, or write central"
        yield Fault(team.changed, f"online_abuse.team: {problem}")


def _has_crime(crime: Located | None) -> bool:
    return bool(crime and _number(crime.get("crimes_per_year")))


def _investigators(crime: Located) -> Iterator[Fault]:
    crimes, investigators = crime.get("crimes_per_year"), crime.get("investigators")
    if crimes and _number(crimes) and not _number(investigators):
        place = investigators.changed if investigators else crimes.changed
        problem = "nobody is there to investigate, and every crime would wait for ever; at least 1 is needed"
        yield Fault(place, f"crime.investigators: {problem}")


def _number(entry: Located | None) -> float | None:
    value = entry.value if entry else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
