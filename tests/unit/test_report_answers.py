"""The page and the workbook of every answer: readable by everybody, and made again from the folder alone."""

import json
import shutil
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from sim.cli import main
from tests.support.fake_model import FIRST_AND_LAST, SCENARIO, FakeModel, use
from tests.support.pages import Page, hard_to_read

ASSUMED = """\
assumptions:
  visits.visit_hours: {quality: red, range: [0.5, 3]}
  visits.retry_days: {quality: red, range: [3, 20]}
"""
ASK = {
    "compare town.yaml --set visits.retry_days=3": ["Changes", "Costs", "Differences"],
    "sweep town.yaml --vary officers.total=3..5": ["Points"],
    "sweep town.yaml --vary officers.total=3,4 --vary visits.crew=1,2 --metric overdue_visits[high]": ["Points"],
    "sweep town.yaml --vary officers.total=3,4 --vary visits.crew=1,2 --vary visits.retry_days=3,9": ["Points"],
    "staff town.yaml --target overdue_visits<=80 --between 2..5": ["Numbers", "Targets"],
    "staff town.yaml --target overdue_visits<=1 --target overdue_reviews<=1 --between 2..5": ["Numbers", "Targets"],
    "sensitivity town.yaml --trajectories 2": ["Effects"],
}


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    monkeypatch.setitem(FIRST_AND_LAST, "hours_worked", (150, 160))
    Path("town.yaml").write_text(SCENARIO + ASSUMED)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("line", ASK)
def test_every_answer_has_a_page_and_a_workbook_made_again_from_its_folder(line: str) -> None:
    assert main([*line.split(), "--replications", "3", "--workers", "1", "--out", "answer"]) in (0, 3)
    page = Page(Path("answer/report.html").read_text(encoding="utf-8"))
    assert hard_to_read(page) == []
    for words in ("Command to reproduce this report", "Assumptions that matter", "Limits", "python -m sim"):
        assert words in page.words
    pictures = [svg.attributes["class"] for svg in page.all("svg") if "figure" in svg.around]
    assert pictures == (["laptop", "phone"] if "retry_days=3,9" not in line else [])
    assert not page.all("image", "img"), "a page may fetch nothing, not even from itself"
    book = CalamineWorkbook.from_path("answer/report.xlsx")
    assert book.sheet_names == ["Cover", "Contents", "Notes", *ASK[line], "Assumptions", "Settings", "Definitions"]
    for name in book.sheet_names[3:]:
        head, *rows = book.get_sheet_by_name(name).to_python()[2:]
        assert rows
        assert len({*head}) == len(head)
    first = {file.relative_to("answer"): file.read_bytes() for file in Path("answer").glob("[fr][ie][gp]*/*.*")}
    first |= {Path(name): Path("answer", name).read_bytes() for name in ("report.html", "report.xlsx")}
    for name in first:
        Path("answer", name).unlink()
    shutil.rmtree("answer/figures", ignore_errors=True)
    assert main(["report", "answer"]) == 0
    assert {name for name in first if Path("answer", name).read_bytes() != first[name]} == set()


def test_an_answer_without_its_runs_or_of_an_earlier_program_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    line = "compare town.yaml --set visits.retry_days=3 --workers 1 --no-figures --out answer"
    assert main(line.split()) == 0
    runs = [each["folder"] for each in json.loads(Path("answer/answer.json").read_text())["runs"]]
    for asked, file in (("report answer --replication 1", ""), ("explain answer visits.crew", "/scenario.yaml")):
        capsys.readouterr()
        assert main(asked.split()) == 2
        named = ", ".join(f"{run}{file}" for run in runs)
        assert (
            capsys.readouterr().err == f"answer: holds an answer made from several runs; name one of those: {named}\n"
        )
    shutil.rmtree("answer/runs")
    assert main(["report", "answer"]) == 2
    assert "no run is saved here" in capsys.readouterr().err
    shutil.rmtree("answer/checksums")
    Path("answer/answer.json").write_text(
        '{"program": "caseload-simulator", "kind": "sweep", "command": "the line --out elsewhere"}'
    )
    assert main(["report", "answer"]) == 2
    assert "make it again with: the line --out answer" in capsys.readouterr().err
    assert main(["report", "answer", "--replication", "1"]) == 2
    assert "several runs; none of those is saved, so run the scenario" in capsys.readouterr().err
