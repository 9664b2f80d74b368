"""The colours of every figure, chart and page."""

from sim.scenario.domain import RISKS

DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
"""The first four categorical colours of the Analysis Function, which colour-blind readers can distinguish too."""
INK, QUIET = "#1A1A1A", "#595959"

RISK_COLOURS = {level.name: level.colour for level in RISKS}
