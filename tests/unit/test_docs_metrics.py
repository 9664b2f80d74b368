"""The page of all metrics is what their definitions say."""

from pathlib import Path

import numpy as np
import pytest

from sim.cli import main
from sim.measure import METRICS, tabulate
from sim.measure.metric import GROUPS_BY
from sim.measure.reference import RENEW, metrics_page
from sim.model import simulate
from sim.scenario import read

REPOSITORY = Path(__file__).parents[2]


SHORT = ["end=2024-09-22", "levers=[]"]


def rows() -> dict[str, list[str]]:
    """The cells of the page's table by metric."""
    lines = [line for line in metrics_page().splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return {line[0].strip("`"): line[1:] for line in cells}


def test_the_page_is_up_to_date():
    page = (REPOSITORY / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert page == metrics_page(), f"docs/metrics.md is stale; renew it with: {RENEW}"


def test_the_command_named_writes_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("docs").mkdir()
    assert main(RENEW.removeprefix("python -m sim ").split()) == 0
    assert capsys.readouterr().out == ""
    assert Path("docs/metrics.md").read_text(encoding="utf-8") == metrics_page()


def test_every_metric_is_a_row_and_its_definition_a_sentence():
    assert rows().keys() == METRICS.keys()
    for name, metric in METRICS.items():
        assert metric.definition.endswith("."), name
        assert "|" not in metric.definition, name


def test_what_the_page_says_is_in_the_tables_and_nothing_else():
    scenario = read(REPOSITORY / "scenarios" / "operating-model" / "as-is.yaml", SHORT).scenario
    table = tabulate(scenario, simulate(scenario, 1))
    table = table[table["statistic"] != "team"]
    for name, (_, _, _, by, weekly, at_end, average) in rows().items():
        mine = table[table["metric"] == name]
        assert set(mine["group"]) == set(GROUPS_BY["nothing" if by == "–" else by])
        days = {"–": [], "at midnight": [0, 7, 14, 21], "of the week": [7, 14, 21]}[weekly]
        total = mine[mine["group"] == "total"]
        assert np.array_equal(total.loc[total["statistic"] == "week", "day"], days), name
        statistics = {"at_end": at_end, "average": average}
        assert {*total["statistic"]} - {"week"} == {key for key, said in statistics.items() if said == "yes"}, name


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("overdue_reviews", ["offenders", "lower", "risk", "at midnight", "yes", "yes"]),
        ("breach_detection_days", ["days", "lower", "risk", "of the week", "–", "yes"]),
        ("unmanaged_days", ["person-days", "lower", "grade", "of the week", "yes", "yes"]),
        ("crimes_per_investigator", ["crimes", "lower", "experience", "at midnight", "yes", "yes"]),
        ("crimes_open", ["crimes", "lower", "–", "at midnight", "yes", "yes"]),
        ("recovery_date", ["days", "lower", "risk", "–", "yes", "–"]),
    ],
)
def test_a_few_rows(name, cells):
    assert rows()[name][1:] == cells
