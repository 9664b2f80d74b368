"""`doctor`: is everything here that the program needs, and how to fix what is not."""

from __future__ import annotations

import os
import platform
import re
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

import sim
from sim.cli.output import NOT_MET
from sim.version import repair

PROJECT = "caseload-simulator"


def doctor(
    prepare: Annotated[
        bool,
        typer.Option("--prepare", help="Prepare the simulator now, so that the first run need not: half a minute."),
    ] = False,
) -> None:
    """Say what is missing on this machine and how to fix it."""
    typer.echo(f"{PROJECT:<16} {sim.__version__}")
    typer.echo(f"{'python':<16} {platform.python_version()}, {platform.system()} {platform.machine()}")
    problems = []
    project_file = Path(sim.__file__).parents[1] / "pyproject.toml"
    if project_file.exists():
        import tomllib

        needed = tomllib.loads(project_file.read_text(encoding="utf-8"))["project"]["dependencies"]
    else:
        needed = [line for line in metadata.requires(PROJECT) or [] if "extra ==" not in line]
    for line in needed:
        name, _, wanted = (part.strip() for part in line.partition(">="))
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = ""
        typer.echo(f"{name:<16} {found or 'missing'}")
        found_numbers, wanted_numbers = ([int(number) for number in re.findall(r"\d+", v)] for v in (found, wanted))
        if not found or found_numbers < wanted_numbers:
            problems.append(f"{name} {wanted} or later is needed: {repair()}")
    typer.echo(f"{'cores':<16} {len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()}")
    try:
        memory = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.1f} GB"
    except (AttributeError, ValueError, OSError):
        memory = "not known on this system"
    typer.echo(f"{'memory':<16} {memory}")
    if not problems:  # the compiled shift can be looked at only once all packages are here
        from sim.model.kernel import cache

        folder = cache.folder()
        if prepare and not cache.is_compiled():
            from sim.model.warm_up import warm_up
            from sim.report.progress import ProgressBar

            with ProgressBar() as progress:
                progress.on_compiling()
                warm_up(progress.on_compiling)
        missing = "not there yet: the first run compiles it, or `python -m sim doctor --prepare`"
        typer.echo(f"{'compiled code':<16} {folder}, {'ready' if cache.is_compiled() else missing}")
        if cache.problem():
            typer.echo(f"warning: {cache.problem()}", err=True)
        if not os.access(folder if folder.exists() else folder.parent, os.W_OK):
            another = "set CASELOAD_CACHE to a folder that can be"
            problems.append(f"{folder} cannot be written, so every run compiles anew: {another}")
    for problem in problems:
        typer.echo(f"missing: {problem}", err=True)
    if problems:
        raise typer.Exit(NOT_MET)
    typer.echo("Nothing is missing.")
