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

    experienced: Share = key("Experienced", "Of experienced investigators.", default=1)
    inexperienced: Share = key("Inexperienced", "Of inexperienced investigators.", default=1)


class CrimesAtStart(Part):
    """Crimes open on the first day."""

    experienced: CasesEach = fixed(
        "Experienced", "Open crimes of each experienced investigator.", unit="crimes", default=0
    )
    inexperienced: CasesEach = fixed(
        "Inexperienced", "Open crimes of each inexperienced investigator.", unit="crimes", default=0
    )
    age_days: SpreadPastDays = fixed("Age", "Days since each of these crimes was allocated.", default=NOTHING)


class BelowLevel(Part):
    """A crime investigated below the level it needs."""

    hours_factor: Annotated[Number, Field(ge=1, le=10)] = key(
        "Hours factor", "Factor on the hours.", unit="times", default=1
    )
    reassigned_share: Share = key(
        "Reassigned",
        "Chance that the crime is reassigned to an investigator of the level after the first enquiries.",
        default=0,
    )
    dispute_days: Days = key("Dispute", "Days without work until the allocation is settled.", default=0)
    charged_factor: Share = key(
        "Charge factor",
        "Factor on the chance of a charge if the investigation ends below the level.",
        default=1,
    )


class CrimeSupervision(Part):
    """Supervisors who review open crimes at intervals, within their hours, the oldest first."""

    interval_days: IntervalDays = key("Interval", "Days between reviews; or never.", default="never")
    per_team: Annotated[Number, Field(ge=0, le=1000)] = key(
        "Supervisors", "Supervisors of each team.", unit="supervisors", default=1
    )
    hours_per_week: Hours = key(
        "Hours for reviews", "Hours a week that each supervisor has for reviews.", unit="hours", default=0
    )
    review_hours: HoursEach = key("Hours of a review", "Hours of a supervisor for one crime.", default=0.5)
    passes_on_share: Share = key(
        "Reassigned", "Chance that a crime below its level is reassigned to an investigator of the level.", default=0
    )
    closes_share: Share = key(
        "Closed", "Chance that a crime that will not end in a charge is closed at the review.", default=0
    )


class Crime(Part):
    """Crime investigation beside the caseload; off while there are no crimes."""

    crimes_per_year: PerYear = key(
        "Crimes", "Crimes allocated for investigation per year on the first day (Poisson).", default=0
    )
    growth_per_year: Growth = key("Growth", "Growth per year, as a share of the crimes a year before.", default=0)
    complex_share: Share = fixed(
        "Complex crimes", "Share of crimes that need an investigator of level 2 (PIP 2).", default=0
    )
    team: Literal["by_area", "central"] = fixed(
        "Team", "by_area: investigators in the area of each team; central: one team for the force.", default="by_area"
    )
    investigators: OfficerCount = key(
        "Investigators",
        "Total investigators; areas share them in proportion to their offenders.",
        unit="officers",
        default=0,
    )
    experienced_share: Share = key("Experienced", "Share of the investigators who are experienced.", default=1)
    level_2_share: SharesByExperience = key(
        "Level 2", "Share accredited for complex crimes (PIP 2).", default=SharesByExperience()
    )
    available_share: AvailableShare = key(
        "Available share",
        "Share of the contracted hours of an investigator that is available for crimes, after leave, sickness, court "
        "and other duties.",
        default=1,
    )
    allocation: Literal["by_team", "by_skill", "lowest_load", "round_robin"] = key(
        "Allocation",
        "Allocation of a crime in the team. by_team: any investigator; by_skill: an investigator of the level it needs "
        "with the fewest crimes; lowest_load: the one with the fewest; round_robin: each in turn.",
        default="round_robin",
    )
    max_caseload: Annotated[float, OrNever, Within(1, 1000, never=True)] = key(
        "Maximum caseload",
        "Most crimes of an investigator; further crimes wait without an investigator; or never.",
        unit="crimes",
        default="never",
    )
    overload_threshold: CasesEach = key(
        "Overload threshold", "Crimes above which an investigator is overloaded.", unit="crimes", default=25
    )
    hours: SpreadHours = key("Hours of a crime", "Hours of an experienced investigator for one crime.", default=NOTHING)
    first_share: Share = key("First part", "Share of the hours that comes before the enquiries of others.", default=0.5)
    enquiry_days: SpreadDays = key(
        "Enquiries", "Days for which the crime waits for others: forensics, witnesses, prosecutors.", default=NOTHING
    )
    inexperienced_hours_factor: Annotated[Number, Field(ge=1, le=10)] = key(
        "Inexperienced", "Factor on the hours of inexperienced investigators.", unit="times", default=1
    )
    below_level: BelowLevel = key(
        "Below the level", "Crimes investigated below the level they need.", default=BelowLevel()
    )
    charged_share: Share = key(
        "Charged", "Chance that a crime ends in a charge, if an investigator of its level ends it.", default=0
    )
    supervision: CrimeSupervision = key("Supervision", "Reviews of crimes.", default=CrimeSupervision())
    at_start: CrimesAtStart = fixed("First day", "Crimes open on the first day.", default=CrimesAtStart())

    @property
    def is_on(self) -> bool:
        """Are there crimes, or crimes open on the first day?"""
        return self.crimes_per_year > 0 or max(self.at_start.experienced, self.at_start.inexperienced) > 0
