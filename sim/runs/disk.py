"""Writing files so that each is there whole or not at all, and saying in words what the disk refuses."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

from sim.runs.errors import FolderError
from sim.runs.provenance import relative_path

_FREE_SPACE = "free some space and type the same line again, or choose another folder with --out"
_REASONS = {
    errno.ENOSPC: ("the disk is full", _FREE_SPACE),
    errno.EDQUOT: ("your share of the disk is used up", _FREE_SPACE),
    errno.EACCES: ("you may not write there", "choose another folder with --out"),
    errno.EPERM: ("you may not write there", "choose another folder with --out"),
    errno.EROFS: ("that disk cannot be written to", "choose another folder with --out"),
    errno.EEXIST: ("a file of that name is in the way", "move it, or choose another folder with --out"),
    errno.ENOTDIR: ("a file is in the way of a folder", "move it, or choose another folder with --out"),
}


_PARTIAL = re.compile(r"\..+\.([0-9a-f-]{8,})\.part")


@contextlib.contextmanager
def writing(file: Path) -> Iterator[None]:
    """Turn what the disk refuses into a FolderError that says how to mend it."""
    try:
        yield
    except OSError as error:
        reason, repair = _REASONS.get(error.errno or 0, (error.strerror, "choose another folder with --out"))
        raise FolderError(f"{relative_path(file)}: cannot be written, {reason}; {repair}.") from error


def write_whole(file: Path, content: bytes, mark: str, *, durable: bool = True) -> None:
    """Write a file under another name, which ends with the writer's mark, and rename it when it is whole.

    It is then on the disk, whatever happens to the machine, unless it need not be `durable`.
    """
    partial = file.with_name(f".{file.name}.{mark}.part")
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as out:
                out.write(content)
                out.flush()
                if durable:
                    os.fsync(out.fileno())
            partial.replace(file)
        finally:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)


def partial_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every half-written file in a folder, with the mark of whoever writes it, or wrote it."""
    for partial in folder.rglob(".*.part"):
        if found := _PARTIAL.fullmatch(partial.name):
            yield partial, found[1]


def sweep(folder: Path, mark: str) -> None:
    """Remove the temporary files of the writer that has this mark."""
    for partial, writer in partial_files(folder):
        if writer == mark:
            with contextlib.suppress(OSError):
                partial.unlink()
