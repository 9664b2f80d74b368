"""The work that offenders raise: visits, reviews, notifications, intakes."""

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
        "Chance that whoever was out at the last attempt is out at the same hour again, beside the chance above.",
        default=0,
    )


class Visits(Part):
    """Home visits: how often, announced or not, by how many, and what they take."""

    interval_days: ByRisk[SpreadIntervalDays] = key(
        "Visit interval",
        "Days from a successful visit to the date the next one is due, by recorded risk; or never.",
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
        "Lead time", "How many days before its due date a visit may be made.", default=0, kernel="lead_days"
    )
    visit_hours: SpreadHours = key(
        "Time at the home", "Hours at the home when the offender is seen, each officer.", kernel="visit_hours"
    )
    travel_hours: SpreadHours = key(
        "Travel",
        "Hours there and back, each officer, whether anybody answers or not.",
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
        "Hours at the door and for the note when nobody answers, each officer, beside travel.",
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
    """Reviews done from the file, without the interviews of a full one."""

    share: ByRisk[Share] = key(
        "Desk-based", "Share of reviews done at the desk, by recorded risk.", default=0, kernel="desk_review_share"
    )
    hours: SpreadHours = key(
        "Hours of a desk-based review", "Hours one officer needs for it.", default=NOTHING, kernel="desk_review_hours"
    )
    error_share: Share = key(
        "Error at the desk",
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
        "Error",
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
    """The yearly confirmation of details at a police station."""

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
        "Chance that the offender does not come, which is a breach and is enquired into.",
        default=0,
        kernel="notification_missed_share",
    )


class InitialAssessment(Part):
    """What a new offender needs before ordinary management begins."""

    hours: SpreadHours = key(
        "Hours of an intake",
        "Hours of each officer beyond the first visit and the first review; 0 for no intake.",
        default=NOTHING,
        kernel="initial_assessment_hours",
    )
    crew: Crew = key("Crew", "Officers needed for an intake, 1 or 2.", unit="officers", default=2)
    first_visit_days: Days = key(
        "First visit", "Days after registration by which the first visit is due.", default=14, kernel="first_visit_days"
    )
    first_review_days: Days = key(
        "First review",
        "Days after registration by which the first review is due.",
        default=60,
        kernel="first_review_days",
    )
