"""One replication of the caseload benchmark in every engine, in turn, several rounds: who needs how long."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import floor
from benchmarks.caseload import SCENARIOS
from benchmarks.engines import ENGINES, FLOOR, FORCE, PARAMETERS, QUEUES, REPLICATION, SCENARIO, THIS_PROGRAM, C, Engine
from benchmarks.laying_out import lay_out
from benchmarks.queues import queues_of
from sim.scenario import Scenario, read

REPOSITORY = Path(__file__).parents[1]
HOW_TO_INSTALL = "make bench, or python -m pip install -r requirements-bench.txt"


@dataclass
class Result:
    """What was measured of one engine under one load: of each round the seconds and the peak memory."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    @property
    def median_seconds(self) -> float:
        """The seconds that count."""
        return statistics.median(self.seconds)


@dataclass
class Comparison:
    """Everything measured, by load and engine, and every disagreement about a weekly count."""

    loads: tuple[str, ...]
    engines: tuple[Engine, ...]
    rounds: int
    results: dict[tuple[str, str], Result]
    disagreements: list[str] = field(default_factory=list)

    def times(self, load: str, engine: str, slower: str) -> float:
        """How many times as fast as the slower one an engine is."""
        return self.results[load, slower].median_seconds / self.results[load, engine].median_seconds


def available(names: Sequence[str]) -> Iterator[tuple[Engine, str]]:
    """The engines asked for (all, if none), each with why it must be skipped, or nothing."""
    for engine in ENGINES:
        if names and engine.name not in names:
            continue
        if engine.name == C and floor.compiler() is None:
            yield engine, "there is no C compiler here; install one (gcc or clang), or name it in the variable CC"
        elif not engine.is_installed():
            yield engine, f"the package {engine.needs} is not installed; install it with: {HOW_TO_INSTALL}"
        else:
            yield engine, ""


def compare(
    engines: Sequence[Engine],
    rounds: int,
    settings: Sequence[str] = (),
    say: Callable[[str], None] = lambda _: None,
) -> Comparison:
    """Let every engine simulate the same replication once a round, another replication each round.

    `settings` change the scenario, as after `--set`. Each engine is a process of its own.
    """
    results = {(load, engine.name): Result() for load in SCENARIOS for engine in engines}
    comparison = Comparison(tuple(SCENARIOS), tuple(engines), rounds, results)
    with tempfile.TemporaryDirectory() as folder:
        start = Path(folder)
        if any(engine.name == C for engine in engines):
            floor.build(start / FLOOR)
        for turn in range(rounds):
            for load, file in SCENARIOS.items():
                scenario = read(file, settings).scenario
                _prepare(start, scenario, (str(file), *settings), turn)
                weekly: dict[str, list[int]] = {}
                for engine in engines:
                    found = _simulated(engine, start)
                    result = results[load, engine.name]
                    result.seconds.append(statistics.median(found["seconds"]))
                    result.megabytes.append(found["peak_megabytes"])
                    say(f"round {turn + 1} of {rounds}, {load}: {engine.name} {result.seconds[-1]:.3f} s")
                    if engine.whole_model:
                        weekly[engine.name] = found["weekly"]
                comparison.disagreements += disagreements(f"{load}, replication {turn}", weekly)
    return comparison


def disagreements(what: str, weekly: dict[str, list[int]]) -> list[str]:
    """A sentence for each engine whose weekly counts are not those of this program (or of the first there is)."""
    model = THIS_PROGRAM if THIS_PROGRAM in weekly else next(iter(weekly), "")
    found = []
    for engine, counts in weekly.items():
        differs = [week for week, pair in enumerate(zip(weekly[model], counts, strict=False)) if len(set(pair)) > 1]
        if differs:
            week = differs[0]
            found.append(
                f"{what}: {engine} has {counts[week]:,} overdue visits in week {week}, {model} {weekly[model][week]:,}"
            )
        elif len(counts) != len(weekly[model]):
            found.append(f"{what}: {engine} counted {len(counts)} weeks, {model} {len(weekly[model])}")
    return found


def _prepare(start: Path, scenario: Scenario, source: Sequence[str], replication: int) -> None:
    """Write what the engines begin with into their folder."""
    lay_out(scenario, replication, start / FORCE)
    (start / QUEUES).write_text(json.dumps({**queues_of(scenario), "seed": replication}), encoding="utf-8")
    (start / PARAMETERS).write_text(floor.parameters(scenario, replication), encoding="utf-8")
    (start / SCENARIO).write_text("\n".join(source), encoding="utf-8")
    (start / REPLICATION).write_text(str(replication))


def _simulated(engine: Engine, start: Path) -> dict:
    """One engine, one replication, one process."""
    command = [sys.executable, "-m", "benchmarks.engines", engine.name, str(start), str(engine.times)]
    done = subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)
