"""The force: its teams, when they work, and the people who do the work."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.fields import fixed, key
from sim.scenario.values import Count, Distribution, Part, Rate, Share


class Team(Part):
    """One team of offender managers and the area it covers."""

    name: str = fixed("Name", "What the team is called.", min_length=1, max_length=80)
    officers: Count | None = fixed(
        "Officers", "Officers in post. Give this or officers_share.", unit="officers", default=None
    )
    offenders: Count | None = fixed(
        "Offenders",
        "Offenders managed in the community on the first day. Give this or offenders_share.",
        unit="offenders",
        default=None,
    )
    officers_share: Share | None = fixed(
        "Share of officers", "Share of officers.total; the teams' shares add up to 1.", default=None
    )
    offenders_share: Share | None = fixed(
        "Share of offenders", "Share of caseload.total; the teams' shares add up to 1.", default=None
    )


class Calendar(Part):
    """When work is done."""

    work: Literal["working_days", "every_day", "around_the_clock"] = fixed(
        "Days worked",
        "working_days: Monday to Friday; every_day: seven days a week, with dates; around_the_clock: "
        "24 hours a day, due at an instant rather than on a date (for comparison with theory).",
        default="working_days",
    )
    bank_holidays: bool = fixed("Bank holidays", "Are bank holidays of England and Wales free of work?", default=True)
    shift_start_hour: float = fixed(
        "Start of the shift",
        "Hour of the day at which officers begin their caseload work; time stamps count from it.",
        unit="hours",
        default=9,
        ge=0,
        lt=24,
    )


class Sickness(Part):
    """Unplanned absence."""

    spells_per_year: Rate = key(
        "Spells of sickness", "Spells that begin per officer and year at work.", unit="per year", default=0
    )
    days: Distribution = key(
        "Length of a spell",
        "Calendar days away in one spell.",
        unit="days",
        default=Distribution(distribution="constant", mean=0),
    )


class Untrained(Part):
    """What is different when the lead officer is untrained."""

    hours_factor: float = key(
        "Slower at the desk",
        "Hours of write-ups, reviews, notifications, intakes and enquiries, as a multiple of a trained officer's.",
        default=1,
        ge=1,
        le=10,
    )
    detection_factor: Share = key(
        "Finds less", "Chance to find what is latent at a visit, as a multiple of a trained officer's.", default=1
    )
    lost_record_share: Share = key(
        "Lost records",
        "Chance that a successful visit leaves a record without a next due date: nobody visits that offender until the "
        "record is found.",
        default=0,
    )


class Officers(Part):
    """The people who do the work, and the hours they have for it."""

    total: Count | None = key(
        "Officers in all",
        "Officers in post in the whole force, shared among the teams in proportion to their officers. "
        "Without it each team has its own number.",
        unit="officers",
        default=None,
    )
    hours_per_week: float = key(
        "Contracted hours",
        "Contracted hours of an officer per week, spread evenly over the days worked: five, or seven where every "
        "day is worked. 168 around the clock is an officer who never stops.",
        unit="hours",
        default=40,
        gt=0,
        le=168,
    )
    free_share: Share = key(
        "Share of a shift free for the caseload",
        "What is left of a shift after briefings, e-mail, statements, calls and other duties.",
        default=1,
    )
    leave_days: Annotated[float, Field(ge=0, le=200)] = key(
        "Annual leave", "Working days of leave per officer and year, beside bank holidays.", unit="days", default=0
    )
    court_and_training_days: Annotated[float, Field(ge=0, le=200)] = key(
        "Court and training",
        "Working days per officer and year at court or on a course.",
        unit="days",
        default=0,
    )
    trained_share: Share = key(
        "Trained officers",
        "Share of officers trained in managing offenders and in the register.",
        default=1,
    )
    untrained: Untrained = key("Untrained officers", "What is different about untrained officers.", default=Untrained())
    sickness: Sickness = key("Sickness", "Unplanned absence.", default=Sickness())
