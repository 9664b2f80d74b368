"""A scenario enters few modules on its way to an answer, and seldom comes back to one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys import Journey, journeys

MODULES, RETURNS = 10, 4
"""At most so many; what is meant by that, `tests.journeys` says."""


@pytest.fixture(scope="module")
def travelled() -> dict[str, Journey]:
    return journeys(Path(__file__).parents[2])


@pytest.mark.parametrize("name", ["run", "page"])
def test_a_journey_is_short(travelled: dict[str, Journey], name: str) -> None:
    assert travelled[name].stops, "nothing was followed"
    assert travelled[name].modules <= MODULES, str(travelled[name])
    assert travelled[name].returns <= RETURNS, str(travelled[name])
