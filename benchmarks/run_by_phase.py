"""One run of a scenario in a process of its own, and where its time goes.

python -m benchmarks.run_by_phase SCENARIO REPLICATIONS WORKERS FOLDER

As `python -m sim run`, with a clock at each step. With one worker the phases add up to the whole. Prints them as JSON,
with the moments at which replications ended.
"""

from __future__ import annotations

import json
import sys
import time

BEGAN = time.perf_counter()


class Stopwatch:
    """Seconds spent in each of some functions, wherever they are called from."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def on(self, name: str, function):
        """The function, timed under that name."""

        def timed(*arguments, **named):
            begin = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin

        return timed


def main(file: str, replications: str, workers: str, folder: str) -> None:
    """Run, sum up, draw, tell."""
    import io

    from rich.console import Console

    import sim.measure
    import sim.model
    from sim.experiment import run as running
    from sim.experiment.folder import RunFolder
    from sim.model.compiled import warm_up
    from sim.report.figures import keep_figures
    from sim.report.terminal import print_headline

    warm_up()
    phases = {"start": time.perf_counter() - BEGAN}
    watch, alone = Stopwatch(), int(workers) == 1
    if alone:  # more workers are processes, into which no clock is sent
        sim.model.simulate = watch.on("simulating", sim.model.simulate)
        sim.measure.tabulate = watch.on("measuring", sim.measure.tabulate)
        RunFolder.keep_replication = watch.on("writing", RunFolder.keep_replication)

    class Moments(running.Watcher):
        def __init__(self):
            self.begun = 0.0
            self.ended_at = []

        def simulating(self, plan):
            self.begun = time.perf_counter()

        def ended(self, plan, outcome):
            self.ended_at.append(time.perf_counter())

    moments = Moments()
    begin = time.perf_counter()
    result = running.run_scenario(
        file, replications=int(replications), workers=int(workers), out=folder, fresh=True, watcher=moments
    )
    summed_up = time.perf_counter()
    phases["reading"] = moments.begun - begin
    histories = moments.ended_at[-1] - moments.begun
    if alone:
        if silent := {"simulating", "measuring", "writing"} - watch.seconds.keys():
            sys.exit(f"benchmarks.run_by_phase: no clock ran while {', '.join(sorted(silent))}; has that been renamed?")
        phases |= watch.seconds
        phases["handing over"] = histories - sum(watch.seconds.values())
    else:
        phases["histories"] = histories
    phases["summing up"] = summed_up - moments.ended_at[-1]
    keep_figures(result)
    phases["figures"] = time.perf_counter() - summed_up
    begin = time.perf_counter()
    print_headline(result, Console(file=io.StringIO()))
    phases["telling"] = time.perf_counter() - begin
    from benchmarks.engines import peak_megabytes

    ended_at = [moment - moments.begun for moment in moments.ended_at]
    print(json.dumps({"phases": phases, "ended_at": ended_at, "peak_megabytes": peak_megabytes()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
