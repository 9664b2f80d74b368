"""What frames an answer on every page, in the workbook and in the study: its question, its limits, how it was made."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from sim.report.text.words import day_words, span_words
from sim.runs.provenance import relative_path
from sim.scenario import Scenario
from sim.scenario.settings import typed_in
from sim.studies.answer import Answer, AnswerFolder

MADE = "Made by caseload-simulator. A simulation for planning workload and coverage; it scores and names nobody."

LIMITS = (
    "This is a simulation, not a record. Nobody in it exists: it says nothing about any offender or any officer, and "
    "it must not be used to judge a person, a team or a force.",
    "Trust a difference between two scenarios more than a level. The brackets show the effect of chance; with other "
    "assumptions the answer may move much further. What is overdue counts attention, not harm: nothing here estimates "
    "reoffending.",
)


def period_words(start: dt.date, end: dt.date) -> str:
    """`2 September 2024 to 31 August 2027, three years`"""
    return f"{day_words(start)} to {day_words(end)}, {span_words((end - start).days + 1)}"


def answer_period(answer: Answer, base: Scenario, option: str = "--set") -> str:
    """The period of an answer, with the settings that hold for all of it, which stand after this option."""
    command = AnswerFolder(answer.folder).read_answer().get("command", "")
    return period_words(base.start, base.end) + typed_in(command, option)


def question(about: str, end: dt.date) -> str:
    """What a scenario says it is about, or what is asked of one that does not say."""
    return about or (
        f"How big will the backlog be on {day_words(end)}, which risk will it hold, and how old will its oldest item "
        "be?"
    )


def answer_facts(answer: Answer, base: Scenario, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """What another person needs to make the same numbers again, from a comparison, a sweep or the like."""
    asked = AnswerFolder(answer.folder).read_answer()
    runs, number = asked.get("runs", ()), asked.get("replications")
    folders = ", ".join(str(run["folder"]) for run in runs)
    known = [
        ("Command to reproduce this report", str(asked.get("command", ""))),
        ("Replications", f"{number:,} of each" if isinstance(number, int) else ""),
        *more,
        ("Seed", str(base.seed)),
        ("Version of the model", ", ".join(sorted({str(part.get("code_version", "")) for part in runs or [asked]}))),
        ("Runs", folders if len(runs) <= 6 else f"{len(runs):,}, listed in answer.json"),
        ("Folder", relative_path(answer.folder).name),
    ]
    return [(name, value) for name, value in known if value]


def facts(manifest: dict[str, Any], folder: Path, file: Path | str | None) -> list[tuple[str, str]]:
    """What another person needs to make the same numbers again, from the manifest of a run and its caseload file."""
    versions = ", ".join(f"{name} {number}" for name, number in manifest.get("versions", {}).items())
    failed = len(manifest.get("failed") or [])
    known = [
        ("Command to reproduce this report", manifest.get("command", "")),
        ("Seed", str(manifest.get("seed", ""))),
        ("Replications", f"{manifest.get('finished', 0):,} finished" + (f", {failed:,} failed" if failed else "")),
        ("Version of the model", manifest.get("code_version", "")),
        ("Hash of the scenario", manifest.get("scenario_hash", "")),
        ("Software", "; ".join(filter(None, [versions, manifest.get("platform", "")]))),
        ("Folder", relative_path(folder).name),
        ("Not saved", f"{file}, without which nobody can run this again" if file else ""),
    ]
    return [(name, value) for name, value in known if value]
