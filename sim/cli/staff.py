"""`staff`: how many officers does it take to meet a target by a date?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import (
    AnswerFolder,
    AsJson,
    From,
    NoFigures,
    Replications,
    Seed,
    Settings,
    Workers,
    Yes,
    day,
    quoted,
    say_next,
)
from sim.cli.output import print_json
from sim.cli.telling import progress_shown

NOT_MET = 3


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="staff")(staff)


def staff(
    context: typer.Context,
    scenario: Annotated[Path, typer.Argument(help="The scenario file, such as scenarios/met.yaml.")],
    target: Annotated[
        list[str] | None,
        typer.Option(
            help='What is to be reached: "overdue_visits_share <= 0.05" or "overdue_visits[high] <= 20". Repeated, all '
            "must be met in the same replication."
        ),
    ] = None,
    by: Annotated[
        dt.date | None,
        typer.Option(parser=day, metavar="DATE", help="By when, as 2027-03-31. Default: the end."),
    ] = None,
    confidence: Annotated[
        float, typer.Option(min=0.01, max=1, help="In what share of replications the target must be met.")
    ] = 0.9,
    vary: Annotated[str, typer.Option(metavar="KEY", help="What to search for; any key in whole numbers.")] = (
        "officers.total"
    ),
    between: Annotated[
        str | None, typer.Option(metavar="A..B", help="From where to where. Default: from half to twice the present.")
    ] = None,
    from_: From = None,
    settings: Settings = None,
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    out: AnswerFolder = None,
    yes: Yes = False,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """How many officers does it take to meet a target by a date, in the share of replications that you ask for?

    Searches for the smallest number that meets the target, using common random numbers, with at least 100 replications
    near the answer, and shows which numbers cannot be ruled out. Ends with code 3 if even the highest does not meet it.
    """
    figures = [] if no_figures else ["sim.report.figures.staffing"]
    with progress_shown(context, many=True, afterwards=["sim.report.text.staffing", *figures]) as progress:
        from sim.studies.staffing import staff as search

        found = search(
            scenario,
            target or (),
            by=by,
            confidence=confidence,
            vary=vary,
            between=between,
            from_=from_,
            settings=settings or (),
            replications=replications,
            seed=seed,
            workers=workers,
            out=out,
            listener=progress,
        )
        if not no_figures:
            progress.drawing()
            from sim.report.figures.staffing import save_staffing_figure

            save_staffing_figure(found)

    if as_json:
        print_json(found.to_json())
    else:
        from sim.report.text.staffing import print_staffing

        print_staffing(found)
    if not as_json and found.found.answer is not None:
        since = f" --from {from_}" if from_ else ""
        say_next(f"compare {quoted(scenario)} --set {vary}={found.found.answer}{since}")
    if found.found.answer is None and found.found.has_values:
        raise typer.Exit(NOT_MET)
