"""Whose random numbers are whose: everyone has a stream and an index, so that one offender more changes no other."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from sim.model.kernel import streams
from sim.scenario.schema import Scenario

REGISTER_STREAM = 0
"""The stream of offenders registered after the first day; those of the first day have the stream of their team."""

CONVICTED_INDEX = 1 << 31
"""From here in the stream of the register, the index of the case is that of a person convicted after it."""


def stream_of(team_name: str) -> int:
    """The stream of a team's people; it depends on the name alone."""
    return zlib.crc32(team_name.encode()) or 1


class Uniforms:
    """The uniforms of many people at once, in one replication."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication

    def of(self, kind: int, rows: np.ndarray) -> np.ndarray:
        """Four uniforms for each row, shape (4, rows)."""
        return streams.uniforms_of_many(self.seed, self.replication, kind, rows["stream"], rows["index"])

    def of_stream(self, kind: int, stream: int, indices: np.ndarray) -> np.ndarray:
        """Four uniforms for each index of a stream, shape (4, indices)."""
        stream_numbers = np.full(len(indices), stream, np.uint32)
        return streams.uniforms_of_many(self.seed, self.replication, kind, stream_numbers, indices)


def by_share(uniform: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Which of several shares each uniform falls into."""
    return np.searchsorted(np.cumsum(shares)[:-1], uniform, side="right")


def areas(scenario: Scenario, headcounts: Sequence[tuple[int, int]], uniform: np.ndarray) -> np.ndarray:
    """The team in whose area each of some people or crimes is, by the offenders of each team."""
    weights = np.array([offenders for _, offenders in headcounts], float)
    if not weights.any():
        weights[:] = 1.0
    by_name = np.argsort([team.name for team in scenario.teams])  # their order in the file must not matter
    return by_name[by_share(uniform, weights[by_name] / weights.sum())]
