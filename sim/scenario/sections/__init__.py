"""The sections of a scenario, as a planner writes them."""
