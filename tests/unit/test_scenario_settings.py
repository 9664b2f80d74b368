"""What a command changes in a scenario: from a date on, and never undone without a word."""

import pytest

from sim.cli import main
from sim.runs.load import load
from sim.scenario import ScenarioError, read
from sim.scenario.settings import as_typed, asked, dated, in_words
from sim.studies.sweep import sweep
from tests.support.scenarios import SMALL, faults

HIRE = SMALL + "levers:\n  - {from: 2025-04-01, set: {officers.total: 37}}\n"
"""Fifteen officers in two teams from 2 September 2024 to 31 August 2025; the lever is on line 13."""

UNDONE = (
    "met.yaml:13: levers.0.set: officers.total: this lever sets it to 37 from 2025-04-01 on, and would undo {what}; "
    "take the lever out, or let the change begin with --from DATE, 2025-04-01 or later"
)


def refused(*settings, **more):
    with pytest.raises(ScenarioError) as error:
        asked(settings, **more)
    return [str(fault) for fault in error.value.faults]


def levers_of(name, *settings):
    return [(str(lever.from_), lever.set) for lever in read(name, settings).scenario.levers]


# --- what a lever would undo -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "setting", ["officers.total=31", "officers={total: 31}", "teams.0.officers=20", "officers.total=37"]
)
def test_a_value_that_a_lever_sets_anew_is_refused_with_the_line_of_the_lever(write, setting):
    assert UNDONE.format(what=f"--set {setting}") in faults(write("met.yaml", HIRE), setting)


@pytest.mark.parametrize(
    ("lever", "setting"),
    [
        ("visits.announced_share: 0.4", "visits.announced_share.high=0.5"),
        ("visits.announced_share.high: 0.4", "visits.announced_share=0.5"),
        ("visits: {announced_share: 0.4}", "visits.announced_share=0.5"),
        ("visits.visit_hours.mean: 2", "visits.visit_hours={distribution: gamma, mean: 3, cv: 0.5}"),
    ],
)
def test_a_part_of_what_is_set_and_what_it_is_a_part_of_count_too(write, lever, setting):
    text = SMALL + f"levers:\n  - {{from: 2025-04-01, set: {{{lever}}}}}\n"
    assert any(f"would undo --set {setting};" in fault for fault in faults(write("met.yaml", text), setting))


@pytest.mark.parametrize(
    "setting", ["officers.leave_days=20", "officers={leave_days: 20}", "visits.crew=1", "levers=[]"]
)
def test_what_no_lever_touches_may_be_set(write, setting):
    assert faults(write("met.yaml", HIRE), setting) == []


def test_in_one_command_levers_that_are_set_undo_no_less_than_those_of_a_file():
    levers = "levers=[{from: 2025-04-01, set: {officers.total: 37}}]"
    for settings in ((levers, "officers.total=31"), ("officers.total=31", levers)):
        (fault,) = refused(*settings)
        assert fault.startswith(f"--set {levers}: levers.0.set: officers.total: this lever sets it to 37")
    assert refused(levers, varied=["officers.total"])[0].startswith(f"--set {levers}: levers.0.set: officers.total: ")


def test_in_a_notebook_a_number_and_the_lever_that_follows_may_be_given_together(write):
    levers = [{"from": "2025-04-01", "set": {"officers.total": 37}}]
    town = load(write("met.yaml", SMALL), {"officers.total": 31, "levers": levers})
    assert [current.officers.total for _, current in town.scenario.regimes] == [31, 37]
    with pytest.raises(ScenarioError, match=r"this lever sets it to 37 .* and would undo --vary officers.total"):
        sweep(town, "officers.total=30..32")


@pytest.mark.parametrize(
    "command",
    [
        "run met.yaml --set officers.total=31",
        "validate met.yaml --set officers.total=31",
        "explain met.yaml officers.total --set officers.total=31",
        "compare met.yaml --set officers.total=31",
        "sweep met.yaml --set officers.total=31 --vary visits.crew=1,2",
        "staff met.yaml --target overdue_visits<=5 --vary surge.officers --between 1..3 --set officers.total=31",
        "sensitivity met.yaml --set officers.total=31",
        "sweep met.yaml --vary officers.total=31..37",
        "compare met.yaml plan.yaml --set-all officers.total=31",
    ],
)
def test_every_command_refuses_it(write, capsys, command):
    write("met.yaml", HIRE)
    write("plan.yaml", "extends: met.yaml\nname: Plan\n")
    assert main(command.split(" ")) == 2
    option, asked_for = next(
        pair for pair in zip(command.split(), command.split()[1:], strict=False) if "31" in pair[1]
    )
    what = "--vary officers.total" if option == "--vary" else f"{option} {asked_for}"
    assert UNDONE.format(what=what).partition(";")[0] in capsys.readouterr().err


