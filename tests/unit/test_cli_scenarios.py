"""`validate`, `explain`, `schema` and `new` as a planner types them."""

import json
import re
from pathlib import Path

import pytest

from sim.cli import main
from tests.support.scenarios import SMALL

IN_SHORT = (
    "15 officers; 800 offenders; 2 teams; 2024-09-02 to 2025-08-31 (364 days); 30 replications; 0 levers; "
    "0 assumptions, 0 without a published source"
)


BALANCE = "  register, with those in custody: +0 \N{MINUS SIGN}0 a year: 800 → about 800 at the end"


def test_validate_says_that_all_is_fine_how_the_register_grows_and_what_a_run_takes(write, capsys):
    assert main(["validate", write("met.yaml", SMALL)]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[:2] == [f"fine: met.yaml: {IN_SHORT}", BALANCE]
    assert re.fullmatch(r"  run: about 1 s and 0\.\d GB of memory on \w+ cores?\n", out.splitlines(keepends=True)[2])
    assert (out.splitlines()[3:], err) == (["Next: python -m sim run met.yaml"], "")


def test_validate_says_all_faults_of_all_files_on_stderr(write, capsys):
    write("met.yaml", SMALL)
    write("odd.yaml", SMALL + "sed: 1\n")
    write("plan.yaml", "extends: odd.yaml\nend: soon\n")
    assert main(["validate", "plan.yaml", "met.yaml", "odd.yaml"]) == 2
    out, err = capsys.readouterr()
    assert out.splitlines()[:2] == [f"fine: met.yaml: {IN_SHORT}", BALANCE]
    assert err == (
        'odd.yaml:12: sed: unknown key, did you mean seed?\nplan.yaml:2: end: "soon" is not a date such as 2024-09-02\n'
    )


def test_validate_warns_of_what_is_hardly_meant(write, capsys):
    assert main(["validate", write("met.yaml", SMALL), "--set", "teams.0.officers=0"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("fine: met.yaml: 5 officers; ")
    assert err == (
        "warning: met.yaml: teams.0 (North) has 500 offenders and no officers; nobody there will ever be visited\n"
    )


def test_settings_are_reported_as_settings(write, capsys):
    assert main(["validate", write("met.yaml", SMALL), "--set", "officers.totl=3", "--set", "seed=1"]) == 2
    assert capsys.readouterr().err == (
        "--set officers.totl=3: officers.totl: unknown key, did you mean officers.total?\n"
    )


def test_explain(write, capsys):
    assert main(["explain", write("met.yaml", SMALL), "visits.crew", "--set", "visits.crew=1"]) == 0
    assert capsys.readouterr().out.startswith("visits.crew: 1\n  set by    --set visits.crew=1\n")
    assert main(["explain", "met.yaml", "visits.crw"]) == 2
    assert capsys.readouterr() == ("", "visits.crw: unknown key, did you mean visits.crew?\n")


def test_schema_is_printed_or_written(write, capsys):
    assert main(["schema"]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["title"] == "Scenario"
    write("keep", "")
    assert main(["schema", "--out", "scenario.schema.json", "--reference", "scenario.md"]) == 0
    assert capsys.readouterr() == ("", "")
    assert Path("scenario.schema.json").read_text(encoding="utf-8") == printed
    assert Path("scenario.md").read_text(encoding="utf-8").startswith("# The scenario file\n")
    assert sorted(file.name for file in Path().iterdir()) == ["keep", "scenario.md", "scenario.schema.json"]


def test_new_writes_a_scenario_that_is_fine(write, capsys):
    write("keep", "")
    assert main(["new", "mine.yaml", "--teams", "2"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "Wrote mine.yaml: 2 teams, 20 officers, 1,000 offenders."
    assert "  line  29: the teams, with the officers in post and the offenders of each" in shown
    assert Path("mine.yaml").read_text(encoding="utf-8").splitlines()[28] == "teams:"
    assert shown[-1] == "Next: python -m sim validate mine.yaml"
    assert main(["validate", "mine.yaml"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("fine: mine.yaml: 20 officers; 1,000 offenders; 2 teams; ")
    assert shown.endswith("\nNext: python -m sim run mine.yaml\n")


def test_the_next_command_can_be_typed_where_a_name_has_a_space(write, capsys):
    write("keep", "")
    assert main(["new", "my force.yaml"]) == 0
    assert capsys.readouterr().out.endswith('\nNext: python -m sim validate "my force.yaml"\n')


def test_new_names_the_schema_from_where_the_scenario_lies(write):
    write("forces/keep", "")
    assert main(["new", "forces/mine.yaml"]) == 0
    first = Path("forces/mine.yaml").read_text(encoding="utf-8").splitlines()[0]
    schema = Path("forces", first.removeprefix("# yaml-language-server: $schema="))
    assert schema.resolve() == Path(__file__).parents[2] / "docs" / "scenario.schema.json"


def test_new_of_a_size(write, capsys):
    assert main(["new", "mine.yaml", "--teams", "4", "--officers", "28", "--offenders", "1450"]) == 0
    assert capsys.readouterr().out.startswith("Wrote mine.yaml: 4 teams, 28 officers, 1,450 offenders.\n")


def test_new_leaves_an_existing_file_alone(write, capsys):
    assert main(["new", write("met.yaml", "my own\n")]) == 2
    assert capsys.readouterr().err == "met.yaml is there already and is left as it is; choose another name.\n"
    assert Path("met.yaml").read_text(encoding="utf-8") == "my own\n"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            ["new", "nowhere/met.yaml"],
            "nowhere/met.yaml cannot be written: no such file or directory; choose another place.\n",
        ),
        (["schema", "--out", "folder"], "folder is a folder; name a file in it.\n"),
        (["schema", "--reference", "."], ". is a folder; name a file in it.\n"),
    ],
)
def test_what_cannot_be_written_leaves_nothing_behind(write, capsys, command, message):
    write("folder/file", "")
    assert main(command) == 2
    assert capsys.readouterr() == ("", message)
    assert [file.name for file in Path().rglob("*")] == ["folder", "file"]


def test_writing_broken_off_leaves_the_old_file_and_nothing_else(write, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    write("scenario.md", "old")
    monkeypatch.setattr("os.replace", full)
    assert main(["schema", "--reference", "scenario.md"]) == 2
    assert capsys.readouterr().err == (
        "scenario.md cannot be written: no space left on device; choose another place.\n"
    )
    assert [file.name for file in Path().iterdir()] == ["scenario.md"]
    assert Path("scenario.md").read_text(encoding="utf-8") == "old"
