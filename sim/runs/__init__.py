"""Many histories of one scenario: replications on all cores, their intervals, and the folder that keeps them."""
