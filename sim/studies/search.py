"""The smallest number with which targets are met often enough, and the range of numbers that cannot be ruled out.

Every number is tried on common random numbers, replication by replication, only until it is certain on which side of a
threshold it ends, as if all its replications had been simulated.

The range rests on exact binomial tests, one-sided at each end. A number is *too few* if the target is met in so few of
its replications that a true chance as high as the confidence asked is ruled out; it is *surely enough* if it is met in
so many that a lower one is. The range begins above the last number that is too few and ends at the first that is surely
enough. As more of the number does not lower the true chance, the true number lies outside only if the test of that
number, or of the one below it, errs: each with at most half of 5%. That half is shared equally by the looks that may be
taken, the first after 100 replications, the others after twice as many each, as long as the range is not narrow.
"""

from __future__ import annotations

import functools
import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from scipy.special import bdtr, bdtrc

from sim.runs.intervals import CONFIDENCE

Try = Callable[[int, Sequence[int]], Sequence[bool | None]]
"""Simulates some replications, by number, with so many officers; returns for each whether it meets the target,
or None if the replication has no value."""

Threshold = Callable[[int], int]
"""In how many of so many replications with a value the target must be met at least."""

CHECKED_BELOW = 2
"""So many numbers below the answer must fail: on common random numbers one officer more does harm but rarely."""

NARROW, NARROW_SHARE = 4, 0.05
"""A range of so many numbers, or of so large a share of the highest, is narrow enough: no replications are added."""

FIRST_GUESS = 4
"""After so many replications without a value it is asked whether there is any."""


@dataclass
class Trial:
    """What is known of one number: in which of its replications, 1 and on, the target was met; None has no value."""

    number: int
    met: list[bool | None] = field(default_factory=list)

    @property
    def successes(self) -> int:
        """Replications in which the target was met."""
        return self.met.count(True)

    @property
    def valued(self) -> int:
        """Replications that have a value, so that the target is met in them or not."""
        return len(self.met) - self.met.count(None)

    @property
    def share(self) -> float:
        """The share of them in which it was met; NaN where none has a value."""
        return self.successes / self.valued if self.valued else math.nan


@dataclass(frozen=True)
class Found:
    """What a search came to. `answer` is None if not even the highest number is enough.

    `low` and `high` are the 95% range of the true number: the smallest whose true chance of meeting the target is at
    least the confidence asked. `low` is None if even the highest number is too few, `high` if none is surely enough.
    """

    answer: int | None
    low: int | None
    high: int | None
    trials: dict[int, Trial]
    replications: int
    confidence: float
    lowest: int
    highest: int
    can_be_sure: bool
    """Are the replications enough to rule out that a number in which all meet the target is not enough?"""

    @property
    def needed(self) -> int:
        """In how many replications the target must be met, if all have a value."""
        return needed_successes(self.replications, self.confidence)

    @property
    def simulated(self) -> int:
        return sum(len(trial.met) for trial in self.trials.values())

    @property
    def has_values(self) -> bool:
        """Does any replication of any number have a value?"""
        return any(trial.valued for trial in self.trials.values())

    @property
    def nearest(self) -> int:
        """The number that comes nearest to what was asked, of those simulated to the last replication.

        The smallest of those that meet it as often; the highest where none does at all.
        """
        whole = [trial for trial in self.trials.values() if len(trial.met) >= self.replications]
        shares = {trial.number: trial.successes / max(1, trial.valued) for trial in whole}
        return max(shares, key=lambda number: (shares[number], -number if shares[number] else number))

    def enough(self, number: int) -> bool | None:
        """Is this number enough? None where it was not tried, or where it was broken off undecided."""
        if (trial := self.trials.get(number)) is None:
            return None
        return _decided(trial, self.replications, lambda n: needed_successes(n, self.confidence))

    @property
    def more_that_fail(self) -> list[int]:
        """Numbers above the answer that are not enough, although the answer is: chance decides so near the edge."""
        answer = math.inf if self.answer is None else self.answer
        return sorted(number for number in self.trials if number > answer and self.enough(number) is False)


def needed_successes(replications: int, confidence: float) -> int:
    """In how many replications the target must be met."""
    return max(1, math.ceil(replications * confidence - 1e-9))


@functools.lru_cache(maxsize=1024)
def fewest_possible(replications: int, confidence: float, error: float) -> int:
    """The fewest replications that meet the target with which a true chance of `confidence` is not ruled out.

    Where that is the true chance, fewer meet it with a probability of at most `error`.
    """
    return bisect_left(range(replications + 1), True, key=lambda met: bdtr(met, replications, confidence) > error)


@functools.lru_cache(maxsize=1024)
def fewest_sure(replications: int, confidence: float, error: float) -> int:
    """The fewest replications that meet the target with which a true chance below `confidence` is ruled out.

    Where the true chance is just below, as many meet it with a probability of at most `error`. One more than there are
    replications if even all of them would not do.
    """
    numbers = range(1, replications + 1)
    return 1 + bisect_left(numbers, True, key=lambda met: bdtrc(met - 1, replications, confidence) <= error)


MOST, MOST_OF_ALL = 400, 1_600
"""The most replications of a number, or more where more are needed to be sure of a share as high as was asked."""


def most_replications(first: int, confidence: float) -> int:
    """How many replications a number gets at most, if the first look takes so many."""
    most = max(first, MOST)
    while most < MOST_OF_ALL and confidence < 1 and not can_be_sure(first, most, confidence):
        most = min(2 * most, MOST_OF_ALL)
    return most


