"""The work: visits, reviews, notifications, initial assessments, warrants, tracing, audits, checks and meetings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.domain import RISK_LEVELS
from sim.scenario.values import (
    ByRisk,
    Crew,
    Days,
    Hours,
    HoursEach,
    IntervalDays,
    Number,
    OrNever,
    Part,
    Rate,
    Share,
    SpreadHours,
    SpreadIntervalDays,
    Within,
    key,
)


class NoContact(Part):
    """Chance that nobody answers the door."""

    announced: Share = key("Announced", default=0)
    """Chance that an announced visit finds nobody."""
    unannounced: Share = key("Unannounced", default=0)
    """Chance that an unannounced visit finds nobody."""
    same_hour_again: Share = key("Same hour again", default=0)
    """Further chance that an offender who was out at the last attempt is out at the same hour again."""


class Visits(Part):
    """Home visits: interval, announcement, crew and duration."""

    interval_days: ByRisk[SpreadIntervalDays] = key("Visit interval", kernel="interval_days")
    """Days from a successful visit until the next one is due, by recorded risk; or never."""
    announced_share: ByRisk[Share] = key("Announced share", default=0, kernel="announced_share")
    """Share of visits announced beforehand, by recorded risk."""
    crew: ByRisk[Crew] = key("Crew", unit="officers", default=2)
    """Officers who go to a visit, 1 or 2."""
    lead_days: Days = key("Lead time", default=0, kernel="lead_days")
    """Days before its due date from which a visit may be made."""
    visit_hours: SpreadHours = key("Time at the home", kernel="visit_hours")
    """Hours at the home when the offender is seen, each officer."""
    travel_hours: SpreadHours = key("Travel", default=0, kernel="travel_hours")
    """Hours there and back, each officer, whether or not anybody answers."""
    write_up_hours: SpreadHours = key("Write-up", default=0, kernel="write_up_hours")
    """Hours one officer needs to record a visit that succeeded."""
    failed_attempt_hours: SpreadHours = key("Failed attempt", default=0, kernel="failed_attempt_hours")
    """Hours at the door and for the note when nobody answers, each officer, in addition to travel."""
    no_contact: NoContact = key("No contact", default=NoContact())
    """Chance that a visit fails."""
    retry_days: Days = key("Retry", default=7, kernel="retry_days")
    """Days after a failed attempt before the next one."""
    retry_hour: Literal["varied", "same"] = key("Hour of the retry", default="varied")
    """varied: at another hour of the day; same: at the hour at which nobody answered, so that
    no_contact.same_hour_again counts.
    """


class DeskReviews(Part):
    """Reviews done from the file, without the interviews of a full review."""

    share: ByRisk[Share] = key("Desk reviews", default=0, kernel="desk_review_share")
    """Share of reviews that are desk reviews, by recorded risk."""
    hours: SpreadHours = key("Hours of a desk review", default=0, kernel="desk_review_hours")
    """Hours one officer needs for it."""
    error_share: Share = key("Error of a desk review", default=0, kernel="desk_review_error_share")
    """Chance that a desk review confirms the level on record although true risk has changed."""


class Reviews(Part):
    """The structured risk assessment (ARMS), which renews the recorded risk level."""

    interval_days: IntervalDays = key("Review interval", default="never", kernel="review_interval_days")
    """Days from a finished review to the next due date; or never."""
    hours: SpreadHours = key("Hours of a review", default=0, kernel="review_hours")
    """Hours one officer needs for a review."""
    error_share: Share = key("Review error", default=0, kernel="review_error_share")
    """Chance that a review confirms the level on record although true risk has changed."""
    after_breach_days: Days = key("Review after a breach", default=14, kernel="review_after_breach_days")
    """Days after a breach is found by which a review is due."""
    desk_review: DeskReviews = key("Desk reviews", default=DeskReviews())
    """Reviews done from the file."""


class Notifications(Part):
    """The annual confirmation of details at a police station."""

    interval_days: IntervalDays = key("Notification interval", default="never", kernel="notification_interval_days")
    """Days between notifications; or never."""
    hours: SpreadHours = key("Hours of a notification", default=0, kernel="notification_hours")
    """Hours one officer needs for it."""
    missed_share: Share = key("Missed", default=0, kernel="notification_missed_share")
    """Chance that the offender does not attend, which is a breach and leads to an enquiry."""


class InitialAssessment(Part):
    """The first work for a new offender, before visits and reviews begin."""

    hours: SpreadHours = key("Hours of an initial assessment", default=0, kernel="initial_assessment_hours")
    """Hours of each officer beyond the first visit and the first review; 0 for no initial assessment."""
    crew: Crew = key("Crew", unit="officers", default=2)
    """Officers needed for an initial assessment, 1 or 2."""
    first_visit_days: Days = key("First visit", default=14, kernel="first_visit_days")
    """Days after registration by which the first visit is due."""
    first_review_days: Days = key("First review", default=60, kernel="first_review_days")
    """Days after registration by which the first review is due."""


class Records(Part):
    """Records without a next due date: found by an audit, a supervisor's check, or at a notification."""

    audit_interval_days: IntervalDays = key("Audit interval", default="never")
    """Days between audits of the register, each of which finds every lost record; or never."""
    found_at_notification: Share = key("Found at a notification", default=1, kernel="record_found_at_notification")
    """Chance that a notification finds a lost record."""


