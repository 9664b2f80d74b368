"""`run`: simulate a scenario many times and say how big the backlog will be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="run")(run)


def run(
    context: typer.Context,
    scenario: Annotated[Path, typer.Argument(help="The scenario file, such as scenarios/met.yaml.")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change one value, as officers.total=320. May be repeated."),
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(min=1, max=100_000, help="How many histories to simulate; more make the answer surer."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**32 - 1, help="Another seed is other luck; the same gives the same.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes to share the work. Default: one per core. Changes no number.")
    ] = None,
    events: Annotated[bool, typer.Option("--events", help="Keep every event of every history as well.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where to keep the run. Default: a folder in results, another one for each scenario, seed and version "
            "of the program.",
        ),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start anew, replacing the run that is in the folder.")
    ] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures and make no page.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON and nothing else.")] = False,
) -> None:
    """How big will the backlog be, which risk does it hold, how old is its oldest item?

    Simulates the scenario many times, with different luck each time, and prints what to expect and how sure that
    is. Everything is kept in a folder; the same line again goes on from there, and more replications add to it.
    """
    from sim.experiment.errors import FolderError
    from sim.experiment.run import ReplicationsFailed, run_scenario
    from sim.report.progress import ProgressBar

    with ProgressBar(debug=context.find_root().params["debug"]) as progress:
        try:
            result = run_scenario(
                scenario,
                settings=settings or (),
                replications=replications,
                seed=seed,
                workers=workers,
                events=events,
                out=out,
                fresh=fresh,
                watcher=progress,
            )
            if not no_figures:
                progress.drawing()
                from sim.report.changes import keep_changes
                from sim.report.figures import keep_figures
                from sim.report.page_of_run import keep_page

                keep_figures(result)
                keep_changes(result, scenario, settings or ())
                keep_page(result)
        except FolderError as error:
            progress.say(str(error))
            raise typer.Exit(2) from error
        except ReplicationsFailed as error:
            progress.say(f"Nothing to sum up: {error}.")
            raise typer.Exit(1) from error
        except KeyboardInterrupt:
            progress.stopped()
            raise typer.Exit(130) from None

    if as_json:
        typer.echo(result.to_json())
    else:
        from sim.report.terminal import print_headline

        print_headline(result)
    if result.failures:
        progress.say(
            f"{len(result.failures):,} of {result.scenario.replications:,} replications failed and are left out; "
            "type the same line again to try them once more."
        )
        raise typer.Exit(1)
