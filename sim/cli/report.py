"""`report`: a run or another answer as a page, a workbook, study documents, or the page of one replication."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.output import refuse, refuse_answer


def report(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="The folder of a run or another answer; or a folder of runs, to make its index anew.",
        ),
    ],
    xlsx: Annotated[bool, typer.Option("--xlsx", help="A workbook as well, one table per sheet.")] = False,
    study: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Study documents as well, into a folder: STRESS-DES, assumption log, quality assurance, force "
            "management statement. What only people know is left blank.",
        ),
    ] = None,
    replication: Annotated[
        int | None,
        typer.Option(
            metavar="K",
            help="Instead the page of one replication, week by week, offender by offender; of a run with `--events`.",
        ),
    ] = None,
    officer: Annotated[
        int | None, typer.Option(metavar="ID", help="In the page of a replication: the diary of an officer.")
    ] = None,
    offender: Annotated[
        int | None,
        typer.Option(metavar="ID", help="In the page of a replication: the story of an offender."),
    ] = None,
) -> None:
    """Write a run or another answer so that others can read it: a page that opens anywhere, without a network.

    The answer of compare, sweep, staff or sensitivity gets its figures and its workbook too. Officers and offenders are
    numbered from 0; without --replication they are those of the first.
    """
    from sim.report.answers import save_report
    from sim.report.pages.index import INDEX, renew_index
    from sim.report.stories.event_trace import NobodyThere
    from sim.runs.errors import FolderError
    from sim.studies.reopen import open_answer

    of_replication = any(asked is not None for asked in (replication, officer, offender))
    if of_replication and (xlsx or study):
        refuse("--xlsx and --study are of a whole run; leave out --replication, --officer and --offender.")
    is_answer, is_run = (run / "answer.json").is_file(), (run / "manifest.json").is_file()
    if is_answer and (of_replication or study):
        refuse_answer(run)
    try:
        if not (is_answer or is_run or of_replication or xlsx or study) and (index := renew_index(run)):
            _say("Index", index)
            return
        answer: Any = open_answer(run)
        if of_replication:
            from sim.report.pages.replication import save_replication_page

            _say("Page", save_replication_page(answer, 1 if replication is None else replication, officer, offender))
            return
        for what, where in save_report(answer, with_workbook=is_answer or xlsx).items():
            _say(what, where)
        if (run.parent / INDEX).exists():
            renew_index(run.parent)
        if study:
            from sim.report.files.study import save_study

            documents = save_study(answer, study)
            _say("Study documents", documents[0].parent, f" ({len(documents)} files; begin with {documents[0].name})")
    except (FolderError, NobodyThere) as error:
        refuse(str(error))


def _say(what: str, where: Path, more: str = "") -> None:
    from sim.runs.provenance import relative_path

    typer.echo(f"{what}: {relative_path(where)}{more}")
