"""The caseload: allocation, state on the first day, priorities and the recovery target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import create_model, model_validator

from sim.scenario.domain import KINDS, RISK_LEVELS
from sim.scenario.fields import fixed, key, must_add_up
from sim.scenario.values import (
    ByRisk,
    Count,
    Counts,
    DelayDays,
    Distribution,
    Part,
    Share,
    SpreadFactor,
    SpreadPastDays,
    SpreadPastYears,
    Weight,
)


class RiskMix(ByRisk[Share]):
    """Shares of the four risk levels."""

    @model_validator(mode="after")
    def _adds_up(self) -> RiskMix:
        must_add_up(dict(zip(RISK_LEVELS, self.values(), strict=True)))
        return self


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
    after_days: DelayDays = key("Absence before cover", default=14)
    """Days of sickness after which the caseload is covered; or never. A post that falls vacant is covered at once."""


class OwnPlan(Part):
    """Offenders whose visits follow a plan of their own rather than the interval of their risk level."""

    share: Share = fixed("Own plan", default=0)
    """Share of offenders with a plan of their own."""
    interval_factor: SpreadFactor = fixed("Interval of the plan", default=Distribution(distribution="constant", mean=1))
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
    risk_mix: RiskMix = fixed("Risk mix")
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
