"""Offender-management caseload simulator: how a backlog of visits grows, and what each remedy changes."""

__version__ = "0.1.0"
