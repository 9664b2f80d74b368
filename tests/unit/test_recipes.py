"""The recipes of CONTRIBUTING.md: each place that a new record of the tables needs, named if it is forgotten."""

import inspect
import re

import numpy as np
import pytest

from sim.model import codes
from sim.model.codes import COMMUNITY, LEFT, MISSING, NEVER
from sim.model.inputs import inputs_of
from sim.model.kernel import caseload, desk_work, streams, visits
from sim.model.kernel.register_moves import expect_newcomers
from sim.model.policy import policy_record
from sim.model.records import OFFENDER, POLICY, table
from sim.model.register.layout import lay_out_register
from sim.report.stories.sentences import EVENTS
from sim.scenario import Scenario
from sim.scenario.domain import KINDS, RISK_LEVELS, RISKS
from sim.scenario.paths import find
from sim.scenario.schema import scenario_keys
from sim.scenario.template import BY_RISK

KIND_NAMES = [kind.name for kind in KINDS]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=KIND_NAMES)


def scenario() -> Scenario:
    """A force in which every kind of routine work comes up for everybody."""
    written = {
        "name": "All routine work",
        "start": "2024-09-02",
        "end": "2025-09-01",
        "teams": [{"name": "One", "officers": 2, "offenders": 20}],
        "caseload": {"risk_mix": 1 / len(RISK_LEVELS)},
        "visits": {"interval_days": 100, "visit_hours": 1},
    }
    for kind in filter(lambda kind: kind.interval, KINDS):
        section, key = kind.interval.split(".")
        written[section] = {**written.get(section, {}), key: 100}
    return Scenario.model_validate(written)


@each_kind
def test_a_kind_of_work_has_its_keys_in_the_sections(kind):
    for key in filter(None, (*kind.hours, kind.crew, kind.interval)):
        assert find(key.split(".")), f"sim/scenario/sections lacks {key}, which KINDS names for a {kind.name}"
    if kind.needed_if:
        assert kind.needed_if in (POLICY.names or ()), f"the policy has no field {kind.needed_if}"


@each_kind
def test_a_kind_of_work_has_its_number(kind):
    number = getattr(codes, kind.name.upper(), None)
    assert number == KINDS.index(kind), f"sim/model/codes.py: {kind.name.upper()} must be {KINDS.index(kind)}"


@each_kind
def test_a_kind_of_work_is_done(kind):
    do = f"do_{kind.name}"
    done = [module for module in (desk_work, visits) if hasattr(module, do)]
    assert done, f"no {do} in sim/model/kernel/desk_work.py or visits.py"
    dispatch = inspect.getsource(desk_work).partition("def do_work(")[2]
    assert f"{do}(" in dispatch, f"do_work in sim/model/kernel/desk_work.py does not call {do}"


@each_kind
def test_a_kind_of_work_falls_due(kind):
    offender = table(OFFENDER, 1)[0]
    for other in KINDS:
        offender[other.due] = NEVER
    offender[kind.due] = 5.0
    offender["state"] = MISSING if kind.name == "tracing" else COMMUNITY
    number = KINDS.index(kind)
    assert caseload.due_for(number, offender) == 5.0, f"due_for in sim/model/kernel/caseload.py forgets {kind.due}"
    offender["state"] = LEFT
    if kind.name != "tracing":
        assert caseload.due_for(number, offender) == NEVER


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.interval], ids=lambda kind: kind.name)
def test_routine_work_has_a_first_due_date(kind):
    newcomer = table(OFFENDER, 1)
    newcomer[kind.due] = NEVER
    expect_newcomers(newcomer, policy_record(scenario()))
    assert np.isfinite(newcomer[kind.due]).all(), (
        f"raise_first_work in sim/model/kernel/register_moves.py sets no {kind.due}"
    )
    today = lay_out_register(inputs_of(scenario()), 1)[0][:20]
    assert np.isfinite(today[kind.due]).all(), (
        f"describe_first_day in sim/model/register/first_day.py sets no {kind.due}"
    )


@each_kind
def test_a_kind_of_work_has_words(kind):
    assert kind.diary, f"KINDS in sim/scenario/domain.py: a {kind.name} has no words for the diary"
    simple = EVENTS[kind.name].sentence.__name__ == "<lambda>"
    assert bool(kind.sentence) == simple, (
        f"a {kind.name} needs a sentence in KINDS of sim/scenario/domain.py, or a function in "
        "sim/report/stories/sentences.py, and not both"
    )


def test_numbers_of_random_streams_are_used_once():
    others = re.findall(r"^[A-Z][A-Z_]* = (\d+)\b", inspect.getsource(streams), re.MULTILINE)
    numbers = [*map(int, others), *streams.NATURAL_EVENT, *streams.OF_WORK]
    twice = sorted(number for number in set(numbers) if numbers.count(number) > 1)
    assert not twice, f"KINDS in sim/scenario/domain.py or sim/model/kernel/streams.py use a number twice: {twice}"


@pytest.mark.parametrize("word", BY_RISK)
def test_the_first_scenario_has_a_value_for_each_risk_level(word):
    assert len(BY_RISK[word]) == len(RISKS), f"BY_RISK in sim/scenario/template.py: {word} needs {len(RISKS)} values"


def test_risk_levels_differ_in_every_word_and_colour():
    for field in ("name", "words", "colour", "short"):
        values = [getattr(level, field) for level in RISKS]
        assert len(set(values)) == len(RISKS), f"RISKS in sim/scenario/domain.py: two levels have one {field}"


def test_every_field_of_the_policy_with_a_key_has_one_key():
    named = [key.kernel for key in scenario_keys().all() if key.kernel]
    assert len(named) == len(set(named)), "sim/scenario/sections: two keys have one kernel field"
