"""`validate`, `schema` and `new`: the commands about scenario files."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.common import From, Settings, Yes

if TYPE_CHECKING:
    from sim.scenario import Fault, Scenario


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for command in (validate, schema, new):
        app.command()(command)


def validate(
    scenarios: Annotated[list[Path], typer.Argument(metavar="SCENARIO...", help="Scenario files.")],
    settings: Settings = None,
    from_: From = None,
    yes: Yes = False,
) -> None:
    """Check scenario files: every fault, its line, its repair, how the register grows, and what a run takes."""
    from sim.scenario import ScenarioError, read
    from sim.scenario.settings import asked
    from sim.scenario.summary import balance_line, cautions, in_short

    faults = []
    changes = asked(settings or (), from_)
    for path in scenarios:
        try:
            scenario = read(path, changes).scenario
        except ScenarioError as error:
            faults += error.faults
            continue
        work, too_much = _work(path, scenario)
        if too_much and not yes:
            faults.append(too_much)
            continue
        typer.echo(f"fine: {path}: {in_short(scenario)}")
        typer.echo(f"  {balance_line(scenario)}")
        typer.echo(f"  {work}")
        for caution in cautions(scenario):
            typer.echo(f"warning: {path}: {caution}", err=True)
    if faults:
        raise ScenarioError(faults)


def _work(path: Path, scenario: Scenario) -> tuple[str, Fault | None]:
    """What a run of the scenario takes, in words, and that it is too much if it is."""
    from sim.experiment.estimate import effort, estimate, free_memory
    from sim.experiment.plan import cores
    from sim.report.progress import effort_words, too_much_words
    from sim.scenario.faults import Fault, Place, printable

    work, free = effort([(estimate(scenario), scenario.replications)], cores()), free_memory()
    words = f"run: {effort_words(work, min(cores(), scenario.replications))}"
    if not work.too_much(free):
        return words, None
    repair = "simulate a shorter period, a smaller force or fewer replications, or add --yes"
    return words, Fault(Place(printable(str(path))), f"{words}; {too_much_words(work, free)}; {repair}")


def schema(
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the JSON Schema to a file.")] = None,
    reference: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the reference page of all keys to a file.")
    ] = None,
    metrics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the page of all metrics to a file.")
    ] = None,
) -> None:
    """Print the JSON Schema, with which an editor helps to type, or write the pages made from definitions."""
    from sim.scenario.json_schema import json_schema_text
    from sim.scenario.reference import reference_page

    if out:
        _write(out, json_schema_text())
    if reference:
        _write(reference, reference_page())
    if metrics:
        from sim.measure.reference import metrics_page

        _write(metrics, metrics_page())
    if not (out or reference or metrics):
        typer.echo(json_schema_text(), nl=False)


def new(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; an existing file is left alone.", show_default=False)
    ] = None,
    teams: Annotated[int, typer.Option(min=1, max=2000, help="How many teams.")] = 3,
    caseload: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Write an empty caseload file, and a made-up example from which the new scenario then starts.",
        ),
    ] = None,
) -> None:
    """Write a first scenario, with a comment for each value, or a first caseload file."""
    import datetime as dt

    if file is None and caseload is None:
        raise typer.BadParameter(
            "Name the file to write: new FILE for a scenario, new --caseload FILE.csv for a caseload."
        )
    if caseload and caseload.suffix.lower() != ".csv":
        raise typer.BadParameter(f"{caseload}: it is written as CSV; let its name end with .csv.")
    example_file = caseload.with_stem(f"{caseload.stem}-example") if caseload else None
    for one in filter(None, (file, caseload, example_file)):
        if os.path.lexists(one):
            typer.echo(f"{one} is there already and is left as it is; choose another name.", err=True)
            raise typer.Exit(2)
    if file:
        from sim.scenario.starting import starting_scenario

        start_from = os.path.relpath(example_file, file.parent).replace(os.sep, "/") if example_file else None
        _write(file, starting_scenario(teams, dt.date.today(), start_from))
        typer.echo(f"Wrote {file}. Change it, then: python -m sim run {file}")
    if caseload and example_file:
        from sim.scenario.extract.example import example, template

        _write(caseload, template())
        _write(example_file, example(teams, dt.date.today()))
        where = f"{file} starts from the latter; change its caseload.file" if file else "Name it in a scenario"
        typer.echo(
            f"Wrote {caseload}, to be filled with one row for each offender, and {example_file}, an invented caseload "
            f"that shows how. {where}: caseload: {{file: {caseload.name}}}"
        )


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    if file.is_dir():
        typer.echo(f"{file} is a folder; name a file in it.", err=True)
        raise typer.Exit(2)
    try:
        partial = file.with_name(f".{file.name}.{os.getpid()}.part")
        try:
            partial.write_text(text, encoding="utf-8", newline="\n")
            os.replace(partial, file)
        finally:
            with contextlib.suppress(OSError):
                partial.unlink()
    except OSError as error:
        typer.echo(f"{file} cannot be written: {(error.strerror or '').lower()}; choose another place.", err=True)
        raise typer.Exit(2) from error
