"""Who does which replication, where several processes or machines work in one folder.

    .at-work/<mark>.pulse    one for each process at work there, which touches it now and then
    .at-work/0007.claim      replication 7 is in hand; the file holds the mark of whose hand

Claims only save work. A file of a run is renamed into place when it is whole, and whoever made it, it is the same to
the byte; two who do the same replication after all waste time and harm nothing.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import platform
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

from sim.experiment.disk import sweep, writing

AT_WORK = ".at-work"
PULSE_SECONDS = 5.0
DEAD_AFTER_SECONDS = 60.0
"""Without a pulse for so long a process counts as dead; file servers may show another's touch half a minute late."""


class Claims:
    """What one process has in hand in a folder, and who else is at work there.

    `mark` is the process's own, which its temporary files carry too. Disk errors are raised as FolderError.
    """

    def __init__(self, folder: Path, mark: str) -> None:
        self.folder = folder
        self.mark = mark
        self._taken: set[Path] = set()
        self._pulse = self._pulse_of(mark)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Claims]:
        """Show a pulse as long as the block lasts, and leave no claim behind."""
        over = threading.Event()
        try:
            self._show_pulse()
            threading.Thread(target=self._keep_pulse, args=[over], daemon=True).start()
            yield self
        finally:
            over.set()
            self._leave()

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
        if not (self.folder / AT_WORK).is_dir():
            return
        with contextlib.suppress(OSError):  # a folder that is only read may keep it
            self._show_pulse()
            for mark in self._marks():
                if not self._is_alive(mark):
                    sweep(self.folder, mark)
                    self._remove(self._pulse_of(mark))
            for claim in (self.folder / AT_WORK).glob("*.claim"):
                if not self._is_held(claim):
                    self._remove(claim)
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
            mark = claim.read_text()
            return self._is_alive(mark) if mark else self._age_seconds(claim) < DEAD_AFTER_SECONDS
        except OSError:
            return False

    def _is_alive(self, mark: str) -> bool:
        pulse = self._pulse_of(mark)
        try:
            return _may_run(pulse.read_text()) and self._age_seconds(pulse) < DEAD_AFTER_SECONDS
        except FileNotFoundError:
            return False

    def _age_seconds(self, file: Path) -> float:
        """By the clock of the disk, as those of two machines may differ."""
        self._show_pulse()
        return self._pulse.stat().st_mtime - file.stat().st_mtime

    def _show_pulse(self) -> None:
        with writing(self.folder):
            while True:
                self._pulse.parent.mkdir(parents=True, exist_ok=True)
                try:
                    if self._pulse.exists():
                        os.utime(self._pulse)
                    else:
                        self._pulse.write_text(json.dumps({"machine": _machine(), "process": os.getpid()}))
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


def _may_run(pulse: str) -> bool:
    """Can the process that wrote this be alive? Of another machine only the age of its pulse can tell."""
    try:
        about = json.loads(pulse)
        machine, process = about["machine"], int(about["process"])
    except (ValueError, KeyError, TypeError):
        return True  # still being written
    if machine != _machine() or sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@functools.cache
def _machine() -> str:
    """Tells this machine from others without naming it."""
    return hashlib.sha256(f"{platform.node()} {uuid.getnode()}".encode()).hexdigest()[:12]