class Escalation(Part):
    """After repeated failed attempts: a warrant to enter (Sexual Offences Act 2003, section 96B)."""

    after_failed_attempts: Annotated[float, OrNever, Within(1, 10_000, never=True)] = key(
        "Failed attempts before a warrant", unit="attempts", default="never", kernel="escalate_after"
    )
    """Consecutive failed attempts after which the force seeks a warrant instead of another visit; or never."""
    warrant_delay_days: Days = key("Time to a warrant", default=0, kernel="warrant_delay_days")
    """Days from the last failed attempt until the warrant can be executed."""
    warrant_hours: SpreadHours = key("Hours of a warrant", default=0, kernel="warrant_hours")
    """Hours of each officer for applying and entering."""
    warrant_crew: Crew = key("Crew", unit="officers", default=2)
    """Officers needed to execute a warrant, 1 or 2."""


class Missing(Part):
    """Offenders who leave home without notifying the police: no visit succeeds; once that is known, they are traced."""

    leave_home_per_year: ByRisk[Rate] = key("Leaving home", default=0)
    """Rate at which an offender leaves home without notifying the police, by true risk."""
    tracing_interval_days: Annotated[Number, Field(ge=1, le=36_500)] = key(
        "Interval of tracing", default=30, kernel="tracing_interval_days"
    )
    """Days between attempts to trace a missing offender."""
    tracing_hours: SpreadHours = key("Hours of tracing", default=0, kernel="tracing_hours")
    """Hours one officer needs for one attempt."""
    found_by_tracing: Share = key("Found by tracing", default=0, kernel="found_by_tracing")
    """Chance that one attempt finds the offender."""


class Supervisors(Part):
    """Supervisors who check plans and records within their hours, the record checked longest ago first."""

    per_team: Number = key("Supervisors", unit="supervisors", default=1, ge=0, le=1000)
    """Supervisors of each team."""
    hours_per_week: Hours = key("Hours for checks", unit="hours", default=0)
    """Hours a week that each supervisor has for checks."""
    check_hours: HoursEach = key("Hours of a check", default=0.5, kernel="check_hours")
    """Hours of a supervisor for one offender's plan and record."""
    finds_lost_record: Share = key("Detection of a lost record", default=1, kernel="check_finds_record")
    """Chance that a check finds that the record has no next date."""
    notices_risk: Share = key("Detection of higher risk", default=0, kernel="check_notices_risk")
    """Chance that a check detects true risk above the recorded level; a review is then due at once."""


class Intelligence(Part):
    """Reports about offenders from the public, partners and other teams."""

    reports_per_year: ByRisk[Rate] = key("Reports", default=0)
    """Reports about an offender per year, by true risk. Each raises a review, and ends reactive management."""
    review_within_days: Days = key("Review after a report", default=14, kernel="report_review_days")
    """Days after a report by which a review is due."""


class Reactive(Part):
    """Reactive management: low-risk offenders with long quiet periods have desk checks in place of visits."""

    after_quiet_years: Annotated[float, OrNever, Within(0, 100, never=True)] = key(
        "Quiet years", unit="years", default="never"
    )
    """Years on the register without a breach found or a report after which a review may end in reactive management, if
    it records low risk; or never.
    """
    passed_share: Share = key("Entry test passed", default=1, kernel="reactive_passed")
    """Chance that a review at which an offender could enter ends in reactive management."""
    check_interval_days: IntervalDays = key("Interval of desk checks", default=365, kernel="desk_check_interval_days")
    """Days between desk checks."""
    check_hours: SpreadHours = key("Hours of a desk check", default=0, kernel="desk_check_hours")
    """Hours one officer needs for it."""
    found_at_check: Share = key("Found at a desk check", default=0, kernel="found_at_desk_check")
    """Chance that a desk check finds a latent breach."""
    notices_risk: Share = key("Detection of higher risk", default=0, kernel="desk_check_notices_risk")
    """Chance that a desk check detects true risk above low; visits then resume."""


class Mappa(Part):
    """Multi-agency meetings (MAPPA) on offenders who need more than one agency."""

    level_2_share: ByRisk[Share] = key("Level 2", default=0)
    """Share of offenders managed at level 2, by recorded risk."""
    level_3_share: ByRisk[Share] = key("Level 3", default=0)
    """Share of offenders managed at level 3, by recorded risk."""
    level_2_interval_days: IntervalDays = key("Meetings at level 2", default=84)
    """Days between meetings."""
    level_3_interval_days: IntervalDays = key("Meetings at level 3", default=42)
    """Days between meetings."""
    hours: SpreadHours = key("Hours of a meeting", default=0, kernel="meeting_hours")
    """Hours of the officer for one offender at one meeting, with its preparation."""
    notices_risk: Share = key("Detection of higher risk", default=0, kernel="meeting_notices_risk")
    """Chance that a meeting detects true risk above the recorded level; a review is then due at once."""

    @model_validator(mode="after")
    def _levels_fit(self) -> Mappa:
        for level in RISK_LEVELS:
            two, three = getattr(self.level_2_share, level), getattr(self.level_3_share, level)
            if two + three > 1:
                raise ValueError(f"level_2_share and level_3_share of {level} risk add up to {two + three:g}, above 1")
        return self
