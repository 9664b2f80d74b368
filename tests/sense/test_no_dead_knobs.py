"""No dead knobs: whatever a planner can write moves some result, in a scenario and, where allowed, in a lever.

Built from the schema, so a new key is covered as soon as it exists. `force.yaml` or `EVERYTHING` must switch on
whatever a key needs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pytest

from sim.measure import tabulate
from sim.model import ReplicationResult, simulate
from sim.model.investigations.tables import Investigated
from sim.scenario.keys import Key
from sim.scenario.schema import scenario_keys
from sim.scenario.values import plain_value
from tests.support.both_investigations import CRIMES, INVESTIGATIONS
from tests.support.force import EVERYTHING, INVENTED, force

pytestmark = pytest.mark.slow

NO_EFFECT = {
    "name": "a title on pages",
    "about": "a text on pages",
    "replications": "how many replications, not what happens in one",
    "assumptions": "where values come from; nothing reads them but the reader",
    "drift.up_per_year.very_high": "true risk cannot rise above very high",
    "drift.down_per_year.low": "true risk cannot fall below low",
    "costs.officer_per_year": "it prices officers after a run",
    "primary_measure": "it carries the verdict of a comparison",
    "caseload.file_hash": "what the file must hold; it is the file that matters",
    "caseload.skip_unreadable_rows": "which rows of a file are read; one without faults is read whole",
    "caseload.rows_left_out": "what the program found in the file",
}
"""Keys that change no replication, and why."""

SHARED_OUT = {
    "officers_share": ("officers.total=8", "teams=[{name: North, officers_share: 0.6, offenders: 190}, "
                       "{name: South, officers_share: 0.4, offenders: 110}]"),
    "offenders_share": ("caseload.total=300", "teams=[{name: North, officers: 5, offenders_share: 0.6}, "
                        "{name: South, officers: 3, offenders_share: 0.4}]"),
    "overdue_visits_share": ("officers.total=14",),
    "total": ("officers.total=14", "caseload.total=300", "teams=[{name: North, officers_share: 0.6, "
              "offenders_share: 0.6}, {name: South, officers_share: 0.4, offenders_share: 0.4}]"),
    "file": ("teams=[{name: Team 1, officers: 5, offenders: 60}, {name: Team 2, officers: 3, offenders: 60}]",),
}  # fmt: skip
"""What must stand beside keys that stand instead of others."""

LARGER = ("teams=[{name: North, officers: 51, offenders: 1140}, {name: South, officers: 39, offenders: 660}]",)
RARE = ("reactive.", "caseload.quiet_years_at_start")
"""What concerns a few offenders only shows in a larger force."""

INVESTIGATED = {
    "online_abuse.": (*INVESTIGATIONS, "online_abuse.referrals_per_year=250", "crime.crimes_per_year=400"),
    "crime.": (*CRIMES, "crime.crimes_per_year=400"),
}
"""What there is only where the scenario has investigations, and what switches on as much of them as it takes."""
BESIDE = {
    "online_abuse.triage.kits": ("online_abuse.triage.trained_officers=3",),
    "online_abuse.triage.trained_officers": ("online_abuse.triage.kits=3",),
}
"""What must stand beside keys of investigations so that they matter."""

MUST_ADD_UP = (
    "caseload.risk_mix",
    "online_abuse.grades",
    "breaches.outcome",
    "register.periods.N.share",
    "share_at_start",
    "officers_share",
    "offenders_share",
)
"""Shares of a whole: what one gains its neighbour loses."""

NINE_MONTHS, SEVEN_MONTHS = "end=2025-06-01", "end=2025-03-31"
"""Long enough for every key to matter, and short enough to try them all; investigations move sooner, and cost more."""

LEVER_DATE, LEVER_DAY = "2025-01-08", 128


def leaves(key: Key) -> Iterator[Key]:
    """Every key that holds a single value, a distribution, or a table."""
    if key.kind in ("section", "by_risk"):
        for child in key.children.values():
            yield from leaves(child)
    elif key.kind == "list" and key.each:
        yield from leaves(key.each)
    else:
        yield key


LEAVES = {key.name: key for key in leaves(scenario_keys())}


def entry(name: str) -> str:
    """The key of the first entry of a list; of the second notification period, since the first is indefinite."""
    return name.replace("periods.N.years", "periods.1.years").replace(".N.", ".0.")


def value_at(name: str, *settings: str) -> Any:
    """What stands at a dotted key; None if nothing does."""
    value = plain_value(force(*settings))
    for step in entry(name).split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list):
            value = value[int(step)]
        # Else one value stands for all below it.
    return value


def moved_number(key: Key, value: float | None) -> float:
    """Another number that the key allows, near enough to make sense and far enough to matter."""
    whole = key.kind == "whole_number"
    value = 12 if value is None else value
    steps = (value + 1, value - 1) if whole else (value * 3, value / 3, value + 0.3)
    least, most = key.limits.get("ge", key.limits.get("gt", 0)), key.limits.get("le", key.limits.get("lt", 1e12))
    return next(step for step in steps if least <= step <= most and step != value)


def changes_of(key: Key) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Settings to begin with, and settings that move the key from there."""
    larger = LARGER if key.name.startswith(RARE) else ()
    investigated = next((on for part, on in INVESTIGATED.items() if key.name.startswith(part)), ())
    end = SEVEN_MONTHS if investigated else NINE_MONTHS
    name = entry(key.name)
    beside = (*BESIDE.get(key.name, ()), *SHARED_OUT.get(key.last_word, larger))
    base = (end, *EVERYTHING, *investigated, *beside)
    value = value_at(key.name, *base)
    if any(part in key.name for part in MUST_ADD_UP):
        yield base, _share_moved(name, value, base)
    elif key.kind == "distribution":
        yield from (((*base, before), after) for before, after in _distribution_moves(key, name, base))
    elif key.kind == "choice":
        yield from ((base, (f"{name}={choice}",)) for choice in key.choices if choice != value)
    elif key.kind == "truth":
        yield base, (f"{name}={str(not value).lower()}",)
    elif key.kind == "date":
        yield base, (f"{name}={dt.date.fromisoformat(value) + dt.timedelta(days=2)}",)
    elif key.name == "caseload.file":
        yield base, (f"{name}={INVENTED}",)
    elif key.name == "primary_measure":
        yield base, (f"{name}=overdue_reviews",)
    elif key.kind == "text":
        yield base, (f"{name}={value} too",)
    elif key.kind == "table":
        yield base, (f"{name}={{visits.crew: {{quality: red, note: another}}}}",)
    else:
        yield base, (f"{name}={moved_number(key, value)}",)


