"""How many officers it takes: what a full sweep says, with fewer replications; the price; where there is no answer."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from sim.report.text.staffing import tried_table, verdict_of
from sim.runs.prepare import prepare
from sim.runs.run import run_scenario
from sim.scenario import ScenarioError, read
from sim.studies.search import fewest, needed_successes
from sim.studies.staffing import Staffing, staff
from sim.studies.sweep import sweep
from sim.studies.target import parsed_targets
from tests.support.answers import settle
from tests.support.diary import Diary

SMALL = str(Path(__file__).parents[2] / "scenarios" / "small.yaml")


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path, monkeypatch)


def searched(*targets: str, **options: object) -> Staffing:
    scenario = str(options.pop("scenario", "town.yaml"))
    return staff(scenario, targets, **{"workers": 1, "replications": 6, **options})  # type: ignore[arg-type]


def shown(target: str = "overdue_visits <= 5", **options: object) -> str:
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
def test_it_finds_what_a_full_sweep_finds_with_fewer_replications(scenario, settings, target, between, by):
    in_each = 8
    found = searched(
        target, scenario=scenario, settings=settings, between=between, by=by, replications=in_each, confidence=0.75
    )
    first, _, last = between.partition("..")
    every = range(int(first), int(last) + 1)
    sweep(scenario, [f"officers.total={between}"], settings=settings, replications=in_each, workers=1)
    aim = parsed_targets([target], by, read(scenario, settings).scenario)[0]
    enough = []
    for officers in every:
        run = prepare(scenario, settings=[*settings, f"officers.total={officers}"], replications=in_each,
                      results=Path("results/points"))  # fmt: skip
        met = sum(aim.met(aim.value(run.folder.metrics(k, run.key))) for k in range(1, in_each + 1))
        enough += [officers] if met >= needed_successes(in_each, 0.75) else []
    assert found.found.answer == min(enough)
    assert found.found.enough(min(enough) - 1) is False
    assert found.found.simulated < len(every) * in_each


def test_a_number_that_is_not_ruled_out_is_called_neither_too_few_nor_enough():
    asked = searched("overdue_visits <= 6", between="2..9")
    stopped = {number: replace(trial, met=trial.met[:1]) for number, trial in asked.found.trials.items()}
    found = replace(asked, present=0, found=replace(asked.found, trials=stopped, answer=3, low=3, high=6))
    assert [verdict_of(found, number) for number in (2, 3, 5, 6, 9)] == [
        "too few", "not ruled out", "not ruled out", "enough", "enough",
    ]  # fmt: skip
    for number, cell, *_ in tried_table(found)[1:]:
        assert cell.endswith(f", then stopped: {verdict_of(found, int(number))}")
    # Where none is surely enough, no number above the range is ruled out; where all are too few, each is.
    assert verdict_of(replace(found, found=replace(found.found, high=None)), 9) == "not ruled out"
    assert verdict_of(replace(found, found=replace(found.found, answer=None, low=None, high=None)), 9) == "too few"


def test_what_was_simulated_is_used_again():
    diary = Diary()
    found = searched("overdue_visits <= 6", between="2..9", listener=diary)
    assert len(diary.simulated) == found.found.simulated == len(found.table)
    searched("overdue_visits <= 6", between="2..9", listener=diary)
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
    assert (document["answer"], document["share_lower_confidence_bound"]) == (None, None)
    assert (document["nearest"], document["range"]["low"]) == (3, None)
    # The strictest bound that three officers meet in nine of ten: six replications, all of which must.
    values = found.table.query("number == 3")["value"]
    assert found.attainable(3, found.targets[0]) == values.max()


def test_any_key_in_whole_numbers_can_be_searched():
    found = searched("overdue_visits <= 4", vary="surge.officers", between="0..6")
    assert found.present == 0
    assert found.found.answer > 0
    assert found.more_per_year == 60_000 * found.found.answer


def test_how_sure_the_share_is():
    found = searched("overdue_visits <= 1000", between="3..9")
    assert found.found.answer == 3
    # All of six: with 95% confidence the true share is at least 0.05 ** (1 / 6).
    assert found.lower_confidence_bound(3) == pytest.approx(0.05 ** (1 / 6))


def test_a_key_that_is_no_whole_number_is_refused():
    assert shown(vary="visits.announced_share", between="1..3").startswith(
        "--vary visits.announced_share: is not a whole number; search for officers.total or surge.officers"
    )
    assert shown(vary="officers.totl") == "--vary officers.totl: unknown key, did you mean officers.total?"


def test_a_lever_that_would_undo_the_search_is_refused_with_its_line():
    text = Path("town.yaml").read_text()
    Path("town.yaml").write_text(f"{text}levers:\n  - {{from: 2024-10-01, set: {{officers.total: 4}}}}\n")
    line = len(text.splitlines()) + 2
    undoes = (
        f"town.yaml:{line}: levers.0.set: officers.total: this lever sets it to 4 from 2024-10-01 on, and would undo"
    )
    assert shown() == (
        f"{undoes} --vary officers.total; take the lever out, or let the change begin with --from DATE, 2024-10-01 or "
        "later"
    )
    assert shown(from_=dt.date(2024, 9, 15)).startswith(undoes)
    # From the date of the lever on the number searched stands in its place.
    text_of_lever = Path("town.yaml").read_text()
    instead = searched("overdue_visits <= 12", from_="2024-10-01", between="2..9")
    Path("town.yaml").write_text(text)
    assert instead.found == searched("overdue_visits <= 12", from_="2024-10-01", between="2..9").found
    assert instead.present == 3
    Path("town.yaml").write_text(text_of_lever.replace("officers.total: 4", "officers: {total: 4}"))
    assert "officers.total: this lever sets it to 4" in shown()


def test_a_number_of_a_team_that_the_search_would_share_out_is_refused_with_a_repair_that_works():
    refused = shown(settings=["teams.0.officers=9"], between="8..9")
    assert refused == (
        "--set teams.0.officers=9: officers of the teams add up to 9, and officers.total (--set officers.total=8) "
        "shares 8 among them in proportion; leave one of the two out"
    )


def test_from_a_date_on_the_present_number_is_that_in_force_before():
    text = Path("town.yaml").read_text()
    Path("town.yaml").write_text(f"{text}levers:\n  - {{from: 2024-10-01, set: {{officers.total: 2}}}}\n")
    found = searched("overdue_visits <= 12", from_=dt.date(2024, 10, 14), between="2..9", settings=["reviews.hours=3"])
    assert found.present == 2
    assert found.more_per_year == 60_000 * (found.found.answer - 2)
    # The same replications as with both levers written by hand.
    answer = found.found.answer
    Path("by-hand.yaml").write_text(
        f"{text}levers:\n  - {{from: 2024-10-01, set: {{officers.total: 2}}}}\n"
        f"  - {{from: 2024-10-14, set: {{officers.total: {answer}, reviews.hours: 3}}}}\n"
    )
    by_hand = run_scenario("by-hand.yaml", workers=1, replications=6, out="by-hand")
    weeks = [by_hand.files.metrics(k, by_hand.files.run_key()) for k in by_hand.numbers]
    values = found.table.query(f"number == {answer}")["value"]
    assert list(values) == [found.targets[0].value(table) for table in weeks]
    command = json.loads((found.folder / "answer.json").read_text())["command"]
    assert "--between 2..9 --set reviews.hours=3 --from 2024-10-14" in command


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            {"from_": dt.date(2024, 10, 1), "vary": "surge.officers", "between": "0..3"},
            "--from 2024-10-01: surge.officers holds for the whole horizon; leave --from out",
        ),
        ({"from_": dt.date(2025, 2, 1)}, "--from 2025-02-01: the scenario runs from 2024-09-02 to 2024-12-31"),
        ({"from_": dt.date(2024, 12, 1), "by": dt.date(2024, 11, 30)}, "--from 2024-12-01: is after --by 2024-11-30"),
    ],
)
def test_a_date_that_does_not_fit_is_reported(options, problem):
    assert shown(**options).startswith(problem)


def test_all_targets_must_be_met_in_the_same_replication():
    first, second = "overdue_visits <= 4", "overdue_visits_share[high] <= 3%"
    both = searched(first, second, between="2..6", replications=10, confidence=0.5)
    alone = [searched(each, between="2..6", replications=10, confidence=0.5) for each in (first, second)]
    assert both.found.answer >= max(found.found.answer for found in alone)
    for number, trial in both.found.trials.items():
        rows = both.table[both.table["number"] == number].pivot(index="replication", columns="target")
        assert trial.met == list(rows["met"].all(axis=1))
    command = json.loads((both.folder / "answer.json").read_text())["command"]
    assert "--target 'overdue_visits <= 4' --target 'overdue_visits_share[high] <= 0.03'" in command


def test_two_ways_to_ask_the_same_give_the_same():
    """By docs/metrics.md coverage is 1 - share overdue, also where a replication has nobody of the level."""
    few = "caseload.risk_mix={low: 0.985, medium: 0, high: 0.01, very_high: 0.005}"
    nobody = "caseload.risk_mix={low: 1, medium: 0, high: 0, very_high: 0}"
    some_without = set()
    for settings in ([], [few], [nobody]):
        share, coverage = (
            searched(target, settings=settings, between="1..6", replications=12)
            for target in ("overdue_visits_share[very_high] <= 0.05", "visit_coverage[very_high] >= 0.95")
        )
        assert {n: trial.met for n, trial in share.found.trials.items()} == {
            n: trial.met for n, trial in coverage.found.trials.items()
        }
        assert share.found.answer == coverage.found.answer
        some_without |= {verdict for trial in share.found.trials.values() for verdict in trial.met}
        assert share.found.has_values == coverage.found.has_values == (settings != [nobody])
    assert some_without == {True, False, None}


def test_by_default_a_number_near_the_answer_gets_a_hundred_replications(monkeypatch):
    asked = {}

    def noted(attempt, *arguments, **options):
        asked.update(numbers=arguments, **options)
        return fewest(attempt, 3, 4, 2, 0.5)

    monkeypatch.setattr("sim.studies.staffing.fewest", noted)
    searched("overdue_visits <= 6", replications=None, between="2..9")
    assert (asked["numbers"][:4], asked["most"], asked["start"]) == ((2, 9, 100, 0.9), 400, 3)
    searched("overdue_visits <= 6", replications=7, between="2..9")
    assert (asked["numbers"][2], asked["most"]) == (7, 7)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"vary": "surge.officers"}, "--between: is missing: surge.officers is 0 now, so say from where to where"),
        ({"between": "3-9"}, "--between 3-9: write two whole numbers of at most nine digits, as --between 100..200"),
        ({"between": f"1..{'9' * 400}"}, f"--between 1..{'9' * 400}: write two whole numbers of at most nine digits"),
        ({"between": "9..3"}, "--between 9..3: the second number must be above the first"),
    ],
)
def test_bounds_that_make_no_sense_are_reported(options, problem):
    assert shown(**options).startswith(problem)


def test_it_is_saved_with_the_line_that_repeats_it():
    found = searched("overdue_visits <= 6", by=dt.date(2024, 11, 30))
    folder = found.folder
    assert json.loads((folder / "answer.json").read_text())["command"] == (
        "python -m sim staff town.yaml --target 'overdue_visits <= 6' --by 2024-11-30 --confidence 0.9 "
        "--vary officers.total --between 1..6 --replications 6"
    )
    assert json.loads((folder / "staffing.json").read_text())["by"] == "2024-11-30"


def test_a_total_that_is_not_written_is_that_of_the_teams():
    found = searched("hours_worked >= 1", vary="caseload.total", between="100..101", replications=2)
    assert found.present == 150
    assert found.found.answer == 100
