"""Offenders: allocation, state on the first day, breaches, drift of true risk, registrations and departures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, create_model, model_validator

from sim.scenario.domain import KINDS
from sim.scenario.values import (
    NEVER,
    ByRisk,
    Count,
    Counts,
    Crew,
    Distribution,
    OrNever,
    Part,
    PerYear,
    Rate,
    Share,
    SpreadDays,
    SpreadFactor,
    SpreadHours,
    SpreadPastDays,
    SpreadPastYears,
    Weight,
    Within,
    fixed,
    key,
    must_add_up,
)


class FoundAtVisit(Part):
    """Chance that a visit finds a latent breach."""

    announced: Share = key("Announced", default=0)
    """Chance at an announced visit."""
    unannounced: Share = key("Unannounced", default=0)
    """Chance at an unannounced visit."""


class EnquiryOutcome(Part):
    """How a breach enquiry ends."""

    warning: Share = key("Warning", default=1, kernel="charge_from")
    """Share that end in a warning."""
    charge: Share = key("Charge", default=0)
    """Share that end in a charge, the offender staying in the community."""
    custody: Share = key("Custody", default=0)
    """Share that end in custody."""

    @model_validator(mode="after")
    def _adds_up(self) -> EnquiryOutcome:
        must_add_up((self.warning, self.charge, self.custody))
        return self


class Breaches(Part):
    """Breaking a notification requirement or an order: latent until it is found."""

    per_year: ByRisk[Rate] = key("New breaches", default=0)
    """Breaches that begin per offender and year, by true risk."""
    found_at_visit: FoundAtVisit = key("Found at a visit", default=FoundAtVisit())
    """Chance that a successful visit finds a latent breach."""
    found_at_notification: Share = key("Found at a notification", default=0, kernel="found_at_notification")
    """Chance that a notification finds a latent breach."""
    found_by_intelligence_per_year: Rate = key(
        "Found by intelligence", default=0, kernel="found_by_intelligence_per_year"
    )
    """Rate at which each latent breach comes to light through intelligence."""
    enquiry_hours: SpreadHours = key("Hours of an enquiry", default=0, kernel="enquiry_hours")
    """Hours of each officer for the enquiry after a breach is found; 0 for none."""
    enquiry_crew: Crew = key("Crew", unit="officers", default=2)
    """Officers needed for an enquiry, 1 or 2."""
    outcome: EnquiryOutcome = key("Outcome", default=EnquiryOutcome())
    """How enquiries end."""
    custody_days: SpreadDays = key("Time in custody", default=0, kernel="custody_days")
    """Days in custody before the offender returns to the community."""


class Drift(Part):
    """Change of the true risk level between reviews."""

    up_per_year: ByRisk[Rate] = key("Rises", default=0)
    """Rate at which true risk rises by one level, by true risk; it cannot rise above very high."""
    down_per_year: ByRisk[Rate] = key("Falls", default=0)
    """Rate at which true risk falls by one level, by true risk; it cannot fall below low."""


def indefinite_is_never(value: Any) -> Any:
    return "never" if value == "indefinite" else value


class NotificationPeriod(Part):
    """How long some offenders stay on the register."""

    years: Annotated[float, OrNever, BeforeValidator(indefinite_is_never), Within(0.01, 100, never=True)] = fixed(
        "Years", unit="years"
    )
    """Length of the notification period, or indefinite."""
    share: Share = fixed("Share")
    """Share of new offenders with this period."""
    share_at_start: Share | None = fixed("Share on the first day", default=None)
    """Share of today's caseload with this period; without it, the share of new offenders."""


class Register(Part):
    """Registrations and departures."""

    new_per_year: PerYear = key("New offenders", default=0)
    """Offenders registered in the community per year (Poisson): convicted, released, or moved here from another force.
    """
    periods: tuple[NotificationPeriod, ...] = fixed(
        "Notification periods", default=(NotificationPeriod(years=NEVER, share=1),), min_length=1, max_length=100
    )
    """Lengths of notification periods and the share of new offenders with each."""
    deaths_and_moves_per_year: Rate = key("Deaths and moves away", default=0)
    """Rate at which an offender leaves by death or by moving to another force."""
    recalls_per_year: Rate = key("Recalls", default=0)
    """Rate at which an offender is recalled to custody for breaking a licence, independent of police work."""
    recall_days: SpreadDays = key("Time in custody after a recall", default=28)
    """Days in custody after a recall before the offender returns to the community."""
    moves_between_teams_per_year: Rate = key("Moves between teams", default=0)
    """Rate at which an offender moves into the area of another team of the force and has a first visit there."""

    @model_validator(mode="after")
    def _adds_up(self) -> Register:
        must_add_up([period.share for period in self.periods])
        must_add_up(self.shares_at_start())
        return self

    def shares_at_start(self) -> list[float]:
        """Share of today's caseload with each notification period."""
        return [period.share if period.share_at_start is None else period.share_at_start for period in self.periods]


def _mixed(shares: ByRisk[float]) -> ByRisk[float]:
    must_add_up(shares.values())
    return shares


if TYPE_CHECKING:
    TaskWeights = Part
else:
    TaskWeights = create_model(
        "TaskWeights",
        __base__=Part,
        __doc__="Urgency of the work that is not a visit, on the scale of `risk_weights`.",
        __module__=__name__,
        **{
            kind.name: (
                ByRisk[Weight] if kind.weight_by_risk else Weight,
                key(kind.title, f"Weight of {kind.words} per day{kind.weight_note}.", default=kind.weight),
            )
            for kind in KINDS[1:]
        },
    )


