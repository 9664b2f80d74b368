"""Every value of a key: the grid, its table, and what a second sweep need not simulate again."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sim.report.notebook import print_summary
from sim.report.text.sweep import sweep_table
from sim.runs.run import run_scenario
from sim.scenario import ScenarioError
from sim.studies.sweep import sweep
from tests.support.answers import settle
from tests.support.diary import Diary


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path, monkeypatch)


def test_each_point_is_what_a_run_of_its_own_comes_to() -> None:
    swept = sweep("town.yaml", ["officers.total=3,4", "visits.retry_days=7,14"], replications=3, workers=1)
    rows = swept.of("overdue_visits")
    assert rows[["officers.total", "visits.retry_days"]].to_numpy().tolist() == [[3, 7], [3, 14], [4, 7], [4, 14]]
    alone = run_scenario("town.yaml", settings=["officers.total=4", "visits.retry_days=14"], replications=3, workers=1)
    value = alone.value("overdue_visits")
    assert tuple(rows.loc[3, ["mean", "low", "high"]]) == (value.mean, value.low, value.high)
    assert rows.loc[3, "p10"] <= value.mean <= rows.loc[3, "p90"]


def test_a_wider_sweep_simulates_only_its_new_points_and_replications() -> None:
    diary = Diary()
    sweep("town.yaml", ["officers.total=3,4"], replications=2, workers=1, listener=diary)
    assert len(diary.simulated) == 4
    sweep("town.yaml", ["officers.total=3..5"], replications=2, workers=1, listener=diary)
    assert len(diary.simulated) == 6
    sweep("town.yaml", ["officers.total=3..5"], replications=3, workers=1, listener=diary)
    assert len(diary.simulated) == 9


def test_all_points_are_one_batch_on_one_pool() -> None:
    diary = Diary()
    sweep("town.yaml", ["officers.total=3..5"], replications=2, workers=2, listener=diary)
    (plan,) = diary.plans
    assert (len(plan.runs), plan.missing, plan.workers) == (3, 6, 2)


def test_a_list_of_points_need_not_be_a_grid() -> None:
    Path("points.csv").write_text("officers.total,visits.announced_share\n3,0.5\n4,0.2\n")
    swept = sweep("town.yaml", list_file="points.csv", replications=2, workers=1)
    assert swept.of("overdue_visits")["visits.announced_share"].tolist() == [0.5, 0.2]


def test_words_can_be_swept_too() -> None:
    swept = sweep("town.yaml", ["caseload.priority=earliest_due,highest_risk_first"], replications=2, workers=1)
    assert swept.of("overdue_visits")["caseload.priority"].tolist() == ["earliest_due", "highest_risk_first"]


def test_a_point_that_cannot_be_is_reported_before_anything_is_run() -> None:
    with pytest.raises(
        ScenarioError, match=r"--set visits.announced_share=1.2: visits.announced_share: 1.2 is above 1"
    ):
        sweep("town.yaml", ["visits.announced_share=0.2,1.2"])
    assert not Path("results").exists()


def test_the_table_is_saved_whole_in_both_forms() -> None:
    swept = sweep("town.yaml", ["officers.total=3,4"], replications=2, workers=1)
    folder = swept.folder
    pd.testing.assert_frame_equal(pd.read_csv(folder / "sweep.csv"), pd.read_parquet(folder / "sweep.parquet"))
    command = json.loads((folder / "answer.json").read_text())["command"]
    assert command == "python -m sim sweep town.yaml --vary officers.total=3,4 --replications 2"


def test_for_machines_each_point_has_its_metrics() -> None:
    document = json.loads(sweep("town.yaml", ["officers.total=3,4"], replications=2, workers=1).to_json())
    assert [point["point"] for point in document["points"]] == [{"officers.total": 3}, {"officers.total": 4}]
    known = document["points"][0]["metrics"]["overdue_visits"]["high"]["at_end"]
    assert set(known) == {"mean", "low", "high", "p10", "p90"}


def test_a_value_that_no_replication_has_is_asked_for_in_vain() -> None:
    swept = sweep("town.yaml", ["officers.total=3,4"], replications=2, workers=1)
    with pytest.raises(KeyError, match="no at_end value of breach_detection_days for total"):
        swept.of("breach_detection_days")


def test_two_points_that_are_the_same_scenario_are_refused_however_they_are_written() -> None:
    points = '"visits.crew"\n1\n"{low: 1, medium: 1, high: 1, very_high: 1}"\n'
    Path("points.csv").write_text(points)
    with pytest.raises(ScenarioError, match=r"is the same scenario as visits.crew=1; give each point once"):
        sweep("town.yaml", list_file="points.csv")


def test_from_a_date_each_point_is_what_the_lever_comes_to(capsys: pytest.CaptureFixture[str]) -> None:
    swept = sweep("town.yaml", "officers.total=2,4", from_="2024-11-01", replications=3, workers=1)
    Path("lever.yaml").write_text("extends: town.yaml\nlevers:\n  - {from: 2024-11-01, set: {officers.total: 4}}\n")
    alone = run_scenario("lever.yaml", replications=3, workers=1).value("overdue_visits")
    assert swept.of("overdue_visits").loc[1, "mean"] == alone.mean
    answer = json.loads((swept.folder / "answer.json").read_text())
    assert answer["command"].endswith("--vary officers.total=2,4 --from 2024-11-01 --replications 3")
    assert json.loads(swept.to_json())["from"] == "2024-11-01"
    print_summary(swept)
    assert "officers.total changes on 1 November 2024; until then the scenario is as it stands." in (
        " ".join(capsys.readouterr().out.split())
    )


def test_a_lever_that_would_undo_the_sweep_is_refused_before_anything_is_run() -> None:
    Path("lever.yaml").write_text("extends: town.yaml\nlevers:\n  - {from: 2024-11-01, set: {officers.total: 4}}\n")
    with pytest.raises(
        ScenarioError, match=r"lever.yaml:3: levers.0.set: officers.total: .* undo --vary officers.total;"
    ):
        sweep("lever.yaml", "officers.total=2,4")
    with pytest.raises(
        ScenarioError, match="--from 2024-10-01; take the lever out, or give a date of 2024-11-01 or later"
    ):
        sweep("lever.yaml", "officers.total=2,4", from_="2024-10-01")
    assert not Path("results").exists()
    assert (
        len(sweep("lever.yaml", "officers.total=2,4", from_="2024-11-01", replications=1, workers=1).points.values) == 2
    )


def test_a_metric_that_some_points_lack_has_a_dash_there() -> None:
    swept = sweep("town.yaml", "officers.total=3,4", replications=2, workers=1)
    rows = swept.table
    lacking = rows[(rows["metric"] != "overdue_reviews") | (rows["officers.total"] == 4)]
    shown = (("overdue_visits", "total"), ("overdue_reviews", "total"))
    _, first, second = sweep_table(replace(swept, table=lacking, metrics=shown))
    assert first[-1] == "–"
    assert second[-1].endswith(")")


@pytest.mark.parametrize(
    ("points", "other", "first"),
    [
        ("officers.total=null,3", "officers.total=3", "officers.total=null"),
        ("caseload.total=150,null", "caseload.total=null", "caseload.total=150"),
    ],
)
def test_points_that_come_to_the_same_scenario_are_refused(points: str, other: str, first: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        sweep("town.yaml", points, replications=2, workers=1)
    assert str(refused.value) == f"--vary {other}: is the same scenario as {first}; give each point once"
    assert not Path("results").exists()
