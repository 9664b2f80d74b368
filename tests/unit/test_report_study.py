"""Study documents: complete as to their lists, filled in from the run, and honest about what only people know."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from sim.cli import main
from sim.report.files.study import DOCUMENTS, FAMILIES, GAP, RECORD, escaped, study
from sim.runs.folder import RunFolder
from sim.runs.provenance import code_version
from sim.runs.result import RunResult
from sim.runs.run import run_scenario
from tests.conftest import save_record
from tests.support.fake_model import SCENARIO, FakeModel, fake_result, smalltown, use

STRESS_ITEMS = (
    *("1.1 Purpose of the model", "1.2 Model outputs", "1.3 Experimentation aims"),
    *("2.1 Base model overview diagram", "2.2 Base model logic", "2.3 Scenario logic", "2.4 Algorithms"),
    *("2.5.1 Entities", "2.5.2 Activities", "2.5.3 Resources", "2.5.4 Queues", "2.5.5 Entry and exit points"),
    *("3.1 Data sources", "3.2 Pre-processing", "3.3 Input parameters", "3.4 Assumptions"),
    *("4.1 Initialisation", "4.2 Run length", "4.3 Estimation approach"),
    *("5.1 Software", "5.2 Random sampling", "5.3 Model execution", "5.4 System specification"),
    "6.1 Computer model sharing statement",
)
EVIL = "<img src=x> [To be filled in by nobody: a joke] | **bold** `code`\n# no heading"


@pytest.fixture(scope="module")
def documents(usual_result: RunResult) -> dict[str, str]:
    return study(usual_result)


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def of_version(folder: Path, version: str) -> RunResult:
    """A run that was made with a version of the model."""
    RunFolder(folder).write_manifest({"code_version": version, "scenario_hash": "ab" * 32, "seed": 7})
    return fake_result(folder)


def with_scenario(result: RunResult, **changes: object) -> RunResult:
    return replace(result, scenario=smalltown(end="2027-09-01", **changes))


def test_the_reporting_list_has_all_its_items(documents: dict[str, str]) -> None:
    text = documents["stress-des.md"]
    headings = re.findall(r"^#{3,4} (.+)$", text, re.MULTILINE)
    assert [heading for heading in headings if heading != "2.5 Components"] == list(STRESS_ITEMS)


def test_every_gap_has_a_name_and_stands_on_the_first_page(documents: dict[str, str]) -> None:
    assert list(documents) == list(DOCUMENTS)
    gaps = [(name, *gap) for name, text in documents.items() for gap in GAP.findall(text)]
    assert len(gaps) >= 15
    assert f"{len(gaps)} gaps." in documents["README.md"]
    for name, who, what in gaps:
        assert f"| {name} | {who} | {what} |" in documents["README.md"]


def test_nothing_is_left_of_the_templates_and_every_table_is_whole(documents: dict[str, str]) -> None:
    for name, text in documents.items():
        assert not re.search(r"\{\{|\{%|None|nan\b", text), name
        for block in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1, block


PLAN = "extends: town.yaml\nname: A plan\nvisits: {crew: 1}\n"
ANOTHER_FORCE = "extends: town.yaml\nname: Southtown\nteams:\n  - {name: South, officers: 9, offenders: 90}\n"


@pytest.mark.parametrize(
    ("text", "settings", "shown"),
    [
        (PLAN, [], [("Against", "Smalltown"), ("visits.crew", "1 officer")]),
        (PLAN, ["visits.retry_days=9"], [("Against", "Smalltown"), ("visits.crew", "1"), ("visits.retry_days", "9")]),
        (ANOTHER_FORCE, [], [("This run changes nothing", "")]),
        (ANOTHER_FORCE, ["visits.retry_days=9"], [("Against", "Southtown"), ("visits.retry_days", "9 days")]),
        (
            ANOTHER_FORCE + "levers:\n  - {from: 2024-10-01, set: {visits.crew: 1}}\n",
            [],
            [("1 October", "visits.crew")],
        ),
    ],
)
def test_what_will_change_is_what_plans_and_levers_change_not_what_distinguishes_one_force_from_another(
    text: str, settings: list[str], shown: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(FakeModel(), monkeypatch)
    Path("town.yaml").write_text(SCENARIO)
    Path("mine.yaml").write_text(text)
    result = run_scenario("mine.yaml", settings=settings, workers=1)
    statement = study(result)["force-management-statement.md"]
    step = statement.partition("## Step 3")[2].partition("- **")[0].partition("## Step 4")[0]
    for first, second in shown:
        assert any(first in line and second in line for line in step.splitlines()), step
    rows = [
        line for line in step.splitlines() if line.startswith("| ") and "| what |" not in line and "---" not in line
    ]
    assert len(rows) == sum("." in first + second for first, second in shown), step


def test_the_four_steps_show_demand_workforce_changes_and_what_is_unmet(
    usual_result: RunResult, documents: dict[str, str]
) -> None:
    result = with_scenario(usual_result, levers=[{"from": "2025-01-01", "set": {"visits.crew": 1}}], name="A plan")
    text = study(result)["force-management-statement.md"]
    steps = re.findall(r"^## (Step \d)", text, re.MULTILINE)
    assert steps == ["Step 1", "Step 2", "Step 3", "Step 4"]
    assert "| 1 January 2025 | Visits, crew | `visits.crew` | 1 officer |" in text
    last = result.value("overdue_visits")
    assert f"| Overdue visits | {last.mean:.0f} (" in text
    assert "This run changes nothing" not in text
    assert "This run changes nothing" in documents["force-management-statement.md"]


def test_the_log_of_assumptions_has_every_entry(usual_result: RunResult) -> None:
    assumptions = {
        "visits.visit_hours": {"quality": "red", "impact": "red", "note": "not published"},
        "visits.interval_days": {"quality": "green", "source": "a newspaper", "date": "2017-06-29"},
    }
    text = study(with_scenario(usual_result, assumptions=assumptions))["assumption-log.md"]
    assert "| 1 | Visits, time at the home | `visits.visit_hours` | 1 hour | not given | red | red |" in text
    assert "| 2 | Visit interval | `visits.interval_days` | 91 days | not given | green | not given |" in text
    assert "the log says nothing:\n`teams`, `caseload.risk_mix`." in text
    assert "so that nobody can vary them:\n`visits.visit_hours`." in text


def test_without_a_record_of_the_tests_their_result_is_a_gap(tmp_path: Path) -> None:
    save_record(tmp_path, {"unit": 9}, {})
    text = study(of_version(tmp_path, "another version"))["quality-assurance-log.md"]
    assert "No whole run of the tests with this version" in text
    assert "[To be filled in by who ran it: date and result" in text
    assert "no: run it again before relying on it" in text


def test_with_a_record_the_log_says_what_the_tests_showed(tmp_path: Path) -> None:
    save_record(tmp_path, {"theory": 12, "unit": 640}, {"sense": 1})
    text = study(of_version(tmp_path, code_version()))["quality-assurance-log.md"]
    assert f"| theory | {FAMILIES['theory']} | 12 | 0 |" in text
    assert f"| sense | {FAMILIES['sense']} | 0 | 1 |" in text
    assert "date and result" not in text


def test_slow_tests_add_to_what_the_quick_ones_showed(tmp_path: Path) -> None:
    save_record(tmp_path, {"theory": 12, "unit": 640}, {"sense": 1})
    save_record(tmp_path, {"theory": 3}, {"sense": 1, "unit": 2}, add=True)
    text = study(of_version(tmp_path, code_version()))["quality-assurance-log.md"]
    assert f"| theory | {FAMILIES['theory']} | 15 | 0 |" in text
    assert f"| sense | {FAMILIES['sense']} | 0 | 2 |" in text
    assert f"| unit | {FAMILIES['unit']} | 640 | 2 |" in text


def test_an_invalid_record_is_no_record(tmp_path: Path) -> None:
    RECORD.parent.mkdir()
    RECORD.write_text("{")
    assert "No whole run" in study(of_version(tmp_path, code_version()))["quality-assurance-log.md"]


def test_the_families_are_the_folders_of_the_tests() -> None:
    here = Path(__file__).parents[1]
    assert {folder.name for folder in here.iterdir() if list(folder.glob("test_*.py"))} == {*FAMILIES}


def test_what_a_planner_wrote_is_no_markdown(usual_result: RunResult) -> None:
    documents = study(with_scenario(usual_result, about=EVIL))
    text = "\n".join(documents.values())
    assert "<img" not in text
    assert "nobody" not in {who for who, _ in GAP.findall(text)}
    assert "\n# no heading" not in text
    assert escaped("a|b") == "a\\|b"


def test_documents_somebody_may_have_filled_in_are_not_overwritten(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "kept", "--study", "study"]) == 0
    assert capsys.readouterr().out.endswith("Study documents: study (5 files; begin with README.md)\n")
    assert {file.name for file in Path("study").iterdir()} == {*DOCUMENTS}
    Path("study/stress-des.md").write_text("filled in")
    for name in ("README.md", "assumption-log.md", "quality-assurance-log.md", "force-management-statement.md"):
        Path("study", name).unlink()
    assert main(["report", "kept", "--study", "study"]) == 2
    assert capsys.readouterr().err == (
        "study: stress-des.md is there already and may hold what somebody filled in; nothing was written. "
        "Choose another folder with --study.\n"
    )
    assert Path("study/stress-des.md").read_text() == "filled in"
