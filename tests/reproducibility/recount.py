"""The metrics recomputed from the event log alone, in the slow and plain way.

The model counts while it runs, by differences, and never looks back. Here it is done the other way round: every
row of the log begins a spell of one offender that lasts until the offender's next row, and whatever a metric asks for
is read off those spells. The two share no code, so that each checks the other.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

GROUPS = ("total", "low", "medium", "high", "very_high")
YEAR_DAYS = 365


def recount(events: pd.DataFrame, horizon_days: int, grace_days: int, risk_weights: dict[str, float]) -> pd.DataFrame:
    """What the log says of each metric: statistic, day, metric, group and value, as `sim.measure.tabulate` has them.

    `grace_days`: how long after its due date a piece of work is overdue: from the next day (1), or at once (0).
    """
    marks = np.append(np.arange(0.0, horizon_days, 7.0), float(horizon_days))
    spells = spells_of(events)
    happened = events[(events.day >= 0) & (events.day <= horizon_days)]
    return pd.concat(
        [
            *_stocks_and_shares(spells, marks, grace_days, risk_weights),
            *_ages(spells, marks, grace_days),
            *_visits(happened, events, marks),
            *_reviews_and_enquiries(happened, spells, marks),
            *_breaches(events, spells, marks),
        ],
        ignore_index=True,
    )


# --- the log as spells --------------------------------------------------------------------------------------------

_TELLS_VISIT_DUE = (
    *("at_start", "registered", "released", "reallocated", "rescheduled", "record_lost", "record_found"),
    *("visit", "review", "intake", "warrant", "tracing"),
)
_TELLS_OFFICER = ("at_start", "registered", "released", "reallocated")
_WHERE = {
    "at_start": "community",
    "registered": "community",
    "released": "community",
    "to_custody": "custody",
    "left_register": "nowhere",
}
_RECORD_LOST = {"record_lost": True, "record_found": False, "released": False}


def spells_of(events: pd.DataFrame) -> pd.DataFrame:
    """One row for each event: what its offender is from then (`begins`) until the next event (`ends`, or infinity)."""
    spells = events.sort_values("offender", kind="stable").reset_index(drop=True)
    for column in ("event", "outcome", "risk", "true_risk"):
        spells[column] = spells[column].astype(str)
    whose = spells.offender

    def since(told: pd.Series, before: object) -> pd.Series:
        """The last that was told of each offender; `before` until something was."""
        return told.groupby(whose).ffill().fillna(before)

    event, day = spells.event, spells.day
    seen = spells.outcome == "seen"
    at_home_unawares = seen & ~spells.announced & (event != "tracing")
    where = event.map(_WHERE).where(spells.outcome != "whereabouts_unknown", "missing")
    where = where.where(~(seen & (event == "tracing")), "community")
    never = spells[["due", "review_due"]].fillna(np.inf)
    spells["begins"] = day
    spells["ends"] = day.groupby(whose).shift(-1).fillna(np.inf)
    spells["where"] = since(where, "nowhere")
    spells["record_lost"] = since(event.map(_RECORD_LOST).astype(float), 0.0) == 1
    spells["officer"] = since(spells.officer.where(event.isin(_TELLS_OFFICER)), -1)
    spells["visit_due"] = since(never.due.where(event.isin(_TELLS_VISIT_DUE)), np.inf)
    spells["review_due"] = never.review_due
    spells["last_seen"] = since(day.where(seen | (event == "registered")), -np.inf)
    spells["last_seen_unannounced"] = since(day.where(at_home_unawares), -np.inf)
    begun = (event == "breach_began").groupby(whose).cumsum()
    forgotten = since(begun.where(event.isin(["breach_found", "to_custody"])), 0)
    spells["latent_breaches"] = begun - forgotten
    spells["risk_before"] = spells.risk.groupby(whose).shift()
    return spells


def _part(spells: pd.DataFrame, begins=None, ends=None) -> pd.DataFrame:
    """The same spells, cut to begin no earlier and end no later than some times."""
    part = spells.assign(
        begins=np.maximum(spells.begins, 0.0 if begins is None else begins),
        ends=spells.ends if ends is None else np.minimum(spells.ends, ends),
    )
    return part[part.ends > part.begins]


# --- from spells and events to numbers ----------------------------------------------------------------------------


def _by_group(rows: pd.DataFrame, count) -> dict[str, np.ndarray]:
    """`count` of the rows of each risk level, and their sum as the total."""
    levels = {group: count(rows[rows.risk == group]) for group in GROUPS[1:]}
    return {"total": sum(levels.values()), **levels}


def _at_marks(spells: pd.DataFrame, marks: np.ndarray, weight: str | None = None) -> dict[str, np.ndarray]:
    """How many spells each mark falls into; one that begins there counts, one that ends there does not."""

    def count(rows: pd.DataFrame) -> np.ndarray:
        inside = (rows.begins.to_numpy() <= marks[:, None]) & (marks[:, None] < rows.ends.to_numpy())
        return (inside * (1.0 if weight is None else rows[weight].to_numpy())).sum(axis=1)

    return _by_group(spells, count)


def _days(spells: pd.DataFrame, marks: np.ndarray, weight: str | None = None) -> dict[str, np.ndarray]:
    """Days passed in the spells from the first day up to each mark."""

    def count(rows: pd.DataFrame) -> np.ndarray:
        upto = np.minimum(rows.ends.to_numpy(), marks[:, None]) - np.minimum(rows.begins.to_numpy(), marks[:, None])
        return (upto * (1.0 if weight is None else rows[weight].to_numpy())).sum(axis=1)

    return _by_group(spells, count)


def _in_weeks(events: pd.DataFrame, marks: np.ndarray, amount: str | None = None) -> dict[str, np.ndarray]:
    """How many events, or how much of something, fell into each week."""
    weeks = len(marks) - 1

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
    return {group: function(*(one[group] for one in by_group)) for group in by_group[0]}


def _ratio(top, bottom):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, np.divide(top, bottom), np.nan)


def _last(by_group: dict[str, np.ndarray]) -> dict[str, float]:
    return _each(lambda series: series[-1], by_group)


def _stock(metric: str, spells: pd.DataFrame, marks: np.ndarray) -> pd.DataFrame:
    """At each mark, and on average over the horizon."""
    at_marks, days = _at_marks(spells, marks), _days(spells, marks)
    return _rows(metric, at_marks, _last(at_marks), _each(lambda series: series[-1] / marks[-1], days), marks)


def _share(metric: str, part, whole, part_days, whole_days, marks: np.ndarray) -> pd.DataFrame:
    """At each mark, and over all offender-days."""
    at_marks = _each(_ratio, part, whole)
    return _rows(metric, at_marks, _last(at_marks), _each(_ratio, _last(part_days), _last(whole_days)), marks)


def _total(metric: str, weekly: dict[str, np.ndarray], marks: np.ndarray) -> pd.DataFrame:
    """In each week, in all, and per week."""
    weeks = marks[-1] / 7
    in_all = _each(np.sum, weekly)
    return _rows(metric, weekly, in_all, _each(lambda total: total / weeks, in_all), marks[1:])


def _quotient(metric: str, top, bottom, marks: np.ndarray) -> pd.DataFrame:
    """In each week, and in all."""
    return _rows(
        metric, _each(_ratio, top, bottom), None, _each(_ratio, _each(np.sum, top), _each(np.sum, bottom)), marks[1:]
    )


# --- the metrics --------------------------------------------------------------------------------------------------


def _stocks_and_shares(spells: pd.DataFrame, marks: np.ndarray, grace_days: int, risk_weights: dict[str, float]):
    managed = _part(spells[spells["where"] == "community"])
    listed = managed[managed.visit_due < np.inf]
    overdue = _part(listed, begins=np.maximum(listed.begins, listed.visit_due + grace_days))
    seen = _part(listed, ends=listed.last_seen_unannounced + YEAR_DAYS)
    yield _stock("offenders_managed", managed, marks)
    yield _stock("offenders_in_custody", _part(spells[spells["where"] == "custody"]), marks)
    yield _stock("offenders_missing", _part(spells[spells["where"] == "missing"]), marks)
    yield _stock("lost_records", managed[managed.record_lost], marks)
    yield _stock("unallocated_offenders", managed[managed.officer < 0], marks)
    yield _stock("overdue_visits", overdue, marks)
    late = managed.assign(begins=np.maximum(managed.begins, managed.review_due + grace_days))
    yield _stock("overdue_reviews", _part(late, begins=late.begins), marks)

    on_list, on_list_days = _at_marks(listed, marks), _days(listed, marks)
    not_late, not_late_days = _at_marks(overdue, marks), _days(overdue, marks)
    yield _share("overdue_visits_share", not_late, on_list, not_late_days, on_list_days, marks)
    in_date, in_date_days = _each(np.subtract, on_list, not_late), _each(np.subtract, on_list_days, not_late_days)
    yield _share("visit_coverage", in_date, on_list, in_date_days, on_list_days, marks)

    def weighted(by_group: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return by_group | {"total": sum(by_group[level] * weight for level, weight in risk_weights.items())}

    counted = [weighted(by_group) for by_group in (in_date, on_list, in_date_days, on_list_days)]
    yield _share("risk_coverage", *counted, marks)
    yield _share("unannounced_coverage", _at_marks(seen, marks), on_list, _days(seen, marks), on_list_days, marks)


def _ages(spells: pd.DataFrame, marks: np.ndarray, grace_days: int):
    managed = _part(spells[spells["where"] == "community"])
    listed = managed[managed.visit_due < np.inf]
    overdue = _part(listed, begins=np.maximum(listed.begins, listed.visit_due + grace_days))
    missing = _part(spells[spells["where"] == "missing"])
    for metric, rows, since in (
        ("oldest_overdue_visit_days", overdue, "visit_due"),
        ("longest_unseen_days", pd.concat([listed, managed[managed.record_lost], missing]), "last_seen"),
    ):
        ages = {}
        for group in GROUPS:
            some = rows if group == "total" else rows[rows.risk == group]
            inside = (some.begins.to_numpy() <= marks[:, None]) & (marks[:, None] < some.ends.to_numpy())
            ages[group] = np.where(inside, marks[:, None] - some[since].to_numpy(), 0.0).max(axis=1, initial=0.0)
        yield _rows(metric, ages, _last(ages), _each(np.mean, ages), marks)


def _visits(happened: pd.DataFrame, events: pd.DataFrame, marks: np.ndarray):
    attempts = happened[happened.event == "visit"]
    seen = _in_weeks(attempts[attempts.outcome == "seen"], marks)
    failed = _in_weeks(attempts[attempts.outcome == "no_contact"], marks)
    made = _in_weeks(attempts, marks)
    yield _total("visit_attempts", made, marks)
    yield _total("visits_completed", seen, marks)
    yield _quotient("failed_attempts_share", failed, made, marks)
    yield _quotient("unannounced_attempts_share", _in_weeks(attempts[~attempts.announced], marks), made, marks)
    # The hours of a visit that is still going on at the horizon have been spent as well.
    hours = events.minutes[events.event == "visit"].sum() / 60
    yield _rows("hours_per_contact", average={"total": _ratio(hours, seen["total"].sum())})


def _reviews_and_enquiries(happened: pd.DataFrame, spells: pd.DataFrame, marks: np.ndarray):
    # A review counts for the level that stood on record before it.
    reviews = spells[(spells.event == "review") & (spells.day <= marks[-1])].assign(risk=lambda rows: rows.risk_before)
    yield _total("reviews_completed", _in_weeks(reviews, marks), marks)
    yield _total("warrants_executed", _in_weeks(happened[happened.event == "warrant"], marks), marks)
    yield _total("enquiries_completed", _in_weeks(happened[happened.event == "enquiry"], marks), marks)


def _breaches(events: pd.DataFrame, spells: pd.DataFrame, marks: np.ndarray):
    managed = _part(spells[spells["where"] == "community"])
    hidden = managed[managed.true_risk.map(GROUPS.index) > managed.risk.map(GROUPS.index)]
    yield _total("hidden_risk_days", _each(np.diff, _days(hidden, marks)), marks)
    yield _total("latent_breach_days", _each(np.diff, _days(managed, marks, "latent_breaches")), marks)

    discoveries = discoveries_of(events)
    discoveries = discoveries[(discoveries.day >= 0) & (discoveries.day <= marks[-1])]
    found = _in_weeks(discoveries, marks)
    yield _total("breaches_found", found, marks)
    yield _quotient("breach_detection_days", _in_weeks(discoveries, marks, "latent_days"), found, marks)

    so_far = _each(lambda series: np.append(0.0, np.cumsum(series)), found)
    latent = _at_marks(managed, marks, "latent_breaches")
    share = _each(lambda top, rest: _ratio(top, top + rest), so_far, latent)
    yield _rows("breaches_found_share", share, _last(share), None, marks)


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
