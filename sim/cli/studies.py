"""`compare`, `sweep`, `staff` and `sensitivity`: the commands that answer a question from many runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.answers import answer_command
from sim.cli.options import ScenarioFile
from sim.cli.output import refuse

if TYPE_CHECKING:
    from sim.studies.compare import Comparison
    from sim.studies.sensitivity import Sensitivity
    from sim.studies.staffing import Staffing
    from sim.studies.sweep import Sweep


def add_studies(app: typer.Typer) -> None:
    """Add the commands, each with the command that may follow its answer, and what that one is to ask."""

    def after_staff(staffing: "Staffing") -> str:
        return "" if staffing.found.answer is None else f"--set {staffing.key}={staffing.found.answer}"

    def is_met(staffing: "Staffing") -> bool:
        return staffing.found.answer is not None or not staffing.found.has_values

    answer_command(app, compare, "staff", lambda _: '--target "overdue_visits_share <= 0.05"', many=False)
    answer_command(app, sweep, "compare", lambda found: f"--set {found.points.keys[0]}={found.points.values[-1][0]}")
    answer_command(app, staff, "compare", after_staff, is_met)
    answer_command(app, sensitivity, "explain", lambda found: found.effects.iloc[0]["key"])


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
        str | None,
        typer.Option(metavar="DATE", help="By when, as 2027-03-31. Default: the end."),
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
        int, typer.Option(min=2, max=1000, help="Of Morris's screening; more separate small effects better.")
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
