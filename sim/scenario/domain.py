"""The tables of the domain: the risk levels and the kinds of work, one record each, from which all else derives.

`sim.model.codes` makes numbers of them, in the order of the tables. CONTRIBUTING.md says how to add a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class RiskLevel:
    """A level of recorded or true risk, and a grade of suspects.

    `grave`: named apart where a sentence says how grave a backlog is. `weight`, `act_within_days`: defaults of
    `risk_weights` and `online_abuse.act_within_days`. `short`: other spellings in a caseload file.
    """

    name: str
    words: str
    colour: str
    weight: float
    act_within_days: float
    short: tuple[str, ...]
    grave: bool = False


RISKS = (
    RiskLevel("low", "Low", "#12436D", 1, 30, ("l",)),
    RiskLevel("medium", "Medium", "#28A197", 2, 14, ("m", "med")),
    RiskLevel("high", "High", "#F46A25", 4, 7, ("h",), grave=True),
    RiskLevel("very_high", "Very high", "#801650", 8, 1, ("vh", "vhigh"), grave=True),
)
"""The risk levels, lowest first; their colours are the first of the Analysis Function's."""

RISK_LEVELS = tuple(level.name for level in RISKS)
GRAVEST = RISK_LEVELS[-1]
GRAVE = tuple(level.name for level in reversed(RISKS) if level.grave)


@dataclass(frozen=True, kw_only=True)
class WorkKind:
    """A kind of work that officers do for an offender.

    `stream`: the number of its random numbers, part of every result: never change one. `hours`, `crew`, `interval`: the
    keys that say how long it takes, how many officers go (one, without it) and, of routine work, every how many days it
    is due. `weight`: default of its task weight, by risk level unless `weight_by_risk` is false. `needed_if`: the field
    of the policy that is 0 or never where it never comes up. `sets_visit`: its event has the day of the next visit in
    the column `due`. `sentence`: of simple work, what a story says after the crew. `diary`: by outcome, what a diary
    says the officer did to whom.
    """

    name: str
    stream: int
    title: str
    words: str
    meaning: str
    hours: tuple[str, ...]
    crew: str = ""
    interval: str = ""
    weight: float = 20
    weight_by_risk: bool = True
    weight_note: str = ""
    needed_if: str = ""
    sets_visit: bool = True
    sentence: str = ""
    diary: Mapping[str, str]

    @property
    def plural(self) -> str:
        """`enquiries`, `desk_checks`: also the field that counts how many of an offender have been drawn."""
        return f"{self.name[:-1]}ies" if self.name.endswith("y") else f"{self.name}s"

    @property
    def due(self) -> str:
        """The field of an offender that says when it is due."""
        return f"{self.name}_due"


KINDS = (
    WorkKind(
        name="visit",
        stream=1,  # announced?, contact?, hours at the home, travel hours
        title="Visit",
        words="a visit",
        meaning="a visit, made or attempted",
        hours=("visits.visit_hours", "visits.travel_hours", "visits.write_up_hours"),
        crew="visits.crew",
        diary={"seen": "saw", "no_contact": "had no answer from"},
    ),
    WorkKind(
        name="review",
        stream=3,  # hours, error?, next interval
        title="Review",
        words="a review",
        meaning="a review was finished",
        hours=("reviews.hours",),
        interval="reviews.interval_days",
        weight=3,
        diary={"done": "reviewed"},
    ),
    WorkKind(
        name="notification",
        stream=4,  # hours, missed?, breach found?, lost record found?
        title="Notification",
        words="a notification",
        meaning="the annual notification at a station",
        hours=("notifications.hours",),
        interval="notifications.interval_days",
        sets_visit=False,
        diary={"done": "completed the annual notification of", "missed": "recorded a missed notification of"},
    ),
    WorkKind(
        name="initial_assessment",
        stream=5,  # hours
        title="Initial assessment",
        words="an initial assessment",
        meaning="the initial assessment of a new offender was completed",
        hours=("initial_assessment.hours",),
        crew="initial_assessment.crew",
        needed_if="initial_assessment_needed",
        sentence="completed the initial assessment",
        diary={"done": "completed the initial assessment of"},
    ),
    WorkKind(
        name="enquiry",
        stream=6,  # hours, outcome, days in custody
        title="Breach enquiry",
        words="a breach enquiry",
        meaning="an enquiry into a breach ended",
        hours=("breaches.enquiry_hours",),
        crew="breaches.enquiry_crew",
        needed_if="enquiry_needed",
        sets_visit=False,
        diary={
            "warning": "warned",
            "charge": "charged",
            "custody": "brought into custody",
            "whereabouts_unknown": "made enquiries and found missing",
        },
    ),
    WorkKind(
        name="warrant",
        stream=17,  # hours
        title="Warrant",
        words="a warrant",
        meaning="a warrant was executed",
        hours=("escalation.warrant_hours",),
        crew="escalation.warrant_crew",
        needed_if="escalate_after",
        diary={"seen": "entered by warrant and saw", "whereabouts_unknown": "entered by warrant and found missing"},
    ),
    WorkKind(
        name="tracing",
        stream=18,  # hours, found?
        title="Tracing",
        words="tracing a missing offender",
        meaning="an officer tried to trace an offender whose whereabouts are unknown",
        hours=("missing.tracing_hours",),
        diary={"seen": "traced", "no_contact": "tried without success to trace"},
    ),
    WorkKind(
        name="desk_check",
        stream=21,  # hours, breach found?, risk noticed?
        title="Desk check",
        words="a desk check",
        meaning="a desk check of an offender in reactive management",
        hours=("reactive.check_hours",),
        weight=1,
        weight_by_risk=False,
        weight_note="; all in reactive management are of low risk",
        sets_visit=False,
        sentence="completed the desk check of reactive management",
        diary={"done": "completed the desk check of"},
    ),
    WorkKind(
        name="meeting",
        stream=22,  # hours, risk noticed?
        title="MAPPA meeting",
        words="a MAPPA meeting",
        meaning="a MAPPA meeting on the offender",
        hours=("mappa.hours",),
        sentence="attended the MAPPA meeting about the offender",
        diary={"done": "attended the MAPPA meeting about"},
    ),
)
"""The kinds of work. On equal priority the lower offender number comes first, then the earlier kind of this table."""

KIND = {kind.name: kind for kind in KINDS}
