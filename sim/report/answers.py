"""One form for every answer: how a run, a comparison, a sweep, a search and a sensitivity analysis are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from sim.report.text.comparison import comparison_summary
from sim.report.text.findings import run_summary
from sim.report.text.printing import Block, width_of
from sim.report.text.sensitivity import sensitivity_summary
from sim.report.text.staffing import staffing_summary
from sim.report.text.sweep import sweep_summary
from sim.runs.files import Files
from sim.runs.folder import FIGURES, PAGE, WORKBOOK
from sim.runs.result import RunResult
from sim.studies.answer import Answer
from sim.studies.compare import Comparison
from sim.studies.sensitivity import Sensitivity
from sim.studies.staffing import Staffing
from sim.studies.sweep import Sweep

if TYPE_CHECKING:
    from sim.report.figures.style import Chart, Picture
    from sim.report.pages.page import Report

SUMMARIES: dict[type, Callable[..., list[Block]]] = {
    RunResult: run_summary,
    Comparison: comparison_summary,
    Sweep: sweep_summary,
    Staffing: staffing_summary,
    Sensitivity: sensitivity_summary,
}


def print_answer(answer: Answer, console: Console | None = None) -> None:
    """Print the summary of an answer. Raises TypeError for no answer."""
    # Plain text: in a notebook rich would make a box of every line.
    console = console or Console(highlight=False, force_jupyter=False)
    console.width = width_of(console)
    for block in _of(SUMMARIES, answer)(answer, console.width):
        block.print(console)


def charts(answer: Answer) -> Sequence[Chart | Picture]:
    """The figures of an answer, not yet drawn. Raises TypeError for no answer."""
    return _makers(answer)[0](answer)


def _makers(answer: Answer) -> tuple[Callable[..., Any], ...]:
    """What makes the figures of an answer, its page and the sheets of its workbook."""
    from sim.report.figures import differences, staffing, sweep, tornado
    from sim.report.figures.run import pictures
    from sim.report.files import answer_sheets, workbook
    from sim.report.pages import answers, comparison, run

    of_kind: dict[type, tuple[Callable[..., Any], ...]] = {
        RunResult: (pictures, run.run_report, workbook.sheets),
        Comparison: (differences.comparison_charts, comparison.comparison_report, answer_sheets.comparison_sheets),
        Sweep: (sweep.sweep_charts, answers.sweep_report, answer_sheets.sweep_sheets),
        Staffing: (staffing.staffing_charts, answers.staffing_report, answer_sheets.staffing_sheets),
        Sensitivity: (tornado.sensitivity_charts, answers.sensitivity_report, answer_sheets.sensitivity_sheets),
    }
    return _of(of_kind, answer)  # type: ignore[no-any-return]


def _of(by_kind: dict[type, Any], answer: Answer) -> Any:
    if type(answer) not in by_kind:
        what = "give what run, open_run, compare, sweep, staff or sensitivity returned"
        raise TypeError(f"{type(answer).__name__} is no answer; {what}")
    return by_kind[type(answer)]


def save_figures(answer: Answer) -> None:
    from sim.report.figures.style import as_png, as_svg

    files = Files(answer.folder)
    for chart in charts(answer):
        figure = chart.on()
        files.write(f"{FIGURES}/{chart.name}.svg", as_svg(figure))
        files.write(f"{FIGURES}/{chart.name}.png", as_png(figure))


def save_report(answer: Answer, *, with_workbook: bool = True) -> dict[str, Path]:
    """Save the figures, the page and the workbook of an answer in its folder; of the latter two where they are."""
    from sim.report.pages.page import page

    save_figures(answer)
    report = _makers(answer)[1](answer)
    saved = {"Page": Files(answer.folder).write(PAGE, page(report).encode())}
    if with_workbook:
        saved["Workbook"] = save_workbook(answer, report)
    return saved


def save_workbook(answer: Answer, report: Report) -> Path:
    """Save the workbook of an answer in its folder, with what its page says first."""
    from sim.report.files.workbook import written_workbook

    answered = (f"{asked}. {sentence}" for asked, sentence in report.answer)
    intro = [report.lead, report.question, *answered, report.sure]
    content = written_workbook(report.title, intro, report.facts, _makers(answer)[2](answer))
    return Files(answer.folder).write(WORKBOOK, content)
