"""Crime investigation: allocation of crimes, caseloads of investigators, and outcomes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.fields import fixed, key
from sim.scenario.sections.online_abuse import AvailableShare, Growth
from sim.scenario.values import (
    NOTHING,
    CasesEach,
    Days,
    Hours,
    HoursEach,
    IntervalDays,
    Number,
    OfficerCount,
    OrNever,
    Part,
    PerYear,
    Share,
    SpreadDays,
    SpreadHours,
    SpreadPastDays,
    Within,
)

EXPERIENCE = ("experienced", "inexperienced")


class SharesByExperience(Part):
    """A share for experienced and one for inexperienced investigators."""

    experienced: Share = key("Experienced", default=1)
    """Of experienced investigators."""
    inexperienced: Share = key("Inexperienced", default=1)
    """Of inexperienced investigators."""


class CrimesAtStart(Part):
    """Crimes open on the first day."""

    experienced: CasesEach = fixed("Experienced", unit="crimes", default=0)
    """Open crimes of each experienced investigator."""
    inexperienced: CasesEach = fixed("Inexperienced", unit="crimes", default=0)
    """Open crimes of each inexperienced investigator."""
    age_days: SpreadPastDays = fixed("Age", default=NOTHING)
    """Days since each of these crimes was allocated."""


class BelowLevel(Part):
    """A crime investigated below the level it needs."""

    hours_factor: Annotated[Number, Field(ge=1, le=10)] = key("Hours factor", unit="times", default=1)
    """Factor on the hours."""
    reassigned_share: Share = key("Reassigned", default=0)
    """Chance that the crime is reassigned to an investigator of the level after the first enquiries."""
    dispute_days: Days = key("Dispute", default=0)
    """Days without work until the allocation is settled."""
    charged_factor: Share = key("Charge factor", default=1)
    """Factor on the chance of a charge if the investigation ends below the level."""


class CrimeSupervision(Part):
    """Supervisors who review open crimes at intervals, within their hours, the oldest first."""

    interval_days: IntervalDays = key("Interval", default="never")
    """Days between reviews; or never."""
    per_team: Annotated[Number, Field(ge=0, le=1000)] = key("Supervisors", unit="supervisors", default=1)
    """Supervisors of each team."""
    hours_per_week: Hours = key("Hours for reviews", unit="hours", default=0)
    """Hours a week that each supervisor has for reviews."""
    review_hours: HoursEach = key("Hours of a review", default=0.5)
    """Hours of a supervisor for one crime."""
    passes_on_share: Share = key("Reassigned", default=0)
    """Chance that a crime below its level is reassigned to an investigator of the level."""
    closes_share: Share = key("Closed", default=0)
    """Chance that a crime that will not end in a charge is closed at the review."""


class Crime(Part):
    """Crime investigation beside the caseload; off while there are no crimes."""

    crimes_per_year: PerYear = key("Crimes", default=0)
    """Crimes allocated for investigation per year on the first day (Poisson)."""
    growth_per_year: Growth = key("Growth", default=0)
    """Growth per year, as a share of the crimes a year before."""
    complex_share: Share = fixed("Complex crimes", default=0)
    """Share of crimes that need an investigator of level 2 (PIP 2)."""
    team: Literal["by_area", "central"] = fixed("Team", default="by_area")
    """by_area: investigators in the area of each team; central: one team for the force."""
    investigators: OfficerCount = key("Investigators", unit="officers", default=0)
    """Total investigators; areas share them in proportion to their offenders."""
    experienced_share: Share = key("Experienced", default=1)
    """Share of the investigators who are experienced."""
    level_2_share: SharesByExperience = key("Level 2", default=SharesByExperience())
    """Share accredited for complex crimes (PIP 2)."""
    available_share: AvailableShare = key("Available share", default=1)
    """Share of the contracted hours of an investigator that is available for crimes, after leave, sickness, court and
    other duties.
    """
    allocation: Literal["by_team", "by_skill", "lowest_load", "round_robin"] = key("Allocation", default="round_robin")
    """Allocation of a crime in the team. by_team: any investigator; by_skill: an investigator of the level it needs
    with the fewest crimes; lowest_load: the one with the fewest; round_robin: each in turn.
    """
    max_caseload: Annotated[float, OrNever, Within(1, 1000, never=True)] = key(
        "Maximum caseload", unit="crimes", default="never"
    )
    """Most crimes of an investigator; further crimes wait without an investigator; or never."""
    overload_threshold: CasesEach = key("Overload threshold", unit="crimes", default=25)
    """Crimes above which an investigator is overloaded."""
    hours: SpreadHours = key("Hours of a crime", default=NOTHING)
    """Hours of an experienced investigator for one crime."""
    first_share: Share = key("First part", default=0.5)
    """Share of the hours that comes before the enquiries of others."""
    enquiry_days: SpreadDays = key("Enquiries", default=NOTHING)
    """Days for which the crime waits for others: forensics, witnesses, prosecutors."""
    inexperienced_hours_factor: Annotated[Number, Field(ge=1, le=10)] = key("Inexperienced", unit="times", default=1)
    """Factor on the hours of inexperienced investigators."""
    below_level: BelowLevel = key("Below the level", default=BelowLevel())
    """Crimes investigated below the level they need."""
    charged_share: Share = key("Charged", default=0)
    """Chance that a crime ends in a charge, if an investigator of its level ends it."""
    supervision: CrimeSupervision = key("Supervision", default=CrimeSupervision())
    """Reviews of crimes."""
    at_start: CrimesAtStart = fixed("First day", default=CrimesAtStart())
    """Crimes open on the first day."""

    @property
    def is_on(self) -> bool:
        """Are there crimes, or crimes open on the first day?"""
        return self.crimes_per_year > 0 or max(self.at_start.experienced, self.at_start.inexperienced) > 0
