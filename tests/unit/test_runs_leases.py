"""Two processes in one folder: each replication is in one hand, and the dead hold nothing."""

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.runs import leases as leases
from sim.runs.batch import simulate_missing
from sim.runs.errors import FolderError, Outcome
from sim.runs.leases import DEAD_AFTER_SECONDS, Leases, new_owner
from sim.runs.prepare import prepare
from sim.runs.run import run_scenario
from sim.runs.run_plan import ProgressListener, RunPlan
from tests.support.fake_model import SCENARIO, FakeModel, use

OURS, THEIRS = new_owner(), new_owner()
ELSEWHERE = "0123456789ab-1-89abcdef"
"""The owner of a process of another machine."""


def owner_of(process: int) -> str:
    """An owner as a process of this machine makes it."""
    return f"{new_owner().split('-')[0]}-{process}-89abcdef"


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Leases]:
    with Leases(tmp_path, OURS).at_work() as leases:
        yield leases


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Leases]:
    with Leases(tmp_path, THEIRS).at_work() as leases:
        yield leases


def heartbeat(tmp_path: Path, owner: str) -> Path:
    return tmp_path / ".at-work" / f"{owner}.heartbeat"


def killed_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_replication_is_in_one_hand_until_it_is_given_back(ours: Leases, theirs: Leases) -> None:
    assert ours.take(1)
    assert not theirs.take(1)
    assert theirs.take(2)
    ours.release(1)
    assert theirs.take(1)


def test_a_process_that_leaves_leaves_nothing(tmp_path: Path) -> None:
    with Leases(tmp_path, OURS).at_work() as ours:
        assert ours.take(1)
    assert os.listdir(tmp_path) == []


def test_one_leaves_and_the_other_stays(tmp_path: Path, ours: Leases) -> None:
    with Leases(tmp_path, THEIRS).at_work() as theirs:
        assert theirs.take(1)
        assert ours.others() == [THEIRS]
    assert ours.others() == []
    assert ours.take(1)


@pytest.mark.skipif(sys.platform == "win32", reason="only the heartbeat counts there")
def test_what_a_killed_process_of_this_machine_held_is_free_at_once(tmp_path: Path, ours: Leases) -> None:
    dead = Leases(tmp_path, owner_of(killed_process()))
    with dead.at_work():
        assert dead.take(1)
        assert ours.take(1)


@pytest.mark.parametrize(("seconds", "free"), [(DEAD_AFTER_SECONDS - 20, False), (DEAD_AFTER_SECONDS + 20, True)])
def test_of_another_machine_the_heartbeat_says(tmp_path: Path, ours: Leases, seconds: float, free: bool) -> None:
    elsewhere = Leases(tmp_path, ELSEWHERE)
    with elsewhere.at_work():
        assert elsewhere.take(1)
        shown = heartbeat(tmp_path, ELSEWHERE).stat().st_mtime - seconds
        os.utime(heartbeat(tmp_path, ELSEWHERE), (shown, shown))
        assert ours.take(1) is free


def test_a_process_with_the_number_of_this_one_is_dead(tmp_path: Path, ours: Leases) -> None:
    """As after a container was started again, where processes are counted from 1."""
    with Leases(tmp_path, owner_of(os.getpid())).at_work() as before:
        assert before.take(1)
        assert ours.take(1)


@pytest.mark.parametrize("invalid", [b"\xff\xfe", b"../../etc", b"\0", b"x" * 40])
def test_a_damaged_lease_is_nobodys(tmp_path: Path, ours: Leases, invalid: bytes) -> None:
    (tmp_path / ".at-work" / "0001.lease").write_bytes(invalid)
    assert ours.take(1)


def test_blocks_of_work_lie_within_each_other(tmp_path: Path, ours: Leases) -> None:
    with ours.at_work(), ours.summing_up():
        assert not Leases(tmp_path, THEIRS).take(leases.SUMMING_UP)
    assert heartbeat(tmp_path, OURS).exists()
    assert Leases(tmp_path, THEIRS).take(leases.SUMMING_UP)


