"""A force's own caseload, read from a file: one row for each offender, and nothing that identifies a person."""
