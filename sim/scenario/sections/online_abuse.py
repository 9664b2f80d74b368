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

    cases: Count = fixed("Cases", "Cases that wait at this stage on the first day.", unit="cases", default=0)
    reached_after_days: Days = fixed(
        "Reached after", "Days from the referral of these cases until they reached the stage.", default=0
    )
    waited_days: SpreadPastDays = fixed(
        "Waited so far", "Days for which each has waited at the stage.", default=NOTHING
    )


class AtStart(Part):
    """Cases open on the first day, by the stage at which they wait."""

    search: Waiting = fixed("Waiting for a search", "Cases ready to be searched.", default=Waiting())
    digital_forensics: Waiting = fixed(
        "Waiting for digital forensics", "Cases whose devices wait in the digital forensics unit.", default=Waiting()
    )
    grading: Waiting = fixed("Waiting for grading", "Cases whose devices have come back.", default=Waiting())
    triaged_share: Share = fixed(
        "Triaged", "Share of the cases waiting for digital forensics and for grading that were triaged.", default=0
    )

    @property
    def total(self) -> int:
        """Cases at all stages together."""
        return self.search.cases + self.digital_forensics.cases + self.grading.cases


class Checks(Part):
    """Checks of a referral at the triage desk, after which it has a grade."""

    officers: OfficerCount = key("Officers", "Officers at the triage desk.", unit="officers", default=0)
    hours: SpreadHours = key(
        "Hours of the checks", "Hours of one officer for the checks and the grading of the risk.", default=NOTHING
    )
    closed_share: Share = key(
        "Closed at the checks",
        "Share of referrals closed at this stage: no suspect, no offence, or another force's.",
        default=0,
    )


class Voluntary(Part):
    """Suspects who are asked to attend with their devices, instead of a search."""

    share: ByRisk[Share] = key(
        "Voluntary attendance", "Share of suspects asked to attend, by grade; the others are searched.", default=0
    )
    days: SpreadDays = key("Time to attendance", "Days from the checks until the suspect attends.", default=NOTHING)
    devices: SpreadDevices = key(
        "Devices brought", "Devices that the suspect hands over; at least one.", unit="devices", default=ONCE
    )
    missed_share: Share = key(
        "Evidence missed", "Chance that the evidence is not on the devices handed over.", default=0
    )


class Search(Part):
    """Searches under a warrant, by crews."""

    officers: OfficerCount = key(
        "Officers", "Search officers; those on duty form as many crews as possible.", unit="officers", default=0
    )
    crew_size: CrewSize = key("Crew", "Officers of a crew.", unit="officers", default=2)
    warrant_days: ByRisk[SpreadDays] = key(
        "Time to a warrant", "Days from the checks until a warrant is granted, by grade.", default=NOTHING
    )
    hours: SpreadHours = key(
        "Hours of a search", "Hours of a whole crew: travel, search, arrest and interview.", default=NOTHING
    )
    devices: SpreadDevices = key(
        "Devices found", "Devices found at a search; without triage all are seized.", unit="devices", default=ONCE
    )
    missed_share: Share = key(
        "Evidence missed", "Chance that the evidence is not on the devices seized, without triage.", default=0
    )


class Triage(Part):
    """Triage of devices at the scene, so that only a few are seized; it needs a kit and a trained officer."""

    kits: OfficerCount = key("Kits", "Kits for digital triage.", unit="kits", default=0)
    trained_officers: OfficerCount = key(
        "Trained officers",
        "Officers trained in triage, one per search, in addition to the crew.",
        unit="officers",
        default=0,
    )
    hours: SpreadHours = key("Hours of triage", "Hours that triage adds to a search.", default=NOTHING)
    seized_share: Share = key(
        "Seized after triage", "Share of the devices found that are seized after triage.", default=1
    )
    missed_share: Share = key("Evidence missed", "Chance that the evidence is missed.", default=0)


class DigitalForensics(Part):
    """The digital forensics unit: devices are examined case by case, the gravest grade first, at an even pace."""

    devices_per_week: Annotated[Number, Field(ge=0.01, le=1_000_000)] = key(
        "Capacity", "Devices that the digital forensics unit can examine in a week.", unit="devices", default=1
    )
    examiners: Annotated[int, Field(ge=1, le=10_000)] = key(
        "Examiners",
        "Cases examined at the same time, each at an equal part of the capacity.",
        unit="cases",
        default=1,
    )
    effort: SpreadFactor = key(
        "Effort", "Time for the devices of a case as a multiple of the usual.", unit="times", default=ONCE
    )


