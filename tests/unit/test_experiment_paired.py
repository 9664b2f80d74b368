"""What a plan changes, from pairs of histories: the difference, how sure it is, and what to say when it is not."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.experiment.paired import LESS, MORE, SAME, UNKNOWN, UNTOLD, differences, holm, replications_to_tell

NAN = float("nan")


def told(base, plan):
    """The one quantity of one plan."""
    return differences(histories(base), {"plan": histories(plan)})["plan"].iloc[0]


def histories(values):
    return pd.DataFrame({"overdue": values}, index=range(1, len(values) + 1), dtype=float)


def test_the_textbook_s_paired_t():
    base, plan = [10, 12, 9, 14, 11], [8, 11, 8, 11, 10]
    found = told(base, plan)
    textbook = stats.ttest_rel(plan, base)
    low, high = textbook.confidence_interval(0.95)
    assert (found["mean"], found["n"], found["verdict"]) == (-1.6, 5, LESS)
    assert (found["low"], found["high"], found["p"]) == pytest.approx((low, high, textbook.pvalue))
    assert (found["base"], found["plan"]) == pytest.approx((11.2, 9.6))


def test_nothing_changed_is_no_difference_and_not_a_doubt():
    found = told([3, 5, 8], [3, 5, 8])
    assert (found["mean"], found["low"], found["high"], found["verdict"]) == (0, 0, 0, SAME)
    assert math.isnan(found["would_do"])


def test_a_difference_lost_in_its_spread_cannot_be_told_and_says_what_would_do():
    found = told([10, 20, 30, 40], [12, 17, 36, 39])
    assert found["verdict"] == UNTOLD
    assert found["low"] < 0 < found["high"]
    assert 4 < found["would_do"] < 1000


def test_a_difference_of_zero_on_average_would_need_more_than_any_run_has():
    found = told([1, 2], [2, 1])
    assert (found["verdict"], found["would_do"]) == (UNTOLD, math.inf)


def test_one_pair_has_no_interval_and_no_verdict():
    found = told([10], [12])
    assert found["mean"] == 2
    assert math.isnan(found["low"])
    assert found["verdict"] == UNKNOWN
    assert told([10], [10])["verdict"] == SAME


def test_a_pair_counts_if_both_have_a_value():
    found = told([10, NAN, 12, 15], [11, 12, NAN, 17])
    assert (found["n"], found["mean"], found["base"], found["plan"]) == (2, 1.5, 12.5, 14)
    assert told([NAN, NAN], [1, 2])["verdict"] == UNKNOWN


def test_pairs_go_by_the_number_of_the_replication_not_by_the_row():
    base = histories([10, 20, 30])
    plan = histories([31, 21, 11]).set_axis([3, 2, 1])
    assert differences(base, {"plan": plan})["plan"]["mean"].iloc[0] == 1


def test_holm_as_in_the_textbook():
    adjusted, _ = holm(np.array([[0.01], [0.04], [0.03], [0.005]]))
    assert adjusted[:, 0] == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_counts_only_plans_that_have_a_value():
    adjusted, allowed = holm(np.array([[0.02, 0.02], [NAN, 0.9]]))
    assert adjusted[0] == pytest.approx([0.02, 0.04])
    assert allowed[0] == pytest.approx([0.05, 0.025])


def test_plans_that_differ_alike_are_told_alike():
    plans = {name: histories([8, 11, 8, 11, 10]) for name in ("one", "other")}
    one, other = differences(histories([10, 12, 9, 14, 11]), plans).values()
    pd.testing.assert_frame_equal(one, other)


def test_with_several_plans_interval_and_verdict_say_the_same():
    luck = np.random.default_rng(3)
    base = pd.DataFrame(luck.normal(50, 10, size=(12, 200)))
    plans = {str(shift): base + luck.normal(shift, 3, size=base.shape) for shift in (-3, 0, 1.5, 2.5)}
    for table in differences(base, plans).values():
        clear_of_zero = (table["low"] > 0) | (table["high"] < 0)
        assert (clear_of_zero == table["verdict"].isin([LESS, MORE])).all()


def test_plans_that_change_nothing_are_rarely_called_different_however_many_there_are():
    luck = np.random.default_rng(5)
    base = pd.DataFrame(luck.normal(50, 10, size=(20, 2000)))
    plans = {str(number): base + luck.normal(0, 3, size=base.shape) for number in range(6)}
    tables = differences(base, plans).values()
    mistaken = np.any([table["verdict"].isin([LESS, MORE]) for table in tables], axis=0).mean()
    assert mistaken == pytest.approx(0.05, abs=0.015)
    one_by_one = [differences(base, {name: plan})[name] for name, plan in plans.items()]
    assert np.any([table["verdict"].isin([LESS, MORE]) for table in one_by_one], axis=0).mean() > 0.2


def test_as_many_replications_as_it_says_do_tell_in_four_cases_of_five():
    mean, deviation = 2.0, 7.0
    wanted = replications_to_tell(mean, deviation)
    samples = np.random.default_rng(8).normal(mean, deviation, size=(4000, int(wanted)))
    told_apart = stats.ttest_1samp(samples, 0, axis=1).pvalue <= 0.05
    assert told_apart.mean() == pytest.approx(0.8, abs=0.02)


def test_a_sure_difference_needs_few_and_a_tiny_one_more_than_there_can_be():
    assert replications_to_tell(10, 1) < 5
    assert replications_to_tell(0.001, 10) == math.inf
    assert replications_to_tell(-2, 7) == replications_to_tell(2, 7)
