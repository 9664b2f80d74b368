"""What several commands share: their options, and what becomes of what goes wrong on the way."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.report.progress import ProgressBar

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one value, as officers.total=320. May be repeated."),
]
Replications = Annotated[
    int | None, typer.Option(min=1, max=100_000, help="How many histories of each; more make the answer surer.")
]
Seed = Annotated[
    int | None, typer.Option(min=0, max=2**32 - 1, help="Another seed is other luck; the same gives the same.")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes to share the work. Default: one per core. Changes no number.")
]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")]


@contextlib.contextmanager
def working(context: typer.Context, *, many: bool = False) -> Iterator[ProgressBar]:
    """Progress on stderr while something is simulated; a line and an exit code for whatever ends it early.

    With `many` there is one bar for many runs.
    """
    from sim.experiment.errors import FolderError, ReplicationsFailed
    from sim.report.progress import ProgressBar
    from sim.report.progress_many import ManyRuns

    with (ManyRuns if many else ProgressBar)(debug=context.find_root().params["debug"]) as progress:
        try:
            yield progress
        except FolderError as error:
            progress.say(str(error))
            raise typer.Exit(2) from error
        except ReplicationsFailed as error:
            progress.say(f"Nothing to tell: {error}.")
            raise typer.Exit(1) from error
        except KeyboardInterrupt:
            progress.stopped()
            raise typer.Exit(130) from None
