"""The search for the smallest number, on made-up forces whose every replication is known beforehand."""

import math
import random

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from sim.studies.search import (
    can_be_sure,
    fewest,
    fewest_possible,
    fewest_sure,
    looks,
    most_replications,
    needed_successes,
)


class Force:
    """Replication k meets the target from so many officers on; None has no value."""

    def __init__(self, *wanted):
        self.wanted = wanted
        self.asked = []

    def __call__(self, officers, replications):
        self.asked += [(officers, k) for k in replications]
        return [self.meets(officers, k) for k in replications]

    def meets(self, officers, k):
        wanted = self.wanted[k - 1]
        return None if wanted is None else officers >= wanted

    def swept(self, lowest, highest, confidence):
        """The answer of trying every number with every replication."""
        needed = needed_successes(len(self.wanted), confidence)
        replications = range(1, len(self.wanted) + 1)
        enough = (n for n in range(lowest, highest + 1) if sum(self.meets(n, k) for k in replications) >= needed)
        return next(enough, None)


def random_force(seed, replications=30):
    chance = random.Random(seed)
    return Force(*(chance.gauss(60, 6) for _ in range(replications)))


def test_nine_of_ten_replications():
    force = Force(50, 51, 52, 53, 54, 55, 56, 57, 58, 99)
    assert fewest(force, 40, 100, replications=10, confidence=0.9).answer == 58
    assert fewest(force, 40, 100, replications=10, confidence=0.8).answer == 57
    assert fewest(force, 40, 100, replications=10, confidence=1).answer == 99


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize(("together", "start"), [(1, None), (4, 75)])
def test_it_finds_what_a_full_sweep_finds_with_a_fraction_of_its_replications(seed, together, start):
    force = random_force(seed)
    found = fewest(force, 30, 110, replications=30, confidence=0.9, together=together, start=start)
    assert found.answer == force.swept(30, 110, 0.9)
    assert found.simulated == len(force.asked) == len(set(force.asked))
    assert found.simulated < 81 * 30 / 5


def test_the_answer_the_number_below_and_the_ends_of_the_range_are_simulated_to_the_end():
    found = fewest(random_force(1, 100), 30, 110, replications=100, confidence=0.9, start=90)
    assert found.enough(found.answer - 1) is False
    assert found.enough(found.answer) is True
    for number in (found.answer - 1, found.answer, found.low, found.high, 90):
        assert len(found.trials[number].met) == 100


def test_a_hopeless_number_is_given_up_early():
    found = fewest(random_force(2), 30, 110, replications=30, confidence=0.9)
    assert found.trials[30].met == [False] * 4  # of thirty, twenty-seven are needed


def test_what_cannot_be_met_is_said_with_the_nearest_that_can_be_had():
    found = fewest(Force(*[50] * 10), 10, 40, replications=10, confidence=0.9)
    assert (found.answer, found.low, found.high) == (None, None, None)
    assert len(found.trials[40].met) == 10
    assert found.nearest == 40

    # With 39 no more meet it than with 30: as near with fewer.
    half = fewest(Force(*[30] * 5, *[50] * 5), 10, 40, replications=10, confidence=0.9, start=35)
    assert half.nearest == 35
    assert half.trials[35].share == 0.5


def test_where_the_lowest_is_enough_nothing_below_it_is_searched():
    found = fewest(Force(*[5] * 100), 10, 40, replications=100, confidence=0.9)
    assert (found.answer, found.low, found.high) == (10, 10, 10)
    assert sorted(found.trials) == [10]


def test_one_more_officer_that_does_harm_is_seen():
    class Odd(Force):
        def meets(self, officers, k):
            return officers >= 20 and officers != 21

    found = fewest(Odd(*[0] * 10), 10, 40, replications=10, confidence=0.9, start=21)
    assert found.answer == 20
    assert found.more_that_fail == [21]


def test_a_lower_number_that_is_enough_by_chance_is_not_passed_over():
    class Odd(Force):
        def meets(self, officers, k):
            return officers >= 26 or officers == 24

    # From 25, which fails, it ends at 26; 24 is found by looking below.
    odd = Odd(*[0] * 10)
    assert fewest(odd, 10, 40, replications=10, confidence=0.9, start=25).answer == odd.swept(10, 40, 0.9) == 24


