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

    rule: Literal["none", "high_risk", "reallocate", "unallocated"] = key(
        "Cover",
        "none: the caseload waits, and has no officer while the post is vacant; high_risk: colleagues take offenders "
        "of high and very high risk meanwhile, the rest waits; reallocate: all offenders move permanently to the "
        "colleagues with the lowest workload; unallocated: they have no officer until the officer returns or a "
        "successor starts.",
        default="none",
    )
    after_days: DelayDays = key(
        "Absence before cover",
        "Days of sickness after which the caseload is covered; or never. A post that falls vacant is covered at once.",
        default=14,
    )


class OwnPlan(Part):
    """Offenders whose visits follow a plan of their own rather than the interval of their risk level."""

    share: Share = fixed("Own plan", "Share of offenders with a plan of their own.", default=0)
    interval_factor: SpreadFactor = fixed(
        "Interval of the plan",
        "The plan's interval, as a multiple of the interval of the risk level; each offender's stays the same.",
        default=Distribution(distribution="constant", mean=1),
    )


class Caseload(Part):
    """Allocation of offenders, their state on the first day, and priorities."""

    file: str | None = fixed(
        "File",
        "A CSV or XLSX file with one row for each offender on the first day, its path relative to this scenario. Its "
        "counts are the teams' offenders; missing dates are drawn as without a file. See caseload-file.md.",
        default=None,
        min_length=1,
    )
    file_hash: str | None = fixed(
        "Hash of the file",
        "Written by the program into a run folder, which does not contain the file; a file with other content is "
        "refused.",
        default=None,
    )
    skip_unreadable_rows: bool = fixed(
        "Skip unreadable rows",
        "Rows of the file with a fault, such as an impossible date, are skipped and reported, if they are at most "
        "one in ten. Their offenders are then missing.",
        default=False,
    )
    rows_left_out: Count | None = fixed(
        "Rows skipped",
        "Written by the program into a run folder: how many rows of the file could not be used.",
        unit="rows",
        default=None,
    )
    allocation: Literal["own", "pooled"] = fixed(
        "Allocation", "own: each offender has an officer; pooled: the team works one common list.", default="own"
    )
    priority: Literal["risk_weighted_overdue", "earliest_due", "highest_risk_first", "quick_wins"] = key(
        "Priority rule",
        "Order of an officer's work. risk_weighted_overdue: days overdue times the weight of the risk; "
        "earliest_due: oldest due date; highest_risk_first: by risk, then by age; quick_wins: the work "
        "with the fewest expected hours, then by age.",
        default="risk_weighted_overdue",
    )
    task_weights: TaskWeights = key(
        "Weights of other work",
        "Under risk_weighted_overdue a visit has its risk weight per day; these are the weights of other work.",
        default=TaskWeights(),
    )
    workload_weights: ByRisk[Weight] = key(
        "Workload of an offender",
        "Weight of an offender of each risk level in the search for the officer with the lowest workload.",
        default=1,
        kernel="workload_weights",
    )
    cover: Cover = key("Cover", "Cover of the caseload of an officer who is away or has left.", default=Cover())
    own_plan: OwnPlan = fixed("Own plans", "Offenders with a visit plan of their own.", default=OwnPlan())
    total: Count | None = fixed(
        "Total offenders",
        "Offenders on the first day in the whole force, shared among the teams in proportion to their offenders.",
        unit="offenders",
        default=None,
    )
    risk_mix: RiskMix = fixed("Risk mix", "Share of each recorded risk level, today and among new offenders.")
    overdue_at_start: ByRisk[Share] = fixed(
        "Visits overdue at the start", "Share of offenders whose visit is already overdue on the first day.", default=0
    )
    overdue_visits_at_start: Counts | None = fixed(
        "Number of visits overdue at the start",
        "Offenders whose visit is already overdue on the first day, exactly: by risk level, or one total, which is "
        "shared among the levels as overdue_at_start would share it. It replaces overdue_at_start. Which offenders "
        "these are is random.",
        unit="offenders",
        default=None,
    )
    overdue_days_at_start: SpreadPastDays = fixed(
        "Age of the visits overdue at the start",
        "Days by which those visits are overdue on the first day.",
        unit="days",
        default=Distribution(distribution="exponential", mean=60),
    )
    reviews_overdue_at_start: ByRisk[Share] = fixed(
        "Reviews overdue at the start",
        "Share of offenders whose review is already overdue on the first day.",
        default=0,
    )
    overdue_reviews_at_start: Counts | None = fixed(
        "Number of reviews overdue at the start",
        "Offenders whose review is already overdue on the first day, exactly: by risk level, or one total, which is "
        "shared among the levels as reviews_overdue_at_start would share it. It replaces "
        "reviews_overdue_at_start.",
        unit="offenders",
        default=None,
    )
    review_overdue_days_at_start: SpreadPastDays = fixed(
        "Age of the reviews overdue at the start",
        "Days by which those reviews are overdue on the first day.",
        unit="days",
        default=Distribution(distribution="exponential", mean=60),
    )
    quiet_years_at_start: SpreadPastYears = fixed(
        "Quiet years on the first day",
        "Years without a breach found or a report, of the offenders on the first day.",
        unit="years",
        default=Distribution(distribution="exponential", mean=5),
    )


class Target(Part):
    """Definition of recovery."""

    overdue_visits_share: Share = fixed(
        "Overdue visits",
        "The backlog has recovered on the first date after which the share of overdue visits stays at or below this.",
        default=0.05,
    )
