"""`sweep`: what is the result for every value of a key, or for every combination of several?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.answers import answer_command
from sim.cli.options import ScenarioFile
from sim.cli.output import quoted, refuse

if TYPE_CHECKING:
    from sim.studies.sweep import Sweep


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    answer_command(app, sweep, next_command=_next)


def _next(found: "Sweep", file: Path, since: str) -> str:
    return f"compare {quoted(file)} --set {found.points.keys[0]}={found.points.values[-1][0]}{since}"


def sweep(
    scenario: ScenarioFile,
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
    **options: Any,
) -> "Sweep":
    """What is the result for every value of a key, or for every combination of several?

    All points are simulated with the same random events. Runs are saved and used again: only new points take time.
    """
    if vary and list_file:
        refuse("--vary and --list both name the points; give one of them.")
    from sim.studies.sweep import sweep

    return sweep(scenario, vary or (), list_file=list_file, metrics=metrics or ["overdue_visits"], **options)
