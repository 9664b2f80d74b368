"""Crime investigation: how many crimes investigators hold, by experience, how long they take and how they end."""

from __future__ import annotations

import numpy as np

from sim.measure.counts import Counts
from sim.measure.metric import Metrics, Values, over_weeks, ratio, ratio_of_totals, total
from sim.measure.spells import Spells, happened
from sim.model.codes import NEVER
from sim.model.investigations.tables import NO_FURTHER_ACTION
from sim.scenario.sections.investigations import EXPERIENCE

CRIME = Metrics("crime", by="experience")

_KINDS = len(EXPERIENCE)


def _closed(counts: Counts, where: np.ndarray | bool = True, weight: np.ndarray | None = None) -> np.ndarray:
    """How many crimes ended up to each observation, by the experience of the investigator."""
    group, closed = 1 - counts.crimes["experienced"], counts.crimes["closed"]
    return happened(counts.days, _KINDS, group, closed, where & (closed < NEVER), weight)


def _open(counts: Counts, begins: str, ends: str) -> Values:
    crimes = counts.crimes
    return Spells(counts.days, 1, np.zeros(len(crimes)), crimes[begins], crimes[ends]).as_stock()


def _since_start(counts: Counts, times: np.ndarray) -> Values:
    within = (times >= 0) & (times < NEVER)
    return total(happened(counts.days, 1, np.zeros(len(times)), times, within), counts)


@CRIME.metric("crimes", "neither", by="nothing")
def crimes_received(counts: Counts) -> Values:
    """Crimes. Crimes that came in to be investigated."""
    return _since_start(counts, counts.crimes["received"])


@CRIME.metric("crimes", "lower", by="nothing")
def crimes_open(counts: Counts) -> Values:
    """Open crimes. Crimes whose investigation has not ended."""
    return _open(counts, "received", "closed")


@CRIME.metric("crimes", "lower", by="nothing")
def crimes_unallocated(counts: Counts) -> Values:
    """Crimes without an investigator. Crimes that wait because every investigator of the team holds the maximum."""
    return _open(counts, "received", "allocated")


def _held(counts: Counts) -> tuple[np.ndarray, np.ndarray]:
    """What each investigator holds at each observation, and the experience of those in post.

    Returns shapes (times, investigators): how many; and 1 for experienced, 2 for inexperienced, 0 for not in post.
    """
    held, posts = counts.investigated.held, counts.investigated.posts
    people = int(max(held["investigator"].max(initial=-1), posts["investigator"].max(initial=-1))) + 1

    def observed(spells: np.ndarray, weight: np.ndarray) -> np.ndarray:
        changes = np.zeros((len(counts.days) + 1, people))
        for times, sign in ((spells["begins"], 1), (spells["ends"], -1)):
            first = np.searchsorted(counts.days, times, side="left")
            np.add.at(changes, (first, spells["investigator"]), sign * weight)
        return np.cumsum(changes, axis=0)[:-1]

    return observed(held, np.ones(len(held))), observed(posts, 2 - posts["experienced"])


def _per_investigator(of_each: np.ndarray, present: np.ndarray) -> Values:
    """The mean over investigators in post, in total and by experience."""
    groups = [present > 0, *(present == kind + 1 for kind in range(_KINDS))]
    return over_weeks(np.array([ratio((of_each * group).sum(axis=1), group.sum(axis=1)) for group in groups]))


@CRIME.metric("crimes", "lower")
def crimes_per_investigator(counts: Counts) -> Values:
    """Crimes per investigator. Open crimes per investigator in post, and cases where a joint team has both. The average
    is over weeks."""
    return _per_investigator(*_held(counts))


@CRIME.metric("share", "lower")
def overloaded_investigators_share(counts: Counts) -> Values:
    """Overloaded investigators. Share of the investigators in post who hold more crimes than the scenario's threshold
    (crime.overload_threshold). The average is over weeks."""
    held, present = _held(counts)
    limit = np.zeros(len(counts.days))
    for day, scenario in counts.regimes:
        limit[counts.days >= day] = scenario.crime.overload_threshold
    return _per_investigator(held > limit[:, None], present)


@CRIME.metric("crimes", "higher")
def crimes_closed(counts: Counts) -> Values:
    """Crimes closed. Crimes whose investigation ended, by the experience of the investigator."""
    return total(_closed(counts), counts)


@CRIME.metric("days", "lower")
def crime_days(counts: Counts) -> Values:
    """Time to an outcome. Mean days from the receipt of a crime to its outcome, over the crimes closed."""
    crimes = counts.crimes
    days = np.where(crimes["closed"] < NEVER, crimes["closed"], 0.0) - crimes["received"]
    return ratio_of_totals(_closed(counts, weight=days), _closed(counts))


def _share_of_closed(counts: Counts, column: str, code: int) -> Values:
    return ratio_of_totals(_closed(counts, counts.crimes[column] == code), _closed(counts))


CRIME.define(_share_of_closed, "crimes_no_further_action_share", "share", "lower", "outcome", NO_FURTHER_ACTION)(
    "Crimes without a charge. Share of the crimes closed that ended in no further action."
)
CRIME.define(_share_of_closed, "crimes_below_level_share", "share", "lower", "below_level", 1)(
    "Closed below the level needed. Share of the crimes closed by an investigator below the level they need."
)


@CRIME.metric("share", "lower")
def crimes_passed_on_share(counts: Counts) -> Values:
    """Passed on. Share of the crimes closed that had been passed on to another investigator."""
    return ratio_of_totals(_closed(counts, counts.crimes["passed_on"] > 0), _closed(counts))


@CRIME.metric("reviews", "neither", by="nothing")
def crimes_reviewed(counts: Counts) -> Values:
    """Crimes reviewed. Reviews by supervisors."""
    return _since_start(counts, counts.investigated.reviews)
