"""`sensitivity`: which assumption does the answer hang on?"""

from __future__ import annotations

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
    quoted,
    say_next,
)
from sim.cli.output import print_json
from sim.cli.telling import progress_shown


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="sensitivity")(sensitivity)


def sensitivity(
    context: typer.Context,
    scenario: Annotated[Path, typer.Argument(help="The scenario file, such as scenarios/met.yaml.")],
    metric: Annotated[str, typer.Option(help="The answer in question, as overdue_visits[high].")] = "overdue_visits",
    average: Annotated[
        bool, typer.Option("--average", help="Its average over the period, not its value at the end.")
    ] = (False),
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Vary this assumption and no others. May be repeated."),
    ] = None,
    sobol: Annotated[
        bool, typer.Option("--sobol", help="Afterwards, what share of the variance the first few make. Takes long.")
    ] = False,
    trajectories: Annotated[
        int, typer.Option(min=2, max=1000, help="Of Morris's screening; more tell small effects better apart.")
    ] = 6,
    settings: Settings = None,
    from_: From = None,
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    out: AnswerFolder = None,
    yes: Yes = False,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Which assumption does the answer hang on?

    Moves each assumption that has a range in the scenario through it, alone and together with the others, on the same
    luck everywhere, and ranks them by what they do. `explain` shows the result beside each assumption.
    """
    figures = [] if no_figures else ["sim.report.figures.tornado"]
    with progress_shown(context, many=True, afterwards=["sim.report.text.sensitivity", *figures]) as progress:
        from sim.studies.sensitivity import sensitivity as analyse

        found = analyse(
            scenario,
            metric,
            statistic="average" if average else "at_end",
            only=only or (),
            sobol=sobol,
            trajectories=trajectories,
            settings=settings or (),
            from_=from_,
            replications=replications,
            seed=seed,
            workers=workers,
            out=out,
            listener=progress,
        )
        if not no_figures:
            progress.drawing()
            from sim.report.figures.tornado import save_tornado

            save_tornado(found)

    if as_json:
        print_json(found.to_json())
    else:
        from sim.report.text.sensitivity import print_sensitivity

        print_sensitivity(found)
        say_next(f"explain {quoted(scenario)} {found.effects.iloc[0]['key']}")
