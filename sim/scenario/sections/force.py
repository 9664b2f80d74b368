"""The force: its teams, calendar, surge team and costs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, model_validator

from sim.scenario.fields import fixed
from sim.scenario.names import tidy
from sim.scenario.values import Count, Date, Number, OfficerCount, Part, Share


def _seen(name: str) -> str:
    """A name as it is read, without marks that do not show."""
    if not tidy(name):
        raise ValueError("shows nothing; write a name that can be read")
    return tidy(name)


class Team(Part):
    """One team of offender managers and the area it covers."""

    name: Annotated[str, AfterValidator(_seen)] = fixed("Name", "Name of the team.", min_length=1, max_length=80)
    officers: OfficerCount | None = fixed(
        "Officers", "Posts for officers. Give this or officers_share.", unit="officers", default=None
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
    overdue_visits: Count | None = fixed(
        "Visits overdue at the start",
        "Offenders of this team whose visit is already overdue on the first day, exactly. Teams without it share the "
        "rest of caseload.overdue_visits_at_start, or use the shares of caseload.overdue_at_start.",
        unit="offenders",
        default=None,
    )
    overdue_reviews: Count | None = fixed(
        "Reviews overdue at the start",
        "Offenders of this team whose review is already overdue on the first day, exactly. Teams without it share the "
        "rest of caseload.overdue_reviews_at_start, or use the shares of caseload.reviews_overdue_at_start.",
        unit="offenders",
        default=None,
    )


class Calendar(Part):
    """Days and hours of work."""

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


class Surge(Part):
    """Officers who join for a period to reduce the backlog, in any caseload of the team."""

    officers: OfficerCount = fixed(
        "Officers",
        "Total trained officers of the surge team, shared among the teams in proportion to their offenders. They hold "
        "no caseload: they do the overdue work of the team's caseloads, most urgent first.",
        unit="officers",
        default=0,
    )
    from_: Date | None = fixed(
        "From", "First day; by default the first day of the scenario.", alias="from", default=None
    )
    to: Date | None = fixed("To", "Last day; by default the last day of the scenario.", default=None)

    model_config = ConfigDict(populate_by_name=True)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Surge:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError(f"to: {self.to} is before from: {self.from_}")
        return self


class Costs(Part):
    """Cost of officers, to price a plan."""

    officer_per_year: Number | None = fixed(
        "Cost of an officer",
        "Cost of one more officer per year: pay, pension, national insurance and other costs that the force counts.",
        unit="£ a year",
        default=None,
        ge=0,
        le=1_000_000,
    )
