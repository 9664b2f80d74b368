"""Crime investigation: who gets which crime, how many each investigator holds, and what becomes of them."""

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
    """Crimes in hand on the first day."""

    experienced: CasesEach = fixed(
        "Held by the experienced", "Crimes that each experienced investigator holds.", unit="crimes", default=0
    )
    inexperienced: CasesEach = fixed(
        "Held by the inexperienced", "Crimes that each inexperienced investigator holds.", unit="crimes", default=0
    )
    age_days: SpreadPastDays = fixed("Age", "Days since each of these crimes was allocated.", default=NOTHING)


class BelowLevel(Part):
    """What happens to a crime worked by somebody below the level it needs."""

    hours_factor: Annotated[Number, Field(ge=1, le=10)] = key(
        "Longer", "What the hours are multiplied by.", unit="times", default=1
    )
    reassigned_share: Share = key(
        "Reassigned",
        "Chance that the crime is passed on to somebody of the level after the first enquiries.",
        default=0,
    )
    dispute_days: Days = key("Dispute", "Days for which nobody works on it until it is settled whose it is.", default=0)
    charged_factor: Share = key(
        "Fewer charges",
        "What the chance of a charge is multiplied by if it ends with somebody below the level.",
        default=1,
    )


class CrimeSupervision(Part):
    """Supervisors who review the crimes in hand at intervals, as far as their hours go, the oldest first."""

    interval_days: IntervalDays = key("Interval", "Days between reviews; or never.", default="never")
    per_team: Annotated[Number, Field(ge=0, le=1000)] = key(
        "Supervisors", "Supervisors of each team.", unit="supervisors", default=1
    )
    hours_per_week: Hours = key(
        "Hours for reviews", "Hours a week that each supervisor has for reviews.", unit="hours", default=0
    )
    review_hours: HoursEach = key("Hours of a review", "Hours of a supervisor for one crime.", default=0.5)
    passes_on_share: Share = key(
        "Passed on", "Chance that a crime held below its level is passed on to somebody of the level.", default=0
    )
    closes_share: Share = key(
        "Closed", "Chance that a crime that will not end in a charge is closed at the review.", default=0
    )


class Crime(Part):
    """Crime investigation beside the caseload; off while there are no crimes."""

    crimes_per_year: PerYear = key(
        "Crimes", "Crimes allocated for investigation per year on the first day (Poisson).", default=0
    )
    growth_per_year: Growth = key(
        "Growth", "By how much they grow in a year, as a share of those a year before.", default=0
    )
    complex_share: Share = fixed(
        "Complex crimes", "Share of crimes that need an investigator of level 2 (PIP 2).", default=0
    )
    team: Literal["by_area", "central"] = fixed(
        "Team", "by_area: investigators in the area of each team; central: one team for the force.", default="by_area"
    )
    investigators: OfficerCount = key(
        "Investigators",
        "Investigators in all; areas share them in proportion to their offenders.",
        unit="officers",
        default=0,
    )
    experienced_share: Share = key("Experienced", "Share of the investigators who are experienced.", default=1)
    level_2_share: SharesByExperience = key(
        "Level 2", "Share who are accredited for complex crimes (PIP 2).", default=SharesByExperience()
    )
    available_share: AvailableShare = key(
        "Free share",
        "Share of the contracted hours of an investigator that is free for crimes, after leave, sickness, court and "
        "other duties.",
        default=1,
    )
    allocation: Literal["by_team", "by_skill", "lowest_load", "round_robin"] = key(
        "Allocation",
        "Who in the team gets a crime. by_team: anybody; by_skill: who has the level it needs and the fewest crimes; "
        "lowest_load: who has the fewest; round_robin: everybody in turn.",
        default="round_robin",
    )
    max_caseload: Annotated[float, OrNever, Within(1, 1000, never=True)] = key(
        "Limit",
        "Crimes that an investigator holds at most; further ones wait without one; or never.",
        unit="crimes",
        default="never",
    )
    overload_threshold: CasesEach = key(
        "Too many", "Crimes above which an investigator holds too many.", unit="crimes", default=25
    )
    hours: SpreadHours = key("Hours of a crime", "Hours of an experienced investigator for one crime.", default=NOTHING)
    first_share: Share = key("First part", "Share of the hours that comes before the enquiries of others.", default=0.5)
    enquiry_days: SpreadDays = key(
        "Enquiries", "Days for which the crime waits for others: forensics, witnesses, prosecutors.", default=NOTHING
    )
    inexperienced_hours_factor: Annotated[Number, Field(ge=1, le=10)] = key(
        "Inexperienced", "What the hours of inexperienced investigators are multiplied by.", unit="times", default=1
    )
    below_level: BelowLevel = key("Below the level", "Worked below the level.", default=BelowLevel())
    charged_share: Share = key(
        "Charged", "Chance that a crime ends in a charge, if somebody of its level ends it.", default=0
    )
    supervision: CrimeSupervision = key("Supervision", "Reviews of crimes.", default=CrimeSupervision())
    at_start: CrimesAtStart = fixed("At the start", "Crimes in hand on the first day.", default=CrimesAtStart())

    @property
    def is_on(self) -> bool:
        """Are there crimes, or crimes in hand on the first day?"""
        return self.crimes_per_year > 0 or max(self.at_start.experienced, self.at_start.inexperienced) > 0
