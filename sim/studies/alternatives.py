"""The sides of a comparison: scenario files to be run and runs that are kept, fit to be set side by side or refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.runs.batch import Failures, finish, simulate_missing
from sim.runs.folder import RunFolder
from sim.runs.load import LoadedScenario, file_and_settings
from sim.runs.pool import Outcome, Pool
from sim.runs.prepare import PreparedRun, expected, prepare
from sim.runs.provenance import RunKey, code_version, relative_path, run_key
from sim.runs.reopen import open_run
from sim.runs.result import RunResult
from sim.runs.run_plan import ProgressListener, RunPlan
from sim.scenario import Fault, Reading, Scenario, ScenarioError, read
from sim.scenario.settings import in_words
from sim.scenario.source.faults import Place, sanitise


@dataclass(frozen=True)
class Alternative:
    """One side of a comparison: a scenario file, perhaps with settings on top, or the folder of a run that is kept."""

    where: Path
    settings: tuple[str, ...]
    scenario: Scenario
    key: RunKey
    kept: RunResult | None
    """The run, if it is an old one; else it is yet to be run."""
    reading: Reading | None = None
    """What was read of a scenario that is yet to be run."""

    @property
    def place(self) -> Place:
        """Where it stands, for messages."""
        return Place(sanitise(str(self.where)))


ScenarioLike = Path | str | LoadedScenario | RunResult
"""What may be one side: a scenario file or the folder of a run, or in a notebook one of their objects."""


def side_of(given: ScenarioLike, settings: tuple[str, ...], common: tuple[str, ...]) -> Alternative:
    """One side, read but not yet run."""
    if isinstance(given, RunResult):
        given = given.folder
    where, settings = file_and_settings(given, settings)
    folder = RunFolder(where)
    if not where.is_dir() or not (folder.manifest() or folder.is_a_damaged_run()):
        try:
            reading = read(where, (*settings, *common))
        except ScenarioError as error:
            raise ScenarioError(_set_for_all(fault, common) for fault in error.faults) from None
        return Alternative(where, settings, reading.scenario, run_key(reading.scenario), None, reading)
    if settings or common:
        problem = f"is a run that is over; {in_words((*settings, *common)[:1])} can be set for a scenario file only"
        raise ScenarioError([Fault(Place(sanitise(str(where))), problem)])
    kept = open_run(where)
    return Alternative(where, (), kept.scenario, RunFolder(where).run_key(), kept)


def _set_for_all(fault: Fault, common: tuple[str, ...]) -> Fault:
    """A fault as it is told where some settings came from --set-all, which no date goes with."""
    source, message = fault.place.source, fault.message
    for setting in common:
        typed = re.compile(rf"--set {re.escape(sanitise(setting))}(?![^\s;,)])")
        if typed.search(f"{source} {message}"):
            source, message = (typed.sub(lambda found: f"--set-all{found[0][5:]}", text) for text in (source, message))
            message = message.replace("let the change begin with --from", "change it with --set and --from")
    return Fault(Place(source, fault.place.line), message)


def check_paired(alternatives: Sequence[Alternative], replications: int | None) -> None:
    """Raises ScenarioError, with all faults, if the histories cannot be set side by side."""
    base, *plans = alternatives
    faults = []
    if not plans:
        faults.append(
            Fault(base.place, "what is it to be compared with? Name a plan, or give one with --set KEY=VALUE")
        )
    for plan in plans:
        for name, words in (("start", "begins on"), ("end", "ends on"), ("seed", "has the seed")):
            ours, theirs = getattr(plan.scenario, name), getattr(base.scenario, name)
            if ours != theirs:
                faults.append(
                    Fault(plan.place, f"{words} {ours}, and {base.place} {words} {theirs}; {_mend(name, plan, base)}")
                )
        if (ours := plan.scenario.costs.officer_per_year) != (theirs := base.scenario.costs.officer_per_year):
            repair = "give both the same, as --set-all costs.officer_per_year=75000"
            prices = f"prices an officer at {_pounds(ours)} a year, and {base.place} at {_pounds(theirs)}"
            faults.append(Fault(plan.place, f"{prices}; {repair}"))
    version = next((side.key.code_version for side in alternatives if side.kept is None), base.key.code_version)
    for side in alternatives:
        if side.key.code_version != version:
            other = "this one" if version == code_version() else f"that of {base.place}"
            faults.append(
                Fault(
                    side.place,
                    f"was run by another version of the program ({side.key.code_version}, {other} is {version}), "
                    "and what differs could be its doing; give the scenario file instead",
                )
            )
        if side.kept and replications and len(set(side.kept.numbers) & set(range(1, replications + 1))) < replications:
            command = (RunFolder(side.where).manifest() or {}).get("command", "python -m sim run SCENARIO")
            faults.append(
                Fault(
                    side.place,
                    f"has {side.kept.replications:,} replications and {replications:,} are wanted; "
                    f"leave --replications out, or add to them with: {command} --replications {replications}",
                )
            )
    if faults:
        raise ScenarioError(faults)


def _pounds(price: float | None) -> str:
    return "no price" if price is None else f"£{price:,.0f}"


def _mend(name: str, plan: Alternative, base: Alternative) -> str:
    """How two sides come to agree on a key."""
    if plan.kept and base.kept:
        return "run one of them again so that they agree"
    value = getattr((plan if plan.kept else base).scenario, name)
    if plan.kept or base.kept:
        return f"write {name}: {value} in the scenario file"
    return f"mend it with --seed {value}" if name == "seed" else f"mend it with --set-all {name}={value}"


def in_all(alternatives: Sequence[Alternative]) -> list[int]:
    """The replications that every side has, or will have."""
    each = (side.kept.numbers if side.kept else range(1, side.scenario.replications + 1) for side in alternatives)
    common = sorted(set.intersection(*(set(numbers) for numbers in each)))
    if not common:
        raise ScenarioError(
            [Fault(side.place, "has no replication that all the others have") for side in alternatives[:1]]
        )
    return common


def to_be_run(alternatives: Sequence[Alternative], numbers: Sequence[int], results: Path) -> list[RunPlan]:
    """What is still to be simulated of the sides; nothing is written yet."""
    return [
        expected(side.reading, side.where, numbers, results=results)
        for side in alternatives
        if side.reading is not None
    ]


def live_through(
    alternatives: Sequence[Alternative],
    common: tuple[str, ...],
    numbers: Sequence[int],
    workers: int | None,
    pool: Pool | None,
    results: Path,
    listener: ProgressListener | None,
) -> tuple[list[tuple[Path, pd.DataFrame]], tuple[Outcome, ...]]:
    """The folder of each side and what its histories came to, simulated on one pool where missing; and what failed."""
    more = max(numbers)
    runs = {
        number: prepare(
            side.where,
            settings=(*side.settings, *common),
            replications=more if more > side.scenario.replications else None,
            results=results,
        )
        for number, side in enumerate(alternatives)
        if side.kept is None
    }
    failed: Failures = {}
    if runs:
        wanted = [(prepared, numbers) for prepared in runs.values()]
        failed = simulate_missing(wanted, workers=workers, pool=pool, listener=listener)
    lived = []
    for number, side in enumerate(alternatives):
        result = side.kept or _sum_up(runs[number], numbers, failed[runs[number]])
        rows = result.values()
        lived.append((result.folder, rows[rows.index.isin(numbers)]))
    return lived, tuple(failure for failures in failed.values() for failure in failures)


def _sum_up(prepared: PreparedRun, numbers: Sequence[int], failures: Sequence[Outcome]) -> RunResult:
    """Keep the summary of a run over all histories that are there, of which an earlier run may have left more."""
    others = [k for k in prepared.replications if k not in numbers]
    there = [k for k in others if prepared.folder.is_done(k, prepared.key, events=prepared.events)]
    return finish(prepared, [*numbers, *there], failures)


def _name_of(side: Alternative, base: Alternative) -> str:
    """What was set and is not set in the base, unless that is a name; how many histories there are is no plan."""
    told = [setting for setting in side.settings if setting not in base.settings]
    named = any(setting.startswith("name=") for setting in told)
    plan = [setting for setting in told if not setting.startswith("replications=")]
    return side.scenario.name if named or not plan else in_words(plan)


def labels_of(alternatives: Sequence[Alternative]) -> list[str]:
    """What each side is called: what was set, or the name of the scenario; told apart by the file where names agree."""
    names = [_name_of(side, alternatives[0]) for side in alternatives]
    labels = [
        f"{name} ({relative_path(side.where)})" if names.count(name) > 1 else name
        for name, side in zip(names, alternatives, strict=True)
    ]
    return [f"{label} (again)" if label in labels[:number] else label for number, label in enumerate(labels)]
