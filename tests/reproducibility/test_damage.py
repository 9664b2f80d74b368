"""The short form of `python -m tests.damage`: damaged files, killed runs, and what the same command makes of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it makes copies of a process that has loaded the model")
def test_the_same_command_makes_all_well() -> None:
    line = [sys.executable, "-m", "tests.damage", "--flips", "8", "--kills", "6", "--seed", "5"]
    done = subprocess.run(line, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("seed 5: 8 damages, 6 kills\n")
    assert done.stdout.endswith("\n0 wrong\n")
