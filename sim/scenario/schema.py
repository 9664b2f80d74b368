"""What a planner may write in a scenario: every key once, with its title, unit, meaning and range.

From these definitions come the validation, the JSON Schema, the reference page and the text of
`sim explain`. Sections that describe something that happens (breaches, drift, reviews, ...) default
to it *not* happening: a number that shapes a result stands in the scenario, never hidden in here.
"""

from __future__ import annotations

import datetime as dt
import warnings
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from sim.scenario.values import (
    RISK_LEVELS,
    ByRisk,
    Count,
    Crew,
    Days,
    Distribution,
    IntervalDays,
    Part,
    Rate,
    Share,
    Weight,
)

SHARE_TOLERANCE = 0.001
"""Shares that should add up to one may miss it by this much, for rounding in the planner's source."""


def key(title: str, meaning: str, *, unit: str = "", lever: bool = True, **rules: Any) -> Any:
    """A scenario key: its title, meaning, unit, and whether a lever may change it on a date."""
    return Field(
        title=title, description=meaning, json_schema_extra={"unit": unit, "lever": lever}, **rules
    )


def fixed(title: str, meaning: str, *, unit: str = "", **rules: Any) -> Any:
    """A scenario key that holds for the whole horizon: no lever may change it."""
    return key(title, meaning, unit=unit, lever=False, **rules)


def _must_add_up(shares: dict[str, float]) -> None:
    total = sum(shares.values())
    if abs(total - 1) > SHARE_TOLERANCE:
        listed = " + ".join(f"{share:g}" for share in shares.values())
        raise ValueError(f"shares must add up to 1, these give {listed} = {total:g}")


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
    bank_holidays: bool = fixed(
        "Bank holidays", "Are bank holidays of England and Wales free of work?", default=True
    )
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
    sickness: Sickness = key("Sickness", "Unplanned absence.", default=Sickness())


class RiskMix(ByRisk[Share]):
    """Shares of the four risk levels."""

    @model_validator(mode="after")
    def _adds_up(self) -> RiskMix:
        _must_add_up(dict(zip(RISK_LEVELS, self.values(), strict=True)))
        return self


class TaskWeights(Part):
    """Urgency of the work that is not a visit, on the scale of `risk_weights`."""

    review: ByRisk[Weight] = key("Review", "Weight of a review per day overdue.", default=3)
    notification: ByRisk[Weight] = key("Notification", "Weight of a notification per day.", default=20)
    intake: ByRisk[Weight] = key("Intake", "Weight of an intake per day.", default=20)
    enquiry: ByRisk[Weight] = key("Enquiry", "Weight of a breach enquiry per day.", default=20)

    model_config = ConfigDict(validate_default=True)


class Caseload(Part):
    """Who holds which offenders, what state they are in today, and what is done first."""

    allocation: Literal["own", "pooled"] = fixed(
        "Allocation",
        "own: each offender has an officer; pooled: the team works one common list.",
        default="own",
    )
    priority: Literal[
        "risk_weighted_overdue", "earliest_due", "highest_risk_first", "quick_wins"
    ] = key(
        "Priority rule",
        "What an officer does next. risk_weighted_overdue: days overdue times the weight of the risk; "
        "earliest_due: oldest due date; highest_risk_first: by risk, then by age; quick_wins: the work "
        "with the fewest expected hours, then by age.",
        default="risk_weighted_overdue",
    )
    task_weights: TaskWeights = key(
        "Weights of other work",
        "Under risk_weighted_overdue a visit weighs its risk weight per day; these are the weights of the rest.",
        default=TaskWeights(),
    )
    total: Count | None = fixed(
        "Offenders in all",
        "Offenders on the first day in the whole force, shared among the teams in proportion to their offenders.",
        unit="offenders",
        default=None,
    )
    risk_mix: RiskMix = fixed(
        "Risk mix", "Share of each recorded risk level, today and among new offenders."
    )
    overdue_at_start: ByRisk[Share] = fixed(
        "Visits overdue at the start",
        "Share of offenders whose visit is already overdue on the first day.",
        default=0,
        validate_default=True,
    )
    overdue_days_at_start: Distribution = fixed(
        "Age of the visits overdue at the start",
        "Days by which those visits are overdue on the first day.",
        unit="days",
        default=Distribution(distribution="exponential", mean=60),
    )
    reviews_overdue_at_start: ByRisk[Share] = fixed(
        "Reviews overdue at the start",
        "Share of offenders whose review is already overdue on the first day.",
        default=0,
        validate_default=True,
    )
    review_overdue_days_at_start: Distribution = fixed(
        "Age of the reviews overdue at the start",
        "Days by which those reviews are overdue on the first day.",
        unit="days",
        default=Distribution(distribution="exponential", mean=60),
    )


