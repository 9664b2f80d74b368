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
    changes.json                what the scenario changes of the one it is built on

A file is written under another name and then renamed, so one that is there is whole. A replication is done
when its file is there and carries the right key.
"""

from __future__ import annotations

import io
import json
import os
import re
import secrets
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML

from sim.experiment.claims import Claims
from sim.experiment.disk import sweep, write_whole, writing
from sim.experiment.errors import FolderError
from sim.experiment.provenance import RunKey, from_here

PROGRAM = "caseload-simulator"
KEY = b"caseload.key"
SUMMARY_TABLES = ("summary.parquet", "weekly.parquet", "teams.parquet")
FIGURES = "figures"
NO_RUN = "no run is kept here; give the folder that `run` named at its end."
_OURS = re.compile(
    r"scenario\.yaml|summary\.(parquet|csv)|(weekly|teams)\.parquet|changes\.json|report(-\d{4,})?\.html|report\.xlsx"
    r"|(replications|events)/\d{4,}\.parquet|figures/[a-z_]+\.(svg|png)"
)
_STALE_SECONDS = 3600
"""A temporary file older than this belongs to a run that was killed; a younger one may be another run's, at work."""


class RunFolder:
    """A folder that holds one run, or will."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.abspath(path))  # workers may stand in another current folder
        self._mark = secrets.token_hex(4)
        self.claims = Claims(self.path, self._mark)

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
            return None
        manifest = self.manifest()
        if manifest is None:
            raise FolderError(
                f"{from_here(self.path)}: this folder holds files that are no run of this program; "
                "nothing was written. Choose a new or an empty folder with --out."
            )
        if fresh:
            self._refuse_if_in_use()
            self._remove_run()
            return None
        differing = differences(manifest, key)
        if differing:
            raise FolderError(
                f"{from_here(self.path)}: this folder holds a run of {differing}; nothing was written. "
                "Replace it with --fresh, or keep both with --out FOLDER."
            )
        self.claims.clear_dead()
        sweep(self.path, "*", older_than=time.time() - _STALE_SECONDS)
        return manifest

    def manifest(self) -> dict[str, Any] | None:
        """What the folder says about its run, or None if it holds none."""
        try:
            manifest = json.loads((self.path / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return manifest if isinstance(manifest, dict) and manifest.get("program") == PROGRAM else None

    def run_key(self) -> RunKey:
        """The key of the run that the folder holds. Raises FolderError if it holds none."""
        manifest = self.manifest()
        if manifest is None or any(field.name not in manifest for field in fields(RunKey)):
            raise FolderError(f"{from_here(self.path)}: {NO_RUN}")
        return RunKey(**{field.name: manifest[field.name] for field in fields(RunKey)})

    def _refuse_if_in_use(self) -> None:
        if self.claims.others():
            raise FolderError(
                f"{from_here(self.path)}: another process is at work in this folder, whose run --fresh would replace; "
                "nothing was written. Wait until it ends or stop it, or choose another folder with --out."
            )

    def _remove_run(self) -> None:
        """Remove another run's files; its manifest stays until ours replaces it, so the folder is never anonymous."""
        for file in sorted(self.path.rglob("*")):
            if file.is_file() and _OURS.fullmatch(file.relative_to(self.path).as_posix()):
                self._remove(file)

    def _remove(self, file: Path) -> None:
        with writing(file):
            file.unlink(missing_ok=True)

    # --- writing ------------------------------------------------------------------------------------------

    def write(self, name: str, content: bytes) -> Path:
        """Write one file so that it is there whole or not at all."""
        file = self.path / name
        write_whole(file, content, self._mark)
        return file

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Say what the folder holds; without this it is not taken for a run."""
        text = json.dumps({"program": PROGRAM, **manifest}, indent=2, ensure_ascii=False)
        self.write("manifest.json", (text + "\n").encode())

    def write_scenario(self, resolved: dict[str, Any]) -> None:
        """Keep the scenario as it was run, in the planner's order."""
        yaml = YAML()
        yaml.default_flow_style = False
        yaml.width = 120
        text = io.StringIO(f"# The scenario as it was run, after extends and --set.\n{_about_file(resolved)}")
        text.seek(0, io.SEEK_END)
        yaml.dump(resolved, text)
        self.write("scenario.yaml", text.getvalue().encode())

    def write_table(self, name: str, table: pd.DataFrame, key: bytes) -> None:
        """Write a table as Parquet; the same rows and key give the same bytes on every run."""
        arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata({KEY: key})
        buffer = io.BytesIO()
        pq.write_table(arrow, buffer, compression="zstd", write_page_checksum=True)
        self.write(name, buffer.getvalue())

    def sweep(self) -> None:
        """Remove the temporary files of this run, whoever of its workers left them."""
        sweep(self.path, self._mark)

    # --- replications -------------------------------------------------------------------------------------

    def keep_replication(
        self, replication: int, key: RunKey, metrics: pd.DataFrame, events: pd.DataFrame | None
    ) -> None:
        """Keep one finished history. Its metrics come last: with them it counts as done."""
        if events is not None:
            self.write_table(_events_name(replication), events, key.of_replication(replication))
        self.write_table(_metrics_name(replication), metrics, key.of_replication(replication))

    def replications(self) -> list[int]:
        """The numbers under which a file of metrics is here, whole or not."""
        found = (self.path / "replications").glob("*.parquet")
        return sorted(int(file.stem) for file in found if _OURS.fullmatch(f"replications/{file.name}"))

    def adopt(self, other: RunFolder, replication: int, key: RunKey, *, events: bool) -> None:
        """Take over a file of a history from another folder of the same run, if it is whole there and not here."""
        name = (_events_name if events else _metrics_name)(replication)
        mark = key.of_replication(replication)
        if self._read(name, mark) is None and other._read(name, mark) is not None:
            self.write(name, (other.path / name).read_bytes())

    def is_done(self, replication: int, key: RunKey, *, events: bool) -> bool:
        """Is this history here, whole, and of this very run?"""
        names = [_metrics_name(replication)] + [_events_name(replication)] * events
        return all(self._read(name, key.of_replication(replication)) is not None for name in names)

    def metrics(self, replication: int, key: RunKey) -> pd.DataFrame:
        """The metrics of a history that is done, as `sim.measure.tabulate` gave them."""
        table = self._read(_metrics_name(replication), key.of_replication(replication))
        if table is None:
            file = from_here(self.path / _metrics_name(replication))
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
        here, last = from_here(self.path), manifest.get("replications", 0)
        if not 1 <= replication <= last:
            raise FolderError(f"{here}: there is no replication {replication}; this run has 1 to {last}.")
        command = manifest.get("command", "")
        command += "" if " --events" in command else " --events"
        raise FolderError(f"{here}: no events are kept of replication {replication}; make them with: {command}")

    def _read(self, name: str, key: bytes) -> pa.Table | None:
        """A table, or None if it is missing, damaged or of another run."""
        try:
            with pq.ParquetFile(self.path / name, page_checksum_verification=True) as file:
                if (file.schema_arrow.metadata or {}).get(KEY) != key:
                    return None
                return file.read()
        except (OSError, pa.ArrowException):
            return None

    # --- what is made from them ---------------------------------------------------------------------------

    def read_table(self, name: str) -> pd.DataFrame:
        """A table of the summary. Raises FolderError if the run was not finished."""
        try:
            return pq.read_table(self.path / name, page_checksum_verification=True).to_pandas()
        except (OSError, pa.ArrowException) as error:
            file = from_here(self.path / name)
            raise FolderError(f"{file}: missing or damaged; type the line of the run again to make it anew.") from error

    def key_of(self, name: str) -> bytes:
        """The key a table was written with; empty if it has none or is not there."""
        try:
            return (pq.read_schema(self.path / name).metadata or {}).get(KEY, b"")
        except (OSError, pa.ArrowException):
            return b""

    def forget_summary(self) -> None:
        """Remove summary, figures and reports, which would no longer fit the replications beside them."""
        made = [*(self.path / name for name in (*SUMMARY_TABLES, "summary.csv")), *self.figures()]
        for file in [*made, *self.path.glob("report*.html"), self.path / "report.xlsx"]:
            self._remove(file)

    def figures(self) -> list[Path]:
        """The pictures that are there."""
        return sorted(file for file in (self.path / FIGURES).glob("*") if _OURS.fullmatch(f"{FIGURES}/{file.name}"))


def _about_file(resolved: dict[str, Any]) -> str:
    """What a reader must know of a caseload file, which the folder does not keep."""
    if not resolved["caseload"].get("file"):
        return ""
    return "# The caseload file is not kept here. To run this again, give it anew: --set caseload.file=PATH\n"


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
