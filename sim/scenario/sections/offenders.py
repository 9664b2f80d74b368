"""Offender dynamics: breaches, drift of true risk, registrations and departures."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from sim.scenario.fields import fixed, key, must_add_up
from sim.scenario.values import (
    NEVER,
    NOTHING,
    ByRisk,
    Crew,
    Distribution,
    OrNever,
    Part,
    PerYear,
    Rate,
    Share,
    SpreadDays,
    SpreadHours,
    Within,
)


class FoundAtVisit(Part):
    """Chance that a visit finds a latent breach."""

    announced: Share = key("Announced", "Chance at an announced visit.", default=0)
    unannounced: Share = key("Unannounced", "Chance at an unannounced visit.", default=0)


class EnquiryOutcome(Part):
    """How a breach enquiry ends."""

    warning: Share = key("Warning", "Share that end in a warning.", default=1, kernel="charge_from")
    charge: Share = key("Charge", "Share that end in a charge, the offender staying in the community.", default=0)
    custody: Share = key("Custody", "Share that end in custody.", default=0)

    @model_validator(mode="after")
    def _adds_up(self) -> EnquiryOutcome:
        must_add_up({"warning": self.warning, "charge": self.charge, "custody": self.custody})
        return self


class Breaches(Part):
    """Breaking a notification requirement or an order: latent until it is found."""

    per_year: ByRisk[Rate] = key("New breaches", "Breaches that begin per offender and year, by true risk.", default=0)
    found_at_visit: FoundAtVisit = key(
        "Found at a visit", "Chance that a successful visit finds a latent breach.", default=FoundAtVisit()
    )
    found_at_notification: Share = key(
        "Found at a notification",
        "Chance that a notification finds a latent breach.",
        default=0,
        kernel="found_at_notification",
    )
    found_by_intelligence_per_year: Rate = key(
        "Found by intelligence",
        "Rate at which each latent breach comes to light through intelligence.",
        default=0,
        kernel="found_by_intelligence_per_year",
    )
    enquiry_hours: SpreadHours = key(
        "Hours of an enquiry",
        "Hours of each officer for the enquiry after a breach is found; 0 for none.",
        default=NOTHING,
        kernel="enquiry_hours",
    )
    enquiry_crew: Crew = key("Crew", "Officers needed for an enquiry, 1 or 2.", unit="officers", default=2)
    outcome: EnquiryOutcome = key("Outcome", "How enquiries end.", default=EnquiryOutcome())
    custody_days: SpreadDays = key(
        "Time in custody",
        "Days in custody before the offender returns to the community.",
        default=NOTHING,
        kernel="custody_days",
    )


class Drift(Part):
    """Change of the true risk level between reviews."""

    up_per_year: ByRisk[Rate] = key(
        "Rises", "Rate at which true risk rises by one level, by true risk; it cannot rise above very high.", default=0
    )
    down_per_year: ByRisk[Rate] = key(
        "Falls", "Rate at which true risk falls by one level, by true risk; it cannot fall below low.", default=0
    )


def indefinite_is_never(value: Any) -> Any:
    return "never" if value == "indefinite" else value


class NotificationPeriod(Part):
    """How long some offenders stay on the register."""

    years: Annotated[float, OrNever, BeforeValidator(indefinite_is_never), Within(0.01, 100, never=True)] = fixed(
        "Years", "Length of the notification period, or indefinite.", unit="years"
    )
    share: Share = fixed("Share", "Share of new offenders with this period.")
    share_at_start: Share | None = fixed(
        "Share on the first day",
        "Share of today's caseload with this period; without it, the share of new offenders.",
        default=None,
    )


class Register(Part):
    """Registrations and departures."""

    new_per_year: PerYear = key(
        "New offenders",
        "Offenders registered in the community per year (Poisson): convicted, released, or moved here from another "
        "force.",
        default=0,
    )
    periods: tuple[NotificationPeriod, ...] = fixed(
        "Notification periods",
        "Lengths of notification periods and the share of new offenders with each.",
        default=(NotificationPeriod(years=NEVER, share=1),),
        min_length=1,
        max_length=100,
    )
    deaths_and_moves_per_year: Rate = key(
        "Deaths and moves away", "Rate at which an offender leaves by death or by moving to another force.", default=0
    )
    recalls_per_year: Rate = key(
        "Recalls",
        "Rate at which an offender is recalled to custody for breaking a licence, independent of police work.",
        default=0,
    )
    recall_days: SpreadDays = key(
        "Time in custody after a recall",
        "Days in custody after a recall before the offender returns to the community.",
        default=Distribution(distribution="constant", mean=28),
    )
    moves_between_teams_per_year: Rate = key(
        "Moves between teams",
        "Rate at which an offender moves into the area of another team of the force and has a first visit there.",
        default=0,
    )

    @model_validator(mode="after")
    def _adds_up(self) -> Register:
        must_add_up({str(number): period.share for number, period in enumerate(self.periods)})
        must_add_up({str(number): share for number, share in enumerate(self.shares_at_start())})
        return self

    def shares_at_start(self) -> list[float]:
        """Share of today's caseload with each notification period."""
        return [period.share if period.share_at_start is None else period.share_at_start for period in self.periods]
