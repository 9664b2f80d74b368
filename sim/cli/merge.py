"""`merge`: summarise what is there of a run in parts, or combine what several machines made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.answers import print_run, progress_shown, save_run
from sim.cli.options import NoFigures
from sim.cli.output import NOT_MET, print_json


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(merge)


def merge(
    context: typer.Context,
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER", help="Folders of one run.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where to put the whole; several folders stay as they are."),
    ] = None,
    no_figures: NoFigures = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON and nothing else.")] = False,
) -> None:
    """Summarise the replications that are there, of a run in shards or one that was stopped.

    Folders of the same run from machines without a shared disk are combined in another folder.
    """
    with progress_shown(context) as progress:
        from sim.runs.reopen import merge as merged_from
        from sim.runs.reopen import to_json

        merged = merged_from(folders, out)
        if not no_figures:
            save_run(merged.result, progress)
    if as_json:
        print_json(to_json(merged))
    else:
        print_run(merged.result)
    if merged.missing:
        from sim.report.text.parts import missing_sentence

        progress.say(missing_sentence(merged.missing, merged.result.replications + len(merged.missing)))
        raise typer.Exit(NOT_MET)
