"""The fewest of something with which a target is met often enough, found with few histories.

The number is halved in on; every number is tried on the same luck, history by history, and only until it is certain
whether it is enough: so it is judged exactly as if all histories had been simulated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Try = Callable[[int, Sequence[int]], Sequence[bool]]
"""Simulates some replications, by number, with so many officers; tells for each whether it meets the target."""

CHECKED_BELOW = 2
"""So many numbers below the answer must fail: with the same luck one officer more hardly ever does harm, but it may."""


@dataclass
class Trial:
    """What is known of one number: in which of its histories, 1 and on, the target was met."""

    number: int
    met: list[bool] = field(default_factory=list)

    @property
    def successes(self) -> int:
        """Histories in which the target was met."""
        return sum(self.met)

    @property
    def share(self) -> float:
        """Their share of those simulated."""
        return self.successes / len(self.met)


@dataclass(frozen=True)
class Found:
    """What a search came to. `answer` is None if not even the highest number is enough."""

    answer: int | None
    trials: dict[int, Trial]
    replications: int
    needed: int
    lowest: int
    highest: int

    @property
    def simulated(self) -> int:
        """Histories that the search looked at."""
        return sum(len(trial.met) for trial in self.trials.values())

    def enough(self, number: int) -> bool | None:
        """Is this number enough? None where it was not tried, or where it was broken off undecided."""
        trial = self.trials.get(number)
        return None if trial is None else _decided(trial, self.replications, self.needed)

    @property
    def more_that_fail(self) -> list[int]:
        """Numbers above the answer that are not enough, although the answer is: luck decides so near the edge."""
        if self.answer is None:
            return []
        return sorted(number for number in self.trials if number > self.answer and self.enough(number) is False)


def needed_successes(replications: int, confidence: float) -> int:
    """In how many histories the target must be met."""
    return max(1, math.ceil(replications * confidence - 1e-9))


def fewest(attempt: Try, lowest: int, highest: int, replications: int, confidence: float, together: int = 1) -> Found:
    """The fewest from `lowest` to `highest` that meet the target in at least `confidence` of the replications.

    `together`: at least so many histories are asked for at a time, as many as there are workers. The answer's
    neighbours are tried as well: the two numbers below must fail, and both sides are simulated to the last history.
    """
    needed = needed_successes(replications, confidence)
    trials: dict[int, Trial] = {}

    def simulate(number: int, upto: int) -> Trial:
        trial = trials.setdefault(number, Trial(number))
        if upto > len(trial.met):
            trial.met += attempt(number, range(len(trial.met) + 1, upto + 1))
        return trial

    def enough(number: int) -> bool:
        trial = trials.setdefault(number, Trial(number))
        while (verdict := _decided(trial, replications, needed)) is None:
            failures = len(trial.met) - trial.successes
            at_least = min(needed - trial.successes, replications - needed + 1 - failures)
            simulate(number, min(replications, len(trial.met) + max(at_least, together)))
        return verdict

    def between(fails: int, does: int) -> int:
        while does - fails > 1:
            middle = (fails + does) // 2
            fails, does = (fails, middle) if enough(middle) else (middle, does)
        return does

    answer: int | None = None
    if enough(lowest):
        answer = lowest
    elif enough(highest):
        answer = between(lowest, highest)
        while (lower := _enough_below(answer, lowest, enough)) is not None:
            answer = between(max(number for number in trials if number < lower and not enough(number)), lower)
    for number in () if answer is None else (answer, answer - 1, answer + 1):
        if lowest <= number <= highest:
            simulate(number, replications)
    return Found(answer, dict(sorted(trials.items())), replications, needed, lowest, highest)


def _enough_below(answer: int, lowest: int, enough: Callable[[int], bool]) -> int | None:
    """A number just below the answer that is enough all the same, or None."""
    below = range(answer - 1, max(answer - 1 - CHECKED_BELOW, lowest), -1)
    return next((number for number in below if enough(number)), None)


def _decided(trial: Trial, replications: int, needed: int) -> bool | None:
    """Is it certain, whatever the histories still to come, that the number is enough, or that it is not?"""
    if trial.successes >= needed:
        return True
    if len(trial.met) - trial.successes > replications - needed:
        return False
    return None
