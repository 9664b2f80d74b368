"""Routine work: visits, reviews, notifications and initial assessments."""

from __future__ import annotations

from typing import Literal

from sim.scenario.fields import key
from sim.scenario.values import (
    NOTHING,
    ByRisk,
    Crew,
    Days,
    IntervalDays,
    Part,
    Share,
    SpreadHours,
    SpreadIntervalDays,
)


class NoContact(Part):
    """Chance that nobody answers the door."""

    announced: Share = key("Announced", "Chance that an announced visit finds nobody.", default=0)
    unannounced: Share = key("Unannounced", "Chance that an unannounced visit finds nobody.", default=0)
    same_hour_again: Share = key(
        "Same hour again",
        "Further chance that an offender who was out at the last attempt is out at the same hour again.",
        default=0,
    )


class Visits(Part):
    """Home visits: interval, announcement, crew and duration."""

    interval_days: ByRisk[SpreadIntervalDays] = key(
        "Visit interval",
        "Days from a successful visit until the next one is due, by recorded risk; or never.",
        kernel="interval_days",
    )
    announced_share: ByRisk[Share] = key(
        "Announced share",
        "Share of visits announced beforehand, by recorded risk.",
        default=0,
        kernel="announced_share",
    )
    crew: ByRisk[Crew] = key("Crew", "Officers who go to a visit, 1 or 2.", unit="officers", default=2)
    lead_days: Days = key(
        "Lead time", "Days before its due date from which a visit may be made.", default=0, kernel="lead_days"
    )
    visit_hours: SpreadHours = key(
        "Time at the home", "Hours at the home when the offender is seen, each officer.", kernel="visit_hours"
    )
    travel_hours: SpreadHours = key(
        "Travel",
        "Hours there and back, each officer, whether or not anybody answers.",
        default=NOTHING,
        kernel="travel_hours",
    )
    write_up_hours: SpreadHours = key(
        "Write-up",
        "Hours one officer needs to record a visit that succeeded.",
        default=NOTHING,
        kernel="write_up_hours",
    )
    failed_attempt_hours: SpreadHours = key(
        "Failed attempt",
        "Hours at the door and for the note when nobody answers, each officer, in addition to travel.",
        default=NOTHING,
        kernel="failed_attempt_hours",
    )
    no_contact: NoContact = key("No contact", "Chance that a visit fails.", default=NoContact())
    retry_days: Days = key("Retry", "Days after a failed attempt before the next one.", default=7, kernel="retry_days")
    retry_hour: Literal["varied", "same"] = key(
        "Hour of the retry",
        "varied: at another hour of the day; same: at the hour at which nobody answered, so that "
        "no_contact.same_hour_again counts.",
        default="varied",
    )


class DeskReviews(Part):
    """Reviews done from the file, without the interviews of a full review."""

    share: ByRisk[Share] = key(
        "Desk-based", "Share of reviews that are desk-based, by recorded risk.", default=0, kernel="desk_review_share"
    )
    hours: SpreadHours = key(
        "Hours of a desk-based review", "Hours one officer needs for it.", default=NOTHING, kernel="desk_review_hours"
    )
    error_share: Share = key(
        "Error of a desk-based review",
        "Chance that a desk-based review confirms the level on record although true risk has changed.",
        default=0,
        kernel="desk_review_error_share",
    )


class Reviews(Part):
    """The structured risk assessment (ARMS), which renews the recorded risk level."""

    interval_days: IntervalDays = key(
        "Review interval",
        "Days from a finished review to the next due date; or never.",
        default="never",
        kernel="review_interval_days",
    )
    hours: SpreadHours = key(
        "Hours of a review", "Hours one officer needs for a review.", default=NOTHING, kernel="review_hours"
    )
    error_share: Share = key(
        "Review error",
        "Chance that a review confirms the level on record although true risk has changed.",
        default=0,
        kernel="review_error_share",
    )
    after_breach_days: Days = key(
        "Review after a breach",
        "Days after a breach is found by which a review is due.",
        default=14,
        kernel="review_after_breach_days",
    )
    desk: DeskReviews = key("Desk-based reviews", "Reviews done from the file.", default=DeskReviews())


class Notifications(Part):
    """The annual confirmation of details at a police station."""

    interval_days: IntervalDays = key(
        "Notification interval",
        "Days between notifications; or never.",
        default="never",
        kernel="notification_interval_days",
    )
    hours: SpreadHours = key(
        "Hours of a notification", "Hours one officer needs for it.", default=NOTHING, kernel="notification_hours"
    )
    missed_share: Share = key(
        "Missed",
        "Chance that the offender does not attend, which is a breach and leads to an enquiry.",
        default=0,
        kernel="notification_missed_share",
    )


class InitialAssessment(Part):
    """The first work for a new offender, before visits and reviews begin."""

    hours: SpreadHours = key(
        "Hours of an initial assessment",
        "Hours of each officer beyond the first visit and the first review; 0 for no initial assessment.",
        default=NOTHING,
        kernel="initial_assessment_hours",
    )
    crew: Crew = key("Crew", "Officers needed for an initial assessment, 1 or 2.", unit="officers", default=2)
    first_visit_days: Days = key(
        "First visit", "Days after registration by which the first visit is due.", default=14, kernel="first_visit_days"
    )
    first_review_days: Days = key(
        "First review",
        "Days after registration by which the first review is due.",
        default=60,
        kernel="first_review_days",
    )
