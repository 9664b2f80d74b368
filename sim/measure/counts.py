"""Reading the tally: how many, how many days, how often, at each week and by risk.

Everything here has the risk levels first and their sum in front: row 0 is the total, rows 1 to 4 are low to
very high.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.model import codes
from sim.model.investigations.tables import NOTHING_INVESTIGATED
from sim.model.policy import officer_hours_by_kind
from sim.model.simulate import ReplicationResult
from sim.scenario.schema import Scenario


def _by_kind(counted: np.ndarray) -> np.ndarray:
    """From shape (times, risks, kinds) to (kinds, risks, times), in which times are next to each other."""
    return np.ascontiguousarray(counted.T)


def _with_total(by_kind: np.ndarray) -> np.ndarray:
    """From shape (kinds, risks, times) to (kinds, 5, times), with the total in front."""
    return np.concatenate([by_kind.sum(axis=1, keepdims=True), by_kind], axis=1)


def _handed_down(earliest: np.ndarray) -> np.ndarray:
    """The earliest at each observation, shape (times, extremes, risks), from those of runs of 2 ** level times."""
    runs = earliest.copy()
    for level in range(runs.shape[3] - 1, 0, -1):
        half = 1 << (level - 1)
        if half >= len(runs):
            continue
        np.minimum(runs[..., level - 1], runs[..., level], out=runs[..., level - 1])
        np.minimum(runs[half:, ..., level - 1], runs[:-half, ..., level], out=runs[half:, ..., level - 1])
    return runs[..., 0]


class Counts:
    """What one history counted. `days`: the observation times, every week from 0, and the horizon.

    `tally`: that of four teams, which then stand where of the force the risk levels stand.
    """

    def __init__(self, history: ReplicationResult, tally: np.ndarray | None = None) -> None:
        self.days = history.observation_times
        self.horizon = float(history.observation_times[-1])
        self.weeks = self.horizon / codes.DAYS_PER_WEEK
        self.scenario = history.plan.scenario
        self._regimes = history.plan.regimes
        self.stages = [(regime.day, regime.scenario) for regime in self._regimes]
        self.investigated = history.investigated or NOTHING_INVESTIGATED
        self._tally = history.tally if tally is None else tally
        self._earliest = _handed_down(self._tally["earliest"])[: len(self.days)]

    def stock(self, stock: int) -> np.ndarray:
        """How many at each observation, shape (5, times)."""
        return self._stocks[stock]

    def stock_days(self, stock: int) -> np.ndarray:
        """Offender-days in the condition from the first day up to each observation, shape (5, times)."""
        return self._stock_days[stock]

    def flow(self, flow: int) -> np.ndarray:
        """How much happened up to each observation, shape (5, times); 0 at the first."""
        return self._flows[flow]

    @cached_property
    def _counted(self) -> np.ndarray:
        return np.cumsum(_by_kind(self._tally["spells"][: len(self.days), ..., 0]), axis=2)

    @cached_property
    def _stocks(self) -> np.ndarray:
        return _with_total(np.rint(self._counted))

    @cached_property
    def _stock_days(self) -> np.ndarray:
        begun = np.cumsum(_by_kind(self._tally["spells"][: len(self.days), ..., 1]), axis=2)
        return _with_total(np.maximum(self.days * self._counted - begun, 0.0))

    @cached_property
    def _flows(self) -> np.ndarray:
        by_week = _by_kind(self._tally["flow"][: len(self.days) - 1])
        running = np.zeros((*by_week.shape[:2], len(self.days)))
        np.cumsum(by_week, axis=2, out=running[..., 1:])
        return _with_total(running)

    def hours(self, *uses: int) -> np.ndarray:
        """Officer-hours of some uses together up to each observation, shape (1, times)."""
        by_week = self._tally["hours"][: len(self.days) - 1, list(uses)].sum(axis=1)
        return np.concatenate([[0.0], np.cumsum(by_week)])[None, :]

    def earliest(self, extreme: int) -> np.ndarray:
        """The earliest of some date at each observation, shape (5, times); NEVER where nobody is concerned."""
        by_risk = self._earliest[:, extreme].T
        return np.concatenate([by_risk.min(axis=0, keepdims=True), by_risk])

    def hours_demanded(self) -> np.ndarray:
        """Officer-hours the caseload asks for up to each observation if all were done on time, shape (1, times).

        NaN from where visits can never succeed: no number of hours would do.
        """
        reactive = np.diff(self.stock_days(codes.ON_REACTIVE)[1:], axis=1)
        visited = np.diff(self.stock_days(codes.MANAGED)[1:], axis=1) - reactive
        demanded = np.zeros(len(self.days))
        starts = [regime.day for regime in self._regimes]
        for number, regime in enumerate(self._regimes):
            until = starts[number + 1] if number + 1 < len(starts) else np.inf
            inside = (self.days[1:] > regime.day) & (self.days[:-1] < until)
            weekly = hours_demanded_per_offender_day(regime.scenario) @ visited
            if reactive.any():
                weekly += hours_demanded_per_reactive_day(regime.scenario) * reactive.sum(axis=0)
            newcomers = hours_demanded_by_newcomers_per_day(regime.scenario) * np.diff(self.days)
            # A week in which a lever falls counts for the values that hold at its end.
            owner = inside & (self.days[1:] <= until)
            demanded[1:] += np.where(owner, weekly + newcomers, 0.0)
        demanded = np.cumsum(demanded)
        return np.where(np.isfinite(demanded), demanded, np.nan)[None, :]


def hours_demanded_per_offender_day(scenario: Scenario) -> np.ndarray:
    """Expected officer-hours per offender and day by recorded risk if nothing were late, shape (4,).

    Visits with their failed attempts, reviews, notifications, meetings, and enquiries into every breach that begins.
    """
    hours = officer_hours_by_kind(scenario)
    visit_interval = np.array([interval.expected for interval in scenario.visits.interval_days.values()])
    plan, mappa = scenario.caseload.own_plan, scenario.mappa
    visit_interval = visit_interval * (1 - plan.share + plan.share * plan.interval_factor.expected)
    meetings = (
        np.array(mappa.level_2_share.values()) / mappa.level_2_interval_days
        + np.array(mappa.level_3_share.values()) / mappa.level_3_interval_days
    )
    breaches = np.array(scenario.breaches.per_year.values()) / codes.DAYS_PER_YEAR
    missed = scenario.notifications.missed_share / scenario.notifications.interval_days
    return (
        hours[codes.VISIT] / visit_interval
        + hours[codes.REVIEW] / scenario.reviews.interval_days
        + hours[codes.NOTIFICATION] / scenario.notifications.interval_days
        + hours[codes.MEETING] * meetings
        + hours[codes.ENQUIRY] * (breaches + missed)
    )


def hours_demanded_per_reactive_day(scenario: Scenario) -> float:
    """Expected officer-hours per day of an offender in reactive management: desk checks, notifications, enquiries."""
    hours = officer_hours_by_kind(scenario)[:, codes.LOW]
    missed = scenario.notifications.missed_share / scenario.notifications.interval_days
    breaches = scenario.breaches.per_year.low / codes.DAYS_PER_YEAR
    return (
        hours[codes.DESK_CHECK] / scenario.reactive.check_interval_days
        + hours[codes.NOTIFICATION] / scenario.notifications.interval_days
        + hours[codes.ENQUIRY] * (breaches + missed)
    )


def hours_demanded_by_newcomers_per_day(scenario: Scenario) -> float:
    """Expected officer-hours a day for intakes of new offenders."""
    initial_assessment = officer_hours_by_kind(scenario)[codes.INITIAL_ASSESSMENT, 0]
    return scenario.register.new_per_year / codes.DAYS_PER_YEAR * initial_assessment