class Cover(Part):
    """Cover of a caseload while its officer is away for long, or has left; where each officer has a caseload."""

    rule: Literal["none", "high_risk", "reallocate", "unallocated"] = key("Cover", default="none")
    """none: the caseload waits, and has no officer while the post is vacant; high_risk: colleagues take offenders of
    high and very high risk meanwhile, the rest waits; reallocate: all offenders move permanently to the colleagues with
    the lowest workload; unallocated: they have no officer until the officer returns or a successor starts.
    """
    after_days: Annotated[float, OrNever, Within(0, 36_500, never=True)] = key("Absence before cover", default=14)
    """Days of sickness after which the caseload is covered; or never. A post that falls vacant is covered at once."""


OVERDUE_SHARES: dict[Literal["visits", "reviews"], str] = {
    "visits": "overdue_at_start",
    "reviews": "reviews_overdue_at_start",
}
"""The share overdue on the first day of each kind of work; `overdue_{work}_at_start` gives a number in its place."""


class OwnPlan(Part):
    """Offenders whose visits follow a plan of their own rather than the interval of their risk level."""

    share: Share = fixed("Own plan", default=0)
    """Share of offenders with a plan of their own."""
    interval_factor: SpreadFactor = fixed("Interval of the plan", default=1)
    """The plan's interval, as a multiple of the interval of the risk level; each offender's stays the same."""


class Caseload(Part):
    """Allocation of offenders, their state on the first day, and priorities."""

    file: str | None = fixed("File", default=None, min_length=1)
    """A CSV or XLSX file with one row for each offender on the first day, its path relative to this scenario. Its
    counts are the teams' offenders; missing dates are drawn as without a file. See caseload-file.md.
    """
    file_hash: str | None = fixed("Hash of the file", default=None)
    """Written by the program into a run folder, which does not contain the file; a file with other content is refused.
    """
    skip_unreadable_rows: bool = fixed("Skip unreadable rows", default=False)
    """Rows of the file with a fault, such as an impossible date, are skipped and reported, if they are at most one in
    ten. Their offenders are then missing.
    """
    rows_left_out: Count | None = fixed("Rows skipped", unit="rows", default=None)
    """Written by the program into a run folder: how many rows of the file could not be used."""
    allocation: Literal["own", "pooled"] = fixed("Allocation", default="own")
    """own: each offender has an officer; pooled: the team works one common list."""
    priority: Literal["risk_weighted_overdue", "earliest_due", "highest_risk_first", "quick_wins"] = key(
        "Priority rule", default="risk_weighted_overdue"
    )
    """Order of an officer's work. risk_weighted_overdue: days overdue times the weight of the risk; earliest_due:
    oldest due date; highest_risk_first: by risk, then by age; quick_wins: the work with the fewest expected hours, then
    by age.
    """
    task_weights: TaskWeights = key("Weights of other work", default=TaskWeights())
    """Under risk_weighted_overdue a visit has its risk weight per day; these are the weights of other work."""
    workload_weights: ByRisk[Weight] = key("Workload of an offender", default=1, kernel="workload_weights")
    """Weight of an offender of each risk level in the search for the officer with the lowest workload."""
    cover: Cover = key("Cover", default=Cover())
    """Cover of the caseload of an officer who is away or has left."""
    own_plan: OwnPlan = fixed("Own plans", default=OwnPlan())
    """Offenders with a visit plan of their own."""
    total: Count | None = fixed("Total offenders", unit="offenders", default=None)
    """Offenders on the first day in the whole force, shared among the teams in proportion to their offenders."""
    risk_mix: Annotated[ByRisk[Share], AfterValidator(_mixed)] = fixed("Risk mix")
    """Share of each recorded risk level, today and among new offenders."""
    overdue_at_start: ByRisk[Share] = fixed("Visits overdue at the start", default=0)
    """Share of offenders whose visit is already overdue on the first day."""
    overdue_visits_at_start: Counts | None = fixed(
        "Number of visits overdue at the start", unit="offenders", default=None
    )
    """Offenders whose visit is already overdue on the first day, exactly: by risk level, or one total, which is shared
    among the levels as overdue_at_start would share it. It replaces overdue_at_start. Which offenders these are is
    random.
    """
    overdue_days_at_start: SpreadPastDays = fixed(
        "Age of the visits overdue at the start", unit="days", default=Distribution(distribution="exponential", mean=60)
    )
    """Days by which those visits are overdue on the first day."""
    reviews_overdue_at_start: ByRisk[Share] = fixed("Reviews overdue at the start", default=0)
    """Share of offenders whose review is already overdue on the first day."""
    overdue_reviews_at_start: Counts | None = fixed(
        "Number of reviews overdue at the start", unit="offenders", default=None
    )
    """Offenders whose review is already overdue on the first day, exactly: by risk level, or one total, which is shared
    among the levels as reviews_overdue_at_start would share it. It replaces reviews_overdue_at_start.
    """
    review_overdue_days_at_start: SpreadPastDays = fixed(
        "Age of the reviews overdue at the start",
        unit="days",
        default=Distribution(distribution="exponential", mean=60),
    )
    """Days by which those reviews are overdue on the first day."""
    quiet_years_at_start: SpreadPastYears = fixed(
        "Quiet years on the first day", unit="years", default=Distribution(distribution="exponential", mean=5)
    )
    """Years without a breach found or a report, of the offenders on the first day."""


class RecoveryTarget(Part):
    """Definition of recovery."""

    overdue_visits_share: Share = fixed("Overdue visits", default=0.05)
    """The backlog has recovered on the first date after which the share of overdue visits stays at or below this."""
