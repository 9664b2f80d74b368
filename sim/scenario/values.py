"""The kinds of value a scenario is written in: risk levels, shares, durations, distributions.

One number may stand for all risk levels, and a bare number for a constant distribution. Both are widened here, once,
so that no other module needs to know how the planner chose to write it.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model, model_validator
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from sim.scenario.dates import as_date
from sim.scenario.domain import RISK_LEVELS, RISKS
from sim.scenario.source.faults import join_words

NEVER = math.inf
"""A date or an interval that does not come; written `never` in a scenario."""


class Part(BaseModel):
    """One section of a scenario: fixed once read, and free of keys nobody knows."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_inf_nan="constants", validate_default=True, populate_by_name=True
    )


def _number_not_bool(value: Any) -> Any:
    """`yes` and `true` are not numbers, although Python would take them for 1."""
    if isinstance(value, bool):
        raise ValueError(f"a number is wanted, not {str(value).lower()}")
    return value


def never_is_infinite(value: Any) -> Any:
    if value == "never" or value == NEVER:
        return NEVER
    return _number_not_bool(value)


@dataclass(frozen=True)
class Within:
    """The least and the most that a number may be, or the mean of a distribution; `never` may stand beside them.

    Whatever could be written beyond is a slip of the pen, or would keep a computer busy for ever.
    """

    ge: float
    le: float
    never: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], CoreSchema]) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.checked, handler(source))

    def checked(self, value: Any) -> Any:
        """The same value, if it lies within. Raises pydantic's own errors."""
        expected = value.expected if isinstance(value, Distribution) else value
        if expected == NEVER and self.never:
            return value
        if expected == NEVER:
            raise ValueError(f"never is not allowed here; at most {self.le:,}")
        if expected < self.ge:
            raise PydanticKnownError("greater_than_equal", {"ge": self.ge})
        if expected > self.le:
            raise PydanticKnownError("less_than_equal", {"le": self.le})
        return value


Number = Annotated[float, BeforeValidator(_number_not_bool)]
Share = Annotated[Number, Field(ge=0, le=1)]
Rate = Annotated[Number, Field(ge=0, le=366)]  # per person and year: once a day
Days = Annotated[Number, Field(ge=0, le=36_500)]  # a century
Hours = Annotated[Number, Field(ge=0, le=168)]  # of a week
HoursEach = Annotated[Number, Field(ge=0.01, le=1000)]  # for one of many; below half a minute it would take no time
PerYear = Annotated[Number, Field(ge=0, le=1_000_000)]  # more than all forces of the country have together
Weight = Annotated[Number, Field(ge=0, le=1_000_000)]
Crew = Annotated[int, BeforeValidator(_number_not_bool), Field(ge=1, le=2)]
OfficerCount = Annotated[int, BeforeValidator(_number_not_bool), Field(ge=0, le=200_000)]  # police in this country
Count = Annotated[int, BeforeValidator(_number_not_bool), Field(ge=0, le=1_000_000)]  # ten times the country's register
CasesEach = Annotated[int, BeforeValidator(_number_not_bool), Field(ge=0, le=1000)]  # in the hands of one officer
Date = Annotated[dt.date, BeforeValidator(as_date)]

OrNever = BeforeValidator(never_is_infinite)
IntervalDays = Annotated[float, OrNever, Within(1, 36_500, never=True)]  # nothing is done more than once a day


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


