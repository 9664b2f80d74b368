"""Renews what the documents show of the shipped scenarios: the screen and figure of the README, the what-if tables.

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
from sim.report.figures.run import backlog
from sim.report.figures.style import as_svg
from sim.report.progress import ProgressBar
from sim.runs.intervals import PER_CENT, SAME_IN_ALL, Interval, Style, interval, percent, precision_of, whole
from sim.runs.result import RunResult
from sim.runs.run import run_scenario
from sim.scenario import Scenario

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
WHAT_IFS = REPOSITORY / "docs" / "what-ifs.md"
NOT_SEEN = REPOSITORY / "docs" / "not-seen-for-years.md"
FIGURE = REPOSITORY / "docs" / "images" / "met-backlog.svg"

BASE = "met"
REMEDIES = {
    "More hours": ("more-officers", "overtime", "surge", "no-abstraction", "retention", "faster-recruitment"),
    "The same hours for something else": ("reactive", "relaxed-intervals", "own-plans", "desk-reviews", "lone-visits"),
    "Another way of working": ("unannounced", "varied-hours", "highest-risk-first", "cover"),
    "Keeping offenders in sight": ("escalation", "audit", "supervision", "training"),
    "If something gets worse": ("protest-weeks",),
}
"""The what-ifs by what they change; each is a file in `scenarios`."""

OUT_OF_SIGHT = {
    "Three years": (BASE, "escalation", "audit", "supervision", "training", "varied-hours"),
    "Ten years": ("ten-years",),
}
"""The scenarios of the table of offenders not seen for years."""


class Replications(NamedTuple):
    """The values of a scenario's replications: one row each, one column for each (metric, group, statistic)."""

    scenario: Scenario
    values: pd.DataFrame


Quantity = Callable[[Replications], pd.Series]
"""One number for each replication."""


class Column(NamedTuple):
    """A column of a table: its heading, the quantity in each replication, and how it is written.

    `against_base`: the cell holds the paired difference from the base, with common random numbers.
    """

    heading: str
    quantity: Quantity
    words: Callable[[Interval], str]
    against_base: bool = False


def _metric(name: str, group: str = "total", statistic: str = "at_end") -> Quantity:
    return lambda replications: replications.values[name, group, statistic]


def _hours_a_week(replications: Replications) -> pd.Series:
    """Hours of officers, overtime and surge team, and of supervisors for checks, per week on average."""
    average = replications.values.xs("average", axis=1, level="statistic").xs("total", axis=1, level="group")
    return average["hours_worked"] + average["supervisor_hours"]


def _at_high_risk(replications: Replications) -> pd.Series:
    """Overdue visits of high and very high risk at the end."""
    at_end = replications.values.xs("at_end", axis=1, level="statistic")["overdue_visits"]
    return at_end["high"] + at_end["very_high"]


def plus_minus(value: Interval, style: Style = whole, unit: str = "", *, signed: bool = False) -> str:
    """`1,234 ±46`, `60.1% ±0.4`, or a difference with its sign: `−310 ±52`; no half-width is written as 0."""
    if value.mean is None:
        return "–"
    sign = ("+" if value.mean >= 0 else "−") if signed else ""
    mean = f"{sign}{style(abs(value.mean))}{unit}"
    if value.all_equal:
        return f"{mean} ({SAME_IN_ALL} {value.n:,})"
    if value.low is None or value.high is None:
        return mean
    half = (value.high - value.low) / 2
    if half >= precision_of(style) / 2:
        return f"{mean} ±{style(half)}"
    return f"{mean} ±{half * (100 if style is percent else 1):.1g}"


def more_or_less(value: Interval) -> str:
    """`+123 ±4`"""
    return plus_minus(value, signed=True)


def percent_plus_minus(value: Interval) -> str:
    """`71.8% ±0.3`"""
    return plus_minus(value, percent, PER_CENT)


