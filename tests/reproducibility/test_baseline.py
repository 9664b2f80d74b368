"""Some scenarios give the numbers of results/baseline.json; if they do not, this prints which and by how much."""

from __future__ import annotations

import json

import pytest
from baseline import BASELINE, METRICS, RENEW, REPLICATIONS, Numbers, differences, measured


@pytest.fixture(scope="module")
def before() -> dict[str, Numbers]:
    return json.loads(BASELINE.read_text())


@pytest.mark.parametrize("scenario_file", REPLICATIONS)
def test_the_numbers_are_what_they_were(scenario_file: str, before: dict[str, Numbers]):
    changed = differences(measured(scenario_file), before[scenario_file])
    if len(changed):
        pytest.fail(
            f"{scenario_file}: {len(changed)} of {len(before[scenario_file])} numbers have changed.\n"
            f"{changed.to_string(index=False)}\n"
            f"If that was meant, renew the baseline with: {RENEW}",
            pytrace=False,
        )


def test_the_baseline_holds_the_main_metrics_by_risk(before: dict[str, Numbers]):
    assert list(before) == list(REPLICATIONS)
    for numbers in before.values():
        assert {name.split()[0] for name in numbers} == set(METRICS)
        assert {"overdue_visits total at_end", "overdue_visits very_high average"} <= set(numbers)
        assert sum(mean is not None and mean != 0 for mean in numbers.values()) > 0.9 * len(numbers)


def test_a_difference_is_reported_by_name_and_size():
    before = {"same": 1.0, "noise": 1.0, "moved": 10.0, "gone": 1.0, "unknown": None, "found": None}
    now = {"same": 1.0, "noise": 1.0 + 1e-12, "moved": 11.0, "unknown": None, "found": 2.0, "new": 3.0}
    shown = differences(now, before)
    assert shown.number.tolist() == ["moved", "gone", "found", "new"]
    assert shown.change.tolist() == ["+10.00%", "", "", ""]
