"""`compare`: is a plan better than the base, by how much, and how sure is that?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import AnswerFolder, AsJson, From, NoFigures, Replications, Seed, Workers, Yes, quoted, say_next
from sim.cli.output import print_json
from sim.cli.telling import progress_shown


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="compare")(compare)


def compare(
    context: typer.Context,
    base: Annotated[Path, typer.Argument(metavar="BASE", help="A scenario file, or the folder of a run.")],
    plans: Annotated[
        list[Path] | None, typer.Argument(metavar="PLAN...", help="Scenario files, or folders of runs.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="One more plan, without a file: the base with this value, as officers.total=150. May be repeated.",
        ),
    ] = None,
    from_: From = None,
    settings_for_all: Annotated[
        list[str] | None,
        typer.Option("--set-all", metavar="KEY=VALUE", help="Change one value in the base and in every plan."),
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(
            "--measure",
            metavar="METRIC",
            help="The measure that alone carries a verdict, as overdue_visits[high]. Default: overdue_visits.",
        ),
    ] = None,
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    out: AnswerFolder = None,
    yes: Yes = False,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Is a plan better than the base, by how much, and how sure is that?

    All are simulated with the same random events, so any difference is due to the plan. What is run is kept, and used
    again.
    """
    figures = [] if no_figures else ["sim.report.figures.differences", "sim.report.pages.comparison"]
    with progress_shown(context, afterwards=["sim.report.text.comparison", *figures]) as progress:
        from sim.studies.compare import compare as compare_scenarios

        comparison = compare_scenarios(
            base,
            plans or (),
            settings=settings or (),
            from_=from_,
            settings_for_all=settings_for_all or (),
            measure=measure,
            replications=replications,
            seed=seed,
            workers=workers,
            out=out,
            listener=progress,
        )
        if not no_figures:
            progress.drawing()
            from sim.report.figures.differences import save_differences
            from sim.report.pages.comparison import save_page

            save_differences(comparison)
            save_page(comparison)

    if as_json:
        print_json(comparison.to_json())
    else:
        from sim.report.text.comparison import print_comparison

        print_comparison(comparison)
    if comparison.failures:
        progress.say(f"{len(comparison.failures):,} replications failed; their pairs are left out.")
        raise typer.Exit(1)
    if not as_json and base.is_file():
        since = f" --from {from_}" if from_ else ""
        say_next(f'staff {quoted(base)} --target "overdue_visits_share <= 0.05"{since}')
