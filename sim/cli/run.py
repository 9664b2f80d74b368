"""`run`: simulate a scenario many times and say how big the backlog will be; `merge`: summarise parts of a run."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.answers import print_run, progress_shown, save_run
from sim.cli.options import From, NoFigures, Replications, ScenarioFile, Seed, Settings, Workers, Yes
from sim.cli.output import FAILED, NOT_MET, print_json, quoted, say_next

if TYPE_CHECKING:
    from sim.runs.result import RunResult


def run(
    context: typer.Context,
    scenario: ScenarioFile,
    settings: Settings = None,
    from_: From = None,
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    events: Annotated[bool, typer.Option("--events", help="Save every event of every replication as well.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where to save the run. Default: a folder in results, another one for each scenario, seed and version "
            "of the program.",
        ),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start anew, replacing the run in the folder; not a part of it.")
    ] = False,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="'METRIC ±BOUND'",
            help="Add replications until the 95% confidence interval is as narrow as that: 'overdue_visits ±2' or "
            "±5%; of a risk level 'overdue_visits[high] ±2'; also +-.",
        ),
    ] = None,
    max_replications: Annotated[
        int | None,
        typer.Option(min=2, max=100_000, metavar="N", help="With --until: the most replications. Default: 1,000."),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER/OF",
            help="Only every OF-th replication: 2/8 on the second of eight machines that share the folder of --out.",
        ),
    ] = None,
    only: Annotated[
        int | None,
        typer.Option(min=1, metavar="K", help="Only replication K, in this process; --debug shows where it fails."),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Simulate on the workers of a Dask cluster: the address of its scheduler, tcp://…"
        ),
    ] = None,
    yes: Yes = False,
    no_figures: NoFigures = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON and nothing else.")] = False,
) -> None:
    """How big will the backlog be, which risk does it hold, how old is its oldest item?

    Simulates the scenario many times, with different random events each time, and prints what to expect and how certain
    that is. Everything is saved in a folder. Run the same command again to continue, or with more replications to add
    to them.
    """
    with progress_shown(context) as progress:
        from sim.runs.parts import part_of
        from sim.runs.run import run_part_of, run_scenario

        own = ("scenario", "settings", "shard", "only", "yes", "no_figures", "as_json")
        common: dict[str, Any] = {name: value for name, value in context.params.items() if name not in own}
        common |= {"settings": settings or (), "listener": progress}
        result: RunResult | None
        if part := part_of(shard, only):
            done = run_part_of(scenario, part, **common)
            result, failures, wanted = done.whole, done.failures, len(done.done) + len(done.failures)
        else:
            done = None
            result = run_scenario(scenario, **common)
            failures, wanted = result.failures, result.replications + len(result.failures)
        if result and not no_figures:
            save_run(result, progress)

    if result:
        print_json(result.to_json()) if as_json else print_run(result)
    elif done:
        from sim.report.text.parts import part_json, part_sentence

        print_json(part_json(done)) if as_json else typer.echo(part_sentence(done))
    if failures:
        progress.say(
            f"Failed and left out: {len(failures):,} of {wanted:,} replications; "
            "run the same command again to try them once more, or with --only K to try one by itself."
        )
        raise typer.Exit(FAILED)
    if result and not as_json:
        from sim.scenario.settings import as_typed, dated

        typed = as_typed(dated(settings or (), from_)) or ["--set", "KEY=VALUE"]
        say_next(f"compare {quoted(scenario)} {shlex.join(typed)}")
    if result and result.precision and not result.precision.met:
        raise typer.Exit(NOT_MET)


def merge(
    context: typer.Context,
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER", help="Folders of one run.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where to put the whole; several folders stay as they are."),
    ] = None,
    no_figures: NoFigures = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON and nothing else.")] = False,
) -> None:
    """Summarise the replications that are there, of a run in shards or one that was stopped.

    Folders of the same run from machines without a shared disk are combined in another folder.
    """
    with progress_shown(context) as progress:
        from sim.runs.reopen import merge, to_json

        merged = merge(folders, out)
        if not no_figures:
            save_run(merged.result, progress)
    if as_json:
        print_json(to_json(merged))
    else:
        print_run(merged.result)
    if merged.missing:
        from sim.report.text.parts import missing_sentence

        of, command = merged.result.replications + len(merged.missing), merged.result.files.command()
        progress.say(missing_sentence(merged.missing, of, command))
        raise typer.Exit(NOT_MET)
