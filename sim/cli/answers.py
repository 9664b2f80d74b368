"""What all commands that simulate do: show their progress, save and print an answer, and end with an exit code."""

from __future__ import annotations

import contextlib
import inspect
import shlex
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.options import AnswerOut, AsJson, From, NoFigures, Replications, Seed, Settings, Workers, Yes
from sim.cli.output import FAILED, NOT_MET, STOPPED, YOUR_INPUT, print_json, quoted, say_next

if TYPE_CHECKING:
    from sim.report.progress import ProgressBar
    from sim.runs.result import RunResult
    from sim.studies.answer import Answer

OPTIONS = {
    "settings": (Settings, None),
    "from_": (From, None),
    "replications": (Replications, None),
    "seed": (Seed, None),
    "workers": (Workers, None),
    "out": (AnswerOut, None),
    "yes": (Yes, False),
    "no_figures": (NoFigures, False),
    "as_json": (AsJson, False),
}
"""What every question takes beside its own arguments: the kind of each option and its default."""


def answer_command(
    app: typer.Typer,
    ask: Callable[..., Any],
    following: str,
    rest: Callable[[Any], str],
    is_met: Callable[[Any], bool] = lambda _: True,
    many: bool = True,
) -> None:
    """Add a command that answers a question: `ask`, with its own arguments and `OPTIONS`, returns the answer.

    `following` is the command that may come next; `rest` gives what is typed after its scenario file, by the answer.
    With `many` one bar shows the progress of all runs. Ends with code 3 unless `is_met`.
    """
    parameters = [each for each in inspect.signature(ask).parameters.values() if each.kind != each.VAR_KEYWORD]
    first, names = parameters[0], {each.name for each in parameters}
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for name, (kind, default) in OPTIONS.items()
        if name not in names
    ]

    def command(context: typer.Context, **arguments: Any) -> None:
        _yes, no_figures, as_json = (arguments.pop(name) for name in ("yes", "no_figures", "as_json"))
        arguments["settings"] = arguments["settings"] or ()
        with progress_shown(context, many=many) as progress:
            found: Answer = ask(**arguments, listener=progress)
            if not no_figures:
                from sim.report.answers import save_report

                progress.drawing()
                save_report(found)
        if as_json:
            print_json(found.to_json())
        else:
            from sim.report.answers import print_answer

            print_answer(found)
        if found.failures:
            failed = f"Failed and left out: {len(found.failures):,} of all replications"
            progress.say(f"{failed}; run the same command again to try once more.")
            raise typer.Exit(FAILED)
        file, words = arguments[first.name], rest(found)
        if words and not as_json and file.is_file():
            say_next(f"{following} {quoted(file)} {words}{_settings_carried(following, **arguments)}")
        if not is_met(found):
            raise typer.Exit(NOT_MET)

    context_first = inspect.Parameter("context", first.kind, annotation=typer.Context)
    command.__signature__ = inspect.Signature([context_first, *parameters])  # type: ignore[attr-defined]
    command.__doc__ = ask.__doc__
    app.command(name=ask.__name__)(command)


def _settings_carried(
    following: str, settings: Sequence[str], from_: str | None, settings_for_all: Sequence[str] = (), **_: Any
) -> str:
    """What was set for the whole answer, and from when, as the command that follows takes it."""
    from sim.scenario.settings import as_typed, dated

    since, words = ["--from", from_] if from_ else [], as_typed(dated(settings, from_))
    if following == "staff":  # after a comparison, whose --set is one of its plans
        words = as_typed(settings_for_all or ()) or since
    elif following == "compare":
        words = [word for text in dated(settings, from_) for word in ("--set-all", text)] + since
    return "".join(f" {word}" for word in map(shlex.quote, words))


@contextlib.contextmanager
def progress_shown(context: typer.Context, *, many: bool = False) -> Iterator[ProgressBar]:
    """A progress bar on stderr, one for `many` runs; it also prints errors of the user or the disk, with exit codes."""
    wanted = context.params
    if wanted.get("workers", 1) != 1 and not wanted.get("cluster") and not wanted.get("only"):
        from sim.runs.worker_processes import begin_loading

        begin_loading()  # first of all, as it goes on while this process loads what it needs itself
    from sim.report.pages.index import renew_index
    from sim.report.progress import ProgressBar
    from sim.runs.cluster import ClusterError
    from sim.runs.errors import FolderError, OptionError, ReplicationsFailed, TooMuchWork

    def load_report() -> None:
        """Load what comes after the simulation while the workers load, so that nobody waits for it at the end."""
        import sim.report.answers

        if not wanted.get("no_figures"):
            import sim.report.pages.comparison  # noqa: F401  (with all other pages, and the figures)

    debug = context.find_root().params["debug"]
    with ProgressBar(many=many, debug=debug, afterwards=load_report, agreed=wanted.get("yes", False)) as progress:
        try:
            yield progress
        except (FolderError, OptionError, ClusterError, TooMuchWork) as error:
            progress.say(str(error))
            raise typer.Exit(YOUR_INPUT) from error
        except ReplicationsFailed as error:
            progress.say(f"No completed replications to summarise: {error}.")
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt:
            progress.stopped()
            raise typer.Exit(STOPPED) from None
    with contextlib.suppress(FolderError):  # where the disk has no room for the index, the answer is still whole
        renew_index()


def save_run(result: RunResult, progress: ProgressBar) -> None:
    from sim.report.answers import save_report

    with result.files.leases.summing_up():
        progress.drawing()
        save_report(result, with_workbook=False)


def print_run(result: RunResult) -> None:
    from sim.report.answers import print_answer

    print_answer(result)
    if result.precision:
        from sim.report.text.precision import precision_sentence

        typer.echo(f"\n{precision_sentence(result.precision)}")
