"""What a part of a run left behind, and what is still missing, in a planner's words."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence

from sim.runs.parts import PartResult, Shard
from sim.runs.provenance import relative_path
from sim.runs.result import ranges
from sim.scenario.source.faults import join_words

MOST_RANGES = 6
"""More than these are not read one by one."""


def part_sentence(part: PartResult) -> str:
    merge, of_run = shlex.quote(str(relative_path(part.folder))), part.scenario.replications
    done = f"Done: {replications_words(part.done)}." if part.done else "Nothing of this part could be finished."
    if not (part.done or part.failures) and isinstance(part.part, Shard):
        number, of = part.part.number, part.part.of
        idle = f"Parts {of_run + 1:,} to {of:,} have" if of_run + 1 < of else f"Part {of:,} has"
        done = (
            f"There is nothing to do in part {number:,} of {of:,}: the run has fewer replications ({of_run:,}) than "
            f"parts. {idle} none, and nothing failed."
        )
    return (
        f"{done} Still missing of the run's {of_run:,}: {replications_words(part.missing)}. The part that finishes "
        f"last sums the run up; to sum up what is there: python -m sim merge {merge}"
    )


def missing_sentence(missing: Sequence[int], of: int, command: str) -> str:
    missed = replications_words(missing)
    return f"Missing of the run's {of:,}: {missed}; simulate the rest and summarise the whole with: {command}"


def replications_words(numbers: Sequence[int]) -> str:
    """`replication 7`, `replications 1 to 15 and 20`, or only how many if they are scattered."""
    runs = ranges(numbers)
    if len(numbers) == 1:
        return f"replication {numbers[0]:,}"
    if len(runs) > MOST_RANGES:
        return f"{len(numbers):,} replications ({numbers[0]:,}, {numbers[1]:,}, {numbers[2]:,} … {numbers[-1]:,})"
    return f"replications {join_words([f'{a:,}' if a == b else f'{a:,} to {b:,}' for a, b in runs])}"


def part_json(part: PartResult) -> str:
    document = {"scenario": part.scenario.name, "done": part.done, "missing": part.missing}
    return json.dumps(document, indent=2, ensure_ascii=False)
