"""Checksums: of a table within the file itself, of any other file beside it.

    replications/0001.parquet       holds its own, in its metadata
    checksums/report.html           holds that of report.html, as `sha256sum` writes it

A file without a checksum beside it was written when the program was killed; it is whole, as files are renamed into
place. Checksums find damage. They do not prove who wrote a file.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

CHECKSUMS = "checksums"
SLOT = b"caseload.sha256"
"""The entry of a table's metadata that holds its checksum."""
EMPTY = b"#" * 64
"""What stands in the slot while the checksum is taken."""
_FILLED = re.compile(re.escape(SLOT) + rb".{2}([0-9a-f]{64})", re.DOTALL)
_NOT_COVERED = ("created", "sha256")
"""Of a manifest: when the run was first made is not part of what it is."""


def sealed(table: bytes) -> bytes:
    """A Parquet file with its checksum in the slot of its metadata, which must be empty."""
    before, slot, after = table.rpartition(EMPTY)
    assert slot, "the metadata has no empty slot for the checksum"
    return before + _digest(table) + after


def is_whole(table: bytes) -> bool:
    """Does a Parquet file agree with the checksum that it holds?"""
    found = [*_FILLED.finditer(table)]
    if len(found) != 1:
        return False
    first, last = found[0].span(1)
    return _digest(table[:first] + EMPTY + table[last:]) == found[0][1]


def sealed_document(document: dict[str, Any]) -> dict[str, Any]:
    """A manifest with the checksum of all that it says, but for the time."""
    return {**document, "sha256": _digest_of_document(document)}


def is_whole_document(document: dict[str, Any]) -> bool:
    """Does a manifest agree with the checksum that it holds?"""
    return document.get("sha256") == _digest_of_document(document)


def line(name: str, content: bytes) -> bytes:
    """What is written beside a file: `sha256sum --check` can read it."""
    return _digest(content) + f"  {name}\n".encode()


def agrees(folder: Path, name: str, content: bytes) -> bool:
    """Does the content of a file agree with the checksum beside it, if there is one?"""
    try:
        return (folder / CHECKSUMS / name).read_bytes() == line(name, content)
    except OSError:
        return True


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _digest_of_document(document: dict[str, Any]) -> str:
    covered = {key: value for key, value in document.items() if key not in _NOT_COVERED}
    return _digest(json.dumps(covered, sort_keys=True).encode()).decode()