REMEDY_COLUMNS = (
    Column("hours a week", _hours_a_week, more_or_less, against_base=True),
    Column("overdue visits at the end", _metric("overdue_visits"), plus_minus),
    Column("of them high and very high risk", _at_high_risk, plus_minus),
    Column("oldest, days overdue", _metric("oldest_overdue_visit_days"), plus_minus),
    Column("risk coverage", _metric("risk_coverage", statistic="average"), percent_plus_minus),
)
UNSEEN_COLUMNS = (
    Column("high risk: longest unseen at the end, days", _metric("longest_unseen_days", "high"), plus_minus),
    Column("lost records at the end", _metric("lost_records"), plus_minus),
    Column("offenders known to be missing", _metric("offenders_missing"), plus_minus),
    Column("days to find a breach", _metric("breach_detection_days", statistic="average"), plus_minus),
)


def file_of(scenario: str) -> str:
    """The path of a shipped scenario."""
    return f"scenarios/{scenario}.yaml"


def replications_of(result: RunResult) -> Replications:
    """The values of each replication of a run, at the end and on average."""
    return Replications(result.scenario, result.values())


def cells(columns: tuple[Column, ...], name: str, replications: Mapping[str, Replications]) -> list[str]:
    """The line of a scenario in a table."""
    found = []
    for column in columns:
        values = column.quantity(replications[name])
        if not column.against_base:
            found.append(column.words(interval(values.to_numpy())))
        elif name == BASE:
            found.append(whole(values.mean()))
        else:
            found.append(column.words(interval((values - column.quantity(replications[BASE])).to_numpy())))
    return found


def table(
    columns: tuple[Column, ...], groups: Mapping[str, tuple[str, ...]], replications: Mapping[str, Replications]
) -> str:
    """A line for each scenario and a column for each quantity, in Markdown, group by group."""
    lines = [["what if", *(column.heading for column in columns)], ["---", *("---:" for _ in columns)]]
    for group, names in groups.items():
        if group:
            lines.append([f"**{group}**", *("" for _ in columns)])
        for name in names:
            title = f"[{replications[name].scenario.name}](../{file_of(name)})"
            lines.append([title, *cells(columns, name, replications)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def tables(replications: Mapping[str, Replications]) -> dict[str, str]:
    """The tables by the name of their place."""
    return {
        "what-ifs": table(REMEDY_COLUMNS, {"": (BASE,), **REMEDIES}, replications),
        "unseen": table(UNSEEN_COLUMNS, OUT_OF_SIGHT, replications),
    }


def screen(result: RunResult) -> str:
    """The answer that a run prints, without the folder it is saved in."""
    out = io.StringIO()
    print_answer(result, Console(file=out, highlight=False))
    return f"```text\n{out.getvalue().split('Saved in')[0].strip()}\n```"


def renewed(page: str, name: str, text: str, file: Path = README) -> str:
    """The page of a file with the text of that place replaced."""
    place = re.compile(rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    page, found = place.subn(lambda ends: f"{ends[1]}\n{text}\n\n{ends[2]}", page)
    if found != 1:
        raise ValueError(f"{file.name} has {found} places named {name!r}; one is expected")
    return page


def rewrite(file: Path, name: str, text: str) -> None:
    """Write the text into that place of a file."""
    page = renewed(file.read_text(encoding="utf-8"), name, text, file)
    file.write_text(page, encoding="utf-8", newline="\n")


def scenarios_shown() -> tuple[str, ...]:
    """Every scenario of the tables, the base first."""
    named = [BASE, *(name for group in (*REMEDIES.values(), *OUT_OF_SIGHT.values()) for name in group)]
    return tuple(dict.fromkeys(named))


def simulated() -> dict[str, RunResult]:
    """The result of each scenario, in the folder that `run` would use."""
    with ProgressBar() as progress:
        return {name: run_scenario(file_of(name), listener=progress) for name in scenarios_shown()}


def main() -> None:
    """Simulate all scenarios, draw the figure, and write the screen and the tables into their pages."""
    os.chdir(REPOSITORY)
    results = simulated()
    FIGURE.write_bytes(as_svg(backlog(results[BASE]).on()))
    rewrite(README, "screen", screen(results[BASE]))
    found = tables({name: replications_of(result) for name, result in results.items()})
    rewrite(WHAT_IFS, "what-ifs", found["what-ifs"])
    rewrite(NOT_SEEN, "unseen", found["unseen"])


if __name__ == "__main__":
    main()
