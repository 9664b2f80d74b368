"""`run` on the command line: what goes to which stream, and the exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import main
from sim.runs.run_plan import ProgressListener
from tests.support.fake_model import SCENARIO, FakeModel, use

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _smalltown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    (tmp_path / "town.yaml").write_text(SCENARIO)


def run(*line: str) -> int:
    return main(["run", "town.yaml", "--workers", "1", *line])


def test_the_headline_on_stdout_the_progress_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--out", "kept") == 0
    out, err = capsys.readouterr()
    assert "Overdue visits: 6" in out
    assert "kept/figures (backlog, coverage, overdue age, workload; SVG and PNG)" in out
    assert err.splitlines() == [
        "Smalltown: three replications of 200 offenders in one team over six weeks",
        "Simulating 3 on one core, about 1 s",
        "Drawing the figures ...",
    ]
    assert sorted(os.listdir("kept/figures")) == [
        f"{name}.{ending}" for name in ("backlog", "coverage", "overdue_age", "workload") for ending in ("png", "svg")
    ]


def test_what_is_hardly_meant_is_said_before_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--set", "teams.0.officers=1", "--json", "--no-figures", "--out", "kept") == 0
    warning, simulating = capsys.readouterr().err.splitlines()[1:]
    assert warning == (
        "warning: teams.0 (North) has one officer and visits.crew is 2 for low, medium, high and very_high; those will "
        "never be visited"
    )
    assert simulating.startswith("Simulating")


def test_json_is_all_of_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "--no-figures", "--out", "kept") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["scenario"], document["replications"]) == ("Smalltown", 3)
    assert not Path("kept/figures").exists()


def test_what_is_typed_reaches_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--set", "name=Elsewhere", "--set", "target.overdue_visits_share=0.1", "--replications", "2"]
    assert run(*options, "--seed", "5", "--events", "--out", "kept", "--no-figures") == 0
    manifest = json.loads(Path("kept/manifest.json").read_text())
    assert manifest["command"] == (
        "python -m sim run town.yaml --set name=Elsewhere --set target.overdue_visits_share=0.1 "
        "--replications 2 --seed 5 --events --out kept"
    )
    assert (manifest["seed"], manifest["finished"]) == (5, 2)
    assert sorted(os.listdir("kept/events")) == ["0001.parquet", "0002.parquet"]
    out = capsys.readouterr().out
    assert "Elsewhere" in out
    assert "The target (at most 10% of visits overdue)" in out


def test_another_run_in_the_folder_is_refused_until_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--out", "kept", "--no-figures") == 0
    capsys.readouterr()
    assert run("--out", "kept", "--no-figures", "--seed", "8") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "kept: this folder holds a run of seed 7, not 8; nothing was written. "
        "Replace it with --fresh, or keep both with --out FOLDER.\n"
    )
    assert run("--out", "kept", "--no-figures", "--seed", "8", "--fresh") == 0
    assert json.loads(Path("kept/manifest.json").read_text())["seed"] == 8


def test_a_faulty_scenario_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--set", "visits.retry_dayz=3") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "retry_days" in err
    assert os.listdir() == ["town.yaml"]


@pytest.mark.parametrize("option", [["--replications", "0"], ["--workers", "0"], ["--seed", "-1"]])
def test_an_impossible_number_is_the_users(option: list[str]) -> None:
    assert main(["run", "town.yaml", *option]) == 2
    assert os.listdir() == ["town.yaml"]


def test_failed_replications_are_named_and_the_rest_is_saved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(FakeModel(fails=(2,)), monkeypatch)
    assert run("--no-figures") == 1
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert "95% confidence interval of the mean over 2 replications" in " ".join(out.split())
    assert "Replication 2 (seed 7) failed: ArithmeticError: failed in 2\n" in err
    assert err.endswith(
        "Failed and left out: 1 of 3 replications; run the same command again to try them once more, or "
        "with --only K to try one by itself.\n"
    )


def test_debug_shows_where_a_replication_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(FakeModel(fails=(2,)), monkeypatch)
    assert main(["--debug", "run", "town.yaml", "--workers", "1", "--no-figures"]) == 1
    assert "fake_model.py" in capsys.readouterr().err


def test_nothing_to_sum_up_is_our_fault(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    use(FakeModel(fails=(1, 2, 3)), monkeypatch)
    assert run() == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("No completed replications to summarise: not one replication of 3 could be finished.\n")


def test_ctrl_c_while_the_program_is_loading_is_quiet() -> None:
    code = (
        "import runpy, sys\n"
        "class Impatient:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Impatient())\n"
        "runpy.run_module('sim', run_name='__main__')"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_ctrl_c_says_what_is_saved(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(self: ProgressListener, *_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.report.progress.ProgressBar.drawing", stop)
    assert run("--out", "kept") == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("Stopped. 3 of 3 replications saved in kept; run the same command again to continue.\n")
