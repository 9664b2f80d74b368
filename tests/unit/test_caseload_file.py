"""A caseload from a file: what is read, what is refused and in which words, and that keys go nowhere."""

import datetime as dt
import random
import time
from pathlib import Path

import pytest

from sim.cli import main
from sim.runs.provenance import repeating_command
from sim.scenario import ScenarioError, read, read_saved
from sim.scenario.caseload_file.personal import in_column, in_heading
from sim.scenario.summary import scenario_warnings
from tests.support.scenarios import faults
from tests.support.workbooks import write_workbook

SCENARIO = """\
name: A small force
start: 2024-09-02
end: 2025-08-31
teams:
  - {name: North, officers: 2}
  - {name: South, officers: 1}
caseload:
  file: extract.csv
  risk_mix: {low: 0.5, medium: 0.3, high: 0.18, very_high: 0.02}
visits: {interval_days: {low: 365, medium: 182, high: 91, very_high: 30}, visit_hours: 1, crew: 1}
"""

HEADINGS = "risk,team,officer,last_seen,visit_due,review_due,registered,key"
FINE = (
    "low,North,A,2024-03-01,2025-03-01,2024-12-01,2020-01-01,1",
    "high,North,B,2024-06-20,2024-08-20,2024-12-01,2020-01-01,2",
    "medium,South,A,2024-06-30,2024-12-30,2024-12-01,2020-01-01,3",
)


@pytest.fixture
def extract(write):
    """Write the scenario and its caseload file, by rows or as a whole; returns the scenario's name."""

    def write_both(*rows, headings=HEADINGS, content=None, scenario=SCENARIO):
        write("met.yaml", scenario)
        content = "\n".join([headings, *rows, ""]) if content is None else content
        Path("extract.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
        return "met.yaml"

    return write_both


def rows_of(path, *settings):
    """The rows of a scenario's caseload, as tuples without their identity, in a fixed order."""
    known = read(path, settings).scenario.known_caseload
    return sorted(known.rows[["team", "risk", "officer", "last_seen", "visit_due"]].tolist())


def day(text):
    return dt.date.fromisoformat(text).toordinal()


# --- what is read ---------------------------------------------------------------------------------------------


def test_a_file_is_todays_caseload(extract):
    reading = read(extract(*FINE))
    assert reading.scenario.headcounts == [(2, 2), (1, 1)]
    assert str(reading.place("teams.0.offenders")) == "extract.csv"
    assert rows_of("met.yaml") == [
        (0, 0, 0, day("2024-03-01"), day("2025-03-01")),
        (0, 2, 1, day("2024-06-20"), day("2024-08-20")),
        (1, 1, 0, day("2024-06-30"), day("2024-12-30")),
    ]
    assert scenario_warnings(reading.scenario) == []


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.encode("utf-16"),
        lambda text: "\n" + text.replace("\n", "\n,,,,,,,\n"),
        lambda text: text.replace(
            HEADINGS, "Risk Level,TEAM,offender manager,LastSeen,Next visit,Review-Due,Registered on,ID"
        ),
        lambda text: text.replace("low,North", " LOW , north ").replace("high", "H"),
        lambda text: text.replace("2024-06-20", "2024-06-20 14:30"),
    ],
    ids=["semicolons", "tabs", "windows", "bom", "utf-16", "blank rows", "synonyms", "spaces and case", "time of day"],
)
def test_the_same_caseload_written_otherwise(extract, rewrite):
    first = read(extract(*FINE)).scenario
    text = Path("extract.csv").read_text(encoding="utf-8")
    second = read(extract(content=rewrite(text))).scenario
    assert second == first
    assert second.content_hash == first.content_hash


def test_days_before_months(extract):
    iso = "low,North,A,2024-03-20,2025-03-01,,2020-01-01,1", "low,North,A,2024-03-01,2025-03-20,,2021-01-01,2"
    slashes = "low,North,A,20/03/2024,01/03/2025,,01/01/2020,1", "low,North,A,1/3/2024,20/03/2025,,01/01/2021,2"
    assert read(extract(*slashes)).scenario == read(extract(*iso)).scenario


