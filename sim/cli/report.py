"""`report`: what a run found, as a page, a workbook, study documents, or the replay of one history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(report)


def report(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN",
            help="The folder of a run, as `run` named it at its end; or a folder of runs, to make its index anew.",
        ),
    ],
    xlsx: Annotated[bool, typer.Option("--xlsx", help="A workbook as well, with a table a sheet.")] = False,
    study: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Study documents as well, into a folder: STRESS-DES, assumption log, quality assurance, force "
            "management statement. What only people know is left as a gap.",
        ),
    ] = None,
    replication: Annotated[
        int | None,
        typer.Option(
            metavar="K",
            help="Instead the page of one history, week by week, offender by offender; of a run with `--events`.",
        ),
    ] = None,
    officer: Annotated[
        int | None, typer.Option(metavar="ID", help="In the page of a history: the diary of an officer, by number.")
    ] = None,
    offender: Annotated[
        int | None, typer.Option(metavar="ID", help="In the page of a history: the life of an offender, by number.")
    ] = None,
) -> None:
    """Write what a run found so that others can read it: a page that opens anywhere, without a network.

    Officers and offenders are numbered from 0; without --replication their history is the first.
    """
    from sim.report.stories.event_trace import NobodyThere
    from sim.runs.errors import FolderError
    from sim.runs.reopen import open_run

    of_history = any(asked is not None for asked in (replication, officer, offender))
    if of_history and (xlsx or study):
        _refuse("--xlsx and --study are of a whole run; leave out --replication, --officer and --offender.")
    if (run / "answer.json").is_file():
        _refuse(f"{run}: holds an answer made from several runs; its page is made by the command that gave the answer.")
    if not (run / "manifest.json").is_file() and not (of_history or xlsx or study):
        from sim.report.pages.index import renew_index

        try:
            if index := renew_index(run):
                _say("Index", index)
                return
        except FolderError as error:
            _refuse(str(error))
    try:
        result = open_run(run)
        if of_history:
            from sim.report.pages.replication import save_replication_page

            _say("Page", save_replication_page(result, 1 if replication is None else replication, officer, offender))
            return
        from sim.report.pages.run import save_page

        _say("Page", save_page(result))
        if xlsx:
            from sim.report.files.workbook import save_workbook

            _say("Workbook", save_workbook(result))
        if study:
            from sim.report.files.study import save_study

            documents = save_study(result, study)
            _say("Study documents", documents[0].parent, f" ({len(documents)} files; begin with {documents[0].name})")
    except (FolderError, NobodyThere) as error:
        _refuse(str(error))


def _say(what: str, where: Path, more: str = "") -> None:
    """Tell where something was written."""
    from sim.runs.provenance import relative_path

    typer.echo(f"{what}: {relative_path(where)}{more}")


def _refuse(why: str) -> NoReturn:
    """Say what cannot be done, and leave."""
    typer.echo(why, err=True)
    raise typer.Exit(2)
