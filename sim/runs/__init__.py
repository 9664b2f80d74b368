"""Runs of a scenario: replications on all cores, their intervals, and the folder that holds them."""
