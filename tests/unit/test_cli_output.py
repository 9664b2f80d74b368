"""Standard streams that are narrow, full, closed or missing: no sign turns into another meaning, no command fails."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import main
from sim.cli.output import Output, plain, print_json
from tests.support.fake_model import SCENARIO, FakeModel, use
from tests.support.scenarios import SMALL

REPOSITORY = Path(__file__).parents[2]
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A line as typed in a shell, with `sim` for the program."""
    return subprocess.run(
        ["sh", "-c", line.replace("sim ", f"'{sys.executable}' -m sim ", 1)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("−14 (−19 to −9); 9 → 11", "cp1252", "-14 (-19 to -9); 9 -> 11"),
        ("overdue_visits ±2, ≤ 5\u00a0%", "cp1252", "overdue_visits ±2, <= 5\u00a0%"),
        ("±2, ≤ 5\u00a0days\u202f– £1,200 (in £)", "ascii", "+-2, <= 5 days - GBP 1,200 (in GBP)"),
        ("“Caerdydd”, Ynys Môn, ŵ, ½ × 3 …", "ascii", "'Caerdydd', Ynys Mon, w, 1/2 x 3 ..."),
        ("−→±≤£–", "utf-8", "−→±≤£–"),
        ("Team 東, 😀", "cp1252", "Team \\u6771, \\ud83d\\ude00"),
        ("a name of another time \udce9", "utf-8", "a name of another time \\udce9"),
    ],
)
def test_a_sign_that_a_stream_cannot_hold_retains_its_meaning(text: str, encoding: str, shown: str) -> None:
    assert plain(text, encoding) == shown
    assert "?" not in plain(text, encoding).encode(encoding).decode(encoding)


def test_json_stays_the_same_document_on_every_stream(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    document = {"name": "“North” − 東 😀", "mean": 1.5}
    for encoding in ("ascii", "cp1252", "utf-8"):
        with (tmp_path / encoding).open("w", encoding=encoding) as file:
            monkeypatch.setattr(sys, "stdout", Output(file))
            print_json(json.dumps(document, ensure_ascii=False))
        assert json.loads((tmp_path / encoding).read_text(encoding)) == document


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&- <&-"])
def test_without_standard_streams_a_fine_scenario_is_fine(write, closed: str) -> None:
    done = shell(f"sim validate {write('met.yaml', SMALL)} {closed}")
    assert (done.returncode, done.stderr) == (0, b"")


@needs_full
def test_a_full_output_is_said_plainly_and_a_full_stderr_hinders_nothing(write) -> None:
    name = write("met.yaml", SMALL)
    done = shell(f"sim validate {name} > /dev/full")
    assert (done.returncode, done.stderr) == (2, b"standard output: no space left on device\n")
    done = shell(f"sim validate {name} 2> /dev/full")
    assert (done.returncode, done.stdout[:5]) == (0, b"fine:")
    assert shell(f"sim validate {name} > /dev/full 2> /dev/full").returncode == 2
    assert shell("sim --help > /dev/full").returncode == 2


@needs_full
def test_a_fault_of_the_command_counts_more_than_a_full_output(write) -> None:
    assert shell(f"sim validate {write('met.yaml', SMALL + 'sed: 1')} > /dev/full").returncode == 2
    assert shell("sim doctor extra > /dev/full").returncode == 2


@needs_full
def test_a_run_is_saved_although_nobody_can_be_informed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    Path("town.yaml").write_text(SCENARIO)
    line = ["run", "town.yaml", "--workers", "1", "--no-figures", "--out"]
    assert main([*line, "printed"]) == 0
    monkeypatch.setattr(sys, "stdout", FULL.open("w"))
    assert main([*line, "saved"]) == 2
    assert capsys.readouterr().err.endswith("standard output: no space left on device\n")
    summaries = [(tmp_path / folder / "summary.csv").read_bytes() for folder in ("printed", "saved")]
    assert summaries[0] == summaries[1]


def test_what_is_closed_is_never_the_number_of_another_file(write, tmp_path: Path) -> None:
    code = (
        "import os; from sim.cli import main; file = open('kept', 'w'); file.write('kept'); file.close(); "
        f"main(['validate', {write('met.yaml', SMALL)!r}]); file = open('after', 'w'); assert file.fileno() > 2"
    )
    done = shell(f"'{sys.executable}' -c \"{code}\" >&- 2>&- <&-", PYTHONPATH=str(REPOSITORY))
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_stream_that_fails_is_left_alone_afterwards() -> None:
    class Failing:
        encoding, calls = "utf-8", 0

        def write(self, text: str) -> int:
            self.calls += 1
            raise OSError(28, "No space left on device")

    stream = Failing()
    output = Output(stream)  # type: ignore[arg-type]
    assert [output.write("one\n"), output.write("two\n")] == [4, 4]
    assert (stream.calls, output.failed and output.failed.errno) == (1, 28)


def test_streams_come_back_as_they_were(write, capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdin, sys.stdout, sys.stderr
    assert main(["validate", write("met.yaml", SMALL)]) == 0
    assert (sys.stdin, sys.stdout, sys.stderr) == before
    assert capsys.readouterr().out.startswith("fine: met.yaml")
