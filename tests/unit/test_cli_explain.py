"""`explain` on a real run: any story can be told, the worst case is the one that is measured, and what goes wrong."""

import re
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main
from sim.experiment.result import open_run
from sim.experiment.run import run_scenario
from sim.report.chronicle import Chronicle
from sim.report.diary import officer_diary
from sim.report.story import offender_story
from sim.report.unseen import longest_unseen, why_unseen

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two histories of one team over one year."""
    folder = tmp_path_factory.mktemp("run") / "small"
    return run_scenario(SMALL, replications=2, workers=1, events=True, out=folder).folder


def test_any_story_can_be_told(run: Path) -> None:
    chronicle = Chronicle.of(open_run(run))
    offenders = chronicle.events["offender"].unique()
    assert len(offenders) > 460
    for offender in offenders[::7]:
        assert offender_story(chronicle, offender)[-1].startswith("31 August 2025, the end: ")
        assert why_unseen(chronicle, offender)
    for officer in range(9):
        assert officer_diary(chronicle, officer)


@pytest.mark.parametrize("replication", [1, 2])
def test_the_longest_unseen_is_the_one_that_is_measured(run: Path, replication: int) -> None:
    metrics = pd.read_parquet(run / "replications" / f"{replication:04d}.parquet")
    wanted = (metrics["metric"] == "longest_unseen_days") & (metrics["group"] == "total")
    (days,) = metrics.loc[wanted & (metrics["statistic"] == "at_end"), "value"]
    chronicle = Chronicle.of(open_run(run), replication)
    last = chronicle.life_of(longest_unseen(chronicle))[-1]
    assert chronicle.end - last.last_seen == pytest.approx(days)


def test_each_question_is_answered_on_stdout(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for question, first in (
        (["--offender", "0"], r"Offender 0 of Central East: replication 1 of One team, one year, 2 September 2024"),
        (["--officer", "8", "--replication", "2"], r"Officer 8 of Central East: replication 2 of One team, one year"),
        (["--longest-unseen"], r"At the end nobody on the visit list has been unseen for longer than offender \d+: "),
    ):
        assert main(["explain", str(run), *question]) == 0
        out, err = capsys.readouterr()
        assert re.match(first, out)
        assert err == ""
        assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ([], "Ask one question: a KEY of a scenario, or of a run --offender ID, --officer ID or --longest-unseen."),
        (
            ["--officer", "1", "--longest-unseen"],
            "Ask one question: a KEY of a scenario, or of a run --offender ID, --officer ID or --longest-unseen.",
        ),
        (
            ["visits.crew", "--replication", "1"],
            "--replication chooses a history of a run; a key is the same in all of them. Leave it out.",
        ),
        (
            ["--officer", "1", "--set", "visits.crew=1"],
            "--set changes a scenario, and a run is over: run the scenario with that --set, then ask again.",
        ),
        (["--officer", "9"], "There is no officer 9; replication 1 has officers 0 to 8."),
        (["--officer", "1", "--replication", "3"], "{run}: there is no replication 3; this run has 1 to 2."),
        (["--officer", "1", "--replication", "0"], "{run}: there is no replication 0; this run has 1 to 2."),
        (["visits.crew"], "{run}: is a folder, not a file; it holds scenario.yaml"),
    ],
)
def test_a_question_without_an_answer(
    run: Path, capsys: pytest.CaptureFixture[str], question: list[str], message: str
) -> None:
    assert main(["explain", str(run), *question]) == 2
    assert capsys.readouterr() == ("", message.format(run=run) + "\n")


def test_no_run_in_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(tmp_path), "--officer", "1"]) == 2
    assert capsys.readouterr() == (
        "",
        f"{tmp_path}: no run is kept here; give the folder that `run` named at its end.\n",
    )
