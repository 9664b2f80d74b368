"""The engines of the comparison, and how one of them simulates one replication in a process of its own.

python -m benchmarks.engines ENGINE START TIMES

The command is for `benchmarks.comparison`, which prepares START, a folder, beforehand. Imports and reading are over
when the clock starts. It prints the seconds of processor time, the peak memory and the weekly counts as JSON.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

SCENARIO, REPLICATION = "scenario.txt", "replication.txt"
"""What a START folder holds for this program: where the scenario file is and what is set, a line each; and a number."""
FORCE, QUEUES, FLOOR, PARAMETERS = "force.npz", "queues.json", "floor", "floor.txt"
"""And for the others: the Python engines, Ciw, and C."""


class Simulated(NamedTuple):
    """What one engine made of a replication, simulated several times: seconds of each, and overdue visits week by week.

    `weekly` is None for an engine that does not hold the whole model. `peak_megabytes` is that of its process.
    """

    seconds: list[float]
    weekly: list[int] | None
    peak_megabytes: float


@dataclass(frozen=True)
class Engine:
    """An engine of the comparison.

    `simulate` gets the START folder and how many times to simulate it. `needs`: the package that must be installed, if
    it is none of this program's own. `times`: how often in one process, the fast ones more often; the median counts.
    """

    name: str
    label: str
    simulate: Callable[[Path, int], Simulated]
    needs: str = ""
    times: int = 1
    whole_model: bool = True

    def is_installed(self) -> bool:
        """Is the package that it needs on this machine?"""
        return not self.needs or importlib.util.find_spec(self.needs) is not None


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor time: others at work on this machine would lengthen what is long anyway more than what is short."""
    begin = time.process_time()
    result = work()
    return time.process_time() - begin, result


def _this_program(start: Path, times: int) -> Simulated:
    from benchmarks.caseload import weekly_counts_of
    from sim.measure import tabulate
    from sim.model import simulate
    from sim.model.warm_up import warm_up
    from sim.scenario import read

    warm_up()  # loads the machine code, or compiles it
    file, *settings = (start / SCENARIO).read_text(encoding="utf-8").splitlines()
    scenario = read(Path(file), settings).scenario
    replication = int((start / REPLICATION).read_text())

    def simulated():
        result = simulate(scenario, replication)
        tabulate(scenario, result)
        return result

    done = [_timed(simulated) for _ in range(times)]
    return Simulated([seconds for seconds, _ in done], weekly_counts_of(done[0][1]), peak_megabytes())


def _python(module: str) -> Callable[[Path, int], Simulated]:
    def simulated(start: Path, times: int) -> Simulated:
        from benchmarks.force import read_force

        simulate = importlib.import_module(f"benchmarks.{module}").simulate
        forces = [read_force(start / FORCE) for _ in range(times)]  # a replication uses its force up
        done = [_timed(lambda force=force: simulate(force)) for force in forces]
        return Simulated([seconds for seconds, _ in done], done[0][1], peak_megabytes())

    return simulated


def _ciw(start: Path, times: int) -> Simulated:
    from benchmarks.ciw_queues import simulate
    from benchmarks.queues import Demand, Queues

    written = json.loads((start / QUEUES).read_text(encoding="utf-8"))
    seed = written.pop("seed")
    queues = Queues(**{**written, "teams": [Demand(*team) for team in written["teams"]]})
    seconds = [_timed(lambda: simulate(queues, seed))[0] for _ in range(times)]
    return Simulated(seconds, None, peak_megabytes())


def _floor(start: Path, times: int) -> Simulated:
    """The C program has a clock of its own, and prints its own peak memory."""
    done = subprocess.run(
        [start / FLOOR, str(times)],
        input=(start / PARAMETERS).read_text(encoding="utf-8"),
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, kilobytes, _, weekly = done.stdout.splitlines()
    return Simulated([float(n) for n in seconds.split()], [int(n) for n in weekly.split()], int(kilobytes) / 1024)


THIS_PROGRAM, PLAIN, C = "this", "plain", "c"
ENGINES = (
    Engine(C, "C by hand, the floor", _floor, times=25),
    Engine(THIS_PROGRAM, "**this program**, all metrics", _this_program, times=25),
    Engine(PLAIN, "plain SimPy, a process for each officer", _python("plain_simpy")),
    Engine("salabim", "salabim, a process for each officer", _python("salabim_officers"), needs="salabim"),
    Engine("textbook", "textbook SimPy, a process for each offender", _python("textbook_simpy")),
    Engine("ciw", "Ciw, simplified to queues", _ciw, needs="ciw", whole_model=False),
)


def peak_megabytes() -> float:
    """Peak memory of this process; on Linux without what it may have inherited from the one that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024**2 if sys.platform == "darwin" else peak / 1024


def main(name: str, start: str, times: str) -> None:
    """Simulate a replication and print the result."""
    engine = next(engine for engine in ENGINES if engine.name == name)
    print(json.dumps(engine.simulate(Path(start), int(times))._asdict()))


if __name__ == "__main__":
    main(*sys.argv[1:])
