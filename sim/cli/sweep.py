"""`sweep`: what comes of every value of a key, or of every combination of several?"""

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
    app.command(name="sweep")(sweep)


def sweep(
    context: typer.Context,
    scenario: Annotated[Path, typer.Argument(help="The scenario file, such as scenarios/met.yaml.")],
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUES",
            help="A key and its values: officers.total=280..360:20 or visits.announced_share=0.2,0.6. "
            "Repeated, every combination.",
        ),
    ] = None,
    list_file: Annotated[
        Path | None,
        typer.Option(
            "--list", metavar="FILE.csv", help="Instead of --vary: a column for each key, a row for each point."
        ),
    ] = None,
    metrics: Annotated[
        list[str] | None,
        typer.Option("--metric", help="What to show, as overdue_visits[high]. May be repeated; the tables hold all."),
    ] = None,
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
    """What comes of every value of a key, or of every combination of several?

    All points live through the same luck. What is run is kept, and used again: more points only cost what is new.
    """
    if vary and list_file:
        typer.echo("--vary and --list both name the points; give one of them.", err=True)
        raise typer.Exit(2)
    figures = [] if no_figures else ["sim.report.figures.sweep"]
    with progress_shown(context, many=True, afterwards=["sim.report.text.sweep", *figures]) as progress:
        from sim.studies.sweep import sweep as sweep_scenario
        from sim.studies.target import parsed_metric

        shown = [parsed_metric(metric) for metric in metrics or ["overdue_visits"]]
        found = sweep_scenario(
            scenario,
            vary or (),
            list_file=list_file,
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
            from sim.report.figures.sweep import save_sweep_figures

            save_sweep_figures(found, shown)

    if as_json:
        print_json(found.to_json())
    else:
        from sim.report.text.sweep import print_sweep

        print_sweep(found, shown)
        key, value = found.points.keys[0], found.points.values[-1][0]
        since = f" --from {from_}" if from_ else ""
        say_next(f"compare {quoted(scenario)} --set {key}={value}{since}")
    if found.failures:
        progress.say(f"{len(found.failures):,} replications failed and are left out; run the same command to retry.")
        raise typer.Exit(1)
