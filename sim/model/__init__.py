"""What happens: officers, offenders and their work, driven by SimPy and a compiled shift."""

from sim.model.simulate import History, simulate

__all__ = ["History", "simulate"]
