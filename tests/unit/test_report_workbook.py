"""The workbook: one table a sheet, every heading there, and nothing that a spreadsheet would take for a formula."""

import html
import io
import re
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from sim.cli import main
from sim.report.answers import save_workbook
from sim.report.files.workbook import LONGEST_CELL, harmless, sheets
from sim.report.pages.run import run_report
from sim.runs.result import RunResult
from tests.support.fake_model import fake_result, smalltown

EVIL = '=HYPERLINK("http://example.org")'
ASSUMPTIONS = {
    "visits.visit_hours": {"quality": "red", "impact": "red", "range": [0.5, 2], "note": "+1 [a](b) [c](d) $$x$$"},
    "visits.interval_days": {"quality": "green", "source": "@SUM(A1)", "note": "–"},
}


@pytest.fixture(scope="module")
def result(usual_result: RunResult) -> RunResult:
    """A run of a town whose planner wrote what spreadsheets obey."""
    scenario = smalltown(name=EVIL, about="-2+3", end="2027-09-01", assumptions=ASSUMPTIONS)
    return replace(usual_result, scenario=scenario)


@pytest.fixture(scope="module")
def file(result: RunResult) -> bytes:
    """Its workbook."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return workbook(result)


def workbook(result: RunResult) -> bytes:
    return save_workbook(result, run_report(result)).read_bytes()


def read(file: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_cover_contents_notes_and_one_table_a_sheet(file: bytes) -> None:
    reported = read(file)
    assert list(reported) == [
        "Cover",
        "Contents",
        "Notes",
        "Summary",
        "Backlog",
        "Weeks",
        "Assumptions",
        "Settings",
        "Definitions",
    ]
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        tables = [parts.read(name).decode() for name in parts.namelist() if re.match(r"xl/tables/", name)]
        assert len(tables) == len(reported) - 1  # the cover is text
        assert all('headerRowCount="0"' not in table for table in tables)
    for name, rows in reported.items():
        if name != "Cover":
            heading = next(row for row in rows if all(row))
            assert all(len(row) == len(heading) for row in rows)
            assert len({*heading}) == len(heading)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_no_cell_is_a_formula_or_a_link_to_elsewhere(file: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        everything = {name: parts.read(name).decode() for name in parts.namelist()}
    assert not [name for name, text in everything.items() if "<f>" in text or "<f " in text]
    assert not [name for name, text in everything.items() if 'TargetMode="External"' in text]
    strings = [html.unescape(text) for text in re.findall(r"<t[^>]*>([^<]*)</t>", everything["xl/sharedStrings.xml"])]
    assert not [text for text in strings if text.startswith(("=", "+", "-", "@"))]
    assert f"'{EVIL}" in strings


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_numbers_are_those_of_the_run(file: bytes, result: RunResult) -> None:
    reported = read(file)
    row = next(
        row for row in reported["Summary"] if row[:4] == ["Overdue visits", "overdue_visits", "High", "at the end"]
    )
    value = result.value("overdue_visits", "high")
    assert row[5:] == pytest.approx([value.mean, value.low, value.high, 3], rel=1e-5)
    recovered = next(row for row in reported["Summary"] if row[1] == "recovery_date")
    assert recovered[-1] == 2
    last = [row for row in reported["Weeks"] if row[1] == "All levels"][-1]
    assert f"{last[0]}" == "2027-09-02"
    assert last[2] == pytest.approx(result.weeks("overdue_visits")["mean"].iloc[-1], rel=1e-5)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_same_run_gives_the_same_file(file: bytes, result: RunResult) -> None:
    assert workbook(result) == file
    assert (result.folder / "report.xlsx").read_bytes() == file


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_one_replication_has_no_interval_and_says_so(tmp_path: Path) -> None:
    rows = read(workbook(fake_result(tmp_path, replications=1)))["Summary"]
    row = next(row for row in rows if row[1] == "overdue_visits")
    assert row[6:] == ["[x]", "[x]", 1]


def test_user_text_is_text() -> None:
    for text, written in [
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
    ]:
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
def test_report_names_the_workbook(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("index.html").write_text("an index of before")
    assert main(["report", "kept", "--xlsx"]) == 0
    assert "kept/report.xlsx" in Path("index.html").read_text(encoding="utf-8")
    assert capsys.readouterr().out == "Page: kept/report.html\nWorkbook: kept/report.xlsx\n"
    assert read(Path("kept/report.xlsx").read_bytes())["Cover"][0] == ["Smalltown"]


def number_formats(file: bytes, sheet: str) -> dict[str, str]:
    """How each cell of a sheet with a number is shown."""
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        styles = parts.read("xl/styles.xml").decode()
        names = re.findall(r'<sheet name="([^"]+)"', parts.read("xl/workbook.xml").decode())
        cells = parts.read(f"xl/worksheets/sheet{names.index(sheet) + 1}.xml").decode()
    known = {"0": "General", "1": "0", "3": "#,##0", "10": "0.00%"}
    known |= dict(re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]+)"', styles))
    of_style = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])
    return {cell: known[of_style[int(style)]] for cell, style in re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"><v>', cells)}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_shares_are_shown_in_per_cent_and_nothing_with_more_digits_than_can_be_read(file: bytes) -> None:
    shown = number_formats(file, "Summary")
    for number, row in enumerate(read(file)["Summary"], start=1):
        if row[1] in ("overdue_visits_share", "visit_coverage", "workload_ratio"):
            assert {shown[f"{column}{number}"] for column in "FGH" if f"{column}{number}" in shown} == {"0.0%"}
        if row[1] == "overdue_visits":
            assert [shown[f"{column}{number}"] for column in "FGHI"] == ["#,##0.0", "#,##0.0", "#,##0.0", "#,##0"]
    weeks = number_formats(file, "Weeks")
    headings = next(row for row in read(file)["Weeks"] if all(row))
    of_share = "ABCDEFGHIJ"[next(n for n, name in enumerate(headings) if str(name).startswith("Share of visits"))]
    assert {form for cell, form in weeks.items() if cell.startswith(of_share)} == {"0.0%"}
    assert {form for cell, form in weeks.items() if cell.startswith("A")} == {"yyyy-mm-dd"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_backlog_is_drawn_beside_its_numbers_and_reported_in_words(file: bytes) -> None:
    rows = read(file)["Backlog"]
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        chart, drawing = (parts.read(name).decode() for name in ("xl/charts/chart1.xml", "xl/drawings/drawing1.xml"))
    assert rows[2][1:] == ["Very high", "High", "Medium", "Low"]
    drawn = re.findall(r"<c:val><c:numRef><c:f>Backlog!\$([B-E])\$(\d+):\$\1\$(\d+)</c:f>", chart)
    assert [column for column, _, _ in drawn] == ["B", "C", "D", "E"]
    assert {(int(first), int(last)) for _, first, last in drawn} == {(4, len(rows))}
    assert 'descr="Lines of overdue visits by recorded risk, week by week. Very high: from ' in drawing


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_teams_have_a_sheet_where_there_are_several(result: RunResult, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"day": 364.0, "n": 3}
    table = pd.DataFrame(
        [
            {**row, "team": team, "metric": metric, "mean": value, "low": value, "high": value}
            for team, share in (("=North", 0.1), ("South", 0.25))
            for metric, value in (("overdue_visits", 100 * share), ("overdue_visits_share", share))
        ]
    )
    monkeypatch.setattr(RunResult, "teams", property(lambda _: table), raising=False)
    file = workbook(result)
    assert [line[:3] for line in read(file)["Teams"][3:]] == [["South", 25.0, 0.25], ["'=North", 10.0, 0.1]]
    shown = number_formats(file, "Teams")
    assert (shown["B4"], shown["C4"]) == ("#,##0.0", "0.0%")
