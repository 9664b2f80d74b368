"""The caseload benchmark by hand in C (`floor.c`): compiled when it is wanted, if this machine has a compiler."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from sim.model.codes import DAYS_PER_YEAR
from sim.model.policy import policy_record
from sim.model.register.identities import stream_of
from sim.scenario import Scenario

SOURCE = Path(__file__).with_suffix(".c")
FLAGS = ("-O3", "-march=native", "-ffp-contract=off")
"""The last one rounds every product as Python does, so that nothing but speed differs."""


def compiler() -> str | None:
    """The C compiler of this machine: `CC`, or what is found as cc, gcc or clang."""
    wanted = (os.environ.get("CC"), "cc", "gcc", "clang")
    return next((found for name in wanted if name and (found := shutil.which(name))), None)


def build(program: Path) -> None:
    """Compile the program; raises CalledProcessError with the compiler's words."""
    subprocess.run([compiler() or "cc", *FLAGS, str(SOURCE), "-o", str(program), "-lm"], check=True)


def parameters(scenario: Scenario, replication: int) -> str:
    """What the program reads from its standard input, a number a line."""
    return "\n".join(repr(float(number)) for number in _numbers(scenario, replication))


def _numbers(scenario: Scenario, replication: int) -> Iterator[float]:
    """What `floor.c` reads, in its order."""
    visits, reviews, initial_assessment, register = (
        scenario.visits,
        scenario.reviews,
        scenario.initial_assessment,
        scenario.register,
    )
    hours = policy_record(scenario)[0].travel_hours
    yield from (scenario.seed, replication, scenario.horizon_days, scenario.calendar.shift_start_hour / 24)
    yield from (scenario.shift_hours * scenario.officers.available_share, visits.lead_days, visits.retry_days)
    yield from (
        reviews.hours.mean,
        reviews.interval_days,
        initial_assessment.first_visit_days,
        initial_assessment.first_review_days,
    )
    yield from (visits.announced_share.low, visits.no_contact.unannounced, visits.no_contact.announced)
    yield from (hours.a, hours.b)
    yield from (rate / DAYS_PER_YEAR for rate in (register.new_per_year, register.deaths_and_moves_per_year))
    yield from scenario.caseload.risk_mix.values()
    yield from (interval.mean for interval in visits.interval_days.values())
    yield from scenario.risk_weights.values()
    yield scenario.caseload.task_weights.review.low
    yield len(scenario.teams)
    by_name = sorted(range(len(scenario.teams)), key=lambda number: scenario.teams[number].name)
    for team, (officers, offenders), alphabetic in zip(scenario.teams, scenario.headcounts, by_name, strict=True):
        yield from (stream_of(team.name), officers, offenders, alphabetic)