def test_a_workbook(extract):
    first = read(extract(*FINE)).scenario
    cells = [[_cell(text) for text in row.split(",")] for row in FINE]
    write_workbook("extract.xlsx", [HEADINGS.split(","), *cells])
    second = read("met.yaml", ["caseload.file=extract.xlsx"]).scenario
    assert second.content_hash == first.content_hash
    assert second.caseload.file == "extract.xlsx"


def _cell(text):
    if text.isdigit():
        return int(text)
    return dt.date.fromisoformat(text) if text[:2] == "20" else text


def test_a_file_is_named_from_the_folder_of_its_scenario(extract, write):
    extract(*FINE)
    write("plans/more.yaml", "extends: ../met.yaml\nreplications: 3\n")
    assert read("plans/more.yaml").scenario.caseload.file == "extract.csv"
    write("plans/own.yaml", "extends: ../met.yaml\ncaseload: {file: own.csv}\n")
    assert faults("plans/own.yaml") == ["plans/own.yaml:2: caseload.file: plans/own.csv does not exist"]


def test_windows_1252_is_read_with_a_warning(extract):
    scenario = SCENARIO.replace("South", "Süd")
    text = "\n".join([HEADINGS, *FINE]).replace("South", "Süd")
    assert scenario_warnings(read(extract(content=text.encode("cp1252"), scenario=scenario)).scenario) == [
        "extract.csv: row 4 is not UTF-8, so the file was read as Windows-1252; if names of teams look odd, save it as "
        "CSV UTF-8 or as XLSX"
    ]


def test_warnings_say_what_is_drawn_and_who_has_no_officer(extract):
    path = extract("low,North,A,,,", "low,North,,2024-03-01,,", "low,North,B,,,", headings=HEADINGS[:-15])
    assert scenario_warnings(read(path).scenario) == [
        "extract.csv: registered is not given for 3 of 3 offenders; drawn as if generated",
        "extract.csv: last_seen is not given for 2 of 3 offenders; drawn as if generated",
        "extract.csv: visit_due is not given for 3 of 3 offenders; drawn as if generated",
        "extract.csv: review_due is not given for 3 of 3 offenders; drawn as if generated",
        "extract.csv: no officer is given for 1 of 3 offenders; unallocated offenders are not visited",
    ]


def test_more_and_fewer_officers_than_in_post(extract):
    dates = "2024-03-01,2025-03-01,2024-12-01,2020-01-01"
    path = extract(f"low,North,A,{dates},1", *(f"low,South,{label},{dates},{label}" for label in "ABC"))
    assert scenario_warnings(read(path).scenario) == [
        "extract.csv: teams.0 (North): 1 in the column officer, 2 in post; the other officers begin with no caseload",
        "extract.csv: teams.1 (South): 3 in the column officer, 1 in post; the other caseloads are shared out evenly",
    ]
    assert scenario_warnings(read(path, ["caseload.allocation=pooled"]).scenario) == [
        "extract.csv: the column officer is not used, because caseload.allocation is pooled"
    ]


# --- files that cannot be opened ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "extract.csv: is empty; `python -m sim new --caseload FILE.csv` writes one to start from"),
        ("\n ,,\n", "extract.csv: is empty; `python -m sim new --caseload FILE.csv` writes one to start from"),
        (HEADINGS + "\n", "extract.csv:1: has headings and no rows; write one row for each offender"),
        (
            "\n".join([HEADINGS, *FINE]).replace(",", "|"),
            'extract.csv:1: its cells are separated by "|"; separate them by commas, semicolons or tabs',
        ),
        (
            "a,b;c\n1,2;3\n",
            "extract.csv:1: it is unclear what separates the cells; separate them by commas, semicolons or tabs",
        ),
        ("risk,team".encode("utf-16") + b"\0", "extract.csv: is UTF-16 and breaks off; save it as CSV UTF-8"),
        (b"\1\0\2", "extract.csv: is neither text nor an XLSX workbook; save it as CSV UTF-8 or as XLSX"),
        (
            b"risk,team\nlow,\x81\n",
            "extract.csv:2: a character that is neither UTF-8 nor Windows-1252; save it as CSV UTF-8",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1",
            "extract.csv: is an old Excel workbook (.xls) or has a password; save it as CSV UTF-8 or as XLSX, "
            "without a password",
        ),
        (b"PK\3\4 and more", "extract.csv: is no Excel workbook that can be read; save it as CSV UTF-8 or as XLSX"),
        (
            'risk,team\nlow,North\nlow,"North\n',
            "extract.csv:3: a quotation mark does not end where its cell does; write a quotation mark in a cell twice: "
            '""',
        ),
        (
            "risk,team\nlow," + "x" * 140_000,
            "extract.csv:2: a cell has more than 32,767 characters; perhaps a quotation mark does not end where its "
            'cell does; write a quotation mark in a cell twice: ""',
        ),
        (
            "low,North\nlow,North\n",
            "extract.csv:1: no heading is known; the first row must hold the names of columns: risk, team, officer, "
            "last_seen, visit_due, review_due, registered and key",
        ),
    ],
)
def test_a_file_that_is_no_caseload(extract, content, message):
    assert faults(extract(content=content)) == [message]


