"""How worker processes begin: what they need is loaded while the command loads what it needs itself."""

import subprocess
import sys
from pathlib import Path

import pytest

MET = str(Path(__file__).parents[2] / "scenarios" / "met.yaml")
LOADED_BEFORE = """
import os, sys
from sim.runs import worker_processes as starting

def begin_loading():
    print(*sorted({"numpy", "pandas", "sim.scenario"} & sys.modules.keys()), "begun")
    sys.stdout.flush()
    os._exit(0)

starting.begin_loading = begin_loading
from sim.cli import main
main(sys.argv[1:])
print("not begun")
"""


def shown(*line: str) -> str:
    done = subprocess.run([sys.executable, "-c", LOADED_BEFORE, *line], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "line",
    [
        ("run", MET),
        ("compare", MET, "--set", "officers.total=130"),
        ("sweep", MET, "--vary", "officers.total=120..130:10"),
        ("staff", MET, "--target", "overdue_visits < 100"),
        ("sensitivity", MET, "--metric", "overdue_visits"),
    ],
    ids=lambda line: line[0],
)
def test_anyone_simulates_has_it_loaded_before_anything_heavy_is_imported(line: tuple[str, ...]) -> None:
    assert shown(*line) == "begun"


@pytest.mark.parametrize("line", [("run", MET, "--workers", "1"), ("run", MET, "--only", "3"), ("validate", MET)])
def test_who_needs_no_worker_has_nothing_loaded(line: tuple[str, ...]) -> None:
    line = (*line, "--set", "officers.totl=1")  # so that it stops before anything is simulated
    assert shown(*line) == "not begun"
