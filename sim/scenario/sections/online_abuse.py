"""Online child abuse: from a referral to a charge or no further action, with triage and digital forensics."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.domain import RISK_LEVELS, RISKS
from sim.scenario.fields import fixed, key, must_add_up
from sim.scenario.values import (
    NOTHING,
    ByRisk,
    Count,
    Days,
    Distribution,
    Number,
    OfficerCount,
    Part,
    PerYear,
    Rate,
    Share,
    SpreadDays,
    SpreadDevices,
    SpreadFactor,
    SpreadHours,
    SpreadPastDays,
)

ONCE = Distribution(distribution="constant", mean=1)

Growth = Annotated[Number, Field(ge=-0.9, le=2)]  # threefold every year
AvailableShare = Annotated[Number, Field(ge=0.01, le=1)]
CrewSize = Annotated[int, Field(ge=1, le=20)]


class Waiting(Part):
    """Cases that are at a stage on the first day."""

    cases: Count = fixed("Cases", unit="cases", default=0)
    """Cases that wait at this stage on the first day."""
    reached_after_days: Days = fixed("Reached after", default=0)
    """Days from the referral of these cases until they reached the stage."""
    waited_days: SpreadPastDays = fixed("Waited so far", default=NOTHING)
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
        """Cases at any stage."""
        return self.search.cases + self.digital_forensics.cases + self.grading.cases


class Checks(Part):
    """Checks of a referral at the triage desk, after which it has a grade."""

    officers: OfficerCount = key("Officers", unit="officers", default=0)
    """Officers at the triage desk."""
    hours: SpreadHours = key("Hours of the checks", default=NOTHING)
    """Hours of one officer for the checks and the grading of the risk."""
    closed_share: Share = key("Closed at the checks", default=0)
    """Share of referrals closed at this stage: no suspect, no offence, or another force's."""


class Voluntary(Part):
    """Suspects who are asked to attend with their devices, instead of a search."""

    share: ByRisk[Share] = key("Voluntary attendance", default=0)
    """Share of suspects asked to attend, by grade; the others are searched."""
    days: SpreadDays = key("Time to attendance", default=NOTHING)
    """Days from the checks until the suspect attends."""
    devices: SpreadDevices = key("Devices brought", unit="devices", default=ONCE)
    """Devices that the suspect hands over; at least one."""
    missed_share: Share = key("Evidence missed", default=0)
    """Chance that the evidence is not on the devices handed over."""


class Search(Part):
    """Searches under a warrant, by crews."""

    officers: OfficerCount = key("Officers", unit="officers", default=0)
    """Search officers; those on duty form as many crews as possible."""
    crew_size: CrewSize = key("Crew", unit="officers", default=2)
    """Officers of a crew."""
    warrant_days: ByRisk[SpreadDays] = key("Time to a warrant", default=NOTHING)
    """Days from the checks until a warrant is granted, by grade."""
    hours: SpreadHours = key("Hours of a search", default=NOTHING)
    """Hours of a whole crew: travel, search, arrest and interview."""
    devices: SpreadDevices = key("Devices found", unit="devices", default=ONCE)
    """Devices found at a search; without triage all are seized."""
    missed_share: Share = key("Evidence missed", default=0)
    """Chance that the evidence is not on the devices seized, without triage."""


class Triage(Part):
    """Triage of devices at the scene, so that only a few are seized; it needs a kit and a trained officer."""

    kits: OfficerCount = key("Kits", unit="kits", default=0)
    """Kits for digital triage."""
    trained_officers: OfficerCount = key("Trained officers", unit="officers", default=0)
    """Officers trained in triage, one per search, in addition to the crew."""
    hours: SpreadHours = key("Hours of triage", default=NOTHING)
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
    effort: SpreadFactor = key("Effort", unit="times", default=ONCE)
    """Time for the devices of a case as a multiple of the usual."""


class Grading(Part):
    """Grading of the material found on the devices, and the file for the decision."""

    officers: OfficerCount = key("Officers", unit="officers", default=0)
    """Officers who grade and prepare the decision."""
    hours: SpreadHours = key("Hours of a case", default=NOTHING)
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
    court_days: SpreadDays = key("Time to court", default=NOTHING)
    """Days from charge to conviction."""
    custody_share: Share = key("Custody", default=0)
    """Share of those convicted who first go into custody."""
    custody_days: SpreadDays = key("Time in custody", default=NOTHING)
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
    """Charge or no further action."""
    suspects: Suspects = key("Suspects", default=Suspects())
    """Access to children, and the register."""
    convictions: Convictions = key("Convictions", default=Convictions())
    """Registration after a conviction."""
    at_start: AtStart = fixed("First day", default=AtStart())
    """Cases open on the first day."""

    @model_validator(mode="after")
    def _grades_add_up(self) -> OnlineAbuse:
        must_add_up(dict(zip(RISK_LEVELS, self.grades.values(), strict=True)))
        return self

    @property
    def is_on(self) -> bool:
        """Are there referrals, or cases open on the first day?"""
        return self.referrals_per_year > 0 or self.at_start.total > 0
