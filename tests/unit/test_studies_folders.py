"""Where answers and the runs behind them are kept: all in the folder that was chosen, none in another's way."""

from dataclasses import replace
from pathlib import Path

import pytest

from sim.cli import main
from sim.report.notebook import print_summary
from sim.runs.errors import FolderError
from sim.runs.run import run_scenario
from sim.scenario import ScenarioError
from sim.studies.compare import compare
from sim.studies.reopen import open_answer
from sim.studies.sensitivity import sensitivity
from sim.studies.staffing import staff
from sim.studies.sweep import sweep
from tests.support.answers import settle
from tests.support.diary import Diary
from tests.support.repairs import opens_at_last

ASSUMED = """\
assumptions:
  visits.visit_hours: {quality: red, range: [1, 3]}
  reviews.hours: {quality: red, range: [3, 5]}
"""


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path, monkeypatch)
    Path("town.yaml").write_text(Path("town.yaml").read_text() + ASSUMED)


ASK = {
    "compare": lambda **more: compare("town.yaml", "plan.yaml", replications=2, workers=1, **more),
    "sweep": lambda **more: sweep("town.yaml", "officers.total=3,4", replications=2, workers=1, **more),
    "staff": lambda **more: staff(
        "town.yaml", "overdue_visits <= 500", between="3..4", replications=2, workers=1, **more
    ),
    "sensitivity": lambda **more: sensitivity("town.yaml", trajectories=2, replications=2, workers=1, **more),
}


@pytest.mark.parametrize("command", ASK)
def test_a_folder_that_is_chosen_holds_the_runs_too(command: str) -> None:
    ASK[command](out="mine")
    assert not Path("results").exists()
    assert {entry.name for entry in Path("mine").iterdir()} >= {"answer.json", "runs"}
    assert all(len(list(entry.iterdir())) > 1 for entry in Path("mine/runs").iterdir())


@pytest.mark.parametrize("command", ASK)
def test_a_file_in_the_place_of_the_folder_is_named_and_stays(command: str) -> None:
    Path("notes.txt").write_text("mine")
    with pytest.raises(FolderError, match=r"notes\.txt: .*a file is in the way of a folder"):
        ASK[command](out="notes.txt")
    assert Path("notes.txt").read_text() == "mine"


@pytest.mark.parametrize("rest", ['"kind": ["x"]', '"kind": "comparison", "runs": null'])
def test_an_answer_of_another_shape_is_damaged(rest: str) -> None:
    Path("other").mkdir()
    Path("other/answer.json").write_text(f'{{"program": "caseload-simulator", {rest}}}')
    with pytest.raises(FolderError, match=r"other/answer.json: .*damaged or of an earlier version"):
        open_answer(Path("other"))


@pytest.mark.parametrize("command", ["compare", "sweep", "sensitivity"])
@pytest.mark.parametrize("out", [None, "mine"])
def test_what_was_interrupted_goes_on_in_the_same_folder(command: str, out: str | None) -> None:
    whole = Diary()
    expected = ASK[command](out="whole", listener=whole)
    with pytest.raises(KeyboardInterrupt):
        ASK[command](out=out, listener=Diary(stop_after=2))
    rest = Diary()
    answer = ASK[command](out=out, listener=rest)
    assert len(rest.simulated) == len(whole.simulated) - 2
    for table in expected.folder.glob("*.csv"):
        assert (answer.folder / table.name).read_bytes() == table.read_bytes()


@pytest.mark.slow
def test_every_order_of_two_commands_over_the_same_values_works() -> None:
    # Sensitivity kept the values of its points where a sweep over the present number wanted a run.
    for results, order in (("one", list(ASK)), ("other", [*ASK][::-1])):
        for command in order:
            ASK[command](results=Path(results))
    diary = Diary()
    for command in ASK:
        ASK[command](results=Path("one"), listener=diary)
    assert diary.simulated == []


def test_one_scenario_has_one_number_or_it_is_said_from_how_many_replications(
    capsys: pytest.CaptureFixture[str],
) -> None:

    found = sensitivity("town.yaml", trajectories=2, replications=3, workers=1)
    run = run_scenario("town.yaml", replications=3, workers=1)
    assert found.level == run.value("overdue_visits")
    swept = sweep("town.yaml", "officers.total=3", replications=3, workers=1)
    assert found.level.mean == swept.of("overdue_visits").loc[0, "mean"]
    print_summary(found)
    words = " ".join(capsys.readouterr().out.split())
    assert " as the scenario stands, from the first 3 of 6 replications (run uses 6). " in words
    print_summary(replace(found, replications=1))
    assert ", from the first of 6 replications (run uses 6). " in " ".join(capsys.readouterr().out.split())
    print_summary(replace(found, base=found.base.model_copy(update={"replications": 3})))
    assert " as the scenario stands. 2 assumptions" in " ".join(capsys.readouterr().out.split())


def test_what_a_lever_sets_anew_is_not_moved_and_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    Path("lever.yaml").write_text("extends: town.yaml\nlevers:\n  - {from: 2024-11-01, set: {reviews.hours: 3.5}}\n")
    found = sensitivity("lever.yaml", trajectories=2, replications=1, workers=1)
    assert found.effects["key"].tolist() == ["visits.visit_hours"]
    assert found.left_out == {"reviews.hours": "2024-11-01"}
    print_summary(found)
    assert "Not moved, because a lever sets it to another value: reviews.hours (from 2024-11-01)." in (
        " ".join(capsys.readouterr().out.split())
    )
    with pytest.raises(
        ScenarioError, match=r"lever.yaml:3: levers.0.set: reviews.hours: .* would undo --only reviews.hours"
    ):
        sensitivity("lever.yaml", only=["reviews.hours"])


LINES = {
    "compare": ["compare", "town.yaml", "plan.yaml"],
    "sweep": ["sweep", "town.yaml", "--vary", "officers.total=3,4"],
    "staff": ["staff", "town.yaml", "--target", "overdue_visits <= 500", "--between", "3..4"],
    "sensitivity": ["sensitivity", "town.yaml", "--trajectories", "2", "--average"],
}


@pytest.mark.parametrize("command", LINES)
@pytest.mark.parametrize("how", ["removed", "damaged", "a folder"])
def test_the_repair_of_an_answer_works_as_it_is_printed(command: str, how: str) -> None:
    line = [*LINES[command], "--replications", "2", "--workers", "1", "--out", "mine", "--no-figures"]
    assert main(line) == 0
    tables = [file.name for file in Path("mine").glob("*.parquet")]
    for name in ["answer.json", *tables, *(["scenario.yaml"] if command != "compare" else [])]:
        file = Path("mine", name)
        if how == "damaged":
            file.write_bytes(file.read_bytes()[:-9])
        else:
            file.unlink()
        if how == "a folder":
            file.mkdir()
        opens_at_last(lambda: open_answer(Path("mine")), line)


def test_a_fault_of_the_program_is_not_called_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    ASK["sweep"](out="mine")
    monkeypatch.setattr("sim.studies.sweep.Points", lambda *_: None + 1)  # type: ignore[operator]
    with pytest.raises(TypeError):
        open_answer(Path("mine"))
