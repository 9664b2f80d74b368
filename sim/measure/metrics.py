"""Every metric, in the order in which pages and tables show them.

A metric is defined once, where it belongs: its name, what it means, its unit, which way is better, and how it is
computed from the counts of one history.
"""

from sim.measure import backlog, caseload, force, investigated_cases, investigated_crimes
from sim.measure.metric import METRICS

__all__ = ["METRICS", "backlog", "caseload", "force", "investigated_cases", "investigated_crimes"]
