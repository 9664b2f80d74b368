"""`merge`: sum up what is there of a run in parts, or bring together what several machines made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.output import print_json
from sim.cli.telling import draw, print_result, progress_shown


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
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON and nothing else.")] = False,
) -> None:
    """Sum up the replications that are there, of a run in shards or one that was stopped.

    Folders that machines without a shared disk have made of the same run are brought together in another one.
    """
    with progress_shown(context) as progress:
        from sim.runs.merge import merge as merged_from
        from sim.runs.merge import to_json

        merged = merged_from(folders, out)
        if not no_figures:
            draw(merged.result, progress)
    if as_json:
        print_json(to_json(merged))
    else:
        print_result(merged.result)
    if merged.missing:
        from sim.report.text.parts import missing_sentence

        progress.say(missing_sentence(merged.missing, merged.result.replications + len(merged.missing)))
        raise typer.Exit(3)
