"""What is counted: every metric defined once, and the table of one replication."""

from sim.measure.metric import GROUPS, Metric
from sim.measure.metrics import METRICS
from sim.measure.tables import tabulate

__all__ = ["GROUPS", "METRICS", "Metric", "tabulate"]
