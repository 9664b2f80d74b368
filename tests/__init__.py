"""Tests of four families: theory, sense, reproducibility, unit.

A package, so that no package of this name that others install can come before it.
"""