class NoContact(Part):
    """Chance that nobody answers the door."""

    announced: Share = key("Announced", "Chance that an announced visit finds nobody.", default=0)
    unannounced: Share = key("Unannounced", "Chance that an unannounced visit finds nobody.", default=0)


class Visits(Part):
    """Home visits: how often, announced or not, by how many, and what they take."""

    interval_days: ByRisk[Distribution] = key(
        "Visit interval",
        "Days from a successful visit to the date the next one is due, by recorded risk; or never.",
        unit="days",
    )
    announced_share: ByRisk[Share] = key(
        "Announced share",
        "Share of visits announced beforehand, by recorded risk.",
        default=0,
        validate_default=True,
    )
    crew: ByRisk[Crew] = key(
        "Crew", "Officers who go to a visit, 1 or 2.", unit="officers", default=2, validate_default=True
    )
    lead_days: Days = key(
        "Lead time", "How many days before its due date a visit may be made.", unit="days", default=0
    )
    visit_hours: Distribution = key(
        "Time at the home", "Hours at the home when the offender is seen, each officer.", unit="hours"
    )
    travel_hours: Distribution = key(
        "Travel",
        "Hours there and back, each officer, whether anybody answers or not.",
        unit="hours",
        default=Distribution(distribution="constant", mean=0),
    )
    write_up_hours: Distribution = key(
        "Write-up",
        "Hours one officer needs to record a visit that succeeded.",
        unit="hours",
        default=Distribution(distribution="constant", mean=0),
    )
    failed_attempt_hours: Distribution = key(
        "Failed attempt",
        "Hours at the door and for the note when nobody answers, each officer, beside travel.",
        unit="hours",
        default=Distribution(distribution="constant", mean=0),
    )
    no_contact: NoContact = key("No contact", "Chance that a visit fails.", default=NoContact())
    retry_days: Days = key(
        "Retry", "Days after a failed attempt before the next one.", unit="days", default=7
    )


class Reviews(Part):
    """The structured risk assessment (ARMS), which renews the recorded risk level."""

    interval_days: IntervalDays = key(
        "Review interval", "Days from a finished review to the next due date; or never.", unit="days",
        default="never", validate_default=True,
    )
    hours: Distribution = key(
        "Hours of a review",
        "Hours one officer needs for a review.",
        unit="hours",
        default=Distribution(distribution="constant", mean=0),
    )
    error_share: Share = key(
        "Error",
        "Chance that a review confirms the level on record although true risk has changed.",
        default=0,
    )
    after_breach_days: Days = key(
        "Review after a breach", "Days after a breach is found by which a review is due.", unit="days", default=14
    )


class Notifications(Part):
    """The yearly confirmation of details at a police station."""

    interval_days: IntervalDays = key(
        "Notification interval", "Days between notifications; or never.", unit="days",
        default="never", validate_default=True,
    )
    hours: Distribution = key(
        "Hours of a notification",
        "Hours one officer needs for it.",
        unit="hours",
        default=Distribution(distribution="constant", mean=0),
    )
    missed_share: Share = key(
        "Missed", "Chance that the offender does not come, which is a breach and is enquired into.", default=0
    )


class Intake(Part):
    """What a new offender needs before ordinary management begins."""

    hours: Distribution = key(
        "Hours of an intake",
        "Hours of each officer beyond the first visit and the first review; 0 for no intake.",
        unit="hours",
        default=Distribution(distribution="constant", mean=0),
    )
    crew: Crew = key("Crew", "Officers needed for an intake, 1 or 2.", unit="officers", default=2)
    first_visit_days: Days = key(
        "First visit", "Days after registration by which the first visit is due.", unit="days", default=14
    )
    first_review_days: Days = key(
        "First review", "Days after registration by which the first review is due.", unit="days", default=60
    )


class FoundAtVisit(Part):
    """Chance that a visit finds what an offender hides."""

    announced: Share = key("Announced", "Chance at an announced visit.", default=0)
    unannounced: Share = key("Unannounced", "Chance at an unannounced visit.", default=0)


