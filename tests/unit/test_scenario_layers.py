"""Layers: a file over the one it extends, settings over both, and where each value came from."""

import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import ScenarioError, read
from sim.scenario.domain import RISK_LEVELS
from tests.support.scenarios import SMALL, faults


def announced(path, *changes):
    return read(path, changes).scenario.visits.announced_share.values()


def test_a_file_extends_another_and_says_only_what_differs(write):
    write("scenarios/met.yaml", SMALL)
    plan = write("plans/more.yaml", "extends: ../scenarios/met.yaml\nname: More officers\nvisits: {retry_days: 3}\n")
    reading = read(plan)
    assert reading.scenario.name == "More officers"
    assert reading.scenario.visits.retry_days == 3
    assert reading.scenario.visits.visit_hours.mean == 1
    assert "extends" not in reading.resolved


def test_lists_are_replaced_and_sections_merged(write):
    write("met.yaml", SMALL + "assumptions:\n  visits.crew: {quality: red}\n")
    plan = write(
        "plan.yaml",
        "extends: met.yaml\nteams: [{name: One, officers: 1, offenders: 2}]\n"
        "assumptions:\n  visits.visit_hours: {quality: amber}\n",
    )
    scenario = read(plan).scenario
    assert [team.name for team in scenario.teams] == ["One"]
    assert set(scenario.assumptions) == {"visits.crew", "visits.visit_hours"}


def test_a_chain_of_files_the_nearest_wins(write):
    write("a.yaml", SMALL + "seed: 1\nreplications: 10\n")
    write("b.yaml", "extends: a.yaml\nseed: 2\nreplications: 20\n")
    scenario = read(write("c.yaml", "extends: b.yaml\nseed: 3\n")).scenario
    assert (scenario.seed, scenario.replications) == (3, 20)


def test_one_number_for_all_risks_stays_where_a_level_is_changed(write):
    write("met.yaml", SMALL + "  announced_share: 0.6\n")
    plan = write("plan.yaml", "extends: met.yaml\nvisits: {announced_share: {low: 0.2}}\n")
    assert announced(plan) == (0.2, 0.6, 0.6, 0.6)
    assert announced("met.yaml", "visits.announced_share.high=0.1") == (0.6, 0.6, 0.1, 0.6)


def test_one_number_replaces_all_four(write):
    write("met.yaml", SMALL + "  announced_share: {low: 0.7, medium: 0.6, high: 0.5, very_high: 0.4}\n")
    plan = write("plan.yaml", "extends: met.yaml\nvisits: {announced_share: 0.1}\n")
    assert announced(plan) == (0.1, 0.1, 0.1, 0.1)


def test_a_level_changed_of_what_was_never_written_starts_from_the_default(write):
    met = write("met.yaml", SMALL)
    assert read(met, ["risk_weights.high=5"]).scenario.risk_weights.values() == (1, 2, 5, 8)
    assert read(write("plan.yaml", "extends: met.yaml\nrisk_weights: {high: 5}\n")).scenario.risk_weights.high == 5
    assert read(met, ["caseload.overdue_days_at_start.mean=9"]).resolved["caseload"]["overdue_days_at_start"] == {
        "distribution": "exponential",
        "mean": 9,
    }


@pytest.mark.parametrize(
    ("base", "over", "result"),
    [
        ("{distribution: gamma, mean: 1, cv: 0.5}", "{mean: 2}", ("gamma", 2, 0.5)),
        ("{distribution: gamma, mean: 1, cv: 0.5}", "{distribution: exponential, mean: 3}", ("exponential", 3, None)),
        ("{distribution: gamma, mean: 1, cv: 0.5}", "4", ("constant", 4, None)),
        ("1", "{mean: 2}", ("constant", 2, None)),
        ("1", "{distribution: lognormal, mean: 2, cv: 1}", ("lognormal", 2, 1)),
    ],
)
def test_a_distribution_retains_its_shape_until_another_is_named(write, base, over, result):
    write("met.yaml", SMALL.replace("visit_hours: 1", f"visit_hours: {base}"))
    hours = read(
        write("plan.yaml", f"extends: met.yaml\nvisits: {{visit_hours: {over}}}\n")
    ).scenario.visits.visit_hours
    assert (hours.distribution, hours.mean, hours.cv) == result
    assert read("met.yaml", [f"visits.visit_hours={over}"]).scenario.visits.visit_hours == hours


def test_a_distribution_for_all_risks_changes_for_all_or_for_one(write):
    interval = "{distribution: gamma, mean: 90, cv: 0.2}"
    met = write("met.yaml", SMALL.replace("{low: 365, medium: 182, high: 91, very_high: 30}", interval))
    for_all = read(met, ["visits.interval_days.mean=60"]).scenario.visits.interval_days
    assert {level.mean for level in for_all.values()} == {60}
    for_one = read(met, ["visits.interval_days.low.mean=60"]).scenario.visits.interval_days
    assert [level.mean for level in for_one.values()] == [60, 90, 90, 90]
    # `low` alone is a risk level, although a uniform distribution has a `low` too.
    assert read(met, ["visits.interval_days.low=never"]).scenario.visits.interval_days.high.cv == 0.2


