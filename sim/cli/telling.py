"""How the commands that simulate show their progress, print a result, and turn what goes wrong into an exit code."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sim.report.progress import ProgressBar
    from sim.runs.result import RunResult


@contextlib.contextmanager
def progress_shown(
    context: typer.Context, *, many: bool = False, afterwards: Sequence[str] = ()
) -> Iterator[ProgressBar]:
    """A progress bar on stderr; what the user or the disk got wrong is said there, with the exit code it deserves.

    With `many` there is one bar for many runs. The modules that are needed `afterwards` are loaded while workers load.
    """
    wanted = context.params
    if wanted.get("workers", 1) != 1 and not wanted.get("cluster") and not wanted.get("only"):
        from sim.runs.worker_processes import begin_loading

        begin_loading()  # first of all, as it goes on while this process loads what it needs itself
    from sim.report.progress import ProgressBar
    from sim.report.progress_many import ManyRuns
    from sim.runs.cluster import ClusterError
    from sim.runs.errors import FolderError, ReplicationsFailed, TooMuchWork
    from sim.runs.parts import PartError
    from sim.runs.precision import UntilError

    debug = context.find_root().params["debug"]
    kind = ManyRuns if many else ProgressBar
    with kind(debug=debug, afterwards=afterwards, agreed=wanted.get("yes", False)) as progress:
        try:
            yield progress
        except (FolderError, PartError, UntilError, ClusterError, TooMuchWork) as error:
            progress.say(str(error))
            raise typer.Exit(2) from error
        except ReplicationsFailed as error:
            progress.say(f"Nothing to sum up: {error}.")
            raise typer.Exit(1) from error
        except KeyboardInterrupt:
            progress.stopped()
            raise typer.Exit(130) from None
    _renew_index()


def _renew_index() -> None:
    """List what was found in the index of the results; a disk that has no room for it spoils nothing."""
    from sim.report.pages.index import renew_index
    from sim.runs.errors import FolderError

    with contextlib.suppress(FolderError):
        renew_index()


def draw(result: RunResult, progress: ProgressBar, scenario: Path | None = None, settings: Sequence[str] = ()) -> None:
    """Draw the figures of a run into its folder, and make its page; with what it changes, if its file is given."""
    progress.drawing()
    from sim.report.figures.run import save_figures
    from sim.report.files.changes import save_changes
    from sim.report.pages.run import save_page

    with result.files.leases.summing_up():
        save_figures(result)
        if scenario:
            save_changes(result, scenario, settings)
        save_page(result)


def print_result(result: RunResult, settings: Sequence[str] = ()) -> None:
    """The headline of a run with what was set for it, and how precise it is if that was asked."""
    from sim.report.text.terminal import print_headline

    print_headline(result, settings=settings)
    if result.precision:
        from sim.report.text.precision import precision_sentence

        typer.echo(f"\n{precision_sentence(result.precision)}")
