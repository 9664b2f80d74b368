"""Which assumption the answer is sensitive to: what matters comes first, what does nothing last."""

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main
from sim.scenario import ScenarioError
from sim.studies.sensitivity import Sensitivity, sensitivity
from tests.support.answers import settle
from tests.support.diary import Diary

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"
MADE_UP = "assumptions.target.overdue_visits_share={quality: red, range: [0.01, 0.2]}"
"""What the force calls recovered changes no visit, so nothing can depend on it but the date of recovery."""

NEVER_RECOVERED = ["officers.available_share=0.1", "target.overdue_visits_share=0.01"]

SOME = ("officers.available_share", "visits.visit_hours", "reviews.hours", "officers.leave_days")


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def of_small(tmp_path_factory: pytest.TempPathFactory) -> Sensitivity:
    """A few of the assumptions of small.yaml, and one that is made up."""
    return sensitivity(
        SMALL,
        only=[*SOME, "target.overdue_visits_share"],
        settings=[MADE_UP],
        replications=2,
        trajectories=3,
        workers=1,
        results=tmp_path_factory.mktemp("results"),
    )


def town_with(*assumptions: str) -> None:
    text = Path("town.yaml").read_text()
    Path("town.yaml").write_text(f"{text}assumptions:\n" + "".join(f"  {line}\n" for line in assumptions))


def test_a_made_up_assumption_that_does_nothing_ranks_last(of_small: Sensitivity) -> None:
    assert of_small.effects["key"].tolist()[0] == "officers.available_share"
    nothing = of_small.effects.set_index("key").loc["target.overdue_visits_share"]
    assert (nothing["rank"], nothing["swing"], nothing["mu_star"]) == (5, 0, 0)
    assert (of_small.effects["swing"].iloc[:4] > 0).all()


def test_less_time_for_the_caseload_leaves_more_overdue(of_small: Sensitivity) -> None:
    first = of_small.effects.iloc[0]
    assert first["at_low"] > of_small.level.mean > first["at_high"]
    assert first["mu"] < 0 < first["mu_star"]
    assert first["low_change"] == pytest.approx(first["at_low"] - of_small.level.mean)


def test_the_whole_table_is_saved_and_said_to_machines(of_small: Sensitivity) -> None:
    saved = pd.read_csv(of_small.folder / "effects.csv")
    assert saved["key"].tolist() == of_small.effects["key"].tolist()
    document = json.loads(of_small.to_json())
    assert [row["rank"] for row in document["assumptions"]] == [1, 2, 3, 4, 5]
    assert document["base"]["mean"] == of_small.level.mean


def test_points_that_are_known_are_not_simulated_again() -> None:
    town_with("visits.visit_hours: {quality: red, range: [1, 3]}", "reviews.hours: {quality: red, range: [3, 5]}")
    diary = Diary()
    found = sensitivity("town.yaml", trajectories=2, replications=2, workers=1, listener=diary)
    simulated = len(diary.simulated)
    assert 0 < simulated <= 2 * found.points
    other = sensitivity("town.yaml", "overdue_reviews", trajectories=2, replications=2, workers=1, listener=diary)
    assert len(diary.simulated) == simulated
    assert found.folder != other.folder


@pytest.mark.slow
def test_sobol_shares_the_variance_out() -> None:
    town_with("visits.visit_hours: {quality: red, range: [0.1, 4]}", "visits.lead_days: {quality: red, range: [0, 14]}")
    found = sensitivity("town.yaml", trajectories=2, replications=1, workers=1, sobol=True, sobol_samples=16)
    shares = found.effects.set_index("key")
    assert shares.loc["visits.visit_hours", "st"] > 0.7 > shares.loc["visits.lead_days", "st"]


def test_a_range_that_does_not_hold_its_value_is_reported_with_its_line() -> None:
    lines = len(Path("town.yaml").read_text().splitlines())
    town_with("reviews.hours: {quality: red, range: [5, 9]}")
    with pytest.raises(ScenarioError) as refused:
        sensitivity("town.yaml")
    assert str(refused.value) == (
        f"town.yaml:{lines + 2}: assumptions.reviews.hours.range: 5 to 9 does not hold the present value: "
        "reviews.hours is 4"
    )


def test_a_scenario_without_ranges_has_nothing_to_vary() -> None:
    with pytest.raises(ScenarioError, match=r"town.yaml: none of its assumptions has a range"):
        sensitivity("town.yaml")


def test_a_metric_without_a_value_in_any_replication_is_refused() -> None:
    town_with("reviews.hours: {quality: red, range: [2, 6]}")
    with pytest.raises(ScenarioError) as refused:
        sensitivity("town.yaml", "recovery_date", settings=NEVER_RECOVERED, replications=2, trajectories=2, workers=1)
    assert str(refused.value) == (
        "--metric recovery_date: has no value as the scenario stands (2 replications); choose another metric, "
        "docs/metrics.md lists them all"
    )


def test_an_assumption_that_a_lever_sets_anew_is_refused_without_a_date_as_its_repair() -> None:
    town_with("reviews.hours: {quality: red, range: [2, 6]}")
    levers = "levers=[{from: 2024-10-01, set: {reviews.hours: 3}}]"
    with pytest.raises(ScenarioError, match="take the lever out, or choose another assumption, as none is varied from"):
        sensitivity("town.yaml", only=["reviews.hours"], settings=[levers])


def test_explain_says_what_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    town_with("visits.visit_hours: {quality: red, range: [1, 3]}", "reviews.hours: {quality: red, range: [3, 5]}")
    found = sensitivity("town.yaml", trajectories=2, replications=2, workers=1)
    assert main(["explain", "town.yaml", "visits.visit_hours"]) == 0
    row = found.effects.set_index("key").loc["visits.visit_hours"]
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("  influence visits.visit_hours on overdue_visits: ")
    assert f"over 1 to 3, no. {row['rank']} of 2 assumptions; results/sensitivity-town-" in last
    assert main(["explain", "town.yaml", "visits.retry_days"]) == 0
    assert "influence" not in capsys.readouterr().out
