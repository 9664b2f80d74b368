"""What happens: officers, offenders and their work, driven by SimPy and a compiled shift."""

from sim.model.simulate import ReplicationResult, simulate

__all__ = ["ReplicationResult", "simulate"]