class EnquiryOutcome(Part):
    """How a breach enquiry ends."""

    warning: Share = key("Warning", "Share that end in a warning.", default=1)
    charge: Share = key("Charge", "Share that end in a charge, the offender staying in the community.", default=0)
    custody: Share = key("Custody", "Share that end in custody.", default=0)

    @model_validator(mode="after")
    def _adds_up(self) -> EnquiryOutcome:
        _must_add_up({"warning": self.warning, "charge": self.charge, "custody": self.custody})
        return self


class Breaches(Part):
    """Breaking a notification requirement or an order: latent until it is found."""

    per_year: ByRisk[Rate] = key(
        "Breaches that begin",
        "Breaches that begin per offender and year, by true risk.",
        unit="per year",
        default=0,
        validate_default=True,
    )
    found_at_visit: FoundAtVisit = key(
        "Found at a visit", "Chance that a successful visit finds what is latent.", default=FoundAtVisit()
    )
    found_at_notification: Share = key(
        "Found at a notification", "Chance that a notification finds what is latent.", default=0
    )
    found_by_intelligence_per_year: Rate = key(
        "Found by intelligence",
        "Rate at which each latent breach comes to light by itself.",
        unit="per year",
        default=0,
    )
    enquiry_hours: Distribution = key(
        "Hours of an enquiry",
        "Hours of each officer for the enquiry after a breach is found; 0 for none.",
        unit="hours",
        default=Distribution(distribution="constant", mean=0),
    )
    enquiry_crew: Crew = key("Crew", "Officers needed for an enquiry, 1 or 2.", unit="officers", default=2)
    outcome: EnquiryOutcome = key("Outcome", "How enquiries end.", default=EnquiryOutcome())
    custody_days: Distribution = key(
        "Time in custody",
        "Days in custody before the offender returns to the community.",
        unit="days",
        default=Distribution(distribution="constant", mean=0),
    )


class Drift(Part):
    """Change of the true risk level between reviews."""

    up_per_year: ByRisk[Rate] = key(
        "Rises", "Rate at which true risk rises by one level, by true risk; it cannot rise above very high.",
        unit="per year", default=0, validate_default=True,
    )
    down_per_year: ByRisk[Rate] = key(
        "Falls", "Rate at which true risk falls by one level, by true risk; it cannot fall below low.",
        unit="per year", default=0, validate_default=True,
    )


def indefinite_is_never(value: Any) -> Any:
    return "never" if value == "indefinite" else value


class NotificationPeriod(Part):
    """How long some offenders stay on the register."""

    years: Annotated[IntervalDays, BeforeValidator(indefinite_is_never)] = fixed(
        "Years", "Length of the notification period, or indefinite.", unit="years"
    )
    share: Share = fixed("Share", "Share of new offenders with this period.")
    share_at_start: Share | None = fixed(
        "Share today", "Share of today's caseload with this period; without it, the share of new offenders.", default=None
    )


class Register(Part):
    """Who joins the register and who leaves it."""

    new_per_year: Annotated[float, Field(ge=0, le=1_000_000)] = key(
        "New offenders",
        "Offenders who join the register in the community per year (Poisson).",
        unit="per year",
        default=0,
    )
    periods: tuple[NotificationPeriod, ...] = fixed(
        "Notification periods",
        "Lengths of notification periods and the share of new offenders with each.",
        default=(NotificationPeriod(years="indefinite", share=1),),
        min_length=1,
    )
    deaths_and_moves_per_year: Rate = key(
        "Deaths and moves away",
        "Rate at which an offender leaves by death or by moving to another force.",
        unit="per year",
        default=0,
    )

    @model_validator(mode="after")
    def _adds_up(self) -> Register:
        _must_add_up({str(number): period.share for number, period in enumerate(self.periods)})
        _must_add_up({str(number): share for number, share in enumerate(self.shares_at_start())})
        return self

    def shares_at_start(self) -> list[float]:
        """Share of today's caseload with each notification period."""
        return [period.share if period.share_at_start is None else period.share_at_start for period in self.periods]


class Target(Part):
    """What the force calls recovered."""

    overdue_visits_share: Share = fixed(
        "Overdue visits",
        "The backlog has recovered from the first date after which the share of overdue visits stays at or "
        "below this.",
        default=0.05,
    )


