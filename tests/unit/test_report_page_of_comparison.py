"""The page of a comparison: the difference first, how sure it is, and what was changed."""

from pathlib import Path

import pytest

from sim.cli import main
from tests.support.fake_model import FIRST_AND_LAST, SCENARIO, FakeModel, use
from tests.support.pages import Page, hard_to_read


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    monkeypatch.setitem(FIRST_AND_LAST, "hours_worked", (150, 160))
    Path("town.yaml").write_text(SCENARIO)
    Path("plan.yaml").write_text("extends: town.yaml\nname: <A plan>\nvisits: {retry_days: 3}\n")
    Path("other.yaml").write_text("extends: town.yaml\nname: Another\nabout: What then?\nvisits: {retry_days: 9}\n")


def compared(*plans: str) -> Page:
    assert main(["compare", "town.yaml", *plans, "--workers", "1", "--out", "answer"]) == 0
    return Page(Path("answer/report.html").read_text(encoding="utf-8"))


def test_the_page_of_two_plans_is_read_by_everybody() -> None:
    assert hard_to_read(compared("plan.yaml", "other.yaml")) == []


def test_one_plan_is_answered_as_inspectors_ask() -> None:
    page = compared("plan.yaml")
    assert hard_to_read(page) == []
    assert [term.words for term in page.all("dt")][:3] == ["How big it is", "Which risk it holds", "How old it is"]
    # The fake model's random numbers know no plan, so nothing differs, and the page says so.
    assert "overdue visits: the same in all 3 replications (at most 63% of others would differ)" in page.words.lower()
    assert "What does the plan change against the base" in page.words
    assert "visits.retry_days" in page.words.replace(" ", "")


def test_a_plan_that_asks_a_question_is_answered_under_it() -> None:
    assert "The question: What then?" in compared("other.yaml").words
