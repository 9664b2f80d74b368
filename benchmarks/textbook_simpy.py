"""The caseload benchmark as a textbook would have it: SimPy, a process for each offender, a store by priority.

Each offender raises a visit and a review when they are due, by putting them into the officer's `PriorityStore`; the
officer takes out what is most urgent. Priorities rise with time, each at its own slope, so that the store must be put
in order again before each choice.
"""

from __future__ import annotations

from heapq import heapify

import simpy

from benchmarks.force import Force, Offender, Officer, Register, Rules


class Work:
    """A visit or a review that waits; the less, the more urgent, as a priority store wants it."""

    __slots__ = ("done", "env", "is_visit", "offender", "rules")

    def __init__(self, env: simpy.Environment, rules: Rules, offender: Offender, is_visit: bool) -> None:
        self.env = env
        self.rules = rules
        self.offender = offender
        self.is_visit = is_visit
        self.done = env.event()

    def priority(self) -> float:
        """How urgent it is now."""
        if self.is_visit:
            return self.offender.weight * (self.env.now - self.offender.visit_due + self.rules.lead_days)
        return 3.0 * (self.env.now - self.offender.review_due + 1)

    def hours(self) -> float:
        """How long it takes."""
        return self.offender.hours[self.offender.visits] if self.is_visit else self.rules.review_hours

    def __lt__(self, other: Work) -> bool:
        mine, theirs = self.priority(), other.priority()
        if mine != theirs:
            return mine > theirs
        return (self.offender.number, not self.is_visit) < (other.offender.number, not other.is_visit)


class Caseloads:
    """What waits for each officer, and the processes of each offender."""

    def __init__(self, env: simpy.Environment, force: Force) -> None:
        self.env = env
        self.rules = force.rules
        self.waiting = {id(officer): simpy.PriorityStore(env) for team in force.teams for officer in team}
        self.processes: dict[Offender, tuple[simpy.Process, simpy.Process]] = {}

    def take_on(self, offender: Offender) -> None:
        """An offender joins an officer's caseload."""
        waiting = self.waiting[id(offender.officer)]
        self.processes[offender] = (
            self.env.process(self.visits(offender, waiting)),
            self.env.process(self.reviews(offender, waiting)),
        )

    def take_off(self, offender: Offender) -> None:
        """An offender leaves: nothing waits any more, and nothing will."""
        waiting = self.waiting[id(offender.officer)]
        waiting.items[:] = [work for work in waiting.items if work.offender is not offender]
        for process in self.processes.pop(offender):
            process.interrupt()

    def visits(self, offender: Offender, waiting: simpy.PriorityStore):
        """Visit after visit: due, waiting, seen or not, due again."""
        env, rules = self.env, self.rules
        try:
            while True:
                from_when = max(offender.visit_due - rules.lead_days, offender.barred_until)
                yield env.timeout(max(0.0, from_when - env.now))
                visit = Work(env, rules, offender, is_visit=True)
                yield waiting.put(visit)
                yield visit.done
                seen = offender.seen[offender.visits]
                offender.visits += 1
                if seen:
                    offender.visit_due = env.now // 1 + offender.interval
                else:
                    offender.barred_until = env.now // 1 + rules.retry_days
        except simpy.Interrupt:
            return

    def reviews(self, offender: Offender, waiting: simpy.PriorityStore):
        """Review after review."""
        env, rules = self.env, self.rules
        try:
            while True:
                yield env.timeout(max(0.0, offender.review_due - env.now))
                review = Work(env, rules, offender, is_visit=False)
                yield waiting.put(review)
                yield review.done
                offender.review_due = env.now // 1 + rules.review_days
        except simpy.Interrupt:
            return


def simulate(force: Force) -> list[int]:
    """Run the benchmark; returns the number of overdue visits at each weekly midnight."""
    env = simpy.Environment()
    caseloads = Caseloads(env, force)
    weekly: list[int] = []
    for offender in force.today:
        caseloads.take_on(offender)
    env.process(midnights(env, Register(force), caseloads, weekly))
    for team in force.teams:
        for officer in team:
            env.process(work(env, force.rules, officer, caseloads.waiting[id(officer)]))
    env.run(until=force.rules.horizon_days)
    return weekly


def midnights(env: simpy.Environment, register: Register, caseloads: Caseloads, weekly: list[int]):
    """At midnight departures, then arrivals, then, weekly, the count."""
    day = 0
    while True:
        left, joined = register.move_to(day)
        for offender in left:
            caseloads.take_off(offender)
        for offender in joined:
            caseloads.take_on(offender)
        if day % 7 == 0:
            weekly.append(register.overdue(day))
        yield env.timeout(1)
        day += 1


def work(env: simpy.Environment, rules: Rules, officer: Officer, waiting: simpy.PriorityStore):
    """An officer's days: take the most urgent work while hours are left; overshoot is taken off the next day."""
    for day in range(rules.horizon_days):
        if day % 7 > 4:
            continue
        yield env.timeout(day + rules.shift_start - env.now)
        if officer.toil_hours >= rules.shift_hours:
            officer.toil_hours -= rules.shift_hours
            continue
        end = day + rules.shift_start + rules.shift_hours / 24
        if officer.toil_hours > 0:
            yield env.timeout(officer.toil_hours / 24)
            officer.toil_hours = 0.0
        while env.now < end and waiting.items:
            heapify(waiting.items)
            chosen = yield waiting.get()
            yield env.timeout(chosen.hours() / 24)
            chosen.done.succeed()
        if env.now > end:
            officer.toil_hours = (env.now - end) * 24
