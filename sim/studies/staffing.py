"""The smallest number of officers with which targets are met on a date, in as many replications as are asked for."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.special import betaincinv

from sim.runs.arguments import check
from sim.runs.batch import simulate_missing, weigh
from sim.runs.errors import Outcome, ReplicationsFailed
from sim.runs.intervals import CONFIDENCE
from sim.runs.load import load
from sim.runs.pool import open_pool
from sim.runs.prepare import RESULTS, PreparedRun, prepare
from sim.runs.provenance import portable_path, relative_path, run_key
from sim.runs.run_plan import ProgressListener, RunPlan, best_workers
from sim.scenario import LoadedScenario, Scenario, ScenarioError
from sim.scenario.dates import parsed_date
from sim.scenario.paths import find, route_to, value_at
from sim.scenario.schema import TOTALS
from sim.scenario.settings import as_settings, as_typed, asked, first_day, levers_that_undo
from sim.scenario.source.faults import Fault, Place, sanitise
from sim.studies.answer import POINTS, AnswerFolder, answer_folder, as_options, short_key
from sim.studies.points import key_problem
from sim.studies.search import Found, Trial, fewest, most_replications
from sim.studies.target import StaffingTarget, all_met, parsed_targets

ANSWER_KIND = "staffing"
WIDEST_RANGE = 100_000
LEAST_REPLICATIONS = 100
"""So many a number near the answer gets, unless --replications says otherwise: thirty say too little of a share."""
PRICED = ("officers.total", "surge.officers")
"""Keys of which one more is one more officer to be paid."""


@dataclass(frozen=True, eq=False)
class Staffing:
    """How many it takes.

    `table` has a row for each replication simulated and each target: `number`, `replication`, `target`, `value` and
    `met`; where there is no value, both are missing.
    """

    base: Scenario
    targets: tuple[StaffingTarget, ...]
    by: dt.date
    confidence: float
    key: str
    from_: dt.date | None
    """The numbers searched hold from this date on; until then the present one does. Without it from the first day."""
    present: int
    found: Found
    table: pd.DataFrame
    folder: Path
    failures: tuple[Outcome, ...] = ()
    """Always empty: a search ends with the first replication that fails."""

    def __repr__(self) -> str:
        answer = "not within the bounds" if self.found.answer is None else str(self.found.answer)
        return f"<Staffing of {self.base.name}: {self.key} {answer}, in {relative_path(self.folder)}>"

    @property
    def price(self) -> float | None:
        """£ a year for one more; None where the scenario does not say, or where it is not officers that are varied."""
        return self.base.costs.officer_per_year if self.key in PRICED else None

    @property
    def more_per_year(self) -> float | None:
        """£ a year that the answer costs more than what there is now, from `from_` on if that is given."""
        if self.found.answer is None or self.price is None:
            return None
        return self.price * (self.found.answer - self.present)

    def lower_confidence_bound(self, number: int) -> float:
        """The true share of replications that meet the target is at least this, with 95% confidence."""
        trial = self.found.trials[number]
        if not trial.successes:
            return 0.0
        return float(betaincinv(trial.successes, trial.valued - trial.successes + 1, 1 - CONFIDENCE))

    @cached_property
    def by_target(self) -> pd.DataFrame:
        """For each number and each target: in how many replications it is met (`met`), of how many (`valued`)."""
        grouped = self.table.groupby(["number", "target"], sort=False)["met"]
        return pd.DataFrame({"met": grouped.sum(), "valued": grouped.count()}).astype(int)

    def attainable(self, number: int, target: StaffingTarget) -> float | None:
        """The strictest bound that this number meets in the share of replications asked for; None without a value."""
        rows = self.table[(self.table["number"] == number) & (self.table["target"] == target.text)]
        values = sorted(rows["value"].dropna(), reverse=target.comparison.startswith(">"))
        return values[math.ceil(len(values) * self.confidence - 1e-9) - 1] if values else None

    def to_json(self) -> str:
        found = self.found
        tried = [
            {
                "number": trial.number,
                "met": trial.successes,
                "replications": len(trial.met),
                "without_value": len(trial.met) - trial.valued,
                "by_target": {
                    target.text: int(self.by_target.loc[(trial.number, target.text), "met"]) for target in self.targets
                },
                "enough": found.enough(trial.number) if trial.valued else None,
            }
            for trial in found.trials.values()
        ]
        document: dict[str, Any] = {
            "scenario": self.base.name,
            "key": self.key,
            "from": self.from_.isoformat() if self.from_ else None,
            "present": self.present,
            "answer": found.answer,
            "range": {"low": found.low, "high": found.high, "confidence": CONFIDENCE},
            "has_values": found.has_values,
            "nearest": found.nearest if found.answer is None and found.has_values else None,
            "targets": [{**asdict(target), "text": target.text} for target in self.targets],
            "by": self.by.isoformat(),
            "confidence": self.confidence,
            "replications": found.replications,
            "needed": found.needed,
            "share_lower_confidence_bound": None if found.answer is None else self.lower_confidence_bound(found.answer),
            "pounds_a_year_more": self.more_per_year,
            "tried": tried,
            "replications_simulated": found.simulated,
            "folder": str(relative_path(self.folder)),
        }
        return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def staff(
    scenario: Path | str | LoadedScenario,
    target: str | Sequence[str],
    *,
    by: str | dt.date | None = None,
    confidence: float = 0.9,
    vary: str = "officers.total",
    between: str | None = None,
    from_: str | dt.date | None = None,
    settings: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
    results: Path | str = RESULTS,
    listener: ProgressListener | None = None,
) -> Staffing:
    """Search for the smallest number of officers, or of another key in whole numbers, that meets a target by a date.

    `target` is a text such as `overdue_visits_share <= 0.05`, or several, all of which must be met in the same
    replication; `between` one such as `100..200`, by default from half to twice what there is now; with `from_` the
    numbers searched and the `settings` hold from that date on. It is enough if the target is met in a share of
    `confidence` of the replications. Numbers near the answer get at least 100 of them, and more where the range of
    numbers is not narrow after those; with `replications` exactly so many. Raises ScenarioError, FolderError and
    ReplicationsFailed.
    """
    check(staff, locals())
    since, by_date = first_day(from_), first_day(by, "--by")
    first_date, by = (parsed_date(date) if date else None for date in (since, by_date))
    loaded = load(scenario, settings=asked(settings, from_, varied=[vary], replications=replications, seed=seed))
    reading = loaded.with_settings(as_settings(seed=seed))
    base = reading.scenario
    targets = parsed_targets([target] if isinstance(target, str) else target, by, base)
    present = _present(reading, vary, first_date, by)
    lowest, highest = _bounds(between, present, vary)
    first = int(replications or max(LEAST_REPLICATIONS, base.replications))
    most = int(replications or most_replications(first, confidence))
    at_first = reading.update(replications=first)

    def with_number(number: int) -> LoadedScenario:
        return at_first.update({vary: number}, from_=from_)

    for number in (lowest, highest):  # before any folder is made
        with_number(number)
    command = ["staff", portable_path(loaded.file), *as_options(target=[aim.text for aim in targets], by=by)]
    command += as_options(confidence=f"{confidence:g}", vary=vary, between=f"{lowest}..{highest}")
    typed = as_typed(loaded.settings)
    command += typed if "--from" in typed or not since else [*typed, "--from", since]
    command += as_options(replications=replications, seed=seed)
    aims = [asdict(aim) for aim in targets]
    key = asdict(run_key(base.content_hash, base.seed))
    question = short_key(key, vary, since, lowest, highest, aims, confidence, first, most)
    folder, runs_in = answer_folder(ANSWER_KIND, out, results, f"staff-{loaded.file.stem}-{question}", POINTS)
    # A search looks at about as many numbers as it takes to halve its range to one, and at a few to the last.
    about = range(1, first * ((highest - lowest).bit_length() + 2) + 4 * most + 1)
    weigh(listener, [RunPlan(with_number(highest).scenario, Path(), about, about)], workers)

    runs: dict[int, PreparedRun] = {}
    rows: list[tuple[int, int, str, float, bool | None]] = []

    def attempt(number: int, numbers: Sequence[int]) -> list[bool | None]:
        if number not in runs:
            runs[number] = prepare(with_number(number), results=runs_in).reserve()
        run = runs[number]
        if failed := simulate_missing([(run, numbers)], pool=pool, listener=listener)[run]:
            raise ReplicationsFailed(failed)
        verdicts = []
        for k in numbers:
            table = run.folder.metrics(k, run.key)
            judged = [(aim.text, value, aim.met(value)) for aim in targets for value in [aim.value(table)]]
            rows.extend((number, k, *each) for each in judged)
            verdicts.append(all_met([met for _, _, met in judged]))
        return verdicts

    usual = range(5 * first)
    with open_pool(workers or best_workers([RunPlan(base, loaded.file, usual, usual)])) as pool:
        found = fewest(attempt, lowest, highest, first, confidence, pool.workers, most=most, start=present)
    table = pd.DataFrame(rows, columns=["number", "replication", "target", "value", "met"]).astype({"met": "boolean"})
    table = table.sort_values(["number", "replication"], ignore_index=True, kind="stable")
    due = by or base.end
    staffing = Staffing(base, targets, due, confidence, vary, first_date, present, found, table, folder.path)
    behind = (runs[number] for number in sorted(runs))
    runs_behind = [{"folder": str(relative_path(run.folder.path)), **asdict(run.key)} for run in behind]
    search = {name: getattr(found, name) for name in FOUND}
    asked_for = {"key": vary, "from": since, "by": str(due), "present": present, "targets": aims, **search}
    folder.begin(command, {"scenario": base.name, "runs": runs_behind, **asked_for}, reading.resolved)
    folder.finish({"replications": table}, staffing.to_json())
    return staffing


FOUND = ("answer", "low", "high", "replications", "confidence", "lowest", "highest", "can_be_sure")
"""What is saved of a search beside its table, from which the trials follow."""


def open_staffing(path: Path) -> Staffing:
    """The search that a folder holds. Raises FolderError if something of it is missing or damaged."""
    folder = AnswerFolder(path)
    asked_for = folder.asked(
        **dict.fromkeys(FOUND, object), **{"from": str}, by=str, targets=list, key=str, present=int
    )
    table = folder.table("replications").astype({"met": "boolean"})
    trials: dict[int, Trial] = {}
    for (number, _), rows in table.groupby(["number", "replication"]):
        met = all_met([None if pd.isna(verdict) else bool(verdict) for verdict in rows["met"]])
        trials.setdefault(int(number), Trial(int(number))).met.append(met)
    found = Found(trials=trials, **{name: asked_for[name] for name in FOUND})
    targets = tuple(StaffingTarget(**target) for target in asked_for["targets"])
    by, since = parsed_date(asked_for["by"]), parsed_date(asked_for["from"]) if asked_for["from"] else None
    key, present = asked_for["key"], asked_for["present"]
    return Staffing(folder.scenario(), targets, by, found.confidence, key, since, present, found, table, path)


def _present(reading: LoadedScenario, name: str, from_: dt.date | None, by: dt.date | None) -> int:
    """How many there are before the numbers searched hold. Raises ScenarioError if these make no sense."""
    scenario, place = reading.scenario, Place(f"--vary {sanitise(name)}")
    if problem := key_problem(name):
        raise ScenarioError([Fault(place, problem)])
    route = route_to(name)
    key = find(route)
    if key is None or key.kind != "whole_number":
        wanted = "is not a whole number; search for officers.total or surge.officers, or see its values with sweep"
        raise ScenarioError([Fault(place, wanted)])
    faults, place = [], Place(f"--from {from_}")
    if from_ and not scenario.start <= from_ <= scenario.end:
        problem = f"the scenario runs from {scenario.start} to {scenario.end}; choose a date in it"
        faults.append(Fault(place, problem))
    elif from_ and by and by < from_:
        problem = f"is after --by {by}, when the target is due; choose an earlier date, or a later one for --by"
        faults.append(Fault(place, problem))
    if from_ and not key.lever:
        faults.append(Fault(place, f"{name} holds for the whole horizon; leave --from out"))
    faults += [lever.fault for lever in levers_that_undo(reading.located, [name], f"--vary {name}", first_day(from_))]
    if faults:
        raise ScenarioError(faults)
    before = [regime for day, regime in scenario.regimes if from_ and day < (from_ - scenario.start).days]
    stands = before[-1] if before else scenario
    value = value_at(stands, route)
    return stands.sum_over_teams(name) if value is None and name in TOTALS else int(value or 0)


def _bounds(between: str | None, present: int, name: str) -> tuple[int, int]:
    if between is None:
        if not present:
            problem = f"is missing: {name} is 0 now, so say from where to where to search, as --between 1..40"
            raise ScenarioError([Fault(Place("--between"), problem)])
        return max(1, present // 2), 2 * present
    place = Place(f"--between {sanitise(between)}")
    if (found := re.fullmatch(r"\s*(\d{1,9})\s*\.\.\s*(\d{1,9})\s*", between)) is None:
        problem = "write two whole numbers of at most nine digits, as --between 100..200"
        raise ScenarioError([Fault(place, problem)])
    lowest, highest = map(int, found.groups())
    if lowest >= highest or highest - lowest > WIDEST_RANGE:
        raise ScenarioError([Fault(place, f"the second number must be above the first, by {WIDEST_RANGE:,} at most")])
    return lowest, highest