class Distribution(Part):
    """How a quantity varies from case to case; a bare number is a constant."""

    distribution: Literal["constant", "exponential", "lognormal", "gamma", "uniform"] = key("Shape")
    """constant, exponential, lognormal, gamma or uniform."""
    mean: Annotated[float, OrNever] | None = key("Mean", default=None, ge=0)
    """Mean, in the unit of the key. For every shape but uniform."""
    cv: Number | None = key("Coefficient of variation", default=None, gt=0, le=5)
    """Standard deviation divided by the mean. For lognormal and gamma."""
    low: Number | None = key("Lowest", "For uniform.", default=None, ge=0)
    high: Number | None = key("Highest", "For uniform.", default=None, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _widen_a_number(cls, value: Any) -> Any:
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            return {"distribution": "constant", "mean": value}
        return value

    @model_validator(mode="after")
    def _has_what_its_shape_needs(self) -> Distribution:
        wanted = {
            "constant": ("mean",),
            "exponential": ("mean",),
            "lognormal": ("mean", "cv"),
            "gamma": ("mean", "cv"),
            "uniform": ("low", "high"),
        }[self.distribution]
        found = self.model_dump(exclude={"distribution"}, exclude_none=True)
        missing = [name for name in wanted if name not in found]
        surplus = sorted(found.keys() - set(wanted))
        if missing:
            raise ValueError(f"a {self.distribution} distribution needs {' and '.join(missing)}")
        if surplus:
            raise ValueError(
                f"a {self.distribution} distribution takes {' and '.join(wanted)}, not {' and '.join(surplus)}"
            )
        if self.distribution == "uniform" and self.low > self.high:  # type: ignore[operator]
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        if self.distribution != "constant" and self.mean == NEVER:
            raise ValueError("only a constant may be never")
        if self.distribution in ("lognormal", "gamma") and self.mean == 0:
            raise ValueError(f"the mean of a {self.distribution} distribution must be above 0")
        return self

    @property
    def expected(self) -> float:
        """The mean, in the unit of the key."""
        if self.distribution == "uniform":
            return (self.low + self.high) / 2  # type: ignore[operator]
        return self.mean  # type: ignore[return-value]


class _CountsBase(Part):
    """So many offenders: one number for the whole force, or one for each risk level."""

    total: Count | None = key("In the whole force", "Instead of the risk levels.", default=None)

    @model_validator(mode="before")
    @classmethod
    def _one_number_is_the_total(cls, value: Any) -> Any:
        return {"total": value} if isinstance(value, int | float | str) else value

    @model_validator(mode="after")
    def _is_the_total_or_all_levels(self) -> Self:
        missing = [level for level in RISK_LEVELS if getattr(self, level) is None]
        if self.total is None and missing:
            raise ValueError(f"gives no number for {join_words(missing)}; give all risk levels, or one total")
        if self.total is not None and len(missing) < len(RISK_LEVELS):
            raise ValueError("gives a total and levels; keep one of them")
        return self

    @property
    def by_level(self) -> tuple[int, ...] | None:
        """The number of each level, lowest risk first; None where only their total is known."""
        return None if self.total is not None else tuple(getattr(self, level) for level in RISK_LEVELS)

    @property
    def whole(self) -> int:
        """The number for the whole force."""
        return sum(self.by_level) if self.by_level else self.total or 0


SpreadHours = Annotated[Distribution, Within(0, 1000)]  # half a year of one officer
SpreadDays = Annotated[Distribution, Within(0, 36_500, never=True)]  # a century
SpreadIntervalDays = Annotated[Distribution, Within(1, 36_500, never=True)]
SpreadPastDays = Annotated[Distribution, Within(0, 3650)]  # what has begun cannot have begun never
SpreadPastYears = Annotated[Distribution, Within(0, 100)]
SpreadFactor = Annotated[Distribution, Within(0.01, 100)]

Value = TypeVar("Value")


class _ByRiskBase(Part, Generic[Value]):
    """A value for each risk level; one value alone is meant for all."""

    @model_validator(mode="before")
    @classmethod
    def _one_for_all(cls, value: Any) -> Any:
        if isinstance(value, _ByRiskBase) or (isinstance(value, dict) and "distribution" not in value):
            return value
        return dict.fromkeys(RISK_LEVELS, value)

    def values(self) -> tuple[Value, ...]:
        return tuple(getattr(self, level) for level in RISK_LEVELS)


def shared_out(total: int | None, weights: Sequence[float]) -> list[int]:
    """A total by largest remainder, the earlier team first where remainders are equal; the weights if there is none."""
    if total is None:
        return [int(weight) for weight in weights]
    if total == 0:
        return [0] * len(weights)
    quotas = [total * weight / math.fsum(weights) for weight in weights]
    counts = [math.floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(weights)), key=lambda team: counts[team] - quotas[team])
    for team in by_remainder[: total - sum(counts)]:
        counts[team] += 1
    return counts


# The fields of both are the levels of the table, which a type checker cannot see.
if TYPE_CHECKING:

    class Counts(_CountsBase):
        def __getattr__(self, level: str) -> Count | None: ...

    class ByRisk(_ByRiskBase[Value]):
        def __getattr__(self, level: str) -> Value: ...

else:
    Counts = create_model(
        "Counts",
        __base__=_CountsBase,
        __doc__=_CountsBase.__doc__,
        __module__=__name__,
        **{
            level.name: (Count | None, key(f"{level.words} risk", "Instead of the total.", default=None))
            for level in RISKS
        },
    )
    ByRisk = create_model(
        "ByRisk",
        __base__=(_ByRiskBase[Value], Generic[Value]),
        __doc__=_ByRiskBase.__doc__,
        __module__=__name__,
        **{level: (Value, ...) for level in RISK_LEVELS},
    )


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
        return "{" + ", ".join(f"{one_line(str(key))}: {one_line(value)}" for key, value in plain.items()) + "}"
    if isinstance(plain, list):
        return "[" + ", ".join(map(one_line, plain)) + "]"
    if isinstance(plain, str) and PLAIN_TEXT.fullmatch(plain):
        return plain
    return json.dumps(plain, ensure_ascii=False).replace("\x85", r"\x85")  # to YAML this one is the end of a line


SHARE_TOLERANCE = 0.001
"""Shares that should add up to one may miss it by this much, for rounding in the planner's source."""


def must_add_up(shares: Sequence[float]) -> None:
    total = sum(shares)
    if abs(total - 1) > SHARE_TOLERANCE:
        sum_of_shares = " + ".join(f"{share:g}" for share in shares)
        raise ValueError(f"shares must add up to 1, these give {sum_of_shares} = {total:g}")