class Lever(Part):
    """A dated change: from a date on, some values differ."""

    model_config = ConfigDict(populate_by_name=True)

    from_: dt.date = fixed("From", "First day of the new values.", alias="from")
    set: dict[str, Any] = fixed("Set", "The keys that change, dotted, with their new values.", min_length=1)


class Assumption(Part):
    """Where a value comes from and how sure it is."""

    quality: Literal["red", "amber", "green"] = fixed(
        "Quality", "How good the evidence is: green published, amber indirect, red a guess."
    )
    impact: Literal["red", "amber", "green"] | None = fixed(
        "Impact", "How much the answer depends on it: red a lot, amber some, green little.", default=None
    )
    range: tuple[float, float] | None = fixed("Range", "Lowest and highest plausible value.", default=None)
    source: str | None = fixed("Source", "Where the value was published.", default=None)
    date: dt.date | None = fixed("Date", "Date of the source.", default=None)
    note: str | None = fixed("Note", "What a reader should know about it.", default=None)

    @model_validator(mode="after")
    def _range_is_ordered(self) -> Assumption:
        if self.range and self.range[0] > self.range[1]:
            raise ValueError(f"range runs from {self.range[0]:g} down to {self.range[1]:g}; write the lower first")
        return self


# `register` is the field's word; that Python's abstract classes also have a method of this name is no clash here.
warnings.filterwarnings("ignore", message='Field name "register"')


class Scenario(Part):
    """A force, its policies, and what changes when."""

    name: str = fixed("Name", "What this scenario is called on every page.", min_length=1, max_length=120)
    about: str = fixed("About", "The question it answers, in a sentence or two.", default="")
    start: dt.date = fixed("First day", "The day whose caseload is known.")
    end: dt.date = fixed("Last day", "The horizon: the last day that is simulated.")
    replications: int = fixed(
        "Replications", "How many independent histories to simulate.", default=30, ge=1, le=100_000
    )
    seed: int = fixed("Seed", "Names the luck; the same seed gives the same histories.", default=1, ge=0, lt=2**32)
    teams: tuple[Team, ...] = fixed("Teams", "The teams of the force.", min_length=1, max_length=2000)
    calendar: Calendar = fixed("Calendar", "When work is done.", default=Calendar())
    officers: Officers = key("Officers", "The people who do the work.", default=Officers())
    caseload: Caseload = key("Caseload", "Who holds which offenders and what is done first.")
    visits: Visits = key("Visits", "Home visits.")
    reviews: Reviews = key("Reviews", "The structured risk assessment.", default=Reviews())
    notifications: Notifications = key("Notifications", "The yearly confirmation of details.", default=Notifications())
    intake: Intake = key("Intake", "What a new offender needs first.", default=Intake())
    breaches: Breaches = key("Breaches", "What offenders hide, and how it is found.", default=Breaches())
    drift: Drift = key("Drift", "Change of true risk.", default=Drift())
    register: Register = key("Register", "Who joins and who leaves.", default=Register())
    risk_weights: ByRisk[Weight] = fixed(
        "Risk weights",
        "How much a day of each risk level counts in risk coverage and in the priority of visits.",
        default={"low": 1, "medium": 2, "high": 4, "very_high": 8},
        validate_default=True,
    )
    target: Target = fixed("Target", "What the force calls recovered.", default=Target())
    levers: tuple[Lever, ...] = fixed("Levers", "Dated changes.", default=())
    assumptions: dict[str, Assumption] = fixed(
        "Assumptions", "For any key: where its value comes from and how sure it is.", default={}
    )

    @model_validator(mode="after")
    def _shift_fits_the_day(self) -> Scenario:
        if self.shift_hours > 24:
            raise ValueError(
                f"officers.hours_per_week: {self.officers.hours_per_week:g} hours in {self.days_worked_per_week} days make "
                f"shifts of {self.shift_hours:.1f} hours; a day has 24"
            )
        return self

    @property
    def days_worked_per_week(self) -> int:
        """Days on which a shift is worked: Monday to Friday, or all seven."""
        return 5 if self.calendar.work == "working_days" else 7

    @property
    def shift_hours(self) -> float:
        """Contracted hours of a shift, before what is not free for the caseload."""
        return self.officers.hours_per_week / self.days_worked_per_week

    @property
    def horizon_days(self) -> int:
        """Days from the first to the last, both included."""
        return (self.end - self.start).days + 1
