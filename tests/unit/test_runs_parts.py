"""A run in parts: shards, a single replication, and summing up what is there."""

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main
from sim.report.text.parts import replications_words
from sim.runs.errors import FolderError, OptionError
from sim.runs.parts import Only, PartResult, Shard, part_of
from sim.runs.reopen import merge, open_run
from sim.runs.result import RunResult
from sim.runs.run import run_part_of, run_scenario
from tests.support.fake_model import SCENARIO, FakeModel, use


@pytest.fixture(autouse=True)
def _smalltown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    Path("town.yaml").write_text(SCENARIO)


def run(out: str, **options: object) -> RunResult:
    return run_scenario("town.yaml", **{"workers": 1, "replications": 7, "out": out, **options})  # type: ignore[arg-type]


def part(out: str, wanted: Shard | Only, **options: object) -> PartResult:
    return run_part_of("town.yaml", wanted, **{"workers": 1, "replications": 7, "out": out, **options})  # type: ignore[arg-type]


def files(folder: str) -> dict[str, bytes]:
    """All files of a run, the manifest without when and by which line it was made."""
    found = {file.relative_to(folder).as_posix(): file.read_bytes() for file in Path(folder).rglob("*.*")}
    manifest = json.loads(found["manifest.json"])
    return {**found, "manifest.json": json.dumps({**manifest, "created": "", "command": "", "sha256": ""}).encode()}


def test_shards_share_a_run_out_without_a_rest() -> None:
    shares = [Shard(number, 3).numbers(range(1, 8)) for number in (1, 2, 3)]
    assert shares == [[1, 4, 7], [2, 5], [3, 6]]


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "a/b", "1/0", "1/2/3", "-1/2"])
def test_a_shard_that_cannot_be_is_reported(text: str) -> None:
    with pytest.raises(OptionError) as refused:
        part_of(text, None)
    assert str(refused.value) == (
        f"--shard {text}: write NUMBER/OF with a number from 1 to OF, such as 2/8 for the second of eight."
    )


def test_the_last_shard_sums_up_and_gives_what_one_run_gives() -> None:
    first = part("shared", Shard(2, 2))
    assert (first.done, first.missing, first.whole) == ((2, 4, 6), (1, 3, 5, 7), None)
    assert not Path("shared/summary.csv").exists()
    last = part("shared", Shard(1, 2))
    assert last.missing == ()
    assert last.whole
    pd.testing.assert_frame_equal(last.whole.summary, open_run("shared").summary)
    run("alone")
    assert files("shared") == files("alone")


def test_one_replication_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    use(FakeModel(fails=(2,)), monkeypatch)
    run("kept")
    again = part("kept", Only(2))
    assert [failure.error for failure in again.failures] == ["ArithmeticError: failed in 2"]
    assert again.missing == (2,)

    use(FakeModel(), monkeypatch)
    again_whole = part("kept", Only(2))
    assert again_whole.whole
    assert again_whole.whole.replications == 7
    run("alone")
    assert files("kept") == files("alone")


def test_a_replication_that_the_run_does_not_have_is_reported() -> None:
    with pytest.raises(OptionError) as refused:
        part("kept", Only(8))
    assert str(refused.value) == (
        "--only 8: there is no such replication; this run has 1 to 7, and --replications asks for more."
    )
    assert not Path("kept").exists()


def test_what_is_there_can_be_summed_up_before_all_is() -> None:
    part("shared", Shard(1, 2))
    merged = merge(["shared"])
    assert merged.missing == (2, 4, 6)
    assert merged.result.numbers == (1, 3, 5, 7)
    assert open_run("shared").numbers == (1, 3, 5, 7)
    part("shared", Shard(2, 2))
    assert open_run("shared").replications == 7


def test_an_extension_that_was_stopped_is_known_to_be_incomplete() -> None:
    run("kept", replications=3)
    part("kept", Shard(1, 2))  # replications 1, 3, 5 and 7
    assert open_run("kept").numbers == (1, 2, 3)
    merged = merge(["kept"])
    assert merged.missing == (4, 6)
    assert merged.result.replications == 5


def test_folders_of_machines_that_share_none_are_brought_together() -> None:
    for number in (1, 2, 3):
        part(f"machine{number}", Shard(number, 3), events=True)
    before = files("machine2")
    assert merge(["machine1", "machine2", "machine3"], out="whole").missing == ()
    run("alone", events=True)
    assert files("whole") == files("alone")
    assert files("machine2") == before


def test_a_folder_may_take_in_another() -> None:
    for number in (1, 2):
        part(f"machine{number}", Shard(number, 2))
    assert merge(["machine1", "machine2"], out="machine1").missing == ()
    run("alone")
    assert files("machine1") == files("alone")


def test_a_damaged_replication_is_not_taken_over() -> None:
    for number in (1, 2):
        part(f"machine{number}", Shard(number, 2))
    Path("machine2/replications/0004.parquet").write_bytes(b"PAR1 nonsense PAR1")
    assert merge(["machine1", "machine2"], out="whole").missing == (4,)


def test_folders_of_different_runs_are_not_mixed() -> None:
    run("one")
    run("other", seed=8)
    with pytest.raises(FolderError) as refused:
        merge(["one", "other"], out="whole")
    assert str(refused.value) == (
        "other: this folder holds a run of seed 8, not 7; only folders of one run can be merged, and one says which. "
        "Nothing was written."
    )
    assert not Path("whole").exists()


def test_where_to_put_the_whole_must_be_said() -> None:
    run("one")
    with pytest.raises(FolderError, match=r"nowhere to put the whole: name a new folder with --out\.$"):
        merge(["one", "one"])
    with pytest.raises(FolderError, match="no run is saved here"):
        merge(["nothing"])


