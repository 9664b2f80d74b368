"""The run folder: everything one run leaves behind, and how a later run goes on from it.

    scenario.yaml               the scenario after `extends` and `--set`
    manifest.json               what it was made from and the line that repeats it
    replications/0001.parquet   the metrics of each history
    events/0001.parquet         its events, if asked for
    summary.parquet, .csv       means and intervals over the replications
    weekly.parquet              the same week by week
    teams.parquet               the same for each team, week by week
    figures/                    the pictures, as SVG and PNG
    report.html                 the page to read; report-0001.html that of one history, report.xlsx the workbook
    checksums/                  the checksums of all but the manifest and the Parquet files, which hold their own

A file is written under another name and then renamed, so one that is there was whole. A replication is done
when its file is there, agrees with its checksum and carries the right key; what is damaged is removed and made again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import logging
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML

from sim.runs import checksums
from sim.runs.checksums import CHECKSUMS
from sim.runs.disk import sweep, write_whole, writing
from sim.runs.errors import FolderError
from sim.runs.leases import Leases, new_owner
from sim.runs.provenance import RunKey, relative_path
from sim.scenario import Scenario, read_saved

PROGRAM = "caseload-simulator"
MANIFEST = "manifest.json"
SCENARIO = "scenario.yaml"
KEY = b"caseload.key"
SUMMARY_TABLES = ("summary.parquet", "weekly.parquet", "teams.parquet")
FIGURES = "figures"
NO_RUN = "no run is kept here; give the folder that `run` named at its end."
_OURS = re.compile(
    r"scenario\.yaml|summary\.(parquet|csv)|(weekly|teams)\.parquet|report(-\d{4,})?\.html|report\.xlsx"
    r"|(replications|events)/\d{4,}\.parquet|figures/[a-z_]+\.(svg|png)"
)
_MADE_BY_REPORT = re.compile(r"report-\d{4,}\.html|report\.xlsx")
_MOST_NAMED = 10
_log = logging.getLogger(__name__)


class RunFolder:
    """A folder that holds one run, or will."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.abspath(path))  # workers may stand in another current folder
        self._mark = new_owner()
        self.leases = Leases(self.path, self._mark)

    # --- whose it is --------------------------------------------------------------------------------------

    def claim(self, key: RunKey, *, fresh: bool = False) -> dict[str, Any] | None:
        """Make the folder ready for this run; return the manifest of the run it goes on with, if there is one.

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
            raise FolderError(f"{relative_path(self.path)}: {self._what_else()}")
        if fresh:
            self._refuse_if_in_use()
            self._remove_run()
            return None
        differing = differences(manifest, key) if manifest else ""
        if differing:
            raise FolderError(
                f"{relative_path(self.path)}: this folder holds a run of {differing}; nothing was written. "
                "Replace it with --fresh, or keep both with --out FOLDER."
            )
        self.leases.clear_dead()
        return manifest if manifest and "sha256" in manifest else None

    def manifest(self) -> dict[str, Any] | None:
        """What the folder says about its run, or None if it holds none or the manifest is damaged."""
        try:
            manifest = json.loads((self.path / MANIFEST).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(manifest, dict) or manifest.get("program") != PROGRAM:
            return None
        if "sha256" in manifest and not checksums.is_whole_document(manifest):
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
                said = json.loads(self.key_of(name))
                return RunKey(**{field.name: said[field.name] for field in fields(RunKey)})
        return None

    def is_a_damaged_run(self) -> bool:
        """Did a run make this folder, although its manifest does not say so any more?"""
        return (self.path / MANIFEST).is_file() and any(self.path.glob(f"{CHECKSUMS}/*"))

    def _what_else(self) -> str:
        """What the folder holds instead of a run."""
        if self.is_a_damaged_run():
            return (
                f"{MANIFEST} is damaged, or of an earlier version of this program, and does not say which run this is; "
                "nothing was written. Replace the run with --fresh, or choose another folder with --out."
            )
        return (
            "this folder holds files that are no run of this program; nothing was written. Choose a new or an empty "
            "folder with --out."
        )

    def run_key(self) -> RunKey:
        """The key of the run that the folder holds. Raises FolderError if it holds none."""
        manifest = self.manifest()
        if manifest is None or any(field.name not in manifest for field in fields(RunKey)):
            damaged = f"{MANIFEST} is damaged; type the line of the run again to make it anew."
            raise FolderError(f"{relative_path(self.path)}: {damaged if self.is_a_damaged_run() else NO_RUN}")
        return RunKey(**{field.name: manifest[field.name] for field in fields(RunKey)})

    def _refuse_if_in_use(self) -> None:
        if self.leases.others():
            raise FolderError(
                f"{relative_path(self.path)}: another process is at work in this folder, whose run --fresh would "
                "replace; nothing was written. Wait until it ends or stop it, or choose another folder with --out."
            )

    def _remove_run(self) -> None:
        """Remove another run's files; its manifest stays until ours replaces it, so the folder is never anonymous."""
        for file in sorted(self.path.rglob("*")):
            name = file.relative_to(self.path).as_posix()
            if file.is_file() and (_OURS.fullmatch(name) or self._has_checksum(name)):
                self.remove(name)
        for name in self._checked():  # of files that somebody removed
            self.remove(name)

    # --- what is damaged ----------------------------------------------------------------------------------

    def damaged(self) -> list[str]:
        """The files that are here and do not agree with their checksums."""
        unproved = (self.path / MANIFEST).is_file() and "sha256" not in (self.manifest() or {})
        manifest = [MANIFEST] if unproved else []
        return manifest + [name for name in self._checked() if self.is_damaged(name)]

    def remove_damaged(self) -> list[str]:
        """Remove what is damaged, to be made again by the caller; say so, and return the names."""
        damaged = self.damaged()
        for name in damaged:
            self.remove(name)
        report = [name for name in damaged if _MADE_BY_REPORT.fullmatch(name)]
        self.say_damaged([name for name in damaged if name not in report], "made again")
        self.say_damaged(report, "removed; `python -m sim report` makes it again")
        return damaged

    def say_damaged(self, names: Sequence[str], what_now: str) -> None:
        """Say on stderr which files are damaged, and what comes of it."""
        if names:
            files, were = ("1 file", "was") if len(names) == 1 else (f"{len(names):,} files", "were")
            shown = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
            and_are = "and is" if len(names) == 1 else "and are"
            _log.warning(
                "%s of %s %s damaged %s %s: %s", files, relative_path(self.path), were, and_are, what_now, shown
            )

    def _checked(self) -> list[str]:
        """The files that have a checksum in themselves or beside them; of the latter some may have gone."""
        beside = self.path / CHECKSUMS
        checked = (file.relative_to(beside).as_posix() for file in beside.rglob("*") if file.is_file())
        return sorted({*(name for name in checked if not name.endswith(".part")), *self.tables()})

    def tables(self) -> Iterator[str]:
        """The tables that are here, whole or not: of an answer those that stand beside a CSV file."""
        for pattern in ("*.parquet", "replications/*.parquet", "events/*.parquet"):
            for file in self.path.glob(pattern):
                name = file.relative_to(self.path).as_posix()
                if _OURS.fullmatch(name) or self._has_checksum(name.removesuffix("parquet") + "csv"):
                    yield name

    def _has_checksum(self, name: str) -> bool:
        return (self.path / CHECKSUMS / name).is_file()

    def is_damaged(self, name: str) -> bool:
        """Is a file here and not whole? Read twice, as another process may be writing it and its checksum just now."""
        return all((self.path / name).is_file() and self.read(name) is None for _ in range(2))

    def read(self, name: str) -> bytes | None:
        """What a file holds; None if it is not there or is damaged."""
        try:
            content = (self.path / name).read_bytes()
        except OSError:
            return None
        whole = checksums.is_whole(content) if name.endswith(".parquet") else checksums.agrees(self.path, name, content)
        return content if whole else None

    # --- writing ------------------------------------------------------------------------------------------

    def write(self, name: str, content: bytes) -> Path:
        """Write one file so that it is there whole or not at all, and its checksum beside it.

        This is how every file gets into a folder, whoever makes it, but tables and the manifest.
        """
        self._remove(self.path / CHECKSUMS / name)  # first, so that no file ever has the checksum of another
        self._put(name, content)
        write_whole(self.path / CHECKSUMS / name, checksums.line(name, content), self._mark, durable=False)
        return self.path / name

    def _put(self, name: str, content: bytes) -> None:
        write_whole(self.path / name, content, self._mark)

    def remove(self, name: str) -> None:
        """Remove a file and its checksum."""
        for file in (self.path / CHECKSUMS / name, self.path / name):
            self._remove(file)

    def _remove(self, file: Path) -> None:
        with writing(file):
            file.unlink(missing_ok=True)

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Say what the folder holds; without this it is not taken for a run."""
        document = checksums.sealed_document({"program": PROGRAM, **manifest})
        self._put(MANIFEST, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())

    def write_scenario(self, resolved: dict[str, Any]) -> None:
        """Keep the scenario as it was run, in the planner's order."""
        yaml = YAML()
        yaml.default_flow_style = False
        yaml.width = 120
        text = io.StringIO(f"# The scenario as it was run, after extends and --set.\n{_about_file(resolved)}")
        text.seek(0, io.SEEK_END)
        yaml.dump(resolved, text)
        self.write(SCENARIO, text.getvalue().encode())

    def scenario(self) -> Scenario:
        """The scenario as it was run. Raises FolderError if it is damaged: only the planner has it otherwise."""
        file = self.path / SCENARIO
        if file.exists() and self.read(SCENARIO) is None:
            command = (self.manifest() or {}).get("command", "the line of the run")
            raise FolderError(f"{relative_path(file)}: damaged; make it again with: {command}")
        return read_saved(file).scenario

    def write_table(self, name: str, table: pd.DataFrame, key: bytes) -> None:
        """Write a table as Parquet; the same rows and key give the same bytes on every run."""
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        arrow = arrow.replace_schema_metadata({KEY: key, checksums.SLOT: checksums.EMPTY})
        buffer = io.BytesIO()
        pq.write_table(arrow, buffer, compression="zstd")
        self._put(name, checksums.sealed(buffer.getvalue()))

    def sweep(self) -> None:
        """Remove the temporary files of this run, whoever of its workers left them."""
        sweep(self.path, self._mark)

    # --- replications -------------------------------------------------------------------------------------

    def save_replication(
        self, replication: int, key: RunKey, metrics: pd.DataFrame, events: pd.DataFrame | None
    ) -> None:
        """Keep one finished history. Its metrics come last: with them it counts as done."""
        if events is not None:
            self.write_table(_events_name(replication), events, key.of_replication(replication))
        self.write_table(_metrics_name(replication), metrics, key.of_replication(replication))

    def replications(self, *, events: bool = False) -> list[int]:
        """The numbers under which a file of metrics is here, whole or not; or with `events` one of events."""
        part = "events" if events else "replications"
        found = (self.path / part).glob("*.parquet")
        return sorted(int(file.stem) for file in found if _OURS.fullmatch(f"{part}/{file.name}"))

    def adopt(self, other: RunFolder, replication: int, key: RunKey, *, events: bool) -> None:
        """Take over a file of a history from another folder of the same run, if it is whole there and not here."""
        name = (_events_name if events else _metrics_name)(replication)
        mark = key.of_replication(replication)
        content = None if self.key_of(name) == mark else other.read(name)
        if content is not None and _key_in(content) == mark:
            self._put(name, content)

    def is_done(self, replication: int, key: RunKey, *, events: bool) -> bool:
        """Is this history here, whole, and of this very run?"""
        names = [_metrics_name(replication)] + [_events_name(replication)] * events
        return all(self.key_of(name) == key.of_replication(replication) for name in names)

    def metrics(self, replication: int, key: RunKey) -> pd.DataFrame:
        """The metrics of a history that is done, as `sim.measure.tabulate` gave them."""
        table = self._read(_metrics_name(replication), key.of_replication(replication))
        if table is None:
            file = relative_path(self.path / _metrics_name(replication))
            raise FolderError(
                f"{file}: has gone or was changed while it was being read; type the same line again to redo it."
            )
        return table.to_pandas()

    def events(self, replication: int) -> pd.DataFrame:
        """The events of a history, as `sim.model.simulate.event_table` gave them.

        Raises FolderError if the run has no such history or kept no events of it.
        """
        table = self._read(_events_name(replication), self.run_key().of_replication(replication))
        if table is not None:
            return table.to_pandas()
        manifest = self.manifest() or {}
        here, last = relative_path(self.path), manifest.get("replications", 0)
        if not 1 <= replication <= last:
            raise FolderError(f"{here}: there is no replication {replication}; this run has 1 to {last}.")
        command = manifest.get("command", "")
        command += "" if " --events" in command else " --events"
        raise FolderError(f"{here}: no events are kept of replication {replication}; make them with: {command}")

    def _read(self, name: str, key: bytes) -> pa.Table | None:
        """A table, or None if it is missing, damaged or of another run."""
        content = self.read(name)
        if content is None or _key_in(content) != key:
            return None
        return pq.read_table(pa.BufferReader(content))

    # --- what is made from them ---------------------------------------------------------------------------

    def read_table(self, name: str) -> pd.DataFrame:
        """A table of the summary. Raises FolderError if the run was not finished."""
        content = self.read(name)
        if content is None:
            file = relative_path(self.path / name)
            raise FolderError(f"{file}: missing or damaged; type the line of the run again to make it anew.")
        return pq.read_table(pa.BufferReader(content)).to_pandas()

    def key_of(self, name: str) -> bytes:
        """The key a table was written with; empty if it has none, is damaged or not there."""
        content = self.read(name)
        return b"" if content is None else _key_in(content)

    def forget_summary(self) -> None:
        """Remove summary, figures and reports, which would no longer fit the replications beside them."""
        made = [*self.figures(), *self.path.glob("report*.html"), self.path / "report.xlsx"]
        for name in (*SUMMARY_TABLES, "summary.csv", *(file.relative_to(self.path).as_posix() for file in made)):
            self.remove(name)

    def figures(self) -> list[Path]:
        """The pictures that are there."""
        return sorted(file for file in (self.path / FIGURES).glob("*") if _OURS.fullmatch(f"{FIGURES}/{file.name}"))


def _about_file(resolved: dict[str, Any]) -> str:
    """What a reader must know of a caseload file, which the folder does not keep."""
    if not resolved["caseload"].get("file"):
        return ""
    return "# The caseload file is not kept here. To run this again, give it anew: --set caseload.file=PATH\n"


def _key_in(table: bytes) -> bytes:
    """The key that a whole table was written with."""
    return (pq.read_schema(pa.BufferReader(table)).metadata or {}).get(KEY, b"")


def _metrics_name(replication: int) -> str:
    return f"replications/{replication:04d}.parquet"


def _events_name(replication: int) -> str:
    return f"events/{replication:04d}.parquet"


def differences(manifest: dict[str, Any], key: RunKey) -> str:
    """How the run in the folder differs from the one that is wanted, in words; empty if it does not."""
    if manifest.get("seed") != key.seed:
        return f"seed {manifest.get('seed')}, not {key.seed}"
    if manifest.get("scenario_hash") != key.scenario_hash:
        return f"another scenario ({str(manifest.get('scenario_hash'))[:8]}, not {key.scenario_hash[:8]})"
    if manifest.get("code_version") != key.code_version:
        return f"another version of the program ({manifest.get('code_version')}, not {key.code_version})"
    return ""
