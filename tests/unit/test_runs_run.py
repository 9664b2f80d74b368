"""A whole run: kept, resumed, extended, repeated to the byte, and read back."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from sim.report.answers import save_report
from sim.runs.errors import FolderError, ReplicationsFailed
from sim.runs.folder import SUMMARY_TABLES, RunFolder
from sim.runs.reopen import open_run
from sim.runs.result import RunResult
from sim.runs.run import run_scenario
from sim.runs.run_plan import ProgressListener
from sim.scenario import ScenarioError
from tests.support.diary import Diary
from tests.support.fake_model import SCENARIO, FakeModel, use


@pytest.fixture(autouse=True)
def smalltown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scenario in it, and the fake in place of the model."""
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    (tmp_path / "town.yaml").write_text(SCENARIO)
    return tmp_path


def run(*, listener: ProgressListener | None = None, **options: object) -> RunResult:
    return run_scenario("town.yaml", **{"workers": 1, "listener": listener, **options})  # type: ignore[arg-type]


def hashes(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.suffix in (".parquet", ".csv")
    }


def test_a_run_leaves_everything_in_its_folder(smalltown: Path) -> None:
    result = run(events=True)
    assert result.folder.parent == smalltown / "results"
    assert result.folder.name.startswith("town-")
    assert {file.relative_to(result.folder).as_posix() for file in result.folder.rglob("*.*")} == {
        "checksums/scenario.yaml",
        "checksums/summary.csv",
        "events/0001.parquet",
        "events/0002.parquet",
        "events/0003.parquet",
        "manifest.json",
        "replications/0001.parquet",
        "replications/0002.parquet",
        "replications/0003.parquet",
        "scenario.yaml",
        "summary.csv",
        *SUMMARY_TABLES,
    }
    assert pd.read_parquet(result.folder / "events" / "0002.parquet")["offender"].tolist() == [2, 1]


def test_the_manifest_says_where_the_numbers_come_from_and_names_no_machine(smalltown: Path) -> None:
    result = run(settings=["visits.retry_days=9"], replications=4)
    text = (result.folder / "manifest.json").read_text()
    manifest = json.loads(text)
    assert manifest["command"] == "python -m sim run town.yaml --set visits.retry_days=9 --replications 4"
    assert (manifest["seed"], manifest["replications"], manifest["finished"], manifest["failed"]) == (7, 4, 4, [])
    assert {"python", "numpy", "numba", "simpy", "pandas", "pyarrow"} <= manifest["versions"].keys()
    assert manifest["code_version"].startswith("0.1.0+")
    assert str(smalltown) not in text


def test_two_workers_give_the_bytes_of_one(smalltown: Path) -> None:
    each, two = (run(workers=workers, replications=5, events=True, out=f"w{workers}") for workers in (1, 2))
    assert hashes(each.folder) == hashes(two.folder)
    assert len(hashes(each.folder)) == 2 * 5 + len([*SUMMARY_TABLES, "summary.csv", "checksums/summary.csv"])
    pd.testing.assert_frame_equal(each.summary, two.summary)


def test_the_same_line_again_simulates_nothing(smalltown: Path) -> None:
    first = run()
    before = {file: file.stat().st_mtime_ns for file in (first.folder / "replications").iterdir()}
    diary = Diary()
    again = run(listener=diary)
    assert diary.replications == []
    assert before == {file: file.stat().st_mtime_ns for file in (first.folder / "replications").iterdir()}
    pd.testing.assert_frame_equal(first.summary, again.summary)


def test_more_replications_extend_and_give_what_they_would_at_once(smalltown: Path) -> None:
    run()
    diary = Diary()
    extended = run(replications=5, listener=diary)
    assert diary.replications == [4, 5]
    assert extended.replications == 5
    assert hashes(extended.folder) == hashes(run(replications=5, out="at_once").folder)
    assert open_run(extended.folder).replications == 5


def test_events_asked_for_later_are_added(smalltown: Path) -> None:
    run()
    diary = Diary()
    run(events=True, listener=diary)
    assert diary.replications == [1, 2, 3]
    again = Diary()
    run(events=True, listener=again)
    assert again.replications == []


