"""What all answers have in common, and the folder of each: a comparison, sweep, search or sensitivity analysis.

    answer.json     what was asked, from which runs it was answered, and the command that repeats it
    scenario.yaml   the scenario it is about; of a comparison those of its runs are used
    tables          as CSV and Parquet
    figures/        the figures, as SVG and PNG
    report.html     the page
    report.xlsx     the workbook

    runs/           what it was answered from, if the folder was chosen with --out

The replications stay in the folders of their runs, so an answer is made again in a moment as long as those are there.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from sim.runs.disk import CHECKSUMS, writing
from sim.runs.errors import FolderError, Outcome
from sim.runs.files import Files
from sim.runs.folder import FIGURES, PROGRAM, program_document
from sim.runs.provenance import portable_path, relative_path
from sim.runs.summary import as_csv

ANSWER = "answer.json"
POINTS = Path("points")
"""Where in the results the runs of a sweep or a search are saved, one for each point."""
POINT_VALUES = Path("point-values")
"""Where in the results a sensitivity analysis saves its points, which are no runs: only their values."""
RUNS = "runs"
"""Where in a folder that was chosen for an answer the runs behind it are saved."""


class Answer(Protocol):
    """What a run, a comparison, a sweep, a search and a sensitivity analysis have for `sim.report.answers`."""

    @property
    def folder(self) -> Path:
        """Where it is saved."""

    @property
    def table(self) -> pd.DataFrame:
        """Its numbers; the class says what the columns are."""

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The replications that failed and are left out."""

    def to_json(self) -> str:
        """The answer for machines."""


class AnswerFolder(Files):
    """A folder that holds one answer, or will; of a `kind` if it is to be written."""

    says, made_by = ANSWER, "the command of the answer and"

    def __init__(self, path: Path, kind: str = "", out: Path | str | None = None) -> None:
        super().__init__(path)
        self.kind, self.out = kind, out

    def reserve(self) -> None:
        """Make the folder ready. Raises FolderError if it holds anything but an earlier answer of this kind."""
        self.leases.clear_dead()
        here = set()
        if self.path.exists():  # the runs are all that is there of an answer that was interrupted
            with writing(self.path):
                here = {entry.name for entry in self.path.iterdir() if not entry.name.startswith(".")} - {RUNS}
        if here <= {CHECKSUMS}:
            return
        # Where `answer.json` is damaged, the tables name the kind.
        kinds = [self.read_answer().get("kind"), *(self.key_of(name).decode() for name in self.tables())]
        begun = self.kind if here == {ANSWER, CHECKSUMS} else None
        if next(filter(None, kinds), begun) != self.kind:
            raise FolderError(
                f"{relative_path(self.path)}: this folder holds something else than a {self.kind}; nothing was "
                "written. Choose a new or an empty folder with --out."
            )
        self.remove_damaged()

    def read_answer(self) -> dict[str, Any]:
        """What the folder says about its answer; empty if it holds none."""
        return program_document(self.path / ANSWER) if self.read(ANSWER) else {}

    def asked(self, **kinds: type) -> dict[str, Any]:
        """What `answer.json` says, with a value of its kind under each of these keys.

        Raises FolderError where it has not: it is damaged, or of an earlier version of the program.
        """
        answer = self.read_answer()
        if not all(name in answer and isinstance(answer[name], kind) for name, kind in kinds.items()):
            raise self.unusable(ANSWER, "missing, damaged or of an earlier version of the program")
        return answer

    def begin(self, command: Sequence[str], asked: dict[str, Any], resolved: dict[str, Any] | None = None) -> None:
        """Say what the folder is about to hold: how it was `asked`, and of a scenario what its file resolved to."""
        for folder in (self.path.parent, self.path):
            with writing(folder):
                folder.mkdir(parents=True, exist_ok=True)
        out = as_options(out=portable_path(Path(self.out)) if self.out else None)
        typed = shlex.join(["python", "-m", "sim", *command, *out])
        document = {"program": PROGRAM, "kind": self.kind, "command": typed, **asked}
        self.write(ANSWER, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())
        if resolved:
            self.write_scenario(resolved)

    def finish(self, tables: Mapping[str, pd.DataFrame], document: str = "") -> None:
        """Save tables as CSV, rounded to be read, and as Parquet with every digit; and the answer as JSON.

        Figures, page and workbook of an earlier answer go, as they would no longer fit the tables beside them.
        """
        for file in [*(self.path / FIGURES).glob("*.*g"), *self.path.glob("report.*")]:
            self.remove(file.relative_to(self.path).as_posix())
        for name, table in tables.items():
            self.write(f"{name}.csv", as_csv(table))
            self.write_table(f"{name}.parquet", table, self.kind.encode())
        if document:
            self.write(f"{self.kind.partition(' ')[0]}.json", f"{document}\n".encode())

    def table(self, name: str) -> pd.DataFrame:
        """A table with every digit. Raises FolderError if it is not there or is damaged."""
        return self.read_table(f"{name}.parquet")


def answer_folder(
    kind: str, out: Path | str | None, results: Path | str, name: str, runs: Path = Path()
) -> tuple[AnswerFolder, Path]:
    """The folder of an answer, ready to be written, and where to keep the runs behind it.

    With `out` that is the folder, and the runs are kept in it; else both are kept in the results, the answer by its
    name, and its runs in `runs`, where other answers find them. Raises FolderError, see `AnswerFolder.reserve`.
    """
    folder = AnswerFolder(Path(out) if out else Path(results) / name, kind, out)
    folder.reserve()
    return folder, folder.path / RUNS if out else Path(results) / runs


def short_key(*parts: object) -> str:
    """Eight letters that no answer to another question has."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:8]


def as_options(**options: object) -> list[str]:
    """`--option value` for each option that has a value, and for each value of a list."""
    words = []
    for name, value in options.items():
        for each in value if isinstance(value, list | tuple) else [value]:
            words += [] if each is None else [f"--{name.replace('_', '-')}", str(each)]
    return words


def run_behind(answer: Path, folder: str) -> Path:
    """Where a run lies that an answer names: as written, from the folder that holds the results, or in the answer."""
    name = Path(folder).name
    places = (Path(folder), answer.parent.parent / folder, answer / RUNS / name, answer.parent / name)
    return next((place for place in places if place.is_dir()), Path(folder))
