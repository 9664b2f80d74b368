"""The force: its teams, calendar, surge team and costs; its officers, their hours, absences, training and turnover."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.scenario.source.faults import tidy
from sim.scenario.values import (
    Count,
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
    fixed,
    key,
)


def _seen(name: str) -> str:
    """A name as it is read, without invisible characters."""
    if not tidy(name):
        raise ValueError("shows nothing; write a name that can be read")
    return tidy(name)


def _must_end_after_it_begins(period: Any) -> Any:
    if period.from_ and period.to and period.to < period.from_:
        raise ValueError(f"to: {period.to} is before from: {period.from_}")
    return period


class Team(Part):
    """One team of offender managers and the area it covers."""

    name: Annotated[str, AfterValidator(_seen)] = fixed("Name", min_length=1, max_length=80)
    """Name of the team."""
    officers: OfficerCount | None = fixed("Officers", unit="officers", default=None)
    """Posts for officers. Give this or officers_share."""
    offenders: Count | None = fixed("Offenders", unit="offenders", default=None)
    """Offenders managed in the community on the first day. Give this or offenders_share."""
    officers_share: Share | None = fixed("Share of officers", default=None)
    """Share of officers.total; the teams' shares add up to 1."""
    offenders_share: Share | None = fixed("Share of offenders", default=None)
    """Share of caseload.total; the teams' shares add up to 1."""
    overdue_visits: Count | None = fixed("Visits overdue at the start", unit="offenders", default=None)
    """Offenders of this team whose visit is already overdue on the first day, exactly. Teams without it share the rest
    of caseload.overdue_visits_at_start, or use the shares of caseload.overdue_at_start.
    """
    overdue_reviews: Count | None = fixed("Reviews overdue at the start", unit="offenders", default=None)
    """Offenders of this team whose review is already overdue on the first day, exactly. Teams without it share the rest
    of caseload.overdue_reviews_at_start, or use the shares of caseload.reviews_overdue_at_start.
    """


class Calendar(Part):
    """Days and hours of work."""

    work: Literal["working_days", "every_day", "around_the_clock"] = fixed("Days worked", default="working_days")
    """working_days: Monday to Friday; every_day: seven days a week, with dates; around_the_clock: 24 hours a day, due
    at an instant rather than on a date (for comparison with theory).
    """
    bank_holidays: bool = fixed("Bank holidays", default=True)
    """Are bank holidays of England and Wales free of work?"""
    shift_start_hour: float = fixed("Start of the shift", unit="hours", default=9, ge=0, lt=24)
    """Hour of the day at which officers begin their caseload work; time stamps count from it."""


class Surge(Part):
    """Officers who join for a period to reduce the backlog, in any caseload of the team."""

    officers: OfficerCount = fixed("Officers", unit="officers", default=0)
    """Total trained officers of the surge team, shared among the teams in proportion to their offenders. They hold no
    caseload: they do the overdue work of the team's caseloads, most urgent first.
    """
    from_: Date | None = fixed("From", alias="from", default=None)
    """First day; by default the first day of the scenario."""
    to: Date | None = fixed("To", default=None)
    """Last day; by default the last day of the scenario."""

    _in_order = model_validator(mode="after")(_must_end_after_it_begins)


class Costs(Part):
    """Cost of officers, to price a plan."""

    officer_per_year: Number | None = fixed("Cost of an officer", unit="£ a year", default=None, ge=0, le=1_000_000)
    """Cost of one more officer per year: pay, pension, national insurance and other costs that the force counts."""


class Sickness(Part):
    """Unplanned absence."""

    spells_per_year: Rate = key("Spells of sickness", default=0)
    """Spells that begin per officer and year at work."""
    days: SpreadDays = key("Length of a spell", default=0)
    """Calendar days away in one spell."""


class Untrained(Part):
    """Differences when the lead officer is untrained."""

    hours_factor: Number = key("Hours factor", default=1, ge=1, le=10, kernel="untrained_hours_factor")
    """Hours for write-ups, reviews, notifications, initial assessments and enquiries, as a multiple of the hours of a
    trained officer.
    """
    detection_factor: Share = key("Detection at a visit", default=1)
    """Chance of finding a latent breach at a visit, as a multiple of a trained officer's."""
    lost_record_share: Share = key("Chance of losing a record", default=0, kernel="lost_record_share")
    """Chance that a successful visit leaves a record without a next due date: nobody visits that offender until the
    record is found.
    """


