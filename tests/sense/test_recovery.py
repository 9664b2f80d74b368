"""The recovery date on backlogs drawn by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.measure import METRICS
from sim.model import codes

OVERDUE_OF_100 = {
    "from the first day": ([5, 4, 3, 2], 0),
    "at the target is recovered": ([6, 5, 5, 5], 7),
    "after three weeks": ([9, 8, 6, 5, 1], 21),
    "not for good": ([3, 3, 9, 4, 4], 21),
    "back above at the very end": ([3, 3, 3, 6], np.nan),
    "only at the very end": ([9, 9, 9, 1], 21),
    "never": ([9, 9, 9, 9], np.nan),
    "one day": ([4], 0),
}


def recovery(overdue: list[list[int]], on_list: list[list[int]], target: float = 0.05) -> np.ndarray:
    """The recovery date, for the total and each level of risk, of a backlog reported week by week."""
    stocks = {codes.OVERDUE_VISITS: np.array(overdue, float), codes.ON_VISIT_LIST: np.array(on_list, float)}
    counts = SimpleNamespace(
        days=7.0 * np.arange(len(overdue[0])),
        stock=stocks.get,
        stock_days=stocks.get,
        scenario=SimpleNamespace(target=SimpleNamespace(overdue_visits_share=target)),
    )
    return METRICS["recovery_date"].compute(counts).at_end


@pytest.mark.parametrize("story", OVERDUE_OF_100)
def test_recovered_is_the_first_week_after_which_the_share_stays_down(story):
    overdue, expected = OVERDUE_OF_100[story]
    assert recovery([overdue], [[100] * len(overdue)]) == pytest.approx([expected], nan_ok=True)


def test_each_level_of_risk_recovers_by_itself():
    found = recovery([[9, 5, 5], [1, 1, 1], [9, 9, 9]], [[100] * 3] * 3)
    assert found == pytest.approx([7, 0, np.nan], nan_ok=True)


def test_a_stricter_target_is_met_later():
    overdue, on_list = [[9, 7, 5, 3, 1]], [[100] * 5]
    dates = [recovery(overdue, on_list, target)[0] for target in (0.09, 0.07, 0.06, 0.03, 0.01)]
    assert dates == [0, 7, 14, 21, 28]


def test_with_nobody_to_visit_nothing_is_overdue():
    assert recovery([[0, 0, 0]], [[0, 0, 0]])[0] == 0
    assert recovery([[9, 0, 0]], [[10, 0, 0]])[0] == 7
