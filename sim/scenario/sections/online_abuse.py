"""Online child abuse: from a referral to charge or no further action, with triage and the laboratory on the way."""

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
    """Cases in hand on the first day, by the stage at which they wait."""

    search: Waiting = fixed("Waiting for a search", "Cases ready to be searched.", default=Waiting())
    digital_forensics: Waiting = fixed(
        "In the laboratory", "Cases whose devices wait in the laboratory.", default=Waiting()
    )
    grading: Waiting = fixed("Waiting for grading", "Cases whose devices have come back.", default=Waiting())
    triaged_share: Share = fixed(
        "Triaged", "Share of the cases in the laboratory and waiting for grading that were triaged.", default=0
    )

    @property
    def in_all(self) -> int:
        """Cases at all stages together."""
        return self.search.cases + self.digital_forensics.cases + self.grading.cases


class Checks(Part):
    """What the desk finds out about a referral, after which it has a grade."""

    officers: OfficerCount = key("Officers", "Officers at the desk that checks referrals.", unit="officers", default=0)
    hours: SpreadHours = key(
        "Hours of the checks", "Hours of one officer for the checks and the grading of the risk.", default=NOTHING
    )
    closed_share: Share = key(
        "Closed at the checks",
        "Share of referrals that end here: no suspect, no offence, or another force's.",
        default=0,
    )


class Voluntary(Part):
    """Suspects who are asked to attend with their devices, instead of a search."""

    share: ByRisk[Share] = key(
        "Attend voluntarily", "Share of suspects who are asked to attend, by grade; the others are searched.", default=0
    )
    days: SpreadDays = key("Time to attendance", "Days from the checks until the suspect attends.", default=NOTHING)
    devices: SpreadDevices = key(
        "Devices brought", "Devices that the suspect hands over; at least one.", unit="devices", default=ONCE
    )
    missed_share: Share = key(
        "Evidence missed", "Chance that what matters is not among the devices handed over.", default=0
    )


class Search(Part):
    """Searches under a warrant, by crews."""

    officers: OfficerCount = key(
        "Officers", "Officers who search; those on duty make up as many crews as they can.", unit="officers", default=0
    )
    crew_size: CrewSize = key("Crew", "Officers of a crew.", unit="officers", default=2)
    warrant_days: ByRisk[SpreadDays] = key(
        "Time to a warrant", "Days from the checks until a warrant is in hand, by grade.", default=NOTHING
    )
    hours: SpreadHours = key(
        "Hours of a search", "Hours of a whole crew: travel, search, arrest and interview.", default=NOTHING
    )
    devices: SpreadDevices = key(
        "Devices found", "Devices found at a search; without triage all are seized.", unit="devices", default=ONCE
    )
    missed_share: Share = key(
        "Evidence missed", "Chance that what matters is not among the devices seized, without triage.", default=0
    )


class Triage(Part):
    """Devices looked through at the scene, so that only a few are seized: it takes a kit and a trained officer."""

    kits: OfficerCount = key("Kits", "Kits for digital triage.", unit="kits", default=0)
    trained_officers: OfficerCount = key(
        "Trained officers",
        "Officers trained in it who go along, one to a search, beside the crew.",
        unit="officers",
        default=0,
    )
    hours: SpreadHours = key("Hours of triage", "Hours by which triage makes the search longer.", default=NOTHING)
    seized_share: Share = key(
        "Seized after triage", "Share of the devices found that are seized after triage.", default=1
    )
    missed_share: Share = key("Evidence missed", "Chance that what matters is missed all the same.", default=0)


class DigitalForensics(Part):
    """Examines devices case by case, the gravest grade first, around the clock at an even pace."""

    devices_per_week: Annotated[Number, Field(ge=0.01, le=1_000_000)] = key(
        "Capacity", "Devices that the laboratory can examine in a week.", unit="devices", default=1
    )
    examiners: Annotated[int, Field(ge=1, le=10_000)] = key(
        "Benches",
        "Cases that are examined at the same time, each at its part of the capacity.",
        unit="cases",
        default=1,
    )
    effort: SpreadFactor = key(
        "Effort", "Time for the devices of a case as a multiple of the usual.", unit="times", default=ONCE
    )


