"""Investigations beside the caseload: online child abuse, from a referral to a decision, and crime."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.domain import RISKS
from sim.scenario.values import (
    ByRisk,
    CasesEach,
    Count,
    Days,
    Distribution,
    Hours,
    HoursEach,
    IntervalDays,
    Number,
    OfficerCount,
    OrNever,
    Part,
    PerYear,
    Rate,
    Share,
    SpreadDays,
    SpreadFactor,
    SpreadHours,
    SpreadPastDays,
    Within,
    fixed,
    key,
    must_add_up,
)

Growth = Annotated[Number, Field(ge=-0.9, le=2)]  # threefold every year
SpreadDevices = Annotated[Distribution, Within(0, 10_000)]
AvailableShare = Annotated[Number, Field(ge=0.01, le=1)]
CrewSize = Annotated[int, Field(ge=1, le=20)]


class Waiting(Part):
    """Cases that are at a stage on the first day."""

    cases: Count = fixed("Cases", unit="cases", default=0)
    """Cases that wait at this stage on the first day."""
    reached_after_days: Days = fixed("Reached after", default=0)
    """Days from the referral of these cases until they reached the stage."""
    waited_days: SpreadPastDays = fixed("Waited so far", default=0)
    """Days for which each has waited at the stage."""


class AtStart(Part):
    """Cases open on the first day, by the stage at which they wait."""

    search: Waiting = fixed("Waiting for a search", default=Waiting())
    """Cases ready to be searched."""
    digital_forensics: Waiting = fixed("Waiting for digital forensics", default=Waiting())
    """Cases whose devices wait in the digital forensics unit."""
    grading: Waiting = fixed("Waiting for grading", default=Waiting())
    """Cases whose devices have come back."""
    triaged_share: Share = fixed("Triaged", default=0)
    """Share of the cases waiting for digital forensics and for grading that were triaged."""

    @property
    def total(self) -> int:
        """Cases at each stage, added up."""
        return self.search.cases + self.digital_forensics.cases + self.grading.cases


class Checks(Part):
    """Checks of a referral at the triage desk, after which it has a grade."""

    officers: OfficerCount = key("Officers", unit="officers", default=0)
    """Officers at the triage desk."""
    hours: SpreadHours = key("Hours of the checks", default=0)
    """Hours of one officer for the checks and the grading of the risk."""
    closed_share: Share = key("Closed at the checks", default=0)
    """Share of referrals closed at this stage: no suspect, no offence, or another force's."""


class Voluntary(Part):
    """Suspects who are asked to attend with their devices, instead of a search."""

    share: ByRisk[Share] = key("Voluntary attendance", default=0)
    """Share of suspects asked to attend, by grade; the others are searched."""
    days: SpreadDays = key("Time to attendance", default=0)
    """Days from the checks until the suspect attends."""
    devices: SpreadDevices = key("Devices brought", unit="devices", default=1)
    """Devices that the suspect hands over; at least one."""
    missed_share: Share = key("Evidence missed", default=0)
    """Chance that the evidence is not on the devices handed over."""


class Search(Part):
    """Searches under a warrant, by crews."""

    officers: OfficerCount = key("Officers", unit="officers", default=0)
    """Search officers; those on duty form as many crews as possible."""
    crew_size: CrewSize = key("Crew", unit="officers", default=2)
    """Officers of a crew."""
    warrant_days: ByRisk[SpreadDays] = key("Time to a warrant", default=0)
    """Days from the checks until a warrant is granted, by grade."""
    hours: SpreadHours = key("Hours of a search", default=0)
    """Hours of a whole crew: travel, search, arrest and interview."""
    devices: SpreadDevices = key("Devices found", unit="devices", default=1)
    """Devices found at a search; without triage all are seized."""
    missed_share: Share = key("Evidence missed", default=0)
    """Chance that the evidence is not on the devices seized, without triage."""


class Triage(Part):
    """Triage of devices at the scene, so that only a few are seized; it needs a kit and a trained officer."""

    kits: OfficerCount = key("Kits", unit="kits", default=0)
    """Kits for digital triage."""
    trained_officers: OfficerCount = key("Trained officers", unit="officers", default=0)
    """Officers trained in triage, one per search, in addition to the crew."""
    hours: SpreadHours = key("Hours of triage", default=0)
    """Hours that triage adds to a search."""
    seized_share: Share = key("Seized after triage", default=1)
    """Share of the devices found that are seized after triage."""
    missed_share: Share = key("Evidence missed", default=0)
    """Chance that the evidence is missed."""


class DigitalForensics(Part):
    """The digital forensics unit: devices are examined case by case, the gravest grade first, at an even pace."""

    devices_per_week: Annotated[Number, Field(ge=0.01, le=1_000_000)] = key("Capacity", unit="devices", default=1)
    """Devices that the digital forensics unit can examine in a week."""
    examiners: Annotated[int, Field(ge=1, le=10_000)] = key("Examiners", unit="cases", default=1)
    """Cases examined at the same time, each at an equal part of the capacity."""
    effort: SpreadFactor = key("Effort", unit="times", default=1)
    """Time for the devices of a case as a multiple of the usual."""


