"""A scenario enters few modules on its way to an answer, and seldom comes back to one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys import Journey, journeys

LIMITS = {"run": (16, 16), "page": (14, 14)}
"""At most so many modules and so many returns; what is meant by that, `tests.journeys` says."""


@pytest.fixture(scope="module")
def travelled() -> dict[str, Journey]:
    return journeys(Path(__file__).parents[2])


@pytest.mark.parametrize("name", LIMITS)
def test_a_journey_is_short(travelled: dict[str, Journey], name: str) -> None:
    modules, returns = LIMITS[name]

    assert travelled[name].stops, "nothing was followed"
    assert travelled[name].modules <= modules, str(travelled[name])
    assert travelled[name].returns <= returns, str(travelled[name])
