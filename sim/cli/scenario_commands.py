"""`validate`, `schema` and `new`: the commands about scenario files."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import From, Settings, Yes
from sim.cli.output import quoted, refuse, say_next

if TYPE_CHECKING:
    from sim.scenario.template import FirstTeam

SCHEMA = Path(__file__).parents[2] / "docs" / "scenario.schema.json"
"""With which an editor helps to type a scenario."""


def validate(
    scenarios: Annotated[list[Path], typer.Argument(metavar="SCENARIO...", help="Scenario files.")],
    settings: Settings = None,
    from_: From = None,
    yes: Yes = False,
) -> None:
    """Check scenario files: every fault, its line, its repair, how the register grows, and what a run takes."""
    from sim.report.text.effort import effort_words, too_much_words
    from sim.runs.estimate import effort, estimate
    from sim.runs.load import load
    from sim.runs.machine import cores, free_memory
    from sim.scenario import ScenarioError
    from sim.scenario.settings import as_typed, asked
    from sim.scenario.source.faults import Fault, Place, sanitise
    from sim.scenario.summary import balance_line, scenario_warnings, summary_line

    faults = []
    changes = asked(settings or (), from_)
    for path in scenarios:
        try:
            scenario = load(path, settings=changes).scenario
        except ScenarioError as error:
            faults += error.faults
            continue
        work, free = effort([(estimate(scenario), scenario.replications)], cores()), free_memory()
        words = f"run: {effort_words(work, min(cores(), scenario.replications))}"
        if work.too_much(free) and not yes:
            repair = "simulate a shorter period, a smaller force or fewer replications, or add --yes"
            faults.append(Fault(Place(sanitise(str(path))), f"{words}; {too_much_words(work, free)}; {repair}"))
            continue
        typer.echo(f"fine: {path}: {summary_line(scenario)}")
        typer.echo(f"  {balance_line(scenario)}")
        typer.echo(f"  {words}")
        for warning in scenario_warnings(scenario):
            typer.echo(f"warning: {path}: {warning}", err=True)
    if faults:
        raise ScenarioError(faults)
    if len(scenarios) == 1:
        say_next(shlex.join(["run", str(scenarios[0]), *as_typed(changes)]))


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
    from sim.scenario.reference import json_schema_text, reference_page

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
    file: Annotated[Path | None, typer.Argument(help="Where to write it; an existing file is left alone.")] = None,
    teams: Annotated[int | None, typer.Option(min=1, max=2000, help="How many teams. Default: 3.")] = None,
    officers: Annotated[
        int | None,
        typer.Option(min=0, max=100_000, help="Officers of the force. Default: one for 50 offenders."),
    ] = None,
    offenders: Annotated[
        int | None,
        typer.Option(min=0, max=1_000_000, help="Offenders. Default: 50 an officer."),
    ] = None,
    caseload: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A filled caseload file, from whose teams, officers and offenders the scenario starts. If FILE.csv is "
            "not there: write it empty, and a made-up example from which the scenario starts.",
        ),
    ] = None,
) -> None:
    """Write a first scenario, with a comment for each value, or a first caseload file."""
    if file is None and caseload is None:
        problem = "Name the file to write: new FILE for a scenario, new --caseload FILE.csv for a caseload."
        raise typer.BadParameter(problem)
    filled = caseload if caseload and os.path.lexists(caseload) else None
    if filled and file is None:
        problem = f"{filled} is there already; name the scenario that is to start from it"
        raise typer.BadParameter(f"{problem}: new FILE --caseload {filled}")
    sizes = {"--teams": teams, "--officers": officers, "--offenders": offenders}
    typed = [name for name, number in sizes.items() if number is not None]
    if filled and typed:
        raise typer.BadParameter(f"{filled} says what is in it; leave {' and '.join(typed)} out.")
    if caseload and not filled and caseload.suffix.lower() != ".csv":
        raise typer.BadParameter(f"{caseload}: it is written as CSV; let its name end with .csv.")
    if file:
        _must_be_new(file)
    if caseload and not filled:
        _new_caseload(file, caseload, teams or 3, typed[1:] if teams else typed)
    elif file and filled:
        from sim.scenario.caseload_file.new import surveyed

        found, remarks = surveyed(filled)
        _write_scenario(file, found, filled)
        for remark in remarks:
            typer.echo(f"warning: {filled}: {remark}", err=True)
    elif file:
        from sim.scenario.template import alike_teams

        _write_scenario(file, alike_teams(teams or 3, officers, offenders), None)


def _new_caseload(file: Path | None, caseload: Path, teams: int, too_much: Sequence[str]) -> None:
    """Write an empty caseload file, an invented one as an example, and a scenario that starts from the example."""
    from sim.scenario.caseload_file.new import example
    from sim.scenario.template import INVENTED_OFFICERS, INVENTED_PER_TEAM, alike_teams

    if too_much:
        problem = f"{caseload} is not there, and the invented one has a size of its own"
        raise typer.BadParameter(f"{problem}; leave {' and '.join(too_much)} out.")
    example_file = caseload.with_stem(f"{caseload.stem}-example")
    _must_be_new(example_file)
    if file:
        size = (teams * INVENTED_OFFICERS, teams * INVENTED_PER_TEAM)
        _write_scenario(file, alike_teams(teams, *size), example_file, show_next=False)
    _write(caseload, example(0, dt.date.today()))
    _write(example_file, example(teams, dt.date.today()))
    typer.echo(
        f"Wrote {caseload}, to be filled with one row for each offender, and {example_file}, an invented caseload that "
        "shows how."
    )
    if file:
        typer.echo(f"{file} starts from the invented one; when yours is filled, write its name after caseload.file.")
        say_next(f"validate {quoted(file)}")
    else:
        typer.echo("When it is filled:")
        say_next(f"new my-force.yaml --caseload {quoted(caseload)}")


def _write_scenario(file: Path, teams: Sequence[FirstTeam], starts_from: Path | None, show_next: bool = True) -> None:
    """Write a first scenario, and say what is to be changed in it and what comes next."""
    from sim.scenario.template import CHANGE_FIRST, scenario_template, size_in_words

    first = scenario_template(
        teams,
        dt.date.today(),
        file=file.name if file.is_absolute() else file.as_posix(),
        caseload_file=_from_folder_of(file, starts_from) if starts_from else None,
        schema=_from_folder_of(file, SCHEMA) if SCHEMA.is_file() else None,
    )
    _write(file, first.text)
    typer.echo(f"Wrote {file}: {size_in_words(teams)}.")
    typer.echo("Change first, as only your force knows it:")
    for key, line in first.lines.items():
        typer.echo(f"  line {line:>3}: {CHANGE_FIRST[key]}")
    if show_next:
        say_next(f"validate {quoted(file)}")


def _from_folder_of(file: Path, other: Path) -> str | None:
    """The name of another file as it is written in this one; nothing if no such way leads there."""
    try:
        return Path(os.path.relpath(other.resolve(), file.parent.resolve())).as_posix()
    except ValueError:  # another drive
        return None


def _must_be_new(file: Path) -> None:
    if os.path.lexists(file):
        refuse(f"{file} is there already and is left as it is; choose another name.")


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    if file.is_dir():
        refuse(f"{file} is a folder; name a file in it.")
    partial = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        os.replace(partial, file)
    except OSError as error:
        refuse(f"{file} cannot be written: {(error.strerror or '').lower()}; choose another place.")
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
