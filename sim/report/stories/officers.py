"""The officers of a history, post by post: which team, and when nobody was in it or the officer was away.

An officer's number is that of a post; whoever succeeds to the post bears the same number. The log tells sickness,
courses and who leaves and comes; the scenario tells which posts there are and when the surge team is at work.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.scenario import Scenario

SICK, ON_COURSE, VACANT = "sick", "on_course", "vacant"
"""Why nobody works in a post."""

BEGINS = {
    ("officer_away", "sick"): SICK,
    ("officer_away", "on_course"): ON_COURSE,
    ("officer_left", ""): VACANT,
}
ENDS = {
    ("officer_back", "sick"): SICK,
    ("officer_trained", ""): ON_COURSE,
    ("officer_joined", ""): VACANT,
}
"""Which events of officers begin and end such a time; whoever leaves is no longer sick or on a course."""


@dataclass(frozen=True)
class Spell:
    """A time in which nobody works in a post, and why; `ends` is infinite if it goes on at the end."""

    why: str
    begins: float
    ends: float

    def days_within(self, begins: float, ends: float) -> float:
        """How many days of a time it takes up."""
        return max(0.0, min(self.ends, ends) - max(self.begins, begins))


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
        """Is there such a post at a time?"""
        return any(begins <= day < ends for begins, ends in self.stands)

    def spell_on(self, why: str, day: float) -> Spell | None:
        """The last spell of a kind that lasts at a time, its first and last moment among them."""
        lasting = [spell for spell in self.spells if spell.why == why and spell.begins <= day <= spell.ends]
        return lasting[-1] if lasting else None

    def was(self, why: str, begins: float, ends: float) -> bool:
        """Was it so all the time?"""
        return any(spell.why == why and spell.begins <= begins and spell.ends >= ends for spell in self.spells)

    def days(self, why: str, begins: float, ends: float) -> float:
        """For how many days of a time it was so."""
        return math.fsum(spell.days_within(begins, ends) for spell in self.spells if spell.why == why)


def posts_of(stages: Sequence[tuple[int, Scenario]], events: pd.DataFrame) -> tuple[Post, ...]:
    """Every post of a history by number: team by team, after the posts of each the places of its surge team.

    `stages`: the scenario as it stands from each day on; `events`: the whole log.
    """
    scenario = stages[0][1]
    own = {number: list(rows.itertuples()) for number, rows in events[events["offender"] < 0].groupby("officer")}
    posts: list[Post] = []
    for team, surge in enumerate(scenario.surge_headcounts):
        counts = [(float(day), stage.headcounts[team][0]) for day, stage in stages]
        most = max(number for _, number in counts)
        standing = [_stands(counts, place) for place in range(most)]
        standing += [_surge_stands(scenario)] * surge
        for place, stands in enumerate(standing):
            spells, joined = _history(own.get(len(posts), []), [ends for _, ends in stands])
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


def _surge_stands(scenario: Scenario) -> tuple[tuple[float, float], ...]:
    """From when until when the surge team is at work."""
    surge = scenario.surge
    begins = max((surge.from_ - scenario.start).days, 0) if surge.from_ else 0
    ends = (surge.to - scenario.start).days + 1 if surge.to else math.inf
    return ((float(begins), float(ends)),) if begins < min(ends, scenario.horizon_days) else ()


def _history(rows: Sequence, removals: Sequence[float]) -> tuple[tuple[Spell, ...], tuple[float, ...]]:
    """The spells of a post and when somebody began in it; where there is no post any more nothing goes on."""
    since: dict[str, float] = {}
    spells: list[Spell] = []

    def end(day: float, *which: str) -> None:
        spells.extend(Spell(why, since.pop(why), day) for why in which if why in since)

    to_come = [*removals, math.inf]
    for row in rows:
        while to_come[0] <= row.day:
            end(to_come.pop(0), *since)
        what = (row.event, row.outcome)
        if what in BEGINS:
            if BEGINS[what] == VACANT:
                end(row.day, *since)
            since[BEGINS[what]] = row.day
        else:
            end(row.day, ENDS[what])
    end(to_come[0], *since)
    joined = tuple(row.day for row in rows if row.event == "officer_joined")
    return tuple(sorted(spells, key=lambda spell: spell.begins)), joined


# --- what happens to officers, for a diary --------------------------------------------------------------------

HAPPENINGS: Mapping[str, Mapping[str, str]] = {
    "officer_left": {"": "the officer leaves; the post is vacant."},
    "officer_joined": {"": "a successor begins in the post, another person under the same number."},
    "officer_away": {"sick": "falls sick.", "on_course": "goes on a course."},
    "officer_back": {"sick": "is well again."},
    "officer_trained": {"": "is back from the course, trained."},
}
"""The words for every kind of event of officers, by outcome."""


def happenings(post: Post, events: pd.DataFrame, horizon: float) -> Iterator[tuple[float, str]]:
    """What happened in a post and when, but for its work: times and sentences."""
    for begins, ends in post.stands:
        if post.surge or begins > 0:
            yield begins, "the surge team is at work from now on." if post.surge else "the post is new."
        if ends < horizon:
            yield ends, "the surge team is no longer at work." if post.surge else "there is no such post any more."
    filled = False
    for row in events[(events["offender"] < 0) & (events["officer"] == post.number)].itertuples():
        if row.event == "officer_left" and row.day == 0:
            yield row.day, "the post is vacant when the simulation begins."
        elif row.event == "officer_joined" and not filled and post.was(VACANT, 0, row.day):
            yield row.day, "an officer begins in the post."
        else:
            yield row.day, HAPPENINGS[row.event][row.outcome]
        filled = filled or row.event == "officer_joined"
