"""A force's own caseload, read from a file: one row for each offender, and nothing that tells who that is."""

from sim.scenario.caseload_file.known import GivenCaseload, given_caseload, remember

__all__ = ["GivenCaseload", "given_caseload", "remember"]
