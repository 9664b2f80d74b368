"""The workbook: one table a sheet, every heading there, and nothing that a spreadsheet would take for a formula."""

import html
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from experiment_fake import fake_result, smalltown
from python_calamine import CalamineWorkbook

from sim.cli import main
from sim.experiment.result import RunResult
from sim.report.workbook import LONGEST_CELL, harmless, keep_workbook, sheets, workbook

EVIL = '=HYPERLINK("http://example.org")'
ASSUMPTIONS = {
    "visits.visit_hours": {"quality": "red", "impact": "red", "range": [0.5, 2], "note": "+1 [a](b) [c](d) $$x$$"},
    "visits.interval_days": {"quality": "green", "source": "@SUM(A1)", "note": "–"},
}


@pytest.fixture
def result(tmp_path: Path) -> RunResult:
    """A run of a town whose planner wrote what spreadsheets obey."""
    made = fake_result(tmp_path)
    scenario = smalltown(name=EVIL, about="-2+3", end="2027-09-01", assumptions=ASSUMPTIONS)
    return replace(made, scenario=scenario)


def read(file: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_cover_contents_notes_and_one_table_a_sheet(result: RunResult) -> None:
    file = workbook(result)
    told = read(file)
    assert list(told) == [
        "Cover",
        "Contents",
        "Notes",
        "Summary",
        "Weeks",
        "Assumptions",
        "Settings",
        "Definitions",
    ]
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        tables = [parts.read(name).decode() for name in parts.namelist() if re.match(r"xl/tables/", name)]
        assert len(tables) == len(told) - 1  # the cover is text
        assert all('headerRowCount="0"' not in table for table in tables)
    for name, rows in told.items():
        if name != "Cover":
            heading = next(row for row in rows if all(row))
            assert all(len(row) == len(heading) for row in rows)
            assert len({*heading}) == len(heading)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_no_cell_is_a_formula_or_a_link_to_elsewhere(result: RunResult) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(result))) as parts:
        everything = {name: parts.read(name).decode() for name in parts.namelist()}
    assert not [name for name, text in everything.items() if "<f>" in text or "<f " in text]
    assert not [name for name, text in everything.items() if 'TargetMode="External"' in text]
    strings = [html.unescape(text) for text in re.findall(r"<t[^>]*>([^<]*)</t>", everything["xl/sharedStrings.xml"])]
    assert not [text for text in strings if text.startswith(("=", "+", "-", "@"))]
    assert f"'{EVIL}" in strings


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_numbers_are_those_of_the_run(result: RunResult) -> None:
    told = read(workbook(result))
    row = next(row for row in told["Summary"] if row[:4] == ["Overdue visits", "overdue_visits", "High", "at the end"])
    value = result.value("overdue_visits", "high")
    assert row[5:] == [round(number, 4) for number in (value.mean, value.low, value.high)] + [3]
    recovered = next(row for row in told["Summary"] if row[1] == "recovery_date")
    assert recovered[-1] == 2
    last = [row for row in told["Weeks"] if row[1] == "All levels"][-1]
    assert f"{last[0]}" == "2027-09-02"
    assert last[2] == round(result.weeks("overdue_visits")["mean"].iloc[-1], 4)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_same_run_gives_the_same_file(result: RunResult) -> None:
    assert workbook(result) == workbook(result)
    assert keep_workbook(result).read_bytes() == workbook(result)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_one_history_has_no_interval_and_says_so(tmp_path: Path) -> None:
    rows = read(workbook(fake_result(tmp_path, replications=1)))["Summary"]
    row = next(row for row in rows if row[1] == "overdue_visits")
    assert row[6:] == ["[x]", "[x]", 1]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words", "plain words"),
        ("=1+1", "'=1+1"),
        ("\t@SUM(1)", "'@SUM(1)"),
        ("\r\n-2", "'-2"),
        ("+44", "'+44"),
        ("＝1", "'＝1"),
        ("a\x07b", "a�b"),
        ("[a](b)", "[a] (b)"),
        ("$$note$$", "$ $note$ $"),
        ("–", "text: –"),
        ("", "not given"),
        ("two\nlines", "two lines"),
    ],
)
def test_user_text_is_text(text: str, written: str) -> None:
    assert harmless(text) == written


def test_a_very_long_note_fits_into_a_cell() -> None:
    assert len(harmless("x" * 100_000)) == LONGEST_CELL


def test_levers_and_changes_have_a_sheet_if_there_are_any(result: RunResult) -> None:
    assert "Changes" not in [sheet.name for sheet in sheets(result)]
    plan = smalltown(end="2027-09-01", levers=[{"from": "2025-01-01", "set": {"visits.crew": 1}}])
    changed = replace(result, scenario=plan)
    (sheet,) = (sheet for sheet in sheets(changed) if sheet.name == "Changes")
    assert sheet.rows == [("Visits, crew", "visits.crew", "from 1 January 2025", "[x]", "1 officer")]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_report_names_the_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiment_fake import SCENARIO, FakeModel, use

    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    Path("town.yaml").write_text(SCENARIO)
    assert main(["run", "town.yaml", "--workers", "1", "--out", "kept", "--no-figures"]) == 0
    capsys.readouterr()
    assert main(["report", "kept", "--xlsx"]) == 0
    assert capsys.readouterr().out == "Page: kept/report.html\nWorkbook: kept/report.xlsx\n"
    assert read(Path("kept/report.xlsx").read_bytes())["Cover"][0] == ["Smalltown"]
