"""Checksums: whatever is damaged is found, said once, and made again; what is whole is left alone."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.cli import main
from sim.runs import disk
from sim.runs.errors import FolderError
from sim.runs.folder import RunFolder
from sim.runs.reopen import merge, open_run
from sim.runs.run import run_scenario
from sim.studies.answer import AnswerFolder
from tests.support.fake_model import SCENARIO, FakeModel, use
from tests.support.repairs import follow, opens_at_last

TABLE = pd.DataFrame({"metric": ["overdue_visits", "overdue_reviews"] * 40, "value": range(80)})


def flips(content: bytes, number: int) -> Iterator[bytes]:
    """The content with a bit flipped, at so many places, the first and the last byte among them."""
    random_numbers = random.Random(7)
    places = [0, len(content) - 1, *(random_numbers.randrange(len(content)) for _ in range(number - 2))]
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 1 << random_numbers.randrange(8)
        yield bytes(damaged)


def test_every_flipped_bit_of_a_table_is_found(tmp_path: Path) -> None:
    """Also in the footer, where a flipped bit renames a column and the table can still be read."""
    RunFolder(tmp_path).write_table("summary.parquet", TABLE, b"key")
    whole = (tmp_path / "summary.parquet").read_bytes()
    assert disk.is_whole(whole)
    assert pq.read_table(io.BytesIO(whole)).to_pandas().equals(TABLE)
    footer = whole.rindex(b"overdue_visits") if whole.count(b"overdue_visits") else whole.rindex(b"metric")
    renamed = whole[:footer] + b"M" + whole[footer + 1 :]
    for damaged in (renamed, whole[:-1], b"", whole + b"\n", *flips(whole, 2_000)):
        assert not disk.is_whole(damaged)


def test_every_flipped_bit_of_a_manifest_is_found_but_in_the_time(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.write_manifest({"seed": 7, "created": "2026-01-02T03:04:05+00:00", "finished": 3, "failed": [], "name": "ö"})
    file = tmp_path / "manifest.json"
    whole = file.read_bytes()
    said = folder.manifest()
    for damaged in flips(whole, 2_000):
        file.write_bytes(damaged)
        found = folder.manifest()
        if folder.damaged() == []:
            assert found is not None
            assert {**found, "created": ""} == {**(said or {}), "created": ""}


def test_a_file_has_its_checksum_as_other_programs_write_it(tmp_path: Path) -> None:
    RunFolder(tmp_path).write("figures/backlog.svg", b"<svg/>")
    written = (tmp_path / "checksums" / "figures" / "backlog.svg").read_text()
    assert written == f"{hashlib.sha256(b'<svg/>').hexdigest()}  figures/backlog.svg\n"


def test_a_file_that_was_written_when_the_program_was_killed_is_whole(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.write("report.html", b"page")
    (tmp_path / "checksums" / "report.html").unlink()
    assert folder.read("report.html") == b"page"
    assert folder.damaged() == []


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    Path("town.yaml").write_text(SCENARIO)
    return tmp_path / "run"


def run() -> None:
    run_scenario("town.yaml", workers=1, out="run", events=True)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)


NAMES = (
    *("replications/0002.parquet", "events/0003.parquet", "summary.parquet", "weekly.parquet", "summary.csv"),
    *("scenario.yaml", "checksums/summary.csv"),
)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_damaged_is_made_again_and_said_once(town: Path, caplog: pytest.LogCaptureFixture, name: str) -> None:
    run()
    before = contents(town)
    damage(town / name)
    assert contents(town) != before
    run()
    assert contents(town) == before
    run()
    said = name.removeprefix("checksums/")
    assert caplog.messages == [f"1 file of run was damaged and is made again: {said}"]


def test_many_damaged_files_are_one_line(town: Path, caplog: pytest.LogCaptureFixture) -> None:
    run()
    for name in NAMES[:3]:
        damage(town / name)
    run()
    assert caplog.messages == [f"3 files of run were damaged and are made again: {', '.join(sorted(NAMES[:3]))}"]


def test_a_missing_scenario_is_written_again(town: Path) -> None:
    run()
    before = contents(town)
    (town / "scenario.yaml").unlink()
    run()
    assert contents(town) == before


def test_a_damaged_manifest_is_made_again_where_the_tables_say_which_run_it_is(town: Path) -> None:
    run()
    before = json.loads((town / "manifest.json").read_text())
    (town / "manifest.json").write_bytes(b"\xff")
    run()
    after = json.loads((town / "manifest.json").read_text())
    assert {**after, "created": ""} == {**before, "created": ""}


def test_a_damaged_manifest_that_nothing_else_speaks_for_is_refused(town: Path) -> None:
    run()
    damage(town / "manifest.json")
    with pytest.raises(FolderError, match=r"^run/manifest.json: missing or damaged; its command is not known any more"):
        open_run("run")
    with pytest.raises(FolderError, match=r"does not say which run this is; nothing was written\. Replace .* --fresh"):
        run_scenario("town.yaml", workers=1, out="run", seed=8)
    assert run_scenario("town.yaml", workers=1, out="run", seed=8, fresh=True).scenario.seed == 8


def test_where_the_command_went_with_the_manifest_one_with_the_saved_scenario_is_named(town: Path) -> None:
    run()
    before = contents(town)
    for gone, scenario in (("manifest.json", "run/scenario.yaml"), ("scenario.yaml", "SCENARIO")):
        (town / gone).unlink()
        with pytest.raises(FolderError) as refused:
            open_run("run")
        assert str(refused.value) == (
            "run/manifest.json: missing or damaged; its command is not known any more; make it again with: "
            f"python -m sim run {scenario} --out run"
        )
    (town / "scenario.yaml").write_bytes(before["scenario.yaml"])
    run_scenario("run/scenario.yaml", workers=1, out="run")
    assert open_run("run").replications == 3


def test_of_a_copied_or_renamed_folder_the_command_names_the_copy(town: Path) -> None:
    run()
    shutil.copytree(town, "moved")
    Path("moved/summary.parquet").unlink()
    with pytest.raises(FolderError, match=r"make it again with: python -m sim run town.yaml --events --out moved$"):
        open_run("moved")
    # A folder that was not chosen is called after its run; a copy of it is not.
    named = run_scenario("town.yaml", workers=1).folder
    copy = shutil.copytree(named, "results/copy")
    for folder, out in ((named, ""), (copy, " --out results/copy")):
        (Path(folder) / "weekly.parquet").unlink()
        with pytest.raises(FolderError, match=rf"make it again with: python -m sim run town.yaml{out}$"):
            open_run(folder)


@pytest.mark.parametrize("name", ["replications/0002.parquet", "weekly.parquet", "summary.parquet", "summary.csv"])
def test_a_run_that_is_only_read_is_made_whole_again(town: Path, caplog: pytest.LogCaptureFixture, name: str) -> None:
    run()
    before = contents(town)
    damage(town / name)
    open_run("run").values()
    assert contents(town) == before
    assert caplog.messages == [f"1 file of run was damaged and is made again: {name}"]


def test_a_run_that_is_only_read_loses_what_a_killed_report_left(town: Path) -> None:
    run()
    before = contents(town)
    (town / ".report.html.0123456789ab-0123abcd.part").write_text("half")
    (town / ".report.html.01234567.part").write_text("half")
    open_run("run")
    assert contents(town) == before


def test_where_only_the_folder_is_at_hand_its_scenario_cannot_be_made_again(town: Path) -> None:
    run()
    damage(town / "scenario.yaml")
    line = "python -m sim run town.yaml --events --out run"
    with pytest.raises(FolderError, match=rf"^run/scenario.yaml: missing or damaged; make it again with: {line}$"):
        open_run("run")


def test_what_is_damaged_is_left_out_of_a_merge(town: Path, caplog: pytest.LogCaptureFixture) -> None:
    run()
    damage(town / "replications" / "0002.parquet")
    assert merge(["run"]).missing == (2,)
    assert caplog.messages == ["1 file of run was damaged and is left out: replications/0002.parquet"]


def answer(kind: str = "sweep") -> AnswerFolder:
    folder = AnswerFolder(Path("answer"), kind)
    folder.reserve()
    folder.begin(["python", "-m", "sim", kind], {"runs": []})
    folder.finish({"sweep": TABLE})
    folder.write("figures/sweep.svg", b"<svg/>")
    return folder


@pytest.mark.parametrize("name", ["answer.json", "sweep.csv", "sweep.parquet", "figures/sweep.svg"])
def test_an_answer_is_made_again(town: Path, caplog: pytest.LogCaptureFixture, name: str) -> None:
    answer()
    before = contents(Path("answer"))
    damage(Path("answer", name))
    answer()
    assert contents(Path("answer")) == before
    assert caplog.messages == [f"1 file of answer was damaged and is made again: {name}"]


def test_an_answer_of_another_kind_is_refused_also_where_it_is_damaged(town: Path) -> None:
    answer()
    damage(Path("answer", "answer.json"))
    with pytest.raises(FolderError, match="this folder holds something else than a staffing"):
        answer("staffing")


def test_the_words_reach_stderr_without_being_set_up(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`logging` prints a warning that nobody has asked for as it is, without a name or a level."""
    handler = logging.lastResort
    assert handler is not None
    handler.handle(logging.LogRecord("sim", logging.WARNING, "", 0, "2 files were damaged", None, None))
    assert capsys.readouterr().err == "2 files were damaged\n"


