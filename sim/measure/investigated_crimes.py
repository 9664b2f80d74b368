"""Crime investigation: how many crimes investigators hold, by experience, how long they take and how they end."""

from __future__ import annotations

import numpy as np

from sim.measure.counts import Counts
from sim.measure.metric import Grouping, Values, metric_of, ratio, ratio_of_totals, total
from sim.measure.spells import Spells, happened
from sim.model.codes import NEVER
from sim.model.investigations.tables import NO_FURTHER_ACTION
from sim.scenario.sections.crime import EXPERIENCE

KINDS = len(EXPERIENCE)


def _metric(name: str, title: str, definition: str, unit: str, better: str, by: Grouping = "experience"):
    return metric_of("crime", by, name, title, definition, unit, better)


def _group(experienced: np.ndarray) -> np.ndarray:
    return 1 - experienced


def _closed(counts: Counts, where: np.ndarray | None = None, weight: np.ndarray | None = None) -> np.ndarray:
    """How many crimes ended up to each observation, by the experience of who ended them."""
    crimes = counts.investigated.crimes
    known = crimes["closed"] < NEVER if where is None else where & (crimes["closed"] < NEVER)
    group = _group(crimes["experienced"])[known]
    return happened(counts.days, KINDS, group, crimes["closed"][known], None if weight is None else weight[known])


def _share_of_closed(counts: Counts, where: np.ndarray) -> Values:
    values = ratio_of_totals(_closed(counts, where), _closed(counts))
    return Values(values.weekly, None, values.average)


def _since_start(counts: Counts, column: str) -> np.ndarray:
    times = counts.investigated.crimes[column]
    times = times[(times >= 0) & (times < NEVER)]
    return happened(counts.days, 0, np.zeros(len(times), int), times)


def _open(counts: Counts, begins: str, ends: str) -> Values:
    crimes = counts.investigated.crimes
    nobody = np.zeros(len(crimes), int)
    return Spells(counts.days, 0, nobody, crimes[begins], crimes[ends]).as_stock()


@_metric("crimes_received", "Crimes", "Crimes that came in to be investigated.", "crimes", "neither", by="nothing")
def _crimes_received(counts: Counts) -> Values:
    return total(_since_start(counts, "received"), counts)


@_metric("crimes_open", "Open crimes", "Crimes that have not ended.", "crimes", "lower", by="nothing")
def _crimes_open(counts: Counts) -> Values:
    return _open(counts, "received", "closed")


@_metric(
    "crimes_unallocated",
    "Crimes without an investigator",
    "Crimes that wait because every investigator of the team holds as many as allowed.",
    "crimes",
    "lower",
    by="nothing",
)
def _crimes_unallocated(counts: Counts) -> Values:
    return _open(counts, "received", "allocated")


def _in_hand(counts: Counts) -> tuple[np.ndarray, np.ndarray]:
    """What each investigator holds at each observation, and the experience of who is in post.

    Returns shapes (times, investigators): how many; and group + 1, or 0 for who is not in post.
    """
    held, posts = counts.investigated.held, counts.investigated.posts
    people = int(max(held["investigator"].max(initial=-1), posts["investigator"].max(initial=-1))) + 1

    def marked(spells: np.ndarray, weight: np.ndarray) -> np.ndarray:
        changes = np.zeros((len(counts.days) + 1, people))
        for times, sign in ((spells["begins"], 1), (spells["ends"], -1)):
            observed = np.searchsorted(counts.days, times, side="left")
            np.add.at(changes, (observed, spells["investigator"]), sign * weight)
        return np.cumsum(changes, axis=0)[:-1]

    return marked(held, np.ones(len(held))), marked(posts, _group(posts["experienced"]) + 1)


def _by_experience(of_each: np.ndarray, present: np.ndarray) -> np.ndarray:
    """The mean over investigators in post at each observation, shape (1 + kinds, times)."""
    rows = [present > 0, *(present == kind + 1 for kind in range(KINDS))]
    return np.array([ratio((of_each * where).sum(axis=1), where.sum(axis=1)) for where in rows])


def _over_marks(at_marks: np.ndarray) -> Values:
    with np.errstate(invalid="ignore"):
        known = np.isfinite(at_marks)
        mean = ratio(np.where(known, at_marks, 0.0).sum(axis=1), known.sum(axis=1))
    return Values(at_marks, at_marks[:, -1], mean)


@_metric(
    "crimes_per_investigator",
    "Crimes per investigator",
    "Crimes in hand for each investigator in post, and cases where a joint team has both. The average is over weeks.",
    "crimes",
    "lower",
)
def _crimes_per_investigator(counts: Counts) -> Values:
    return _over_marks(_by_experience(*_in_hand(counts)))


@_metric(
    "overloaded_investigators_share",
    "Investigators with too many crimes",
    "Share of the investigators in post who hold more crimes than the scenario calls too many "
    "(crime.overload_threshold). The average is over weeks.",
    "share",
    "lower",
)
def _overloaded_investigators_share(counts: Counts) -> Values:
    held, present = _in_hand(counts)
    limit = np.zeros(len(counts.days))
    for day, scenario in counts.stages:
        limit[counts.days >= day] = scenario.crime.overload_threshold
    return _over_marks(_by_experience(held > limit[:, None], present))


@_metric("crimes_closed", "Crimes closed", "Crimes that ended, by who ended them.", "crimes", "higher")
def _crimes_closed(counts: Counts) -> Values:
    return total(_closed(counts), counts)


@_metric(
    "crime_days",
    "Time to an outcome",
    "Mean days from when a crime came in until it ended, over the crimes ended.",
    "days",
    "lower",
)
def _crime_days(counts: Counts) -> Values:
    crimes = counts.investigated.crimes
    days = np.where(crimes["closed"] < NEVER, crimes["closed"], 0.0) - crimes["received"]
    values = ratio_of_totals(_closed(counts, weight=days), _closed(counts))
    return Values(values.weekly, None, values.average)


@_metric(
    "crimes_no_further_action_share",
    "Crimes without a charge",
    "Share of the crimes ended that ended in no further action.",
    "share",
    "lower",
)
def _crimes_no_further_action_share(counts: Counts) -> Values:
    return _share_of_closed(counts, counts.investigated.crimes["outcome"] == NO_FURTHER_ACTION)


@_metric(
    "crimes_below_level_share",
    "Closed below the level needed",
    "Share of the crimes ended by somebody below the level they need.",
    "share",
    "lower",
)
def _crimes_below_level_share(counts: Counts) -> Values:
    return _share_of_closed(counts, counts.investigated.crimes["below_level"] == 1)


@_metric(
    "crimes_passed_on_share",
    "Passed on",
    "Share of the crimes ended that had been passed on to another investigator.",
    "share",
    "lower",
)
def _crimes_passed_on_share(counts: Counts) -> Values:
    return _share_of_closed(counts, counts.investigated.crimes["passed_on"] > 0)


@_metric("crimes_reviewed", "Crimes reviewed", "Reviews by supervisors.", "reviews", "neither", by="nothing")
def _crimes_reviewed(counts: Counts) -> Values:
    reviews = counts.investigated.reviews
    return total(happened(counts.days, 0, np.zeros(len(reviews), int), reviews), counts)
