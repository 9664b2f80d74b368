"""How a key of a scenario is declared: title, meaning, unit, and whether a lever may change it."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise
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
    extra: dict[str, Any] = {"unit": unit, "lever": lever, "kernel": kernel}
    return Field(title=title, description=meaning, json_schema_extra=extra, **rules)


def fixed(title: str, meaning: str | None = None, *, unit: str = "", **rules: Any) -> Any:
    """A scenario key that holds for the whole horizon: no lever may change it."""
    return key(title, meaning, unit=unit, lever=False, **rules)


@cache
def texts_of(module: str) -> dict[tuple[str, str], str]:
    """The text below each field of the classes of a module, by class and field.

    Pydantic could find it too, but then the import of the sections would take half as long again.
    """
    return {
        (section.name, field.target.id): " ".join(text.value.value.split())
        for section in ast.parse(inspect.getsource(sys.modules[module])).body
        if isinstance(section, ast.ClassDef)
        for field, text in pairwise(section.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }


def must_add_up(shares: dict[str, float]) -> None:
    total = sum(shares.values())
    if abs(total - 1) > SHARE_TOLERANCE:
        sum_of_shares = " + ".join(f"{share:g}" for share in shares.values())
        raise ValueError(f"shares must add up to 1, these give {sum_of_shares} = {total:g}")
