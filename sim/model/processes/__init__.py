"""What happens at its own time, as SimPy events: to the force, to its officers, to offenders."""
