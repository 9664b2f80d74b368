"""The metrics recomputed from the event log alone, in the slow and plain way.

The model counts while it runs, by differences, and never looks back. Here it is done the other way round: the log is
laid out as spells, and whatever a metric asks for is read off those. The two share no code, so that each checks the
other.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.support.spells import part, spells_of

GROUPS = ("total", "low", "medium", "high", "very_high")
YEAR_DAYS = 365


Posts = list[tuple[float, int]]
"""Days on which the number of posts of the force changes, the first day among them, and the number from then on."""


def recount(
    events: pd.DataFrame, horizon_days: int, grace_days: int, risk_weights: dict[str, float], posts: Posts
) -> pd.DataFrame:
    """What the log says of each metric: statistic, day, metric, group and value, as `sim.measure.tabulate` has them.

    `grace_days`: how long after its due date a piece of work is overdue: from the next day (1), or at once (0).
    `posts`: posts are decided on, and so no event; in each there is an officer until the log says that one left.
    """
    times = np.append(np.arange(0.0, horizon_days, 7.0), float(horizon_days))
    spells = spells_of(events)
    happened = events[(events.day >= 0) & (events.day <= horizon_days)]
    return pd.concat(
        [
            *_stocks_and_shares(spells, times, grace_days, risk_weights),
            *_ages(spells, times, grace_days),
            *_visits(happened, events, times),
            *_work_and_reports(happened, events, times),
            *_officers(events, spells, times, posts),
            *_reviews(spells, times),
            *_breaches(events, spells, times),
        ],
        ignore_index=True,
    )


# --- from spells and events to numbers ----------------------------------------------------------------------------


def _by_group(rows: pd.DataFrame, count) -> dict[str, np.ndarray]:
    """`count` of the rows of each risk level, and their sum as the total."""
    levels = {group: count(rows[rows.risk == group]) for group in GROUPS[1:]}
    return {"total": sum(levels.values()), **levels}


def _at_times(spells: pd.DataFrame, times: np.ndarray, weight: str | None = None) -> dict[str, np.ndarray]:
    """How many spells each observation time falls into; one that begins there counts, one that ends there does not."""

    def count(rows: pd.DataFrame) -> np.ndarray:
        inside = (rows.begins.to_numpy() <= times[:, None]) & (times[:, None] < rows.ends.to_numpy())
        return (inside * (1.0 if weight is None else rows[weight].to_numpy())).sum(axis=1)

    return _by_group(spells, count)


def _days(spells: pd.DataFrame, times: np.ndarray, weight: str | None = None) -> dict[str, np.ndarray]:
    """Days passed in the spells from the first day up to each observation."""

    def count(rows: pd.DataFrame) -> np.ndarray:
        upto = np.minimum(rows.ends.to_numpy(), times[:, None]) - np.minimum(rows.begins.to_numpy(), times[:, None])
        return (upto * (1.0 if weight is None else rows[weight].to_numpy())).sum(axis=1)

    return _by_group(spells, count)


def _in_weeks(events: pd.DataFrame, times: np.ndarray, amount: str | None = None) -> dict[str, np.ndarray]:
    """How many events, or how much of something, fell into each week."""
    weeks = len(times) - 1

    def count(rows: pd.DataFrame) -> np.ndarray:
        week = np.minimum(rows.day.to_numpy() // 7, weeks - 1).astype(int)
        return np.bincount(week, None if amount is None else rows[amount].to_numpy(), weeks).astype(float)

    return _by_group(events, count)


def _rows(metric: str, weekly=None, at_end=None, average=None, days=None) -> pd.DataFrame:
    """The rows of one metric; each argument has a value for each group, `weekly` one for each of `days`."""
    tables = []
    for group, series in (weekly or {}).items():
        tables.append(pd.DataFrame({"statistic": "week", "day": days, "group": group, "value": series}))
    for statistic, values in (("at_end", at_end), ("average", average)):
        for group, value in (values or {}).items():
            tables.append(pd.DataFrame({"statistic": [statistic], "day": np.nan, "group": group, "value": value}))
    return pd.concat(tables).assign(metric=metric)


def _each(function, *by_group: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {group: function(*(item[group] for item in by_group)) for group in by_group[0]}


def _ratio(top, bottom):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, np.divide(top, bottom), np.nan)


def _last(by_group: dict[str, np.ndarray]) -> dict[str, float]:
    return _each(lambda series: series[-1], by_group)


def _stock(metric: str, spells: pd.DataFrame, times: np.ndarray) -> pd.DataFrame:
    """At each observation, and on average over the horizon."""
    at_times, days = _at_times(spells, times), _days(spells, times)
    return _rows(metric, at_times, _last(at_times), _each(lambda series: series[-1] / times[-1], days), times)


def _share(metric: str, part, whole, part_days, whole_days, times: np.ndarray) -> pd.DataFrame:
    """At each observation, and over all offender-days."""
    at_times = _each(_ratio, part, whole)
    return _rows(metric, at_times, _last(at_times), _each(_ratio, _last(part_days), _last(whole_days)), times)


def _total(metric: str, weekly: dict[str, np.ndarray], times: np.ndarray) -> pd.DataFrame:
    """In each week, in total, and per week."""
    weeks = times[-1] / 7
    over_horizon = _each(np.sum, weekly)
    return _rows(metric, weekly, over_horizon, _each(lambda total: total / weeks, over_horizon), times[1:])


def _quotient(metric: str, top, bottom, times: np.ndarray) -> pd.DataFrame:
    """In each week, and in total."""
    return _rows(
        metric, _each(_ratio, top, bottom), None, _each(_ratio, _each(np.sum, top), _each(np.sum, bottom)), times[1:]
    )


# --- the metrics --------------------------------------------------------------------------------------------------


def _stocks_and_shares(spells: pd.DataFrame, times: np.ndarray, grace_days: int, risk_weights: dict[str, float]):
    managed = part(spells[spells["where"] == "community"])
    on_visit_list = managed[managed.visit_due < np.inf]
    overdue = part(on_visit_list, begins=np.maximum(on_visit_list.begins, on_visit_list.visit_due + grace_days))
    seen = part(on_visit_list, ends=on_visit_list.last_seen_unannounced + YEAR_DAYS)
    yield _stock("offenders_managed", managed, times)
    yield _stock("offenders_in_custody", part(spells[spells["where"] == "custody"]), times)
    yield _stock("offenders_missing", part(spells[spells["where"] == "missing"]), times)
    yield _stock("lost_records", managed[managed.record_lost], times)
    yield _stock("offenders_reactive", managed[managed.reactive], times)
    yield _stock("offenders_awaiting_initial_assessment", managed[managed.awaits_initial_assessment], times)
    yield _stock("unallocated_offenders", managed[managed.officer < 0], times)
    yield _stock("overdue_visits", overdue, times)
    late = managed.assign(begins=np.maximum(managed.begins, managed.review_due + grace_days))
    yield _stock("overdue_reviews", part(late, begins=late.begins), times)

    on_list, on_list_days = _at_times(on_visit_list, times), _days(on_visit_list, times)
    not_late, not_late_days = _at_times(overdue, times), _days(overdue, times)
    yield _share("overdue_visits_share", not_late, on_list, not_late_days, on_list_days, times)
    in_date, in_date_days = _each(np.subtract, on_list, not_late), _each(np.subtract, on_list_days, not_late_days)
    yield _share("visit_coverage", in_date, on_list, in_date_days, on_list_days, times)

    def weighted(by_group: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return by_group | {"total": sum(by_group[level] * weight for level, weight in risk_weights.items())}

    of_risk = [weighted(by_group) for by_group in (in_date, on_list, in_date_days, on_list_days)]
    yield _share("risk_coverage", *of_risk, times)
    yield _share("unannounced_coverage", _at_times(seen, times), on_list, _days(seen, times), on_list_days, times)


def _ages(spells: pd.DataFrame, times: np.ndarray, grace_days: int):
    managed = part(spells[spells["where"] == "community"])
    on_visit_list = managed[managed.visit_due < np.inf]
    overdue = part(on_visit_list, begins=np.maximum(on_visit_list.begins, on_visit_list.visit_due + grace_days))
    missing = part(spells[spells["where"] == "missing"])
    for metric, rows, since in (
        ("oldest_overdue_visit_days", overdue, "visit_due"),
        ("longest_unseen_days", pd.concat([on_visit_list, managed[managed.record_lost], missing]), "last_seen"),
    ):
        ages = {}
        for group in GROUPS:
            some = rows if group == "total" else rows[rows.risk == group]
            inside = (some.begins.to_numpy() <= times[:, None]) & (times[:, None] < some.ends.to_numpy())
            ages[group] = np.where(inside, times[:, None] - some[since].to_numpy(), 0.0).max(axis=1, initial=0.0)
        yield _rows(metric, ages, _last(ages), _each(np.mean, ages), times)


def _visits(happened: pd.DataFrame, events: pd.DataFrame, times: np.ndarray):
    attempts = happened[happened.event == "visit"]
    seen = _in_weeks(attempts[attempts.outcome == "seen"], times)
    failed = _in_weeks(attempts[attempts.outcome == "no_contact"], times)
    made = _in_weeks(attempts, times)
    yield _total("visit_attempts", made, times)
    yield _total("visits_completed", seen, times)
    yield _quotient("failed_attempts_share", failed, made, times)
    yield _quotient("unannounced_attempts_share", _in_weeks(attempts[~attempts.announced], times), made, times)
    # Without those of a visit that is still going on at the horizon.
    hours = events.minutes[events.event == "visit"].sum() / 60
    yield _rows("hours_per_contact", average={"total": _ratio(hours, seen["total"].sum())})


def _work_and_reports(happened: pd.DataFrame, events: pd.DataFrame, times: np.ndarray):
    for metric, event in (
        ("warrants_executed", "warrant"),
        ("enquiries_completed", "enquiry"),
        ("desk_checks_completed", "desk_check"),
        ("meetings_held", "meeting"),
        ("reports_received", "reported"),
    ):
        yield _total(metric, _in_weeks(happened[happened.event == event], times), times)
    # Hours belong to the shift, which may end in another week; in total they are the hours of all work done.
    over_horizon = events.minutes.sum() / 60
    yield _rows("hours_worked", at_end={"total": over_horizon}, average={"total": over_horizon / (times[-1] / 7)})


def _reviews(spells: pd.DataFrame, times: np.ndarray):
    # A review counts for the level that stood on record before it.
    reviews = spells[(spells.event == "review") & (spells.day <= times[-1])].assign(risk=lambda rows: rows.risk_before)
    yield _total("reviews_completed", _in_weeks(reviews, times), times)


def _officers(events: pd.DataFrame, spells: pd.DataFrame, times: np.ndarray, posts: Posts):
    comings = _changes(events, {"officer_joined": 1, "officer_left": -1})
    decided = pd.DataFrame(posts, columns=["day", "posts"])
    decided["change"] = decided.posts.diff().fillna(decided.posts)
    in_post = pd.concat([decided.head(1)[["day", "change"]], comings])
    vacant = pd.concat([decided[["day", "change"]], in_post.assign(change=-in_post.change)])
    officers, officer_days = _running(in_post, times)
    yield _stock_of_the_force("officers_in_post", officers, officer_days, times)
    yield _stock_of_the_force("vacant_posts", *_running(vacant, times), times)

    managed = part(spells[spells["where"] == "community"])
    per_officer = {"total": _ratio(_at_times(managed, times)["total"], officers)}
    on_average = {"total": _ratio(_days(managed, times)["total"][-1], officer_days)}
    yield _rows("caseload_per_officer", per_officer, _last(per_officer), on_average, times)


def _changes(events: pd.DataFrame, by: dict[str, int]) -> pd.DataFrame:
    """A row for each event of some kinds: its day, and what it changes."""
    some = events[events.event.isin(by)]
    return pd.DataFrame({"day": some.day, "change": some.event.astype(str).map(by)})


def _running(changes: pd.DataFrame, times: np.ndarray) -> tuple[np.ndarray, float]:
    """How many there are at each observation, those of that very moment among them, and how many days in total."""
    changes = changes[changes.day <= times[-1]]
    day, change = changes.day.to_numpy(float), changes.change.to_numpy(float)
    return ((day <= times[:, None]) * change).sum(axis=1), float(((times[-1] - day) * change).sum())


def _stock_of_the_force(metric: str, at_times: np.ndarray, days: float, times: np.ndarray) -> pd.DataFrame:
    return _rows(metric, {"total": at_times}, {"total": at_times[-1]}, {"total": days / times[-1]}, times)


def untrained(events: pd.DataFrame, horizon_days: int, posts: int) -> pd.DataFrame:
    """The untrained of a force where nobody is trained before a course, and no post comes or goes.

    Only anyone who has been on the course is trained, until that officer leaves; the log names the post.
    """
    times = np.append(np.arange(0.0, horizon_days, 7.0), float(horizon_days))
    changes, trained = [(0.0, posts)], set()
    for row in events.itertuples():
        if row.event == "officer_trained":
            trained.add(row.officer)
            changes.append((row.day, -1))
        elif row.event == "officer_left":
            changes.append((row.day, 0 if row.officer in trained else -1))
            trained.discard(row.officer)
        elif row.event == "officer_joined":
            changes.append((row.day, 1))
    return _stock_of_the_force(
        "untrained_officers", *_running(pd.DataFrame(changes, columns=["day", "change"]), times), times
    )


def _breaches(events: pd.DataFrame, spells: pd.DataFrame, times: np.ndarray):
    managed = part(spells[spells["where"] == "community"])
    hidden = managed[managed.true_risk.map(GROUPS.index) > managed.risk.map(GROUPS.index)]
    yield _total("hidden_risk_days", _each(np.diff, _days(hidden, times)), times)
    yield _total("latent_breach_days", _each(np.diff, _days(managed, times, "latent_breaches")), times)

    discoveries = discoveries_of(events)
    discoveries = discoveries[(discoveries.day >= 0) & (discoveries.day <= times[-1])]
    found = _in_weeks(discoveries, times)
    yield _total("breaches_found", found, times)
    yield _quotient("breach_detection_days", _in_weeks(discoveries, times, "latent_days"), found, times)

    so_far = _each(lambda series: np.append(0.0, np.cumsum(series)), found)
    latent = _at_times(managed, times, "latent_breaches")
    share = _each(lambda top, rest: _ratio(top, top + rest), so_far, latent)
    yield _rows("breaches_found_share", share, _last(share), None, times)


def discoveries_of(events: pd.DataFrame) -> pd.DataFrame:
    """One row for each breach that was found: when (`day`), the risk on record, and how long it lay (`latent_days`)."""
    began: dict[int, list[float]] = {}
    found = []
    for row in events.itertuples():
        if row.event == "breach_began":
            began.setdefault(row.offender, []).append(row.day)
        elif row.event == "to_custody":
            began.pop(row.offender, None)
        elif row.event == "breach_found":
            found += [(row.day, row.risk, row.day - day) for day in began.pop(row.offender)]
    return pd.DataFrame(found, columns=["day", "risk", "latent_days"])
