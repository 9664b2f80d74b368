"""Plans beside a base: what differs, what may be compared, and what is kept of it."""

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.report.answers import charts
from sim.report.text.colours import DARK_BLUE, TURQUOISE
from sim.runs.errors import FolderError
from sim.runs.folder import RunFolder
from sim.runs.load import load
from sim.runs.reopen import open_run
from sim.runs.run import run_scenario
from sim.scenario import ScenarioError, read_saved
from sim.studies.compare import Comparison, compare
from sim.studies.staffing import staff
from sim.studies.sweep import sweep
from tests.support.answers import settle
from tests.support.diary import Diary

BACKLOG = ("overdue_visits", "total", "at_end")


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path, monkeypatch)


def compared(*plans: str, base: str = "town.yaml", **options: object) -> Comparison:
    return compare(base, plans, workers=1, **options)  # type: ignore[arg-type]


def shown(*plans: str, **options: object) -> list[str]:
    with pytest.raises(ScenarioError) as refused:
        compared(*plans, **options)
    return [str(fault) for fault in refused.value.faults]


def test_a_scenario_beside_itself_differs_in_nothing() -> None:
    (plan,) = compared("town.yaml").plans
    known = plan.table[plan.table["n"] > 0]
    assert len(known) > 100
    assert (known["mean"] == 0).all()
    assert known[["low", "high"]].isna().all(axis=None)
    assert set(known["verdict"]) <= {"same", "too few values"}
    assert plan.changes == []


def test_one_more_officer_leaves_fewer_visits_overdue() -> None:
    (plan,) = compared("plan.yaml").plans
    row = plan.table.loc[BACKLOG]
    assert row["verdict"] == "less"
    assert row["low"] < row["mean"] < row["high"] < 0
    assert row["plan"] - row["base"] == pytest.approx(row["mean"])


def test_in_the_figure_the_primary_measure_alone_is_green_or_orange() -> None:
    comparison = compared("plan.yaml", replications=12)
    (chart,) = charts(comparison)
    figure = chart.on()
    colours = {line.get_ydata()[0]: line.get_color() for line in figure.axes[0].lines if line.get_marker() == "o"}
    assert colours.pop(0) == TURQUOISE
    assert set(colours.values()) == {DARK_BLUE}
    assert chart.title.startswith("One more officer: fewer overdue visits, −")
    assert chart.what.endswith("Green: overdue visits, better; blue: without a verdict.")


def test_of_several_plans_none_is_called_the_best_unless_it_differs_from_the_base() -> None:
    plans = compared("plan.yaml", settings=["visits.retry_days=8"], replications=12)
    assert charts(plans)[0].title == "Of 2 plans, 1 with fewer overdue visits than the base"
    nothing = compared("town.yaml", settings=["visits.retry_days=8"], replications=12)
    assert charts(nothing)[0].title == "Of 2 plans, none shows a clear difference in overdue visits"


def test_a_plan_needs_no_file() -> None:
    by_file, by_setting = compared("plan.yaml", settings=["teams.0.officers=4"]).plans
    assert (by_file.label, by_setting.label) == ("One more officer", "teams.0.officers=4")
    pd.testing.assert_frame_equal(by_file.table, by_setting.table)


def test_only_what_changes_is_reported() -> None:
    Path("more.yaml").write_text(
        "extends: plan.yaml\nvisits: {announced_share: {low: 0.8}, retry_days: 9}\n"
        "levers:\n  - {from: 2024-10-01, set: {visits.lead_days: 3}}\n"
    )
    (plan,) = compared("more.yaml").plans
    assert [(change.key, change.base, change.plan) for change in plan.changes] == [
        ("visits.announced_share", "0.5", "{low: 0.8, medium: 0.5, high: 0.5, very_high: 0.5}"),
        ("visits.retry_days", "7", "9"),
        ("teams, North, officers", "3", "4"),
        ("visits.lead_days", "0", "0 until 30 September 2024, then 3"),
    ]


def test_what_a_lever_changes_has_a_before_in_every_case() -> None:
    Path("hire.yaml").write_text(
        "extends: town.yaml\nvisits: {retry_days: 9}\nlevers:\n"
        "  - {from: 2024-10-01, set: {officers.total: 5, visits.interval_days.low: 300}}\n"
        "  - {from: 2024-11-01, set: {officers.total: 6, visits.retry_days: 5}}\n"
    )
    (plan,) = compared("hire.yaml").plans
    assert [(change.key, change.base, change.plan) for change in plan.changes] == [
        (
            "officers.total",
            "3",
            "3 until 30 September 2024, then 5 until 31 October 2024, then 6",
        ),
        ("visits.interval_days.low", "365", "365 until 30 September 2024, then 300"),
        ("visits.retry_days", "7", "9 until 31 October 2024, then 5"),
    ]
    (back,) = compared("town.yaml", base="hire.yaml").plans
    assert [(change.base, change.plan) for change in back.changes][1:] == [
        ("365 until 30 September 2024, then 300", "365"),
        ("9 until 31 October 2024, then 5", "7"),
    ]


