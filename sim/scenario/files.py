"""Opening a scenario file: found, readable, small enough, text, and a mapping."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from sim.scenario.faults import Fault, Place, ScenarioError, listed, printable
from sim.scenario.written import Written
from sim.scenario.yaml_text import read_yaml

LARGEST_FILE = 1_000_000
"""Bytes; a force of two thousand teams needs a tenth of it."""


def read_file(path: Path, asked_at: Place | None = None) -> tuple[Written, list[Fault]]:
    """What one scenario file holds, always a mapping, and the faults in its writing.

    `asked_at` is the `extends` that names the file. Raises ScenarioError if nothing can be said of its content.
    """
    name = printable(str(path))
    text = _decoded(_bytes(path, name, asked_at), name)
    content, faults = _parsed(text, name)
    if content is None and not faults:
        raise _unusable(name, "is empty; `python -m sim new FILE` writes a scenario to start from")
    if content is None:
        raise ScenarioError(faults)
    if not isinstance(content.value, dict):
        what = "a list" if isinstance(content.value, list) else "a single value"
        raise _unusable(name, f"holds {what}; a scenario is made of lines such as `name: Central East`")
    return Written(content.value, Place(name, 1)), list(faults)


@lru_cache(maxsize=16)
def _parsed(text: str, name: str) -> tuple[Written | None, list[Fault]]:
    """The text of a file as written values; parsing is slow, and a sweep reads the same file for each of its points."""
    return read_yaml(text, lambda line: Place(name, line))


def _bytes(path: Path, name: str, asked_at: Place | None) -> bytes:
    def not_opened(problem: str) -> ScenarioError:
        if asked_at:
            return ScenarioError([Fault(asked_at, f"extends: {name} {problem}")])
        return _unusable(name, problem)

    try:
        if path.is_dir():
            raise not_opened(f"is a folder, not a file{_scenarios_in(path)}")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise not_opened(f"does not exist{nearest_file(path)}") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise not_opened(f"cannot be read: {reason}") from None
    if len(content) > LARGEST_FILE:
        size = f"{max(path.stat().st_size, len(content)) / 1e6:.1f} MB"
        raise _unusable(name, f"has {size}; a scenario may have {LARGEST_FILE / 1e6:.0f} MB. Is it the right file?")
    return content


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unusable(name, "a character that is not UTF-8; save the file as UTF-8", line) from None


def _unusable(name: str, problem: str, line: int | None = None) -> ScenarioError:
    return ScenarioError([Fault(Place(name, line), problem)])


def nearest_file(path: Path) -> str:
    """Words that go on after `does not exist`: which file of the folder was probably meant."""
    try:
        neighbours = [file.name for file in path.parent.iterdir()]
    except OSError:
        return f", nor can the folder {printable(str(path.parent))} be read"
    near = get_close_matches(path.name, neighbours, n=1)
    return f", did you mean {printable(str(path.with_name(near[0])))}?" if near else ""


def _scenarios_in(folder: Path) -> str:
    names = sorted(printable(file.name) for file in folder.glob("*.y*ml"))
    return f"; it holds {listed(names[:5])}" if names else ""