@pytest.mark.parametrize(
    ("replications", "confidence", "needed"), [(30, 0.9, 27), (10, 0.9, 9), (30, 0.99, 30), (7, 0, 1)]
)
def test_how_many_replications_a_confidence_asks_for(replications, confidence, needed):
    assert needed_successes(replications, confidence) == needed


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.9, 0.97])
@pytest.mark.parametrize("replications", [1, 10, 100, 400])
def test_what_is_ruled_out_is_what_an_exact_test_rules_out(replications, confidence):
    def p(met, alternative):
        return binomtest(met, replications, confidence, alternative=alternative).pvalue

    possible, sure = (rule(replications, confidence, 0.0125) for rule in (fewest_possible, fewest_sure))
    assert p(possible, "less") > 0.0125
    assert possible == 0 or p(possible - 1, "less") <= 0.0125
    assert sure == replications + 1 or p(sure, "greater") <= 0.0125
    assert p(sure - 1, "greater") > 0.0125


@pytest.mark.parametrize("rule", [fewest_possible, fewest_sure])
def test_a_threshold_rises_by_one_at_most_with_each_replication(rule):
    """What the search relies on where some replications have no value, so that it is not known how many will."""
    for confidence in (0.01, 0.5, 0.9, 1):
        steps = np.diff([rule(n, confidence, 0.01) for n in range(200)])
        assert set(steps) <= {0, 1}


def test_replications_without_a_value_count_neither_way():
    force = Force(*[None, 20] * 50)
    found = fewest(force, 10, 40, replications=100, confidence=0.9, start=25)
    assert found.answer == 20
    assert (found.trials[20].successes, found.trials[20].valued) == (50, 50)
    assert found.enough(19) is False


def test_where_no_replication_has_a_value_there_is_no_answer_and_no_failure():
    force = Force(*[None] * 100)
    found = fewest(force, 10, 40, replications=100, confidence=0.9, start=25)
    assert not found.has_values
    assert (found.answer, found.low, found.high) == (None, None, None)
    assert {officers for officers, _ in force.asked} == {25, 40}


def test_looks_double_and_share_the_error():
    assert list(looks(100, 400)) == [100, 200, 400]
    assert list(looks(300, 400)) == [300, 400]
    assert list(looks(8, 8)) == [8]


@pytest.mark.parametrize(
    ("first", "confidence", "most"),
    [(100, 0.9, 400), (100, 0.99, 800), (100, 0.999, 1600), (100, 1, 400), (500, 0.9, 500)],
)
def test_a_share_near_one_gets_as_many_replications_as_can_make_it_sure(first, confidence, most):
    assert most_replications(first, confidence) == most
    # 0.025 / 3 = 0.9 ** 45.4: with 46 of 46, and three looks, nine in ten are sure.
    assert can_be_sure(first, most, confidence) == (confidence < 0.999)


def searches(chance, confidence, number, **options):
    """Ranges of so many searches in which each replication meets the target with a chance, on common random numbers."""
    for seed in range(number):
        uniform = np.random.default_rng(seed).random(400)

        def attempt(officers, replications, uniform=uniform):
            return [bool(uniform[k - 1] < chance(officers)) for k in replications]

        found = fewest(attempt, 4, 40, 100, confidence, start=9, **options)
        yield (math.inf if found.low is None else found.low), (math.inf if found.high is None else found.high)


@pytest.mark.parametrize(("spread", "widest"), [(1, 3), (3, 4)])
def test_the_range_holds_the_true_number_and_is_narrow(spread, widest):
    chances = {officers: norm.cdf((officers - 14) / spread) for officers in range(4, 41)}
    true = next(number for number, chance in chances.items() if chance >= 0.9)
    ranges = list(searches(chances.get, 0.9, 200, most=400))
    assert sum(low <= true <= high for low, high in ranges) >= 190
    assert np.median([high - low + 1 for low, high in ranges]) <= widest


def test_with_few_replications_the_range_is_wide_and_holds_it_all_the_same():
    def chance(officers):
        return min(1, officers / 20)  # nine in ten from 18 on

    def attempt(officers, replications):
        return [bool(uniform[k - 1] < chance(officers)) for k in replications]

    held = []
    for seed in range(200):
        uniform = np.random.default_rng(seed).random(30)
        found = fewest(attempt, 4, 40, 30, 0.9)
        held.append(found.low <= 18 and (found.high is None or found.high >= 18))
    assert sum(held) >= 190


def test_more_replications_may_lower_the_answer_but_not_bring_back_what_was_ruled_out():
    # Of the first hundred 80 are met with 10 and one more with each number above; the others are met with 10 as well.
    force = Force(*[10] * 80, *range(11, 31), *[10] * 300)
    assert fewest(force, 5, 40, 100, 0.9, start=20).answer == 20
    found = fewest(force, 5, 40, 100, 0.9, start=20, most=200)
    ruled_out = fewest_possible(100, 0.9, 0.025 / 2) - 80 + 10  # the first number that the first look leaves
    assert found.replications == 200
    assert found.answer == found.low == ruled_out > 10
    assert max(k for officers, k in force.asked if officers < ruled_out - 1) <= 100  # one below is shown
