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
        must_add_up({"warning": self.warning, "charge": self.charge, "custody": self.custody})
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
    enquiry_hours: SpreadHours = key("Hours of an enquiry", default=NOTHING, kernel="enquiry_hours")
    """Hours of each officer for the enquiry after a breach is found; 0 for none."""
    enquiry_crew: Crew = key("Crew", unit="officers", default=2)
    """Officers needed for an enquiry, 1 or 2."""
    outcome: EnquiryOutcome = key("Outcome", default=EnquiryOutcome())
    """How enquiries end."""
    custody_days: SpreadDays = key("Time in custody", default=NOTHING, kernel="custody_days")
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
    recall_days: SpreadDays = key(
        "Time in custody after a recall", default=Distribution(distribution="constant", mean=28)
    )
    """Days in custody after a recall before the offender returns to the community."""
    moves_between_teams_per_year: Rate = key("Moves between teams", default=0)
    """Rate at which an offender moves into the area of another team of the force and has a first visit there."""

    @model_validator(mode="after")
    def _adds_up(self) -> Register:
        must_add_up({str(number): period.share for number, period in enumerate(self.periods)})
        must_add_up({str(number): share for number, share in enumerate(self.shares_at_start())})
        return self

    def shares_at_start(self) -> list[float]:
        """Share of today's caseload with each notification period."""
        return [period.share if period.share_at_start is None else period.share_at_start for period in self.periods]
