"""What a spreadsheet shows and what its file stores: each is read rightly, or named with its repair."""

import datetime as dt
import os
import re
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from test_caseload_file import FINE, HEADINGS, SCENARIO, rows_of

from sim.cli import main
from sim.scenario import ScenarioError, read
from sim.scenario.caseload_file import sheet as sheet_module
from sim.scenario.caseload_file import workbook as workbook_module
from sim.scenario.caseload_file.columns import meaning_of
from sim.scenario.caseload_file.personal import in_column
from sim.scenario.summary import scenario_warnings
from sim.studies.points import listed_points
from tests.support.scenarios import SMALL, faults
from tests.support.workbooks import MAIN, write_workbook

SHEET = "xl/worksheets/sheet1.xml"
HEAD = ["risk", "team", "officer", "visit_due"]
DUE = dt.date(2025, 3, 14)
CELLS = [HEAD, ["low", "North", "A", DUE], ["high", "South", "B", DUE]]


@pytest.fixture
def workbook(write):
    """Write a workbook, its first sheet changed, beside a scenario that starts from it; returns its messages."""
    write("met.yaml", SCENARIO.replace("extract.csv", "extract.xlsx"))

    def write_it(*sheets, change=lambda xml: xml, parts=None, states=()):
        write_workbook("plain.xlsx", *(sheets or (CELLS,)))
        with zipfile.ZipFile("plain.xlsx") as plain, zipfile.ZipFile("extract.xlsx", "w", zipfile.ZIP_DEFLATED) as out:
            for name in plain.namelist():
                text = plain.read(name).decode()
                if name == SHEET:
                    text = change(text)
                for number in states:
                    text = text.replace(f'name="Sheet{number}"', f'name="Sheet{number}" state="hidden"')
                out.writestr(name, text)
            for name, text in (parts or {}).items():
                out.writestr(name, text)
        return faults("met.yaml")

    return write_it


@pytest.fixture
def extract(write):
    """Write a scenario and its caseload file; returns the messages."""
    write("met.yaml", SCENARIO)

    def write_it(content, *settings):
        Path("extract.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
        return faults("met.yaml", *settings)

    return write_it


def cell(place, inside, attributes=""):
    """In place of what stands in a cell of a sheet."""
    return lambda xml: re.sub(rf'<c r="{place}"[^>]*>.*?</c>', f'<c r="{place}"{attributes}>{inside}</c>', xml)


def added(xml):
    """Below all rows of a sheet."""
    return lambda sheet: sheet.replace("</sheetData>", f"{xml}</sheetData>")


# --- how large a file may be ----------------------------------------------------------------------------------

FAR = "XFD1048576"
TOO_FAR = (
    "extract.xlsx: its cells reach to {0}, row {1} of column {2}; 200,000 rows and 4,000,000 cells are allowed. Delete "
    "what stands far from the rest, save, and try again"
)
UNREADABLE = "extract.xlsx: is no Excel workbook that can be read; save it as CSV UTF-8 or as XLSX"
PREFIXED = f'<x:row xmlns:x="{MAIN}"><x:c r="{FAR}"><x:v>1</x:v></x:c></x:row>'


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        (f'<row r="1048576"><c r="{FAR}"><v>1</v></c></row>', TOO_FAR.format(FAR, "1,048,576", "XFD")),
        (f"<row><c a='>' r = '{FAR}'><v>1</v></c></row>", TOO_FAR.format(FAR, "1,048,576", "XFD")),
        (f'<row><c a=\' r="A9"\' r="{FAR}"><v>1</v></c></row>', TOO_FAR.format(FAR, "1,048,576", "XFD")),
        (PREFIXED, TOO_FAR.format(FAR, "1,048,576", "XFD")),
        ('<row r="200100"><c r="A200100"><v>1</v></c></row>', TOO_FAR.format("D200100", "200,100", "D")),
        ('<row r="900"><c r="XFD900"><v>1</v></c></row>', TOO_FAR.format("XFD900", "900", "XFD")),
        ('<row r="1048576"><c><v>1</v></c></row>', TOO_FAR.format("D1048576", "1,048,576", "D")),
        ('<row r="9"><c r="&#88;FD1048576"><v>1</v></c></row>', UNREADABLE),
        (f"<row><c r={FAR}><v>1</v></c></row>", UNREADABLE),
        ('<row><c r="ZZZZ9"><v>1</v></c></row>', UNREADABLE),
    ],
    ids=["stray", "quoted", "disguised", "prefixed", "rows", "wide", "implied", "entity", "unquoted", "no column"],
)
def test_a_stray_cell_is_found_before_the_cells_are_laid_out(workbook, xml, message):
    assert workbook(change=added(xml)) == [message]


