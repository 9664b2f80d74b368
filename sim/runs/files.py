"""A folder of files that are written whole and checked when read: that of a run, of an answer, of points."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML

from sim.runs import disk
from sim.runs.disk import CHECKSUMS, write_whole, writing
from sim.runs.errors import FolderError
from sim.runs.leases import Leases, new_owner
from sim.runs.provenance import relative_path
from sim.scenario import Scenario, read_saved

SCENARIO = "scenario.yaml"
KEY = b"caseload.key"
"""The entry of a table's metadata that says what the table was made from."""
_MOST_NAMED = 10
_log = logging.getLogger(__name__)


class Files:
    """The files of one folder. `owner` is this process's own name in it, which its temporary files and leases carry."""

    says, made_by = "", ""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.abspath(path))  # workers may stand in another current folder
        self.owner = new_owner()
        self.leases = Leases(self.path, self.owner)

    def read(self, name: str) -> bytes | None:
        """What a file holds; None if it is not there or is damaged."""
        try:
            content = (self.path / name).read_bytes()
        except OSError:
            return None
        if name.endswith(".parquet"):
            return content if disk.is_whole(content) else None
        try:
            return content if (self.path / CHECKSUMS / name).read_bytes() == _checksum_line(name, content) else None
        except OSError:  # no checksum is beside it: the program was killed
            return content

    def read_table(self, name: str, key: bytes | None = None) -> pd.DataFrame:
        """A table. Raises FolderError if it is missing or damaged, or has another key than a given one."""
        content = self.read(name)
        if content is None or (key is not None and key_in(content) != key):
            raise self.unusable(name)
        return pq.read_table(pa.BufferReader(content)).to_pandas()

    def key_of(self, name: str) -> bytes:
        """The key a table was written with; empty if it has none, is damaged or not there."""
        content = self.read(name)
        return b"" if content is None else key_in(content)

    def write(self, name: str, content: bytes) -> Path:
        """Write one file so that it is there whole or not at all, and its checksum beside it."""
        beside = self.path / CHECKSUMS / name
        with writing(beside):  # first, so that no file ever has the checksum of another
            beside.unlink(missing_ok=True)
        self.put(name, content)
        write_whole(beside, _checksum_line(name, content), self.owner, durable=False)
        return self.path / name

    def write_table(self, name: str, table: pd.DataFrame, key: bytes) -> None:
        """Write a table as Parquet; the same rows and key give the same bytes on every run."""
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        arrow = arrow.replace_schema_metadata({KEY: key, disk.SLOT: disk.EMPTY})
        buffer = io.BytesIO()
        pq.write_table(arrow, buffer, compression="zstd")
        self.put(name, disk.sealed(buffer.getvalue()))

    def put(self, name: str, content: bytes) -> None:
        """Write a file that holds its own checksum."""
        write_whole(self.path / name, content, self.owner)

    def remove(self, name: str) -> None:
        for file in (self.path / CHECKSUMS / name, self.path / name):
            with writing(file):
                file.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the temporary files of this owner, whichever of its workers left them."""
        for partial, owner in disk.partial_files(self.path):
            if owner == self.owner:
                with contextlib.suppress(OSError):
                    partial.unlink(missing_ok=True)

    def command(self) -> str:
        """What makes the files of the folder again, also where it was copied or the file that names it is damaged."""
        here, words = relative_path(self.path), self._typed()
        out = ["--out", str(here)]
        if not words:
            saved = shlex.quote(str(here / SCENARIO)) if self.read(SCENARIO) else "SCENARIO"
            return f"{self.made_by.replace('SCENARIO', saved)} {shlex.join(out)}"
        if here.parent == Path("results") and re.search(r"-[0-9a-f]{8}$", here.name) and "--out" not in words:
            return shlex.join(words)  # it has the name that the command gives it
        place = words.index("--out") if "--out" in words else len(words)
        return shlex.join([*words[:place], *out, *words[place + 2 :]])

    def _typed(self) -> list[str]:
        """The words of the command as the folder names it; none if they cannot be read."""
        try:
            return shlex.split(json.loads((self.path / self.says).read_bytes())["command"])
        except (OSError, ValueError, RecursionError, LookupError, TypeError, AttributeError):
            return []

    def unusable(self, name: str, problem: str = "missing or damaged") -> FolderError:
        """That a file is not there as it was written, and how it is made again."""
        file = self.path / name
        found = "a folder is in its place; move it, and" if file.is_dir() else f"{problem};"
        again = f"make it again with: {self.command()}" if self.made_by else "run the same command again"
        if self.made_by and not self._typed():
            again = f"its command is not known any more; {again}"
        return FolderError(f"{relative_path(file)}: {found} {again}")

    def write_scenario(self, resolved: dict[str, Any]) -> None:
        """Save the scenario as it was run, in the planner's order."""
        yaml = YAML()
        yaml.default_flow_style = False
        yaml.width = 120
        text = io.StringIO()
        text.write("# The scenario as it was run, after extends and --set.\n")
        if resolved["caseload"].get("file"):
            text.write("# The caseload file is not saved here. To run this again, name it: --set caseload.file=PATH\n")
        yaml.dump(resolved, text)
        self.write(SCENARIO, text.getvalue().encode())

    def scenario(self) -> Scenario:
        """The scenario as it was run. Raises FolderError without it: only the planner has it otherwise."""
        if self.read(SCENARIO) is None:
            raise self.unusable(SCENARIO)
        return read_saved(self.path / SCENARIO).scenario

    def tables(self) -> Iterator[str]:
        """The tables that are here, whole or not: those that stand beside a CSV file."""
        for file in self.path.glob("*.parquet"):
            if self.has_checksum(f"{file.stem}.csv"):
                yield file.name

    def checked(self) -> list[str]:
        """The files that have a checksum in themselves or beside them; of the latter some may have gone."""
        beside = self.path / CHECKSUMS
        files = (file for file in beside.rglob("*") if file.is_file() and file.suffix != ".part")
        return sorted({*(file.relative_to(beside).as_posix() for file in files), *self.tables()})

    def has_checksum(self, name: str) -> bool:
        return (self.path / CHECKSUMS / name).is_file()

    def is_damaged(self, name: str) -> bool:
        """Is a file here and not whole? Read twice, as another process may be writing it and its checksum just now."""
        return all((self.path / name).is_file() and self.read(name) is None for _ in range(2))

    def damaged(self) -> list[str]:
        """The files that are here and do not agree with their checksums."""
        return [name for name in self.checked() if self.is_damaged(name)]

    def remove_damaged(self) -> None:
        """Remove what is damaged, to be made again by the caller, and say so."""
        damaged = self.damaged()
        for name in damaged:
            self.remove(name)
        self.say_damaged(damaged)

    def say_damaged(self, names: Sequence[str], what_now: str = "made again") -> None:
        """Say on stderr which files are damaged, and what is done about it."""
        if names:
            files, were, are = ("1 file", "was", "is") if len(names) == 1 else (f"{len(names):,} files", "were", "are")
            shown = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
            here = relative_path(self.path)
            _log.warning("%s of %s %s damaged and %s %s: %s", files, here, were, are, what_now, shown)


def key_in(table: bytes) -> bytes:
    return (pq.read_schema(pa.BufferReader(table)).metadata or {}).get(KEY, b"")


def _checksum_line(name: str, content: bytes) -> bytes:
    """The line beside a file, which `sha256sum --check` can read."""
    return disk.checksum(content) + f"  {name}\n".encode()
