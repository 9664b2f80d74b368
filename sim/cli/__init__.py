"""The command line: it reads what was typed, calls the program, and turns every error into a line and an exit code.

Only typer is imported here; what a command needs it imports itself, so that `--help` answers at once.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from sim.cli.doctor import doctor
from sim.cli.explain import explain
from sim.cli.options import EachOptionOnce
from sim.cli.output import FAILED, FINE, STOPPED, YOUR_INPUT, lost, standard_streams
from sim.cli.report import report
from sim.cli.run import merge, run
from sim.cli.scenario_commands import new, schema, validate
from sim.cli.studies import add_studies

# No markup and no completion: plain text reads the same on every terminal and in every pipe.
app = typer.Typer(
    help="Simulates officers who manage registered sex offenders: how a backlog grows, and what would change it.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for before_studies in (run, merge):
    app.command()(before_studies)
add_studies(app)
for after_studies in (report, explain, validate, schema, new, doctor):
    app.command()(after_studies)
for command in app.registered_commands:
    command.cls = EachOptionOnce


@app.callback(invoke_without_command=True)
def _program(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="After an error, show where in the program it arose.")] = False,
) -> None:
    # --debug itself is looked for in `main`, which must know of it even when typer cannot read the line.
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    with standard_streams() as output:
        code = _run(arguments)
        output.flush()
        if message := lost(output):
            typer.echo(message, err=True)
            code = code or YOUR_INPUT
    return code


def _run(arguments: list[str]) -> int:
    try:
        return int(app(arguments, prog_name="python -m sim", standalone_mode=False) or FINE)
    except KeyboardInterrupt:
        return STOPPED
    except SystemExit as left:  # so typer leaves after a broken pipe, which was not our output: that never raises
        return _report(left.__context__ if isinstance(left.__context__, Exception) else RuntimeError("left early"))
    except Exception as error:
        if arguments[:1] == ["--debug"]:
            traceback.print_exc()
        return _report(error)


def _report(error: Exception) -> int:
    """Say on stderr what went wrong, and return the exit code for it."""
    if isinstance(error, typer.TyperException):
        context = getattr(error, "ctx", None)
        usage = f"`{context.command_path if context else 'python -m sim'} --help` shows how to write it."
        typer.echo(f"{error.format_message()}\n{usage}", err=True)
        return YOUR_INPUT
    if isinstance(error, ModuleNotFoundError):
        typer.echo(f"{error.name} is not installed; `python -m sim doctor` says how to fix it.", err=True)
        return FAILED
    from sim.scenario import ScenarioError

    if isinstance(error, ScenarioError):
        typer.echo(str(error), err=True)
        return YOUR_INPUT
    what = " ".join(f"{type(error).__name__}: {error}".split())
    typer.echo(f"Unexpected error in the program: {what}. Please report it.", err=True)
    typer.echo("Put --debug before the command, as in `python -m sim --debug run …`, to see where.", err=True)
    return FAILED
