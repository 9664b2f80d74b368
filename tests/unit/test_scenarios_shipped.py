"""The scenarios that come with the program: all sound, all sourced, and the what-ifs answer as sense demands."""

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.measure import tabulate
from sim.model import simulate
from sim.runs.intervals import Interval, interval
from sim.scenario import read
from sim.studies.factors import factors

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
WHAT_IFS = tuple(name for name in SHIPPED if name not in ("met", "small"))
PAIRS = 5


@cache
def averages(name: str) -> pd.DataFrame:
    """The metrics of a few replications on average over the horizon: a row per replication, columns (metric, group)."""
    scenario = read(SCENARIOS / f"{name}.yaml").scenario
    rows = []
    for replication in range(PAIRS):
        table = tabulate(scenario, simulate(scenario, replication))
        table = table[table.statistic == "average"].astype({"metric": str, "group": str})
        rows.append(table.set_index(["metric", "group"]).value)
    return pd.DataFrame(rows)


def change(what_if: str, metric: str, group: str = "total") -> Interval:
    """What a what-if adds to a metric of met.yaml, in paired replications."""
    return interval(averages(what_if)[metric, group].to_numpy() - averages("met")[metric, group].to_numpy())


def test_met_switches_on_what_goes_wrong_and_no_remedy():
    met = read(SCENARIOS / "met.yaml").scenario
    assert met.missing.leave_home_per_year.low > 0
    assert met.officers.trained_share < 1
    assert met.officers.untrained.lost_record_share > 0
    assert met.turnover.leaving_per_year.over_5_years > 0
    assert met.officers.abstraction.share > 0
    off = (met.escalation.after_failed_attempts, met.records.audit_interval_days, met.reactive.after_quiet_years)
    assert off == (math.inf, math.inf, math.inf)
    assert met.supervisors.hours_per_week == met.officers.overtime_hours_per_week == met.surge.officers == 0


@pytest.mark.parametrize("name", SHIPPED)
def test_each_is_sound_and_says_what_it_asks(name):
    scenario = read(SCENARIOS / f"{name}.yaml").scenario
    assert scenario.about.endswith((".", "?"))
    text = (SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../docs/scenario.schema.json\n")


def test_met_is_london_s_twelve_areas_and_about_7100_offenders():
    teams = read(SCENARIOS / "met.yaml").scenario.headcounts
    officers, offenders = (sum(counts) for counts in zip(*teams, strict=True))
    assert (len(teams), officers, offenders) == (12, 125, 7100)


@pytest.mark.parametrize("name", WHAT_IFS)
def test_a_what_if_asks_one_thing_of_met(name):
    changed = read(SCENARIOS / f"{name}.yaml").resolved
    base = read(SCENARIOS / "met.yaml").resolved
    differing = {key for key in {*changed, *base} if changed.get(key) != base.get(key)}
    assert len(differing - {"name", "about", "assumptions"}) == 1
    assert changed["seed"] == base["seed"]


@pytest.mark.parametrize(
    ("what_if", "metric", "direction"),
    [
        ("more-officers", "overdue_visits", -1),
        ("more-officers", "overdue_reviews", -1),
        ("more-officers", "caseload_per_officer", -1),
        ("more-officers", "oldest_overdue_visit_days", -1),
        ("unannounced", "breach_detection_days", -1),
        ("unannounced", "unannounced_coverage", +1),
        ("unannounced", "hours_per_contact", +1),
        ("unannounced", "overdue_visits", +1),
        ("lone-visits", "overdue_visits", -1),
        ("lone-visits", "overdue_reviews", -1),
        ("lone-visits", "hours_per_contact", -1),
        ("reactive", "overdue_visits", -1),
        ("reactive", "offenders_reactive", +1),
        ("audit", "lost_records", -1),
        ("surge", "overdue_visits", -1),
        ("surge", "hours_worked", +1),
        ("cover", "unallocated_offenders", -1),
    ],
)
def test_a_what_if_answers_in_the_direction_that_sense_demands(what_if, metric, direction):
    difference = change(what_if, metric)
    assert difference.low * direction > 0, difference
    assert difference.high * direction > 0, difference


@pytest.mark.parametrize("risk", ["low", "medium", "high", "very_high"])
@pytest.mark.parametrize(("what_if", "direction"), [("more-officers", -1), ("lone-visits", -1), ("unannounced", +1)])
def test_it_does_so_at_every_level_of_risk(what_if, direction, risk):
    assert change(what_if, "overdue_visits_share", risk).mean * direction > 0


NOT_FACTS = {
    "replications": "how the experiment is run",
    "seed": "how the experiment is run",
    "calendar.shift_start_hour": "the clock time that the event log counts from",
}
"""Numbers of a scenario that say nothing about the force."""


def numbers(value: Any, name: str = "") -> Iterator[str]:
    """The dotted names of all numbers of a scenario, lists as a whole."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from numbers(part, f"{name}.{key}".lstrip("."))
    elif isinstance(value, list) or (isinstance(value, int | float) and not isinstance(value, bool)):
        yield name


def and_parents(name: str) -> set[str]:
    steps = name.split(".")
    return {".".join(steps[:length]) for length in range(1, len(steps) + 1)}


def test_every_number_has_an_entry_among_the_assumptions():
    resolved = read(SCENARIOS / "met.yaml").resolved
    assumptions = resolved.pop("assumptions")
    unlisted = [key for key in numbers(resolved) if not and_parents(key) & assumptions.keys() and key not in NOT_FACTS]
    assert unlisted == []


@pytest.mark.parametrize("name", SHIPPED)
def test_what_has_no_source_has_a_range_or_a_note(name):
    for key, assumption in read(SCENARIOS / f"{name}.yaml").scenario.assumptions.items():
        assert assumption.source or assumption.range or assumption.factor or assumption.note, key
        if assumption.quality == "green":
            assert assumption.source, f"{key} is called green"
        else:
            assert assumption.impact, f"how much depends on {key}?"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_value_can_be_varied_within_the_range_given_for_it(name):
    reading = read(SCENARIOS / f"{name}.yaml")
    ranged = {key for key, assumption in reading.scenario.assumptions.items() if assumption.range or assumption.factor}
    assert {factor.key for factor in factors(reading)} == ranged
