"""Simulates and checks scenarios in plain Python: run with NUMBA_DISABLE_JIT=1, it takes a line of JSON for each.

Plain Python sees what machine code does not: an index beyond the end of a table, a number that overflows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any


class Uncompiled:
    """The other process, started when it is first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Uncompiled:
        return self

    def __exit__(self, *error: object) -> None:
        if self._process:
            self._process.communicate(timeout=60)

    def check(self, path: str, settings: list[str], replication: int) -> dict[str, Any]:
        """What came of it there. Raises AssertionError with the other process's words if it failed."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "error::RuntimeWarning", "-m", "tests.properties.uncompiled"],
                cwd=Path(__file__).parents[2],
                env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps([path, settings, replication]), file=self._process.stdin, flush=True)
        found: dict[str, Any] = json.loads(self._process.stdout.readline() or '{"error": "the other process ended"}')
        assert not found.get("error"), found["error"]
        return found


def main() -> None:
    """Answer every line on stdin with one on stdout."""
    from sim.scenario import read
    from tests.properties.invariants import check

    for line in sys.stdin:
        path, settings, replication = json.loads(line)
        try:
            result = check(read(path, settings).scenario, replication)
            answer: dict[str, Any] = {"tasks": result.tasks, "events": len(result.event_log)}  # type: ignore[arg-type]
        except BaseException:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