def test_a_circle_of_files_is_named(write):
    write("a.yaml", SMALL + "extends: b.yaml\n")
    write("b.yaml", "extends: c.yaml\n")
    write("c.yaml", "seed: 1\nextends: a.yaml\n")
    assert faults("a.yaml") == ["c.yaml:2: extends: goes round in a circle: a.yaml → b.yaml → c.yaml → a.yaml"]
    assert faults(write("self.yaml", "extends: ./self.yaml\n")) == [
        "self.yaml:1: extends: goes round in a circle: self.yaml → self.yaml"
    ]


def test_what_is_extended_must_be_there(write):
    write("met.yaml", SMALL)
    assert faults(write("plan.yaml", "name: A\nextends: mett.yaml\n")) == [
        "plan.yaml:2: extends: mett.yaml does not exist, did you mean met.yaml?"
    ]
    assert faults(write("plan.yaml", "extends: [met.yaml]\n")) == [
        'plan.yaml:1: extends: ["met.yaml"] is not the name of a file; write `extends: other.yaml`'
    ]


def test_faults_of_all_files_come_together_in_order(write):
    write("met.yaml", SMALL + "offcers: {total: 5}\nseed: -1\n")
    plan = write("plan.yaml", "extends: met.yaml\nvisits: {crew: 3, crew: 2}\nend: soon\n")
    assert faults(plan, "replications=many") == [
        '--set replications=many: replications: "many" is not a whole number',
        "met.yaml:12: offcers: unknown key, did you mean officers?",
        "met.yaml:13: seed: -1 is below 0",
        "plan.yaml:2: visits.crew: 3 is above 2",
        "plan.yaml:2: visits.crew: stands here a second time, first on line 2; keep one",
        'plan.yaml:3: end: "soon" is not a date such as 2024-09-02',
    ]


def test_settings_are_typed_and_the_last_one_wins(write):
    met = write("met.yaml", SMALL)
    scenario = read(met, ["officers.total=300", "officers.total=320", "start=2024-12-01", "name=Night shift"]).scenario
    assert scenario.officers.total == 320
    assert scenario.start == dt.date(2024, 12, 1)
    assert scenario.name == "Night shift"


def test_settings_reach_into_lists(write):
    met = write("met.yaml", SMALL)
    assert read(met, ["teams.1.officers=3"]).scenario.teams[1].officers == 3
    assert faults(met, "teams.2.officers=3") == [
        "--set teams.2.officers=3: teams.2.officers: 2 names no entry of this list; its entries are 0 to 1"
    ]
    assert faults(met, "teams.North.officers=3") == [
        "--set teams.North.officers=3: teams.North.officers: North names no entry of this list; its entries are 0 to 1"
    ]


def test_settings_reach_dotted_names_in_assumptions_and_levers(write):
    met = write("met.yaml", SMALL + "levers:\n  - {from: 2025-01-01, set: {officers.total: 20}}\n")
    scenario = read(met, ["assumptions.visits.crew={quality: red}", "levers.0.set.officers.total=25"]).scenario
    assert scenario.assumptions["visits.crew"].quality == "red"
    assert scenario.levers[0].set == {"officers.total": 25}
    assert read(met, ["assumptions.visits.crew.quality=green"]).scenario.assumptions["visits.crew"].quality == "green"


def test_a_value_may_be_taken_back(write):
    write("met.yaml", SMALL + "officers: {total: 99}\n")
    plan = write("plan.yaml", "extends: met.yaml\nofficers: {total: null}\n")
    assert read(plan).scenario.officers.total is None
    assert read("met.yaml", ["officers.total="]).scenario.officers.total is None


def test_a_setting_is_its_own_place(write):
    for setting, message in [
        ("officers.totl=3", "officers.totl: unknown key, did you mean officers.total?"),
        ("offcers.total=3", "offcers: unknown key, did you mean officers?"),
        ("announced_share=0.5", "announced_share: unknown key, did you mean visits.announced_share?"),
        (
            "KEY=VALUE",
            "KEY: stands for a key of the scenario: write one, as in officers.total=320; docs/scenario.md lists them "
            "all",
        ),
        ("officers.total", "write KEY=VALUE, such as officers.total=320"),
        ("=3", "write KEY=VALUE, such as officers.total=320"),
        ("extends=other.yaml", "extends belongs in a file and cannot be set"),
        ("seed=*x", "*x refers to another place; write the value out"),
        ("seed=[1", "the [ opened here is not closed, or a comma is missing after it"),
        ('officers.total="320"', 'officers.total: "320" is not a whole number'),
        ("name.x=3", 'name: {"x": 3} is not a text'),
    ]:
        assert faults(write("met.yaml", SMALL), setting) == [f"--set {setting}: {message}"]


