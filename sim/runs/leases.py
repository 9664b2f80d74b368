"""Who does what, where several processes or machines work in one folder.

    .at-work/<mark>.pulse    one for each process at work there, which touches it now and then
    .at-work/0007.claim      replication 7 is in hand; the file holds the mark of whose hand
    .at-work/0000.claim      the run is being summed up

A mark names its process, so that what a killed one leaves behind is known for what it is. Claims on replications only
save work: a file of a run is renamed into place when it is whole, and whoever made it, it is the same to the byte.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import platform
import re
import secrets
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from sim.runs.disk import partial_files, writing

AT_WORK = ".at-work"
SUMMING_UP = 0
"""The claim on a run as a whole, as there is no replication 0."""
PULSE_SECONDS = 5.0
DEAD_AFTER_SECONDS = 60.0
"""Without a pulse for so long a process counts as dead; file servers may show another's touch half a minute late."""
EMPTY_SECONDS = 5.0
"""A claim without a mark is being written; for so long."""
STALE_SECONDS = 3600
"""A half-written file is left alone for so long, unless its process is known to be dead."""
LOOK_AGAIN_SECONDS = 0.2

_MARK = re.compile(r"([0-9a-f]{12})-(\d{1,10})-[0-9a-f]{8}")
_ours: set[str] = set()
"""The marks that this process has made."""


def new_owner() -> str:
    """A mark of this process, like no other: its machine, its number, and a random part."""
    mark = f"{_machine()}-{os.getpid()}-{secrets.token_hex(4)}"
    _ours.add(mark)
    return mark


class Leases:
    """What one process has in hand in a folder, and who else is at work there.

    `mark` is the process's own, which its temporary files carry too. Disk errors are raised as FolderError.
    """

    def __init__(self, folder: Path, mark: str) -> None:
        self.folder = folder
        self.mark = mark
        self._taken: set[Path] = set()
        self._pulse = self._pulse_of(mark)
        self._depth = 0

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Leases]:
        """Show a pulse as long as the block lasts, and leave no claim behind; blocks may lie within each other."""
        if self._depth:
            yield self
            return
        over = threading.Event()
        try:
            self._depth += 1
            self._show_pulse()
            threading.Thread(target=self._keep_pulse, args=[over], daemon=True).start()
            yield self
        finally:
            self._depth -= 1
            over.set()
            self._leave()

    @contextlib.contextmanager
    def summing_up(self) -> Iterator[None]:
        """Be the only one who sums the run up, or draws and writes what is made from that; wait for another to end."""
        with self.at_work():
            while not self.take(SUMMING_UP):
                time.sleep(LOOK_AGAIN_SECONDS)
            try:
                yield
            finally:
                self.release(SUMMING_UP)

    def take(self, replication: int) -> bool:
        """Take a replication in hand; False if somebody alive has it."""
        claim = self.folder / AT_WORK / f"{replication:04d}.claim"
        if self._create(claim):
            return True
        if self._is_held(claim):
            return False
        with contextlib.suppress(OSError):
            claim.unlink()
        return self._create(claim)

    def release(self, replication: int) -> None:
        """Give a replication back, whether it is done or not."""
        self._remove(self.folder / AT_WORK / f"{replication:04d}.claim")

    def others(self) -> list[str]:
        """The marks of other processes that are alive and at work in the folder."""
        was_at_work = self._pulse.exists()
        alive = [mark for mark in self._marks() if self._is_alive(mark)]
        if not was_at_work:
            self._leave()
        return alive

    def clear_dead(self) -> None:
        """Remove what killed processes have left in the folder: pulses, claims and half-written files."""
        with contextlib.suppress(OSError):
            for partial, mark in partial_files(self.folder):
                if mark != self.mark and not self._may_be_writing(mark, partial):
                    self._remove(partial)
        if not (self.folder / AT_WORK).is_dir():
            return
        was_at_work = self._pulse.exists()
        with contextlib.suppress(OSError):  # a folder that is only read may keep it
            self._show_pulse()
            for mark in self._marks():
                if not self._is_alive(mark):
                    self._remove(self._pulse_of(mark))
            for claim in (self.folder / AT_WORK).glob("*.claim"):
                if not self._is_held(claim):
                    self._remove(claim)
            if not was_at_work:
                self._leave()

    def _marks(self) -> list[str]:
        pulses = (self.folder / AT_WORK).glob("*.pulse")
        return sorted(pulse.stem for pulse in pulses if pulse.stem != self.mark)

    def _pulse_of(self, mark: str) -> Path:
        return self.folder / AT_WORK / f"{mark}.pulse"

    def _create(self, claim: Path) -> bool:
        with writing(self.folder):
            try:
                with claim.open("x") as file:
                    file.write(self.mark)
            except FileNotFoundError:  # somebody left, and took the folder of claims away
                self._show_pulse()
                return self._create(claim)
            except (FileExistsError, PermissionError):  # the latter under Windows, while it is being removed
                return False
        self._taken.add(claim)
        return True

    def _is_held(self, claim: Path) -> bool:
        try:
            mark = claim.read_bytes().decode("ascii", errors="replace")
            return self._is_alive(mark) if mark else self._age_seconds(claim) < EMPTY_SECONDS
        except OSError:
            return False

    def _is_alive(self, mark: str) -> bool:
        """Is a process of this mark alive and at work here? What is no mark, because it was damaged, is nobody's."""
        if not _may_run(mark):
            return False
        try:
            return self._age_seconds(self._pulse_of(mark)) < DEAD_AFTER_SECONDS
        except FileNotFoundError:
            return False

    def _may_be_writing(self, mark: str, partial: Path) -> bool:
        """Of this machine the process tells; of another one the age of the file, or a pulse."""
        if not _may_run(mark):
            return False
        try:
            return time.time() - partial.stat().st_mtime < STALE_SECONDS or self._is_alive(mark)
        except FileNotFoundError:
            return True

    def _age_seconds(self, file: Path) -> float:
        """By the clock of the disk, as those of two machines may differ."""
        modified = file.stat().st_mtime
        self._show_pulse()
        return self._pulse.stat().st_mtime - modified

    def _show_pulse(self) -> None:
        with writing(self.folder):
            while True:
                self._pulse.parent.mkdir(parents=True, exist_ok=True)
                try:
                    self._pulse.touch()  # empty, so that nothing in it can be damaged
                    return
                except FileNotFoundError:
                    continue  # somebody left, and took the folder of claims away

    def _keep_pulse(self, over: threading.Event) -> None:
        while not over.wait(PULSE_SECONDS):
            with contextlib.suppress(Exception):  # whoever writes to the folder will find out what is wrong with it
                self._show_pulse()

    def _remove(self, file: Path) -> None:
        self._taken.discard(file)
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)

    def _leave(self) -> None:
        for file in (*self._taken, self._pulse):
            self._remove(file)
        with contextlib.suppress(OSError):  # somebody else is still at work
            self._pulse.parent.rmdir()


def _may_run(mark: str) -> bool:
    """Can the process of this mark be alive? Of another machine only the age of its pulse can tell."""
    found = _MARK.fullmatch(mark)
    if found is None:
        return False
    machine, process = found[1], int(found[2])
    if machine != _machine() or sys.platform == "win32":
        return True
    if process == os.getpid():
        return mark in _ours
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


@functools.cache
def _machine() -> str:
    """Tells this machine from others without naming it; a container counts its processes by itself."""
    try:
        processes = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        processes = 0
    return hashlib.sha256(f"{platform.node()} {uuid.getnode()} {processes}".encode()).hexdigest()[:12]