class Grading(Part):
    """Grading of the material found on the devices, and the file for the decision."""

    officers: OfficerCount = key("Officers", "Officers who grade and prepare the decision.", unit="officers", default=0)
    hours: SpreadHours = key(
        "Hours of a case", "Hours of one officer for a case, in addition to its devices.", default=NOTHING
    )
    hours_per_device: Annotated[Number, Field(ge=0, le=100)] = key(
        "Hours of a device", "Hours of one officer for each device.", unit="hours", default=0
    )


class Decision(Part):
    """Charge or no further action."""

    charged_share: Share = key(
        "Charged", "Chance of a charge with an immediate decision and no evidence missed.", default=1
    )
    lost_per_year: Rate = key(
        "Loss with delay",
        "Rate at which the chance of a charge falls between the referral and the decision.",
        default=0,
    )
    missed_factor: Share = key(
        "Charge factor with evidence missed", "Factor on the chance of a charge if the evidence was missed.", default=1
    )


class Suspects(Part):
    """Suspects: access to children, and the register."""

    access_share: ByRisk[Share] = key(
        "Access to children", "Share of suspects with access to children, by grade.", default=0
    )
    safeguarded_on_bail_share: Share = key(
        "Safeguarded on bail", "Share of them kept from children from the search until the decision.", default=0
    )
    on_register_share: Share = key(
        "On the register",
        "Share of suspects who are already on the register: a breach found for the offender managers.",
        default=0,
    )


class Convictions(Part):
    """Convictions, after which the offender is registered with the team of the area."""

    share: Share = key("Convicted", "Share of those charged who are convicted.", default=0)
    court_days: SpreadDays = key("Time to court", "Days from charge to conviction.", default=NOTHING)
    custody_share: Share = key("Custody", "Share of those convicted who first go into custody.", default=0)
    custody_days: SpreadDays = key(
        "Time in custody", "Days in custody until release into the community.", default=NOTHING
    )


class OnlineAbuse(Part):
    """Investigations of online child abuse beside the caseload; off while there are no referrals and no cases."""

    referrals_per_year: PerYear = key(
        "Referrals", "Referrals to the force per year on the first day (Poisson).", default=0
    )
    growth_per_year: Growth = key("Growth", "Growth per year, as a share of the referrals a year before.", default=0)
    grades: ByRisk[Share] = fixed("Grades", "Share of referrals of each grade (KIRAT).", default=0.25)
    act_within_days: ByRisk[Days] = key(
        "Time to act",
        "Days from the referral within which a suspect should be searched or attend, by grade.",
        default={level.name: level.act_within_days for level in RISKS},
    )
    team: Literal["central", "joint"] = fixed(
        "Team",
        "central: dedicated graders for the whole force; joint: the graders are investigators of the crime teams, who "
        "take cases and crimes alike. Triage desk, crews and digital forensics serve the whole force in both.",
        default="central",
    )
    available_share: AvailableShare = key(
        "Available share",
        "Share of the officers of a stage who are available for cases at any time of a shift, after leave, sickness, "
        "court and other duties; rounded, but at least one if the stage has any.",
        default=1,
    )
    checks: Checks = key("Checks", "Checks of referrals.", default=Checks())
    voluntary: Voluntary = key("Voluntary attendance", "Suspects asked to attend.", default=Voluntary())
    search: Search = key("Search", "Searches of suspects.", default=Search())
    triage: Triage = key("Triage", "Digital triage at the scene.", default=Triage())
    digital_forensics: DigitalForensics = key(
        "Digital forensics unit", "Examination of devices.", default=DigitalForensics()
    )
    grading: Grading = key("Grading", "Grading of the material found.", default=Grading())
    decision: Decision = key("Decision", "Charge or no further action.", default=Decision())
    suspects: Suspects = key("Suspects", "Access to children, and the register.", default=Suspects())
    convictions: Convictions = key("Convictions", "Registration after a conviction.", default=Convictions())
    at_start: AtStart = fixed("First day", "Cases open on the first day.", default=AtStart())

    @model_validator(mode="after")
    def _grades_add_up(self) -> OnlineAbuse:
        must_add_up(dict(zip(RISK_LEVELS, self.grades.values(), strict=True)))
        return self

    @property
    def is_on(self) -> bool:
        """Are there referrals, or cases open on the first day?"""
        return self.referrals_per_year > 0 or self.at_start.total > 0
