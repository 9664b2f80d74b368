"""One estimate of the work before anything is done: what will be simulated, the time and the memory it takes.

Used by the guard, the progress line and `validate`. Events are counted from the scenario, kind by kind, with the mean
of every distribution; the seconds and bytes of each kind were measured on a common server, see
`python -m benchmarks.estimates`, which compares the estimate with the use.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sim.runs.worker_processes import COPIES
from sim.scenario import Scenario
from sim.scenario.balance import DAYS_PER_YEAR, Balance, Step, convictions_per_case, register_balance, steps
from sim.scenario.domain import RISK_LEVELS

SECONDS = {
    "replication": 0.003,
    "offender": 1.2e-6,  # laid out
    "registration": 12e-6,
    "task": 0.5e-6,
    "place looked at": 20e-9,  # in a queue, by an officer who chooses
    "colleague looked at": 3.2e-9,  # who may do the next work of a team
    "life event": 0.5e-6,
    "move": 16e-6,  # to another team, into custody and back
    "officer day": 0.2e-6,
    "sickness": 8e-6,
    "change of post": 100e-6,
    "officer looked at": 20e-9,  # at a change of post or a course
    "course": 60e-6,
    "row looked at": 10e-9,  # by an audit or a supervisor, or for a suspect who is on the register
    "check": 0.3e-6,
    "lever": 2e-3,
    "case": 90e-6,
    "crime": 70e-6,
    "investigator looked at": 60e-9,  # by whom a crime is allocated
    "crime review": 8e-6,
    "row of the table": 0.3e-6,  # measured, kept and read again
    "event kept": 0.5e-6,
}
"""Of one replication, in one worker, for a force of the size of the Metropolitan Police."""

GROWTH, GROWS_FROM = 0.3, 7000
"""What is done for an offender takes longer where there are more of them than a processor keeps near: by this power."""

BYTES = {
    "offender": 1000,
    "place": 72,  # in the queues of all caseloads, which are as long as the longest may become
    "officer day": 35,
    "officer": 600,
    "move": 150,
    "case": 3000,
    "crime": 2600,
    "investigator": 4000,
    "week": 6000,
    "row of the table": 150,
    "event kept": 230,
}

LOADED_BYTES = 190e6
"""A process with all that it needs loaded; workers share most of it where they are copies."""
SHARED_BYTES = 140e6
WORKER_SECONDS = 0.08 if COPIES else 2.0
"""Processor time of a worker before its first replication."""

ROWS_PER_WEEK, ROWS_PER_WEEK_OF_INVESTIGATIONS = 172, 145
SUMMING_SECONDS_PER_ROW, SUMMING_BYTES_PER_ROW = 0.15e-6, 40
"""Of each replication, when a run is summed up."""

LEAST_HOURS = 1 / 3600
LEAST_BACKLOG = 0.1
WEEKS_AT_WORK = 40
"""Of an officer in a year, with leave, sickness and vacancies."""

MOST_SECONDS = 3600.0
MOST_OF_FREE_MEMORY = 0.75

Counts = defaultdict[str, float]


@dataclass(frozen=True)
class Estimate:
    """The work of one replication of a scenario."""

    counts: Counts = field(repr=False)
    """How much there is of each kind in `SECONDS` and `BYTES`."""
    offenders: float
    """On the register, in the mean over time."""

    @property
    def seconds(self) -> float:
        grown = max(1.0, self.offenders / GROWS_FROM) ** GROWTH
        of_offenders = ("offender", "registration", "task", "place looked at", "life event", "move")
        growth = dict.fromkeys(of_offenders, grown)
        return sum(number * SECONDS.get(kind, 0.0) * growth.get(kind, 1.0) for kind, number in self.counts.items())

    @property
    def bytes(self) -> float:
        """Memory of the replication in its worker, beside what a worker has loaded."""
        return sum(number * BYTES.get(kind, 0.0) for kind, number in self.counts.items())


@dataclass(frozen=True)
class Effort:
    """What a command will take: its replications on so many workers, summed up in this process."""

    replications: int
    seconds: float
    """By the clock."""
    worker_seconds: float
    """Processor time of all workers together."""
    worker_bytes: float
    """Memory of the largest worker."""
    bytes: float
    """Memory of all processes together."""

    def too_much(self, free_bytes: float | None) -> bool:
        """Is it above an hour, or above three quarters of the memory that is free?"""
        return self.seconds > MOST_SECONDS or (free_bytes is not None and self.bytes > MOST_OF_FREE_MEMORY * free_bytes)


def effort(work: Iterable[tuple[Estimate, int]], workers: int) -> Effort:
    """What so many replications of each of several scenarios take together, the tables of each summed up at its end."""
    replications, cpu, largest, summing, table = 0, 0.0, 0.0, 0.0, 0.0
    for estimate, number in work:
        rows = number * estimate.counts["row of the table"]
        replications += number
        cpu += number * estimate.seconds
        if number:
            largest = max(largest, estimate.bytes)
        summing += rows * SUMMING_SECONDS_PER_ROW
        table = max(table, rows * SUMMING_BYTES_PER_ROW)
    busy = max(1, min(workers, replications))
    of_workers = busy * (LOADED_BYTES - SHARED_BYTES + largest) + SHARED_BYTES if busy > 1 else largest
    return Effort(
        replications,
        seconds=cpu / busy + summing,
        worker_seconds=cpu + (busy * WORKER_SECONDS if replications else 0.0),
        worker_bytes=LOADED_BYTES + largest,
        bytes=LOADED_BYTES + table + of_workers,
    )


def estimate(scenario: Scenario, *, events: bool = False) -> Estimate:
    """Count what happens in one replication of a scenario. Allocates nothing."""
    all_steps = list(steps(scenario))
    balance = register_balance(scenario, all_steps)
    counts: Counts = defaultdict(float, replication=1.0)
    weeks = scenario.horizon_days / 7
    # Of each team, the most posts that there ever are: so many are laid out on the first day.
    posts = [max(of_team) for of_team in zip(*([n for n, _ in r.headcounts] for r in _regimes(all_steps)), strict=True)]
    officers = sum(posts) + scenario.surge.officers
    counts["week"] += weeks
    counts["officer"] += officers
    counts["officer day"] += scenario.horizon_days * (5 / 7 if scenario.days_worked_per_week == 5 else 1.0) * officers
    # Rows for those who may be convicted after an investigation: more than ever will be.
    all_cases = scenario.online_abuse.at_start.total + sum(cases for _, _, _, cases in all_steps)
    convicted = all_cases * convictions_per_case(scenario.online_abuse) * 2
    counts["offender"] += balance.at_start + balance.registered + convicted
    counts["registration"] += balance.registered
    counts["place"] += _places(scenario, posts, balance)
    population = iter(balance.by_step)
    officers_of = {id(regime): sum(number for number, _ in regime.headcounts) for regime in _regimes(all_steps)}
    for _, length, regime, cases in all_steps:
        _count_step(counts, regime, officers_of[id(regime)], next(population), length, cases)
    changes = len({lever.from_ for lever in scenario.levers})
    counts["lever"] += changes
    counts["row looked at"] += 30 * changes * max(balance.by_step, default=0.0)
    _count_investigations(counts, scenario, all_steps)
    further = ROWS_PER_WEEK_OF_INVESTIGATIONS if counts["case"] + counts["crime"] else 0
    counts["row of the table"] += (ROWS_PER_WEEK + further) * (weeks + 2)
    if events:
        counts["event kept"] += (
            1.2 * sum(counts[kind] for kind in ("offender", "task", "life event", "sickness", "change of post"))
            + 2 * counts["move"]
        )
    return Estimate(counts, sum(balance.by_step) / max(1, len(balance.by_step)))


def _regimes(all_steps: Sequence[Step]) -> Iterable[Scenario]:
    return {id(regime): regime for _, _, regime, _ in all_steps}.values()


def _places(scenario: Scenario, posts: list[int], balance: Balance) -> float:
    """Places in the queues of all caseloads: all are as long as the longest."""
    growth = max(1.0, max(balance.by_step, default=0.0) / balance.at_start) if balance.at_start else 1.0
    own = scenario.caseload.allocation == "own"
    teams = list(zip(posts, (offenders for _, offenders in scenario.headcounts), strict=True))
    longest = max(offenders / max(1, officers if own else 1) for officers, offenders in teams)
    if not balance.at_start:
        longest = max(balance.by_step, default=0.0) / max(1, sum(posts) if own else len(teams))
    return (sum(posts) if own else len(teams)) * max(16.0, 1.5 * longest * growth)


def _count_step(counts: Counts, regime: Scenario, officers: int, offenders: float, years: float, cases: float) -> None:
    mix = dict(zip(RISK_LEVELS, regime.caseload.risk_mix.values(), strict=True))

    def of_all(by_risk: object) -> float:
        return sum(share * float(getattr(by_risk, level)) for level, share in mix.items())

    life = sum(map(of_all, (regime.drift.up_per_year, regime.drift.down_per_year, regime.breaches.per_year)))
    life += of_all(regime.missing.leave_home_per_year) + of_all(regime.intelligence.reports_per_year)
    counts["life event"] += offenders * years * life
    teams = len(regime.teams)
    register = regime.register
    per_year = register.recalls_per_year + (register.moves_between_teams_per_year if teams > 1 else 0)
    custody = min(of_all(regime.breaches.per_year), 1.0) * regime.breaches.outcome.custody
    counts["move"] += offenders * years * (per_year + custody)
    kinds = _tasks_per_year(regime, of_all)
    capacity_hours = WEEKS_AT_WORK * officers * regime.officers.hours_per_week * regime.officers.available_share
    capacity_hours += WEEKS_AT_WORK * officers * regime.officers.overtime_hours_per_week
    capacity_hours += WEEKS_AT_WORK * regime.surge.officers * regime.officers.hours_per_week
    wanted = offenders * sum(number for number, _ in kinds)
    tasks = _done(kinds, offenders, capacity_hours)
    backlog = max(LEAST_BACKLOG, 1 - tasks / wanted) if wanted else 0.0
    caseloads = max(1, officers if regime.caseload.allocation == "own" else teams)
    counts["task"] += tasks * years
    counts["colleague looked at"] += tasks * years * officers / teams
    counts["place looked at"] += tasks * years * backlog * offenders / caseloads
    if surge := regime.surge.officers:  # they look at the places of the whole team
        everybody = surge + officers
        places = backlog * offenders / teams * 0.2 + everybody / teams
        counts["place looked at"] += tasks * surge / everybody * places * years
    _count_officers(counts, regime, officers, years)
    counts["row looked at"] += years * DAYS_PER_YEAR / regime.records.audit_interval_days * offenders
    supervisors, weeks = regime.supervisors, years * DAYS_PER_YEAR / 7
    per_week = supervisors.per_team * supervisors.hours_per_week / supervisors.check_hours
    checks = min(per_week, offenders / teams)
    counts["check"] += weeks * checks * teams
    counts["row looked at"] += 2 * weeks * teams * min(checks * teams, offenders)
    known = offenders * regime.online_abuse.suspects.on_register_share
    counts["row looked at"] += cases * (1 - regime.online_abuse.checks.closed_share) * known


def _done(kinds: Sequence[tuple[float, float]], offenders: float, hours: float) -> float:
    """How much work is done in a year.

    As many as the hours allow if all kinds wait for them alike, and at least half of what could be done if the quickest
    came first: what takes no time is done however much else waits.
    """
    wanted = sum(number for number, _ in kinds)
    hours_wanted = sum(number * each for number, each in kinds)
    alike = offenders * wanted * min(1.0, hours / max(offenders * hours_wanted, LEAST_HOURS))
    quickest, left = 0.0, hours
    for number, each in sorted(kinds, key=lambda kind: kind[1]):
        done = min(offenders * number, left / max(each, LEAST_HOURS))
        quickest, left = quickest + done, left - done * each
    return max(alike, quickest / 2)


def _tasks_per_year(regime: Scenario, of_all: Callable[[object], float]) -> list[tuple[float, float]]:
    """For each kind of work, how often it falls due for an offender in a year, and the officer-hours each time."""
    visits, mix = regime.visits, regime.caseload.risk_mix
    travel, door = visits.travel_hours.expected, visits.failed_attempt_hours.expected
    kinds: list[tuple[float, float]] = []
    for level in RISK_LEVELS:
        share, interval = getattr(mix, level), getattr(visits.interval_days, level).expected
        announced, crew = getattr(visits.announced_share, level), getattr(visits.crew, level)
        if share and math.isfinite(interval):
            fails = announced * visits.no_contact.announced + (1 - announced) * visits.no_contact.unannounced
            attempts = min(1 / max(1 - fails, 1e-9), max(1.0, interval / max(visits.retry_days, 0.1)))
            done = share * DAYS_PER_YEAR / interval
            kinds.append((done, crew * (travel + visits.visit_hours.expected) + visits.write_up_hours.expected))
            kinds.append((done * (attempts - 1), crew * (travel + door)))
        mappa = regime.mappa
        for shares, days in (
            (mappa.level_2_share, mappa.level_2_interval_days),
            (mappa.level_3_share, mappa.level_3_interval_days),
        ):
            kinds.append((share * getattr(shares, level) * DAYS_PER_YEAR / days, mappa.hours.expected))
    missing, reactive = regime.missing, regime.reactive
    reports, breaches = of_all(regime.intelligence.reports_per_year), of_all(regime.breaches.per_year)
    gone = min(of_all(missing.leave_home_per_year), 1.0)
    kinds += [
        (DAYS_PER_YEAR / regime.reviews.interval_days + reports, regime.reviews.hours.expected),
        (DAYS_PER_YEAR / regime.notifications.interval_days, regime.notifications.hours.expected),
        (breaches, regime.breaches.enquiry_crew * regime.breaches.enquiry_hours.expected),
        (gone * DAYS_PER_YEAR / missing.tracing_interval_days, missing.tracing_hours.expected),
    ]
    if math.isfinite(reactive.after_quiet_years):
        kinds.append((DAYS_PER_YEAR / reactive.check_interval_days, reactive.check_hours.expected))
    return kinds


def _count_officers(counts: Counts, regime: Scenario, officers: int, years: float) -> None:
    sickness, turnover = regime.officers.sickness, regime.turnover
    away_years = sickness.days.expected / DAYS_PER_YEAR
    counts["sickness"] += 2 * officers * years / (away_years + 1 / max(sickness.spells_per_year, 1e-9))
    rates = turnover.leaving_per_year
    leaving = max(rates.under_2_years, rates.from_2_to_5_years, rates.over_5_years)
    vacant_years = turnover.recruitment_days.expected / DAYS_PER_YEAR
    changes = 2 * officers * years / (vacant_years + 1 / max(leaving, 1e-9))
    courses = years * DAYS_PER_YEAR / regime.officers.courses.interval_days if regime.officers.courses.seats else 0.0
    counts["change of post"] += changes
    counts["course"] += courses
    counts["officer looked at"] += officers * (changes + courses)


def _count_investigations(counts: Counts, scenario: Scenario, all_steps: Sequence[Step]) -> None:
    """Cases and crimes: those open on the first day, and those received later, growing week by week."""
    counts["case"] += scenario.online_abuse.at_start.total
    at_start, regimes = scenario.crime.at_start, _regimes(all_steps)
    each = scenario.crime.experienced_share * at_start.experienced
    each += (1 - scenario.crime.experienced_share) * at_start.inexperienced
    open_crimes = scenario.crime.investigators * each if scenario.crime.is_on else 0.0
    counts["crime"] += open_crimes
    in_team = {id(r): max([1, *r.investigators_by_area]) + max([0, *r.graders_by_area]) for r in regimes}
    grown = 0.0
    for _, length, regime, cases in all_steps:
        crime, closed = regime.crime, regime.online_abuse.checks.closed_share
        counts["case"] += cases * (0.3 + 1.5 * (1 - closed))
        step = math.log1p(crime.growth_per_year) * length
        received = crime.crimes_per_year * length * math.exp(grown + step / 2)
        grown += step
        counts["crime"] += received
        joint = cases * (1 - closed) if regime.online_abuse.team == "joint" else 0.0
        counts["investigator looked at"] += (received + joint) * in_team[id(regime)]
        counts["crime review"] += _crime_reviews_per_year(regime, received / length, open_crimes) * length
    if counts["crime"]:
        counts["investigator"] += max(regime.crime.investigators for regime in regimes)


def _crime_reviews_per_year(regime: Scenario, received_per_year: float, open_crimes: float) -> float:
    """Reviews of crimes by supervisors, as far as their hours go and there are open crimes."""
    crime = regime.crime
    supervision = crime.supervision
    if not math.isfinite(supervision.interval_days):
        return 0.0
    teams = 1 if crime.team == "central" else len(regime.teams)
    able = supervision.per_team * supervision.hours_per_week * DAYS_PER_YEAR / 7 / supervision.review_hours * teams
    open_now = max(open_crimes, received_per_year * (60 + crime.enquiry_days.expected) / DAYS_PER_YEAR)
    looked_through = open_now / 10  # put in order each time
    rounds = DAYS_PER_YEAR / supervision.interval_days
    return min(able, rounds * open_now) + rounds * looked_through
