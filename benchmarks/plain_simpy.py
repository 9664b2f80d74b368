"""The caseload benchmark in plain SimPy: a process for each officer, offenders as objects, no compiled code.

Written as SimPy is usually written, and given every advantage that is fair: whoever is on the register, and every
draw it may need, is laid out before the clock starts. It takes the same keyed luck as the program and so gives
the same weekly overdue counts, to the last offender.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import simpy

from sim.model.compiled import streams
from sim.model.compiled.draws import fill_draws
from sim.model.plan import plan
from sim.model.policy import spread
from sim.model.state import SPREAD, table
from sim.model.world import World
from sim.scenario import Scenario


@dataclass(slots=True, eq=False)
class Offender:
    """One offender, with the luck of every visit there may be."""

    number: int
    team: int
    weight: float
    interval: float
    registered: float
    leaves: float
    visit_due: float
    review_due: float
    barred_until: float = -1.0
    officer: Officer | None = None
    visits: int = 0
    hours: list[float] = field(default_factory=list)
    seen: list[bool] = field(default_factory=list)


@dataclass(slots=True)
class Officer:
    """One officer with a caseload."""

    team: int
    caseload: list[Offender] = field(default_factory=list)
    owed_hours: float = 0.0


@dataclass(slots=True)
class Force:
    """Everything the benchmark starts from."""

    scenario: Scenario
    today: list[Offender]
    newcomers: list[Offender]
    leavers: list[Offender]
    teams: list[list[Officer]]


def lay_out(scenario: Scenario, replication: int) -> Force:
    """The register and its luck as Python objects; not part of what is timed."""
    world = World(plan(scenario), replication, 0)
    officers = [Officer(int(row["team"])) for row in world.officers]
    weights = scenario.risk_weights.values()
    intervals = [interval.mean for interval in scenario.visits.interval_days.values()]
    offenders = []
    for number, row in enumerate(world.offenders):
        offender = Offender(
            number,
            int(row["team"]),
            weights[row["risk"]],
            intervals[row["risk"]],
            float(row["registered"]),
            float(row["leaves"]),
            float(row["visit_due"]),
            float(row["review_due"]),
        )
        if row["desk"] >= 0:
            offender.officer = officers[row["desk"]]
            offender.officer.caseload.append(offender)
        offenders.append(offender)
    _draw_visits(scenario, replication, world, offenders)
    today = int(world.world.next_registration)
    leavers = sorted((o for o in offenders if o.leaves < scenario.horizon_days), key=lambda o: o.leaves)
    teams = [[officer for officer in officers if officer.team == team] for team in range(len(scenario.teams))]
    return Force(scenario, offenders[:today], offenders[today:], leavers, teams)


def _draw_visits(scenario: Scenario, replication: int, world: World, offenders: list[Offender]) -> None:
    """Hours and outcome of every visit each offender could get."""
    visits = scenario.visits
    travel = table(SPREAD, 1)
    travel[0] = spread(visits.travel_hours)
    announced_share = np.array(visits.announced_share.values())
    most = np.array([2.0 * scenario.horizon_days / offender.interval + 20 for offender in offenders])
    uniforms, hours = np.empty((len(offenders), 4)), np.empty(len(offenders))
    for nth in range(int(most.max())):
        rows = np.flatnonzero(most > nth)
        some = world.offenders[rows]
        streams.fill_uniforms(
            scenario.seed, replication, streams.VISIT, some["origin"], some["serial"], nth, uniforms[: len(rows)]
        )
        of_announcing, of_contact, _, of_travel = uniforms[: len(rows)].T
        announced = of_announcing < announced_share[some["risk"]]
        fails = np.where(announced, visits.no_contact.announced, visits.no_contact.unannounced)
        fill_draws(travel, np.ascontiguousarray(of_travel), hours[: len(rows)])
        for row, spent, seen in zip(rows.tolist(), hours.tolist(), (of_contact >= fails).tolist(), strict=False):
            offenders[row].hours.append(spent)
            offenders[row].seen.append(seen)


def simulate(force: Force) -> list[int]:
    """Run the benchmark; returns the number of overdue visits at each weekly midnight."""
    env = simpy.Environment()
    weekly: list[int] = []
    env.process(midnights(env, force, weekly))
    for team in force.teams:
        for officer in team:
            env.process(work(env, force.scenario, officer))
    env.run(until=force.scenario.horizon_days)
    return weekly


def midnights(env: simpy.Environment, force: Force, weekly: list[int]):
    """At midnight departures, then arrivals into the smallest caseload, then, weekly, the count."""
    on_register = set(force.today)
    newcomers, leavers = iter(force.newcomers), iter(force.leavers)
    newcomer, leaver = next(newcomers, None), next(leavers, None)
    day = 0
    while True:
        while leaver is not None and leaver.leaves <= day:
            if leaver.officer is not None:
                leaver.officer.caseload.remove(leaver)
                on_register.remove(leaver)
            leaver = next(leavers, None)
        while newcomer is not None and newcomer.registered <= day:
            newcomer.officer = min(force.teams[newcomer.team], key=lambda officer: len(officer.caseload))
            newcomer.officer.caseload.append(newcomer)
            on_register.add(newcomer)
            newcomer = next(newcomers, None)
        if day % 7 == 0:
            weekly.append(sum(offender.visit_due + 1 <= day for offender in on_register))
        yield env.timeout(1)
        day += 1


def work(env: simpy.Environment, scenario: Scenario, officer: Officer):
    """An officer's days: take the most urgent work while hours are left; overshoot is owed the next day."""
    start_of_shift = scenario.calendar.shift_start_hour / 24
    shift_hours = scenario.shift_hours * scenario.officers.free_share
    lead_days, retry_days = scenario.visits.lead_days, scenario.visits.retry_days
    review_hours, review_days = scenario.reviews.hours.mean, scenario.reviews.interval_days
    for day in range(scenario.horizon_days):
        if day % 7 > 4:
            continue
        yield env.timeout(day + start_of_shift - env.now)
        if officer.owed_hours >= shift_hours:
            officer.owed_hours -= shift_hours
            continue
        now = day + start_of_shift + officer.owed_hours / 24
        officer.owed_hours = 0.0
        end = day + start_of_shift + shift_hours / 24
        if now > env.now:
            yield env.timeout(now - env.now)
        while now < end:
            best, chosen, is_visit = -1.0, None, False
            for offender in officer.caseload:
                if offender.visit_due - lead_days <= now and offender.barred_until <= now:
                    priority = offender.weight * (now - offender.visit_due + lead_days)
                    if priority > best or (priority == best and offender.number < chosen.number):
                        best, chosen, is_visit = priority, offender, True
                if offender.review_due <= now:
                    priority = 3.0 * (now - offender.review_due + 1)
                    if priority > best or (priority == best and offender.number < chosen.number):
                        best, chosen, is_visit = priority, offender, False
            if chosen is None:
                break
            if is_visit:
                hours, seen = chosen.hours[chosen.visits], chosen.seen[chosen.visits]
                chosen.visits += 1
            else:
                hours = review_hours
            now += hours / 24
            yield env.timeout(now - env.now)
            date = now // 1
            if not is_visit:
                chosen.review_due = date + review_days
            elif seen:
                chosen.visit_due = date + chosen.interval
            else:
                chosen.barred_until = date + retry_days
        if now > end:
            officer.owed_hours = (now - end) * 24
