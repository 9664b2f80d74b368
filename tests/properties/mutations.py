"""Scenarios and caseload files that nobody has written: the shipped ones with some of their values, lines or cells
changed, at random."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sim.scenario import LoadedScenario, ScenarioError, read
from sim.scenario.domain import RISK_LEVELS
from sim.scenario.keys import Key
from sim.scenario.schema import scenario_keys

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "scenarios").rglob("*.yaml"))
EVERYTHING = ROOT / "tests" / "reproducibility" / "everything.yaml"
FORCE = ROOT / "tests" / "support" / "force.yaml"
CASELOAD = ROOT / "tests" / "support" / "invented-caseload.csv"


@cache
def reading_of(path: Path) -> LoadedScenario:
    """A scenario as it is shipped, read once."""
    return read(path)


def leaves(key: Key) -> list[str]:
    """The dotted names of all that holds a value, also of its parts."""
    names = []
    for child in key.children.values():
        name = child.name.replace(".N", ".0")
        names.append(name)
        if child.kind in ("section", "by_risk", "distribution"):
            names += leaves(child)
        elif child.each and child.each.kind == "section":
            names += leaves(child.each)
    return names


NAMES = sorted({name for name in leaves(scenario_keys()) if "KEY" not in name})

# --- any value at all -------------------------------------------------------------------------------------------------

ODD = (
    *("never", "indefinite", "null", "true", "yes", ".nan", ".inf", "-.inf", "1e400", "-0.0", "0", "-1", "1", "1e-9"),
    *("1e-320", "0.3", "2", "1e9", "1e18", "123456789012345678901234567890", "1_000", "0x10", "1:30", "~", "''", "[]"),
    *("{}", "[1, 2]", "{low: 1}", "{mean: 3}", "{distribution: gamma}", "2024-13-01", "9999-12-31", "0001-01-01"),
    *("28/11/2026", "'\\u202e'", "a: b", "*x", "&x 1", "!!python/name:os.system", "<<: 1", "- 1", "{", "]", "\\t"),
)
numbers = st.one_of(
    st.integers(-3, 400).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(0, 1).map(repr),
    st.sampled_from(["1e-9", "1e9", "1e14", "1e300", "0.999999", "1.000001", "36500", "36501"]),
)
shapes = st.fixed_dictionaries(
    {"distribution": st.sampled_from(["constant", "exponential", "lognormal", "gamma", "uniform", "normal"])},
    optional={name: st.floats(-1, 1e6) for name in ("mean", "cv", "low", "high")},
).map(json.dumps)
by_risk = st.dictionaries(st.sampled_from((*RISK_LEVELS, "none", "mean")), st.floats(0, 400), max_size=4).map(
    json.dumps
)
texts = st.text(max_size=8).map(lambda text: json.dumps(text, ensure_ascii=False))
any_value = st.one_of(st.sampled_from(ODD), numbers, numbers, shapes, by_risk, texts)
any_name = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["mean", "low", "0", "cv", "x", ""])).map(".".join),
    st.sampled_from(["", ".", "a..b", "levers.9.set", "assumptions.visits.range", "teams.-1.officers"]),
)


@st.composite
def any_lever(draw: st.DrawFn) -> str:
    """A setting with a lever that may make no sense."""
    day = dt.date(2024, 9, 1) + dt.timedelta(draw(st.integers(-10, 1500)))
    changes = draw(st.lists(st.tuples(any_name, any_value), min_size=1, max_size=2))
    inside = ", ".join(f"{json.dumps(name)}: {value}" for name, value in changes)
    return f"levers=[{{from: {day}, set: {{{inside}}}}}]"


any_settings = st.lists(
    st.one_of(st.tuples(any_name, any_value).map("=".join), st.tuples(any_name, any_value).map("=".join), any_lever()),
    min_size=1,
    max_size=4,
)


@st.composite
def changed_text(draw: st.DrawFn, text: str) -> str:
    """A text file with a few lines or characters changed."""
    lines = text.splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(lines) - 1)))
        line = lines[at] if lines else ""
        match draw(st.integers(0, 7)):
            case 0:
                del lines[at : at + draw(st.integers(1, 3))]
            case 1:
                lines.insert(at, line)
            case 2:
                lines[at : at + 1] = [" " * draw(st.integers(1, 3)) + line]
            case 3:
                lines[at : at + 1] = [line[: draw(st.integers(0, len(line)))]]
            case 4:
                cut = draw(st.integers(0, len(line)))
                lines[at : at + 1] = [line[:cut] + draw(st.text(max_size=3)) + line[cut:]]
            case 5:
                before, colon, _ = line.partition(":")
                lines[at : at + 1] = [f"{before}{colon} {draw(any_value)}"]
            case 6:
                cells = line.split(",")
                cells[draw(st.integers(0, len(cells) - 1))] = draw(any_value)
                lines[at : at + 1] = [",".join(cells)]
            case 7:
                lines = lines[: at + 1]
    return "\n".join(lines) + "\n"


# --- sensible values, for scenarios that are simulated ----------------------------------------------------------------

SIZES = (
    *("name", "about", "start", "end", "replications", "seed", "teams", "levers", "assumptions", "caseload.total"),
    *("caseload.file", "caseload.file_hash", "officers.total"),
)
"""What is chosen so that a simulation takes no time."""
MOST = {"per year": 12.0, "days": 200.0, "hours": 12.0, "years": 12.0, "offenders": 40, "officers": 12, "crimes": 9}

VARIED = [
    key
    for key in scenario_keys().settable()
    if key.kind in ("number", "whole_number", "by_risk", "distribution", "choice", "truth") and key.name not in SIZES
]


@st.composite
def sensible_value(draw: st.DrawFn, key: Key) -> Any:
    """A value within what the schema allows for a key."""
    if key.kind == "choice":
        return draw(st.sampled_from(key.choices))
    if key.kind == "truth":
        return draw(st.booleans())
    if key.kind == "by_risk":
        assert key.each
        each = sensible_value(key.each)
        return draw(st.one_of(each, st.fixed_dictionaries(dict.fromkeys(RISK_LEVELS, each))))
    if key.words and draw(st.integers(0, 5)) == 0:
        return key.words[0]
    least = key.limits.get("ge", 0)
    most = max(least, min(key.limits.get("le", 10.0), MOST.get(key.unit, 10.0)))
    if key.kind == "whole_number":
        return draw(st.integers(int(least), int(most)))
    mean = draw(st.one_of(st.sampled_from([least, most]), st.floats(least, most)))
    if key.kind == "number" or not mean:
        return mean
    return draw(
        st.sampled_from(
            [
                mean,
                {"distribution": "exponential", "mean": mean},
                {"distribution": "lognormal", "mean": mean, "cv": 0.7},
                {"distribution": "gamma", "mean": mean, "cv": 2},
                {"distribution": "uniform", "low": mean / 2, "high": mean * 1.5},
            ]
        )
    )


def _shrunk(path: Path, days: int) -> list[str]:
    """Settings that make a scenario so small that it is simulated in no time."""
    start = reading_of(path).scenario.start
    last = start + dt.timedelta(days)
    settings = [f"end={last}", "levers=[]", "surge={}", "officers.abstraction.surges=[]", "officers.courses.seats=2"]
    if path == FORCE:
        return [*settings, "caseload.total=60", "officers.total=6", "register.new_per_year=60"]
    settings += ["caseload.total=70", "officers.total=14", "register.new_per_year=90"]
    if reading_of(path).scenario.online_abuse.is_on:
        settings += [
            *("online_abuse.referrals_per_year=120", "online_abuse.at_start.search.cases=3"),
            *("online_abuse.at_start.digital_forensics.cases=4", "online_abuse.at_start.grading.cases=2"),
        ]
    if reading_of(path).scenario.crime.is_on:
        settings += ["crime.crimes_per_year=150", "crime.investigators=12"]
        settings += ["crime.at_start.experienced=2", "crime.at_start.inexperienced=1"]
    return settings


@st.composite
def small_scenarios(draw: st.DrawFn, shortest: int = 5, longest: int = 120) -> tuple[str, list[str]]:
    """The file of a scenario, and settings with which it is valid and simulated in no time."""
    kind = draw(st.sampled_from(["shipped", "with investigations", "everything", "force", "from a file"]))
    investigated = [path for path in SHIPPED if path.parent.name == "operating-model"]
    paths = {"shipped": SHIPPED, "with investigations": investigated, "everything": [EVERYTHING]}.get(kind, [FORCE])
    path, from_file = draw(st.sampled_from(paths)), kind == "from a file"
    days = draw(st.integers(shortest, longest))
    chosen = _shrunk(path, days)
    if from_file:
        chosen = [text for text in chosen if not text.startswith(("caseload.total", "officers.total"))]
        chosen += ["teams=[{name: Team 1, officers: 5}, {name: Team 2, officers: 3}]", f"caseload.file={CASELOAD}"]
    reading = read(path, chosen)
    varied = draw(st.lists(st.sampled_from(VARIED), max_size=6, unique_by=lambda key: key.name))
    settings = [f"{key.name}={json.dumps(draw(sensible_value(key)))}" for key in varied]
    settings.append(f"seed={draw(st.integers(0, 2**32 - 1))}")
    levers = [key for key in VARIED if key.lever]
    changes = draw(st.lists(st.tuples(st.integers(1, days), st.sampled_from(levers)), max_size=3))
    entries = [
        {"from": str(reading.scenario.start + dt.timedelta(day)), "set": {key.name: draw(sensible_value(key))}}
        for day, key in changes
    ]
    for number in range(len(entries)):
        settings.append(f"levers={json.dumps(entries[: number + 1])}")
    for setting in settings:
        try:
            reading = reading.with_settings([setting])
        except ScenarioError:
            continue  # what contradicts the rest stays as it was
        chosen.append(setting)
    return str(path), chosen