def test_events_are_read_back_or_the_line_is_reported_that_makes_them(smalltown: Path) -> None:
    result = run(events=True, out="kept")
    assert result.events(2)["offender"].tolist() == [2, 1]
    assert open_run("kept").events()["offender"].tolist() == [1, 1]
    # A file under another's number counts as none.
    Path("kept/events/0003.parquet").write_bytes(Path("kept/events/0002.parquet").read_bytes())
    run(out="plain")
    for folder, replication, line in (("kept", 3, "--events --out kept"), ("plain", 1, "--out plain --events")):
        with pytest.raises(FolderError) as missing:
            open_run(folder).events(replication)
        assert str(missing.value) == (
            f"{folder}: no events are saved of replication {replication}; "
            f"make them with: python -m sim run town.yaml {line}"
        )
    with pytest.raises(FolderError, match=r"^kept: there is no replication 4; this run has 1 to 3\.$"):
        result.events(4)


def test_a_damaged_or_foreign_replication_is_done_again(smalltown: Path) -> None:
    first = run()
    whole = hashes(first.folder)
    (first.folder / "replications" / "0001.parquet").write_bytes(b"PAR1 nonsense PAR1")
    foreign = run(seed=8, out="foreign").folder / "replications" / "0003.parquet"
    foreign.replace(first.folder / "replications" / "0003.parquet")
    diary = Diary()
    run(listener=diary)
    assert diary.replications == [1, 3]
    assert hashes(first.folder) == whole


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_saves_what_is_finished_and_the_same_line_goes_on(
    smalltown: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    use(FakeModel(hangs=() if workers == 1 else (3, 4)), monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        run(workers=workers, replications=6, listener=Diary(stop_after=2), out="stopped")
    folder = smalltown / "stopped"
    saved = {file.name for file in (folder / "replications").iterdir()}
    assert {"0001.parquet", "0002.parquet"} <= saved
    assert not list(folder.rglob("*.part"))
    assert not (folder / "summary.parquet").exists()
    with pytest.raises(
        FolderError, match=r"summary\.parquet: missing or damaged; make it again with: python -m sim run town"
    ):
        open_run(folder)

    use(FakeModel(), monkeypatch)
    diary = Diary()
    run(replications=6, listener=diary, out="stopped")
    assert len(diary.simulated) == 6 - len(saved)
    assert hashes(folder) == hashes(run(replications=6, out="unstopped").folder)


def test_a_failing_replication_is_left_out_and_named(smalltown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(FakeModel(fails=(2,)), monkeypatch)
    result = run()
    assert [(failure.replication, failure.error) for failure in result.failures] == [
        (2, "ArithmeticError: failed in 2")
    ]
    assert result.replications == 2
    assert result.value("overdue_visits").n == 2
    assert json.loads((result.folder / "manifest.json").read_text())["failed"] == [2]

    use(FakeModel(), monkeypatch)
    again = run()
    assert (again.replications, again.failures) == (3, ())


def test_if_all_fail_there_is_nothing_to_sum_up(smalltown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(FakeModel(fails=(1, 2, 3)), monkeypatch)
    with pytest.raises(ReplicationsFailed, match="not one replication of 3 could be finished"):
        run(out="failed")
    assert not (smalltown / "failed" / "summary.parquet").exists()


def test_old_figures_do_not_outlive_their_numbers(smalltown: Path) -> None:
    result = run()
    figure = result.folder / "figures" / "backlog.svg"
    figure.parent.mkdir()
    figure.write_text("three replications")
    run()
    assert figure.exists()
    run(replications=4)
    assert not figure.exists()


def test_a_run_read_back_is_the_run(smalltown: Path) -> None:
    result = run(settings=["visits.retry_days=9"])
    again = open_run(result.folder)
    assert again.scenario == result.scenario
    assert again.replications == result.replications
    pd.testing.assert_frame_equal(again.summary, result.summary)
    pd.testing.assert_frame_equal(again.weekly, result.weekly)
    assert again.to_json() == result.to_json()
    assert repr(again).startswith("<Run of Smalltown: 3 replications, 12 metrics, in ")


def test_the_saved_scenario_gives_the_same_run(smalltown: Path) -> None:
    first = run(settings=["visits.retry_days=9"])
    (smalltown / "copy.yaml").write_bytes((first.folder / "scenario.yaml").read_bytes())
    again = run_scenario("copy.yaml", workers=1, out="again")
    assert hashes(first.folder) == hashes(again.folder)


def test_a_folder_without_a_run_is_refused(smalltown: Path) -> None:
    with pytest.raises(FolderError, match="no run is saved here"):
        open_run(smalltown)


def test_a_summary_of_an_earlier_version_is_refused_with_how_to_renew_it(smalltown: Path) -> None:
    folder = RunFolder(run(replications=2).folder)
    key = json.loads(folder.key_of("summary.parquet"))
    folder.write_table(
        "summary.parquet", folder.read_table("summary.parquet"), json.dumps({**key, "replications": 2}).encode()
    )
    with pytest.raises(
        FolderError, match=r"earlier version of this program; make it again with: python -m sim run town"
    ):
        open_run(folder.path)


def test_the_summary_is_of_all_replications_with_what_is_not_known_left_open(smalltown: Path) -> None:
    result = run(replications=4)
    visits = result.value("overdue_visits", "high")
    single = [
        pd.read_parquet(result.folder / "replications" / f"000{k}.parquet")
        .query("metric == 'overdue_visits' and group == 'high' and statistic == 'at_end'")["value"]
        .item()
        for k in (1, 2, 3, 4)
    ]
    assert visits.mean == pytest.approx(sum(single) / 4)
    assert min(single) < visits.mean < max(single)
    assert result.value("recovery_date").n == 2
    with pytest.raises(ScenarioError, match=r'^metric: "overdue_visit" is no metric, did you mean overdue_visits\?$'):
        result.weeks("overdue_visit")
    with pytest.raises(ScenarioError, match="not known for grave"):
        result.weeks("overdue_visits", group="grave")
    weeks = result.weeks("overdue_visits")
    assert weeks["day"].tolist() == [0, 7, 14, 21, 28, 35, 42]
    assert str(weeks["date"].iloc[1]) == "2024-09-09"
    assert (weeks["p10"].iloc[1:] < weeks["p90"].iloc[1:]).all()


def test_the_json_is_what_machines_were_promised(smalltown: Path) -> None:
    each = json.loads(run(replications=1).to_json())
    assert each.keys() == {"scenario", "replications", "metrics"}
    assert (each["scenario"], each["replications"]) == ("Smalltown", 1)
    assert each["metrics"]["overdue_visits"].keys() == {"total", "low", "medium", "high", "very_high"}
    assert each["metrics"]["overdue_visits"]["total"].keys() == {"at_end", "average"}
    at_end = each["metrics"]["overdue_visits"]["total"]["at_end"]
    assert at_end["low"] is at_end["high"] is None
    assert 60 < at_end["mean"] < 70
    assert each["metrics"]["recovery_date"] == {"total": {"at_end": {"mean": 30.0, "low": None, "high": None}}}


def test_the_folder_depends_on_what_shapes_the_numbers(smalltown: Path) -> None:
    assert run().folder == run(replications=5).folder
    assert run().folder != run(seed=8).folder
    assert run().folder != run(settings=["visits.retry_days=9"]).folder


def test_a_run_of_an_older_version_is_not_in_the_way_unless_the_folder_was_named(
    smalltown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, named = run(), run(out="named")
    monkeypatch.setattr("sim.runs.provenance.code_version", lambda: "0.0.9+000000000000")
    new = run()
    assert new.folder != old.folder
    assert (old.folder / "summary.csv").exists()
    with pytest.raises(FolderError, match=r"named: this folder holds a run of another version of the program"):
        run(out=named.folder)


def names(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_fresh_leaves_nothing_behind_of_an_earlier_run_and_of_what_was_made_from_it() -> None:
    earlier = run(out="run", replications=3, events=True)
    save_report(earlier)
    earlier.files.write("report-0001.html", b"the page of a replication")
    assert len(names(Path("run"))) > 30

    run(out="run", replications=2, seed=8, fresh=True)

    run(out="new", replications=2, seed=8)
    assert names(Path("run")) == names(Path("new"))


@pytest.mark.parametrize("name", ["extra.parquet", "report.pdf", "tables/extra.csv"])
def test_a_file_that_fresh_would_not_know_is_not_written(name: str) -> None:
    files = run(out="run").files
    with pytest.raises(ValueError, match="not listed among the files of a run"):
        files.write(name, b"")
