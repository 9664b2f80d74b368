"""What a plan changes, from pairs of replications: the difference, how sure it is, and what to say when it is not."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.studies.paired import (
    FEW,
    LESS,
    MORE,
    NOT_CLEAR,
    SAME,
    UNKNOWN,
    UNTESTED,
    differences,
    holm,
    least_replications_needed,
    replications_needed,
)

NAN = float("nan")


def shown(base, plan):
    """The one quantity of one plan."""
    return differences(replications(base), {"plan": replications(plan)})["plan"].iloc[0]


def replications(values):
    return pd.DataFrame({"overdue": values}, index=range(1, len(values) + 1), dtype=float)


def test_the_textbook_s_paired_t():
    base, plan = [10, 12, 9, 14, 11], [8, 11, 9, 11, 8]
    found = shown(base, plan)
    textbook = stats.ttest_rel(plan, base)
    low, high = textbook.confidence_interval(0.95)
    assert (found["mean"], found["n"], found["verdict"]) == (-1.8, 5, LESS)
    assert (found["low"], found["high"], found["p"]) == pytest.approx((low, high, textbook.pvalue))
    assert (found["base"], found["plan"]) == pytest.approx((11.2, 9.4))


def test_nothing_changed_is_no_difference_and_not_a_doubt():
    found = shown([3, 5, 8], [3, 5, 8])
    assert (found["mean"], found["verdict"]) == (0, SAME)
    assert found[["low", "high"]].isna().all()  # no interval of no width


def test_a_difference_that_all_pairs_share_needs_six_of_them():
    # Five tosses alike come once in 16, six once in 32.
    assert shown([10] * 5, [12] * 5)["verdict"] == NOT_CLEAR
    found = shown([10] * 6, [12] * 6)
    assert (found["mean"], found["verdict"]) == (2, MORE)
    assert found["p"] == 2 / 2**6
    assert found[["low", "high"]].isna().all()


def test_only_what_is_to_be_tested_has_a_verdict():
    base = pd.DataFrame({"one": [10, 12, 9, 14, 11.0], "other": [10, 12, 9, 14, 11.0]})
    found = differences(base, {"plan": base.sub([1, 2, 3, 2, 1], axis=0)}, tested=["one"])["plan"]
    assert found["verdict"].to_dict() == {"one": LESS, "other": UNTESTED}
    assert found.loc["one", "low"] == found.loc["other", "low"]


def test_of_a_quantity_that_few_replications_have_only_the_count_is_shown():
    values, others = [1, 2, NAN, NAN, NAN, 3, NAN, 4], [2, 2, NAN, NAN, NAN, 5, NAN, 3]
    found = shown(values, others)
    assert (found["verdict"], found["n"], found["pairs"]) == (FEW, 4, 8)


def test_a_difference_lost_in_its_spread_is_not_clear():
    found = shown([10, 20, 30, 40], [12, 17, 36, 39])
    assert found["verdict"] == NOT_CLEAR
    assert found["low"] < 0 < found["high"]


def test_one_pair_has_no_interval_and_no_verdict():
    found = shown([10], [12])
    assert found["mean"] == 2
    assert math.isnan(found["low"])
    assert found["verdict"] == UNKNOWN
    assert shown([10], [10])["verdict"] == SAME


def test_a_pair_counts_if_both_have_a_value():
    found = shown([10, NAN, 12, 15], [11, 12, NAN, 17])
    assert (found["n"], found["mean"], found["base"], found["plan"]) == (2, 1.5, 12.5, 14)
    assert found["verdict"] == FEW
    assert shown([NAN, NAN], [1, 2])["verdict"] == UNKNOWN


def test_pairs_go_by_the_number_of_the_replication_not_by_the_row():
    base = replications([10, 20, 30])
    plan = replications([31, 21, 11]).set_axis([3, 2, 1])
    assert differences(base, {"plan": plan})["plan"]["mean"].iloc[0] == 1


def test_holm_as_in_the_textbook():
    adjusted, _ = holm(np.array([[0.01], [0.04], [0.03], [0.005]]))
    assert adjusted[:, 0] == pytest.approx([0.03, 0.06, 0.06, 0.02])


@pytest.mark.slow
def test_holm_as_statsmodels_has_it():
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    raw = np.random.default_rng(6).uniform(0, 0.1, size=(5, 40))
    adjusted, allowed = holm(raw)
    for column in range(40):
        rejected, theirs, *_ = multitest.multipletests(raw[:, column], alpha=0.05, method="holm")
        assert adjusted[:, column] == pytest.approx(theirs)
        assert ((raw[:, column] <= allowed[:, column]) == rejected).all()


def test_holm_counts_only_plans_that_have_a_value():
    adjusted, allowed = holm(np.array([[0.02, 0.02], [NAN, 0.9]]))
    assert adjusted[0] == pytest.approx([0.02, 0.04])
    assert allowed[0] == pytest.approx([0.05, 0.025])


def test_plans_that_differ_alike_are_reported_alike():
    plans = {name: replications([8, 11, 8, 11, 10]) for name in ("one", "other")}
    item, other = differences(replications([10, 12, 9, 14, 11]), plans).values()
    pd.testing.assert_frame_equal(item, other)


def test_with_several_plans_interval_and_verdict_say_the_same():
    random_numbers = np.random.default_rng(3)
    base = pd.DataFrame(random_numbers.normal(50, 10, size=(12, 200)))
    plans = {str(shift): base + random_numbers.normal(shift, 3, size=base.shape) for shift in (-3, 0, 1.5, 2.5)}
    for table in differences(base, plans).values():
        clear_of_zero = (table["low"] > 0) | (table["high"] < 0)
        assert (clear_of_zero == table["verdict"].isin([LESS, MORE])).all()


def test_plans_that_change_nothing_are_rarely_called_different_however_many_there_are():
    random_numbers = np.random.default_rng(5)
    base = pd.DataFrame(random_numbers.normal(50, 10, size=(20, 2000)))
    plans = {str(number): base + random_numbers.normal(0, 3, size=base.shape) for number in range(6)}
    tables = differences(base, plans).values()
    mistaken = np.any([table["verdict"].isin([LESS, MORE]) for table in tables], axis=0).mean()
    assert mistaken == pytest.approx(0.05, abs=0.015)
    one_by_one = [differences(base, {name: plan})[name] for name, plan in plans.items()]
    assert np.any([table["verdict"].isin([LESS, MORE]) for table in one_by_one], axis=0).mean() > 0.2


def test_as_many_replications_as_it_says_do_show_in_four_cases_of_five():
    mean, deviation = 2.0, 7.0
    wanted = replications_needed(mean, deviation)
    samples = np.random.default_rng(8).normal(mean, deviation, size=(4000, int(wanted)))
    clearly_differ = stats.ttest_1samp(samples, 0, axis=1).pvalue <= 0.05
    assert clearly_differ.mean() == pytest.approx(0.8, abs=0.02)


def test_a_sure_difference_needs_few_and_a_tiny_one_more_than_there_can_be():
    assert replications_needed(10, 1) < 5
    assert replications_needed(0.001, 10) == math.inf
    assert replications_needed(-2, 7) == replications_needed(2, 7)
    assert replications_needed(0, 7) == math.inf


@pytest.mark.parametrize(("true", "n"), [(0.1, 10), (0.3, 10), (0.3, 30), (0.6, 10)])
def test_at_least_so_many_are_needed_whatever_the_true_difference_may_be(true: float, n: int):
    needed = replications_needed(true, 1)
    chance = np.random.default_rng(4)
    samples = chance.normal(true, 1, size=(300, n))
    least = [least_replications_needed(item.mean(), item.std(ddof=1), n) for item in samples]
    assert np.mean([number <= needed for number in least]) >= 0.95
    # The number that the difference seen would need is far off, and as often too few as too many.
    seen = [replications_needed(item.mean(), item.std(ddof=1)) for item in samples]
    assert np.mean([number <= needed for number in seen]) < 0.8


def test_the_least_number_is_that_of_the_noncentral_t():
    # With ten pairs and t = 1, a ratio of 3.0045 / sqrt(10) is exceeded by what was seen in 2.5 of 100 cases.
    largest = stats.nct(df=9, nc=least_ratio(1, 10) * 10**0.5)
    assert largest.cdf(1) == pytest.approx(0.025, abs=1e-6)


def least_ratio(t: float, n: int) -> float:
    """The ratio whose need of replications is the least that t over n pairs leaves possible."""
    least = least_replications_needed(t / n**0.5, 1, n)
    from scipy.special import nctdtrinc

    ratio = float(nctdtrinc(n - 1, 0.025, t)) / n**0.5
    assert least == replications_needed(ratio, 1)
    return ratio