def test_a_workbook_of_several_sheets(extract):
    extract(*FINE)
    write_workbook("extract.xlsx", [["risk"]], [["team"]])
    assert faults("met.yaml", "caseload.file=extract.xlsx") == [
        'extract.xlsx: holds 2 sheets, "Sheet1" and "Sheet2"; keep only the one with the caseload'
    ]


def test_a_file_that_is_not_there(extract):
    extract(*FINE)
    assert faults("met.yaml", "caseload.file=extrct.csv") == [
        "--set caseload.file=extrct.csv: caseload.file: extrct.csv does not exist, did you mean extract.csv?"
    ]
    assert faults("met.yaml", "caseload.file=.") == [
        "--set caseload.file=.: caseload.file: . is a folder; name a CSV or XLSX file in it"
    ]


# --- columns --------------------------------------------------------------------------------------------------

IDENTIFIES = "nothing in the file may identify a person"


def test_columns_that_show_who_somebody_is(extract):
    path = extract(
        *(f"low,North,{officer}@met.example,12/{officer}45A,1970-01-01,x,y" for officer in range(3)),
        headings="risk,team,officer,key,registered,DoB,Offender name",
    )
    assert faults(path) == [
        f'extract.csv:1: column C ("officer") holds what looks like e-mail addresses (row 2); {IDENTIFIES}: '
        "write labels such as A, B and C",
        f'extract.csv:1: column D ("key") holds what looks like numbers of a register (row 2); {IDENTIFIES}: '
        "write numbers that mean nothing elsewhere",
        f'extract.csv:1: column E ("registered") holds what looks like dates of birth (row 2); {IDENTIFIES}: '
        "remove the column",
        f'extract.csv:1: column F ("DoB") looks like dates of birth; {IDENTIFIES}: remove the column',
        f'extract.csv:1: column G ("Offender name") looks like names of people; {IDENTIFIES}: remove the column',
    ]


def test_headings_that_show():
    for heading, what in [
        ("Surname", "names of people"),
        ("first_name", "names of people"),
        ("Date of Birth", "dates of birth"),
        ("D.O.B.", "dates of birth"),
        ("homeAddress", "addresses"),
        ("Post Code", "addresses"),
        ("Tel", "phone numbers"),
        ("E-mail", "e-mail addresses"),
        ("VisorRef", "numbers of a register"),
        ("PNC ID", "numbers of a register"),
        ("Registration number", "numbers of a register"),
        ("Tier", None),
    ]:
        assert in_heading(heading) == what


def test_columns_judged_by_their_look():
    for cells, what in [
        (["SW1A 2AA", "E1 6AN"], "addresses"),
        (["10 Downing Street, London SW1A 2AA"], "addresses"),
        (["07700 900123", "020 7946 0000", "+44 7700 900123"], "phone numbers"),
        (["QQ 12 34 56 C"], "numbers of a register"),
        (["2012/123456A"], "numbers of a register"),
        (["Smith, Jane", "Jones, Bob"], "names of people"),
        (["David Whitaker", "Ola Nordmann", "Max Mustermann"], "names of people"),
        (["12/05/1961", "03/11/1979", "30/01/1990"], "dates of birth"),
        (["A", "B", "Officer 12", "DC 4711", "North-3", "CE/07"], None),
        (["000123", "20240001", "k-17"], None),
        # A slip of the pen does not condemn a column.
        (["x"] * 11 + ["jane"], None),
    ]:
        found = in_column(cells)
        assert (found and found[0]) == what