def test_a_team_that_is_new_was_no_team_before() -> None:
    Path("two.yaml").write_text("extends: town.yaml\nteams:\n  - {name: South, officers: 3, offenders: 150}\n")
    (plan,) = compared("two.yaml").plans
    assert ("teams, South, officers", "no such team", "3") in [(c.key, c.base, c.plan) for c in plan.changes]


def test_a_total_is_reported_against_the_sum_of_the_teams() -> None:
    (plan,) = compared(settings=["officers.total=5"]).plans
    assert [(change.base, change.plan) for change in plan.changes] == [("3", "5")]


def test_what_was_run_is_used_again() -> None:
    diary = Diary()
    compared("plan.yaml", listener=diary)
    assert len(diary.simulated) == 12
    compared("plan.yaml", listener=diary)
    assert len(diary.simulated) == 12
    compared("plan.yaml", listener=diary, replications=8)
    assert len(diary.simulated) == 16


def test_an_old_run_may_stand_on_either_side() -> None:
    old = run_scenario("town.yaml", workers=1, out="old", replications=4)
    fresh = compared("plan.yaml", replications=4).plans[0].table
    pd.testing.assert_frame_equal(compared("plan.yaml", base="old").plans[0].table, fresh)
    backwards = compared("old", base="plan.yaml").plans[0].table
    assert backwards.loc[BACKLOG, "mean"] == -fresh.loc[BACKLOG, "mean"]
    assert open_run("old").replications == old.replications == 4


def test_as_many_pairs_as_all_sides_have() -> None:
    run_scenario("town.yaml", workers=1, out="old", replications=3)
    diary = Diary()
    assert compared("plan.yaml", base="old", listener=diary).replications == 3
    assert len(diary.simulated) == 3


def test_more_pairs_than_an_old_run_has_are_refused_with_how_to_get_them() -> None:
    run_scenario("town.yaml", workers=1, out="old", replications=3)
    assert shown("plan.yaml", base="old", replications=5) == [
        "old: has 3 replications and 5 are needed; leave --replications out, or add to them with: "
        "python -m sim run town.yaml --replications 3 --out old --replications 5"
    ]


def test_alternatives_that_cannot_be_paired_are_refused_with_how_to_fix_it() -> None:
    Path("other.yaml").write_text("extends: town.yaml\nend: 2025-01-31\nseed: 8\n")
    assert shown("other.yaml") == [
        "other.yaml: ends on 2025-01-31, and town.yaml ends on 2024-12-31; fix it with --set-all end=2024-12-31",
        "other.yaml: has the seed 8, and town.yaml has the seed 7; fix it with --seed 7",
    ]
    assert compared("other.yaml", settings_for_all=["end=2024-12-31"], seed=7).replications == 6


def test_what_holds_for_all_holds_for_all() -> None:
    (plan,) = compared("plan.yaml", settings_for_all=["visits.retry_days=3"]).plans
    assert [change.key for change in plan.changes] == ["teams, North, officers"]
    assert plan.scenario.visits.retry_days == 3


def test_a_run_that_is_over_cannot_be_changed() -> None:
    run_scenario("town.yaml", workers=1, out="old")
    assert shown(base="old", settings=["officers.total=5"]) == [
        "old: is a finished run; officers.total=5 can be set for a scenario file only"
    ]


def test_a_run_of_another_version_of_the_program_is_refused() -> None:
    run_scenario("town.yaml", workers=1, out="old")
    old = RunFolder(Path("old"))
    manifest = old.manifest() or {}
    old.write_manifest({**manifest, "code_version": f"0.0.1+{manifest['code_version']}"})
    (fault,) = shown("plan.yaml", base="old")
    assert fault.startswith("old: was run by another version of the program (0.0.1+")
    assert fault.endswith("so a difference could be due to that; give the scenario file instead")


def test_in_a_notebook_loaded_scenarios_and_runs_are_compared_as_they_are() -> None:
    town = load("town.yaml")
    more = town.update({"officers.total": 4}, replications=4)
    base = run_scenario(town.update(replications=4), workers=1)
    (plan,) = compare(base, more, workers=1).plans
    assert plan.label == "Total officer posts 4"
    assert plan.table.loc[BACKLOG, "mean"] == compared("plan.yaml", replications=4).plans[0].table.loc[BACKLOG, "mean"]
    swept = sweep(more, ["visits.retry_days=3,7"], workers=1)
    assert (swept.base.officers.total, swept.replications) == (4, 4)
    assert staff(more, "overdue_visits <= 100", between="3..5", workers=1).found.answer == 3


