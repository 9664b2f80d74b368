"""The backlog of the first day where a scenario gives it in numbers: how many offenders of which level are overdue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from sim.scenario.domain import RISK_LEVELS
from sim.scenario.paths import route_to
from sim.scenario.schema import Scenario
from sim.scenario.sections.offenders import OVERDUE_SHARES
from sim.scenario.source.faults import Fault
from sim.scenario.source.located import Located
from sim.scenario.values import NEVER, Counts, shared_out

Work = Literal["visits", "reviews"]


@dataclass(frozen=True, eq=False)
class StartingBacklog:
    """Exactly so many are overdue. `group`: of each team, or -1 where shares hold; `counts`: by group and level."""

    group: np.ndarray
    counts: np.ndarray


class _Numbers:
    """What a scenario says in numbers of one kind of work.

    `force`: for the whole force; `teams`: of each team with a number of its own; `there`: offenders of each team and
    level on the first day for whom this work is due at all; `scheduled`: which levels have it.
    """

    def __init__(self, scenario: Scenario, work: Work) -> None:
        self.scenario, self.work = scenario, work
        self.key = f"caseload.overdue_{work}_at_start"
        self.force: Counts | None = getattr(scenario.caseload, f"overdue_{work}_at_start")
        own = ((number, getattr(team, f"overdue_{work}")) for number, team in enumerate(scenario.teams))
        self.teams: dict[int, int] = {number: count for number, count in own if count is not None}
        self.shares = np.array(getattr(scenario.caseload, OVERDUE_SHARES[work]).values())
        every = [scenario.reviews.interval_days] * len(RISK_LEVELS)
        if work == "visits":
            every = [interval.expected for interval in scenario.visits.interval_days.values()]
        self.scheduled = np.array(every) < NEVER
        mix = scenario.caseload.risk_mix.values()
        of_teams = (risk_sequence(mix, offenders)[0] for _, offenders in scenario.headcounts)
        self.there = np.array([np.bincount(risk, minlength=len(RISK_LEVELS)) for risk in of_teams]) * self.scheduled


def starting_backlog(scenario: Scenario, work: Work) -> StartingBacklog | None:
    """The numbers that a scenario gives; None if it gives none. Raises ValueError if they contradict each other."""
    numbers = _Numbers(scenario, work)
    if numbers.force is None and not numbers.teams:
        return None
    for key, problem in _problems(numbers):
        raise ValueError(f"{key}: {problem}")
    group, table, rooms = _laid_out(numbers)
    if numbers.force is not None and numbers.force.by_level:
        table = _with_levels(table, np.array(numbers.force.by_level), rooms)
    return StartingBacklog(group, table)


def backlog_faults(scenario: Scenario, located: Located) -> Iterator[Fault]:
    """Where the numbers of the starting backlog contradict the caseload or each other."""
    for work in OVERDUE_SHARES:
        for key, problem in _problems(_Numbers(scenario, work)):
            yield Fault(located.along(route_to(key))[-1].changed, f"{key}: {problem}")


def risk_sequence(shares: Sequence[float], offenders: int) -> tuple[np.ndarray, np.ndarray]:
    """The risk level of each offender of a team, and the number within that level; the mix is known, not random.

    The k-th of a level stands at (k + 1/2) / share, and offenders are numbered in that order (the method of
    Sainte-Lague): so at any number of offenders each level has its share to within one and a half, with the mixes
    found in practice to within one, and one offender more changes no other's level.
    """
    levels = [np.full(int(np.ceil(share * offenders)) + 1, level) for level, share in enumerate(shares) if share > 0]
    ranks = [np.arange(len(level)) for level in levels]
    level, rank = np.concatenate(levels), np.concatenate(ranks)
    order = np.argsort((rank + 0.5) / np.asarray(shares)[level], kind="stable")[:offenders]
    return level[order], rank[order]


def _laid_out(numbers: _Numbers) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The group of each team, and the numbers and offenders of each group by level.

    A team with a number of its own is a group, the others are one together if a number is left for them.
    """
    own, there = numbers.teams, numbers.there
    group = np.full(len(there), -1)
    group[list(own)] = np.arange(len(own))
    rooms = [there[team] for team in own]
    counts = list(own.values())
    if numbers.force is not None and (group < 0).any():
        rooms.append(there[group < 0].sum(axis=0))
        counts.append(numbers.force.whole - sum(counts))
        group[group < 0] = len(own)
    rows = [_by_level(number, room, numbers.shares) for number, room in zip(counts, rooms, strict=True)]
    return group, np.array(rows), np.array(rooms)


