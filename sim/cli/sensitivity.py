"""`sensitivity`: which assumptions matter most to the result?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.answers import answer_command
from sim.cli.options import ScenarioFile
from sim.cli.output import quoted

if TYPE_CHECKING:
    from sim.studies.sensitivity import Sensitivity


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    answer_command(app, sensitivity, next_command=_next)


def _next(found: "Sensitivity", file: Path, since: str) -> str:
    return f"explain {quoted(file)} {found.effects.iloc[0]['key']}"


def sensitivity(
    scenario: ScenarioFile,
    metric: Annotated[str, typer.Option(help="The result in question, as overdue_visits[high].")] = "overdue_visits",
    average: Annotated[
        bool, typer.Option("--average", help="Its average over the period, not its value at the end.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Vary this assumption and no others. May be repeated."),
    ] = None,
    sobol: Annotated[
        bool, typer.Option("--sobol", help="Also the share of the variance due to each of the first few. Takes long.")
    ] = False,
    trajectories: Annotated[
        int, typer.Option(min=2, max=1000, help="Of Morris's screening; more tell small effects better apart.")
    ] = 6,
    **options: Any,
) -> "Sensitivity":
    """Which assumptions matter most to the result?

    Moves each assumption that has a range in the scenario through it, alone and together with the others, with the same
    random events everywhere, and ranks them by their effect. `explain` shows the result beside each assumption.
    """
    from sim.studies.sensitivity import sensitivity

    statistic = "average" if average else "at_end"
    return sensitivity(
        scenario, metric, statistic=statistic, only=only or (), sobol=sobol, trajectories=trajectories, **options
    )
