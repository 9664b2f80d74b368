"""The notebook API: a loaded scenario, varied, run and read back; from a script without ceremony, too."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer

import sim
from sim import compare, load, open_run, run, sweep
from sim.scenario import ScenarioError
from tests.support.fake_model import SCENARIO, FakeModel, use

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _smalltown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    Path("town.yaml").write_text(SCENARIO)


def test_a_loaded_scenario_is_varied_without_being_changed() -> None:
    town = load("town.yaml")
    plan = town.update({"officers.total": 6, "visits.interval_days.low": 180}, replications=2, name="Six officers")
    assert (plan["officers.total"], plan["visits.interval_days.low"], plan.scenario.replications) == (6, 180, 2)
    assert plan.scenario.name == "Six officers"
    assert (town["visits.interval_days.low"], town["visits.retry_hour"]) == (365, "varied")
    assert town == load("town.yaml")
    assert plan.update(replications=2).scenario == plan.scenario


def test_values_are_those_of_python() -> None:
    levers = [{"from": dt.date(2024, 9, 9), "set": {"visits.crew": 1}}]
    plan = load("town.yaml", {"officers.available_share": np.float64(0.5)}, end=dt.date(2024, 12, 31), levers=levers)
    assert plan.scenario.end == dt.date(2024, 12, 31)
    assert plan.scenario.officers.available_share == 0.5
    assert plan.scenario.levers[0].from_ == dt.date(2024, 9, 9)
    whole_team = load("town.yaml", teams=[{"name": "South: the old #1", "officers": np.int64(3), "offenders": 20}])
    assert whole_team["teams.0.name"] == "South: the old #1"


def test_what_is_wrong_is_reported_as_on_the_command_line() -> None:
    with pytest.raises(ScenarioError, match=r"--set visits\.retry_dayz=3: .*retry_days"):
        load("town.yaml", {"visits.retry_dayz": 3})
    with pytest.raises(KeyError, match=r"visits\.retry_hours"):
        _ = load("town.yaml")["visits.retry_hours"]


def test_a_loaded_scenario_gives_the_run_of_the_command() -> None:
    plan = load("town.yaml").update({"visits.retry_days": 9})
    by_api = run(plan, workers=1, out="api")
    by_line = run("town.yaml", settings=["visits.retry_days=9"], workers=1, out="line")
    assert (by_api.folder / "summary.parquet").read_bytes() == (by_line.folder / "summary.parquet").read_bytes()
    assert run(plan, workers=1).folder == run("town.yaml", settings=["visits.retry_days=9"], workers=1).folder


def test_a_result_looks_the_same_fresh_and_from_its_folder() -> None:
    fresh = run(load("town.yaml"), workers=1, events=True, out="kept")
    again = open_run("kept")
    for name in ("summary", "weekly"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(fresh, name))
    pd.testing.assert_frame_equal(again.events(2), fresh.events(2))
    assert (repr(again), again._repr_html_()) == (repr(fresh), fresh._repr_html_())
    assert repr(fresh).splitlines()[0] == "<Run of Smalltown: 3 replications, 12 metrics, in kept"
    mean = fresh.value("overdue_visits").mean
    assert f"overdue_visits at the end: {mean:,.1f} (" in repr(fresh)
    assert "<th>overdue_visits</th>" in fresh._repr_html_()


def test_a_scenario_shows_itself_and_its_changes() -> None:
    plan = load("town.yaml", {"visits.retry_days": 9})
    assert repr(plan).startswith("<Scenario Smalltown (town.yaml with visits.retry_days=9): 4 officers; 200 offenders;")
    assert "<code>visits.retry_days=9</code>" in plan._repr_html_()


def test_loaded_scenarios_and_results_are_compared_and_the_command_names_their_runs() -> None:
    town = load("town.yaml")
    plan = town.update({"visits.retry_days": 9}, name="Try again after nine days")
    by_result = compare(run(town, workers=1), run(plan, workers=1), workers=1)
    by_scenario = compare(town, plan, workers=1)
    by_line = compare("town.yaml", settings=["visits.retry_days=9"], workers=1)
    for comparison in (by_result, by_scenario):
        assert comparison.plans[0].label == "Try again after nine days"
        pd.testing.assert_frame_equal(comparison.plans[0].table, by_line.plans[0].table)
    line = json.loads((by_scenario.folder / "answer.json").read_text())["command"]
    runs = [by_scenario.base_folder, by_scenario.plans[0].folder]
    assert line == f"python -m sim compare {' '.join(f'results/{run.name}' for run in runs)}"
    assert (by_scenario.base_label, by_scenario.replications) == ("Smalltown", 3)


def test_how_many_replications_there_are_is_no_name_of_a_plan() -> None:
    town = load("town.yaml", replications=2)
    found = compare(town, [town.update({"visits.retry_days": 9}), town.update({"visits.retry_days": 10})], workers=1)
    assert found.base_label == "Smalltown"
    assert [plan.label for plan in found.plans] == ["Visits, retry 9 days", "Visits, retry 10 days"]


def test_a_sweep_takes_values_by_key_and_saves_what_was_changed() -> None:
    town = load("town.yaml", {"visits.retry_days": 9})
    by_values = sweep(town, {"officers.total": range(3, 5)}, workers=1)
    line = json.loads((by_values.folder / "answer.json").read_text())["command"]
    by_text = sweep("town.yaml", "officers.total=3..4:1", settings=["visits.retry_days=9"], workers=1)
    pd.testing.assert_frame_equal(by_values.table, by_text.table)
    assert line == "python -m sim sweep town.yaml --vary officers.total=3,4 --set visits.retry_days=9"


def test_nothing_heavy_is_imported_before_it_is_asked_for() -> None:
    code = "import sys, sim; assert not {'numpy', 'pandas', 'sim.runs'} & set(sys.modules); print(sim.open_run)"
    done = script(code)
    assert done.returncode == 0, done.stderr
    assert "open_run" in done.stdout
    assert {"load", "run", "compare", "sweep", "staff", "sensitivity", "open_run", "print_summary", "plot"} <= set(
        dir(sim)
    )
    with pytest.raises(AttributeError, match="has no attribute 'simulate_all'; it has load, run, open_run, compare"):
        _ = sim.simulate_all


def script(code: str) -> "subprocess.CompletedProcess[str]":
    Path("script.py").write_text(code)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "script.py"]
    return subprocess.run(line, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_a_script_without_a_main_guard_may_use_several_workers() -> None:
    done = script(
        "from sim import load, run\n"
        "print('once')\n"
        f"town = load({str(ROOT / 'scenarios' / 'small.yaml')!r}, end='2024-10-31')\n"
        "print(run(town, replications=3, workers=2, out='kept').replications)\n"
    )
    assert (done.stdout, done.stderr, done.returncode) == ("once\n3\n", "", 0)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\r", "\x7f", "\x85", "\x9f", "\ud800", "\ufffe"])
@pytest.mark.parametrize("key", ["name", "about", "teams.0.name"])
def test_what_no_file_could_hold_is_refused_where_it_enters(key: str, sign: str) -> None:
    with pytest.raises(ScenarioError, match=rf"^--set {key}=.*a character that cannot be printed"):
        load("town.yaml", {key: f"A{sign}B"})


@pytest.mark.parametrize(
    "name", ["Brücke – №1 😀", "a\nb", "a\u2028b", "two: three # four", "null", "12", '"', "{a: b}"]
)
def test_every_name_that_enters_comes_back_from_the_folder_of_the_run(name: str) -> None:
    assert (
        open_run(run(load("town.yaml", name=name, replications=1), workers=1, out="kept").folder).scenario.name == name
    )


@pytest.mark.parametrize("value", [object(), {1, 2}, b"x", 10**5000, [1, 10**5000]], ids=type)
def test_what_is_no_value_of_a_scenario_is_refused(value: object) -> None:
    with pytest.raises(
        ScenarioError, match=r"^--set officers\.total: .* cannot be written in a scenario; give a number,"
    ):
        load("town.yaml", {"officers.total": value})


NOT_ALLOWED: list[tuple[str, dict[str, object], str]] = [
    ("run", {"replications": 0}, "replications=0: is not allowed; give a whole number from 1 to 100,000"),
    ("run", {"replications": True}, "replications=true: "),
    ("run", {"workers": 0}, "workers=0: is not allowed; give a whole number from 1 to 100,000"),
    ("run", {"seed": 2**32}, "seed=4294967296: is not allowed; give a whole number from 0 to 4,294,967,295"),
    ("run", {"settings": "officers.total=3"}, 'settings="officers.total=3": is not allowed; give a list of texts'),
    ("run", {"until": "overdue_visits ±2", "max_replications": 1}, "max_replications=1: "),
    ("run", {"out": 3}, "out=3: is not allowed; give a path or a text"),
    ("run", {"out": ""}, 'out="": is not allowed; give a path or a text'),
    ("run", {"until": " "}, 'until=" ": is not allowed; give a text'),
    ("staff", {"between": ""}, 'between="": is not allowed; give a text'),
    ("run", {"from_": 3}, "from_=3: is not allowed; give a text or a date"),
    ("run", {"events": "no"}, 'events="no": is not allowed; give True or False'),
    (
        "compare",
        {"plans": 3},
        "plans=3: is not allowed; give a path, a text, a LoadedScenario, a RunResult or a Sequence",
    ),
    ("compare", {"replications": 0}, "replications=0: "),
    ("sweep", {"vary": 3}, "vary=3: is not allowed; give a text, a list of texts or a list of values for each key"),
    ("sweep", {"vary": {"officers.total": 3}}, 'vary={"officers.total": 3}: '),
    ("sweep", {"vary": {"officers.total": [3, 10**5000]}}, "--set officers.total=a number of thousands of digits: "),
    ("run", {"seed": 10**5000}, "seed=a number of thousands of digits: is not allowed; give a whole number from 0"),
    ("sweep", {"vary": "officers.total=3,4", "metrics": "overdue_visits"}, 'metrics="overdue_visits": '),
    ("staff", {"between": (3, 6)}, "between=[3, 6]: is not allowed; give a text"),
    ("staff", {"between": "3"}, "--between 3: write two whole numbers"),
    ("staff", {"confidence": 2}, "confidence=2: is not allowed; give a number from 0.01 to 1"),
    ("staff", {"confidence": float("nan")}, "confidence=NaN: "),
    ("staff", {"by": 3}, "by=3: is not allowed; give a text or a date"),
    ("staff", {"by": "soon"}, '--by: "soon" is not a date'),
    ("staff", {"target": [3]}, "target=[3]: is not allowed; give a text or a list of texts"),
    ("sensitivity", {"trajectories": 0}, "trajectories=0: is not allowed; give a whole number from 2 to 1,000"),
    ("sensitivity", {"statistic": "mode"}, 'statistic="mode": is not allowed; give "at_end" or "average"'),
    ("sensitivity", {"only": "visits.visit_hours"}, 'only="visits.visit_hours": '),
    (
        "sensitivity",
        {"sobol_samples": 3},
        "sobol_samples=3: is not allowed; give 2, 4, 8, 16, 32, 64, 128, 256, 512 or 1024",
    ),
]


@pytest.mark.parametrize(("function", "asked", "problem"), NOT_ALLOWED)
def test_an_argument_that_is_not_allowed_is_refused_before_anything_is_made(
    function: str, asked: dict[str, object], problem: str
) -> None:
    needed = {"staff": {"target": "overdue_visits <= 5"}, "compare": {"plans": "town.yaml"}}.get(function, {})
    with pytest.raises(ScenarioError) as refused:
        getattr(sim, function)("town.yaml", **{**needed, **asked})
    assert str(refused.value).startswith(problem)
    assert not Path("results").exists()


def test_the_command_line_allows_what_a_notebook_may_give() -> None:
    from sim.cli import app
    from sim.runs.arguments import RANGES

    ranges = {
        (str(option.name), option.min, option.max)
        for command in typer.main.get_command(app).commands.values()  # type: ignore[attr-defined]
        for option in command.params
        if option.name in RANGES and option.min is not None and option.name != "only"  # of `run` a number
    }
    assert {name for name, *_ in ranges} >= {"replications", "max_replications", "seed", "confidence", "trajectories"}
    for name, least, most in ranges:
        assert (least, most or RANGES["workers"][1]) == RANGES[name], name


def test_a_number_of_numpy_is_a_number() -> None:
    assert run("town.yaml", replications=np.int64(2), workers=1).replications == 2  # type: ignore[arg-type]