def test_a_setting_cannot_colour_the_terminal(write):
    assert faults(write("met.yaml", SMALL), "officers.\x1b[31m=3") == [
        "--set officers.�[31m=3: officers.�[31m: unknown key; officers holds total, hours_per_week, available_share, "
        "leave_days, court_and_training_days, trained_share, untrained, sickness, part_time, abstraction, "
        "overtime_hours_per_week and courses"
    ]


def test_every_value_knows_the_layer_that_set_it(write):
    write("met.yaml", SMALL + "  announced_share: 0.6\n")
    plan = write("plan.yaml", "extends: met.yaml\nvisits:\n  retry_days: 3\n")
    reading = read(plan, ["seed=7"])
    assert str(reading.place("visits.retry_days")) == "plan.yaml:3"
    assert str(reading.place("visits.announced_share")) == "met.yaml:12"
    assert str(reading.place("seed")) == "--set seed=7"
    assert str(reading.place("visits.lead_days")) == "schema default"
    assert str(reading.place("visits.announced_share.low")) == "met.yaml:12"
    assert str(reading.place("visits.visit_hours.cv")) == "met.yaml:11"


def test_what_is_resolved_reads_back_as_the_same_scenario(write):
    write("met.yaml", SMALL)
    reading = read("met.yaml", ["visits.interval_days.low=never", "risk_weights.low=2"])
    again = read(write("resolved.yaml", json.dumps(reading.resolved)))
    assert again.scenario == reading.scenario
    assert again.resolved == reading.resolved


shares = st.floats(0, 1).map(lambda share: round(share, 3))
by_risk_shares = shares | st.fixed_dictionaries(dict.fromkeys(RISK_LEVELS, shares))
some_levels = st.dictionaries(st.sampled_from(RISK_LEVELS), shares, min_size=1)
hours = st.integers(1, 9) | st.fixed_dictionaries(
    {"distribution": st.just("gamma"), "mean": st.integers(1, 9), "cv": st.sampled_from([0.25, 0.5, 1])}
)
visits_sections = st.fixed_dictionaries(
    {},
    optional={
        "announced_share": by_risk_shares,
        "visit_hours": hours,
        "travel_hours": hours,
        "retry_days": st.integers(0, 90),
        "no_contact": st.fixed_dictionaries({}, optional={"announced": shares, "unannounced": shares}),
    },
)
often = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def small_with(visits):
    """The small scenario with these keys of its visits."""
    keys = {"visit_hours": 1, **visits}
    return SMALL.replace(
        "  visit_hours: 1\n", "".join(f"  {key}: {json.dumps(value)}\n" for key, value in keys.items())
    )


@often
@given(visits=visits_sections)
def test_extending_without_a_difference_changes_nothing(write, visits):
    plain = read(write("met.yaml", small_with(visits)))
    for nothing in ("", "visits: {}\n"):
        assert read(write("plan.yaml", f"extends: met.yaml\n{nothing}")).resolved == plain.resolved
    itself = json.dumps({"extends": "met.yaml", **plain.resolved})
    assert read(write("plan.yaml", itself)).resolved == plain.resolved


@often
@given(base=visits_sections, over=visits_sections)
def test_what_is_set_reads_back_equal_and_the_rest_stays(write, base, over):
    met = write("met.yaml", small_with(base))
    before, after = read(met), read(met, [f"visits.{key}={json.dumps(value)}" for key, value in over.items()])
    for key, value in over.items():
        found = after.resolved["visits"][key]
        assert found == value if key != "no_contact" else value.items() <= found.items()
    for key in before.resolved["visits"].keys() - over.keys():
        assert after.resolved["visits"][key] == before.resolved["visits"][key]


@often
@given(base=by_risk_shares, levels=some_levels)
def test_levels_that_are_not_named_keep_their_value(write, base, levels):
    met = write("met.yaml", SMALL + f"  announced_share: {json.dumps(base)}\n")
    before = dict(zip(RISK_LEVELS, announced(met), strict=True))
    plan = write("plan.yaml", f"extends: met.yaml\nvisits: {{announced_share: {json.dumps(levels)}}}\n")
    after = dict(zip(RISK_LEVELS, announced(plan), strict=True))
    assert after == {**before, **levels}
    one_by_one = [f"visits.announced_share.{level}={share}" for level, share in levels.items()]
    assert announced(met, *one_by_one) == announced(plan)


def test_one_fault_is_reported_once(write):
    with pytest.raises(ScenarioError) as raised:
        read(write("met.yaml", SMALL + "  announced_share: 1.4\n"))
    assert str(raised.value) == "met.yaml:12: visits.announced_share: 1.4 is above 1"
