"""The run folder: everything that one run leaves, and how a later run continues it.

    scenario.yaml               the scenario after `extends` and `--set`
    manifest.json               what it was made from and the command to reproduce it
    replications/0001.parquet   the metrics of each replication
    events/0001.parquet         its events, if asked for
    summary.parquet, ...        the tables of `SUMMARY_TABLES`, made from all of them
    summary.csv                 the first of these for a spreadsheet
    figures/                    the pictures, as SVG and PNG
    report.html                 the page to read; report-0001.html that of one replication, report.xlsx the workbook
    checksums/                  the checksums of all but the manifest and the Parquet files, which hold their own

A file is written under another name and then renamed, so one that is there was whole. A replication is done
when its file is there, agrees with its checksum and carries the right key; what is damaged is removed and made again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd

from sim.runs import disk
from sim.runs.disk import CHECKSUMS, writing
from sim.runs.errors import FolderError
from sim.runs.files import SCENARIO, Files, key_in
from sim.runs.provenance import RunKey, relative_path

PROGRAM = "caseload-simulator"
MANIFEST = "manifest.json"
SUMMARY, WEEKLY, TEAMS = "summary.parquet", "weekly.parquet", "teams.parquet"
SUMMARY_TABLES = (
    SUMMARY,  # means and intervals over the replications
    WEEKLY,  # the same week by week
    TEAMS,  # the same for each team, week by week
)
SUMMARY_CSV = "summary.csv"
FIGURES = "figures"
PAGE, WORKBOOK = "report.html", "report.xlsx"

_TABLES = re.compile(rf"{'|'.join(map(re.escape, SUMMARY_TABLES))}|(replications|events)/\d{{4,}}\.parquet")
_REPORT = re.compile(rf"report-\d{{4,}}\.html|{re.escape(WORKBOOK)}")
"""What only the command `report` makes."""
_FROM_SUMMARY = re.compile(
    rf"{_REPORT.pattern}|{re.escape(SUMMARY_CSV)}|{re.escape(PAGE)}|{FIGURES}/[a-z_]+\.(svg|png)"
)
"""What is made from the tables, and no longer fits once they change."""


class RunFolder(Files):
    """A folder that holds one run, or will. Only files whose names are listed above can be written into it."""

    says, made_by = MANIFEST, "python -m sim run SCENARIO"

    def put(self, name: str, content: bytes) -> None:
        """Write a file of a run. A name that is not listed above would outlive `--fresh`, and is refused."""
        if name not in (MANIFEST, SCENARIO) and not _is_ours(name):
            raise ValueError(
                f"{name}: not listed among the files of a run; name it in sim/runs/folder.py, a table in SUMMARY_TABLES"
            )
        super().put(name, content)

    def reserve(self, key: RunKey, *, fresh: bool = False) -> dict[str, Any] | None:
        """Make the folder ready for this run; return the manifest of the run that it continues, if there is one.

        Raises FolderError if the folder holds something else; `fresh` replaces another run, but never a file that
        no run would have written.
        """
        with writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            occupied = any(not entry.name.startswith(".") for entry in self.path.iterdir())
        if not occupied:
            self.leases.clear_dead()
            return None
        manifest = self.manifest()
        ours = manifest is not None or self._key_in_tables() == key
        if not ours and not (fresh and self.is_a_damaged_run()):
            problem, fix = "this folder holds files that are no run of this program", "Choose a new or an empty folder"
            if self.is_a_damaged_run():
                unknown = f"{MANIFEST} is missing, damaged, or of an earlier version of this program"
                problem = f"{unknown}, and does not say which run this is"
                fix = "Replace the run with --fresh, or choose another folder"
            raise FolderError(f"{relative_path(self.path)}: {problem}; nothing was written. {fix} with --out.")
        if fresh:  # the manifest stays until ours replaces it, so the folder is never anonymous
            if self.leases.others():
                raise FolderError(
                    f"{relative_path(self.path)}: another process is at work in this folder, whose run --fresh would "
                    "replace; nothing was written. Wait until it ends or stop it, or choose another folder with --out."
                )
            names = [file.relative_to(self.path).as_posix() for file in self.path.rglob("*") if file.is_file()]
            ours_here = [name for name in names if name == SCENARIO or _is_ours(name) or self.has_checksum(name)]
            for name in (*sorted(ours_here), *self.checked()):  # the latter also of files that somebody removed
                self.remove(name)
            return None
        if manifest and (differing := run_differs(manifest, key)):
            raise FolderError(
                f"{relative_path(self.path)}: this folder holds a run of {differing}; nothing was written. "
                "Replace it with --fresh, or keep both with --out FOLDER."
            )
        self.leases.clear_dead()
        return manifest if manifest and "sha256" in manifest else None

    def manifest(self) -> dict[str, Any] | None:
        """What the folder says about its run, or None if it holds none or the manifest is damaged."""
        manifest = program_document(self.path / MANIFEST)
        if not manifest or ("sha256" in manifest and manifest["sha256"] != disk.document_checksum(manifest)):
            return None
        try:
            dt.datetime.fromisoformat(manifest["created"])
        except (KeyError, TypeError, ValueError):
            manifest.pop("created", None)
        return manifest

    def _key_in_tables(self) -> RunKey | None:
        """The run that the tables say they are of, for when the manifest is damaged."""
        for name in self.tables():
            with contextlib.suppress(ValueError, TypeError, KeyError):
                return _run_key(json.loads(self.key_of(name)))
        return None

    def is_a_damaged_run(self) -> bool:
        """Did a run make this folder, although its manifest no longer says so?"""
        checked = (self.path / MANIFEST).is_file() and any(self.path.glob(f"{CHECKSUMS}/*"))
        return checked or self._key_in_tables() is not None

    def run_key(self) -> RunKey:
        """The key of the run that the folder holds. Raises FolderError if it holds none."""
        try:
            return _run_key(self.manifest() or {})
        except KeyError:
            if self.is_a_damaged_run():
                raise self.unusable(MANIFEST) from None
            why = "no run is saved here; give the folder that `run` named at its end."
            raise FolderError(f"{relative_path(self.path)}: {why}") from None

    def damaged(self) -> list[str]:
        unproved = (self.path / MANIFEST).is_file() and "sha256" not in (self.manifest() or {})
        return [MANIFEST] * unproved + super().damaged()

    def remove_damaged(self) -> None:
        damaged = self.damaged()
        for name in damaged:
            self.remove(name)
        report = [name for name in damaged if _REPORT.fullmatch(name)]
        self.say_damaged([name for name in damaged if name not in report])
        self.say_damaged(report, "removed; `python -m sim report` makes it again")

    def tables(self) -> Iterator[str]:
        for pattern in ("*.parquet", "replications/*.parquet", "events/*.parquet"):
            names = (file.relative_to(self.path).as_posix() for file in self.path.glob(pattern))
            yield from (name for name in names if _TABLES.fullmatch(name))

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Say what the folder holds; without this it is not taken for a run."""
        document = {"program": PROGRAM, **manifest}
        document["sha256"] = disk.document_checksum(document)
        self.put(MANIFEST, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())

    def save_replication(
        self, replication: int, key: RunKey, metrics: pd.DataFrame, events: pd.DataFrame | None
    ) -> None:
        """Save one finished replication. Its metrics come last: with them it counts as done."""
        if events is not None:
            self.write_table(_file("events", replication), events, key.of_replication(replication))
        self.write_table(_file("replications", replication), metrics, key.of_replication(replication))

    def replications(self, *, events: bool = False) -> list[int]:
        """The numbers under which a file of metrics is here, whole or not; or with `events` one of events."""
        part = "events" if events else "replications"
        found = (self.path / part).glob("*.parquet")
        return sorted(int(file.stem) for file in found if _TABLES.fullmatch(f"{part}/{file.name}"))

    def adopt(self, other: RunFolder, replication: int, key: RunKey, *, events: bool) -> None:
        """Copy a file of a replication from another folder of the same run, if it is whole there and not here."""
        name, wanted = _file("events" if events else "replications", replication), key.of_replication(replication)
        content = None if self.key_of(name) == wanted else other.read(name)
        if content is not None and key_in(content) == wanted:
            self.put(name, content)

    def is_done(self, replication: int, key: RunKey, *, events: bool) -> bool:
        """Is this replication here, whole, and of this very run?"""
        parts = ["replications"] + ["events"] * events
        return all(self.key_of(_file(part, replication)) == key.of_replication(replication) for part in parts)

    def metrics(self, replication: int, key: RunKey) -> pd.DataFrame:
        """The metrics of a replication that is done, as `sim.measure.tabulate` gave them."""
        return self.read_table(_file("replications", replication), key.of_replication(replication))

    def events(self, replication: int) -> pd.DataFrame:
        """The events of a replication, as `sim.model.simulate.event_table` gave them.

        Raises FolderError if the run has no such replication or saved no events of it.
        """
        name, key = _file("events", replication), self.run_key().of_replication(replication)
        if self.key_of(name) == key:
            return self.read_table(name, key)
        if (self.path / name).is_dir():
            raise self.unusable(name)
        manifest = self.manifest() or {}
        here, last = relative_path(self.path), manifest.get("replications", 0)
        if not 1 <= replication <= last:
            raise FolderError(f"{here}: there is no replication {replication}; this run has 1 to {last}.")
        command = self.command()
        command += "" if " --events" in command else " --events"
        raise FolderError(f"{here}: no events are saved of replication {replication}; make them with: {command}")

    def forget_summary(self) -> None:
        """Remove summary, figures and reports, which would no longer fit the replications beside them."""
        for file in (*self.path.glob("*"), *self.path.glob(f"{FIGURES}/*")):
            name = file.relative_to(self.path).as_posix()
            if name in SUMMARY_TABLES or _FROM_SUMMARY.fullmatch(name):
                self.remove(name)


