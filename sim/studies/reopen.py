"""Opening the folder of an answer, so that its figures, page and workbook can be made again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.runs.reopen import open_run
from sim.studies import compare, sensitivity, staffing, sweep
from sim.studies.answer import ANSWER, Answer, AnswerFolder

OPEN: dict[str, Callable[[Path], Any]] = {
    compare.ANSWER_KIND: compare.open_comparison,
    sweep.ANSWER_KIND: sweep.open_sweep,
    staffing.ANSWER_KIND: staffing.open_staffing,
    sensitivity.ANSWER_KIND: sensitivity.open_sensitivity,
}


def open_answer(folder: Path) -> Answer:
    """The answer that a folder holds: a run, a comparison, a sweep, a search or a sensitivity analysis.

    Raises FolderError if something of it is missing or damaged, or is of an earlier version of the program.
    """
    files = AnswerFolder(folder)
    if not (folder / ANSWER).exists() and not any(files.key_of(name).decode() in OPEN for name in files.tables()):
        return open_run(folder)
    files.leases.clear_dead()
    kind = files.asked(kind=str)["kind"]
    if kind not in OPEN:
        raise files.unusable(ANSWER)
    return OPEN[kind](folder)
