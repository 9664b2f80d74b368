"""`explain`: what a value of a scenario means, and what happened to one person in a run."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import From, Settings
from sim.cli.output import refuse, refuse_answer

RESULTS, ANALYSES = Path("results"), "sensitivity-*/effects.csv"
"""Where sensitivity analyses are saved, looked at before anything heavy is imported for them."""


def explain(
    what: Annotated[Path, typer.Argument(metavar="SCENARIO|RUN", help="A scenario file, or the folder of a run.")],
    key: Annotated[
        str | None,
        typer.Argument(help="Of a scenario: a key, such as visits.announced_share, or a section, such as visits."),
    ] = None,
    settings: Settings = None,
    from_: From = None,
    offender: Annotated[
        int | None, typer.Option(metavar="ID", help="Of a run: the story of one offender, by number.")
    ] = None,
    officer: Annotated[
        int | None, typer.Option(metavar="ID", help="Of a run: the diary of one officer, by number.")
    ] = None,
    longest_unseen: Annotated[
        bool, typer.Option("--longest-unseen", help="Of a run: the offender not seen for longest at its end, and why.")
    ] = False,
    replication: Annotated[
        int | None, typer.Option(metavar="K", help="Of a run: which replication. Default: the first.")
    ] = None,
) -> None:
    """Explain a key, its value and where it was set; or describe what happened in a run.

    What happened can be described if the run was made with `run --events`. Offenders and officers are numbered from 0.
    """
    of_run = [offender is not None, officer is not None, longest_unseen]
    if sum([key is not None, *of_run]) != 1:
        refuse("Ask one question: a KEY of a scenario, or of a run --offender ID, --officer ID or --longest-unseen.")
    if key is not None and replication is not None:
        refuse("--replication chooses a replication of a run; a key is the same in all of them. Leave it out.")
    if key is None and (settings or from_):
        refuse("--set changes a scenario, and a run is over: run the scenario with that --set, then ask again.")
    if (what / "answer.json").is_file() and not (key and (what / "scenario.yaml").is_file()):
        refuse_answer(what, "" if key is None else "scenario.yaml")

    if key is not None:
        from sim.runs.load import load
        from sim.scenario.explaining import explained
        from sim.scenario.settings import asked

        reading = load(what, settings=asked(settings or (), from_))
        typer.echo(explained(reading, key))
        if reading.scenario.assumptions and any(RESULTS.glob(ANALYSES)):
            from sim.report.text.influence import influence_lines

            for line in influence_lines(reading.scenario, key):
                typer.echo(line)
        return

    from sim.report.stories.diary import officer_diary
    from sim.report.stories.event_trace import EventTrace, NobodyThere
    from sim.report.stories.longest_unseen import longest_unseen as find_longest_unseen
    from sim.report.stories.longest_unseen import why_unseen
    from sim.report.stories.story import offender_story
    from sim.report.text.printing import INDENT, text_width
    from sim.runs.errors import FolderError
    from sim.runs.reopen import open_run

    try:
        trace = EventTrace.of(open_run(what), 1 if replication is None else replication)
        if officer is not None:
            lines = officer_diary(trace, officer)
        elif offender is not None:
            lines = offender_story(trace, offender)
        else:
            number = find_longest_unseen(trace)
            lines = [*why_unseen(trace, number), "", *offender_story(trace, number)]
    except (FolderError, NobodyThere) as error:
        refuse(str(error))
    for line in lines:
        typer.echo(textwrap.fill(line, text_width(), subsequent_indent=INDENT))
