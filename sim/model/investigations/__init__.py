"""Investigations beside the caseload, in the same run: online child abuse, and crime. SimPy processes that share staff.

They are off in a scenario without referrals, crimes or open cases: then nothing is laid out, and nothing costs time.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.model.investigations.crime import CrimeInvestigation
from sim.model.investigations.investigators import InvestigatorTeams
from sim.model.investigations.online_abuse import OnlineAbuseTeam
from sim.model.investigations.tables import NOTHING_INVESTIGATED, Investigated
from sim.model.simulation import Simulation


class Investigations:
    """Online child abuse and crime, as far as the scenario has them, which start at once."""

    def __init__(self, simulation: Simulation) -> None:
        self.investigators: InvestigatorTeams | None = None
        self.crime: CrimeInvestigation | None = None
        self.online_abuse: OnlineAbuseTeam | None = None
        if simulation.inputs.has_crime:
            self.investigators = InvestigatorTeams(simulation)
            self.crime = CrimeInvestigation(simulation, self.investigators)
            self.crime.begin()
            simulation.after_lever.append(self.investigators.adopt)
        if simulation.inputs.has_online_abuse:
            self.online_abuse = OnlineAbuseTeam(simulation, self.investigators)
            self.online_abuse.begin()
            simulation.after_lever.append(self.online_abuse.adopt)

    def close(self) -> Investigated | None:
        """What they leave behind at the horizon; None in a scenario without them."""
        if self.crime is None and self.online_abuse is None:
            return None
        found = NOTHING_INVESTIGATED
        if self.investigators is not None and self.crime is not None:
            held, posts = self.investigators.close()
            found = replace(
                found, crimes=self.crime.crimes.rows, reviews=np.array(self.crime.reviews), held=held, posts=posts
            )
        return found if self.online_abuse is None else replace(found, cases=self.online_abuse.cases.rows)
