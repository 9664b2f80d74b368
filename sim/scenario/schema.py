"""What a planner may write in a scenario: every key once, with its title, unit, meaning and range.

Validation, JSON Schema, reference page and `sim explain` all derive from it. What may happen (breaches, drift, ...)
does *not* happen by default: a number that shapes a result stands in the scenario, never hidden in here.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import PrivateAttr, model_validator

from sim.scenario.domain import RISKS
from sim.scenario.keys import Key, key_tree
from sim.scenario.sections.force import Calendar, Costs, Officers, Surge, Team, Turnover
from sim.scenario.sections.investigations import Crime, OnlineAbuse
from sim.scenario.sections.offenders import Breaches, Caseload, Drift, RecoveryTarget, Register
from sim.scenario.sections.work import (
    Escalation,
    InitialAssessment,
    Intelligence,
    Mappa,
    Missing,
    Notifications,
    Reactive,
    Records,
    Reviews,
    Supervisors,
    Visits,
)
from sim.scenario.source.faults import Fault, Place, ScenarioError
from sim.scenario.source.located import Located, changed, located
from sim.scenario.values import ByRisk, Date, Part, Weight, fixed, key, plain_value, shared_out

if TYPE_CHECKING:
    from sim.scenario.caseload_file.known import KnownCaseload


class Lever(Part):
    """A dated change: from a date on, some values differ."""

    from_: Date = fixed("From", "First day of the new values.", alias="from")
    set: dict[str, Any] = fixed("Set", "The keys that change, dotted, with their new values.", min_length=1)


class Assumption(Part):
    """The source of a value and the quality of the evidence."""

    quality: Literal["red", "amber", "green"] = fixed("Quality")
    """How good the evidence is: green published, amber indirect, red a guess."""
    impact: Literal["red", "amber", "green"] | None = fixed("Impact", default=None)
    """How much the answer depends on it: red a lot, amber some, green little."""
    range: tuple[float, float] | None = fixed("Range", default=None)
    """Lowest and highest plausible value: of a distribution, its mean; by risk level, that of the highest level; the
    others move in proportion.
    """
    factor: tuple[float, float] | None = fixed("Factor", default=None)
    """Instead of a range: the lowest and highest plausible multiple of the value; [0.5, 2] is half to double."""
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


TOTALS = {"officers.total": "officers", "caseload.total": "offenders"}
"""Keys whose value is the sum over the teams where the scenario does not give it, and the key of a team."""

PRIMARY_MEASURE = "overdue_visits"
"""What is compared first where a scenario does not say; its name is checked where the measures are known."""


class Scenario(Part):
    """A force, its policies, and what changes when."""

    name: str = fixed("Name", "What this scenario is called on every page.", min_length=1, max_length=120)
    about: str = fixed("About", "The question it answers, in a sentence or two.", default="")
    start: Date = fixed("First day", "The day whose caseload is known, from 1970 on.")
    end: Date = fixed("Last day", "The last day that is simulated: by 2100, and at most 50 years after the first.")
    replications: int = fixed("Replications", default=30, ge=1, le=100_000)
    """Number of independent replications to simulate."""
    seed: int = fixed(
        "Seed", "Seed for the random numbers. The same seed gives the same results.", default=1, ge=0, lt=2**32
    )
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
    initial_assessment: InitialAssessment = key("Initial assessment", default=InitialAssessment())
    """The first work for a new offender."""
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
    risk_weights: ByRisk[Weight] = fixed("Risk weights", default={level.name: level.weight for level in RISKS})
    """Weight of a day of each risk level in risk coverage and in the priority of visits."""
    target: RecoveryTarget = fixed("Target", "Definition of recovery.", default=RecoveryTarget())
    costs: Costs = fixed("Costs", "Cost of officers. No replication depends on it.", default=Costs())
    primary_measure: str = fixed("Primary measure", default=PRIMARY_MEASURE)
    """The one measure that decides the verdict of a comparison, named before it is run, such as overdue_visits or
    overdue_visits[high]. No replication depends on it.
    """
    levers: tuple[Lever, ...] = fixed("Levers", "Dated changes.", default=(), max_length=1000)
    assumptions: dict[str, Assumption] = fixed("Assumptions", default={})
    """For any key: the source of its value and the quality of the evidence."""

    _known_caseload: KnownCaseload | None = PrivateAttr(default=None)
    """The rows of the caseload file, which are too many to be written in a scenario."""
    _regimes: dict[tuple[int, ...], Scenario] = PrivateAttr(default_factory=dict)
    """The regimes made so far, by the levers in force."""

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
        """Contracted hours of a shift, before what is not available for the caseload."""
        return self.officers.hours_per_week / self.days_worked_per_week

    @property
    def horizon_days(self) -> int:
        """Days from the first to the last, both included."""
        return (self.end - self.start).days + 1

    @property
    def headcounts(self) -> list[tuple[int, int]]:
        """Officers and offenders of each team, in the order of the teams.

        `officers.total` and `caseload.total` are shared among the teams by their shares, or in proportion to their own
        numbers; the sums are exact.
        """
        officers = shared_out(self.officers.total, [team.officers_share or team.officers or 0 for team in self.teams])
        offenders = [team.offenders_share or team.offenders or 0 for team in self.teams]
        return list(zip(officers, shared_out(self.caseload.total, offenders), strict=True))

    def sum_over_teams(self, key: str) -> int:
        """What one of `TOTALS` comes to, whether the force or its teams give it."""
        return sum(counts[list(TOTALS).index(key)] for counts in self.headcounts)

    @property
    def surge_headcounts(self) -> list[int]:
        """Officers of the surge team who work with each team, shared in proportion to the teams' offenders."""
        return self._by_offenders(self.surge.officers)

    @property
    def investigators_by_area(self) -> list[int]:
        """Crime investigators of each area, shared in proportion to its offenders; one number for a central team."""
        return self._by_area(self.crime.investigators)

    @property
    def graders_by_area(self) -> list[int]:
        """Graders of online child abuse who work in each crime team, if the teams are joint."""
        return self._by_area(self.online_abuse.grading.officers if self.online_abuse.team == "joint" else 0)

    def _by_area(self, officers: int) -> list[int]:
        return [officers] if self.crime.team == "central" else self._by_offenders(officers)

    def _by_offenders(self, total: int) -> list[int]:
        offenders = [offenders for _, offenders in self.headcounts]
        return shared_out(total, offenders if any(offenders) else [1] * len(offenders))

    @property
    def counts_backlog(self) -> bool:
        """Does the scenario say in numbers how many offenders are overdue on the first day?"""
        in_force = (self.caseload.overdue_visits_at_start, self.caseload.overdue_reviews_at_start)
        of_teams = (number for team in self.teams for number in (team.overdue_visits, team.overdue_reviews))
        return any(number is not None for number in (*in_force, *of_teams))

    @property
    def known_caseload(self) -> KnownCaseload | None:
        """The rows of the caseload file; None if the caseload is generated.

        Raises ScenarioError if the file was not read, as after opening a run folder.
        """
        file, known = self.caseload.file, self._known_caseload
        if file and (known is None or known.content_hash != self.caseload.file_hash):
            raise ScenarioError([Fault(Place("caseload.file"), f"{file} has not been read; read the scenario anew")])
        return known if file else None

    def with_caseload(self, known: KnownCaseload | None) -> Scenario:
        """The same scenario with the rows of its caseload file."""
        other = self.model_copy()
        other._known_caseload = known
        return other

    def update(self, changes: Mapping[str, Any]) -> Scenario:
        """The same scenario with other values under some dotted keys: `{"visits.interval_days.low": 300}`.

        A mapping changes what it names and leaves the rest. Each value is checked by the schema, once; what holds
        between keys is checked where a scenario is read, see `LoadedScenario.update`. Raises pydantic's
        ValidationError.
        """
        keys, values = scenario_keys(), {name: getattr(self, name) for name in type(self).model_fields}
        sections: dict[str, Located] = {}
        for name, value in changes.items():
            section, *route = keys.route_to(name)
            before = sections.get(section) or located(plain_value(values[section]))
            sections[section] = changed(before, route, located(plain_value(value)), keys.children[section])
        # Sections that are typed already are not checked again.
        values |= {name: section.plain() for name, section in sections.items()}
        return Scenario.model_validate(values).with_caseload(self._known_caseload)

    def regime(self, in_force: Iterable[int]) -> Scenario:
        """The values in force while some levers are, each given by its place in `levers`; made once for each set.

        Levers add up in the order of their dates, those of one date in the order written.
        """
        order = sorted(set(in_force), key=lambda number: (self.levers[number].from_, number))
        regime = self
        for length, number in enumerate(order, start=1):
            levers = tuple(order[:length])
            if levers not in self._regimes:
                self._regimes[levers] = regime.update(self.levers[number].set)
            regime = self._regimes[levers]
        return regime

    @property
    def content_hash(self) -> str:
        """A hash of everything that shapes a replication; not of their number, as more extend the same run."""
        # Of a caseload file the content counts, not how it is called.
        document = self.model_dump(mode="json", by_alias=True, exclude={"replications", "primary_measure"})
        document["caseload"].pop("file", None)
        return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()

    @property
    def regimes(self) -> tuple[tuple[int, Scenario], ...]:
        """The regime from each day on which something changes: (days since the start, values in force from then on).

        The first begins on day 0.
        """
        by_date = sorted(range(len(self.levers)), key=lambda number: self.levers[number].from_)
        later = {
            (self.levers[number].from_ - self.start).days: self.regime(by_date[: place + 1])
            for place, number in enumerate(by_date)
        }
        return tuple({0: self, **later}.items())

    def __copy__(self) -> Scenario:
        other = super().__copy__()
        other._regimes = {}  # a copy is made to have other values
        return other

    def __eq__(self, other: object) -> bool:
        # The hash of a caseload file is a value, so that its rows, which may not have been read, need no comparison.
        return isinstance(other, Scenario) and self.__dict__ == other.__dict__

    def __reduce__(self) -> tuple[Any, ...]:
        # As text, because classes such as ByRisk[Share] have no name under which another process finds them.
        return _arrived, (self.model_dump_json(by_alias=True), self._known_caseload)


@lru_cache(maxsize=64)
def _arrived(document: str, known: KnownCaseload | None) -> Scenario:
    """A scenario from another process: validated once there, as many replications of it follow each other."""
    return Scenario.model_validate_json(document).with_caseload(known)


@cache
def scenario_keys() -> Key:
    return key_tree(Scenario)
