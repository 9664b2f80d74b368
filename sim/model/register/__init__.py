"""The register of offenders, laid out before the first day: today's caseload, and the registrations to come."""