def _by_level(count: int, there: np.ndarray, shares: np.ndarray) -> list[int]:
    """A number among the levels as their shares overdue would share it, by largest remainder; none above its room."""
    counts, open_to = np.zeros(len(there), int), there > 0
    while (left := count - int(counts.sum())) > 0:
        weights = np.where(open_to, there * shares, 0.0)
        if not weights.any():  # nothing is said of these levels: as many are overdue of each
            weights = np.where(open_to, there, 0.0)
        wanted = counts + shared_out(left, weights.tolist())
        full = open_to & (wanted >= there)
        if not (wanted > there).any():
            return wanted.tolist()
        counts[full] = there[full]
        open_to &= ~full
    return counts.tolist()


def _with_levels(table: np.ndarray, levels: np.ndarray, rooms: np.ndarray) -> Any:
    """The table with the sums of its levels changed to some and those of its groups kept; None if that cannot be.

    One offender at a time passes from a level with too many to one with too few, by way of others where it must.
    """
    table = table.copy()
    while True:
        surplus = table.sum(axis=0) - levels
        if not surplus.any():
            return table
        passes = np.array([[np.minimum(table[:, a], rooms[:, b] - table[:, b]).max() for b in range(len(levels))]
                           for a in range(len(levels))])  # fmt: skip
        way = _way(passes, np.flatnonzero(surplus > 0), surplus < 0)
        if way is None:
            return None
        for a, b in pairwise(way):
            group = int(np.argmax(np.minimum(table[:, a], rooms[:, b] - table[:, b])))
            table[group, a] -= 1
            table[group, b] += 1


def _way(passes: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> list[int] | None:
    ways = [[int(start)] for start in starts]
    seen = set(starts.tolist())
    for way in ways:
        if ends[way[-1]]:
            return way
        for step in np.flatnonzero(passes[way[-1]] > 0).tolist():
            if step not in seen:
                seen.add(step)
                ways.append([*way, step])
    return None


def _problems(numbers: _Numbers) -> Iterator[tuple[str, str]]:
    """What contradicts what: a key, and what is wrong with it."""
    scenario, force, own = numbers.scenario, numbers.force, numbers.teams
    noun = numbers.work.removesuffix("s")
    team_keys = {team: f"teams.{team}.overdue_{numbers.work}" for team in own}
    if scenario.caseload.file:
        for key in [*([numbers.key] if force else []), *team_keys.values()]:
            yield key, f"a caseload file gives the dates of each {noun}; leave out this number, or caseload.file"
        return
    there, broken = numbers.there, False
    by_level = (force.by_level if force else None) or ()
    for level, count, most, due in zip(RISK_LEVELS, by_level, there.sum(axis=0), numbers.scheduled, strict=False):
        if count > most:
            broken = True
            interval = "reviews.interval_days" if numbers.work == "reviews" else f"visits.interval_days.{level}"
            above_all = f"{count:,} is above the {most:,} offenders of that level on the first day"
            yield f"{numbers.key}.{level}", above_all if due else f"{count:,} cannot be overdue, as {interval} is never"
    for team, count in own.items():
        if count > (most := int(there[team].sum())):
            broken = True
            yield team_keys[team], f"{count:,} is above the {most:,} offenders of the team for whom a {noun} is due"
    if force is None or broken:
        return
    total, added, all_due = force.whole, sum(own.values()), int(there.sum())
    others_due = all_due - sum(int(there[team].sum()) for team in own)
    problem = ""
    if total > all_due:
        problem = f"{total:,} is above the {all_due:,} offenders for whom a {noun} is due"
    elif len(own) == len(there) and added != total:
        problem = f"{total:,} is not the sum of the teams' own numbers, {added:,}; make them equal or leave one out"
    elif added > total:
        problem = f"{total:,} is less than the teams' own numbers together, {added:,}"
    elif total - added > others_due:
        left = f"{total:,} less the teams' own numbers leaves {total - added:,} for teams without one"
        problem = f"{left}, which have {others_due:,} offenders"
    elif force.by_level and own:
        _, table, rooms = _laid_out(numbers)
        if _with_levels(table, np.array(force.by_level), rooms) is None:
            problem = "the numbers by level and those of the teams cannot both hold: a team has too few of a level"
    if problem:
        yield numbers.key, problem
