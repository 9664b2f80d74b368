"""Where a result comes from: the key of a run, the hash of the code, versions, and the command to reproduce it."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sim.scenario.settings import as_typed
from sim.version import HOME, VERSION

SHAPING_PACKAGES = ("scenario", "model", "measure")
"""The parts of the program that shape a number. A new figure or message does not make an old result stale."""

LIBRARIES = ("numpy", "numba", "scipy", "simpy", "pandas", "pyarrow", "holidays", "python-calamine")


@dataclass(frozen=True)
class RunKey:
    """What must agree for two replications to belong to one run."""

    scenario_hash: str
    code_version: str
    seed: int

    @property
    def short(self) -> str:
        """Eight letters, others for another scenario, seed or version of the program."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:8]

    def of_replication(self, replication: int) -> bytes:
        """The key as it is written into a replication's files."""
        return json.dumps({**asdict(self), "replication": replication}, sort_keys=True).encode()


def run_key(content_hash: str, seed: int) -> RunKey:
    """The key of all replications of a scenario of this content, with this seed, under the code as it stands."""
    return RunKey(content_hash, code_version(), seed)


@functools.cache
def code_version() -> str:
    """The program's version and a hash of the sources that shape a result: `0.1.0+9f2c61d0a7b3`."""
    digest = hashlib.sha256()
    for package in SHAPING_PACKAGES:
        for source in sorted((HOME / package).rglob("*.py")):
            digest.update(source.relative_to(HOME).as_posix().encode())
            # A checkout under Windows may end its lines differently; the code is the same.
            digest.update(source.read_bytes().replace(b"\r\n", b"\n"))
    return f"{VERSION}+{digest.hexdigest()[:12]}"


def environment() -> dict[str, object]:
    """Versions of Python and the libraries, and the kind of machine; nothing that names a machine or a person."""
    versions = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            versions[library] = "not installed"
    return {"versions": versions, "platform": f"{platform.system()} {platform.machine()}"}


def repeating_command(
    scenario_file: Path,
    settings: Sequence[str],
    *,
    replications: int | None,
    seed: int | None,
    events: bool,
    out: Path | None,
    further: Sequence[str] = (),
) -> str:
    """The command to reproduce a run, ending in `further` words, with no path from outside the current folder."""
    line = ["python", "-m", "sim", "run", portable_path(scenario_file)]
    file = "caseload.file="
    line += as_typed(
        [f"{file}{portable_path(Path(s.removeprefix(file)))}" if s.startswith(file) else s for s in settings]
    )
    line += ["--replications", str(replications)] if replications is not None else []
    line += ["--seed", str(seed)] if seed is not None else []
    line += ["--events"] if events else []
    line += ["--out", portable_path(out)] if out is not None else []
    return shlex.join([*line, *further])


def relative_path(path: Path) -> Path:
    """The path as a reader in the current folder would write it; unchanged if it lies elsewhere."""
    absolute = Path(os.path.abspath(path))
    return absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else path


def portable_path(path: Path) -> str:
    """The path from the current folder, or only the name if it lies elsewhere."""
    shown = relative_path(path)
    return shown.name if shown.is_absolute() or ".." in shown.parts else shown.as_posix()