def can_be_sure(first: int, most: int, confidence: float) -> bool:
    """Are so many replications enough to rule out, if all meet the target, that a number is not enough?"""
    return fewest_sure(most, confidence, error_of_a_look(first, most)) <= most


def error_of_a_look(first: int, most: int) -> float:
    """The chance of a test to err, so that all looks together err at one end of the range with 2.5% at most."""
    return (1 - CONFIDENCE) / 2 / len(list(looks(first, most)))


def looks(first: int, most: int) -> Iterator[int]:
    """After how many replications the range is looked at: each time twice as many, as long as it is not narrow."""
    yield first
    while first < most:
        first = min(2 * first, most)
        yield first


def fewest(
    attempt: Try,
    lowest: int,
    highest: int,
    replications: int,
    confidence: float,
    together: int = 1,
    *,
    most: int | None = None,
    start: int | None = None,
) -> Found:
    """The smallest number from `lowest` to `highest` that meets the target in a share of `confidence`, and its range.

    Numbers near the answer get so many `replications`, and more, up to `most`, as long as the range is not narrow; the
    answer, the number below it and the ends of the range get all. `together`: at least so many are simulated at a time,
    as many as there are workers. The search begins at `start`, the present number, which gets the first look anyway.
    """
    most = max(replications, most or 0)
    error, sure = error_of_a_look(replications, most), can_be_sure(replications, most, confidence)
    first = lowest if start is None else min(max(start, lowest), highest)
    search = _Search(attempt, together)
    answer = low = high = None
    for search.replications in looks(replications, most):
        # After the first few replications, if none has a value: has any, with this number or the highest?
        few = search.simulate(first, min(FIRST_GUESS, search.replications))
        if not (few.valued or any(search.simulate(n, search.replications).valued for n in {first, highest})):
            break
        # What an earlier look ruled out stays so: its error is paid for.
        bottom = low or lowest
        answer = search.smallest(lambda n: needed_successes(n, confidence), first, bottom, highest, CHECKED_BELOW)
        near = highest if answer is None else answer
        low = search.smallest(lambda n: fewest_possible(n, confidence, error), near, bottom, highest, CHECKED_BELOW)
        if answer is not None and fewest_sure(search.replications, confidence, error) <= search.replications:
            top = highest if high is None else max(high - 1, near)
            high = search.smallest(lambda n: fewest_sure(n, confidence, error), near, bottom, top) or high
        narrow = high is not None and low is not None and high - low < max(NARROW, NARROW_SHARE * high)
        if low is None or narrow or not sure:
            break
        first = near
    for number in [highest] if answer is None else [answer, answer - 1, low, high]:
        if number is not None and lowest <= number <= highest:
            search.simulate(number, search.replications)
    if start is not None:
        search.simulate(start, replications)
    tried = {number: trial for number, trial in sorted(search.trials.items()) if trial.met}
    return Found(answer, low, high, tried, search.replications, confidence, lowest, highest, sure)


class _Search:
    """The numbers tried so far, each simulated as far as was necessary."""

    def __init__(self, attempt: Try, together: int) -> None:
        self.attempt, self.together = attempt, together
        self.replications = 0
        self.trials: dict[int, Trial] = {}

    def simulate(self, number: int, upto: int) -> Trial:
        """A number with at least so many replications."""
        trial = self.trials.setdefault(number, Trial(number))
        if upto > len(trial.met):
            trial.met += self.attempt(number, range(len(trial.met) + 1, upto + 1))
        return trial

    def passes(self, number: int, threshold: Threshold) -> bool:
        """Is the target met in at least as many replications as the threshold asks for?"""
        trial = self.trials.setdefault(number, Trial(number))
        while (verdict := _decided(trial, self.replications, threshold)) is None:
            left = self.replications - len(trial.met)
            lacking = threshold(trial.valued + left) - trial.successes
            self.simulate(number, len(trial.met) + min(left, max(min(lacking, left - lacking + 1), self.together)))
        return verdict

    def smallest(
        self, threshold: Threshold, start: int, lowest: int, highest: int, checked_below: int = 0
    ) -> int | None:
        """The smallest number that passes, looked for from `start` in growing steps, then by halving; None if none."""
        start = min(max(start, lowest), highest)
        passing, failing = self._bracket(threshold, start, lowest, highest)
        while passing is not None:
            while failing is not None and passing - failing > 1:
                middle = (failing + passing) // 2
                passing, failing = (middle, failing) if self.passes(middle, threshold) else (passing, middle)
            below = range(passing - 2, max(passing - 2 - checked_below, lowest - 1), -1)
            lower = next((number for number in below if self.passes(number, threshold)), None)
            if lower is None:
                break
            passing, failing = self._bracket(threshold, lower, lowest, highest)
        return passing

    def _bracket(self, threshold: Threshold, start: int, lowest: int, highest: int) -> tuple[int | None, int | None]:
        """A number that passes and one below it that does not, each None if there is none."""
        passes = self.passes(start, threshold)
        number, step, end = start, -1 if passes else 1, lowest if passes else highest
        while number != end:
            following = min(max(number + step, lowest), highest)
            if self.passes(following, threshold) != passes:
                return (number, following) if passes else (following, number)
            number, step = following, 2 * step
        return (number, None) if passes else (None, number)


def _decided(trial: Trial, replications: int, threshold: Threshold) -> bool | None:
    """Is it certain, whatever the replications still to come, that the threshold is reached, or that it is not?

    A threshold rises by one at most with each replication that has a value, so the extremes are all met and none met.
    """
    left = max(0, replications - len(trial.met))
    wanted = threshold(trial.valued + left)
    if trial.successes >= wanted:
        return True
    return False if trial.successes + left < wanted else None
