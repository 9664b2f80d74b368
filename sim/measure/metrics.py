"""Every metric, in the order in which pages and tables show them, and which may be asked for."""

from __future__ import annotations

import re
from difflib import get_close_matches

from sim.measure.backlog import BACKLOG
from sim.measure.caseload import CASELOAD
from sim.measure.crime import CRIME
from sim.measure.force import FORCE
from sim.measure.metric import Metric
from sim.measure.online_abuse import ONLINE_ABUSE
from sim.scenario.source.faults import shown

METRICS: dict[str, Metric] = {**BACKLOG, **CASELOAD, **FORCE, **ONLINE_ABUSE, **CRIME}

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
