"""`staff`: how many officers does it take to meet a target by a date?"""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.answers import answer_command
from sim.cli.options import ScenarioFile, day
from sim.cli.output import quoted

if TYPE_CHECKING:
    from sim.studies.staffing import Staffing


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    answer_command(
        app,
        staff,
        next_command=_next,
        is_met=lambda staffing: staffing.found.answer is not None or not staffing.found.has_values,
    )


def _next(staffing: "Staffing", file: Path, since: str) -> str:
    if staffing.found.answer is None:
        return ""
    return f"compare {quoted(file)} --set {staffing.key}={staffing.found.answer}{since}"


def staff(
    scenario: ScenarioFile,
    target: Annotated[
        list[str] | None,
        typer.Option(
            help='The target: "overdue_visits_share <= 0.05" or "overdue_visits[high] <= 20". Repeated, all must be '
            "met in the same replication."
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
        str | None,
        typer.Option(metavar="A..B", help="The range to search. Default: from half to twice the present number."),
    ] = None,
    **options: Any,
) -> "Staffing":
    """How many officers does it take to meet a target by a date, in the share of replications that you ask for?

    Searches for the smallest number of officers that meets the target, using common random numbers, with at least 100
    replications near the answer, and shows which numbers cannot be ruled out. Ends with code 3 if even the highest
    number does not meet the target.
    """
    from sim.studies.staffing import staff

    return staff(scenario, target or (), by=by, confidence=confidence, vary=vary, between=between, **options)
