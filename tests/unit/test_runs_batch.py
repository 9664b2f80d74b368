"""Several runs at once: one pool, each replication once, and the values of each replication for pairing."""

from pathlib import Path

import pandas as pd
import pytest

from sim.runs.batch import finish, simulate_missing, values
from sim.runs.errors import FolderError
from sim.runs.pool import open_pool
from sim.runs.prepare import PreparedRun, prepare
from sim.runs.reopen import open_run
from sim.runs.run import run_scenario
from tests.support.diary import Diary
from tests.support.fake_model import SCENARIO, FakeModel, use


@pytest.fixture(autouse=True)
def _smalltown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    Path("town.yaml").write_text(SCENARIO)


def town(out: str, **options: object) -> PreparedRun:
    return prepare("town.yaml", out=out, **options).reserve()  # type: ignore[arg-type]


def test_what_two_runs_lack_is_simulated_on_one_pool() -> None:
    run_scenario("town.yaml", workers=1, out="base")
    base, plan = town("base", replications=4), town("plan", settings=["visits.retry_days=9"])
    diary = Diary()
    with open_pool(2) as pool:
        assert simulate_missing([(base, range(1, 5)), (plan, [1, 2])], pool=pool, listener=diary) == {
            base: (),
            plan: (),
        }
        assert sorted(diary.simulated) == [("base", 4), ("plan", 1), ("plan", 2)]
        assert (diary.plans[0].missing, diary.plans[0].workers) == (3, 2)
        simulate_missing([(plan, [1, 2, 3])], pool=pool, listener=diary)
        assert diary.simulated[3:] == [("plan", 3)]
    assert finish(plan).replications == 3


def test_a_run_that_is_wanted_twice_is_simulated_once() -> None:
    diary = Diary()
    each, other = town("same"), town("same", events=True)
    simulate_missing([(each, [1, 2]), (other, [2, 3])], workers=1, listener=diary)
    assert diary.simulated == [("same", 1), ("same", 2), ("same", 3)]
    assert other.folder.is_done(2, other.key, events=True)


def test_each_run_reports_its_own_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    use(FakeModel(fails=(2, 3)), monkeypatch)
    each, other = town("one"), town("other")
    failures = simulate_missing([(each, [1, 2]), (other, [3])], workers=1)
    assert {run: [failure.replication for failure in of_run] for run, of_run in failures.items()} == {
        each: [2],
        other: [3],
    }
    assert finish(each, [1, 2], failures[each]).numbers == (1,)


def test_values_are_what_each_replication_came_to() -> None:
    base = town("base", replications=4)
    simulate_missing([(base, base.replications)], workers=1)
    table = values(base, [2, 4])
    assert table.index.tolist() == [2, 4]
    assert table.columns.names == ["metric", "group", "statistic"]
    saved = pd.read_parquet("base/replications/0004.parquet").query("metric == 'overdue_visits' and group == 'high'")
    at_end = saved.loc[saved["statistic"] == "at_end", "value"].item()
    assert table.loc[4, ("overdue_visits", "high", "at_end")] == at_end
    weeks = values(base, [4], weekly=True)
    assert weeks.columns.names == ["metric", "group", "day"]
    assert weeks["overdue_visits"]["high"].loc[4].tolist() == saved.loc[saved["statistic"] == "week", "value"].tolist()


def test_values_of_a_run_read_back_are_of_the_replications_that_it_sums_up(monkeypatch: pytest.MonkeyPatch) -> None:
    use(FakeModel(fails=(2,)), monkeypatch)
    fresh = run_scenario("town.yaml", workers=1, replications=5, out="kept")
    again = open_run("kept")
    assert again.numbers == (1, 3, 4, 5)
    assert again.values().index.tolist() == [1, 3, 4, 5]
    pd.testing.assert_frame_equal(again.values(), fresh.values())
    assert again.values()["overdue_visits", "total", "at_end"].mean() == fresh.value("overdue_visits").mean
    Path("kept/replications/0003.parquet").unlink()
    with pytest.raises(FolderError, match=r"0003\.parquet: missing or damaged"):
        again.values()


def test_runs_of_a_study_may_be_saved_elsewhere(tmp_path: Path) -> None:
    assert prepare("town.yaml", results=Path("study")).folder.path.parent == tmp_path / "study"
