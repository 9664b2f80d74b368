"""The fewest officers with which a target is met on a date, in as many histories as the planner asks for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.special import betaincinv

from sim.experiment.answer import POINTS, AnswerFolder, answer_folder, as_options, short_key
from sim.experiment.batch import simulate_missing, weigh
from sim.experiment.errors import ReplicationsFailed
from sim.experiment.intervals import CONFIDENCE
from sim.experiment.load import LoadedScenario, file_and_settings
from sim.experiment.plan import RunPlan, best_workers
from sim.experiment.points import key_problem
from sim.experiment.pool import Pool, open_pool
from sim.experiment.prepare import RESULTS, Prepared, prepare
from sim.experiment.provenance import from_here, run_key, without_machine
from sim.experiment.search import Found, fewest
from sim.experiment.target import Target, parsed_target
from sim.experiment.watch import Watcher
from sim.scenario import Reading, Scenario, ScenarioError, headcounts, read
from sim.scenario.explaining import value_of
from sim.scenario.faults import Fault, Place, printable
from sim.scenario.keys import find, route_to

KIND = "staffing"
WIDEST_RANGE = 100_000
PRICED = ("officers.total", "surge.officers")
"""Keys of which one more is one more officer to be paid."""


@dataclass(frozen=True, eq=False)
class Staffing:
    """How many it takes. `histories` has a row for each history looked at: `number`, `replication`, `value`, `met`."""

    base: Scenario
    target: Target
    by: dt.date
    confidence: float
    key: str
    present: int
    found: Found
    histories: pd.DataFrame
    kept_in: AnswerFolder

    def __repr__(self) -> str:
        answer = "not within the bounds" if self.found.answer is None else str(self.found.answer)
        return f"<Staffing of {self.base.name}: {self.key} {answer}, in {from_here(self.kept_in.path)}>"

    @property
    def price(self) -> float | None:
        """£ a year for one more; None where the scenario does not say, or where it is not officers that are varied."""
        return self.base.costs.officer_per_year if self.key in PRICED else None

    @property
    def more_per_year(self) -> float | None:
        """£ a year that the answer costs more than what there is now."""
        if self.found.answer is None or self.price is None:
            return None
        return self.price * (self.found.answer - self.present)

    def surely(self, number: int) -> float:
        """The share of all conceivable histories in which the target is met, at least, with 95 % confidence."""
        trial = self.found.trials[number]
        if not trial.successes:
            return 0.0
        return float(betaincinv(trial.successes, len(trial.met) - trial.successes + 1, 1 - CONFIDENCE))

    def to_json(self) -> str:
        """The answer for machines."""
        found = self.found
        tried = [
            {
                "number": trial.number,
                "met": trial.successes,
                "histories": len(trial.met),
                "enough": found.enough(number),
            }
            for number, trial in found.trials.items()
        ]
        document: dict[str, Any] = {
            "scenario": self.base.name,
            "key": self.key,
            "present": self.present,
            "answer": found.answer,
            "target": {**asdict(self.target), "by": self.by.isoformat()},
            "confidence": self.confidence,
            "replications": found.replications,
            "needed": found.needed,
            "share_surely_at_least": None if found.answer is None else self.surely(found.answer),
            "pounds_a_year_more": self.more_per_year,
            "tried": tried,
            "histories": found.simulated,
            "kept_in": str(from_here(self.kept_in.path)),
        }
        return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def staff(
    scenario: Path | str | LoadedScenario,
    target: str,
    *,
    by: dt.date | None = None,
    confidence: float = 0.9,
    vary: str = "officers.total",
    between: str | None = None,
    settings: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
    results: Path = RESULTS,
    watcher: Watcher | None = None,
) -> Staffing:
    """Search for the fewest officers, or of another key in whole numbers, with which a target is met by a date.

    `target` is a text such as `overdue_visits_share <= 0.05`; `between` one such as `100..200`, by default from half to
    twice what there is now. It is enough if the target is met in a share of `confidence` of the histories. Raises
    ScenarioError, FolderError and ReplicationsFailed.
    """
    scenario_file, settings = file_and_settings(scenario, settings)
    overrides = [f"{name}={number}" for name, number in (("replications", replications), ("seed", seed))
                 if number is not None]  # fmt: skip
    reading = read(scenario_file, (*settings, *overrides))
    base = reading.scenario
    present = _present(reading, vary)
    lowest, highest = _bounds(between, present, vary)
    aim = parsed_target(target, by, base)
    command = ["python", "-m", "sim", "staff", without_machine(scenario_file), "--target", target]
    command += [*as_options("--by", [by]), "--confidence", f"{confidence:g}", "--vary", vary]
    command += ["--between", f"{lowest}..{highest}", *as_options("--set", settings)]
    command += as_options("--replications", [replications]) + as_options("--seed", [seed])
    question = short_key(asdict(run_key(base)), vary, lowest, highest, asdict(aim), confidence, base.replications)
    kept_in, runs_in = answer_folder(KIND, out, results, f"staff-{scenario_file.stem}-{question}", POINTS)
    _weigh(watcher, read(scenario_file, (*settings, *overrides, f"{vary}={highest}")), highest - lowest, workers)

    runs: dict[int, Prepared] = {}
    rows: list[tuple[int, int, float, bool]] = []

    def attempt(number: int, numbers: Sequence[int], pool: Pool) -> list[bool]:
        if number not in runs:
            runs[number] = prepare(
                scenario_file,
                settings=(*settings, *overrides, f"{vary}={number}"),
                results=runs_in,
            )
        run = runs[number]
        failed = simulate_missing([(run, numbers)], pool=pool, watcher=watcher)[run]
        if failed:
            raise ReplicationsFailed(failed)
        values = [aim.value(run.folder.metrics(k, run.key)) for k in numbers]
        rows.extend((number, k, value, aim.met(value)) for k, value in zip(numbers, values, strict=True))
        return [aim.met(value) for value in values]

    with open_pool(workers or _best_workers(base, scenario_file)) as pool:
        found = fewest(
            lambda number, numbers: attempt(number, numbers, pool),
            lowest, highest, base.replications, confidence, pool.workers,
        )  # fmt: skip
    histories = pd.DataFrame(rows, columns=["number", "replication", "value", "met"])
    histories = histories.sort_values(["number", "replication"], ignore_index=True)
    staffing = Staffing(base, aim, by or base.end, confidence, vary, present, found, histories, kept_in)
    folders = [{"folder": str(from_here(run.folder.path)), **asdict(run.key)} for _, run in sorted(runs.items())]
    kept_in.begin(command, {"scenario": base.name, "runs": folders})
    kept_in.forget_figures()
    kept_in.keep_table("histories", histories)
    kept_in.keep_text("staffing.json", staffing.to_json() + "\n")
    return staffing


def _weigh(watcher: Watcher | None, most: Reading, width: int, workers: int | None) -> None:
    """A search looks at about as many numbers as it takes to halve its range to one, with the most of them at worst."""
    numbers = range(1, most.scenario.replications * (width.bit_length() + 2) + 1)
    weigh(watcher, [RunPlan(most.scenario, Path(), numbers, numbers)], workers)


def _best_workers(scenario: Scenario, file: Path) -> int:
    """As many as help with about as many histories as a search takes."""
    expected = tuple(range(3 * scenario.replications))
    return best_workers([RunPlan(scenario, file, expected, expected)])


def _present(reading: Reading, name: str) -> int:
    """How many there are now. Raises ScenarioError if the key is no whole number, or a lever would undo the search."""
    place = Place(f"--vary {printable(name)}")
    if problem := key_problem(name):
        raise ScenarioError([Fault(place, problem)])
    route = route_to(name)
    key = find(route)
    if key is None or key.kind != "whole_number":
        wanted = "is not a whole number; search for officers.total or surge.officers, or see its values with sweep"
        raise ScenarioError([Fault(place, wanted)])
    for number, lever in enumerate(reading.scenario.levers):
        if name in lever.set:
            where = reading.place(f"levers.{number}.set.{name}")
            problem = f"this lever sets {name} anew from {lever.from_} on, and would undo the search; take it out"
            raise ScenarioError([Fault(where, problem)])
    value = value_of(reading.scenario, route)
    if value is None and name == "officers.total":
        value = sum(officers for officers, _ in headcounts(reading.scenario))
    return int(value or 0)


def _bounds(between: str | None, present: int, name: str) -> tuple[int, int]:
    """From where to where to search."""
    if between is None:
        if not present:
            problem = f"is missing: {name} is 0 now, so say from where to where to search, as --between 1..40"
            raise ScenarioError([Fault(Place("--between"), problem)])
        return max(1, present // 2), 2 * present
    place = Place(f"--between {printable(between)}")
    first, dots, last = between.partition("..")
    if not dots or not first.strip().isdecimal() or not last.strip().isdecimal():
        raise ScenarioError([Fault(place, "write two whole numbers, as --between 100..200")])
    lowest, highest = int(first), int(last)
    if lowest >= highest or highest - lowest > WIDEST_RANGE:
        raise ScenarioError([Fault(place, f"the second number must be above the first, by {WIDEST_RANGE:,} at most")])
    return lowest, highest
