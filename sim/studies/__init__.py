"""Answers to planners' questions: compare, sweep, staffing and sensitivity."""
