"""`compare`: is a plan better than the base, by how much, and how certain is that?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.answers import answer_command
from sim.cli.output import quoted

if TYPE_CHECKING:
    from sim.studies.compare import Comparison


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    answer_command(app, compare, next_command=_next, many=False)


def _next(found: "Comparison", file: Path, since: str) -> str:
    if not file.is_file():
        return ""
    return f'staff {quoted(file)} --target "overdue_visits_share <= 0.05"{since}'


def compare(
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
    **options: Any,
) -> "Comparison":
    """Is a plan better than the base, by how much, and how certain is that?

    All are simulated with the same random events, so any difference is due to the plan. Runs are saved and used again.
    """
    from sim.studies.compare import compare

    return compare(
        base, plans or (), settings=settings or (), settings_for_all=settings_for_all or (), measure=measure, **options
    )
