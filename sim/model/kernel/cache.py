"""Where the machine code is kept: a folder named by all the sources that it is made from.

Numba checks only the file a function stands in: an edit in a module that this file imports would silently run old
machine code. So the folder is named by a hash of all sources that are compiled or frozen into compiled code.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import sys
import tempfile
from functools import cache
from pathlib import Path

import numba
import numpy
from numba.core import caching

from sim.model import codes, records

_HERE = Path(__file__).parent
COMPILED_SOURCES = (*sorted(_HERE.glob("*.py")), _HERE.parent / "codes.py", _HERE.parent / "records.py")
_KEPT_VERSIONS = 16
"""Some 30 MB each: enough for the checkouts, Python versions and edits of a few weeks."""
COMPLETE = "complete"
"""The file that says that all machine code is there."""


@cache
def _root() -> tuple[Path, str]:
    """The folder for machine code, and what is wrong with the one that was wanted, if something is.

    That is the user's cache folder; if it is read-only, or others could put code of theirs into it, a temporary one.
    """
    if chosen := os.environ.get("CASELOAD_CACHE"):
        root = Path(chosen)
    elif sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", Path.home())) / "caseload-simulator"
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "caseload-simulator"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            pass
        if opened := _open_to_others(root):
            private = _private_temporary_folder()
            return private, (
                f"{root}: not used for compiled code, as others may write to {opened} and so have their code run here; "
                f"{private} is used. Delete {root}, or name a folder that is yours alone with CASELOAD_CACHE."
            )
        return root, ""
    except OSError:
        return _private_temporary_folder(), ""


def _open_to_others(folder: Path) -> Path | None:
    """The folder, or one that it lies in, if somebody else could change what is there; not known on Windows."""
    if not hasattr(os, "getuid"):
        return None
    folder = folder.resolve()
    facts = folder.stat()
    if facts.st_uid not in (0, os.getuid()) or facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return folder
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            return parent
    return None


def _private_temporary_folder() -> Path:
    """A folder for machine code in the temporary folder that nobody else can write to."""
    private = Path(tempfile.gettempdir()) / f"caseload-simulator-{getattr(os, 'getuid', lambda: 'user')()}"
    private.mkdir(mode=0o700, exist_ok=True)
    facts = private.lstat()
    mine = not hasattr(os, "getuid") or (facts.st_uid == os.getuid() and not facts.st_mode & 0o077)
    return private if mine and not private.is_symlink() else Path(tempfile.mkdtemp(prefix="caseload-simulator-"))


def source_hash() -> str:
    """Names the machine code by all that it is made from, not by where that lies: two clones share what is compiled."""
    digest = hashlib.sha256(f"{numba.__version__} {numpy.__version__} {sys.version}".encode())
    for source in COMPILED_SOURCES:
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    # What the tables of the domain and the keys of a scenario make of both: numbers of kinds, and fields of records.
    made = {**vars(codes), **vars(records)}
    digest.update(
        repr(
            [made[name] for name in sorted(made) if isinstance(made[name], int | float | tuple | numpy.dtype)]
        ).encode()
    )
    return digest.hexdigest()[:16]


@cache
def folder() -> Path:
    """The folder for the machine code of these sources."""
    return _root()[0] / source_hash()


def problem() -> str:
    """What is wrong with the folder that was wanted, or nothing."""
    return _root()[1]


def is_compiled() -> bool:
    """Is the machine code for these sources on this machine already, or not wanted at all?"""
    return bool(numba.config.DISABLE_JIT) or (folder() / COMPLETE).exists()


def touch_folder() -> None:
    """Make the folder, or note that it is in use, so that it is not taken for old."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    os.utime(folder())


def set_complete() -> None:
    """All machine code is there. The last few versions stay for other checkouts; older ones are of no use."""
    (folder() / COMPLETE).touch()
    others = [other for other in _root()[0].iterdir() if other.is_dir() and other != folder()]
    others.sort(key=lambda other: other.stat().st_mtime, reverse=True)
    for other in others[_KEPT_VERSIONS:]:
        shutil.rmtree(other, ignore_errors=True)


class _Locator(caching._CacheLocator):
    """Where Numba finds the machine code of a function: by its module, as the folder is named by the sources."""

    def __init__(self, function, file):
        self._path = str(folder() / Path(file).stem)
        self._line = function.__code__.co_firstlineno

    def get_cache_path(self):
        return self._path

    def get_source_stamp(self):
        return folder().name

    def get_disambiguator(self):
        return str(self._line)

    @classmethod
    def from_function(cls, function, file):
        return cls(function, file) if Path(file).parent == _HERE else None


caching.CacheImpl._locator_classes.insert(0, _Locator)
