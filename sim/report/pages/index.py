"""The index of a folder of results: every run and every answer in it, the newest first, with links to what it found.

It is made anew from the manifests whenever a command ends, so it needs no memory of its own and nothing to keep up to
date. Several commands may make it at once: each writes it whole, and the last one stands.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import os
import re
import shlex
import time
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from sim.report.pages.page import templates
from sim.report.text.words import capital
from sim.runs.disk import write_whole
from sim.runs.errors import FolderError
from sim.runs.folder import MANIFEST, SCENARIO, program_document
from sim.runs.prepare import RESULTS
from sim.scenario.settings import in_words, typed_in
from sim.scenario.source.faults import sanitise
from sim.studies.answer import ANSWER, run_behind

INDEX = "index.html"
MOST_PLANS = 3
"""So many plans of a comparison are named; more are counted."""
_DEAD_SECONDS = 2
"""A half-written index older than this was left by a command that was killed; writing one takes some milliseconds."""
_PERIOD = re.compile(r"^(start|end): *['\"]?(\d{4}-\d{2}-\d{2})", re.MULTILINE)
_ASKED = ("--vary", "--list", "--target", "--by", "--metric", "--only")
_TABLES = ("summary.csv", "differences.csv", "sweep.csv", "replications.csv", "effects.csv")


class Entry(NamedTuple):
    """A line of the index: a run, or an answer from several."""

    folder: str
    title: str
    kind: str
    made: str
    """ISO, to the second, UTC."""
    period: str
    replications: str
    links: tuple[tuple[str, str], ...]
    """Words with the address each leads to, from the index."""

    @property
    def date(self) -> str:
        """`28 Nov 2026`; without the time, so that a run made again the same day leaves the same index."""
        return _short(dt.date.fromisoformat(self.made[:10]))


def renew_index(results: Path = RESULTS) -> Path | None:
    """Write the index of a folder of results if anything in it has changed; None if there is nothing to list."""
    if not results.is_dir() or not (found := entries(results)):
        return None
    page = templates().get_template("index.html").render(entries=found).encode()
    index = results / INDEX
    with contextlib.suppress(OSError):
        if index.read_bytes() == page:
            return index
    for left in results.glob(f".{INDEX}.*.part"):
        with contextlib.suppress(OSError):
            if left.stat().st_mtime < time.time() - _DEAD_SECONDS:
                left.unlink()
    try:
        write_whole(index, page, str(os.getpid()), durable=False)
    except FolderError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise  # otherwise another command removed it as a leftover, and wrote its own
    return index


def entries(results: Path) -> list[Entry]:
    """Every run and answer that lies in the folder, the newest day first; what cannot be read is left out.

    Of one day answers come before runs, and both go by their names: so what is made again leaves the same index.
    """
    found = []
    for folder in filter(Path.is_dir, sorted(results.iterdir())):
        answer, manifest = program_document(folder / ANSWER), program_document(folder / MANIFEST)
        with contextlib.suppress(OSError, TypeError, ValueError, AttributeError, KeyError):
            found += [_answer(folder, answer)] if answer else [_run(folder, manifest)] if manifest else []
    by_name = sorted(found, key=lambda entry: (entry.kind == "Run", entry.folder))
    return sorted(by_name, key=lambda entry: entry.made[:10], reverse=True)


def _run(folder: Path, manifest: dict[str, Any]) -> Entry:
    finished, wanted = int(manifest.get("finished") or 0), int(manifest.get("replications") or 0)
    replications = f"{finished:,}" if finished == wanted else f"{finished:,} of {wanted:,}"
    title, made = _title(manifest, folder), _made(folder / MANIFEST, manifest)
    return Entry(folder.name, title, "Run", made, _period(folder), replications, _links(folder))


def _answer(folder: Path, answer: dict[str, Any]) -> Entry:
    runs = [run for run in answer.get("runs") or () if isinstance(run, dict)]
    behind = [run_behind(folder, str(run.get("folder", ""))) for run in runs]
    title = _title(answer, folder)
    if not answer.get("scenario") and len(runs) > 1:
        base, *plans = (_name_of(run, where) for run, where in zip(runs, behind, strict=True))
        shown = plans if len(plans) <= MOST_PLANS else [*plans[:MOST_PLANS], f"{len(plans) - MOST_PLANS} more"]
        title = f"{'; '.join(shown)}, against {base}"
    number, kind = answer.get("replications"), capital(str(answer.get("kind") or "answer"))
    made, replications = _made(folder / ANSWER, answer), f"{number:,}" if isinstance(number, int) else ""
    period = next(filter(None, map(_period, [folder, *behind])), "")
    return Entry(folder.name, title, kind, made, period, replications, _links(folder))


def _name_of(run: dict[str, Any], where: Path) -> str:
    """What a side of a comparison is called: the settings that made it, or its scenario."""
    if settings := run.get("settings"):
        return sanitise(in_words([str(setting) for setting in settings]))
    return _text(program_document(where / MANIFEST).get("scenario"), Path(str(run.get("folder") or "a run")))


def _title(document: dict[str, Any], folder: Path) -> str:
    """`One team, one year: target overdue_visits_share <= 0.05, by 2025-06-30, vary officers.total`, as asked."""
    pairs = itertools.pairwise(shlex.split(document.get("command", "")))
    asked = ", ".join(f"{word[2:]} {value}" for word, value in pairs if word in _ASKED)
    name = _text(document.get("scenario"), folder) + typed_in(document.get("command", ""))
    return f"{name}: {sanitise(asked)}" if asked else name


def _text(name: object, folder: Path) -> str:
    return sanitise(name) if isinstance(name, str) and name.strip() else folder.name


def _made(file: Path, document: dict[str, Any]) -> str:
    """When it was made, as it says itself, or else as the disk does."""
    made = dt.datetime.fromtimestamp(int(file.stat().st_mtime), dt.UTC)
    with contextlib.suppress(TypeError, ValueError, KeyError):
        made = dt.datetime.fromisoformat(document["created"]).astimezone(dt.UTC)
    return made.strftime("%Y-%m-%dT%H:%M:%S")


def _period(folder: Path) -> str:
    """The first and the last day, from the scenario as it was run, without reading it as a whole."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        days = dict(_PERIOD.findall((folder / SCENARIO).read_text(encoding="utf-8")))
        first, last = (_short(dt.date.fromisoformat(days[name])) for name in ("start", "end"))
        return f"{first} to {last}"
    return ""


def _links(folder: Path) -> tuple[tuple[str, str], ...]:
    files = [("Page", "report.html"), ("Workbook", "report.xlsx"), *(("Table", name) for name in _TABLES)]
    here = [(words, name) for words, name in files if (folder / name).is_file()]
    if not any(name == "report.html" for _, name in here):
        here += [("Figure", f"figures/{file.name}") for file in sorted((folder / "figures").glob("*.svg"))[:1]]
    return tuple((words, quote(f"{folder.name}/{name}")) for words, name in here)


def _short(date: dt.date) -> str:
    return f"{date.day} {date:%b %Y}"
