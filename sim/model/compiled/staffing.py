"""How many officers are in post and untrained, and how many posts are vacant, counted over time."""

from __future__ import annotations

from sim.model.codes import OFFICERS_IN_POST, UNTRAINED_OFFICERS, VACANT_POSTS
from sim.model.compiled import compiled
from sim.model.compiled.count import add_spell, mark_at_or_after


@compiled
def count_staff(since, time, is_surge, worlds, officers, tally):
    """Book how the staff has been since the last change, the surge team left out; what lasts to the horizon is open."""
    world = worlds[0]
    first = mark_at_or_after(since, world)
    last = mark_at_or_after(time, world) if time < world.end else world.last_mark + 1
    in_post = vacant = untrained = 0.0
    for row in range(len(officers)):
        officer = officers[row]
        if officer.in_post == 0:
            vacant += officer.post
        else:
            in_post += not is_surge[row]
            untrained += officer.trained == 0
    add_spell(tally, world, OFFICERS_IN_POST, 0, since, first, time, last, in_post)
    add_spell(tally, world, VACANT_POSTS, 0, since, first, time, last, vacant)
    add_spell(tally, world, UNTRAINED_OFFICERS, 0, since, first, time, last, untrained)
