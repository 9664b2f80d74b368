"""What a message says is to be done, done literally."""

import shlex
from collections.abc import Callable
from pathlib import Path

from sim.cli import main
from sim.runs.errors import FolderError


def opens_at_last(read: Callable[[], object], line: list[str]) -> None:
    """What is read opens, at the latest when what its message says was done; `line` is what made it."""
    try:
        read()
    except FolderError as error:
        follow(str(error), line)
        read()


def follow(said: str, line: list[str]) -> None:
    """Move what is in the way, and type the command that a message names, or `line` where it is but spoken of."""
    if "move it" in said:
        Path(said.partition(":")[0]).rename("moved")
    command = said.partition("python -m sim ")[2].strip().rstrip(".")
    if "make it again with" in said:
        assert main(shlex.split(command) if command else line) == 0
