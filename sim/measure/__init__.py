"""What is counted: every metric defined once, and the table of one history."""

from sim.measure.metrics import METRICS, Metric
from sim.measure.tables import GROUPS, tabulate

__all__ = ["GROUPS", "METRICS", "Metric", "tabulate"]