def test_a_process_at_work_shows_its_heartbeat_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "HEARTBEAT_SECONDS", 0.01)
    seen = threading.Event()
    monkeypatch.setattr(Leases, "_show_heartbeat", lambda self: seen.set() if seen_once.is_set() else seen_once.set())
    seen_once = threading.Event()
    with Leases(tmp_path, OURS).at_work():
        assert seen.wait(30)


def test_only_what_the_dead_left_is_cleared(tmp_path: Path, theirs: Leases) -> None:
    dead, gone = (
        owner_of(killed_process()),
        owner_of(killed_process()),
    )  # the latter was killed while it showed no heartbeat
    for owner in (dead, gone, THEIRS, ELSEWHERE):
        (tmp_path / f".summary.csv.{owner}.part").write_text("half")
    (tmp_path / ".mine.part").write_text("no temporary file of this program")
    heartbeat(tmp_path, dead).write_text("")
    (tmp_path / ".at-work" / "0001.lease").write_text(dead)
    assert theirs.take(2)
    Leases(tmp_path, OURS).clear_dead()
    left = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()}
    parts = {f".summary.csv.{THEIRS}.part", f".summary.csv.{ELSEWHERE}.part", ".mine.part"}
    assert left == parts | {f".at-work/{THEIRS}.heartbeat", ".at-work/0002.lease"}


@pytest.mark.parametrize("transition", ["coming", "taking"])
def test_a_full_disk_is_reported_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transition: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def work() -> None:
        with Leases(tmp_path, OURS).at_work() as ours:
            monkeypatch.setattr(Path, "open", full)
            ours.take(1)

    if transition == "coming":
        monkeypatch.setattr(Path, "touch", full)
    with pytest.raises(FolderError, match=r"cannot be written, the disk is full; free some space"):
        work()
    monkeypatch.undo()
    assert os.listdir(tmp_path) == []


class Printed(ProgressListener):
    """Remembers what ended, and says so."""

    def __init__(self) -> None:
        self.ended_so_far: list[int] = []
        self.two_are_done = threading.Event()

    def on_replication(self, run: RunPlan, outcome: Outcome) -> None:
        self.ended_so_far.append(outcome.replication)
        if len(self.ended_so_far) == 2:
            self.two_are_done.set()


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    Path("town.yaml").write_text(SCENARIO)
    return tmp_path / "run"


def test_what_another_process_does_is_waited_for_and_not_done_again(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_scenario("town.yaml", workers=1, out="elsewhere")
    use(FakeModel(fails=(2,)), monkeypatch)  # it would be reported if replication 2 were simulated here
    here, reported = prepare("town.yaml", out="run").reserve(), Printed()
    failures: list[Outcome] = []
    with Leases(town, THEIRS).at_work() as theirs:
        assert theirs.take(2)
        run = threading.Thread(
            target=lambda: failures.extend(simulate_missing([(here, [1, 2, 3])], workers=1, listener=reported)[here])
        )
        run.start()
        assert reported.two_are_done.wait(60)
        assert reported.ended_so_far == [1, 3]
        (town / "replications" / "0002.parquet").write_bytes(Path("elsewhere/replications/0002.parquet").read_bytes())
        theirs.release(2)
        run.join(60)
    assert reported.ended_so_far == [1, 3, 2]
    assert failures == []


def test_what_another_process_gives_up_is_done_here(town: Path) -> None:
    here, reported = prepare("town.yaml", out="run").reserve(), Printed()
    with Leases(town, THEIRS).at_work() as theirs:
        assert theirs.take(2)
        run = threading.Thread(target=lambda: simulate_missing([(here, [1, 2, 3])], workers=1, listener=reported))
        run.start()
        assert reported.two_are_done.wait(60)
        theirs.release(2)
        run.join(60)
    assert here.missing([1, 2, 3]) == ()


def test_fresh_does_not_replace_a_run_that_is_being_made(town: Path) -> None:
    run_scenario("town.yaml", workers=1, out="run")
    before = sorted(os.listdir(town))
    with (
        Leases(town, THEIRS).at_work(),
        pytest.raises(FolderError, match=r"^run: another process is at work in this folder, .* nothing was written\."),
    ):
        run_scenario("town.yaml", workers=1, out="run", seed=8, fresh=True)
    assert sorted(os.listdir(town)) == before
    assert run_scenario("town.yaml", workers=1, out="run", seed=8, fresh=True).scenario.seed == 8