def test_cells_that_are_only_formatted_do_not_count(workbook):
    assert workbook(change=added(f'<row r="1048576"><c r="{FAR}" s="1"/></row>')) == []
    assert workbook(change=lambda xml: xml.replace("<sheetData>", f'<dimension ref="A1:{FAR}"/><sheetData>')) == []


def test_a_small_file_that_unpacks_to_much_is_refused(workbook, monkeypatch):
    monkeypatch.setattr(workbook_module, "LARGEST_TEXT", 5_000_000)
    shared = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>'
    many = added("".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(10, 300)))
    long = {"xl/sharedStrings.xml": shared.format("a" * 32_000)}
    assert workbook(change=many, parts=long) == [
        "extract.xlsx: its texts are longer than 5 MB; keep the columns of a caseload"
    ]
    monkeypatch.setattr(workbook_module, "LARGEST_UNPACKED", 3_000_000)
    longer = {"xl/sharedStrings.xml": shared.format("a" * 33_000)}
    problem = "a cell has more than 32,767 characters; shorten it, or remove its column"
    assert workbook(parts=longer) == [f"extract.xlsx: {problem}"]
    assert workbook(parts={"xl/theme/theme1.xml": " " * 3_000_000}) == [
        "extract.xlsx: unpacks to 3 MB; 3 MB are allowed"
    ]
    # An archive that understates what is in it gives no more than it states.
    content = Path("extract.xlsx").read_bytes()
    entry = content.rindex(b"xl/theme/theme1.xml") - 46
    Path("extract.xlsx").write_bytes(content[: entry + 24] + (9).to_bytes(4, "little") + content[entry + 28 :])
    assert faults("met.yaml") == [UNREADABLE]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("risk,team" + "," * 1_000_001, "extract.csv:1: a line has 1,000,010 characters, 1,000,000 are allowed"),
        (
            "risk,team\n" + "\n" * 2_000_001,
            "extract.csv: has 2,000,002 lines, 2,000,000 are allowed. Is it the right file?",
        ),
        (
            "risk,team\n" + "low,North\n" * 1_020,
            "extract.csv:1021: is larger than 1,000 rows and 10,000 cells. Is it the right file?",
        ),
        (
            "risk,team\n" + ("," * 2_999 + "x\n") * 5,
            "extract.csv:5: is larger than 1,000 rows and 10,000 cells. Is it the right file?",
        ),
        (
            'risk,team\nlow,"North\n' + "\n" * 40_000 + '"\n',
            "extract.csv:2: a cell has more than 32,767 characters; perhaps a quotation mark does not end where its "
            'cell does; write a quotation mark in a cell twice: ""',
        ),
    ],
    ids=["one line", "blank lines", "rows", "cells", "a cell"],
)
def test_a_text_file_that_is_too_large(extract, monkeypatch, content, message):
    monkeypatch.setattr(sheet_module, "MOST_ROWS", 1_000)
    monkeypatch.setattr(sheet_module, "MOST_CELLS", 10_000)
    assert extract(content) == [message]


def test_a_hundred_thousand_blank_rows_do_no_harm(extract):
    assert extract("risk,team\nlow,North\n" + ",\n" * 100_000) == []


# --- regular files only ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs the pipes of a Unix system")
@pytest.mark.parametrize(
    ("name", "what"), [("pipe", "a pipe"), ("socket", "a socket"), ("/dev/zero", "a device"), ("/dev/null", "a device")]
)
def test_pipes_and_devices_are_refused_at_once(write, name, what):
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as there:
        there.bind("socket")
        problem = f"{name} is {what}, not a file; save what it gives to a file, and name that"
        write("met.yaml", SCENARIO.replace("extract.csv", name))
        assert faults("met.yaml") == [f"met.yaml:8: caseload.file: {problem}"]
        write("plan.yaml", f"extends: {name}\nname: A\n")
        assert faults("plan.yaml") == [f"plan.yaml:1: extends: {problem}"]
        assert faults(name) == [problem.replace(" is", ": is", 1)]
        with pytest.raises(ScenarioError, match=f"{name}: is {what}"):
            listed_points(Path(name))


