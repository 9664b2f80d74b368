"""How a key of a scenario is declared: title, meaning, unit, and whether a lever may change it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

SHARE_TOLERANCE = 0.001
"""Shares that should add up to one may miss it by this much, for rounding in the planner's source."""


def key(
    title: str, meaning: str | None = None, *, unit: str = "", lever: bool = True, kernel: str = "", **rules: Any
) -> Any:
    """A scenario key: its title, and whether a lever may change it on a date.

    `meaning`: without it, the text below the field. `unit`: only if the name does not end with it, as `retry_days`
    does. `kernel`: the field of the policy record that has its value, for a key that the compiled model reads as it is.
    """
    marks: dict[str, Any] = {"unit": unit, "lever": lever, "kernel": kernel}
    return Field(title=title, description=meaning, json_schema_extra=marks, **rules)


def fixed(title: str, meaning: str | None = None, *, unit: str = "", **rules: Any) -> Any:
    """A scenario key that holds for the whole horizon: no lever may change it."""
    return key(title, meaning, unit=unit, lever=False, **rules)


def must_add_up(shares: dict[str, float]) -> None:
    total = sum(shares.values())
    if abs(total - 1) > SHARE_TOLERANCE:
        sum_of_shares = " + ".join(f"{share:g}" for share in shares.values())
        raise ValueError(f"shares must add up to 1, these give {sum_of_shares} = {total:g}")