def test_unknown_doubled_and_missing_columns(extract):
    path = extract("low,low,x,x,1", headings="risk,Risk Level,last sene,tier,")
    assert faults(path) == [
        'extract.csv:1: column B ("Risk Level") means risk, as column A ("risk") does; keep one of them',
        'extract.csv:1: column C ("last sene") is unknown, did you mean last_seen?',
        'extract.csv:1: column D ("tier") is unknown; remove it (the columns are risk, team, officer, last_seen, '
        "visit_due, review_due, registered and key)",
        "extract.csv:1: column E has no heading; give it one, or remove the column",
        "extract.csv:1: there is no column team (a team of the scenario); add it",
    ]


# --- rows -----------------------------------------------------------------------------------------------------


def test_every_bad_row_is_reported_with_its_number(extract):
    path = extract(
        FINE[0],
        "hgh,North,A,,,,,k1",
        "low,Nroth,A,,,,,k2",
        "low,North,A,2024-09-03,,,,k3",
        "low,North,A,31.08.2024,,,,1",
        ",South,A,,,,,k4",
        "low,North",
        "low,North,A,2024-01-20,2023-01-01,,2024-03-01,",
        "low,North,A,1990-01-20,2055-01-01,,,k5",
    )
    assert faults(path) == [
        'extract.csv:3: risk: "hgh" is no risk level, did you mean high?',
        'extract.csv:4: team: "Nroth" is no team of the scenario, did you mean "North"?',
        "extract.csv:5: last_seen: 2024-09-03 is after the first day of the scenario, 2024-09-02",
        "extract.csv:6: key: is the same as in row 2; give each its own",
        'extract.csv:6: last_seen: "31.08.2024" is not written YYYY-MM-DD or DD/MM/YYYY; write 31/08/2024',
        "extract.csv:7: risk: is empty; write low, medium, high or very_high",
        "extract.csv:8: has 2 cells, the headings 8; put a cell that holds a comma in quotation marks",
        "extract.csv:9: key: is empty; give each row one, or remove the column",
        "extract.csv:9: last_seen: 2024-01-20 is before registered, 2024-03-01",
        "extract.csv:9: visit_due: 2023-01-01 is before registered, 2024-03-01",
        "extract.csv:10: last_seen: 1990-01-20 is before the register began, 1997-09-01",
        "extract.csv:10: visit_due: 2055-01-01 is more than ten years after the first day of the scenario, 2024-09-02",
    ]


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("SECRET,A,low,North,,,,1", "neither risk nor team fits; are the cells of this row shifted?"),
        ("SECRET,North,A,soon,,,,1", "risk: what stands here is no risk level, write low, medium, high or very_high"),
        ("low,SECRET,A,,,,,1", 'team: what stands here is no team of the scenario, its teams are "North" and "South"'),
        (
            "low,North,A,SECRET,,,,1",
            "last_seen: what stands here is no date; write YYYY-MM-DD or DD/MM/YYYY, or nothing",
        ),
    ],
)
def test_a_key_in_the_wrong_column_is_not_repeated(extract, row, line):
    found = faults(extract(row))
    assert f"extract.csv:2: {line}" in found
    assert "SECRET" not in "".join(found)


def test_the_last_days_that_are_allowed(extract):
    path = extract(
        "low,North,A,2024-09-02,2024-09-02,2034-09-03,2024-09-02,1",
        "low,North,A,1997-09-01,1997-09-01,1997-09-01,1997-09-01,2",
        "low,South,A,2024-09-01,2024-09-02,,,3",
    )
    assert faults(path) == []


def test_dates_in_three_styles(extract):
    path = extract(
        "low,North,A,2024-03-01", "low,North,A,20/03/2024", "low,North,A,20 Mar 2024", headings=HEADINGS[:27]
    )
    assert faults(path) == [
        "extract.csv:1: last_seen mixes styles of dates: 1 as YYYY-MM-DD (first in row 2) and 1 as DD/MM/YYYY (first "
        "in row 3); write all of them as YYYY-MM-DD",
        'extract.csv:4: last_seen: "20 Mar 2024" is not a date such as 2024-09-02',
    ]