def test_words_for_many_replications() -> None:
    assert replications_words([7]) == "replication 7"
    assert replications_words([1, 2, 3, 5]) == "replications 1 to 3 and 5"
    assert replications_words(range(2, 1003, 2)) == "501 replications (2, 4, 6 … 1,002)"


def typed(*line: str) -> int:
    return main([*line, "--no-figures"])


def test_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    line = ("run", "town.yaml", "--workers", "1", "--replications", "7", "--out", "shared")
    assert typed(*line, "--shard", "1/2") == 0
    assert capsys.readouterr().out == (
        "Done: replications 1, 3, 5 and 7. Still missing of the run's 7: replications 2, 4 and 6. The part"
        " that finishes last sums the run up; to sum up what is there: python -m sim merge shared\n"
    )
    assert typed(*line, "--shard", "1/2", "--json") == 0
    assert json.loads(capsys.readouterr().out)["missing"] == [2, 4, 6]
    assert typed("merge", "shared") == 3
    out, err = capsys.readouterr()
    assert "95% confidence interval of the mean over 4 replications" in " ".join(out.split())
    assert err == (
        "Missing of the run's 7: replications 2, 4 and 6; simulate the rest and summarise the whole with: "
        "python -m sim run town.yaml --replications 7 --out shared\n"
    )
    assert typed("merge", "shared", "--json") == 3
    assert json.loads(capsys.readouterr().out)["missing"] == [2, 4, 6]
    assert typed("merge", "shared", "--out", "whole") == 3
    command = capsys.readouterr().err.partition("whole with: python -m sim ")[2]
    assert command == "run town.yaml --replications 7 --out whole\n"
    assert typed(*command.split(), "--workers", "1") == 0
    assert "95% confidence interval of the mean over 7 replications" in " ".join(capsys.readouterr().out.split())
    assert typed(*line, "--shard", "2/2") == 0
    assert "95% confidence interval of the mean over 7 replications" in " ".join(capsys.readouterr().out.split())
    assert typed("merge", "shared") == 0


def test_a_part_without_work_says_so_and_nothing_failed(capsys: pytest.CaptureFixture[str]) -> None:
    line = ("run", "town.yaml", "--workers", "1", "--replications", "4", "--out", "shared")
    assert typed(*line, "--shard", "5/8") == 0
    assert capsys.readouterr() == (
        "There is nothing to do in part 5 of 8: the run has fewer replications (4) than parts. Parts 5 to 8 have none, "
        "and nothing failed. Still missing of the run's 4: replications 1 to 4. The part that finishes last sums the "
        "run up; to sum up what is there: python -m sim merge shared\n",
        "",
    )
    assert typed(*line, "--shard", "5/5") == 0
    assert "Part 5 has none, and nothing failed." in capsys.readouterr().out
    for number in (1, 2, 3, 4):
        assert typed(*line, "--shard", f"{number}/8") == 0
    capsys.readouterr()
    # Once the others have finished there is a result, as after any part.
    assert typed(*line, "--shard", "8/8") == 0
    assert "95% confidence interval of the mean over 4 replications" in " ".join(capsys.readouterr().out.split())


def test_a_failing_replication_alone_shows_where_with_debug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(FakeModel(fails=(2,)), monkeypatch)
    assert typed("--debug", "run", "town.yaml", "--only", "2", "--out", "kept") == 1
    out, err = capsys.readouterr()
    assert out.startswith("Nothing of this part could be finished. Still missing of the run's 3: replications 1 to 3.")
    assert "Replication 2 (seed 7) failed: ArithmeticError: failed in 2\n" in err
    assert "fake_model.py" in err


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--only", "2", "--shard", "1/2"], "--shard and --only do not go together: leave one out.\n"),
        (
            ["--only", "2", "--until", "overdue_visits ±2"],
            "--only and --until do not go together: --until looks at all",
        ),
        (["--shard", "1/2", "--max-replications", "9"], "--shard and --max-replications do not go together: "),
        (["--shard", "3/2"], "--shard 3/2: write NUMBER/OF"),
        (["--until", "overdue_visits"], "--until overdue_visits: write METRIC ±BOUND"),
        (["--cluster", "localhost"], "--cluster localhost: write the address of a Dask scheduler"),
    ],
)
def test_what_cannot_be_is_the_users(options: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("run", "town.yaml", "--out", "kept", *options) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(why)
    assert not Path("kept").exists()


def test_a_precision_that_was_not_reached_has_its_own_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    line = ("run", "town.yaml", "--workers", "1", "--out", "kept", "--until", "overdue_visits ±0.1")
    assert typed(*line, "--max-replications", "25") == 3
    out, err = capsys.readouterr()
    assert "not as precise as asked (± 0.1), after all 25 replications; about " in out.splitlines()[-2]
    assert "Going on to 25." in err
    assert typed("run", "town.yaml", "--workers", "1", "--out", "kept", "--until", "overdue_visits ±5") == 0
    assert capsys.readouterr().out.splitlines()[-2].endswith("as precise as asked (± 5), after 22 replications.")


@pytest.mark.parametrize("part", [("--shard", "2/2"), ("--only", "2")])
def test_a_part_that_starts_anew_would_remove_what_the_others_have_made(
    part: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("run", "town.yaml", "--workers", "1", "--out", "kept", "--shard", "1/2") == 0
    before = files("kept")
    capsys.readouterr()
    assert typed("run", "town.yaml", "--workers", "1", "--out", "kept", *part, "--fresh") == 2
    assert capsys.readouterr().err.strip() == (
        f"{part[0]} and --fresh do not go together: --fresh would remove what other parts have made; leave it out, or "
        "choose a new folder with --out."
    )
    assert files("kept") == before
