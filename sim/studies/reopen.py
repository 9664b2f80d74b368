"""Opening the folder of an answer, so that its figures, page and workbook can be made again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.runs.errors import FolderError
from sim.runs.provenance import relative_path
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
    if not (folder / ANSWER).is_file():
        return open_run(folder)
    files = AnswerFolder(folder)
    files.leases.clear_dead()
    asked = files.read_answer()
    try:
        return OPEN[asked["kind"]](folder)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        command = asked.get("command", "the command of the answer")
        problem = f"{ANSWER} is damaged or of an earlier version of the program"
        raise FolderError(f"{relative_path(folder)}: {problem}; make it again with: {command}") from wrong
