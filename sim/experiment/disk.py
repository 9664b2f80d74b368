"""Writing files so that each is there whole or not at all, and saying in words what the disk refuses."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from sim.experiment.errors import FolderError
from sim.experiment.provenance import from_here

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


@contextlib.contextmanager
def writing(file: Path) -> Iterator[None]:
    """Turn what the disk refuses into a FolderError that says how to mend it."""
    try:
        yield
    except OSError as error:
        reason, repair = _REASONS.get(error.errno or 0, (error.strerror, "choose another folder with --out"))
        raise FolderError(f"{from_here(file)}: cannot be written, {reason}; {repair}.") from error


def write_whole(file: Path, content: bytes, mark: str) -> None:
    """Write a file under another name, which carries the writer's mark, and rename it when it is whole."""
    partial = file.with_name(f".{file.name}.{mark}.part")
    with writing(file):
        file.parent.mkdir(exist_ok=True)
        try:
            with partial.open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            partial.replace(file)
        finally:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)


def sweep(folder: Path, mark: str, older_than: float = float("inf")) -> None:
    """Remove the temporary files that whoever has this mark left behind; `*` stands for everybody."""
    for partial in folder.rglob(f".*.{mark}.part"):
        with contextlib.suppress(OSError):
            if partial.stat().st_mtime < older_than:
                partial.unlink()
