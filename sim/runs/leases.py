"""Which process does what, where several processes or machines work in one folder.

    .at-work/<owner>.heartbeat    one for each process at work there, touched every few seconds
    .at-work/0007.lease           replication 7 is being simulated; the file holds the owner
    .at-work/0000.lease           the run is being summed up

An owner names its process, so that what a killed one leaves behind is recognised. Leases on replications only save
work: a file of a run is renamed into place when it is whole, and is the same to the byte in every process.
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
"""The lease on a run as a whole, as there is no replication 0."""
HEARTBEAT_SECONDS = 5.0
DEAD_AFTER_SECONDS = 60.0
"""A process without a heartbeat for so long counts as dead; a file server may be half a minute late."""
EMPTY_SECONDS = 5.0
"""A lease without an owner is being written; for so long."""
STALE_SECONDS = 3600
"""A half-written file is left alone for so long, unless its process is known to be dead."""
LOOK_AGAIN_SECONDS = 0.2

_OWNER = re.compile(r"([0-9a-f]{12})-(\d{1,10})-[0-9a-f]{8}")
_ours: set[str] = set()
"""The owners that this process has made."""


def new_owner() -> str:
    """An owner of this process, like no other: its machine, its number, and a random part."""
    owner = f"{_machine()}-{os.getpid()}-{secrets.token_hex(4)}"
    _ours.add(owner)
    return owner


class Leases:
    """The leases of one process in a folder, and the other processes at work there.

    `owner` is the process's own, which its temporary files carry too. Disk errors are raised as FolderError.
    """

    def __init__(self, folder: Path, owner: str) -> None:
        self.folder = folder
        self.owner = owner
        self._taken: set[Path] = set()
        self._heartbeat = self._heartbeat_of(owner)
        self._depth = 0

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Leases]:
        """Show a heartbeat as long as the block lasts, and leave no lease behind; blocks may be nested."""
        if self._depth:
            yield self
            return
        over = threading.Event()
        try:
            self._depth += 1
            self._show_heartbeat()
            threading.Thread(target=self._beat, args=[over], daemon=True).start()
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
        """Lease a replication; False if a process that is alive has it."""
        lease = self.folder / AT_WORK / f"{replication:04d}.lease"
        if self._create(lease):
            return True
        if self._is_held(lease):
            return False
        self._remove(lease)
        return self._create(lease)

    def release(self, replication: int) -> None:
        """End the lease on a replication, whether it is done or not."""
        self._remove(self.folder / AT_WORK / f"{replication:04d}.lease")

    def others(self) -> list[str]:
        """The owners of other processes that are alive and at work in the folder."""
        with self._as_before():
            return [owner for owner in self._owners() if self._is_alive(owner)]

    def clear_dead(self) -> None:
        """Remove what killed processes have left in the folder: heartbeats, leases and half-written files."""
        with contextlib.suppress(OSError):
            for partial, owner in partial_files(self.folder):
                if owner != self.owner and not self._may_be_writing(owner, partial):
                    self._remove(partial)
        if not (self.folder / AT_WORK).is_dir():
            return
        with contextlib.suppress(OSError), self._as_before():  # a folder that is only read may keep it
            self._show_heartbeat()
            for owner in self._owners():
                if not self._is_alive(owner):
                    self._remove(self._heartbeat_of(owner))
            for lease in (self.folder / AT_WORK).glob("*.lease"):
                if not self._is_held(lease):
                    self._remove(lease)

    @contextlib.contextmanager
    def _as_before(self) -> Iterator[None]:
        """Leave the folder after the block if no heartbeat was there before it."""
        was_at_work = self._heartbeat.exists()
        yield
        if not was_at_work:
            self._leave()

    def _owners(self) -> list[str]:
        heartbeats = (self.folder / AT_WORK).glob("*.heartbeat")
        return sorted({heartbeat.stem for heartbeat in heartbeats} - {self.owner})

    def _heartbeat_of(self, owner: str) -> Path:
        return self.folder / AT_WORK / f"{owner}.heartbeat"

    def _create(self, lease: Path) -> bool:
        with writing(self.folder):
            try:
                with lease.open("x") as file:
                    file.write(self.owner)
            except FileNotFoundError:  # another process left, and removed the folder of leases
                self._show_heartbeat()
                return self._create(lease)
            except (FileExistsError, PermissionError):  # the latter under Windows, while it is being removed
                return False
        self._taken.add(lease)
        return True

    def _is_held(self, lease: Path) -> bool:
        try:
            owner = lease.read_bytes().decode("ascii", errors="replace")
            return self._is_alive(owner) if owner else self._age_seconds(lease) < EMPTY_SECONDS
        except OSError:
            return False

    def _is_alive(self, owner: str) -> bool:
        """Is a process of this owner alive and at work here? What is no owner, because it was damaged, is not."""
        try:
            return _may_run(owner) and self._age_seconds(self._heartbeat_of(owner)) < DEAD_AFTER_SECONDS
        except FileNotFoundError:
            return False

    def _may_be_writing(self, owner: str, partial: Path) -> bool:
        """Known of a process of this machine; of another one, from the age of the file or a heartbeat."""
        try:
            is_fresh = time.time() - partial.stat().st_mtime < STALE_SECONDS
        except FileNotFoundError:
            is_fresh = True
        return _may_run(owner) and (is_fresh or self._is_alive(owner))

    def _age_seconds(self, file: Path) -> float:
        """By the clock of the disk, as those of two machines may differ."""
        modified = file.stat().st_mtime
        self._show_heartbeat()
        return self._heartbeat.stat().st_mtime - modified

    def _show_heartbeat(self) -> None:
        with writing(self.folder):
            while True:
                self._heartbeat.parent.mkdir(parents=True, exist_ok=True)
                try:
                    self._heartbeat.touch()  # empty, so that nothing in it can be damaged
                    return
                except FileNotFoundError:
                    continue  # another process left, and removed the folder of leases

    def _beat(self, over: threading.Event) -> None:
        while not over.wait(HEARTBEAT_SECONDS):
            with contextlib.suppress(Exception):  # the next write to the folder reports what is wrong with it
                self._show_heartbeat()

    def _remove(self, file: Path) -> None:
        self._taken.discard(file)
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)

    def _leave(self) -> None:
        for file in (*self._taken, self._heartbeat):
            self._remove(file)
        with contextlib.suppress(OSError):  # another process is still at work
            self._heartbeat.parent.rmdir()


def _may_run(owner: str) -> bool:
    """Can this owner's process be alive? Of another machine that is known only from the age of its heartbeat."""
    found = _OWNER.fullmatch(owner)
    if found is None:
        return False
    machine, process = found[1], int(found[2])
    if machine != _machine() or sys.platform == "win32":
        return True
    if process == os.getpid():
        return owner in _ours
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is another user's
        pass
    return True


@functools.cache
def _machine() -> str:
    """An identity of this machine that does not name it; a container numbers its processes by itself."""
    try:
        processes = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        processes = 0
    return hashlib.sha256(f"{platform.node()} {uuid.getnode()} {processes}".encode()).hexdigest()[:12]
