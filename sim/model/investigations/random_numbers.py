"""The random numbers of cases and crimes, keyed by identity: each draw belongs to one case, whatever else happens."""

from __future__ import annotations

import numpy as np

from sim.model.exposure import YearlyRate
from sim.model.policy import draws
from sim.model.register.identities import Uniforms
from sim.model.simulation import Simulation
from sim.scenario.values import Distribution

# Kinds of decision, beside those in `kernel.streams`. The numbers are part of every result: never renumber.
REFERRAL = 64  # of the force: time to the next referral, area, grade; closed at the checks?
SUSPECT = 65  # access to children?, on the register?, attends?, safeguarded on bail?
PREPARATION = 66  # hours of checks, days to a warrant or to attendance, hours of the search, hours of triage
DEVICES = 67  # how many, how many seized after triage, evidence missed?, effort of the examination
DECISION = 68  # hours of grading, charged?, convicted?, days to court
SENTENCE = 69  # custody?, days of it, risk on the register, waited so far (of a case open on the first day)
SAME_PERSON = 70  # of an offender on the register: is this the suspect?
CRIME_RECEIVED = 72  # of the force: time to the next crime, area, complex?, to whom (of the whole team)
ENQUIRIES = 73  # hours, days of others' enquiries, passed on?, charged?
CRIME_AT_START = 74  # age, how far it is, how far the enquiries are
INVESTIGATOR = 75  # experienced?, level 2?
CRIME_REVIEW = 76  # passed on?, closed?

FORCE = 0
"""The stream of what happens to the force, such as referrals and crimes."""
AT_START = 1 << 30
"""Cases and crimes open on the first day are numbered from here."""


def uniforms(simulation: Simulation, kind: int, indices: np.ndarray, stream: int = FORCE) -> np.ndarray:
    """Four uniforms for each case, crime or investigator, shape (4, indices)."""
    return Uniforms(simulation.clock.seed, simulation.clock.replication).of_stream(kind, stream, indices)


def arrivals(simulation: Simulation, kind: int, rate: YearlyRate) -> np.ndarray:
    """When referrals or crimes come in within the horizon."""
    return rate.arrivals(simulation.scenario.horizon_days, lambda indices: uniforms(simulation, kind, indices)[0])


class CaseDraws:
    """The draws of many cases, each made once for all of them when the first is wanted."""

    def __init__(self, simulation: Simulation, indices: np.ndarray) -> None:
        self._simulation = simulation
        self._indices = indices
        self._uniforms: dict[int, np.ndarray] = {}
        self._lists: dict[tuple[int, int], list[float]] = {}
        self._drawn: dict[tuple[int, int, int], tuple[Distribution, list[float]]] = {}

    def uniforms(self, kind: int, column: int) -> np.ndarray:
        """A uniform for each case."""
        if kind not in self._uniforms:
            self._uniforms[kind] = uniforms(self._simulation, kind, self._indices)
        return self._uniforms[kind][column]

    def chance(self, kind: int, column: int) -> list[float]:
        """The same as a list, which reads faster one by one."""
        if (kind, column) not in self._lists:
            self._lists[kind, column] = self.uniforms(kind, column).tolist()
        return self._lists[kind, column]

    def drawn(self, distribution: Distribution, kind: int, column: int) -> list[float]:
        """A draw from a distribution of the scenario for each case."""
        known = self._drawn.get((id(distribution), kind, column))
        if known is None:  # the distribution is stored as well, so that its id stays its own
            known = (distribution, draws(distribution, self.uniforms(kind, column)).tolist())
            self._drawn[id(distribution), kind, column] = known
        return known[1]
