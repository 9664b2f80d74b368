"""Everything that is compiled to machine code, in one place, with a cache that notices every edit.

Numba keeps compiled functions on disk but checks only the file a function stands in: an edit in a
module it imports would silently run old machine code. So the cache folder is named by a hash of all
sources that are compiled or frozen into compiled code. `NUMBA_DISABLE_JIT=1` runs the same sources as
plain Python.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy
from numba.core import caching
from numba.core.event import Listener, install_listener

from sim.model import codes, records

_HERE = Path(__file__).parent
COMPILED_SOURCES = (*sorted(_HERE.glob("*.py")), _HERE.parent / "codes.py", _HERE.parent / "records.py")
_KEPT_VERSIONS = 16
"""Some 30 MB each: enough for the checkouts, Python versions and edits of a few weeks."""
_MARK = "complete"


def _cache_root() -> tuple[Path, str]:
    """Where machine code is kept, and what is wrong with the place where it should be, if something is.

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
    """The folder, or one that it lies in, if somebody else could change what is there; Windows does not tell."""
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


def _source_hash() -> str:
    """Names the machine code by all that it is made from, not by where that lies: two clones share what is compiled."""
    digest = hashlib.sha256(f"{numba.__version__} {numpy.__version__} {sys.version}".encode())
    for source in COMPILED_SOURCES:
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    # What the tables of the domain and the keys of a scenario make of both: numbers of kinds, and fields of records.
    made = {**vars(codes), **vars(records)}
    digest.update(
        repr([made[name] for name in sorted(made) if isinstance(made[name], int | float | numpy.dtype)]).encode()
    )
    return digest.hexdigest()[:16]


def _forget_old_versions(root: Path, keep: Path) -> None:
    """Old machine code is of no use to anybody; the last few versions stay for other checkouts."""
    others = [folder for folder in root.iterdir() if folder.is_dir() and folder != keep]
    others.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in others[_KEPT_VERSIONS:]:
        shutil.rmtree(folder, ignore_errors=True)


_ROOT, CACHE_PROBLEM = _cache_root()
CACHE = _ROOT / _source_hash()


class _InOurCache(caching.UserProvidedCacheLocator):
    """Where Numba keeps the machine code of a function: by its module alone, as the folder is named by the sources."""

    def __init__(self, py_func, py_file):
        super().__init__(py_func, py_file)
        self._cache_path = str(CACHE / Path(py_file).stem)

    def get_source_stamp(self):
        return CACHE.name

    @classmethod
    def from_function(cls, py_func, py_file):
        return super().from_function(py_func, py_file) if Path(py_file).parent == _HERE else None


numba.config.CACHE_DIR = str(CACHE)
caching.CacheImpl._locator_classes.insert(0, _InOurCache)


_functions: list[Any] = []
"""All that is compiled."""


def _compiling(**options: object) -> Callable[[Any], Any]:
    def marked(function: Any) -> Any:
        made = numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False, **options)(function)
        _functions.append(made)
        return made

    return marked


compiled = _compiling()
"""What every compiled function is marked with: kept on disk, free of the interpreter lock, no checks for zero.

`_nrt`: nor does it count references to the tables, which nothing compiled makes or drops; that took a tenth of the
time.
"""

inlined = _compiling(forceinline=True)
"""What has one caller on the way of every piece of work: handing over the tables would cost more than many a call."""


def is_compiled() -> bool:
    """Is the machine code for these sources on this machine already, or not wanted at all?"""
    return bool(numba.config.DISABLE_JIT) or (CACHE / _MARK).exists()


_entry_points: dict[Callable, Callable] = {}


def bound(function: Any, *arguments: object) -> Callable:
    """The machine code of a function, for arguments of the types that it is always called with.

    Calling it skips Numba's look-up of every argument's type, which costs more than a microsecond for each table.
    """
    if numba.config.DISABLE_JIT:
        return function
    if function not in _entry_points:
        types = tuple(numba.typeof(argument) for argument in arguments)
        function.compile(types)
        _entry_points[function] = function.get_overload(types)
    return _entry_points[function]


def warm_up(compiling: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Compile the shift, or load it from the cache, by simulating a tiny force.

    `compiling` is told how many functions are compiled, and of how many, whenever one is done.
    """
    from sim.model.simulate import simulate_tiny_force

    with contextlib.suppress(OSError):
        CACHE.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.utime(CACHE)  # so that what is in use is not taken for old
    with install_listener("numba:compile", _Counting(compiling)):
        simulate_tiny_force()
    if not is_compiled():
        (CACHE / _MARK).touch()
        _forget_old_versions(CACHE.parent, CACHE)


class _Counting(Listener):
    """Counts the functions that Numba has compiled."""

    def __init__(self, compiling: Callable[[int, int], None]) -> None:
        self.compiling = compiling
        self.done: set[int] = set()

    def on_start(self, event: Any) -> None:
        pass

    def on_end(self, event: Any) -> None:
        if (function := event.data["dispatcher"]) in _functions:
            self.done.add(id(function))
            self.compiling(len(self.done), len(_functions))
