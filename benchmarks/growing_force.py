"""A caseload benchmark of so many times the size, in a process of its own.

python -m benchmarks.growing_force TIMES REPEATS

Prints as JSON the seconds of processor time of laying out, simulating and measuring a replication, and the peak memory.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.caseload import SCENARIOS
from benchmarks.engines import peak_megabytes
from sim.measure import tabulate
from sim.model import simulate
from sim.model.inputs import Inputs, inputs_of
from sim.model.simulate import collector_at_rest
from sim.model.simulation import Simulation
from sim.model.warm_up import warm_up
from sim.scenario import Scenario, read


def grown(scenario: Scenario, times: int) -> Scenario:
    """A scenario with so many times the teams and the registrations."""
    written = scenario.model_dump(mode="json", by_alias=True)
    del written["assumptions"]
    written["teams"] = [
        {**team, "name": f"{team['name']}, part {part + 1}"} for part in range(times) for team in written["teams"]
    ]
    written["register"]["new_per_year"] *= times
    return Scenario.model_validate(written)


def lay_out(prepared: Inputs) -> None:
    """A replication up to its first day, and nothing left of it."""
    with collector_at_rest():
        Simulation(prepared, 0, 0)


def main(times: int, repeats: int) -> None:
    """Simulate one replication several times, with and without its event log in turn."""
    warm_up()
    scenario = grown(read(SCENARIOS["base"]).scenario, times)
    prepared = inputs_of(scenario)
    seconds: dict[str, list[float]] = {"laying out": [], "simulating": [], "measuring": [], "with log": []}

    def timed(phase: str, work: Callable[[], Any]) -> Any:
        begin = time.process_time()
        result = work()
        seconds[phase].append(time.process_time() - begin)
        return result

    for _ in range(repeats):
        timed("laying out", lambda: lay_out(prepared))
        replication = timed("simulating", lambda: simulate(scenario, 0))
        timed("measuring", lambda: tabulate(scenario, replication))  # noqa: B023
    peak = peak_megabytes()  # without the log
    for _ in range(repeats if times == 1 else 0):
        timed("simulating", lambda: simulate(scenario, 0))
        timed("with log", lambda: simulate(scenario, 0, log_events=True))
    medians = {phase: statistics.median(found) for phase, found in seconds.items() if found}
    found = {
        "officers": sum(team.officers for team in scenario.teams),
        "offenders": sum(team.offenders for team in scenario.teams),
        "tasks": int(replication.tasks),
        "with_log": medians.pop("with log", float("nan")) / medians["simulating"],
        "peak_megabytes": peak,
    }
    medians["simulating"] -= medians["laying out"]  # simulate() lays out as well
    print(json.dumps({**found, "phases": medians}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