# --- what a spreadsheet stores --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "inside", "attributes", "message"),
    [
        ("D2", "<f>NA()</f><v>#N/A</v>", ' t="e"', "visit_due: holds the error #N/A of a spreadsheet; "),
        ("C2", "<f>A1/0</f><v>#DIV/0!</v>", ' t="e"', "officer: holds the error #DIV/0! of a spreadsheet; "),
        ("B2", "<v>#REF!</v>", " s='1' t='e'", "team: holds the error #REF! of a spreadsheet; "),
        ("C2", "<f>A1</f>", "", "officer: holds a formula whose value is not stored; "),
        ("D2", "<f>TODAY()</f><v></v>", ' s="1"', "visit_due: holds a formula whose value is not stored; "),
        ("D2", '<f t="shared" si="0"/><v/>', ' s="1" t="n"', "visit_due: holds a formula whose value is not stored; "),
        ("D2", "<v>45730</v>", "", "visit_due: holds the number by which Excel counts days, here for 2025-03-14; "),
        ("D2", "<v>0</v>", ' s="1"', "visit_due: holds 0, shown as the date 00/01/1900, as if a look-up had found "),
    ],
)
def test_a_broken_cell_of_a_workbook_is_no_gap(workbook, place, inside, attributes, message):
    (found,) = workbook(change=cell(place, inside, attributes))
    assert found.startswith(f"extract.xlsx:2: {message}")


@pytest.mark.parametrize(
    ("place", "inside", "attributes"),
    [
        ("D2", "<f>DATE(2025,3,14)</f><v>45730</v>", ' s="1"'),
        ("D2", "<v>45730.9</v>", ' s="1"'),  # 21:36 on the 14th
        ("D2", "<is><t>2025-03-14 09:30</t></is>", ' t="inlineStr"'),
        ("C2", '<f>"A"</f><v>A</v>', ' t="str"'),
        ("B2", "<is><t>\u00a0NORTH\u200b</t></is>", ' t="inlineStr"'),
    ],
    ids=["formula", "time of day", "text", "text formula", "invisible"],
)
def test_what_a_workbook_may_store_for_the_same(workbook, place, inside, attributes):
    assert workbook() == []
    first = rows_of("met.yaml")
    assert workbook(change=cell(place, inside, attributes)) == []
    assert rows_of("met.yaml") == first


def test_a_formula_that_comes_to_an_empty_text_is_a_gap(workbook):
    assert workbook(change=cell("C2", '<f>""</f><v></v>', ' t="str"')) == []
    assert [row[2] for row in rows_of("met.yaml")] == [-1, 0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "low,North,A,#N/A",
            "visit_due: holds the error #N/A of a spreadsheet; correct the formula, or empty the cell",
        ),
        ("low,North,#REF!,", "officer: holds the error #REF! of a spreadsheet; correct the formula, or empty the cell"),
        ("low,North,A,########", "visit_due: holds only #, as a column too narrow to show its values is saved; "),
        ('low,North,"=VLOOKUP(A2,B:C,2)",', "officer: holds a formula, not its value; "),
        ("low,North,A,45730", "visit_due: holds the number by which Excel counts days, here for 2025-03-14; "),
        ("low,North,A,00/01/1900", "visit_due: holds 0, shown as the date 00/01/1900, as if a look-up had found "),
        ("low,North,A,31/02/2025", 'visit_due: "31/02/2025" is no date: February 2025 has 28 days'),
    ],
)
def test_a_broken_cell_of_a_text_file_is_no_gap(extract, content, message):
    found = extract(f"risk,team,officer,visit_due\n{content}\nlow,North,A,20/03/2025\n")
    assert found[0].startswith(f"extract.csv:2: {message}")


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: "sep=,\r\n" + text,
        lambda text: '"sep=;"\n' + text.replace(",", ";"),
        lambda text: "\ufeffsep=\t\n" + text.replace(",", "\t"),
        lambda text: "Caseload on 2 September 2024,,\n\n" + text,
        lambda text: "Made for, the planning unit; of 2024\n" + text.replace(",", ";"),
        lambda text: text.replace("\n", ",,\n"),
        lambda text: text + "\n,,,,,,,,\n \n",
        lambda text: text.encode("utf-16-le").join([b"\xff\xfe", b""]),
        lambda text: text.replace(",A,", ',="A",'),
        lambda text: text.replace("2025-03-01", "2025-03-01 00:00:00"),
        lambda text: text.replace("North", "N\u2060orth").replace("low", "Low\u00a0"),
        lambda text: text.replace("\n", "\r"),
    ],
    ids=["sep", "sep;", "sep tab", "title", "title;", "columns", "rows", "utf-16", '="A"', "time", "invisible", "cr"],
)
def test_the_same_caseload_as_other_programs_export_it(extract, rewrite):
    text = "\n".join([HEADINGS, *FINE, ""])
    assert extract(text) == []
    first = read("met.yaml").scenario.caseload.file_hash
    assert extract(rewrite(text)) == []
    assert read("met.yaml").scenario.caseload.file_hash == first