def test_nothing_to_compare_with_is_asked_for() -> None:
    assert shown() == ["town.yaml: has no plan to be compared with; name one, or give one with --set KEY=VALUE"]


def test_it_is_saved_with_the_command_that_repeats_it() -> None:
    comparison = compared("plan.yaml", settings=["visits.retry_days=9"], replications=4)
    folder = comparison.folder
    saved = json.loads((folder / "answer.json").read_text())
    assert saved["command"] == ("python -m sim compare town.yaml plan.yaml --set visits.retry_days=9 --replications 4")
    assert [run["seed"] for run in saved["runs"]] == [7, 7, 7]
    table = pd.read_csv(folder / "differences.csv")
    assert set(table["plan_name"]) == {"One more officer", "Visits, retry 9 days"}
    assert json.loads((folder / "comparison.json").read_text()) == json.loads(comparison.to_json())


def test_a_folder_of_something_else_is_left_alone() -> None:
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("keep me")
    with pytest.raises(FolderError, match="mine: this folder holds something else than a comparison"):
        compared("plan.yaml", out="mine")
    assert [file.name for file in Path("mine").iterdir()] == ["notes.txt"]


def test_for_machines_each_difference_has_its_verdict() -> None:
    comparison = compared("plan.yaml", settings=["visits.lead_days=7"])
    document = json.loads(comparison.to_json())
    assert document["correction"] == "Holm"
    plan = document["plans"][0]
    found = plan["metrics"]["overdue_visits"]["total"]["at_end"]
    assert set(found["difference"]) == {"mean", "low", "high"}
    assert (found["verdict"], found["better"]) == ("less", True)
    assert document["primary_measure"] == {"metric": "overdue_visits", "group": "total", "statistic": "at_end"}
    others = [
        (entry["verdict"], entry["better"])
        for metric, groups in plan["metrics"].items()
        for group, statistics in groups.items()
        for statistic, entry in statistics.items()
        if (metric, group, statistic) != BACKLOG
    ]
    assert {better for _, better in others} == {None}
    assert not {"less", "more"} & {verdict for verdict, _ in others}
    assert list(plan["what_else_changes"]) == [
        *("not_visited", "hidden_risk_days", "breaches_not_found", "longest_unseen_days", "hours", "money")
    ]
    assert plan["changes"] == [{"key": "teams, North, officers", "base": "3", "plan": "4"}]
    retried = document["plans"][1]["metrics"]["offenders_in_custody"]["total"]["at_end"]
    assert (retried["verdict"], retried["better"]) == ("same", None)


def test_from_a_date_the_plan_is_the_base_with_a_lever() -> None:
    dated = compared(settings=["officers.total=4"], from_="2024-11-01", replications=3)
    assert json.loads((dated.folder / "answer.json").read_text())["command"] == (
        "python -m sim compare town.yaml --set officers.total=4 --from 2024-11-01 --replications 3"
    )
    Path("lever.yaml").write_text("extends: town.yaml\nlevers:\n  - {from: 2024-11-01, set: {officers.total: 4}}\n")
    written = compared("lever.yaml", replications=3)
    (plan,) = dated.plans
    pd.testing.assert_frame_equal(plan.table, written.plans[0].table)
    assert plan.label == "Total officer posts 4 from 1 November 2024"
    assert read_saved(plan.folder / "scenario.yaml").resolved["levers"] == [
        {"from": "2024-11-01", "set": {"officers.total": 4}}
    ]
    command = json.loads((plan.folder / "manifest.json").read_text())["command"]
    assert command == "python -m sim run town.yaml --set officers.total=4 --from 2024-11-01"


def test_the_date_is_not_that_of_what_is_set_for_all() -> None:
    dated = {"settings": ["officers.total=4"], "from_": "2024-11-01"}
    found = compared(**dated, settings_for_all=["officers.total=2"], replications=1)
    assert found.base.officers.total == found.plans[0].scenario.officers.total == 2
    assert [lever.set for lever in found.plans[0].scenario.levers] == [{"officers.total": 4}]


def test_sides_with_two_prices_are_not_compared() -> None:
    (fault,) = shown(settings=["costs.officer_per_year=50000"])
    assert "prices an officer at £50,000 a year, and town.yaml at" in fault
    assert fault.endswith("give both the same, as --set-all costs.officer_per_year=75000")


def test_sides_with_two_primary_measures_are_compared_by_the_one_that_is_named() -> None:
    (fault,) = shown(settings=["primary_measure=overdue_reviews"])
    assert fault.endswith("say with --measure which carries the verdict")
    found = compared(settings=["primary_measure=overdue_reviews"], measure="overdue_reviews", replications=2)
    assert found.primary[0] == "overdue_reviews"
