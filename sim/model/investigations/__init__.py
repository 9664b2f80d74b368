"""Investigations beside the caseload, in the same run: online child abuse, and crime. SimPy processes that share staff.

Off in a scenario without referrals, crimes, or cases in hand: nothing is laid out, and nothing costs time.
"""

from __future__ import annotations

import numpy as np

from sim.model.investigations.crime import CrimeInvestigation
from sim.model.investigations.investigators import InvestigatorTeams
from sim.model.investigations.online_abuse import OnlineAbuseTeam
from sim.model.investigations.servers import WorkingTime
from sim.model.investigations.tables import CASE, CRIME, SPELL, Investigated
from sim.model.simulation import Simulation


class Investigations:
    """Both parts, as far as the scenario has them."""

    def __init__(self, simulation: Simulation) -> None:
        self.online_abuse: OnlineAbuseTeam | None = None
        self.crime: CrimeInvestigation | None = None
        working_time = WorkingTime(simulation.plan)
        self.investigators = InvestigatorTeams(simulation, working_time) if simulation.plan.has_crime else None
        if self.investigators is not None:
            self.crime = CrimeInvestigation(simulation, self.investigators)
            self.crime.begin()
        if simulation.plan.has_online_abuse:
            self.online_abuse = OnlineAbuseTeam(simulation, working_time, self.investigators)
            self.online_abuse.begin()

    def adopt(self) -> None:
        """A lever: other staff from now on."""
        if self.investigators is not None:
            self.investigators.adopt()
        if self.online_abuse is not None:
            self.online_abuse.adopt()

    def close(self) -> Investigated:
        """What they leave behind at the horizon."""
        nobody = np.zeros(0, SPELL)
        held, posts = self.investigators.close() if self.investigators is not None else (nobody, nobody)
        return Investigated(
            cases=self.online_abuse.cases.rows if self.online_abuse is not None else np.zeros(0, CASE),
            crimes=self.crime.crimes.rows if self.crime is not None else np.zeros(0, CRIME),
            held=held,
            posts=posts,
            reviews=np.array(self.crime.reviews if self.crime is not None else []),
        )


def begin_investigations(simulation: Simulation) -> Investigations | None:
    """Start the investigations that the scenario has; None if it has none."""
    if not simulation.plan.has_online_abuse and not simulation.plan.has_crime:
        return None
    investigations = Investigations(simulation)
    simulation.after_lever.append(investigations.adopt)
    return investigations
