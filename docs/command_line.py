"""Writes docs/cli.md: the `--help` of every command.

python -m docs.command_line
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from unittest import mock

from sim.cli import app, main

PAGE = Path(__file__).parent / "cli.md"
RENEW = "python -m docs.command_line"
WIDTH = 100
INTRODUCTION = f"""# The command line

Made by `{RENEW}`; do not edit it here. Each command prints its part of this page with `--help`.

| exit code | meaning |
|---|---|
| 0 | finished |
| 1 | unexpected error in the program |
| 2 | an error in the input: the message says where and how to fix it |
| 3 | finished, but a required precision or target was not met |
| 130 | stopped with Ctrl-C |

`python -m sim --debug COMMAND` shows after an error where in the program it arose. Answers go to standard output,
messages and progress to standard error. The environment variable `NO_COLOR` switches colours off."""


def page() -> str:
    """The page in Markdown."""
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    commands = [name.replace("_", "-") for name in names]
    return "\n\n".join([INTRODUCTION, *(f"## {name}\n\n```text\n{help_of(name)}\n```" for name in commands)]) + "\n"


def help_of(command: str) -> str:
    """The help of a command, without colours, at the width of the page."""
    environment = {"COLUMNS": str(WIDTH), "TERMINAL_WIDTH": str(WIDTH), "NO_COLOR": "1"}
    with mock.patch.dict("os.environ", environment), contextlib.redirect_stdout(io.StringIO()) as printed:
        main([command, "--help"])
    return "\n".join(line.rstrip() for line in printed.getvalue().strip().splitlines())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
