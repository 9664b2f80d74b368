"""The posts of officers in one replication: the team of each, and when it was vacant or its officer away.

An officer's number is that of a post; a successor in the post has the same number. The log has sickness, courses,
departures and arrivals; the scenario has the posts and the days of the surge team.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from sim.scenario import Scenario

SICK, ON_COURSE, VACANT = "sick", "on_course", "vacant"
"""Why nobody works in a post; the first two are also outcomes of officers' events."""


class Spell(NamedTuple):
    """A time in which nobody works in a post, and why; `ends` is infinite if it continues at the end."""

    why: str
    begins: float
    ends: float


@dataclass(frozen=True)
class Post:
    """A post, or a place in the surge team.

    `stands`: times from which and until which there is the post, the surge team being at work. `joined`: when each
    successor began, or the first officer of a post that was vacant at first.
    """

    number: int
    team: str
    surge: bool
    stands: tuple[tuple[float, float], ...]
    spells: tuple[Spell, ...] = ()
    joined: tuple[float, ...] = ()

    def stands_on(self, day: float) -> bool:
        return any(begins <= day < ends for begins, ends in self.stands)

    def spell_on(self, why: str, day: float) -> Spell | None:
        """The last spell of a kind that lasts at a time, its ends included."""
        lasting = [spell for spell in self.spells if spell.why == why and spell.begins <= day <= spell.ends]
        return lasting[-1] if lasting else None

    def was(self, why: str, begins: float, ends: float) -> bool:
        return any(spell.why == why and spell.begins <= begins and spell.ends >= ends for spell in self.spells)

    def days(self, why: str, begins: float, ends: float) -> float:
        spells = [spell for spell in self.spells if spell.why == why]
        return math.fsum(max(0.0, min(spell.ends, ends) - max(spell.begins, begins)) for spell in spells)


def posts_of(regimes: Sequence[tuple[int, Scenario]], events: pd.DataFrame) -> tuple[Post, ...]:
    """Every post by number: team by team, after the posts of each the places of its surge team."""
    scenario = regimes[0][1]
    from_, to = scenario.surge.from_, scenario.surge.to
    begins = max((from_ - scenario.start).days, 0) if from_ else 0
    ends = (to - scenario.start).days + 1 if to else math.inf
    surge_at_work = ((float(begins), float(ends)),) if begins < min(ends, scenario.horizon_days) else ()
    own = {number: list(rows.itertuples()) for number, rows in events[events["offender"] < 0].groupby("officer")}
    posts: list[Post] = []
    for team, surge in enumerate(scenario.surge_headcounts):
        counts = [(float(day), in_force.headcounts[team][0]) for day, in_force in regimes]
        most = max(number for _, number in counts)
        times = [_stands(counts, place) for place in range(most)] + [surge_at_work] * surge
        for place, stands in enumerate(times):
            spells, joined = _spells(own.get(len(posts), []), [ends for _, ends in stands])
            posts.append(Post(len(posts), scenario.teams[team].name, place >= most, stands, spells, joined))
    return tuple(posts)


def _stands(counts: Sequence[tuple[float, int]], place: int) -> tuple[tuple[float, float], ...]:
    """From when until when a team has so many posts that there is this one."""
    times: list[tuple[float, float]] = []
    following = [*(day for day, _ in counts[1:]), math.inf]
    for (begins, number), ends in zip(counts, following, strict=True):
        if place >= number:
            continue
        if times and times[-1][1] == begins:
            begins, _ = times.pop()
        times.append((begins, ends))
    return tuple(times)


def _spells(rows: Sequence, removals: Sequence[float]) -> tuple[tuple[Spell, ...], tuple[float, ...]]:
    """The spells of a post and when somebody began in it; all end with the post."""
    since: dict[str, float] = {}
    spells: list[Spell] = []

    def end(day: float, *which: str) -> None:
        spells.extend(Spell(why, since.pop(why), day) for why in which if why in since)

    to_come = [*removals, math.inf]
    for row in rows:
        while to_come[0] <= row.day:
            end(to_come.pop(0), *since)
        why = {"officer_left": VACANT, "officer_joined": VACANT, "officer_trained": ON_COURSE}.get(
            row.event, row.outcome
        )
        if row.event not in ("officer_left", "officer_away"):
            end(row.day, why)
            continue
        if why == VACANT:  # an officer who leaves is no longer sick or on a course
            end(row.day, *since)
        since[why] = row.day
    end(to_come[0], *since)
    joined = tuple(row.day for row in rows if row.event == "officer_joined")
    return tuple(sorted(spells, key=lambda spell: spell.begins)), joined


OFFICER_EVENTS: Mapping[str, Mapping[str, str]] = {
    "officer_left": {"": "the officer leaves; the post is vacant."},
    "officer_joined": {"": "a successor starts in the post, another person under the same number."},
    "officer_away": {"sick": "falls sick.", "on_course": "goes on a course."},
    "officer_back": {"sick": "returns from sickness."},
    "officer_trained": {"": "returns from the course, trained."},
}
"""The words for every kind of event of officers, by outcome."""


def post_events(post: Post, events: pd.DataFrame, horizon: float) -> Iterator[tuple[float, str]]:
    """Events of a post other than work: times and sentences."""
    for begins, ends in post.stands:
        if post.surge or begins > 0:
            yield begins, "the surge team starts." if post.surge else "the post is new."
        if ends < horizon:
            yield ends, "the surge team ends." if post.surge else "the post no longer exists."
    filled = False
    for row in events[(events["offender"] < 0) & (events["officer"] == post.number)].itertuples():
        if row.event == "officer_left" and row.day == 0:
            yield row.day, "the post is vacant when the simulation begins."
        elif row.event == "officer_joined" and not filled and post.was(VACANT, 0, row.day):
            yield row.day, "an officer starts in the post."
        else:
            yield row.day, OFFICER_EVENTS[row.event][row.outcome]
        filled = filled or row.event == "officer_joined"
