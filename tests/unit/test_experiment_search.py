"""The search for the fewest officers, on made-up forces whose every history is known beforehand."""

import random

import pytest

from sim.experiment.search import fewest, needed_successes


class Force:
    """History k meets the target from so many officers on."""

    def __init__(self, *wanted):
        self.wanted = wanted
        self.asked = []

    def __call__(self, officers, replications):
        self.asked += [(officers, k) for k in replications]
        return [self.meets(officers, k) for k in replications]

    def meets(self, officers, k):
        return officers >= self.wanted[k - 1]

    def swept(self, lowest, highest, confidence):
        """The answer of trying every number with every history."""
        needed = needed_successes(len(self.wanted), confidence)
        histories = range(1, len(self.wanted) + 1)
        enough = (n for n in range(lowest, highest + 1) if sum(self.meets(n, k) for k in histories) >= needed)
        return next(enough, None)


def random_force(seed):
    luck = random.Random(seed)
    return Force(*(luck.gauss(60, 6) for _ in range(30)))


def test_nine_of_ten_histories():
    force = Force(50, 51, 52, 53, 54, 55, 56, 57, 58, 99)
    assert fewest(force, 40, 100, replications=10, confidence=0.9).answer == 58
    assert fewest(force, 40, 100, replications=10, confidence=0.8).answer == 57
    assert fewest(force, 40, 100, replications=10, confidence=1).answer == 99


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("together", [1, 4])
def test_it_finds_what_a_full_sweep_finds_with_a_fraction_of_its_histories(seed, together):
    force = random_force(seed)
    found = fewest(force, 30, 110, replications=30, confidence=0.9, together=together)
    assert found.answer == force.swept(30, 110, 0.9)
    assert found.simulated == len(force.asked) == len(set(force.asked))
    assert found.simulated < 81 * 30 / 8


def test_the_number_below_the_answer_fails_and_both_neighbours_are_simulated_to_the_end():
    found = fewest(random_force(1), 30, 110, replications=30, confidence=0.9)
    assert found.enough(found.answer - 1) is False
    assert found.enough(found.answer) is True
    for number in (found.answer - 1, found.answer, found.answer + 1):
        assert len(found.trials[number].met) == 30


def test_a_hopeless_number_is_given_up_early_and_a_sure_one_is_not_simulated_to_the_end():
    found = fewest(random_force(2), 30, 110, replications=30, confidence=0.9)
    assert found.trials[30].met == [False] * 4
    assert found.trials[110].met == [True] * 27


def test_what_cannot_be_met_is_said_and_not_invented():
    force = Force(*[50] * 10)
    found = fewest(force, 10, 40, replications=10, confidence=0.9)
    assert found.answer is None
    assert found.trials[40].met == [False, False]
    assert 20 not in found.trials


def test_where_the_lowest_is_enough_nothing_else_is_searched():
    found = fewest(Force(*[5] * 10), 10, 40, replications=10, confidence=0.9)
    assert found.answer == 10
    assert sorted(found.trials) == [10, 11]


def test_one_more_officer_that_does_harm_is_seen():
    class Odd(Force):
        def meets(self, officers, k):
            return officers >= 20 and officers != 21

    found = fewest(Odd(*[0] * 10), 10, 40, replications=10, confidence=0.9)
    assert found.answer == 20
    assert found.more_that_fail == [21]


def test_a_lower_number_that_is_enough_by_luck_is_not_passed_over():
    class Odd(Force):
        def meets(self, officers, k):
            return officers >= 26 or officers == 24

    # Halving from 10 and 40 asks 25, which fails, and ends at 26; 24 is found by looking below.
    odd = Odd(*[0] * 10)
    assert fewest(odd, 10, 40, replications=10, confidence=0.9).answer == odd.swept(10, 40, 0.9) == 24


@pytest.mark.parametrize(
    ("replications", "confidence", "needed"), [(30, 0.9, 27), (10, 0.9, 9), (30, 0.99, 30), (7, 0, 1)]
)
def test_how_many_histories_a_confidence_asks_for(replications, confidence, needed):
    assert needed_successes(replications, confidence) == needed
