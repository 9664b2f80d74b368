"""Many replications of one scenario: on all cores, with their intervals, and saved in one folder."""