def program_document(file: Path) -> dict[str, Any]:
    """What a JSON file of this program says; empty if it is none or cannot be read."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        document = json.loads(file.read_bytes())
        if isinstance(document, dict) and document.get("program") == PROGRAM:
            return document
    return {}


def _is_ours(name: str) -> bool:
    return bool(_TABLES.fullmatch(name) or _FROM_SUMMARY.fullmatch(name))


def _run_key(document: dict[str, Any]) -> RunKey:
    """The key that a manifest or a table names. Raises KeyError."""
    return RunKey(**{field.name: document[field.name] for field in fields(RunKey)})


def _file(part: str, replication: int) -> str:
    return f"{part}/{replication:04d}.parquet"


def run_differs(manifest: dict[str, Any], key: RunKey) -> str:
    """How the run in the folder differs from the one that is wanted, in words; empty if it does not."""
    if manifest.get("seed") != key.seed:
        return f"seed {manifest.get('seed')}, not {key.seed}"
    if manifest.get("scenario_hash") != key.scenario_hash:
        return f"another scenario ({str(manifest.get('scenario_hash'))[:8]}, not {key.scenario_hash[:8]})"
    if manifest.get("code_version") != key.code_version:
        return f"another version of the program ({manifest.get('code_version')}, not {key.code_version})"
    return ""