class PartTime(Part):
    """Officers on fewer hours."""

    share: Share = key("Share of officers", default=0)
    """Share of officers who work part time."""
    hours_share: Number = key("Hours of a part-timer", default=1, ge=0.01, le=1)
    """Share of the contracted hours that a part-timer works."""


class AbstractionSurge(Part):
    """Weeks in which more officers than usual are abstracted to other duties, such as protests."""

    from_: Date = key("From", alias="from")
    """First day."""
    to: Date = key("To")
    """Last day."""
    share: Share = key("Share")
    """Share of officers abstracted on each of these days, in place of the usual share."""

    _in_order = model_validator(mode="after")(_must_end_after_it_begins)


class Abstraction(Part):
    """Officers abstracted to other duties, a day at a time and in turn."""

    share: Share = key("Share abstracted", default=0)
    """Share of officers abstracted to other duties on an ordinary day."""
    surges: tuple[AbstractionSurge, ...] = key("Surges", default=(), max_length=1000)
    """Weeks in which a different share is abstracted."""


class LeavingPerYear(Part):
    """Rate at which officers leave the post, by how long they have been in it."""

    under_2_years: Rate = key("In the first two years", unit="per year", default=0)
    """Rate of leaving."""
    from_2_to_5_years: Rate = key("Until the fifth year", unit="per year", default=0)
    """Rate of leaving."""
    over_5_years: Rate = key("After five years", unit="per year", default=0)
    """Rate of leaving."""


class Courses(Part):
    """Courses that train officers: on dates, and with a limited number of seats."""

    interval_days: IntervalDays = key("Interval of courses", default="never")
    """Days between the beginnings of two courses, the first after one interval; or never."""
    seats: OfficerCount = key("Seats", unit="officers", default=0)
    """Seats of the force on each course; the officers who have waited longest go first."""
    days: Days = key("Length of a course", default=5)
    """Calendar days away on a course."""


class Turnover(Part):
    """Officers leave, the post is vacant, and a successor comes."""

    leaving_per_year: LeavingPerYear = key("Leaving", default=LeavingPerYear())
    """Rate at which an officer leaves the post, by service in it."""
    service_years_at_start: SpreadPastYears = fixed(
        "Service on the first day", unit="years", default=Distribution(distribution="exponential", mean=5)
    )
    """Years that today's officers have been in their posts."""
    vacant_at_start: Share = fixed("Vacancies on the first day", default=0)
    """Share of the posts that are vacant on the first day, their recruitment under way."""
    recruitment_days: SpreadDays = key("Recruitment", default=0)
    """Days that a post stays vacant until a successor begins; or never."""
    successors_trained_share: Share = key("Trained successors", default=1)
    """Share of successors who are trained when they begin; the others wait for a course."""


class Officers(Part):
    """Officers and the hours they have for the caseload."""

    total: OfficerCount | None = key("Total officer posts", unit="officers", default=None)
    """Posts for officers in the whole force, shared among the teams in proportion to their officers. Without it each
    team has its own number.
    """
    hours_per_week: Number = key("Contracted hours", unit="hours", default=40, ge=0.1, le=168)
    """Contracted hours of an officer per week, spread evenly over the days worked: five, or seven where every day is
    worked. 168 around the clock is an officer who never stops.
    """
    available_share: Share = key("Share of a shift available for the caseload", default=1)
    """Share that remains after briefings, e-mail, statements, calls and other duties."""
    leave_days: Annotated[Number, Field(ge=0, le=200)] = key("Annual leave", default=0)
    """Working days of leave per officer and year, beside bank holidays."""
    court_and_training_days: Annotated[Number, Field(ge=0, le=200)] = key("Court and training", default=0)
    """Working days per officer and year at court or on a course."""
    trained_share: Share = key("Trained officers", default=1)
    """Share of officers trained in managing offenders and in the register."""
    untrained: Untrained = key("Untrained officers", default=Untrained())
    sickness: Sickness = key("Sickness", default=Sickness())
    part_time: PartTime = key("Part-timers", default=PartTime())
    abstraction: Abstraction = key("Abstraction", default=Abstraction())
    """Officers needed for other duties."""
    overtime_hours_per_week: Number = key("Overtime", unit="hours", default=0, ge=0, le=48)
    """Most hours of overtime of an officer per week, spread over the days worked like the contracted hours; worked only
    while something is waiting.
    """
    courses: Courses = key("Courses", default=Courses())
    """Training of untrained officers."""