# --- from a date on ------------------------------------------------------------------------------------------


def test_from_a_date_a_setting_is_a_lever(write):
    write("met.yaml", SMALL)
    settings = asked(["officers.total=31", "visits.crew=1"], "2025-04-01")
    assert levers_of("met.yaml", *settings) == [("2025-04-01", {"officers.total": 31, "visits.crew": 1})]
    (_, before), (day, after) = read("met.yaml", settings).scenario.regimes
    assert (day, before.officers.total, after.officers.total, after.visits.crew.low) == (211, None, 31, 1)


def test_what_was_run_holds_the_lever_and_so_does_the_line_that_repeats_it(write):
    write("met.yaml", SMALL)
    settings = asked(["officers.total=31", "visits.crew=1"], "2025-04-01")
    assert as_typed(settings) == ["--set", "officers.total=31", "--set", "visits.crew=1", "--from", "2025-04-01"]
    assert in_words(settings) == "officers.total=31, visits.crew=1 from 2025-04-01"
    assert as_typed(["visits.crew=1"]) == ["--set", "visits.crew=1"]
    assert read("met.yaml", settings).resolved["levers"] == [
        {"from": "2025-04-01", "set": {"officers.total": 31, "visits.crew": 1}}
    ]
    mixed = ["visits.crew=1", *dated(["officers.total=31"], "2025-04-01")]
    typed = as_typed(mixed)
    assert levers_of("met.yaml", *asked(typed[1::2])) == levers_of("met.yaml", *mixed)


def test_a_lever_before_the_date_stays_one_of_that_date_gives_way_and_one_after_it_is_refused(write):
    write("met.yaml", HIRE)
    later = dated(["officers.total=31"], "2025-05-01")
    assert levers_of("met.yaml", *later) == [
        ("2025-04-01", {"officers.total": 37}),
        ("2025-05-01", {"officers.total": 31}),
    ]
    same = dated(["officers.total=31"], "2025-04-01")
    assert levers_of("met.yaml", *same) == [("2025-04-01", {"officers.total": 31})]
    assert faults("met.yaml", *dated(["officers.total=31"], "2025-03-01")) == [
        "met.yaml:13: levers.0.set: officers.total: this lever sets it to 37 from 2025-04-01 on, and would undo --set "
        "officers.total=31 --from 2025-03-01; take the lever out, or give a date of 2025-04-01 or later"
    ]


def test_the_date_that_is_named_comes_after_every_lever_that_would_undo_it(write):
    write("met.yaml", HIRE + "  - {from: 2025-06-01, set: {officers.total: 7}}\n")
    for settings, fix in [
        (["officers.total=31"], "let the change begin with --from DATE, 2025-06-01 or later"),
        (dated(["officers.total=31"], "2025-03-01"), "give a date of 2025-06-01 or later"),
    ]:
        found = faults("met.yaml", *settings)
        assert len(found) == 2
        assert all(fault.endswith(f"; take the lever out, or {fix}") for fault in found)
    assert faults("met.yaml", *dated(["officers.total=31"], "2025-06-01")) == []


def test_of_a_lever_of_that_date_only_what_is_set_anew_gives_way(write):
    text = SMALL + "levers:\n  - {from: 2025-04-01, set: {officers: {total: 37, leave_days: 20}, visits.crew.low: 1}}\n"
    write("met.yaml", text)
    assert levers_of("met.yaml", *dated(["officers.total=31", "visits.crew=2"], "2025-04-01")) == [
        ("2025-04-01", {"officers": {"leave_days": 20}}),
        ("2025-04-01", {"officers.total": 31, "visits.crew": 2}),
    ]


