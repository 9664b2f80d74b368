"""The alternatives of a comparison: scenario files to be run and saved runs, checked that they can be paired."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.runs.batch import Failures, finish, simulate_missing
from sim.runs.folder import RunFolder
from sim.runs.load import load
from sim.runs.pool import Outcome, Pool
from sim.runs.prepare import PreparedRun, expected, prepare
from sim.runs.provenance import RunKey, code_version, relative_path, run_key
from sim.runs.reopen import open_run
from sim.runs.result import RunResult
from sim.runs.run_plan import ProgressListener, RunPlan
from sim.scenario import Fault, LoadedScenario, Scenario, ScenarioError
from sim.scenario.paths import find, route_to
from sim.scenario.settings import Setting, in_words
from sim.scenario.source.faults import Place, sanitise


@dataclass(frozen=True)
class Alternative:
    """A scenario file, perhaps with settings on top, or the folder of a saved run."""

    where: Path
    settings: tuple[str, ...]
    scenario: Scenario
    key: RunKey
    saved: RunResult | None
    """The run, if it is an old one; else it is yet to be run."""
    reading: LoadedScenario | None = None
    """What was read of a scenario that is yet to be run."""

    @property
    def place(self) -> Place:
        """Where it stands, for messages."""
        return Place(sanitise(str(self.where)))


ScenarioLike = Path | str | LoadedScenario | RunResult
"""What can be compared: a scenario file or the folder of a run, or in a notebook one of their objects."""


def alternative(scenario: ScenarioLike, settings: tuple[str, ...], common: tuple[str, ...]) -> Alternative:
    """One alternative, read but not yet run."""
    if isinstance(scenario, RunResult):
        scenario = scenario.folder
    where = scenario.file if isinstance(scenario, LoadedScenario) else Path(scenario)
    folder = RunFolder(where)
    if not where.is_dir() or not (folder.manifest() or folder.is_a_damaged_run()):
        reading = load(scenario, settings=(*settings, *common))
        own = reading.settings[: len(reading.settings) - len(common)]
        return Alternative(where, own, reading.scenario, run_key(reading.scenario), None, reading)
    if settings or common:
        problem = f"is a finished run; {in_words((*settings, *common)[:1])} can be set for a scenario file only"
        raise ScenarioError([Fault(Place(sanitise(str(where))), problem)])
    saved = open_run(where)
    return Alternative(where, (), saved.scenario, RunFolder(where).run_key(), saved)


def check_paired(alternatives: Sequence[Alternative], replications: int | None) -> None:
    """Raises ScenarioError, with all faults, if the replications cannot be paired."""
    base, *plans = alternatives
    faults = []
    if not plans:
        faults.append(Fault(base.place, "has no plan to be compared with; name one, or give one with --set KEY=VALUE"))
    for plan in plans:
        for name, words in (("start", "begins on"), ("end", "ends on"), ("seed", "has the seed")):
            ours, theirs = getattr(plan.scenario, name), getattr(base.scenario, name)
            if ours != theirs:
                faults.append(
                    Fault(plan.place, f"{words} {ours}, and {base.place} {words} {theirs}; {_fix(name, plan, base)}")
                )
        if (ours := plan.scenario.costs.officer_per_year) != (theirs := base.scenario.costs.officer_per_year):
            repair = "give both the same, as --set-all costs.officer_per_year=75000"
            prices = f"prices an officer at {_pounds(ours)} a year, and {base.place} at {_pounds(theirs)}"
            faults.append(Fault(plan.place, f"{prices}; {repair}"))
    version = next((one.key.code_version for one in alternatives if one.saved is None), base.key.code_version)
    for one in alternatives:
        if one.key.code_version != version:
            other = "this one" if version == code_version() else f"that of {base.place}"
            faults.append(
                Fault(
                    one.place,
                    f"was run by another version of the program ({one.key.code_version}, {other} is {version}), "
                    "so a difference could be due to that; give the scenario file instead",
                )
            )
        if one.saved and replications and len(set(one.saved.numbers) & set(range(1, replications + 1))) < replications:
            command = (RunFolder(one.where).manifest() or {}).get("command", "python -m sim run SCENARIO")
            faults.append(
                Fault(
                    one.place,
                    f"has {one.saved.replications:,} replications and {replications:,} are needed; "
                    f"leave --replications out, or add to them with: {command} --replications {replications}",
                )
            )
    if faults:
        raise ScenarioError(faults)


def _pounds(price: float | None) -> str:
    return "no price" if price is None else f"£{price:,.0f}"


def _fix(name: str, plan: Alternative, base: Alternative) -> str:
    """How two alternatives can be made to agree on a key."""
    if plan.saved and base.saved:
        return "run one of them again so that they agree"
    value = getattr((plan if plan.saved else base).scenario, name)
    if plan.saved or base.saved:
        return f"write {name}: {value} in the scenario file"
    return f"fix it with --seed {value}" if name == "seed" else f"fix it with --set-all {name}={value}"


def common_replications(alternatives: Sequence[Alternative]) -> list[int]:
    """The replications that every alternative has, or will have."""
    each = (one.saved.numbers if one.saved else range(1, one.scenario.replications + 1) for one in alternatives)
    common = sorted(set.intersection(*(set(numbers) for numbers in each)))
    if not common:
        raise ScenarioError(
            [Fault(one.place, "has no replication that all the others have") for one in alternatives[:1]]
        )
    return common


def to_be_run(alternatives: Sequence[Alternative], numbers: Sequence[int], results: Path) -> list[RunPlan]:
    """What is still to be simulated; nothing is written yet."""
    return [
        expected(one.reading, one.where, numbers, results=results) for one in alternatives if one.reading is not None
    ]


def run_all(
    alternatives: Sequence[Alternative],
    common: tuple[str, ...],
    numbers: Sequence[int],
    workers: int | None,
    pool: Pool | None,
    results: Path,
    listener: ProgressListener | None,
) -> tuple[list[tuple[Path, pd.DataFrame]], tuple[Outcome, ...]]:
    """The folder and the values of each alternative, simulated on one pool where missing; and what failed."""
    more = max(numbers)
    runs = {
        number: prepare(
            one.reading,
            replications=more if more > one.scenario.replications else None,
            results=results,
        )
        for number, one in enumerate(alternatives)
        if one.reading is not None
    }
    failed: Failures = {}
    if runs:
        wanted = [(prepared, numbers) for prepared in runs.values()]
        failed = simulate_missing(wanted, workers=workers, pool=pool, listener=listener)
    found = []
    for number, one in enumerate(alternatives):
        result = one.saved or _sum_up(runs[number], numbers, failed[runs[number]])
        rows = result.values()
        found.append((result.folder, rows[rows.index.isin(numbers)]))
    return found, tuple(failure for failures in failed.values() for failure in failures)


def _sum_up(prepared: PreparedRun, numbers: Sequence[int], failures: Sequence[Outcome]) -> RunResult:
    """Save the summary of a run over all replications that are there, of which an earlier run may have left more."""
    others = [k for k in prepared.replications if k not in numbers]
    there = [k for k in others if prepared.folder.is_done(k, prepared.key, events=prepared.events)]
    return finish(prepared, [*numbers, *there], failures)


def labels_of(alternatives: Sequence[Alternative]) -> list[str]:
    """What each alternative is called: its settings in words, or its scenario's name; with the file if names agree.

    Settings of the base, and how many replications there are, make no plan.
    """
    names = []
    for one in alternatives:
        own = [setting for setting in one.settings if setting not in alternatives[0].settings]
        named = any(setting.startswith("name=") for setting in own)
        plan = [setting for setting in own if not setting.startswith("replications=")]
        names.append(one.scenario.name if named or not plan else settings_in_titles(plan))
    labels = [
        f"{name} ({relative_path(one.where)})" if names.count(name) > 1 else name
        for name, one in zip(names, alternatives, strict=True)
    ]
    return [f"{label} (again)" if label in labels[:number] else label for number, label in enumerate(labels)]


def settings_in_titles(settings: Sequence[str]) -> str:
    """`Total officer posts 34 from 1 April 2027`; a setting of anything but a single value stays as it is typed."""
    by_date: dict[str, list[str]] = {}
    for one in map(Setting.of, settings):
        value = one.text.partition("=")[2].strip()
        words = _title(one.name) if re.fullmatch(r"[\w.]+", value) else ""
        by_date.setdefault(one.since, []).append(words.format(value=value.replace("_", " ")) or one.text)
    parts = []
    for since, texts in by_date.items():
        day = dt.date.fromisoformat(since) if since else None
        parts.append(", ".join(texts) + (f" from {day.day} {day:%B %Y}" if day else ""))
    return ", ".join(parts)


def _title(name: str) -> str:
    """The title of a key with a place for its value, and its unit; empty for a key without a title of its own."""
    route = route_to(name)
    key, section = find(route), find(route[:1])
    if key is None or not key.title or any(part.isdecimal() for part in route):
        return ""
    title, of = key.title, section.title if section else ""
    if len(route) > 1 and of and of.lower().removesuffix("s") not in title.lower():
        title = f"{of}, {title[0].lower()}{title[1:]}"
    unit = "" if key.unit.lower().removesuffix("s") in title.lower() else f" {key.unit}"
    return f"{title} {{value}}{unit}"