def test_a_title_above_the_headings_is_reported_and_rows_keep_their_numbers(extract):
    extract("Caseload of 2 September,\n\nrisk,team\nlow,North\n")
    assert scenario_warnings(read("met.yaml").scenario)[0] == (
        "extract.csv: the headings are in row 3; what stands above them, in row 1, is not read"
    )
    assert extract("sep=;\nrisk;team\nlow;North\nhgh;North\n")[0].startswith("extract.csv:3: risk: ")
    assert extract("Caseload,\n\nrisk,teem\nlow,North\n")[0].startswith('extract.csv:3: column B ("teem") is unknown')
    assert extract("Caseload,,\n\nrisk,team,tier\nlow,North,1\n") == [
        'extract.csv:3: column C ("tier") is unknown; remove it (the columns are risk, team, officer, last_seen, '
        "visit_due, review_due, registered and key)"
    ]


@pytest.mark.parametrize(
    ("sheets", "states", "expected"),
    [
        ((CELLS, [["to do"]]), (), 'the sheet "Sheet1" is read; "Sheet2" is not'),
        (([["cover"]], CELLS), (), 'the sheet "Sheet2" is read; "Sheet1" is not'),
        ((CELLS, CELLS), (2,), 'the sheet "Sheet1" is read; "Sheet2" (hidden) is not'),
        ((CELLS, []), (), ""),
        (([], CELLS), (1,), ""),
    ],
)
def test_the_one_sheet_with_a_caseload_is_read(workbook, sheets, states, expected):
    assert workbook(*sheets, states=states) == []
    found = [warning for warning in scenario_warnings(read("met.yaml").scenario) if "sheet" in warning]
    assert found == ([f"extract.xlsx: {expected}"] if expected else [])


@pytest.mark.parametrize(
    ("sheets", "states", "problem"),
    [
        ((CELLS, CELLS), (), 'holds 2 sheets, "Sheet1" and "Sheet2"; keep only the one with the caseload'),
        ((CELLS,), (1,), 'its only sheet with cells, "Sheet1" (hidden), is hidden; show it, and look at it'),
        (
            ([["cover"]], CELLS),
            (2,),
            'holds 2 sheets, "Sheet1" and "Sheet2" (hidden); keep only the one with the caseload',
        ),
    ],
)
def test_hidden_and_doubled_sheets_are_named(workbook, sheets, states, problem):
    assert workbook(*sheets, states=states) == [f"extract.xlsx: {problem}"]


def test_hidden_rows_are_named(workbook):
    assert workbook(change=lambda xml: xml.replace('<row r="3"', '<row r="3" hidden="1"')) == [
        "extract.xlsx:3: 1 row is hidden or filtered out: 3; show all rows, delete those that do not belong, and save"
    ]
    # A hidden row that holds nothing is none.
    assert workbook(change=added('<row r="4" hidden="1"/>')) == []


def test_merged_cells_are_named_where_they_leave_gaps(workbook):
    def merged(area):
        return lambda xml: xml.replace(
            "</sheetData>", f'</sheetData><mergeCells><mergeCell ref="{area}"/></mergeCells>'
        )

    assert workbook(change=merged("C2:C3")) == [
        "extract.xlsx: cells are merged, and only the first of them holds the value: C2:C3; unmerge them"
    ]
    title = [["Caseload of today"], *CELLS]
    assert workbook(title, change=merged("A1:D1")) == []


