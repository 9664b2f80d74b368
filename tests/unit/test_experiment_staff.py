"""How many officers it takes: the answer of a full sweep with fewer histories, its price, and where there is none."""

import datetime as dt
import json
from pathlib import Path

import pytest
from answer_desk import Diary, settle

from sim.experiment.prepare import prepare
from sim.experiment.search import needed_successes
from sim.experiment.staff import Staffing, staff
from sim.experiment.sweep import sweep
from sim.experiment.target import parsed_target
from sim.scenario import ScenarioError, read

SMALL = str(Path(__file__).parents[2] / "scenarios" / "small.yaml")


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path, monkeypatch)


def searched(target: str, **options: object) -> Staffing:
    return staff(str(options.pop("scenario", "town.yaml")), target, workers=1, **options)  # type: ignore[arg-type]


def told(target: str = "overdue_visits <= 5", **options: object) -> str:
    with pytest.raises(ScenarioError) as refused:
        searched(target, **options)
    return str(refused.value)


@pytest.mark.parametrize(
    ("scenario", "settings", "target", "between", "by"),
    [
        ("town.yaml", [], "overdue_visits <= 6", "2..9", None),
        ("town.yaml", ["visits.interval_days={low: 182, medium: 91, high: 60, very_high: 30}"],
         "overdue_visits_share <= 8%", "2..12", dt.date(2024, 11, 30)),
        (SMALL, ["end=2025-01-31"], "overdue_visits[high] <= 8", "7..14", None),
    ],
)  # fmt: skip
def test_it_finds_what_a_full_sweep_finds_with_fewer_histories(scenario, settings, target, between, by):
    histories = 8
    found = searched(
        target, scenario=scenario, settings=settings, between=between, by=by, replications=histories, confidence=0.75
    )
    first, _, last = between.partition("..")
    every = range(int(first), int(last) + 1)
    sweep(scenario, [f"officers.total={between}"], settings=settings, replications=histories, workers=1)
    aim = parsed_target(target, by, read(scenario, settings).scenario)
    enough = []
    for officers in every:
        run = prepare(scenario, settings=[*settings, f"officers.total={officers}"], replications=histories,
                      results=Path("results/points"))  # fmt: skip
        met = sum(aim.met(aim.value(run.folder.metrics(k, run.key))) for k in range(1, histories + 1))
        enough += [officers] if met >= needed_successes(histories, 0.75) else []
    assert found.found.answer == min(enough)
    assert found.found.enough(min(enough) - 1) is False
    assert found.found.simulated < 0.75 * len(every) * histories


def test_what_was_simulated_is_used_again():
    diary = Diary()
    found = searched("overdue_visits <= 6", between="2..9", watcher=diary)
    assert len(diary.simulated) == found.found.simulated == len(found.histories)
    searched("overdue_visits <= 6", between="2..9", watcher=diary)
    assert len(diary.simulated) == found.found.simulated


def test_the_price_is_of_those_who_come_on_top():
    found = searched("overdue_visits <= 6", between="2..9")
    assert found.present == 3
    assert found.more_per_year == 60_000 * (found.found.answer - 3)
    Path("unpriced.yaml").write_text(Path("town.yaml").read_text().replace("costs: {officer_per_year: 60000}", ""))
    assert searched("overdue_visits <= 6", scenario="unpriced.yaml", between="2..9").more_per_year is None


def test_what_cannot_be_met_is_said():
    found = searched("overdue_visits <= 0", between="1..3")
    assert found.found.answer is None
    assert found.more_per_year is None
    document = json.loads(found.to_json())
    assert (document["answer"], document["share_surely_at_least"]) == (None, None)


def test_any_key_in_whole_numbers_can_be_searched():
    found = searched("overdue_visits <= 4", vary="surge.officers", between="0..6")
    assert found.present == 0
    assert found.found.answer > 0
    assert found.more_per_year == 60_000 * found.found.answer


def test_how_sure_the_share_is():
    found = searched("overdue_visits <= 1000", between="3..9")
    assert found.found.answer == 3
    # All of six: with 95 % confidence the true share is at least 0.05 ** (1 / 6).
    assert found.surely(3) == pytest.approx(0.05 ** (1 / 6))


def test_a_key_that_is_no_whole_number_is_refused():
    assert told(vary="visits.announced_share", between="1..3").startswith(
        "--vary visits.announced_share: is not a whole number; search for officers.total or surge.officers"
    )
    assert told(vary="officers.totl") == "--vary officers.totl: unknown key, did you mean officers.total?"


def test_a_lever_that_would_undo_the_search_is_refused_with_its_line():
    text = Path("town.yaml").read_text()
    Path("town.yaml").write_text(f"{text}levers:\n  - {{from: 2024-10-01, set: {{officers.total: 4}}}}\n")
    line = len(text.splitlines()) + 2
    assert told() == (
        f"town.yaml:{line}: this lever sets officers.total anew from 2024-10-01 on, and would undo the search; "
        "take it out"
    )


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"vary": "surge.officers"}, "--between: is missing: surge.officers is 0 now, so say from where to where"),
        ({"between": "3-9"}, "--between 3-9: write two whole numbers, as --between 100..200"),
        ({"between": "9..3"}, "--between 9..3: the second number must be above the first"),
    ],
)
def test_bounds_that_make_no_sense_are_told(options, problem):
    assert told(**options).startswith(problem)


def test_it_is_kept_with_the_line_that_repeats_it():
    found = searched("overdue_visits <= 6", by=dt.date(2024, 11, 30))
    folder = found.kept_in.path
    assert json.loads((folder / "answer.json").read_text())["command"] == (
        "python -m sim staff town.yaml --target 'overdue_visits <= 6' --by 2024-11-30 --confidence 0.9 "
        "--vary officers.total --between 1..6"
    )
    assert json.loads((folder / "staffing.json").read_text())["target"]["by"] == "2024-11-30"
