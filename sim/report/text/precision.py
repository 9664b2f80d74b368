"""How precisely a run knows what it was asked for, in a planner's words."""

from __future__ import annotations

import math

from sim.measure import METRICS
from sim.report.text.words import same_in_all
from sim.runs.intervals import PER_CENT
from sim.runs.precision import Precision


def precision_sentence(known: Precision) -> str:
    """What was asked, what is known, and how many replications that took or would take."""
    what, number = f"{_what(known)}: {_known(known)}", f"{known.replications:,} replications"
    if known.met:
        return f"{what}, as precise as asked ({_asked(known)}), after {number}."
    return f"{what}, not as precise as asked ({_asked(known)}), after all {number}; {_more(known)}."


def look_sentence(known: Precision, next_replications: int) -> str:
    """The same on the way, with how far it goes on now."""
    more = "as precise as asked, to be confirmed by a second look" if known.met else _more(known)
    return (
        f"{_what(known)} after {known.replications:,} replications: {_known(known)}; asked: {_asked(known)}; "
        f"{more}. Going on to {next_replications:,}."
    )


def _what(known: Precision) -> str:
    until = known.until
    level = "" if until.group == "total" else f" ({until.group.replace('_', ' ')} risk)"
    when = "at the end" if until.statistic == "at_end" else "on average"
    return f"{METRICS[until.metric].title}{level} {when}"


def _known(known: Precision) -> str:
    if known.mean is None:
        return "no replication has a value"
    if known.half_width is None:
        return "only one replication has a value"
    mean = _number(known, known.mean) + (PER_CENT if _points(known) else "")
    if known.half_width == 0:
        return f"{mean}, {same_in_all(known.replications)}"
    return f"{mean} ± {_number(known, known.half_width)}{_points(known)}"


def _asked(known: Precision) -> str:
    until, points = known.until, _points(known)
    if not until.relative:
        return f"± {until.bound * (100 if points else 1):g}{points}"
    share = f"± {until.bound:g}{PER_CENT} of the mean"
    return share if known.allowed is None else f"{share}, ± {_number(known, known.allowed)}{points}"


def _more(known: Precision) -> str:
    if known.needed is None:
        return "the number of replications needed is not known"
    return f"about {known.needed:,} replications would probably be needed"


def _points(known: Precision) -> str:
    """The unit of a share, which is itself shown in per cent; nothing of other measures."""
    return " points" if METRICS[known.until.metric].unit == "share" else ""


def _number(known: Precision, number: float) -> str:
    """With as many decimals as the smaller of bound and half-width deserves, two digits of it."""
    scale = 100 if _points(known) else 1
    finest = min([scale * width for width in (known.allowed, known.half_width) if width], default=1)
    return f"{scale * number:,.{max(0, 1 - math.floor(math.log10(finest)))}f}"
