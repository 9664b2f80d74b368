"""How precisely a run knows what it was asked for, in a planner's words."""

from __future__ import annotations

import math

from sim.measure import METRICS
from sim.report.text.words import PER_CENT, same_in_all
from sim.runs.precision import Precision


def precision_sentence(known: Precision) -> str:
    """What was asked, what is known, and how many replications that took or would take."""
    what, asked = f"{_what(known)}: {_known(known)}", _asked(known)
    if known.met:
        return f"{what}, as precise as asked ({asked}), after {known.replications:,} replications."
    return f"{what}, not as precise as asked ({asked}), after all {known.replications:,} replications; {_more(known)}."


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
    mean = _number(known, known.mean) + (PER_CENT if _is_share(known) else "")
    if known.half_width == 0:
        return f"{mean}, {same_in_all(known.replications)}"
    return f"{mean} ± {_number(known, known.half_width)}{_points(known)}"


def _asked(known: Precision) -> str:
    until = known.until
    if not until.relative:
        return f"± {until.bound * (100 if _is_share(known) else 1):g}{_points(known)}"
    share = f"± {until.bound:g}{PER_CENT} of the mean"
    return share if known.allowed is None else f"{share}, ± {_number(known, known.allowed)}{_points(known)}"


def _more(known: Precision) -> str:
    if known.needed is None:
        return "the number of replications needed is not known"
    return f"about {known.needed:,} replications would probably be needed"


def _is_share(known: Precision) -> bool:
    return METRICS[known.until.metric].unit == "share"


def _points(known: Precision) -> str:
    """The unit of a share, which is itself shown in per cent."""
    return " points" if _is_share(known) else ""


def _number(known: Precision, number: float) -> str:
    """With as many decimals as the smaller of bound and half-width deserves, two digits of it."""
    scale = 100 if _is_share(known) else 1
    finest = min([scale * width for width in (known.allowed, known.half_width) if width], default=1)
    decimals = max(0, 1 - math.floor(math.log10(finest)))
    return f"{scale * number:,.{decimals}f}"
