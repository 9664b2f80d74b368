"""What the tests showed on this machine: saved by a whole run of them, read by the quality-assurance log."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sim.runs.provenance import code_version

RECORD = Path("results") / "tests.json"

FAMILIES = {
    "theory": "where a formula is known, the model agrees with it within its interval",
    "sense": "what must get better does: more officers, shorter visits, fewer failures",
    "reproducibility": "the same again, in any order, on any number of cores, compiled and not; the metrics recomputed "
    "from the event log; a second program with the same random numbers",
    "properties": "scenarios and caseload files changed at random: checked without a crash, and what is simulated of "
    "them is finite and whole",
    "unit": "each rule of dates at its boundary, each message, each page",
}
"""What each family of tests shows, in the order of the folders in `tests`."""


@dataclass(frozen=True)
class TestsRecord:
    """How many tests of each family passed and failed, of which version of the model, and on which day."""

    __test__ = False  # no test itself, whatever its name

    code_version: str
    date: str
    passed: Mapping[str, int]
    failed: Mapping[str, int]


def save_record(folder: Path, passed: Mapping[str, int], failed: Mapping[str, int], *, add: bool = False) -> None:
    """Save what the tests showed, below the folder of the project; `add` to what others showed of the same version."""
    version = code_version()
    earlier = read_record(version, folder) if add else None
    if earlier:
        passed, failed = Counter(earlier.passed) + Counter(passed), Counter(earlier.failed) + Counter(failed)
    record = TestsRecord(version, dt.date.today().isoformat(), dict(passed), dict(failed))
    file = folder / RECORD
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(asdict(record), indent=2) + "\n", encoding="utf-8")


def read_record(version: str, folder: Path = Path()) -> TestsRecord | None:
    """What the tests showed of this version of the model, if they were run on it here; else None."""
    try:
        record = TestsRecord(**json.loads((folder / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return record if record.code_version == version else None