def test_headings_as_forces_write_them():
    for heading, column in [
        ("Next ARMS", "review_due"), ("ARMS due date", "review_due"), ("Date of next ARMS review", "review_due"),
        ("Ref", "key"), ("RSO ref", "key"), ("Case Ref.", "key"), ("Offender ID", "key"),
        ("Next visit due", "visit_due"), ("NextVisitDue", "visit_due"), ("Next visit due date", "visit_due"),
        ("Date next home visit due", "visit_due"), ("Last home visit", "last_seen"),
        ("Date of last visit", "last_seen"),
        ("Current risk level", "risk"), ("ARMS risk level", "risk"), ("Managing team", "team"), ("BCU", "team"),
        ("Offender Manager", "officer"), ("Managed by", "officer"), ("Date of registration", "registered"),
        ("Risk date", None), ("Team date", None), ("Registration number", None), ("Date", None), ("", None),
    ]:  # fmt: skip
        assert meaning_of(heading) == column


# --- many faults, and rows that are left out ------------------------------------------------------------------


def test_a_wrong_list_of_teams_is_said_once(extract):
    names = ["Red"] * 400 + ["Blue"] * 350 + ["Green"] * 250 + ["q17"]
    assert extract("risk,team\n" + "".join(f"low,{name}\n" for name in names)) == [
        'extract.csv:2: team: 1,001 rows name teams that the scenario lacks: "Red" (400), "Blue" (350), "Green" (250) '
        'and 1 more; its teams are "North" and "South". Add those that are missing to teams, such as {name: Red, '
        "officers: 10}, or correct the file (rows: 2, 3, 4, 5, 6, …)"
    ]


def test_a_fault_of_many_rows_is_said_once_and_few_are_reported_each(extract):
    lines = ["low,North,2024-09-03"] * 20 + ["low,North,2024-05-20"] * 50 + ["hgh,North,2024-05-20"] * 2
    assert extract("risk,team,last_seen\n" + "\n".join(lines) + "\n") == [
        "extract.csv:2: last_seen: 2024-09-03 is after the first day of the scenario, 2024-09-02 (so in 20 of 72 rows: "
        "2, 3, 4, 5, 6, …)",
        'extract.csv:72: risk: "hgh" is no risk level, did you mean high?',
        'extract.csv:73: risk: "hgh" is no risk level, did you mean high?',
    ]


def test_rows_that_cannot_be_used_are_left_out_where_that_is_asked(extract, capsys):
    rows = ["low,North,2024-05-20,2025-01-01"] * 18
    text = "\n".join(["risk,team,last_seen,visit_due", *rows, "low,North,2024-09-03,", "low,North,2024-02-31,", ""])
    assert extract(text)[0] == (
        "extract.csv: 2 of 20 rows cannot be used; --set caseload.skip_unreadable_rows=true leaves them out and says so"
    )
    assert extract(text, "caseload.skip_unreadable_rows=true") == []
    scenario = read("met.yaml", ["caseload.skip_unreadable_rows=true"]).scenario
    assert scenario.teams[0].offenders == 18
    assert scenario.caseload.rows_left_out == 2
    assert scenario_warnings(scenario)[0] == (
        "extract.csv: 2 of 20 rows are left out, and their offenders with them: last_seen: no date (row 21); "
        "last_seen: after the first day of the scenario (row 20)"
    )
    # The same rows alone are the same caseload.
    extract("\n".join(["risk,team,last_seen,visit_due", *rows, ""]))
    assert read("met.yaml").scenario.caseload.file_hash == scenario.caseload.file_hash
    # Where more than one in ten is bad something is wrong with all of them.
    found = extract(text.replace("2025-01-01", "2023-01-01", 1), "caseload.skip_unreadable_rows=true")
    assert [message.partition(": ")[2] for message in found] == [
        "visit_due: 2023-01-01 is before last_seen, 2024-05-20",
        "last_seen: 2024-09-03 is after the first day of the scenario, 2024-09-02",
        'last_seen: "2024-02-31" is no date: February 2024 has 29 days',
    ]


# --- the same name --------------------------------------------------------------------------------------------


def test_teams_that_look_the_same_stand_twice(write):
    text = SMALL.replace("name: South", "name: NORTH")
    assert faults(write("met.yaml", text)) == [
        'met.yaml:6: teams.1.name: "NORTH" is the same name as "North", at met.yaml:5; name each team differently'
    ]
    hidden = SMALL.replace("name: South", 'name: "Nor\\u200Bth"')
    assert faults(write("met.yaml", hidden)) == [
        'met.yaml:6: teams.1.name: "Nor�th" is the same name as "North", at met.yaml:5; name each team differently'
    ]
    assert faults(write("met.yaml", SMALL.replace("name: South", 'name: "\\u200B "'))) == [
        "met.yaml:6: teams.1.name: shows nothing; write a name that can be read"
    ]


