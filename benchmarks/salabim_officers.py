"""The caseload benchmark in salabim: a component for each officer, otherwise as in plain SimPy.

Components are generators (`yieldless=False`), which is salabim's faster way, and neither traced nor monitored.
"""

from __future__ import annotations

import salabim

from benchmarks.force import Force, Officer, Register, Rules
from benchmarks.plain_simpy import most_urgent, record


class Midnights(salabim.Component):
    """At midnight departures, then arrivals, then, weekly, the count."""

    def setup(self, register: Register, weekly: list[int]) -> None:
        self.register = register
        self.weekly = weekly

    def process(self):
        day = 0
        while True:
            self.register.move_to(day)
            if day % 7 == 0:
                self.weekly.append(self.register.overdue(day))
            yield self.hold(1)
            day += 1


class OfficerAtWork(salabim.Component):
    """An officer's days: take the most urgent work while hours are left; overshoot is taken off the next day."""

    def setup(self, officer: Officer, rules: Rules) -> None:
        self.officer = officer
        self.rules = rules

    def process(self):
        officer, rules = self.officer, self.rules
        for day in range(rules.horizon_days):
            if day % 7 > 4:
                continue
            yield self.hold(till=day + rules.shift_start)
            if officer.toil_hours >= rules.shift_hours:
                officer.toil_hours -= rules.shift_hours
                continue
            now = day + rules.shift_start + officer.toil_hours / 24
            officer.toil_hours = 0.0
            end = day + rules.shift_start + rules.shift_hours / 24
            yield self.hold(till=now)
            while now < end:
                chosen, is_visit = most_urgent(officer.caseload, now, rules.lead_days)
                if chosen is None:
                    break
                hours = chosen.hours[chosen.visits] if is_visit else rules.review_hours
                now += hours / 24
                yield self.hold(till=now)
                record(chosen, is_visit, now // 1, rules)
            if now > end:
                officer.toil_hours = (now - end) * 24


def simulate(force: Force) -> list[int]:
    """Run the benchmark; returns the number of overdue visits at each weekly midnight."""
    salabim.yieldless(False)
    env = salabim.Environment(trace=False)
    weekly: list[int] = []
    components = [Midnights(register=Register(force), weekly=weekly)]
    components += [OfficerAtWork(officer=officer, rules=force.rules) for team in force.teams for officer in team]
    for component in components:
        component.mode.monitor(False)
        component.status.monitor(False)
    env.run(till=force.rules.horizon_days)
    return weekly
