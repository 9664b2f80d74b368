"""One form for every answer: how a run, a comparison, a sweep, a search and a sensitivity analysis are shown.

What an answer holds is in `sim.studies.answer.Answer`. Each kind has its summary in `sim.report.text`, its figures in
`sim.report.figures`, its page in `sim.report.pages` and its tables for a workbook in `sim.report.files`; nothing else
differs between them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.report.text.comparison import comparison_summary
from sim.report.text.findings import run_summary
from sim.report.text.printing import Block, plain_console, print_blocks, width_of
from sim.report.text.sensitivity import sensitivity_summary
from sim.report.text.staffing import staffing_summary
from sim.report.text.sweep import sweep_summary
from sim.runs.result import RunResult
from sim.studies.answer import Answer, AnswerFolder
from sim.studies.compare import Comparison
from sim.studies.sensitivity import Sensitivity
from sim.studies.staffing import Staffing
from sim.studies.sweep import Sweep

if TYPE_CHECKING:
    from rich.console import Console

    from sim.report.figures.style import Chart

SUMMARIES: dict[type, Callable[..., list[Block]]] = {
    RunResult: run_summary,
    Comparison: comparison_summary,
    Sweep: sweep_summary,
    Staffing: staffing_summary,
    Sensitivity: sensitivity_summary,
}


def print_answer(answer: Answer, console: Console | None = None, **options: Any) -> None:
    """Print the summary of an answer; of a run with the `settings` that were typed. Raises TypeError for no answer."""
    console = console or plain_console()
    console.width = width_of(console)
    print_blocks(_of(SUMMARIES, answer)(answer, console.width, **options), console)


def charts(answer: Answer) -> list[Chart]:
    """The figures of an answer, not yet drawn. Raises TypeError for no answer."""
    from sim.report.figures import differences, run, staffing, style, sweep, tornado

    def of_run(result: RunResult) -> list[Chart]:
        return [style.Chart(one.name, one.title, one.what, partial(style.drawn, one)) for one in run.pictures(result)]

    of_kind: dict[type, Callable[..., list[Chart]]] = {
        RunResult: of_run,
        Comparison: differences.comparison_charts,
        Sweep: sweep.sweep_charts,
        Staffing: staffing.staffing_charts,
        Sensitivity: tornado.sensitivity_charts,
    }
    return _of(of_kind, answer)(answer)


def _of(by_kind: dict[type, Callable[..., Any]], answer: Answer) -> Callable[..., Any]:
    if type(answer) not in by_kind:
        what = "give what run, open_run, compare, sweep, staff or sensitivity returned"
        raise TypeError(f"{type(answer).__name__} is no answer; {what}")
    return by_kind[type(answer)]


def save_figures(answer: Answer) -> None:
    """Draw the figures of an answer into its folder."""
    from sim.report.figures import style

    folder = AnswerFolder(answer.folder)
    for chart in charts(answer):
        figure = chart.on()
        folder.save_figure(chart.name, style.as_svg(figure), style.as_png(figure))


def save_report(answer: Answer) -> None:
    """Draw the figures of an answer into its folder, and write its page there."""
    from sim.report.pages import comparison, run

    if isinstance(answer, RunResult):
        from sim.report.figures.run import save_figures as save_run_figures

        save_run_figures(answer)
        run.save_page(answer)
        return
    save_figures(answer)
    if isinstance(answer, Comparison):
        comparison.save_page(answer)


def load_pages() -> None:
    """Import what `save_report` needs."""
    import sim.report.figures.differences
    import sim.report.pages.comparison
    import sim.report.pages.run  # noqa: F401
