"""Typed values made plain again: as short as a planner may write them, and as one line of YAML."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel

from sim.scenario.values import ByRisk, Counts, Distribution

PLAIN_TEXT = re.compile(r"(?!(true|false|null)$)[A-Za-z]([\w .;-]*\w)?|\d{4}-\d\d-\d\d", re.IGNORECASE)
"""Texts that need no quotation marks in YAML."""


def plain_value(value: Any) -> Any:
    """A value of the schema, or of Python, as nested dicts, lists and single values that read back as the same.

    What is not given is left out; dates and paths are texts.
    """
    if isinstance(value, Distribution) and value.distribution == "constant":
        return plain_value(value.mean)
    if isinstance(value, ByRisk) and value.values().count(value.low) == len(value.values()):
        return plain_value(value.low)
    if isinstance(value, Counts) and value.total is not None:
        return value.total
    if isinstance(value, BaseModel):
        fields = {info.alias or name: getattr(value, name) for name, info in type(value).model_fields.items()}
        return {name: plain_value(part) for name, part in fields.items() if part is not None}
    if isinstance(value, dict):
        return {name: plain_value(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain_value(part) for part in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return "never" if value == math.inf else int(value) if value.is_integer() else float(value)
    if isinstance(value, PurePath):
        return str(value)
    return plain_value(value.item()) if hasattr(value, "item") else value  # a number of NumPy


def one_line(plain: Any) -> str:
    """A plain value as YAML on one line: `{low: 0.2, high: never}`."""
    if isinstance(plain, dict):
        return "{" + ", ".join(f"{key}: {one_line(value)}" for key, value in plain.items()) + "}"
    if isinstance(plain, list):
        return "[" + ", ".join(map(one_line, plain)) + "]"
    if isinstance(plain, str) and PLAIN_TEXT.fullmatch(plain):
        return plain
    return json.dumps(plain, ensure_ascii=False)
