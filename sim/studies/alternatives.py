"""The alternatives of a comparison: scenario files to be run and saved runs, checked that they can be paired."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.runs.batch import Failures, finish, simulate_missing
from sim.runs.errors import Outcome
from sim.runs.folder import RunFolder
from sim.runs.load import load
from sim.runs.pool import Pool
from sim.runs.prepare import prepare
from sim.runs.provenance import RunKey, code_version, relative_path, run_key
from sim.runs.reopen import open_run
from sim.runs.result import RunResult
from sim.runs.run_plan import ProgressListener
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
    """The run, if it is a saved one; else what was read of the scenario to be run is in `reading`."""
    reading: LoadedScenario | None = None

    @property
    def place(self) -> Place:
        return Place(sanitise(str(self.where)))


ScenarioLike = Path | str | LoadedScenario | RunResult
"""What can be compared: a scenario file or the folder of a run, or in a notebook one of their objects."""


def alternative(scenario: ScenarioLike, settings: tuple[str, ...], common: tuple[str, ...]) -> Alternative:
    if isinstance(scenario, RunResult):
        scenario = scenario.folder
    where = scenario.file if isinstance(scenario, LoadedScenario) else Path(scenario)
    folder = RunFolder(where)
    if not where.is_dir() or not (folder.manifest() or folder.is_a_damaged_run()):
        reading = load(scenario, settings=(*settings, *common))
        own = reading.settings[: len(reading.settings) - len(common)]
        key = run_key(reading.scenario.content_hash, reading.scenario.seed)
        return Alternative(where, own, reading.scenario, key, None, reading)
    if settings or common:
        problem = f"is a finished run; {in_words((*settings, *common)[:1])} can be set for a scenario file only"
        raise ScenarioError([Fault(Place(sanitise(str(where))), problem)])
    saved = open_run(where)
    return Alternative(where, (), saved.scenario, saved.files.run_key(), saved)


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
                problem = f"{words} {ours}, and {base.place} {words} {theirs}"
                faults.append(Fault(plan.place, f"{problem}; {_fix(name, plan, base)}"))
        prices = [each.scenario.costs.officer_per_year for each in (plan, base)]
        if prices[0] != prices[1]:
            ours, theirs = ("no price" if price is None else f"£{price:,.0f}" for price in prices)
            problem = f"prices an officer at {ours} a year, and {base.place} at {theirs}"
            repair = "give both the same, as --set-all costs.officer_per_year=75000"
            faults.append(Fault(plan.place, f"{problem}; {repair}"))
    version = next((each.key.code_version for each in alternatives if each.saved is None), base.key.code_version)
    for each in alternatives:
        if each.key.code_version != version:
            other = "this one" if version == code_version() else f"that of {base.place}"
            versions = f"{each.key.code_version}, {other} is {version}"
            problem = f"was run by another version of the program ({versions}), so a difference could be due to that"
            faults.append(Fault(each.place, f"{problem}; give the scenario file instead"))
        if each.saved and replications and not set(each.saved.numbers).issuperset(range(1, replications + 1)):
            problem = f"has {each.saved.replications:,} replications and {replications:,} are needed"
            again = f"{each.saved.files.command()} --replications {replications}"
            repair = f"leave --replications out, or add to them with: {again}"
            faults.append(Fault(each.place, f"{problem}; {repair}"))
    if faults:
        raise ScenarioError(faults)


def _fix(name: str, plan: Alternative, base: Alternative) -> str:
    if plan.saved and base.saved:
        return "run one of them again so that they agree"
    value = getattr((plan if plan.saved else base).scenario, name)
    if plan.saved or base.saved:
        return f"write {name}: {value} in the scenario file"
    return f"fix it with --seed {value}" if name == "seed" else f"fix it with --set-all {name}={value}"


def run_all(
    alternatives: Sequence[Alternative],
    numbers: Sequence[int],
    workers: int | None,
    pool: Pool | None,
    results: Path,
    listener: ProgressListener | None,
) -> tuple[list[Path], list[pd.DataFrame], tuple[Outcome, ...]]:
    """The folders and the values of the alternatives, simulated on one pool where missing; and what failed."""
    runs = {}
    for number, plan in enumerate(alternatives):
        if plan.reading is not None:
            more = max(numbers) if max(numbers) > plan.scenario.replications else None
            runs[number] = prepare(plan.reading, replications=more, results=results).reserve()
    failed: Failures = {}
    if runs:
        wanted = [(prepared, numbers) for prepared in runs.values()]
        failed = simulate_missing(wanted, workers=workers, pool=pool, listener=listener)
    folders, values = [], []
    for number, plan in enumerate(alternatives):
        result = plan.saved
        if result is None:
            # The summary is of all replications that are there, of which an earlier run may have left more.
            run = runs[number]
            others = [k for k in run.replications if k not in numbers]
            there = [k for k in others if run.folder.is_done(k, run.key, events=run.events)]
            result = finish(run, [*numbers, *there], failed[run])
        rows = result.values()
        folders.append(result.folder)
        values.append(rows[rows.index.isin(numbers)])
    return folders, values, tuple(itertools.chain.from_iterable(failed.values()))


def labels_of(alternatives: Sequence[Alternative]) -> list[str]:
    """What each alternative is called: its settings in words, or its scenario's name; with the file if names agree.

    Settings of the base, and how many replications there are, make no plan.
    """
    names = []
    for plan in alternatives:
        own = [setting for setting in plan.settings if setting not in alternatives[0].settings]
        named = any(setting.startswith("name=") for setting in own)
        own = [setting for setting in own if not setting.startswith("replications=")]
        names.append(plan.scenario.name if named or not own else _settings_in_titles(own))
    labels = [
        f"{name} ({relative_path(plan.where)})" if names.count(name) > 1 else name
        for name, plan in zip(names, alternatives, strict=True)
    ]
    return [f"{label} (again)" if label in labels[:number] else label for number, label in enumerate(labels)]


def _settings_in_titles(settings: Sequence[str]) -> str:
    """`Total officer posts 34 from 1 April 2027`; a setting of anything but a single value stays as it is typed."""
    by_date: dict[str, list[str]] = {}
    for setting in map(Setting.of, settings):
        value = setting.text.partition("=")[2].strip()
        words = _title(setting.name) if re.fullmatch(r"[\w.]+", value) else ""
        by_date.setdefault(setting.since, []).append(words.format(value=value.replace("_", " ")) or setting.text)
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
