"""The laboratory: devices wait there, those of the gravest cases first, until a bench is free for them."""

from __future__ import annotations

import simpy

from sim.model.codes import DAYS_PER_WEEK
from sim.model.investigations.servers import Staff
from sim.scenario.sections.online_abuse import DigitalForensics as Capacity


class DigitalForensics:
    """So many benches, each with its part of the devices that can be examined in a week."""

    def __init__(self, env: simpy.Environment, capacity: Capacity) -> None:
        self.capacity = capacity
        self.examiners = Staff(env, capacity.examiners)

    def adopt(self, capacity: Capacity) -> None:
        """Another capacity from now on; what is on a bench is finished as it was begun."""
        self.capacity = capacity
        self.examiners.resize(capacity.examiners)

    def days_for(self, devices: int, effort: float) -> float:
        """How long the devices of a case are on a bench."""
        return devices * effort * DAYS_PER_WEEK * self.capacity.examiners / self.capacity.devices_per_week
