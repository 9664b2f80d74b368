"""A small complete scenario to begin stories with, and what is said of one that is wrong."""

from sim.scenario import ScenarioError, read

SMALL = """\
name: A small force
start: 2024-09-02
end: 2025-08-31
teams:
  - {name: North, officers: 10, offenders: 500}
  - {name: South, officers: 5, offenders: 300}
caseload:
  risk_mix: {low: 0.5, medium: 0.3, high: 0.18, very_high: 0.02}
visits:
  interval_days: {low: 365, medium: 182, high: 91, very_high: 30}
  visit_hours: 1
"""
"""Eleven lines; what a test appends to it begins on line 12."""


def faults(path: str, *settings: str) -> list[str]:
    """The messages of all faults of a scenario, in their order; none if it is fine."""
    try:
        read(path, settings)
    except ScenarioError as error:
        return [str(fault) for fault in error.faults]
    return []
