"""The force: its teams, calendar, surge team and costs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, model_validator

from sim.scenario.fields import fixed
from sim.scenario.names import tidy
from sim.scenario.values import Count, Date, Number, OfficerCount, Part, Share


def _seen(name: str) -> str:
    """A name as it is read, without invisible characters."""
    if not tidy(name):
        raise ValueError("shows nothing; write a name that can be read")
    return tidy(name)


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

    model_config = ConfigDict(populate_by_name=True)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Surge:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError(f"to: {self.to} is before from: {self.from_}")
        return self


class Costs(Part):
    """Cost of officers, to price a plan."""

    officer_per_year: Number | None = fixed("Cost of an officer", unit="£ a year", default=None, ge=0, le=1_000_000)
    """Cost of one more officer per year: pay, pension, national insurance and other costs that the force counts."""