RUN = ["run", "town.yaml", "--events", "--workers", "1", "--out", "run", "--no-figures"]
MANIFEST_KEYS = ("program", "scenario", "scenario_hash", "code_version", "seed", "created", "command", "replications")
MANIFEST_KEYS += ("finished", "failed", "versions", "platform", "sha256")
READ_FOR_A_REPORT = ("manifest.json", "scenario.yaml", "summary.parquet", "weekly.parquet", "replications/0001.parquet")


@pytest.mark.slow
@pytest.mark.parametrize("name", READ_FOR_A_REPORT)
@pytest.mark.parametrize("how", ["removed", "damaged", "a folder"])
def test_the_repair_of_a_run_works_as_it_is_printed(town: Path, name: str, how: str) -> None:
    assert main(RUN) == 0
    if how == "damaged":
        damage(town / name)
    else:
        (town / name).unlink()
    if how == "a folder":
        (town / name).mkdir()
    opens_at_last(lambda: open_run("run").values(), RUN)


@pytest.mark.parametrize("name", ["checksums/summary.csv", "summary.csv", "events/0001.parquet"])
def test_a_folder_in_the_way_of_a_file_is_named_and_can_be_moved(
    town: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(RUN) == 0
    (town / name).unlink()
    (town / name).mkdir()
    capsys.readouterr()
    assert main(RUN) == 2
    said = capsys.readouterr().err.strip().splitlines()[-1]
    repair = "move it, or choose another folder with --out."
    assert said == f"run/{name}: cannot be written, a folder is in the way of a file; {repair}"
    follow(said, RUN)
    assert main(RUN) == 0


@pytest.mark.slow
@pytest.mark.parametrize("key", MANIFEST_KEYS)
def test_a_manifest_without_one_of_its_keys_is_made_again_as_it_is_said(town: Path, key: str) -> None:
    assert main(RUN) == 0
    manifest = json.loads((town / "manifest.json").read_text())
    assert set(manifest) == set(MANIFEST_KEYS)
    del manifest[key]
    (town / "manifest.json").write_text(json.dumps(manifest))
    opens_at_last(lambda: open_run("run").values(), RUN)
    opens_at_last(lambda: merge(["run"]), RUN)
