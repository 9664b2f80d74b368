"""Renews the table of operating models in docs/investigations.md: the effect of each on investigations and caseload.

python -m docs.operating_model
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from docs.what_ifs import REPOSITORY, Quantity, Replications, plus_minus, replications_of, rewrite
from sim.report.progress import ProgressBar
from sim.runs.intervals import PER_CENT, interval, percent, whole
from sim.runs.run import run_scenario

PAGE = REPOSITORY / "docs" / "investigations.md"

BASE = "as-is"
ALTERNATIVES = ("triage-for-all", "joint-teams", "central-team", "officers-moved")


class Column(NamedTuple):
    """A column of the table: its heading, the quantity in each replication, and whether it is a share."""

    heading: str
    quantity: Quantity
    is_share: bool = False


def _metric(name: str, group: str = "total", statistic: str = "average") -> Quantity:
    return lambda replications: replications.values[name, group, statistic]


COLUMNS = (
    Column("digital forensics: devices at the end", _metric("digital_forensics_devices", statistic="at_end")),
    Column("unmanaged person-days a week", _metric("unmanaged_days")),
    Column("no further action", _metric("no_further_action_share"), is_share=True),
    Column(
        "inexperienced with more than 25 crimes",
        _metric("overloaded_investigators_share", "inexperienced"),
        is_share=True,
    ),
    Column("days to a crime's outcome", _metric("crime_days")),
    Column("overdue visits at the end", _metric("overdue_visits", statistic="at_end")),
)


def file_of(scenario: str) -> str:
    """The path of a shipped operating model."""
    return f"scenarios/operating-model/{scenario}.yaml"


def table(replications: Mapping[str, Replications]) -> str:
    """A line for each operating model, in Markdown: the base as it is, the others by how they differ from it."""
    lines = [["operating model", *(column.heading for column in COLUMNS)], ["---", *("---:" for _ in COLUMNS)]]
    for name in (BASE, *ALTERNATIVES):
        cells = [f"[{replications[name].scenario.name}](../{file_of(name)})"]
        for column in COLUMNS:
            values = column.quantity(replications[name])
            if name != BASE:  # paired, with common random numbers
                values = values - column.quantity(replications[BASE])
            style, unit = (percent, PER_CENT) if column.is_share else (whole, "")
            cells.append(plus_minus(interval(values.to_numpy()), style, unit, signed=name != BASE))
        lines.append(cells)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Simulate all of them and write the table into its page."""
    os.chdir(REPOSITORY)
    results = {}
    for name in (BASE, *ALTERNATIVES):
        with ProgressBar() as progress:
            results[name] = run_scenario(file_of(name), listener=progress)
    rewrite(PAGE, "operating models", table({name: replications_of(result) for name, result in results.items()}))


if __name__ == "__main__":
    main()
