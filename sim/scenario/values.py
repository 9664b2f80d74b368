"""The kinds of value a scenario is written in: risk levels, shares, durations, distributions.

A value by risk level may be written as one number for all four levels, and a distribution as a bare
number, which is a constant. Both are widened here, once, so that nothing behind the schema needs to
know how the planner chose to write it.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sim.scenario.dates import as_date

RISK_LEVELS = ("low", "medium", "high", "very_high")

NEVER = math.inf
"""A date or an interval that does not come; written `never` in a scenario."""


class Part(BaseModel):
    """One section of a scenario: fixed once read, and free of keys nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


def _number_not_bool(value: Any) -> Any:
    """`yes` and `true` are not numbers, although Python would take them for 1."""
    if isinstance(value, bool):
        raise ValueError(f"a number is wanted, not {str(value).lower()}")
    return value


def never_is_infinite(value: Any) -> Any:
    if value == "never" or value == NEVER:
        return NEVER
    return _number_not_bool(value)


Number = Annotated[float, BeforeValidator(_number_not_bool)]
Share = Annotated[float, BeforeValidator(_number_not_bool), Field(ge=0, le=1)]
Rate = Annotated[float, BeforeValidator(_number_not_bool), Field(ge=0, le=1000)]
Days = Annotated[float, BeforeValidator(_number_not_bool), Field(ge=0, le=36_500)]
Hours = Annotated[float, BeforeValidator(_number_not_bool), Field(ge=0, le=10_000)]
Count = Annotated[int, BeforeValidator(_number_not_bool), Field(ge=0, le=10_000_000)]
Crew = Annotated[int, BeforeValidator(_number_not_bool), Field(ge=1, le=2)]
Weight = Annotated[float, BeforeValidator(_number_not_bool), Field(ge=0, le=1_000_000)]
Date = Annotated[dt.date, BeforeValidator(as_date)]
IntervalDays = Annotated[
    float,
    BeforeValidator(never_is_infinite),
    Field(gt=0),
]


class Distribution(Part):
    """How a quantity varies from case to case; a bare number is a constant."""

    distribution: Literal["constant", "exponential", "lognormal", "gamma", "uniform"] = Field(
        title="Shape", description="constant, exponential, lognormal, gamma or uniform."
    )
    mean: Annotated[float, BeforeValidator(never_is_infinite)] | None = Field(
        default=None,
        ge=0,
        title="Mean",
        description="Mean, in the unit of the key. For every shape but uniform.",
    )
    cv: Number | None = Field(
        default=None,
        gt=0,
        le=5,
        title="Coefficient of variation",
        description="Standard deviation divided by the mean. For lognormal and gamma.",
    )
    low: Number | None = Field(default=None, ge=0, title="Lowest", description="For uniform.")
    high: Number | None = Field(default=None, ge=0, title="Highest", description="For uniform.")

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
        given = {name for name in ("mean", "cv", "low", "high") if getattr(self, name) is not None}
        missing = [name for name in wanted if name not in given]
        surplus = sorted(given - set(wanted))
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


Value = TypeVar("Value")


class ByRisk(Part, Generic[Value]):
    """A value for each risk level; one value alone is meant for all four."""

    low: Value
    medium: Value
    high: Value
    very_high: Value

    @model_validator(mode="before")
    @classmethod
    def _one_for_all(cls, value: Any) -> Any:
        if isinstance(value, dict) and "distribution" not in value:
            return value
        if isinstance(value, ByRisk):
            return value
        return dict.fromkeys(RISK_LEVELS, value)

    def values(self) -> tuple[Value, Value, Value, Value]:
        """The four values, lowest risk first."""
        return (self.low, self.medium, self.high, self.very_high)