class Grading(Part):
    """Grading of the material found on the devices, and the file for the decision."""

    officers: OfficerCount = key("Officers", unit="officers", default=0)
    """Officers who grade and prepare the decision."""
    hours: SpreadHours = key("Hours of a case", default=0)
    """Hours of one officer for a case, in addition to its devices."""
    hours_per_device: Annotated[Number, Field(ge=0, le=100)] = key("Hours of a device", unit="hours", default=0)
    """Hours of one officer for each device."""


class Decision(Part):
    """Charge or no further action."""

    charged_share: Share = key("Charged", default=1)
    """Chance of a charge with an immediate decision and no evidence missed."""
    lost_per_year: Rate = key("Loss with delay", default=0)
    """Rate at which the chance of a charge falls between the referral and the decision."""
    missed_factor: Share = key("Charge factor with evidence missed", default=1)
    """Factor on the chance of a charge if the evidence was missed."""


class Suspects(Part):
    """Suspects: access to children, and the register."""

    access_share: ByRisk[Share] = key("Access to children", default=0)
    """Share of suspects with access to children, by grade."""
    safeguarded_on_bail_share: Share = key("Safeguarded on bail", default=0)
    """Share of them kept from children from the search until the decision."""
    on_register_share: Share = key("On the register", default=0)
    """Share of suspects who are already on the register: a breach found for the offender managers."""


class Convictions(Part):
    """Convictions, after which the offender is registered with the team of the area."""

    share: Share = key("Convicted", default=0)
    """Share of those charged who are convicted."""
    court_days: SpreadDays = key("Time to court", default=0)
    """Days from charge to conviction."""
    custody_share: Share = key("Custody", default=0)
    """Share of those convicted who first go into custody."""
    custody_days: SpreadDays = key("Time in custody", default=0)
    """Days in custody until release into the community."""


class OnlineAbuse(Part):
    """Investigations of online child abuse beside the caseload; off while there are no referrals and no cases."""

    referrals_per_year: PerYear = key("Referrals", default=0)
    """Referrals to the force per year on the first day (Poisson)."""
    growth_per_year: Growth = key("Growth", default=0)
    """Growth per year, as a share of the referrals a year before."""
    grades: ByRisk[Share] = fixed("Grades", default=1 / len(RISKS))
    """Share of referrals of each grade (KIRAT)."""
    act_within_days: ByRisk[Days] = key("Time to act", default={level.name: level.act_within_days for level in RISKS})
    """Days from the referral within which a suspect should be searched or attend, by grade."""
    team: Literal["central", "joint"] = fixed("Team", default="central")
    """central: dedicated graders for the whole force; joint: the graders are investigators of the crime teams, who take
    cases and crimes alike. Triage desk, crews and digital forensics serve the whole force in both.
    """
    available_share: AvailableShare = key("Available share", default=1)
    """Share of the officers of a stage who are available for cases at any time of a shift, after leave, sickness, court
    and other duties; rounded, but at least one if the stage has any.
    """
    checks: Checks = key("Checks", default=Checks())
    """Checks of referrals."""
    voluntary: Voluntary = key("Voluntary attendance", default=Voluntary())
    """Suspects asked to attend."""
    search: Search = key("Search", default=Search())
    """Searches of suspects."""
    triage: Triage = key("Triage", default=Triage())
    """Digital triage at the scene."""
    digital_forensics: DigitalForensics = key("Digital forensics unit", default=DigitalForensics())
    """Examination of devices."""
    grading: Grading = key("Grading", default=Grading())
    """Grading of the material found."""
    decision: Decision = key("Decision", default=Decision())
    suspects: Suspects = key("Suspects", default=Suspects())
    """Access to children, and the register."""
    convictions: Convictions = key("Convictions", default=Convictions())
    """Registration after a conviction."""
    at_start: AtStart = fixed("First day", default=AtStart())
    """Cases open on the first day."""

    @model_validator(mode="after")
    def _grades_add_up(self) -> OnlineAbuse:
        must_add_up(self.grades.values())
        return self

    @property
    def is_on(self) -> bool:
        """Are there referrals, or cases open on the first day?"""
        return self.referrals_per_year > 0 or self.at_start.total > 0


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
    age_days: SpreadPastDays = fixed("Age", default=0)
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
    hours: SpreadHours = key("Hours of a crime", default=0)
    """Hours of an experienced investigator for one crime."""
    first_share: Share = key("First part", default=0.5)
    """Share of the hours that comes before the enquiries of others."""
    enquiry_days: SpreadDays = key("Enquiries", default=0)
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

    @property
    def is_on(self) -> bool:
        """Are there crimes, or crimes open on the first day?"""
        return self.crimes_per_year > 0 or max(self.at_start.experienced, self.at_start.inexperienced) > 0
