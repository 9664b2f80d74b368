"""How often does a comparison call a plan better or worse that is the base under another name?

Both sides are the same scenario with seeds of their own, drawn from a pool of replications, so every difference is
chance. Everything that terminal and page print is searched, for whatever measure.
"""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from sim.measure import tabulate
from sim.model import simulate
from sim.report.answers import print_answer
from sim.report.figures.style import Chart
from sim.report.pages import comparison as comparison_page
from sim.report.pages.comparison import comparison_report
from sim.report.pages.page import Drawing, Table, page
from sim.runs.summary import ReplicationsTable
from sim.scenario import Scenario
from sim.studies.compare import Comparison, compared

PAIRS = 10
VERDICT = re.compile(r"\b(better|worse)\b", re.IGNORECASE)
DIRECTION = re.compile(r"\b(fewer|more|smaller|larger|shorter|longer|lower|higher)\b", re.IGNORECASE)

TOWN = {
    "name": "Smalltown",
    "start": "2024-09-02",
    "end": "2024-12-01",
    "seed": 1,
    "teams": [{"name": "North", "officers": 2, "offenders": 100}],
    "officers": {"hours_per_week": 40, "available_share": 0.5},
    "caseload": {"risk_mix": {"low": 0.5, "medium": 0.3, "high": 0.18, "very_high": 0.02}, "overdue_at_start": 0.3},
    "visits": {
        "interval_days": {"low": 365, "medium": 182, "high": 91, "very_high": 30},
        "visit_hours": {"distribution": "lognormal", "mean": 2, "cv": 0.5},
        "travel_hours": 1,
        "no_contact": {"announced": 0.1, "unannounced": 0.3},
    },
    "reviews": {"interval_days": 365, "hours": 4},
    "drift": {"up_per_year": 0.2},
    "breaches": {"per_year": 0.3, "found_at_visit": {"announced": 0.2, "unannounced": 0.4}},
    "costs": {"officer_per_year": 60000},
}


@pytest.fixture(autouse=True)
def _undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the picture out, which takes long and says nothing that its words and its table do not."""

    def drawing(chart: Chart, tables: list[Table], *, with_tables: bool) -> Drawing:
        return Drawing("figure-differences", chart.title, chart.what, [], tables)

    monkeypatch.setattr(comparison_page, "chart_drawing", drawing)


@cache
def scenario() -> Scenario:
    return Scenario.model_validate(TOWN)


@cache
def pool(size: int) -> pd.DataFrame:
    """What so many replications come to, each with a seed of its own."""
    seeded = (scenario().model_copy(update={"seed": seed}) for seed in range(1, size + 1))
    tables = [tabulate(item, simulate(item, 1)) for item in seeded]
    return ReplicationsTable.of(tables).by_replication(range(size))


def comparison_of_equals(chance: np.random.Generator, size: int, plans: int = 1) -> Comparison:
    """The base against so many plans, all of them the same scenario."""
    drawn = pool(size).to_numpy()[chance.choice(size, (1 + plans) * PAIRS, replace=False)]
    alternatives = [
        pd.DataFrame(rows, range(1, PAIRS + 1), pool(size).columns) for rows in drawn.reshape(1 + plans, PAIRS, -1)
    ]
    labels = ["The base", *(f"Plan {number}" for number in range(1, plans + 1))]
    nowhere = [Path("results/none")] * len(labels)
    return compared(labels, [scenario()] * len(labels), nowhere, alternatives, nowhere[0])


def printed(comparison: Comparison) -> str:
    """Everything that terminal and page say, the words over the figure included."""
    screen = io.StringIO()
    print_answer(comparison, Console(file=screen, highlight=False))
    html = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page(comparison_report(comparison)), flags=re.DOTALL)
    return "\n".join([screen.getvalue(), html])


def false_verdicts(comparisons: int, size: int, plans: int = 1) -> int:
    chance = np.random.default_rng(20261128)
    return sum(bool(VERDICT.search(printed(comparison_of_equals(chance, size, plans)))) for _ in range(comparisons))


@pytest.mark.slow
def test_nothing_is_called_better_or_worse_more_often_than_once_in_fifteen() -> None:
    # Were the true rate 5 in 100, more than 12 of 100 would come once in a thousand times.
    found = false_verdicts(100, size=300)
    print(f"{found} of 100 comparisons of identical scenarios say better or worse")
    assert found <= 12


@pytest.mark.slow
def test_of_a_thousand_comparisons_of_identical_scenarios_at_most_65_say_better_or_worse() -> None:
    found = false_verdicts(1000, size=3000)
    print(f"{found} of 1,000 comparisons of identical scenarios say better or worse")
    assert found <= 65


def test_where_nothing_differs_clearly_the_page_says_so_and_names_no_direction() -> None:
    chance = np.random.default_rng(3)
    tried = [comparison_of_equals(chance, 300) for _ in range(5)]
    quiet = [comparison for comparison in tried if not VERDICT.search(printed(comparison))]
    assert quiet
    for comparison in quiet:
        assert "no clear difference" in printed(comparison)
        (plan,) = comparison.plans
        said = [str(sentence) for _, sentence in comparison_report(comparison).answer]
        assert not [sentence for sentence in said if DIRECTION.search(sentence.split(":")[0])]
        assert (plan.table["verdict"] != "not tested").sum() < len(plan.table)
