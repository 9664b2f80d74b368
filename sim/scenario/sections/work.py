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
    travel_hours: SpreadHours = key("Travel", default=NOTHING, kernel="travel_hours")
    """Hours there and back, each officer, whether or not anybody answers."""
    write_up_hours: SpreadHours = key("Write-up", default=NOTHING, kernel="write_up_hours")
    """Hours one officer needs to record a visit that succeeded."""
    failed_attempt_hours: SpreadHours = key("Failed attempt", default=NOTHING, kernel="failed_attempt_hours")
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
    hours: SpreadHours = key("Hours of a desk review", default=NOTHING, kernel="desk_review_hours")
    """Hours one officer needs for it."""
    error_share: Share = key("Error of a desk review", default=0, kernel="desk_review_error_share")
    """Chance that a desk review confirms the level on record although true risk has changed."""


class Reviews(Part):
    """The structured risk assessment (ARMS), which renews the recorded risk level."""

    interval_days: IntervalDays = key("Review interval", default="never", kernel="review_interval_days")
    """Days from a finished review to the next due date; or never."""
    hours: SpreadHours = key("Hours of a review", default=NOTHING, kernel="review_hours")
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
    hours: SpreadHours = key("Hours of a notification", default=NOTHING, kernel="notification_hours")
    """Hours one officer needs for it."""
    missed_share: Share = key("Missed", default=0, kernel="notification_missed_share")
    """Chance that the offender does not attend, which is a breach and leads to an enquiry."""


class InitialAssessment(Part):
    """The first work for a new offender, before visits and reviews begin."""

    hours: SpreadHours = key("Hours of an initial assessment", default=NOTHING, kernel="initial_assessment_hours")
    """Hours of each officer beyond the first visit and the first review; 0 for no initial assessment."""
    crew: Crew = key("Crew", unit="officers", default=2)
    """Officers needed for an initial assessment, 1 or 2."""
    first_visit_days: Days = key("First visit", default=14, kernel="first_visit_days")
    """Days after registration by which the first visit is due."""
    first_review_days: Days = key("First review", default=60, kernel="first_review_days")
    """Days after registration by which the first review is due."""
