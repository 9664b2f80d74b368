"""From a file to a scenario, with the place of every value."""
