"""The tables of growth: by size of the force, by replications and workers, and by phase of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from benchmarks.performance_page import machine, markdown, ratio, seconds
from benchmarks.timed_run import Run

SMALL, MET, PLAN = "scenarios/small.yaml", "scenarios/met.yaml", "scenarios/unannounced.yaml"
AT_WORK = 64
"""Replications of the Met by which the throughput of workers is measured."""
PROFILED = 30
"""Replications of the Met whose time is given phase by phase."""
PHASES = {
    "start": "start: packages, machine code, reading the scenario",
    "replications": "replications: simulating, measuring, saving each",
    "summing up": "summing up",
    "figures": "figures, as SVG and PNG",
    "page": "the page, with its figures for wide and narrow screens",
    "end": "the printed answer, and the end",
}
"""What the phases of a run are called, in their order."""


class Force(NamedTuple):
    """What one replication of a force of some size took. `with_log`: how many times as long with the full event log."""

    officers: int
    offenders: int
    tasks: int
    phases: dict[str, float]
    with_log: float
    peak_megabytes: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return sum(self.phases.values())


def tables(
    forces: Mapping[int, Force], runs: Mapping[tuple[str, int, int], Run], waits: Mapping[str, float]
) -> dict[str, str]:
    """The tables by the name of their place on the page, those of them that were measured."""
    found = {"force": force_table(forces), "replications": replications_table(runs), "waits": waits_table(waits)}
    if (MET, AT_WORK, 2) in runs:
        found["workers"] = workers_sentence(runs[MET, AT_WORK, 1], runs[MET, AT_WORK, 2])
    if (MET, PROFILED, 2) in runs:
        found["phases"] = phases_table(runs[MET, PROFILED, 1], runs[MET, PROFILED, 2])
    return found


def force_table(forces: Mapping[int, Force]) -> str:
    """A line for each size of the force."""
    first = forces[min(forces)]
    lines = [["force", "officers", "offenders", "pieces of work", "s a replication", "times the first", "memory, MB"]]
    lines[0] += ["laying out", "simulating", "measuring"]
    for times, force in forces.items():
        lines.append([f"{times}×", f"{force.officers:,}", f"{force.offenders:,}", f"{force.tasks:,}"])
        lines[-1] += [seconds(force.seconds), ratio(force.seconds / first.seconds), f"{force.peak_megabytes:,.0f}"]
        lines[-1] += [f"{force.phases[phase] / force.seconds:.0%}" for phase in lines[0][-3:]]
    more = first.with_log - 1
    words = f"{more:.0%} more" if more > 0.005 else "nothing that can be measured"
    return f"{markdown(lines)}\n\nThe full event log costs {words}. {machine()}."


def replications_table(runs: Mapping[tuple[str, int, int], Run]) -> str:
    """A line for each number of replications of the small scenario, from the prompt to the last line."""
    lines = [["replications", "1 worker, s", "2 workers, s", "s each, 1 worker", "memory, MB", "outside the engine"]]
    for number in sorted({number for scenario, number, _ in runs if scenario == SMALL}):
        alone, both = runs[SMALL, number, 1], runs[SMALL, number, 2]
        each, outside = "–", "–"
        if number > 1:
            each = seconds((alone.ended_at[-1] - alone.ended_at[0]) / (number - 1))
            outside = f"{100 * alone.share_outside:.0f}%"
        lines.append([f"{number:,}", seconds(alone.seconds), seconds(both.seconds), each])
        lines[-1] += [f"{alone.peak_megabytes:,.0f}", outside]
    return markdown(lines)


def workers_sentence(alone: Run, both: Run) -> str:
    """What a second worker is good for."""
    single, double = alone.throughput(1), both.throughput(2)
    return (
        f"Of `{MET}` two workers simulate {double / single:.2f} times as many replications a second as one "
        f"({double:.2f} against {single:.2f}) once they are at work. {AT_WORK} replications take them "
        f"{both.seconds:.0f} s instead of {alone.seconds:.0f} s, from the prompt to the last line."
    )


def phases_table(alone: Run, both: Run) -> str:
    """Where the time of a run goes, with one worker and with two."""
    lines = [["phase", "1 worker, s", "share", "2 workers, s", "share"]]
    for phase, words in PHASES.items():
        lines.append([words])
        for run in (alone, both):
            lines[-1] += [f"{run.phases[phase]:.2f}", f"{100 * run.phases[phase] / run.seconds:.0f}%"]
    lines.append(["**all**", f"**{alone.seconds:.2f}**", "", f"**{both.seconds:.2f}**", ""])
    words = f"Of {PROFILED} replications of `{MET}`, from the prompt to the last line."
    return f"{markdown(lines)}\n\n{words}"


def waits_table(waits: Mapping[str, float]) -> str:
    """How long a planner waits for commands."""
    lines = [["command", "s"], *([f"`{words}`", seconds(value)] for words, value in waits.items())]
    return markdown(lines)
