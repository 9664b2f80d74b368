"""How many officers are in post and untrained, and how many posts are vacant, counted over time."""

from __future__ import annotations

from sim.model.codes import OFFICERS_IN_POST, RISKS, UNTRAINED_OFFICERS, VACANT_POSTS
from sim.model.kernel import compiled
from sim.model.kernel.count import add_spell, observation_at_or_after, observations_of_team


@compiled
def count_staff(since, time, is_surge, clocks, officers, tally):
    """Book how the staff has been since the last change, the surge team left out; what lasts to the horizon is open."""
    clock = clocks[0]
    first = observation_at_or_after(since, clock)
    last = observation_at_or_after(time, clock) if time < clock.end else clock.last_observation + 1
    in_post = vacant = untrained = of_team = 0.0
    for row in range(len(officers)):
        officer = officers[row]
        if officer.in_post == 0:
            vacant += officer.post
        else:
            of_team += not is_surge[row]
            untrained += officer.trained == 0
        if row + 1 == len(officers) or officers[row + 1].team != officer.team:
            in_post += of_team
            if clock.by_team == 1:
                at = observations_of_team(officer.team, clock)
                add_spell(
                    tally, clock, OFFICERS_IN_POST, officer.team % RISKS, since, at + first, time, at + last, of_team
                )
            of_team = 0.0
    add_spell(tally, clock, OFFICERS_IN_POST, 0, since, first, time, last, in_post)
    add_spell(tally, clock, VACANT_POSTS, 0, since, first, time, last, vacant)
    add_spell(tally, clock, UNTRAINED_OFFICERS, 0, since, first, time, last, untrained)
