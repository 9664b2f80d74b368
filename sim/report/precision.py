"""How precisely a run knows what it was asked for, in a planner's words."""

from __future__ import annotations

import math

from sim.experiment.until import Precision
from sim.measure import METRICS

PERCENTAGE_POINTS = 100


def precision_sentence(known: Precision) -> str:
    """What was asked, what is known, and how many replications that took or would take."""
    what, asked = f"{_what(known)}: {_known(known)}", _asked(known)
    if known.met:
        return f"{what}, as precise as asked ({asked}), after {known.replications:,} replications."
    return f"{what}, not as precise as asked ({asked}), after all {known.replications:,} replications; {_more(known)}."


def look_sentence(known: Precision, next_replications: int) -> str:
    """The same on the way, with how far it goes on now."""
    return (
        f"{_what(known)} after {known.replications:,} replications: {_known(known)}; asked: {_asked(known)}; "
        f"{_more(known)}. Going on to {next_replications:,}."
    )


def _what(known: Precision) -> str:
    until = known.until
    level = "" if until.group == "total" else f" ({until.group.replace('_', ' ')} risk)"
    when = "at the end" if until.statistic == "at_end" else "on average"
    return f"{METRICS[until.metric].title}{level} {when}"


def _known(known: Precision) -> str:
    if known.mean is None:
        return "no history has a value"
    if known.half_width is None:
        return "only one history has a value"
    return f"{_number(known, known.mean)} ± {_number(known, known.half_width)}{_unit(known)}"


def _asked(known: Precision) -> str:
    until = known.until
    if not until.relative:
        return f"± {_number(known, until.bound)}{_unit(known)}"
    share = f"± {until.bound:g} % of the mean"
    return share if known.allowed is None else f"{share}, ± {_number(known, known.allowed)}{_unit(known)}"


def _more(known: Precision) -> str:
    if known.needed is None:
        return "how many would do cannot be told"
    return f"about {known.needed:,} would probably do"


def _is_share(known: Precision) -> bool:
    return METRICS[known.until.metric].unit == "share"


def _unit(known: Precision) -> str:
    return " %" if _is_share(known) else ""


def _number(known: Precision, number: float) -> str:
    """With as many decimals as the smaller of bound and half-width deserves, two digits of it."""
    scale = PERCENTAGE_POINTS if _is_share(known) else 1
    finest = min(scale * width for width in (known.allowed, known.half_width, known.until.bound) if width)
    decimals = max(0, 1 - math.floor(math.log10(finest)))
    return f"{scale * number:,.{decimals}f}"
