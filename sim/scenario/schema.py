"""What a planner may write in a scenario: every key once, with its title, unit, meaning and range.

From these definitions come the validation, the JSON Schema, the reference page and the text of
`sim explain`. Sections that describe something that happens (breaches, drift, reviews, ...) default
to it *not* happening: a number that shapes a result stands in the scenario, never hidden in here.
"""

from __future__ import annotations

import warnings
from typing import Any, Literal

from pydantic import ConfigDict, field_validator, model_validator

from sim.scenario.domain import RISKS
from sim.scenario.fields import fixed, key
from sim.scenario.sections.caseload import Caseload, Target
from sim.scenario.sections.crime import Crime
from sim.scenario.sections.force import Calendar, Costs, Surge, Team
from sim.scenario.sections.offenders import Breaches, Drift, Register
from sim.scenario.sections.officers import Officers, Turnover
from sim.scenario.sections.online_abuse import OnlineAbuse
from sim.scenario.sections.safeguards import (
    Escalation,
    Intelligence,
    Mappa,
    Missing,
    Reactive,
    Records,
    Supervisors,
)
from sim.scenario.sections.work import InitialAssessment, Notifications, Reviews, Visits
from sim.scenario.values import ByRisk, Date, Part, Weight


class Lever(Part):
    """A dated change: from a date on, some values differ."""

    model_config = ConfigDict(populate_by_name=True)

    from_: Date = fixed("From", "First day of the new values.", alias="from")
    set: dict[str, Any] = fixed("Set", "The keys that change, dotted, with their new values.", min_length=1)


class Assumption(Part):
    """The source of a value and the quality of the evidence."""

    quality: Literal["red", "amber", "green"] = fixed(
        "Quality", "How good the evidence is: green published, amber indirect, red a guess."
    )
    impact: Literal["red", "amber", "green"] | None = fixed(
        "Impact", "How much the answer depends on it: red a lot, amber some, green little.", default=None
    )
    range: tuple[float, float] | None = fixed(
        "Range",
        "Lowest and highest plausible value: of a distribution, its mean; by risk level, that of the highest level; "
        "the others move in proportion.",
        default=None,
    )
    factor: tuple[float, float] | None = fixed(
        "Factor",
        "Instead of a range: the lowest and highest plausible multiple of the value; [0.5, 2] is half to double.",
        default=None,
    )
    source: str | None = fixed("Source", "Where the value was published.", default=None)
    date: Date | None = fixed("Date", "Date of the source.", default=None)
    note: str | None = fixed("Note", "What a reader should know about it.", default=None)

    @model_validator(mode="after")
    def _range_is_ordered(self) -> Assumption:
        for name, span in (("range", self.range), ("factor", self.factor)):
            if span and span[0] > span[1]:
                raise ValueError(f"{name} runs from {span[0]:g} down to {span[1]:g}; write the lower first")
        if self.range and self.factor:
            raise ValueError("has a range and a factor; give one of them")
        if self.factor and not 0 <= self.factor[0] <= 1 <= self.factor[1]:
            raise ValueError(f"factor {self.factor[0]:g} to {self.factor[1]:g} does not hold 1, the value as it stands")
        return self


# `register` is the field's word; that Python's abstract classes also have a method of this name is no clash here.
warnings.filterwarnings("ignore", message='Field name "register"')


PRIMARY_MEASURE = "overdue_visits"


class Scenario(Part):
    """A force, its policies, and what changes when."""

    name: str = fixed("Name", "What this scenario is called on every page.", min_length=1, max_length=120)
    about: str = fixed("About", "The question it answers, in a sentence or two.", default="")
    start: Date = fixed("First day", "The day whose caseload is known, from 1970 on.")
    end: Date = fixed("Last day", "The last day that is simulated: by 2100, and at most 50 years after the first.")
    replications: int = fixed(
        "Replications", "How many independent histories to simulate.", default=30, ge=1, le=100_000
    )
    seed: int = fixed("Seed", "Names the luck; the same seed gives the same histories.", default=1, ge=0, lt=2**32)
    teams: tuple[Team, ...] = fixed("Teams", "The teams of the force.", min_length=1, max_length=2000)
    calendar: Calendar = fixed("Calendar", "When work is done.", default=Calendar())
    officers: Officers = key("Officers", "The people who do the work.", default=Officers())
    turnover: Turnover = key("Turnover", "Which officers leave, and who comes after them.", default=Turnover())
    surge: Surge = fixed("Surge team", "Officers who join for a period to reduce the backlog.", default=Surge())
    supervisors: Supervisors = key("Supervisors", "Checks of plans and records by supervisors.", default=Supervisors())
    caseload: Caseload = key("Caseload", "Allocation of offenders and priorities.")
    visits: Visits = key("Visits", "Home visits.")
    reviews: Reviews = key("Reviews", "The structured risk assessment.", default=Reviews())
    notifications: Notifications = key("Notifications", "The annual confirmation of details.", default=Notifications())
    records: Records = key("Records", "Records without a next due date.", default=Records())
    initial_assessment: InitialAssessment = key(
        "Initial assessment", "The first work for a new offender.", default=InitialAssessment()
    )
    escalation: Escalation = key("Escalation", "Warrants after failed visits.", default=Escalation())
    missing: Missing = key("Missing", "Offenders who leave home without notifying the police.", default=Missing())
    intelligence: Intelligence = key("Intelligence", "Reports about offenders.", default=Intelligence())
    reactive: Reactive = key("Reactive management", "Desk checks in place of visits.", default=Reactive())
    mappa: Mappa = key("MAPPA meetings", "Multi-agency meetings.", default=Mappa())
    breaches: Breaches = key("Breaches", "Breaches: how often they begin and how they are found.", default=Breaches())
    drift: Drift = key("Drift", "Change of true risk.", default=Drift())
    register: Register = key("Register", "Registrations and departures.", default=Register())
    online_abuse: OnlineAbuse = key("Online child abuse", "Investigations beside the caseload.", default=OnlineAbuse())
    crime: Crime = key("Crime", "Crime investigation beside the caseload.", default=Crime())
    risk_weights: ByRisk[Weight] = fixed(
        "Risk weights",
        "Weight of a day of each risk level in risk coverage and in the priority of visits.",
        default={level.name: level.weight for level in RISKS},
    )
    target: Target = fixed("Target", "Definition of recovery.", default=Target())
    costs: Costs = fixed("Costs", "Cost of officers. No replication depends on it.", default=Costs())
    primary_measure: str = fixed(
        "Primary measure",
        "The one measure that decides the verdict of a comparison, named before it is run, such as overdue_visits or "
        "overdue_visits[high]. No replication depends on it.",
        default=PRIMARY_MEASURE,
    )
    levers: tuple[Lever, ...] = fixed("Levers", "Dated changes.", default=(), max_length=1000)
    assumptions: dict[str, Assumption] = fixed(
        "Assumptions", "For any key: the source of its value and the quality of the evidence.", default={}
    )

    @field_validator("primary_measure")
    @classmethod
    def _is_a_measure(cls, text: str) -> str:
        if text != PRIMARY_MEASURE:
            from sim.studies.target import measure_problem  # the measures know the model, which knows this schema

            if problem := measure_problem(text):
                raise ValueError(problem)
        return text

    @model_validator(mode="after")
    def _shift_fits_the_day(self) -> Scenario:
        if self.shift_hours > 24:
            raise ValueError(
                f"officers.hours_per_week: {self.officers.hours_per_week:g} hours in {self.days_worked_per_week} days "
                f"make shifts of {self.shift_hours:.1f} hours; a day has 24"
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
