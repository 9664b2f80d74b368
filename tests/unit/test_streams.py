"""Random streams keyed by identity: the published numbers of Philox, and uniforms of one person and one decision."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from sim.model.codes import REVIEW, VISIT
from sim.model.kernel import streams

ALL_ONES = 0xFFFFFFFF


def philox(counter: Sequence[int], key: Sequence[int]) -> list[int]:
    return [int(word) for word in streams.philox(*map(np.uint64, (*counter, *key)))]


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_philox_gives_the_known_answers_of_random123(counter: str, key: str, words: str):
    def numbers(hexadecimal: str) -> list[int]:
        return [int(word, 16) for word in hexadecimal.split()]

    assert philox(numbers(counter), numbers(key)) == numbers(words)


def whose_words_are(words: Sequence[int], key: Sequence[int]) -> list[int]:
    """The counter for which Philox gives these words: each round undone, the last one first."""
    a, b, c, d = words
    inverse_a, inverse_b = (pow(multiplier, -1, 2**32) for multiplier in (0xD2511F53, 0xCD9E8D57))
    for turn in reversed(range(10)):
        k, m = ((start + turn * step) % 2**32 for start, step in zip(key, (0x9E3779B9, 0xBB67AE85), strict=True))
        was_a, was_c = d * inverse_a % 2**32, b * inverse_b % 2**32
        a, b, c, d = was_a, a ^ k ^ (was_c * 0xCD9E8D57 >> 32), was_c, c ^ m ^ (was_a * 0xD2511F53 >> 32)
    return [a, b, c, d]


def uniforms(seed: int, replication: int, kind: int, stream: int, index: int, nth: int) -> list[float]:
    item = streams.uniforms_of_many(seed, replication, kind, np.array([stream]), np.array([index]), nth)
    return item[:, 0].tolist()


@pytest.mark.parametrize(
    ("word", "uniform"), [(0, 2.0**-33), (1, 3 * 2.0**-33), (2**31, 0.5 + 2.0**-33), (ALL_ONES, 1 - 2.0**-33)]
)
def test_uniforms_lie_strictly_inside_0_and_1_even_at_the_extremes(word: int, uniform: float):
    seed, replication = 20240815, 7
    index, stream, nth, kind = whose_words_are([word] * 4, (seed, replication))
    assert philox((index, stream, nth, kind), (seed, replication)) == [word] * 4
    assert uniforms(seed, replication, kind, stream, index, nth) == [uniform] * 4
    assert 0 < uniform < 1


PERSON = {"seed": 7, "replication": 3, "kind": streams.OF_WORK[VISIT], "stream": 501948358, "index": 12, "nth": 5}


@pytest.mark.parametrize("part", PERSON)
def test_another_seed_replication_kind_person_or_time_is_other_random_numbers(part: str):
    before, after = uniforms(**PERSON), uniforms(**{**PERSON, part: PERSON[part] + 1})
    assert not set(before) & set(after)


def test_the_same_decision_has_the_same_random_numbers_anyone_else_is_asked():
    alone = uniforms(**PERSON)
    everybody = np.arange(100)[::-1]
    columns = streams.uniforms_of_many(7, 3, streams.OF_WORK[VISIT], np.full(100, 501948358), everybody, 5)
    assert columns[:, 99 - 12].tolist() == alone


def test_each_kind_of_decision_has_a_number_of_its_own():
    kinds = [number for name, number in vars(streams).items() if name.isupper() and isinstance(number, int)]
    assert len(kinds) >= 15
    assert len(set(kinds)) == len(kinds)


def test_neighbours_share_no_random_numbers():
    """People, decisions and kinds in a row are as good as independent: means, variances, and no correlation."""
    people = 20_000
    stream_numbers, indices = np.full(people, 9, np.uint32), np.arange(people, dtype=np.uint32)
    blocks = []
    for kind, nth in ((streams.OF_WORK[VISIT], 0), (streams.OF_WORK[VISIT], 1), (streams.OF_WORK[REVIEW], 0)):
        blocks.append(streams.uniforms_of_many(1, 0, kind, stream_numbers, indices, nth).T)
    uniform = np.hstack([*blocks, np.roll(blocks[0], 1, axis=0)])
    five_sigma = 5 / np.sqrt(people)
    assert np.abs(uniform.mean(axis=0) - 0.5).max() < five_sigma * np.sqrt(1 / 12)
    assert np.abs(uniform.var(axis=0) * 12 - 1).max() < five_sigma
    assert np.abs(np.corrcoef(uniform.T) - np.eye(16)).max() < five_sigma
