"""The recipes of CONTRIBUTING.md: each place that a new record of the tables needs, named if it is forgotten."""

import inspect
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from docs import data_dictionary
from sim.model import codes
from sim.model.codes import COMMUNITY, LEFT, MISSING, NEVER
from sim.model.inputs import inputs_of
from sim.model.kernel import caseload, desk_work, streams, visits
from sim.model.kernel.register_moves import expect_newcomers
from sim.model.policy import policy_record
from sim.model.records import OFFENDER, POLICY, POLICY_KEYS, WORK, table
from sim.model.register.first_day import hidden_since
from sim.model.register.layout import lay_out_register
from sim.report.stories.sentences import EVENTS
from sim.runs.folder import SUMMARY_TABLES
from sim.runs.run import run_scenario
from sim.scenario import Scenario
from sim.scenario.domain import KINDS, RISK_LEVELS, RISKS
from sim.scenario.paths import find
from sim.scenario.schema import scenario_keys
from sim.scenario.template import BY_RISK
from tests.support.fake_model import SCENARIO, FakeModel, use

KERNEL = Path(visits.__file__).parent
FOUND_AT_VISIT = "breaches.found_at_visit"
KIND_NAMES = [kind.name for kind in KINDS]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=KIND_NAMES)


def scenario(**further: object) -> Scenario:
    """A force in which every kind of routine work comes up for everybody, with further sections."""
    written = {
        "name": "All routine work",
        "start": "2024-09-02",
        "end": "2025-09-01",
        "teams": [{"name": "One", "officers": 2, "offenders": 20}],
        "caseload": {"risk_mix": 1 / len(RISK_LEVELS)},
        "visits": {"interval_days": 100, "visit_hours": 1, "announced_share": 0.5},
        **further,
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


def fields_read(source: str) -> set[str]:
    """The fields of the policy that compiled source reads."""
    return set(re.findall(r"\bpolicy\.(\w+)", source))


@pytest.mark.parametrize("file", sorted(KERNEL.glob("*.py")), ids=lambda file: file.name)
def test_the_kernel_reads_only_fields_that_the_policy_has(file):
    for field in fields_read(file.read_text(encoding="utf-8")) - {*(POLICY.names or ())}:
        pytest.fail(
            f"{file.name} reads policy.{field}: no key in sim/scenario/sections has kernel={field!r}, and POLICY in "
            "sim/model/records.py has no such field"
        )


def test_the_kernel_reads_every_field_that_has_the_value_of_a_key():
    read = set().union(*(fields_read(file.read_text(encoding="utf-8")) for file in KERNEL.glob("*.py")))
    for field in POLICY_KEYS.keys() - read:
        pytest.fail(f"{POLICY_KEYS[field].name} has kernel={field!r}: nothing in sim/model/kernel reads policy.{field}")


def finding(name: str) -> list[Scenario]:
    """Two scenarios that differ in one of the keys that say what a visit finds."""
    key = scenario_keys().find(name.split("."))
    limits = (key.each or key).limits
    least = limits.get("ge", 0)
    values = (least, (least + min(limits.get("le", least + 1), least + 1)) / 2)
    by_announcement = {"announced": 0.1, "unannounced": 0.3}
    return [
        scenario(breaches={"found_at_visit": {**by_announcement, key.last_word: value}, "per_year": 1})
        for value in values
    ]


def chances_found(of: Scenario) -> list[float]:
    """Chances at visits to offenders of each risk, with an untrained and a trained lead, unannounced and announced."""
    chance_found = getattr(visits.chance_found, "py_func", visits.chance_found)
    offender, work, policy = table(OFFENDER, 1)[0], table(WORK, 1)[0], policy_record(of)[0]
    offender.last_seen, offender.last_seen_unannounced, offender.latent_breaches = -100, -200, 2
    work.start, work.end, work.hours, work.crew = 0.5, 0.6, 2.4, 2
    found = []
    for offender.risk, work.trained, work.announced in product(range(len(RISKS)), (0, 1), (0, 1)):
        found.append(float(chance_found(offender, work, policy)))
    return found


@pytest.mark.parametrize("name", [f"{FOUND_AT_VISIT}.{word}" for word in find(FOUND_AT_VISIT.split(".")).children])
def test_a_key_of_what_a_visit_finds_counts_at_visits_and_on_the_first_day(name):
    less, more = finding(name)
    assert chances_found(less) != chances_found(more), (
        f"{name} does not count at a visit: use it in found_at_visit of sim/model/policy.py, or in chance_found of "
        "sim/model/kernel/visits.py"
    )
    today = lay_out_register(inputs_of(less), 1)[0][:20]
    latent_since = [hidden_since(each, today, 1)[1].tolist() for each in (less, more)]
    assert latent_since[0] != latent_since[1], (
        f"{name} does not count on the first day: use it in found_at_visit of sim/model/policy.py, or in hidden_since "
        "of sim/model/register/first_day.py"
    )


def test_a_table_of_the_run_folder_is_written(tmp_path, monkeypatch):
    use(FakeModel(), monkeypatch)
    (tmp_path / "town.yaml").write_text(SCENARIO)
    folder = run_scenario(tmp_path / "town.yaml", workers=1, out=tmp_path / "run").folder
    for name in SUMMARY_TABLES:
        assert (folder / name).is_file(), f"sum_up in sim/runs/batch.py does not write {name}"


@pytest.mark.parametrize("name", SUMMARY_TABLES)
def test_a_table_of_the_run_folder_is_in_the_data_dictionary(name):
    assert name in data_dictionary.TABLES, f"TABLES in docs/data_dictionary.py lacks {name}"
    assert name in data_dictionary.COLUMNS, f"COLUMNS in docs/data_dictionary.py lacks {name}"