def test_a_day_that_may_be_a_month(extract):
    path = extract("low,North,A,05/01/2024,05/21/2024", headings="risk,team,officer,last_seen,visit_due")
    assert faults(path) == [
        "extract.csv:1: last_seen has no day after the 12th, so days and months cannot be distinguished; write the "
        "dates as YYYY-MM-DD",
        "extract.csv:1: visit_due has the month before the day; write the dates as YYYY-MM-DD or DD/MM/YYYY",
    ]


def test_ten_thousand_faults(extract, capsys):
    broken = [f"hgh,North,A,,,,,{number}" for number in range(4000)] + [
        f"low,Nroth,A,,,,,x{number}" for number in range(6000)
    ]
    assert main(["validate", extract(*broken)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        'extract.csv:2: risk: "hgh" is no risk level, did you mean high? (so in 4,000 of 10,000 rows: 2, 3, '
        "4, 5, 6, …)",
        'extract.csv:4002: team: 6,000 rows name teams that the scenario lacks: "Nroth" (6,000); its teams are "North" '
        'and "South". Add those that are missing to teams, such as {name: Nroth, officers: 10}, or correct the file '
        "(rows: 4002, 4003, 4004, 4005, 4006, …)",
    ]


def test_rules_and_file_speak_together(extract):
    path = extract("hgh,North,A,,,,,1", scenario=SCENARIO + "sed: 1\n")
    assert faults(path) == [
        'extract.csv:2: risk: "hgh" is no risk level, did you mean high?',
        "met.yaml:11: sed: unknown key, did you mean seed?",
    ]


def test_without_teams_only_the_teams_are_wrong(extract):
    path = extract(*FINE, scenario=SCENARIO.replace("{name: North, officers: 2}", "{officers: 2}"))
    assert faults(path) == ["met.yaml:5: teams.0.name is missing: Name of the team; add name: …"]


def test_counts_that_differ_from_the_file(extract):
    path = extract(
        *FINE,
        scenario=SCENARIO.replace("officers: 2", "officers: 2, offenders: 3")
        .replace("officers: 1", "officers: 1, offenders_share: 0.5")
        .replace("  file", "  total: 4\n  file"),
    )
    assert faults(path) == [
        "met.yaml:5: teams.0.offenders: 3 is not what extract.csv holds, 2; remove it, the file counts them",
        "met.yaml:6: teams.1.offenders_share: remove it, the file counts them",
        "met.yaml:8: caseload.total: 4 is not what extract.csv holds, 3 offenders; remove it, the file counts them",
    ]


@pytest.mark.slow
def test_fifty_thousand_rows_in_under_five_seconds(extract):
    random_numbers = random.Random(1)
    seen = [(dt.date(2024, 1, 1) + dt.timedelta(random_numbers.randrange(200))).isoformat() for _ in range(50_000)]
    path = extract(*(f"low,North,{n % 2},{date},2025-01-01,2025-01-01,2020-01-01,{n}" for n, date in enumerate(seen)))
    begin = time.process_time()
    assert read(path).scenario.headcounts[0] == (2, 50_000)
    assert time.process_time() - begin < 5


# --- identity, and what is kept -------------------------------------------------------------------------------


def test_the_hash_is_of_the_content(extract):
    first = read(extract(*FINE)).scenario.content_hash
    Path("extract.csv").rename("renamed.csv")
    assert read("met.yaml", ["caseload.file=renamed.csv"]).scenario.content_hash == first
    assert read(extract(FINE[2], *FINE[:2])).scenario.content_hash == first
    assert read(extract(*FINE[:2], FINE[2].replace("12-30", "12-31"))).scenario.content_hash != first
    # Another key is another offender, with other random numbers.
    assert read(extract(*FINE[:2], FINE[2][:-1] + "4")).scenario.content_hash != first


def test_without_keys_the_row_is_the_identity(extract):
    rows = [row[:-2] for row in FINE]
    first = read(extract(*rows[:2], headings=HEADINGS[:-4])).scenario.known_caseload.rows
    more = read(extract(*rows, headings=HEADINGS[:-4])).scenario.known_caseload.rows
    assert {tuple(row) for row in first.tolist()} < {tuple(row) for row in more.tolist()}


def test_a_run_folder_names_the_file_and_cannot_do_without(extract, write):
    reading = read(extract(*FINE))
    resolved = reading.resolved
    assert resolved["caseload"]["file"] == "extract.csv"
    assert resolved["caseload"]["file_hash"] == reading.scenario.known_caseload.content_hash
    saved = SCENARIO.replace("officers: 2", "officers: 2, offenders: 2").replace(
        "officers: 1", "officers: 1, offenders: 1"
    )
    write("run/scenario.yaml", saved.replace("  risk", f"  file_hash: {resolved['caseload']['file_hash']}\n  risk"))
    assert read_saved("run/scenario.yaml").scenario == reading.scenario
    assert faults("run/scenario.yaml") == [
        "run/scenario.yaml:8: caseload.file: extract.csv is not here, as a run folder does not have it; name it again "
        "with --set caseload.file=PATH"
    ]
    assert faults("run/scenario.yaml", "caseload.file=extrct.csv") == [
        "--set caseload.file=extrct.csv: caseload.file: extrct.csv does not exist, did you mean extract.csv?"
    ]
    assert read("run/scenario.yaml", ["caseload.file=extract.csv"]).scenario == reading.scenario
    extract(*FINE[:2], FINE[2].replace("12-30", "12-31"))
    (found,) = faults("run/scenario.yaml", "caseload.file=extract.csv")
    assert found.startswith("run/scenario.yaml:9: caseload.file_hash: extract.csv holds another caseload (")
    assert found.endswith("…) than this one was made with; remove this key to continue with the new one")


def test_a_scenario_whose_file_was_not_read_cannot_be_simulated(extract):
    scenario = read(extract(*FINE)).scenario
    caseload = scenario.caseload.model_copy(update={"file_hash": "0"})
    with pytest.raises(ScenarioError, match=r"extract\.csv has not been read; read the scenario anew"):
        _ = scenario.model_copy(update={"caseload": caseload}).known_caseload


def test_the_line_that_repeats_a_run_names_no_folder_of_the_machine(tmp_path):
    line = repeating_command(
        Path("met.yaml"),
        [f"caseload.file={tmp_path}/extract.csv"],
        replications=None,
        seed=None,
        events=False,
        out=None,
    )
    assert line == "python -m sim run met.yaml --set caseload.file=extract.csv"


# --- new ------------------------------------------------------------------------------------------------------


def test_new_writes_a_template_and_an_invented_example(write, capsys):
    write("keep", "")
    assert main(["new", "--caseload", "mine.csv", "--teams", "2"]) == 0
    assert capsys.readouterr().out == (
        "Wrote mine.csv, to be filled with one row for each offender, and mine-example.csv, an invented caseload that "
        "shows how.\nWhen it is filled:\nNext: python -m sim new my-force.yaml --caseload mine.csv\n"
    )
    assert Path("mine.csv").read_text(encoding="utf-8") == HEADINGS + "\n"
    assert Path("mine-example.csv").read_text(encoding="utf-8").splitlines()[1].endswith(",invented-1")
    today = dt.date.today()
    scenario = SCENARIO.replace("North, officers: 2", "Team 1, officers: 10").replace(
        "South, officers: 1", "Team 2, officers: 10"
    )
    scenario = scenario.replace("2024-09-02", today.isoformat()).replace("2025-08-31", f"{today.year + 1}-12-31")
    write("met.yaml", scenario.replace("extract.csv", "mine-example.csv"))
    assert read("met.yaml").scenario.headcounts == [(10, 150), (10, 150)]
    assert [warning.partition(" for ")[0] for warning in scenario_warnings(read("met.yaml").scenario)] == [
        "mine-example.csv: review_due is not given",
        "mine-example.csv: teams.0 (Team 1): 3 in the column officer, 10 in post; the other officers begin with no "
        "caseload",
        "mine-example.csv: teams.1 (Team 2): 3 in the column officer, 10 in post; the other officers begin with no "
        "caseload",
    ]


def test_new_writes_a_scenario_that_starts_from_the_example(write, capsys):
    Path("extracts").mkdir()
    assert main(["new", "force.yaml", "--caseload", "extracts/mine.csv", "--teams", "2"]) == 0
    shown = capsys.readouterr().out
    assert "force.yaml starts from the invented one; when yours is filled, write its name after caseload.file." in shown
    assert shown.endswith("\nNext: python -m sim validate force.yaml\n")
    scenario = read("force.yaml").scenario
    assert scenario.caseload.file == "mine-example.csv"
    assert scenario.headcounts == [(3, 150), (3, 150)]
    assert scenario.register.new_per_year == pytest.approx(0.05 * 300, abs=0.5)


def test_new_starts_from_a_filled_file(extract, capsys):
    headings = "Ref;Area;Offender manager;Risk level;Next visit due;Next ARMS"
    rows = [f"{n};{'Ynys Môn' if n % 3 else 'Gwynedd'};OM {n % 7};L;2027-01-01;" for n in range(300)]
    extract(content="\n".join([headings, *rows]))
    assert main(["new", "force.yaml", "--caseload", "extract.csv"]) == 0
    assert capsys.readouterr().out.startswith("Wrote force.yaml: 2 teams, 14 officers, 300 offenders.\n")
    scenario = read("force.yaml").scenario
    assert [team.name for team in scenario.teams] == ["Gwynedd", "Ynys Môn"]
    assert scenario.headcounts == [(7, 100), (7, 200)]
    assert scenario.register.new_per_year == 15
    # Without a column of officers there is one for fifty offenders.
    extract(content="risk,team\n" + "low,North\n" * 301)
    assert main(["new", "other.yaml", "--caseload", "extract.csv"]) == 0
    assert read("other.yaml").scenario.headcounts == [(6, 301)]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            ["--caseload", "extract.csv"],
            "extract.csv is there already; name the scenario that is to start from it: new ",
        ),
        (["f.yaml", "--caseload", "extract.csv", "--teams", "2"], "extract.csv says what is in it; leave --teams out."),
        (
            ["f.yaml", "--caseload", "no.csv", "--officers", "2"],
            "no.csv is not there, and the invented one has a size ",
        ),
        (["f.yaml", "--caseload", "."], "--caseload: . is a folder; name a CSV or XLSX file in it"),
        (["f.yaml", "--caseload", "names.csv"], 'names.csv:1: column B ("officer") holds what looks like names of '),
        (["f.yaml", "--caseload", "bare.csv"], "bare.csv:1: has headings and no rows; write one row for each offender"),
    ],
)
def test_new_refuses_and_writes_nothing(extract, write, capsys, line, message):
    extract(*FINE)
    write("names.csv", "risk,officer,team\nlow,Ola Nordmann,North\n")
    write("bare.csv", HEADINGS + "\n")
    before = sorted(Path().iterdir())
    assert main(["new", *line]) == 2
    assert message in capsys.readouterr().err
    assert sorted(Path().iterdir()) == before


def test_new_overwrites_neither(write, capsys):
    write("mine-example.csv", "my own")
    assert main(["new", "--caseload", "mine.csv"]) == 2
    assert capsys.readouterr().err == "mine-example.csv is there already and is left as it is; choose another name.\n"
    assert not Path("mine.csv").exists()
    assert main(["new", "--caseload", "mine.xlsx"]) == 2
    assert "mine.xlsx: it is written as CSV; let its name end with .csv." in capsys.readouterr().err
    assert main(["new"]) == 2
    assert capsys.readouterr().err.startswith("Invalid value: Name the file to write: new FILE for a scenario, ")


def test_a_share_overdue_that_the_dates_of_a_file_leave_without_effect_is_refused(extract):
    path, undated = extract(*FINE), FINE[0].replace("2025-03-01", "")
    assert faults(path, "caseload.overdue_at_start=0.3") == [
        "--set caseload.overdue_at_start=0.3: caseload.overdue_at_start: has no effect, as each row of extract.csv "
        "gives visit_due; leave one of the two out"
    ]
    assert faults(extract(undated, *FINE[1:]), "caseload.overdue_at_start=0.3") == []
