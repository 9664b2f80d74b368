"""Writing files so that each is there whole or not at all, and finding those that were damaged since.

    replications/0001.parquet       holds its own checksum, in its metadata
    checksums/report.html           holds that of report.html, as `sha256sum` writes it

A file without a checksum beside it was written when the program was killed; it is whole, as files are renamed into
place. Checksums find damage. They do not prove who wrote a file.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.runs.errors import FolderError
from sim.runs.provenance import relative_path

_FREE_SPACE = "free some space and run the same command again, or choose another folder with --out"
_ELSEWHERE = "choose another folder with --out"
_REASONS = {
    errno.ENOSPC: ("the disk is full", _FREE_SPACE),
    errno.EDQUOT: ("your share of the disk is used up", _FREE_SPACE),
    errno.EACCES: ("you may not write there", _ELSEWHERE),
    errno.EPERM: ("you may not write there", _ELSEWHERE),
    errno.EROFS: ("that disk cannot be written to", _ELSEWHERE),
    errno.EEXIST: ("a file of that name is in the way", f"move it, or {_ELSEWHERE}"),
    errno.EISDIR: ("a folder is in the way of a file", f"move it, or {_ELSEWHERE}"),
    errno.ENOTDIR: ("a file is in the way of a folder", f"move it, or {_ELSEWHERE}"),
}
_PARTIAL = re.compile(r"\..+\.([0-9a-f-]{8,})\.part")

CHECKSUMS = "checksums"
SLOT = b"caseload.sha256"
"""The entry of a table's metadata that holds its checksum."""
EMPTY = b"#" * 64
"""The content of the slot while the checksum is taken."""
_FILLED = re.compile(re.escape(SLOT) + rb".{2}([0-9a-f]{64})", re.DOTALL)
_NOT_COVERED = ("created", "sha256")
"""Of a manifest: when the run was first made is not part of what it is."""


@contextlib.contextmanager
def writing(file: Path) -> Iterator[None]:
    """Turn what the disk refuses into a FolderError that says how to fix it."""
    try:
        yield
    except OSError as error:
        reason, fix = _REASONS.get(error.errno or 0, (error.strerror, _ELSEWHERE))
        raise FolderError(f"{relative_path(file)}: cannot be written, {reason}; {fix}.") from error


def write_whole(file: Path, content: bytes, owner: str, *, durable: bool = True) -> None:
    """Write a file under another name, which ends with its owner, and rename it when it is whole.

    It is then on the disk, whatever happens to the machine, unless it need not be `durable`.
    """
    partial = file.with_name(f".{file.name}.{owner}.part")
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
    """Every half-written file in a folder, with its owner."""
    for partial in folder.rglob(".*.part"):
        if found := _PARTIAL.fullmatch(partial.name):
            yield partial, found[1]


def sealed(table: bytes) -> bytes:
    """A Parquet file with its checksum in the slot of its metadata, which must be empty."""
    before, slot, after = table.rpartition(EMPTY)
    assert slot, "the metadata has no empty slot for the checksum"
    return before + checksum(table) + after


def is_whole(table: bytes) -> bool:
    """Does a Parquet file agree with the checksum that it holds?"""
    found = [*_FILLED.finditer(table)]
    if len(found) != 1:
        return False
    first, last = found[0].span(1)
    return checksum(table[:first] + EMPTY + table[last:]) == found[0][1]


def document_checksum(document: dict[str, Any]) -> str:
    """The checksum of all that a manifest says, but for the time and the checksum itself."""
    covered = {key: value for key, value in document.items() if key not in _NOT_COVERED}
    return checksum(json.dumps(covered, sort_keys=True).encode()).decode()


def checksum(content: bytes) -> bytes:
    """Of a file without a slot for it."""
    return hashlib.sha256(content).hexdigest().encode()
