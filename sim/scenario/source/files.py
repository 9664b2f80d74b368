"""Opening a scenario file and those it extends: found, readable, small enough, text, and mappings laid together."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache, reduce
from pathlib import Path

from sim.scenario.schema import scenario_keys
from sim.scenario.source.faults import Fault, Place, ScenarioError, join_words, sanitise, shown, unusable
from sim.scenario.source.located import Located, merged
from sim.scenario.source.yaml_text import read_yaml

_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""How a file is opened: without waiting, on systems where that can be said, and as bytes, where that must be."""

LARGEST_FILE = 1_000_000
"""Bytes; a force of two thousand teams needs a tenth of it."""


@dataclass(frozen=True, eq=False)
class Layers:
    """What files say of a scenario, before anything is set on top of it."""

    whole: Located
    """The file, laid over what it extends."""
    extended: Located | None
    """What it extends; None if it extends nothing."""
    faults: tuple[Fault, ...]
    """What is wrong with how they are written."""


def read_layers(path: Path) -> Layers:
    """A scenario file and the files it extends. Raises ScenarioError if nothing can be said of the content of one."""
    files: list[Located] = []
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    extends: Located | None = None
    while True:
        identity, name, asked_at = os.path.realpath(path), sanitise(str(path)), extends.place if extends else None
        if identity in seen and asked_at:
            circle = " → ".join([*seen.values(), name])
            raise ScenarioError([*faults, Fault(asked_at, f"extends: goes round in a circle: {circle}")])
        seen[identity] = name
        try:
            content, found = _read_file(path, name, asked_at)
        except ScenarioError as error:
            raise ScenarioError([*faults, *error.faults]) from None
        faults += found
        entries = dict(content)
        extends = entries.pop("extends", None)
        files.append(_beside(Located(entries, Place(name, 1)), path))
        if extends is None:
            break
        if not isinstance(extends.value, str):
            message = f"extends: {shown(extends.plain())} is not the name of a file; write `extends: other.yaml`"
            raise ScenarioError([*faults, Fault(extends.place, message)])
        path = Path(os.path.normpath(path.parent / extends.value))
    nearest, *others = files
    extended = reduce(lambda base, over: merged(base, over, scenario_keys()), reversed(others)) if others else None
    whole = merged(extended, nearest, scenario_keys()) if extended else nearest
    return Layers(whole, extended, tuple(faults))


def _beside(content: Located, file: Path) -> Located:
    """The content of a scenario file in which `caseload.file` is meant from the folder of that file."""
    named = content.get("caseload", "file")
    if named is None or not isinstance(named.value, str) or not named.value:
        return content
    path = os.path.normpath(file.parent / named.value)
    return content.having("caseload", content.children["caseload"].having("file", Located(path, named.place)))


def _read_file(path: Path, name: str, asked_at: Place | None) -> tuple[dict[str, Located], list[Fault]]:
    """What one scenario file holds and the faults in its writing; `asked_at` is the `extends` that names the file.

    Raises ScenarioError if nothing can be said of its content.
    """

    def refused(problem: str) -> ScenarioError:
        return ScenarioError([Fault(asked_at, f"extends: {name} {problem}")]) if asked_at else unusable(name, problem)

    written = regular_bytes(path, LARGEST_FILE, refused, lambda: f", not a file{_scenarios_in(path)}")
    if len(written) > LARGEST_FILE:
        size = f"{max(path.stat().st_size, len(written)) / 1e6:.1f} MB"
        raise unusable(name, f"has {size}; a scenario may have {LARGEST_FILE / 1e6:.0f} MB. Is it the right file?")
    try:
        content, faults = _parsed(written.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        raise unusable(name, "a character that is not UTF-8; save the file as UTF-8", line) from None
    if content is None and not faults:
        raise unusable(name, "is empty; `python -m sim new FILE` writes a scenario to start from")
    if content is None:
        raise ScenarioError(faults)
    if not isinstance(content.value, dict):
        what = "a list" if isinstance(content.value, list) else "a single value"
        raise unusable(name, f"holds {what}; a scenario is made of lines such as `name: Central East`")
    return content.value, faults


@lru_cache(maxsize=16)
def _parsed(text: str, name: str) -> tuple[Located | None, list[Fault]]:
    """The text of a file as located values; parsing is slow, and several ask for the same file."""
    return read_yaml(text, lambda line: Place(name, line))


def regular_bytes(
    path: Path, most: int, refused: Callable[[str], ScenarioError], of_folder: Callable[[], str] = lambda: ""
) -> bytes:
    """The content of a file on disk, or one byte more than the most allowed; never waits for a pipe or a device.

    Raises what `refused` makes of the words for what is wrong; `of_folder` goes on after `is a folder`.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise refused(_no_file(path.stat().st_mode, of_folder))
        # What took the file's place in between is not waited for either.
        with open(os.open(path, os.O_RDONLY | _AT_ONCE), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise refused(_no_file(os.fstat(file.fileno()).st_mode, of_folder))
            return file.read(most + 1)
    except FileNotFoundError:
        raise refused(f"does not exist{nearest_file(path)}") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise refused(f"cannot be read: {reason}") from None


def _no_file(mode: int, of_folder: Callable[[], str]) -> str:
    if stat.S_ISDIR(mode):
        return f"is a folder{of_folder()}"
    kind = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
    return f"is {kind}, not a file; save what it gives to a file, and name that"


def nearest_file(path: Path) -> str:
    """Words that go on after `does not exist`: which file of the folder was probably meant."""
    try:
        neighbours = [file.name for file in path.parent.iterdir()]
    except OSError:
        return f", nor can the folder {sanitise(str(path.parent))} be read"
    near = get_close_matches(path.name, neighbours, n=1)
    return f", did you mean {sanitise(str(path.with_name(near[0])))}?" if near else ""


def _scenarios_in(folder: Path) -> str:
    names = sorted(sanitise(file.name) for file in folder.glob("*.y*ml"))
    return f"; it holds {join_words(names[:5])}" if names else ""