def _share_moved(name: str, value: float, base: tuple[str, ...]) -> tuple[str, ...]:
    """Half of the neighbour's share comes over."""
    *above, last = name.split(".")
    if above[-1].isdigit():
        neighbour = ".".join([*above[:-1], "1", last])
    else:
        siblings = list(value_at(".".join(above), *base))
        neighbour = ".".join([*above, siblings[siblings.index(last) - 1]])
    half = value_at(neighbour, *base) / 2
    return (f"{name}={value + half:g}", f"{neighbour}={half:g}")


def _distribution_moves(key: Key, name: str, base: tuple[str, ...]) -> Iterator[tuple[str, tuple[str]]]:
    """Every key of a distribution moves, and so does its shape."""
    value = value_at(key.name, *base)
    usual = 0.25 if name.endswith("hours") else 1 if name.endswith("factor") else 350
    mean = value.get("mean", usual) if isinstance(value, dict) else value
    spread = f"{name}={{distribution: gamma, mean: {mean}, cv: 0.5}}"
    wide = spread.replace("cv: 0.5", "cv: 1")
    even = f"{name}={{distribution: uniform, low: {0.5 * mean}, high: {1.5 * mean}}}"
    yield spread, (f"{name}.mean={1.5 * mean}",)
    yield spread, (f"{name}.cv=1",)
    yield even, (f"{name}.low={0.2 * mean}",)
    yield even, (f"{name}.high={1.8 * mean}",)
    yield wide, (wide.replace("gamma", "lognormal"),)


