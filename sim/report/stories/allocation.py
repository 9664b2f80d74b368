"""Whose caseload an offender leaves and comes into, with the reason as far as the log tells."""

from __future__ import annotations

from typing import NamedTuple

from sim.report.stories.event_trace import EventTrace
from sim.report.stories.offender_state import Transition
from sim.report.stories.officers import SICK, VACANT

_AT_ONCE = 1.0
"""Days. A caseload is covered, or returns, at once; for an offender in the hands of an officer, after that work."""


class Gone(NamedTuple):
    """Why an officer can no longer have an offender, in two forms."""

    who: str
    """`who has left`"""
    why: str
    """`after officer 3 had left`"""


def reallocated_words(trace: EventTrace, transition: Transition) -> str:
    """`from the caseload of officer 3, who has left, to nobody's caseload`"""
    day, before, after = transition.event.day, transition.before.officer, transition.event.officer
    gone, come = _why_gone(trace, before, day), _why_come(trace, after, day)
    from_words = trace.caseload(before) + (f", {gone.who}," if gone else "")
    to_words = trace.caseload(after) + (f", {come}" if come else "")
    by_lever = not gone and not come and trace.posts_changed_on(day)
    lever = ", as a lever of the scenario changed the number of posts" if by_lever else ""
    return f"from {from_words} to {to_words}{lever}"


def why_unallocated(trace: EventTrace, transition: Transition) -> str:
    """`, after officer 3 had left`: why an offender came to have no officer at a moment; or nothing."""
    if transition.event.event != "reallocated":
        return ""
    gone = _why_gone(trace, transition.before.officer, transition.event.day)
    return f", {gone.why}" if gone else ""


def _why_gone(trace: EventTrace, number: int, day: float) -> Gone | None:
    """Why an officer cannot have an offender from a time on, if the log tells."""
    if number < 0 or trace.pooled:
        return None
    post = trace.posts[number]
    if not post.stands_on(day):
        return Gone("whose post is no more", f"after the post of officer {number} had been cut")
    if vacant := post.spell_on(VACANT, day):
        if vacant.begins > 0:
            return Gone("who has left", f"after officer {number} had left")
        return Gone("whose post is vacant", f"with the post of officer {number} vacant")
    sick = post.spell_on(SICK, day)
    if sick and _just_before(sick.begins + trace.rules_on(sick.begins).caseload.cover.after_days, day):
        since = f"sick since {trace.on(sick.begins)}"
        return Gone(since, f"with officer {number} {since}")
    return None


def _why_come(trace: EventTrace, number: int, day: float) -> str:
    """Why an officer can have an offender from a time on."""
    if number < 0 or trace.pooled:
        return ""
    post = trace.posts[number]
    if any(_just_before(joined, day) for joined in post.joined):
        return "who has just begun in the post"
    for spell in post.spells:
        after_days = trace.rules_on(spell.begins).caseload.cover.after_days
        if spell.why == SICK and spell.ends - spell.begins > after_days and _just_before(spell.ends, day):
            return "who is well again"
    return ""


def _just_before(time: float, day: float) -> bool:
    return time <= day < time + _AT_ONCE
