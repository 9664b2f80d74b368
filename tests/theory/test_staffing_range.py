"""The range that `staff` prints holds the true number; in full with `python -m tests.theory.staffing_range`."""

import pytest

from tests.theory.staffing_range import judged, pool_of


@pytest.mark.slow
def test_the_range_holds_the_true_number_and_is_narrow():
    held, width, words = judged(pool_of(1_200), searches=100)
    assert held >= 92, words
    assert width <= 5, words
