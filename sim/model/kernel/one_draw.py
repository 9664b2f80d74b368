"""One draw at a time, for what SimPy decides."""

from __future__ import annotations

from sim.model.kernel import compiled
from sim.model.kernel.draws import draw


@compiled
def draw_one(spreads, uniform):
    """A draw from the first of `spreads`: a table goes into compiled code at half the cost of its record."""
    return draw(spreads[0], uniform)
