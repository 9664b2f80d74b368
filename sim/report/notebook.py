"""Answers in a notebook: the words that the command line prints, and the figures, each with its finding in words."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from rich.console import Console

from sim.report.figures import style
from sim.runs.result import RunResult
from sim.studies.compare import Comparison
from sim.studies.sensitivity import Sensitivity
from sim.studies.staffing import Staffing
from sim.studies.sweep import Sweep
from sim.studies.target import parsed_metric

Answer = RunResult | Comparison | Sweep | Staffing | Sensitivity
WIDTH_PIXELS = 800
_FIGURES_OF_A_RUN = ("backlog", "coverage", "overdue_age", "workload")


@dataclass(frozen=True)
class Shown:
    """A figure as a notebook displays it. `title` is what it finds, also for those who cannot see it."""

    title: str
    png: bytes

    def __repr__(self) -> str:
        return f"<Figure: {self.title}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        picture = base64.b64encode(self.png).decode()
        look = {"alt": self.title, "width": WIDTH_PIXELS}
        return {"image/png": picture, "text/plain": repr(self)}, {"image/png": look}


def tell(answer: Answer, *metrics: str) -> None:
    """Print an answer as the command line does; of a sweep with these `metrics`, such as `overdue_visits[high]`."""
    # In a notebook rich would make a box of every line; plain text reads as it does on a terminal.
    console = Console(force_jupyter=False, force_terminal=False, highlight=False)
    if isinstance(answer, RunResult):
        from sim.report.text.terminal import print_headline

        print_headline(answer, console)
    elif isinstance(answer, Comparison):
        from sim.report.text.comparison import print_comparison

        print_comparison(answer, console)
    elif isinstance(answer, Sweep):
        from sim.report.text.sweep import print_sweep

        print_sweep(answer, [parsed_metric(metric) for metric in metrics or ("overdue_visits",)], console)
    elif isinstance(answer, Staffing):
        from sim.report.text.staffing import print_staffing

        print_staffing(answer, console)
    elif isinstance(answer, Sensitivity):
        from sim.report.text.sensitivity import print_sensitivity

        print_sensitivity(answer, console)
    else:
        raise TypeError(_no_answer(answer))


def show(answer: Answer, what: str = "") -> Shown:
    """The figure of an answer, for a notebook to display.

    `what` is, of a run, `backlog` (unless another is named), `coverage`, `overdue_age` or `workload`; of a sweep a
    metric, such as `overdue_visits[high]`. The other answers have one figure each. Raises ValueError if there is none.
    """
    if isinstance(answer, RunResult):
        figures = _of_run(answer, what or "backlog")
    elif isinstance(answer, Sweep):
        figures = _of_sweep(answer, what or "overdue_visits")
    elif isinstance(answer, Answer):
        figures = _of_another(answer)
    else:
        raise TypeError(_no_answer(answer))
    with style.in_style():
        figure = next(figures, None)
    if figure is None:
        raise ValueError(f"{what or 'this answer'}: there is no such figure; {_figures_of(answer)}")
    return Shown(" ".join(figure.texts[0].get_text().split()), style.as_png(figure))


def _of_run(result: RunResult, what: str) -> Iterator[Figure]:
    from sim.report.figures.run import pictures

    return (style.drawn(picture) for picture in pictures(result) if picture.name == what)


def _of_sweep(sweep: Sweep, metric: str) -> Iterator[Figure]:
    from sim.report.figures.sweep import sweep_figures

    return (figure for _, figure in sweep_figures(sweep, [parsed_metric(metric)]))


def _of_another(answer: Comparison | Staffing | Sensitivity) -> Iterator[Figure]:
    if isinstance(answer, Comparison):
        from sim.report.figures.differences import differences_figure

        yield differences_figure(answer)
    elif isinstance(answer, Staffing):
        from sim.report.figures.staffing import staffing_figure

        yield staffing_figure(answer)
    else:
        from sim.report.figures.tornado import tornado

        yield tornado(answer)


def _figures_of(answer: Answer) -> str:
    if isinstance(answer, RunResult):
        return f"a run has {', '.join(_FIGURES_OF_A_RUN)}"
    return "a sweep is drawn over one key in numbers, or over two that fill a grid; its .table holds every point"


def _no_answer(given: object) -> str:
    return (
        f"{type(given).__name__} is no answer; give what run, open_run, compare, sweep, staff or sensitivity returned"
    )
