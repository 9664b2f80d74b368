"""`report`: what a run found, as a page, a workbook, study documents, or the replay of one history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(report)


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run, as `run` named it at its end.")],
    xlsx: Annotated[bool, typer.Option("--xlsx", help="A workbook as well, with a table a sheet.")] = False,
    study: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Study documents as well, into a folder: STRESS-DES, assumption log, quality assurance, force "
            "management statement. What only people know is left as a gap.",
        ),
    ] = None,
) -> None:
    """Write what a run found so that others can read it: a page that opens anywhere, without a network."""
    from sim.experiment.errors import FolderError
    from sim.experiment.provenance import from_here
    from sim.experiment.result import open_run

    try:
        result = open_run(run)
        from sim.report.page_of_run import keep_page

        typer.echo(f"Page: {from_here(keep_page(result))}")
        if xlsx:
            from sim.report.workbook import keep_workbook

            typer.echo(f"Workbook: {from_here(keep_workbook(result))}")
        if study:
            from sim.report.study import keep_study

            documents = keep_study(result, study)
            typer.echo(
                f"Study documents: {from_here(documents[0].parent)} ({len(documents)} files; begin with README.md)"
            )
    except FolderError as error:
        _refuse(str(error))


def _refuse(why: str) -> NoReturn:
    """Say what cannot be done, and leave."""
    typer.echo(why, err=True)
    raise typer.Exit(2)