@lru_cache(maxsize=2)
def simulate_force(*settings: str) -> ReplicationResult:
    """One replication; the last two are at hand, one of which is what the other is compared with."""
    return simulate(force(*settings), 0, log_events=True)


@cache
def happened(*settings: str) -> tuple[str, str]:
    """That replication in two digests: all that happens; and what happened to whom until `LEVER_DAY`."""
    result = simulate_force(*settings)
    log = result.event_log
    assert log is not None
    everything = [log[column].tobytes() for column in log.dtype.names]  # column by column: padding is not a result
    # Officers are numbered anew when a lever adds some.
    columns = ["time", "offender", "kind", "outcome", "minutes", "announced"]
    before = np.sort(log[log["time"] < LEVER_DAY][columns], order=columns)
    until_then = [before[column].tobytes() for column in columns]
    if result.investigated is not None:
        until_then += _investigated_before_the_lever(result.investigated)
    return _digest(everything), _digest(until_then)


@cache
def metrics_of(*settings: str) -> str:
    """All metrics of that replication, in a digest."""
    return _digest([tabulate(force(*settings), simulate_force(*settings)).value.to_numpy().tobytes()])


def _investigated_before_the_lever(investigated: Investigated) -> list[bytes]:
    """When something happened to cases and crimes until then; nobody knows yet what will."""
    tables = (investigated.cases, investigated.crimes)
    times = [table[column] for table in tables for column in table.dtype.names if table.dtype[column].base == "f8"]
    return [np.sort(column[column < LEVER_DAY], axis=None).tobytes() for column in times]


def _digest(parts: list[bytes]) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def same_result(first: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Do all that happens and all metrics agree? Metrics are compared only where the same happens."""
    return happened(*first)[0] == happened(*other)[0] and metrics_of(*first) == metrics_of(*other)


def before_the_lever(*settings: str) -> str:
    return happened(*settings)[1]


@pytest.mark.parametrize("name", [name for name in LEAVES if not name.startswith("levers.") and name not in NO_EFFECT])
def test_every_key_moves_some_result(name):
    tried = list(changes_of(LEAVES[name]))
    assert tried
    for base, moved in tried:
        assert not same_result((*base, *moved), base), f"{' '.join(moved)} changes nothing after {' '.join(base)}"


@pytest.mark.parametrize("name", NO_EFFECT)
def test_what_is_excused_moves_nothing(name):
    for base, moved in changes_of(LEAVES[name]):
        assert same_result((*base, *moved), base)


def as_lever(date: str, settings: tuple[str, ...]) -> str:
    changes = ", ".join("{}: {}".format(*setting.split("=", 1)) for setting in settings)
    return f"levers=[{{from: {date}, set: {{{changes}}}}}]"


@pytest.mark.parametrize("name", [name for name, key in LEAVES.items() if key.lever and name not in NO_EFFECT])
def test_every_lever_moves_results_from_its_date_on_and_not_before(name):
    for base, moved in list(changes_of(LEAVES[name]))[:2]:
        lever = as_lever(LEVER_DATE, moved)
        assert not same_result((*base, lever), base), f"{lever} changes nothing after {' '.join(base)}"
        assert before_the_lever(*base, lever) == before_the_lever(*base), f"{lever} acts before its date"


def test_a_lever_s_date_matters_and_so_does_what_it_sets():
    lever = as_lever(LEVER_DATE, ("visits.crew=1",))
    assert not same_result((lever,), (as_lever("2025-03-12", ("visits.crew=1",)),))
    assert not same_result((lever,), (as_lever(LEVER_DATE, ("visits.crew.low=1",)),))


def test_excuses_are_for_keys_that_exist():
    assert set(NO_EFFECT) <= set(LEAVES)