class Grading(Part):
    """Grading what was found on the devices, and the file for the decision."""

    officers: OfficerCount = key("Officers", "Officers who grade and prepare the decision.", unit="officers", default=0)
    hours: SpreadHours = key("Hours of a case", "Hours of one officer for a case, beside the devices.", default=NOTHING)
    hours_per_device: Annotated[Number, Field(ge=0, le=100)] = key(
        "Hours of a device", "Hours of one officer for each device.", unit="hours", default=0
    )


class Decision(Part):
    """Charge or no further action."""

    charged_share: Share = key(
        "Charged", "Chance of a charge if the decision came at once and nothing was missed.", default=1
    )
    lost_per_year: Rate = key(
        "Lost with delay",
        "Rate at which the chance of a charge is lost from the referral to the decision, and no further action grows.",
        default=0,
    )
    missed_factor: Share = key(
        "With evidence missed", "What the chance of a charge is multiplied by if what matters was missed.", default=1
    )


class Suspects(Part):
    """What suspects are to children and to the register."""

    access_share: ByRisk[Share] = key(
        "Access to children", "Share of suspects with access to children, by grade.", default=0
    )
    safeguarded_on_bail_share: Share = key(
        "Safeguarded on bail", "Share of them who are kept from children from the search until the decision.", default=0
    )
    on_register_share: Share = key(
        "On the register",
        "Share of suspects who are on the register already: for the offender managers a breach found.",
        default=0,
    )


class Convictions(Part):
    """Who is convicted joins the register, in the team of the area."""

    share: Share = key("Convicted", "Share of those charged who are convicted.", default=0)
    court_days: SpreadDays = key("Time to court", "Days from charge to conviction.", default=NOTHING)
    custody_share: Share = key("Custody", "Share of those convicted who go into custody first.", default=0)
    custody_days: SpreadDays = key(
        "Time in custody", "Days in custody until release into the community.", default=NOTHING
    )


class OnlineAbuse(Part):
    """Investigations of online child abuse beside the caseload; off while there are no referrals and no cases."""

    referrals_per_year: PerYear = key(
        "Referrals", "Referrals to the force per year on the first day (Poisson).", default=0
    )
    growth_per_year: Growth = key(
        "Growth", "By how much referrals grow in a year, as a share of those a year before.", default=0
    )
    grades: ByRisk[Share] = fixed("Grades", "Share of referrals of each grade (KIRAT).", default=0.25)
    act_within_days: ByRisk[Days] = key(
        "Time to act",
        "Days from the referral within which a suspect should be searched or attend, by grade.",
        default={level.name: level.act_within_days for level in RISKS},
    )
    team: Literal["central", "joint"] = fixed(
        "Team",
        "central: graders of their own for the whole force; joint: the graders are investigators of the crime teams, "
        "and everybody there takes cases and crimes alike. Desk, crews and laboratory are the force's in any case.",
        default="central",
    )
    available_share: AvailableShare = key(
        "Free share",
        "Share of the officers of a stage who are free for cases at any time of a shift, after leave, sickness, court "
        "and other duties; rounded, but one if there is anybody.",
        default=1,
    )
    checks: Checks = key("Checks", "Checking referrals.", default=Checks())
    voluntary: Voluntary = key("Voluntary attendance", "Suspects who attend.", default=Voluntary())
    search: Search = key("Search", "Searching suspects.", default=Search())
    triage: Triage = key("Triage", "Digital triage at the scene.", default=Triage())
    digital_forensics: DigitalForensics = key("Laboratory", "Examining devices.", default=DigitalForensics())
    grading: Grading = key("Grading", "Grading what was found.", default=Grading())
    decision: Decision = key("Decision", "Charge or no further action.", default=Decision())
    suspects: Suspects = key("Suspects", "Who the suspects are.", default=Suspects())
    convictions: Convictions = key("Convictions", "Who joins the register.", default=Convictions())
    at_start: AtStart = fixed("At the start", "Cases in hand on the first day.", default=AtStart())

    @model_validator(mode="after")
    def _grades_add_up(self) -> OnlineAbuse:
        must_add_up(dict(zip(RISK_LEVELS, self.grades.values(), strict=True)))
        return self

    @property
    def is_on(self) -> bool:
        """Are there referrals, or cases in hand on the first day?"""
        return self.referrals_per_year > 0 or self.at_start.in_all > 0
