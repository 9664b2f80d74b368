"""The tables of growth: by size of the force, by replications and workers, and by phase of a run."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.growth import AT_WORK, MET, PROFILED, SMALL, Force, Run
from benchmarks.performance_page import machine, markdown, ratio, seconds

PHASES = {
    "start": "start: packages and machine code",
    "reading": "reading the scenario",
    "simulating": "engine: simulating",
    "measuring": "engine: measuring",
    "writing": "writing each history",
    "handing over": "handing over",
    "summing up": "summing up",
    "figures": "figures",
    "telling": "the printed page",
}
"""What the phases of a run are called, in their order."""


def tables(forces: Mapping[int, Force], runs: Mapping[tuple[str, int, int], Run]) -> dict[str, str]:
    """The tables by the name of their mark on the page, those of them that were measured."""
    found = {"force": force_table(forces), "replications": replications_table(runs)}
    if (MET, AT_WORK, 2) in runs:
        found["workers"] = workers_sentence(runs[MET, AT_WORK, 1], runs[MET, AT_WORK, 2])
    if (MET, PROFILED, 1) in runs:
        found["phases"] = phases_table(runs[MET, PROFILED, 1])
    return found


def force_table(forces: Mapping[int, Force]) -> str:
    """A line for each size of the force."""
    first = forces[min(forces)]
    lines = [["force", "officers", "offenders", "pieces of work", "s a history", "times the first", "memory, MB"]]
    lines[0] += ["laying out", "living", "measuring"]
    for times, force in forces.items():
        lines.append([f"{times}×", f"{force.officers:,}", f"{force.offenders:,}", f"{force.tasks:,}"])
        lines[-1] += [seconds(force.seconds), ratio(force.seconds / first.seconds), f"{force.peak_megabytes:,.0f}"]
        lines[-1] += [f"{force.phases[phase] / force.seconds:.0%}".replace("%", " %") for phase in lines[0][-3:]]
    more = first.with_log - 1
    words = f"{more:.0%} more".replace("%", " %") if more > 0.005 else "nothing that can be measured"
    return f"{markdown(lines)}\n\nThe full event log costs {words}. {machine()}."


def replications_table(runs: Mapping[tuple[str, int, int], Run]) -> str:
    """A line for each number of replications of the small scenario, from the prompt to the last line."""
    lines = [["replications", "1 worker, s", "2 workers, s", "s each, 1 worker", "memory, MB", "outside the engine"]]
    for number in sorted({number for scenario, number, _ in runs if scenario == SMALL}):
        alone, both = runs[SMALL, number, 1], runs[SMALL, number, 2]
        each = (alone.ended_at[-1] - alone.ended_at[0]) / (number - 1) if number > 1 else alone.ended_at[0]
        lines.append([f"{number:,}", seconds(alone.seconds), seconds(both.seconds), seconds(each)])
        lines[-1] += [f"{alone.peak_megabytes:,.0f}", f"{100 * alone.share_outside:.0f} %"]
    return markdown(lines)


def workers_sentence(alone: Run, both: Run) -> str:
    """What a second worker is good for."""
    one, two = alone.throughput(1), both.throughput(2)
    return (
        f"Of `{MET}` two workers live {two / one:.2f} times as many histories a second as one ({two:.2f} against "
        f"{one:.2f}) once they are at work. {AT_WORK} histories take them {both.seconds:.0f} s instead of "
        f"{alone.seconds:.0f} s, from the prompt to the last line."
    )


def phases_table(run: Run) -> str:
    """Where the time of a run goes, with one worker, so that it adds up."""
    lines = [["phase", "s", "share"]]
    rest = run.seconds - sum(run.phases.values())
    for name, value in [*((PHASES[name], run.phases[name]) for name in PHASES), ("Python itself, begin and end", rest)]:
        lines.append([name, f"{value:.2f}", f"{100 * value / run.seconds:.0f} %"])
    lines.append(["**all**", f"**{run.seconds:.2f}**", ""])
    outside = f"{100 * run.share_outside:.0f} % of it is not the engine."
    return f"{markdown(lines)}\n\nOf {PROFILED} histories of `scenarios/met.yaml`, with one worker: {outside}"
