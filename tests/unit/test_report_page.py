"""The page of a run: it stands alone, can be read by everybody, and says what the numbers say."""

import json
import re
from pathlib import Path

import pytest

from sim.cli import main
from sim.report.pages.page import page
from sim.report.pages.run import run_report
from sim.report.text.assumptions import assumption_log, not_logged, title_of, value_words, with_unit
from sim.report.text.changes import ChangeInWords, changes_in_words
from sim.runs.reopen import open_run
from sim.runs.result import RunResult
from tests.support.fake_model import SCENARIO, fake_result
from tests.support.pages import Page, hard_to_read

EVIL = '<script>alert("1")</script> & \x1b[31m'


def read(result: RunResult) -> Page:
    return Page(page(run_report(result)))


@pytest.fixture(scope="module")
def usual_page(usual_result: RunResult) -> Page:
    return read(usual_result)


def assert_complete(whole: Page) -> None:
    assert hard_to_read(whole) == []
    assert "nan" not in whole.words.split()
    assert "None" not in whole.words


def made(folder: Path) -> Page:
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def test_a_run_leaves_a_page_that_stands_alone_and_says_where_it_is(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hard_to_read(made(town)) == []
    assert main(["run", "town.yaml", "--out", "kept"]) == 0
    assert "kept/report.html (all of this on a page" in capsys.readouterr().out
    assert (town / "report.html").stat().st_size < 400_000


def test_report_makes_the_same_page_again(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (town / "report.html").read_bytes()
    (town / "report.html").unlink()
    assert main(["report", "kept"]) == 0
    assert capsys.readouterr().out.endswith("Page: kept/report.html\n")
    assert (town / "report.html").read_bytes() == before


def test_the_page_of_a_run_with_a_changed_setting_says_so_below_its_name(town: Path) -> None:
    assert main(["run", "town.yaml", "--set", "visits.retry_days=3", "--out", "changed"]) == 0
    changed, usual = (made(folder).words for folder in (Path("changed"), town))
    assert "2 September 2024 to 13 October 2024, six weeks, with visits.retry_days=3. Three replications." in changed
    assert "2 September 2024 to 13 October 2024, six weeks. Three replications." in usual


def test_the_page_begins_with_question_and_answer(usual_page: Page) -> None:
    words = usual_page.words
    order = [
        "How big will the backlog be on 1 September 2027",
        "How big it is",
        "Which risk it holds",
        "How old it is",
        "The backlog on 1 September 2027 by recorded risk",
        "What happens, week by week",
        "Coverage, workload, recovery",
        "Assumptions that matter",
        "Limits",
        "How it was made",
    ]
    assert [words.index(item) for item in order] == sorted(words.index(item) for item in order)


def test_on_a_narrow_screen_the_backlog_is_a_list_with_nothing_cut_off(usual_page: Page) -> None:
    before, _, table = usual_page.html.partition("by recorded risk</caption>")
    assert before.rpartition("<div class=")[2].startswith('"entries numbers">')
    for heading in ("Overdue visits", "Overdue reviews", "Oldest visit, days", "Longest not seen, days"):
        assert f'data-of="{heading}"' in table.partition("</table>")[0]


def test_each_figure_has_its_finding_a_description_and_its_numbers(usual_page: Page, usual_result: RunResult) -> None:
    figures = usual_page.all("figure")
    assert len(figures) == 4
    assert figures[0].words.split("\n")[1].startswith("Overdue visits grow from 40 to ")
    descriptions = [desc.words for desc in usual_page.all("desc")]
    assert len(descriptions) == 8  # each for a wide and a narrow screen
    assert "High: from 7 to " in descriptions[0]
    last = usual_result.weeks("overdue_visits", "high").iloc[-1]
    assert f"{last['mean']:.0f} ({last['p10']:.0f} to {last['p90']:.0f})" in figures[0].words


def test_what_a_planner_writes_is_text_and_nothing_else(tmp_path: Path) -> None:
    result = fake_result(tmp_path, name=EVIL)
    text = page(run_report(result))
    assert hard_to_read(Page(text)) == []
    assert "\x1b" not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r"<script|<b>", text)


@pytest.mark.parametrize(
    "options",
    [
        {"overdue_visits": (0, 0), "oldest_overdue_visit_days": (0, 0), "longest_unseen_days": (0, 0)},
        {"caseload_per_officer": (float("nan"), float("nan")), "workload_ratio": (float("nan"), float("nan"))},
        {"end": "2024-09-02", "replications": 1},
    ],
    ids=["nothing overdue", "no officers", "one day"],
)
def test_a_page_of_little_is_a_page(tmp_path: Path, options: dict[str, object]) -> None:
    assert_complete(read(fake_result(tmp_path, **options)))  # type: ignore[arg-type]


def test_one_replication_has_no_band_and_no_interval(tmp_path: Path) -> None:
    whole = read(fake_result(tmp_path, replications=1))
    assert_complete(whole)
    words = whole.words
    assert "One replication." in words
    assert "no interval can be given" in words
    assert "8-of-10" not in words


def test_the_assumptions_that_matter_come_with_value_range_and_source(town: Path) -> None:
    page = made(town)
    rows = [row.words.split("\n") for row in page.all("tr") if "red" in row.words or "amber" in row.words]
    assert [" ".join("".join(row).split()) for row in rows] == [
        "Caseload, risk mix caseload.risk_mixlow 0.5, medium 0.3, high 0.18, very high 0.02not givenamber",
        "Visits, time at the home visits.visit_hours1 hour0.5 to 2red<b>not</b> published",
    ]
    assert "lists three assumptions; without a published source: 2; " in page.words
    assert "The list does not cover teams." in page.words


def test_how_it_was_made_lets_others_make_it_again(town: Path) -> None:
    manifest = json.loads((town / "manifest.json").read_text())
    words = made(town).words
    for fact in ("command", "code_version", "scenario_hash"):
        assert manifest[fact] in words


def test_the_page_says_what_was_changed(town: Path) -> None:
    assert main(["run", "plan.yaml", "--workers", "1", "--out", "plan", "--set", "officers.leave_days=30"]) == 0
    saved = changes_in_words(open_run("plan").changes)
    assert saved is not None
    assert (saved.base, saved.changes) == (
        "Smalltown",
        (
            ChangeInWords("officers.leave_days", "Officers, annual leave", "0 days", "30 days"),
            ChangeInWords(
                "visits.interval_days",
                "Visit interval",
                "low 365, medium 182, high 91, very high 30, in days",
                "low 400, medium 182, high 91, very high 30, in days",
            ),
        ),
    )
    words = made(Path("plan")).words
    assert "Built on Smalltown. Everything else is unchanged, including the random events." in words
    assert "Visits, crew visits.crew" in words
    assert "16 September 2024" in words


def test_a_scenario_that_stands_alone_changes_nothing(town: Path) -> None:
    assert changes_in_words(open_run(town).changes) is None
    assert "What was changed" not in made(town).words


def test_a_base_that_is_only_a_part_is_not_compared_with(town: Path) -> None:
    Path("part.yaml").write_text("visits: {crew: 1}\n")
    Path("whole.yaml").write_text(SCENARIO + "extends: part.yaml\n")
    assert main(["run", "whole.yaml", "--workers", "1", "--out", "whole", "--no-figures"]) == 0
    assert changes_in_words(open_run("whole").changes) is None


def test_other_replications_make_the_page_stale(town: Path) -> None:
    assert main(["run", "town.yaml", "--workers", "1", "--out", "kept", "--replications", "4", "--no-figures"]) == 0
    assert not (town / "report.html").exists()


def test_no_run_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path)]) == 2
    assert "no run is saved here" in capsys.readouterr().err


