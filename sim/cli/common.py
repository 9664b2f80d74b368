"""The options that several commands share."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one value, as officers.total=320. May be repeated."),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="DATE",
        help="The first day of what --set and --vary change, as 2027-04-01. Default: the first day of the scenario.",
    ),
]
Replications = Annotated[
    int | None, typer.Option(min=1, max=100_000, help="How many histories of each; more make the answer surer.")
]
Seed = Annotated[
    int | None, typer.Option(min=0, max=2**32 - 1, help="Another seed is other luck; the same gives the same.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes to share the work. Default: one per core. Changes no number.")
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Begin even if it takes more than an hour or most of the free memory.")
]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw no figures and make no page.")]
AnswerFolder = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Where to keep the answer. Default: a folder in results.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON and nothing else.")]


def day(text: str) -> dt.date:
    """A date as it is typed after an option."""
    from sim.scenario.dates import parsed_date

    try:
        return parsed_date(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def quoted(path: Path) -> str:
    """A path as it is typed, also one with a space in it."""
    return f'"{path}"' if " " in str(path) else str(path)


def say_next(command: str) -> None:
    """Name the command that follows, as it is typed."""
    typer.echo(f"Next: python -m sim {command}")
