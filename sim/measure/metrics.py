"""Every metric, in the order in which pages and tables show them.

A metric is defined once, where it belongs: its name, what it means, its unit, which way is better, and how it is
computed from the counts of one history.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from sim.measure import backlog, caseload, force, investigated_cases, investigated_crimes
from sim.measure.metric import METRICS
from sim.scenario.source.faults import shown

__all__ = [
    "METRICS",
    "backlog",
    "caseload",
    "force",
    "investigated_cases",
    "investigated_crimes",
    "measure_problem",
    "metric_problem",
    "parted",
]

NOT_WEEKLY = ("recovery_date",)
"""Metrics without a value at each week."""


def metric_problem(metric: str, group: str, *, weekly: bool = False) -> str:
    """Why a metric cannot be asked for; empty if it can."""
    if metric not in METRICS:
        near = get_close_matches(metric, METRICS, n=1)
        meant = f", did you mean {near[0]}?" if near else "; docs/metrics.md lists them all"
        return f"{shown(metric)} is no metric{meant}"
    if problem := METRICS[metric].group_problem(group):
        return problem
    if weekly and metric in NOT_WEEKLY:
        return f"{metric} has no value at a date; write overdue_visits_share <= 0.05 instead"
    return ""


def parted(text: str) -> tuple[str, str]:
    """`overdue_visits` or `overdue_visits[high]` as metric and group."""
    found = re.fullmatch(r"\s*(\w+)\s*(?:\[\s*(\w+)\s*\])?\s*", text)
    return (found[1], found[2] or "total") if found else (text, "total")


def measure_problem(text: str) -> str:
    """Why a text names no metric and group; empty if it does."""
    return metric_problem(*parted(text))
