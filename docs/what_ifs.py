"""Renews what the README shows of the shipped scenarios: the first screen, the figure, and the table of what-ifs.

python -m docs.what_ifs
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from sim.experiment.result import RunResult
from sim.experiment.run import run_scenario
from sim.report.figures import figures
from sim.report.progress import ProgressBar
from sim.report.style import as_svg
from sim.report.terminal import print_headline
from sim.report.words import share_with_interval, tenths, whole, with_interval

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
FIGURE = REPOSITORY / "docs" / "images" / "met-backlog.svg"
BASE = "scenarios/met.yaml"
PLANS = ("scenarios/more-officers.yaml", "scenarios/unannounced.yaml", "scenarios/lone-visits.yaml")

MEASURES = {
    "overdue visits at the end": ("overdue_visits", "at_end", lambda value: with_interval(value, whole)),
    "risk coverage": ("risk_coverage", "average", share_with_interval),
    "oldest overdue visit, days": ("oldest_overdue_visit_days", "at_end", lambda value: with_interval(value, whole)),
    "days to find a breach": ("breach_detection_days", "average", lambda value: with_interval(value, whole)),
    "officer-hours for each contact": ("hours_per_contact", "average", lambda value: with_interval(value, tenths)),
}


def table(results: dict[str, RunResult]) -> str:
    """A line for each scenario and a column for each measure, in Markdown."""
    lines = [["what if", *MEASURES], ["---"] * (1 + len(MEASURES))]
    for file, result in results.items():
        cells = [words(result.value(metric, "total", statistic)) for metric, statistic, words in MEASURES.values()]
        lines.append([f"[{result.scenario.name}]({file})", *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def screen(result: RunResult) -> str:
    """What a run prints, but for where it is kept."""
    out = io.StringIO()
    print_headline(result, Console(file=out, highlight=False))
    return f"```text\n{out.getvalue().split('Kept in')[0].strip()}\n```"


def renewed(page: str, name: str, text: str) -> str:
    """The page with the text between the marks of that name replaced."""
    marked = re.compile(rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    page, found = marked.subn(lambda marks: f"{marks[1]}\n{text}\n\n{marks[2]}", page)
    if found != 1:
        raise ValueError(f"{README.name} has {found} places marked {name!r}; one is wanted")
    return page


def simulated(files: Sequence[str]) -> dict[str, RunResult]:
    """The result of each scenario, in the folder where `run` would keep it."""
    with ProgressBar() as progress:
        return {file: run_scenario(file, watcher=progress) for file in files}


def main() -> None:
    """Simulate, write the figure, and put screen and table into the README."""
    os.chdir(REPOSITORY)
    results = simulated((BASE, *PLANS))
    FIGURE.write_bytes(as_svg(dict(figures(results[BASE]))["backlog"]))
    page = renewed(README.read_text(encoding="utf-8"), "screen", screen(results[BASE]))
    README.write_text(renewed(page, "what-ifs", table(results)), encoding="utf-8", newline="\n")
    print(table(results))


if __name__ == "__main__":
    main()
