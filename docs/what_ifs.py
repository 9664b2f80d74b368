"""Renews what the README shows of the shipped scenarios: the first screen, the figure, and the tables of what-ifs.

python -m docs.what_ifs
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from rich.console import Console

from sim.report.answers import print_answer
from sim.report.figures.run import figures
from sim.report.figures.style import as_svg
from sim.report.progress import ProgressBar
from sim.report.text.words import PER_CENT, percent, plus_minus, whole
from sim.runs.intervals import Interval, interval
from sim.runs.result import RunResult
from sim.runs.run import run_scenario
from sim.scenario import Scenario

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
FIGURE = REPOSITORY / "docs" / "images" / "met-backlog.svg"

BASE = "met"
REMEDIES = {
    "More hours": ("more-officers", "overtime", "surge", "no-abstraction", "retention", "faster-recruitment"),
    "The same hours for something else": ("reactive", "relaxed-intervals", "own-plans", "desk-reviews", "lone-visits"),
    "Another way of working": ("unannounced", "varied-hours", "highest-risk-first", "cover"),
    "Nobody out of sight": ("escalation", "audit", "supervision", "training"),
    "If something gets worse": ("protest-weeks",),
}
"""The what-ifs by what they change; each is a file in `scenarios`."""

OUT_OF_SIGHT = {
    "Three years": (BASE, "escalation", "audit", "supervision", "training", "varied-hours"),
    "Ten years": ("ten-years",),
}
"""The scenarios to be asked for how long somebody goes unseen."""


class Replications(NamedTuple):
    """What the histories of a scenario came to: one row each, one column for each (metric, group, statistic)."""

    scenario: Scenario
    values: pd.DataFrame


Quantity = Callable[[Replications], pd.Series]
"""One number for each history."""


class Column(NamedTuple):
    """A column of a table: its heading, the quantity in each history, and how it is written.

    `against_base`: what is written is the difference to the base, history by history, as they share their luck.
    """

    heading: str
    quantity: Quantity
    words: Callable[[Interval], str]
    against_base: bool = False


def _metric(name: str, group: str = "total", statistic: str = "at_end") -> Quantity:
    return lambda histories: histories.values[name, group, statistic]


def _hours_a_week(histories: Replications) -> pd.Series:
    """Hours of officers, overtime and surge team, and of supervisors for checks, per week on average."""
    average = histories.values.xs("average", axis=1, level="statistic").xs("total", axis=1, level="group")
    return average["hours_worked"] + average["supervisor_hours"]


def _at_high_risk(histories: Replications) -> pd.Series:
    """Overdue visits of high and very high risk at the end."""
    at_end = histories.values.xs("at_end", axis=1, level="statistic")["overdue_visits"]
    return at_end["high"] + at_end["very_high"]


def more_or_less(value: Interval) -> str:
    """`+123 ±4`"""
    return plus_minus(value, signed=True)


def percent_and_play(value: Interval) -> str:
    """`71.8 % ±0.3`"""
    return plus_minus(value, percent, PER_CENT)


REMEDY_COLUMNS = (
    Column("hours a week", _hours_a_week, more_or_less, against_base=True),
    Column("overdue visits at the end", _metric("overdue_visits"), plus_minus),
    Column("of them high and very high risk", _at_high_risk, plus_minus),
    Column("oldest, days overdue", _metric("oldest_overdue_visit_days"), plus_minus),
    Column("risk coverage", _metric("risk_coverage", statistic="average"), percent_and_play),
)
UNSEEN_COLUMNS = (
    Column("high risk: longest unseen at the end, days", _metric("longest_unseen_days", "high"), plus_minus),
    Column("lost records at the end", _metric("lost_records"), plus_minus),
    Column("offenders known to be missing", _metric("offenders_missing"), plus_minus),
    Column("days to find a breach", _metric("breach_detection_days", statistic="average"), plus_minus),
)


def file_of(scenario: str) -> str:
    """Where a scenario stands."""
    return f"scenarios/{scenario}.yaml"


def replications_of(result: RunResult) -> Replications:
    """What each history of a run came to, at the end and on average."""
    return Replications(result.scenario, result.values())


def cells(columns: tuple[Column, ...], name: str, histories: Mapping[str, Replications]) -> list[str]:
    """The line of a scenario in a table."""
    found = []
    for column in columns:
        values = column.quantity(histories[name])
        if not column.against_base:
            found.append(column.words(interval(values.to_numpy())))
        elif name == BASE:
            found.append(whole(values.mean()))
        else:
            found.append(column.words(interval((values - column.quantity(histories[BASE])).to_numpy())))
    return found


def table(
    columns: tuple[Column, ...], groups: Mapping[str, tuple[str, ...]], histories: Mapping[str, Replications]
) -> str:
    """A line for each scenario and a column for each quantity, in Markdown, group by group."""
    lines = [["what if", *(column.heading for column in columns)], ["---", *("---:" for _ in columns)]]
    for group, names in groups.items():
        if group:
            lines.append([f"**{group}**", *("" for _ in columns)])
        for name in names:
            title = f"[{histories[name].scenario.name}]({file_of(name)})"
            lines.append([title, *cells(columns, name, histories)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def tables(histories: Mapping[str, Replications]) -> dict[str, str]:
    """The tables of the README by the name of their mark."""
    return {
        "what-ifs": table(REMEDY_COLUMNS, {"": (BASE,), **REMEDIES}, histories),
        "unseen": table(UNSEEN_COLUMNS, OUT_OF_SIGHT, histories),
    }


def screen(result: RunResult) -> str:
    """What a run prints, but for where it is kept."""
    out = io.StringIO()
    print_answer(result, Console(file=out, highlight=False))
    return f"```text\n{out.getvalue().split('Saved in')[0].strip()}\n```"


def renewed(page: str, name: str, text: str, file: Path = README) -> str:
    """The page of a file with the text between the marks of that name replaced."""
    marked = re.compile(rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    page, found = marked.subn(lambda marks: f"{marks[1]}\n{text}\n\n{marks[2]}", page)
    if found != 1:
        raise ValueError(f"{file.name} has {found} places marked {name!r}; one is wanted")
    return page


def scenarios_shown() -> tuple[str, ...]:
    """Every scenario that stands in a table, the base first."""
    named = [BASE, *(name for group in (*REMEDIES.values(), *OUT_OF_SIGHT.values()) for name in group)]
    return tuple(dict.fromkeys(named))


def simulated() -> dict[str, RunResult]:
    """The result of each scenario, in the folder where `run` would keep it."""
    with ProgressBar() as progress:
        return {name: run_scenario(file_of(name), listener=progress) for name in scenarios_shown()}


def main() -> None:
    """Simulate, write the figure, and put screen and tables into the README."""
    os.chdir(REPOSITORY)
    results = simulated()
    FIGURE.write_bytes(as_svg(dict(figures(results[BASE]))["backlog"]))
    page = renewed(README.read_text(encoding="utf-8"), "screen", screen(results[BASE]))
    histories = {name: replications_of(result) for name, result in results.items()}
    for name, text in tables(histories).items():
        page = renewed(page, name, text)
        print(f"{text}\n")
    README.write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