def test_values_in_words() -> None:
    for value, words in [
        (None, "not given"),
        (365, "365"),
        ({"low": 0.1, "very_high": "never"}, "low 0.1, very high never"),
        ({"distribution": "lognormal", "mean": 1, "cv": 0.5}, "1 on average (lognormal, cv 0.5)"),
        ({"distribution": "uniform", "low": 1, "high": 3}, "1 to 3 (uniform)"),
        ({"rule": "none", "spells": {"per_year": 2}}, "rule none, spells (per year 2)"),
        ([True, False], "yes; no"),
        ([], "none"),
        ([{"name": f"Team {number}", "officers": 9} for number in range(12)], "12 entries"),
    ]:
        assert value_words(value) == words


def test_a_unit_stands_where_people_say_it() -> None:
    assert with_unit("365", "days") == "365 days"
    assert with_unit("1", "officers") == "1 officer"
    assert with_unit("never", "days") == "never"
    assert with_unit("low 1, high 2", "per year") == "low 1, high 2, per year"
    assert title_of("visits.no_contact.unannounced") == "Visits, no contact, unannounced"


def test_the_log_begins_with_the_critical_entries(town: Path) -> None:
    scenario = open_run(town).scenario
    assert [entry.key for entry in assumption_log(scenario)] == [
        "caseload.risk_mix",
        "visits.interval_days",
        "visits.visit_hours",
    ]
    assert [entry.is_critical for entry in assumption_log(scenario)] == [True, False, True]
    assert not_logged(scenario) == ["teams"]
