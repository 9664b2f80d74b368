"""What the commands print, word for word, with every number replaced by a sign: a change of wording shows as a diff.

`python -m tests.golden` writes the files of `tests/golden` anew; `tests/unit/test_golden.py` compares.
"""

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from tests.support.answers import PLAN, TOWN

FOLDER = Path(__file__).with_name("golden")
QUICK = "--workers 1 --no-figures"
COMMANDS = {
    "new": ("new my-force.yaml --teams 2 --officers 14 --offenders 700", "new my-force.yaml"),
    "new-from-caseload": ("new team.yaml --caseload extract.csv", "validate team.yaml"),
    "validate": ("validate town.yaml", "validate town.yaml --set visits.retry_day=3 --set officers.total=x"),
    "run": (f"run town.yaml --events --out results/town --replications 3 {QUICK}",),
    "run-again": (f"run town.yaml --out results/town --replications 4 {QUICK}", "run town.yaml --seeed 3"),
    "run-to-precision": (
        f"run town.yaml --until 'overdue_visits ±50%' --replications 8 {QUICK}",
        "run town.yaml --until 0.5",
    ),
    "report": ("report results/town", "report results/nowhere"),
    "explain": (
        "explain plan.yaml officers.total",
        "explain plan.yaml visits",
        "explain plan.yaml visits.retry_day",
        "explain results/town --offender 99999",
        "explain results/nowhere --longest-unseen",
    ),
    "compare": (f"compare town.yaml plan.yaml --replications 6 {QUICK}",),
    "compare-several": (f"compare town.yaml plan.yaml --set visits.crew=1 --replications 3 {QUICK}",),
    "sweep": (f"sweep town.yaml --vary officers.total=3..5 --vary visits.retry_days=7,14 --replications 2 {QUICK}",),
    "staff": (
        f"staff town.yaml --target 'overdue_visits <= 8' --between 1..9 --replications 8 --confidence 0.75 {QUICK}",
        f"staff town.yaml --target 'overdue_visits <= 0' --between 1..2 --replications 4 --confidence 0.75 {QUICK}",
    ),
    "sensitivity": (f"sensitivity known.yaml --replications 2 {QUICK}",),
    "help": ("--help", "run --help", "compare --help", "sweep --help", "staff --help", "sensitivity --help"),
    "help-files": (
        "validate --help",
        "new --help",
        "explain --help",
        "report --help",
        "schema --help",
        "doctor --help",
    ),
}
"""A golden file each: command lines in a folder with `town.yaml`, and what the earlier ones have left there."""

KNOWN = """\
extends: town.yaml
assumptions:
  visits.visit_hours: {quality: red, impact: red, range: [1.5, 2.5]}
  visits.no_contact.announced: {quality: amber, impact: amber, range: [0.05, 0.2], note: made up}
"""


def words_of(printed: str, folder: str) -> str:
    """What is left when numbers, dates, rulers and the width of columns are taken away."""
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", printed.replace(folder, "FOLDER"))
    text = re.sub(r"[^\r\n]*\r(?!\n)", "", text)  # what was written over
    text = re.sub(r"\d{4}-\d\d-\d\d|\b(?=\w*\d)[0-9a-f]{8,}\b", "#", text)
    text = re.sub(r"[+\-−±]?£?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?", "#", text)
    text = re.sub(r"# \((?:# to #|same in all #)\)", "#", text)  # an interval, or one value in all replications
    text = re.sub(r"[─━═╌▀-▟-]{3,}", "---", re.sub(r"#(?: #)+", "#", text))
    lines = [re.sub(r"[ \t]+", " ", line).rstrip() for line in text.splitlines() if "replications done in" not in line]
    return "\n".join(lines).strip() + "\n"


def _typed(line: str) -> tuple[int, str, str]:
    from sim.cli import main

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(shlex.split(line))
    return code, out.getvalue(), err.getvalue()


@contextlib.contextmanager
def a_town() -> Iterator[Path]:
    """An empty folder with the scenarios of the commands, which is the current one; no line is broken in two."""
    before = Path.cwd()
    wide = mock.patch("sim.report.text.printing.WIDEST", 1000)
    with tempfile.TemporaryDirectory() as name, mock.patch.dict(os.environ, {"COLUMNS": "1000"}), wide:
        folder = Path(name).resolve()
        os.chdir(folder)
        try:
            for file, text in (("town.yaml", TOWN), ("plan.yaml", PLAN), ("known.yaml", KNOWN)):
                Path(file).write_text(text, encoding="utf-8")
            yield folder
        finally:
            os.chdir(before)


def printed(folder: Path) -> Iterator[tuple[str, str]]:
    """Each golden file's name, and what the commands print now."""
    for name, lines in COMMANDS.items():
        parts = []
        for line in lines:
            code, out, err = _typed(line)
            parts.append(f"$ python -m sim {line}\n{words_of(out, str(folder))}")
            if err.strip():
                parts.append(f"[stderr]\n{words_of(err, str(folder))}")
            parts.append(f"[exit {code}]\n")
        yield name, "\n".join(parts)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with a_town() as folder:
        for name, text in printed(folder):
            file = FOLDER / f"{name}.txt"
            changed = not file.exists() or file.read_text(encoding="utf-8") != text
            file.write_text(text, encoding="utf-8")
            print(f"{'written' if changed else 'same   '} {file.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