def test_a_name_means_the_same_in_every_unicode_form(write):
    composed, parted = (read(write("met.yaml", SMALL.replace("South", name))) for name in ("Môn", '"Mo\u0302n\u200b"'))
    assert composed.scenario == parted.scenario


def test_labels_of_officers_that_look_the_same_are_one_officer(extract):
    labels = ["J1", "j1", " J1\u00a0", "\u200eJ1", "K2", "-", "Unallocated", ""]
    assert extract("risk,team,officer\n" + "".join(f"low,North,{label}\n" for label in labels)) == []
    assert sorted(row[2] for row in rows_of("met.yaml")) == [-1, -1, -1, 0, 0, 0, 0, 1]
    assert "extract.csv: officer: 2 cells say that there is none, in words, and are read as empty" in scenario_warnings(
        read("met.yaml").scenario
    )


# --- personal data --------------------------------------------------------------------------------------------

IDENTIFYING = {
    "NHS numbers": ["9434765919", "401 023 2137", "943-476-5919"],
    "prison numbers": ["A1234AB", "B9876CD"],
    "number plates": ["AB12 CDE", "XY70ZZZ", "K123 ABC"],
    "ranks and names of officers": ["PC 1001 Smith", "DC1002 O'Brien", "A/PS Okafor", "Whitaker PC 1003", "Sgt Vimes"],
    "names of people": ["Ola Nordmann", "Max Mustermann", "WHITAKER Erika", "J. Whitaker", "Patel"],
}


@pytest.mark.parametrize(("what", "cells"), [(what, cells) for what, cells in IDENTIFYING.items()])
def test_columns_that_show_who_somebody_is(extract, what, cells):
    for cell_there in cells:
        assert in_column([cell_there]) == (what, 0)
    (found,) = extract("risk,team,officer\n" + "".join(f"low,North,{item}\n" for item in ["", *cells]))
    assert found.startswith(f'extract.csv:1: column C ("officer") holds what looks like {what} (row ')
    assert not any(item in found for item in cells)


def test_one_cell_that_surely_says_is_enough():
    assert in_column(["a"] * 500 + ["PC 1001 Smith"]) == ("ranks and names of officers", 500)
    assert in_column(["a"] * 500 + ["jane@met.example"]) == ("e-mail addresses", 500)


def test_ordinary_labels_and_keys_pass():
    for cells in [
        [str(number) for number in range(1_000_000_000, 1_000_000_400)],  # one in eleven passes the check of the NHS
        ["Officer A", "Officer B"], ["Team North", "Team South"], ["North A", "South B"], ["Officer One", "Post Two"],
        ["Vacant Post", "A"], ["DC 4711", "A", "B"], ["DS North", "DS South"], ["OM1", "OM2"], ["RSO0001", "CE07"],
        ["3fa85f64-5717-4562-b3fc-2c963f66afa6"], ["alpha", "bravo"], ["J", "K"], ["0000000000"], ["A1", "B22"],
    ]:  # fmt: skip
        assert in_column(cells) is None


def test_a_team_may_be_called_like_a_place(write, extract):
    write("met.yaml", SCENARIO.replace("North", "Central North").replace("South", "Kings Cross"))
    assert extract("risk,team\nlow,Central North\nlow,Kings Cross\n") == []


# --- the process survives -------------------------------------------------------------------------------------


def test_a_workbook_of_a_few_bytes_does_not_end_the_process(workbook):
    workbook(change=added(f'<row r="1048576"><c r="{FAR}"><v>1</v></c></row>'))
    assert Path("extract.xlsx").stat().st_size < 3000
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32)); from sim.cli import main; "
    line = [sys.executable, "-c", limited + 'sys.exit(main(["validate", "met.yaml"]))']
    done = subprocess.run(line, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stdout) == (2, "")
    assert "its cells reach to XFD1048576" in done.stderr


ROOT = Path(__file__).parents[2]


def test_the_command_says_it_too(workbook, capsys):
    workbook(change=cell("D2", "<v>#N/A</v>", ' t="e"'))
    assert main(["validate", "met.yaml"]) == 2
    assert capsys.readouterr().err.startswith("extract.xlsx:2: visit_due: holds the error #N/A")