@pytest.mark.parametrize(
    ("date", "setting", "shown"),
    [
        (
            "2025-09-01",
            "officers.total=31",
            "--from 2025-09-01: is after the last day, 2025-08-31; the scenario runs from 2024-09-02 to 2025-08-31",
        ),
        (
            "2024-09-01",
            "officers.total=31",
            "--from 2024-09-01: is before the first day, 2024-09-02; the scenario runs from 2024-09-02 to 2025-08-31",
        ),
        (
            "2025-04-01",
            "teams.0.officers=5",
            "--set teams.0.officers=5 --from 2025-04-01: teams.0.officers: holds for the whole horizon, no lever "
            "changes it; write a second scenario that extends this one",
        ),
        (
            "2025-04-01",
            "visits.announced_share=1.5",
            "--set visits.announced_share=1.5 --from 2025-04-01: visits.announced_share: 1.5 is above 1",
        ),
        (
            "2025-04-01",
            "visits.anounced_share=1",
            "--set visits.anounced_share=1 --from 2025-04-01: visits.anounced_share: unknown key, did you mean "
            "visits.announced_share?",
        ),
    ],
)
def test_what_cannot_change_on_that_date_is_reported(write, date, setting, shown):
    assert faults(write("met.yaml", SMALL), *dated([setting], date)) == [shown]


def test_a_date_is_a_date_of_something():
    assert refused("visits.crew=1", from_="soon")[0] == '--from: "soon" is not a date such as 2024-09-02'
    assert refused(from_="2025-04-01")[0].startswith("--from 2025-04-01: is the first day of what --set changes, and ")
    assert asked((), "2025-04-01", varied=["officers.total"]) == ()


def test_in_a_notebook_each_change_may_have_its_own_date(write):
    town = load(write("met.yaml", SMALL), {"visits.crew": 2}).update({"visits.crew": 1}, from_="2025-01-01")
    town = town.update({"officers.total": 31}, from_="2025-04-01").update({"officers.total": 30}, from_="2025-04-01")
    assert [(str(lever.from_), lever.set) for lever in town.scenario.levers] == [
        ("2025-01-01", {"visits.crew": 1}),
        ("2025-04-01", {"officers.total": 30}),
    ]
    assert "visits.crew=2, visits.crew=1 from 2025-01-01" in repr(town)


# --- two options that contradict each other ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        ("officers.total=9", "officers.total=10", "officers.total"),
        ("officers.total=9", "officers={total: 10}", "officers.total"),
        ("visits.crew.low=1", "visits.crew=2", "visits.crew.low"),
        ("teams.0.officers=5", "teams=[{name: A, officers: 4, offenders: 9}]", "teams.0.officers"),
        ("levers=[]", "levers=[{from: 2025-04-01, set: {visits.crew: 1}}]", "levers"),
    ],
)
def test_one_key_may_not_be_set_twice_to_different_values(first, second, key):
    assert refused(first, second) == [f"--set {second}: {key}: undoes what --set {first} says; leave one of them out"]
    assert asked([first, first]) == (first, first)


def test_a_part_after_the_whole_takes_nothing_back():
    assert len(asked(["visits.crew=2", "visits.crew.low=1", "officers={leave_days: 3}", "officers.total=9"])) == 4


def test_options_and_settings_are_held_against_each_other():
    assert refused("seed=3", seed=4) == ["--seed 4: seed: undoes what --set seed=3 says; leave one of them out"]
    assert refused("replications=3", replications=4)[0].startswith("--replications 4: replications: undoes what --set ")
    assert refused("visits.crew=1", for_all=["visits.crew=2"])[0].startswith(
        "--set-all visits.crew=2: visits.crew: undoes"
    )
    assert refused("officers.total=8", varied=["officers.total"])[0].startswith(
        "--vary officers.total: officers.total: "
    )
    assert asked(["seed=4"], seed=4) == ("seed=4",)
    assert asked(["visits.crew=1"], "2025-04-01", for_all=["visits.crew=2"]) == ("2025-04-01:visits.crew=1",)


def test_a_total_beside_numbers_of_teams_would_share_it_out_anew(write):
    write("met.yaml", SMALL)
    for settings in (("officers.total=31", "teams.0.officers=12"), ("teams.0.officers=12", "officers.total=31")):
        (fault,) = faults("met.yaml", *settings)
        assert fault == (
            "--set teams.0.officers=12: officers of the teams add up to 17, and officers.total (--set "
            "officers.total=31) shares 31 among them in proportion; leave one of the two out"
        )
    assert faults("met.yaml", "officers.total=17", "teams.0.officers=12") == []
    with_total = write("total.yaml", SMALL + "officers: {total: 31}\n")
    assert "officers.total (total.yaml:12) shares 31" in faults(with_total, "teams.0.officers=12")[0]
    assert faults(with_total, "officers.total=20") == faults(with_total, "teams.0.name=X") == []
