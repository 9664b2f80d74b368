"""Answers in a notebook: the words that the command line prints, and the figures, each with its finding in words."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import Any

from sim.report.answers import charts, print_answer
from sim.studies.answer import Answer
from sim.studies.sweep import Sweep
from sim.studies.target import parsed_metric


@dataclass(frozen=True)
class NotebookFigure:
    """A figure as a notebook displays it. `title` is its finding, also the text for those who cannot see it."""

    title: str
    png: bytes

    def __repr__(self) -> str:
        return f"<Figure: {self.title}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        data = {"image/png": base64.b64encode(self.png).decode(), "text/plain": repr(self)}
        return data, {"image/png": {"alt": self.title, "width": 800}}


def print_summary(answer: Answer, *metrics: str) -> None:
    """Print an answer as the command line does; of a sweep with these `metrics`, such as `overdue_visits[high]`."""
    print_answer(_with(answer, metrics))


def plot(answer: Answer, what: str = "") -> NotebookFigure:
    """The figure of an answer, for a notebook to display.

    `what` is, of a run, `backlog` (the default), `coverage`, `overdue_age` or `workload`; of a sweep a metric, such as
    `overdue_visits[high]`. The other answers have one figure each. Raises ValueError if there is none.
    """
    from sim.report.figures.style import as_png

    drawn = charts(_with(answer, [what] if what else []))
    if what and not isinstance(answer, Sweep):
        names = ", ".join(chart.name for chart in drawn)
        drawn = [chart for chart in drawn if chart.name == what]
        if not drawn:
            raise ValueError(f"{what}: there is no such figure; this answer has {names}")
    if not drawn:
        which = "a sweep is drawn over one key in numbers, or over two that fill a grid; its .table holds every point"
        raise ValueError(f"{what or 'this answer'}: there is no such figure; {which}")
    return NotebookFigure(drawn[0].title, as_png(drawn[0].on()))


def _with(answer: Answer, metrics: Any) -> Answer:
    if metrics and isinstance(answer, Sweep):
        return replace(answer, metrics=tuple(map(parsed_metric, metrics)))
    return answer
