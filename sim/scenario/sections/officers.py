"""Officers: their hours, absences, training and turnover."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from sim.scenario.fields import fixed, key
from sim.scenario.values import (
    NOTHING,
    Date,
    Days,
    Distribution,
    IntervalDays,
    Number,
    OfficerCount,
    Part,
    Rate,
    Share,
    SpreadDays,
    SpreadPastYears,
)


class Sickness(Part):
    """Unplanned absence."""

    spells_per_year: Rate = key("Spells of sickness", "Spells that begin per officer and year at work.", default=0)
    days: SpreadDays = key("Length of a spell", "Calendar days away in one spell.", default=NOTHING)


class Untrained(Part):
    """Differences when the lead officer is untrained."""

    hours_factor: Number = key(
        "Hours at the desk",
        "Hours for write-ups, reviews, notifications, initial assessments and enquiries, as a multiple of the hours of a "
        "trained officer.",
        default=1,
        ge=1,
        le=10,
        kernel="untrained_hours_factor",
    )
    detection_factor: Share = key(
        "Detection at a visit",
        "Chance of finding a latent breach at a visit, as a multiple of a trained officer's.",
        default=1,
        kernel="untrained_detection_factor",
    )
    lost_record_share: Share = key(
        "Untrained officers: chance of losing a record",
        "Chance that a successful visit leaves a record without a next due date: nobody visits that offender until the "
        "record is found.",
        default=0,
        kernel="lost_record_share",
    )


class PartTime(Part):
    """Officers on fewer hours."""

    share: Share = key("Part-timers", "Share of officers who work part time.", default=0)
    hours_share: Number = key(
        "Hours of a part-timer", "Share of the contracted hours that a part-timer works.", default=1, ge=0.01, le=1
    )


class AbstractionSurge(Part):
    """Weeks in which more officers than usual are abstracted to other duties, such as protests."""

    from_: Date = key("From", "First day.", alias="from")
    to: Date = key("To", "Last day.")
    share: Share = key("Share", "Share of officers abstracted on each of these days, in place of the usual share.")

    model_config = ConfigDict(populate_by_name=True)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> AbstractionSurge:
        if self.to < self.from_:
            raise ValueError(f"to: {self.to} is before from: {self.from_}")
        return self


class Abstraction(Part):
    """Officers abstracted to other duties, a day at a time and in turn."""

    share: Share = key(
        "Share abstracted", "Share of officers abstracted to other duties on an ordinary day.", default=0
    )
    surges: tuple[AbstractionSurge, ...] = key(
        "Surges", "Weeks in which a different share is abstracted.", default=(), max_length=1000
    )


class LeavingPerYear(Part):
    """Rate at which officers leave the post, by how long they have been in it."""

    under_2_years: Rate = key("In the first two years", "Rate of leaving.", unit="per year", default=0)
    from_2_to_5_years: Rate = key("Until the fifth year", "Rate of leaving.", unit="per year", default=0)
    over_5_years: Rate = key("After five years", "Rate of leaving.", unit="per year", default=0)


class Courses(Part):
    """Courses that train officers: on dates, and with a limited number of seats."""

    interval_days: IntervalDays = key(
        "Interval of courses",
        "Days between the beginnings of two courses, the first after one interval; or never.",
        default="never",
    )
    seats: OfficerCount = key(
        "Seats",
        "Seats of the force on each course; the officers who have waited longest go first.",
        unit="officers",
        default=0,
    )
    days: Days = key("Length of a course", "Calendar days away on a course.", default=5)


class Turnover(Part):
    """Officers leave, the post is vacant, and a successor comes."""

    leaving_per_year: LeavingPerYear = key(
        "Leaving", "Rate at which an officer leaves the post, by service in it.", default=LeavingPerYear()
    )
    service_years_at_start: SpreadPastYears = fixed(
        "Service on the first day",
        "Years that today's officers have been in their posts.",
        unit="years",
        default=Distribution(distribution="exponential", mean=5),
    )
    vacant_at_start: Share = fixed(
        "Vacancies on the first day",
        "Share of the posts that are vacant on the first day, their recruitment under way.",
        default=0,
    )
    recruitment_days: SpreadDays = key(
        "Recruitment", "Days that a post stays vacant until a successor begins; or never.", default=NOTHING
    )
    successors_trained_share: Share = key(
        "Trained successors",
        "Share of successors who are trained when they begin; the others wait for a course.",
        default=1,
    )


class Officers(Part):
    """Officers and the hours they have for the caseload."""

    total: OfficerCount | None = key(
        "Total officer posts",
        "Posts for officers in the whole force, shared among the teams in proportion to their officers. "
        "Without it each team has its own number.",
        unit="officers",
        default=None,
    )
    hours_per_week: Number = key(
        "Contracted hours",
        "Contracted hours of an officer per week, spread evenly over the days worked: five, or seven where every "
        "day is worked. 168 around the clock is an officer who never stops.",
        unit="hours",
        default=40,
        ge=0.1,
        le=168,
    )
    available_share: Share = key(
        "Share of a shift available for the caseload",
        "Share that remains after briefings, e-mail, statements, calls and other duties.",
        default=1,
    )
    leave_days: Annotated[Number, Field(ge=0, le=200)] = key(
        "Annual leave", "Working days of leave per officer and year, beside bank holidays.", default=0
    )
    court_and_training_days: Annotated[Number, Field(ge=0, le=200)] = key(
        "Court and training", "Working days per officer and year at court or on a course.", default=0
    )
    trained_share: Share = key(
        "Trained officers", "Share of officers trained in managing offenders and in the register.", default=1
    )
    untrained: Untrained = key(
        "Untrained officers", "Differences when the lead officer is untrained.", default=Untrained()
    )
    sickness: Sickness = key("Sickness", "Unplanned absence.", default=Sickness())
    part_time: PartTime = key("Part-timers", "Officers on fewer hours.", default=PartTime())
    abstraction: Abstraction = key("Abstraction", "Officers needed for other duties.", default=Abstraction())
    overtime_hours_per_week: Number = key(
        "Overtime",
        "Most hours of overtime of an officer per week, spread over the days worked like the contracted hours; worked "
        "only while something is waiting.",
        unit="hours",
        default=0,
        ge=0,
        le=48,
    )
    courses: Courses = key("Courses", "Training of untrained officers.", default=Courses())
