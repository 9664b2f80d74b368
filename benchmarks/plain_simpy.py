"""The caseload benchmark in plain SimPy: a process for each officer, offenders as objects, no compiled code.

Written as SimPy is usually written, and given every advantage that is fair: everybody on the register, and every draw
they may need, is laid out before the clock starts.
"""

from __future__ import annotations

import simpy

from benchmarks.force import Force, Offender, Officer, Register, Rules


def simulate(force: Force) -> list[int]:
    """Run the benchmark; returns the number of overdue visits at each weekly midnight."""
    env = simpy.Environment()
    weekly: list[int] = []
    env.process(midnights(env, Register(force), weekly))
    for team in force.teams:
        for officer in team:
            env.process(work(env, force.rules, officer))
    env.run(until=force.rules.horizon_days)
    return weekly


def midnights(env: simpy.Environment, register: Register, weekly: list[int]):
    """At midnight departures, then arrivals, then, weekly, the count."""
    day = 0
    while True:
        register.move_to(day)
        if day % 7 == 0:
            weekly.append(register.overdue(day))
        yield env.timeout(1)
        day += 1


def work(env: simpy.Environment, rules: Rules, officer: Officer):
    """An officer's days: take the most urgent work while hours are left; overshoot is taken off the next day."""
    for day in range(rules.horizon_days):
        if day % 7 > 4:
            continue
        yield env.timeout(day + rules.shift_start - env.now)
        if officer.toil_hours >= rules.shift_hours:
            officer.toil_hours -= rules.shift_hours
            continue
        now = day + rules.shift_start + officer.toil_hours / 24
        officer.toil_hours = 0.0
        end = day + rules.shift_start + rules.shift_hours / 24
        if now > env.now:
            yield env.timeout(now - env.now)
        while now < end:
            chosen, is_visit = most_urgent(officer.caseload, now, rules.lead_days)
            if chosen is None:
                break
            hours = chosen.hours[chosen.visits] if is_visit else rules.review_hours
            now += hours / 24
            yield env.timeout(now - env.now)
            record(chosen, is_visit, now // 1, rules)
        if now > end:
            officer.toil_hours = (now - end) * 24


def most_urgent(caseload: list[Offender], now: float, lead_days: float) -> tuple[Offender | None, bool]:
    """Whose work comes first, and is it a visit? A tie goes to the lower number, visit before review."""
    best, chosen, is_visit = -1.0, None, False
    for offender in caseload:
        if offender.visit_due - lead_days <= now and offender.barred_until <= now:
            priority = offender.weight * (now - offender.visit_due + lead_days)
            if priority > best or (priority == best and offender.number < chosen.number):
                best, chosen, is_visit = priority, offender, True
        if offender.review_due <= now:
            priority = 3.0 * (now - offender.review_due + 1)
            if priority > best or (priority == best and offender.number < chosen.number):
                best, chosen, is_visit = priority, offender, False
    return chosen, is_visit


def record(offender: Offender, is_visit: bool, date: float, rules: Rules) -> None:
    """What follows from work done: due again an interval later, or barred for some days after a failure."""
    if not is_visit:
        offender.review_due = date + rules.review_days
        return
    seen = offender.seen[offender.visits]
    offender.visits += 1
    if seen:
        offender.visit_due = date + offender.interval
    else:
        offender.barred_until = date + rules.retry_days
