"""`validate`, `schema` and `new`: the commands about scenario files."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Annotated

import typer

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one value, as officers.total=320. May be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for command in (validate, schema, new):
        app.command()(command)


def validate(
    scenarios: Annotated[list[Path], typer.Argument(metavar="SCENARIO...", help="Scenario files.")],
    settings: Settings = None,
) -> None:
    """Check scenario files: every fault, its line, its repair."""
    from sim.scenario import ScenarioError, read
    from sim.scenario.summary import cautions, in_short

    faults = []
    for path in scenarios:
        try:
            scenario = read(path, settings or ()).scenario
        except ScenarioError as error:
            faults += error.faults
            continue
        typer.echo(f"fine: {path}: {in_short(scenario)}")
        for caution in cautions(scenario):
            typer.echo(f"warning: {path}: {caution}", err=True)
    if faults:
        raise ScenarioError(faults)


def schema(
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the JSON Schema to a file.")] = None,
    reference: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the reference page of all keys to a file.")
    ] = None,
) -> None:
    """Print the JSON Schema, with which an editor helps to type."""
    from sim.scenario.json_schema import json_schema_text
    from sim.scenario.reference import reference_page

    if out:
        _write(out, json_schema_text())
    if reference:
        _write(reference, reference_page())
    if not out and not reference:
        typer.echo(json_schema_text(), nl=False)


def new(
    file: Annotated[Path, typer.Argument(help="Where to write it; an existing file is left alone.")],
    teams: Annotated[int, typer.Option(min=1, max=2000, help="How many teams.")] = 3,
) -> None:
    """Write a first scenario, with a comment for each value."""
    import datetime as dt

    from sim.scenario.starting import starting_scenario

    if os.path.lexists(file):
        typer.echo(f"{file} is there already and is left as it is; choose another name.", err=True)
        raise typer.Exit(2)
    _write(file, starting_scenario(teams, dt.date.today()))
    typer.echo(f"Wrote {file}. Change it, then: python -m sim run {file}")


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
