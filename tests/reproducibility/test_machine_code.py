"""The cache of machine code: made once, found again, and never older than the sources it was made from.

Everything here happens in processes of its own, with a cache folder of their own.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.model.kernel.cache import COMPILED_SOURCES, COMPLETE, folder, is_compiled
from sim.model.kernel.compiling import loaded
from sim.runs.pool import open_pool
from sim.runs.task import Job
from sim.runs.worker_processes import COPIES

ROOT = Path(__file__).parents[2]
COMPILING = "Preparing the simulator for this machine (once, about half a minute)"


def python(*arguments: str, cache: Path, where: Path = ROOT, disable: str = "0") -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with this folder for machine code."""
    environment = {**os.environ, "CASELOAD_CACHE": str(cache), "NUMBA_DISABLE_JIT": disable}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=where, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr
    return done


# --- another source, another folder -------------------------------------------------------------------------------

EDIT_EACH = """
from sim.model.kernel import cache
print("as it was", cache.source_hash())
for source in cache.COMPILED_SOURCES:
    before = source.read_bytes()
    source.write_bytes(before + b"# an edit\\n")
    print(source.name, cache.source_hash())
"""


def test_an_edit_in_any_compiled_source_gives_another_folder(tmp_path: Path):
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    lines = python("-c", EDIT_EACH, cache=tmp_path / "cache", where=tmp_path).stdout.splitlines()
    edited, folders = zip(*(line.rsplit(" ", 1) for line in lines), strict=True)
    assert edited == ("as it was", *(source.name for source in COMPILED_SOURCES))
    assert len(set(folders)) == len(folders)


def test_all_that_compiled_code_is_made_from_is_among_the_compiled_sources():
    """Numba freezes what a compiled function imports: a source outside of the hash would be frozen unseen.

    What `codes` and `records` make of the tables of the domain and of the keys of a scenario is hashed by its value.
    """
    known = {".".join(source.relative_to(ROOT).with_suffix("").parts) for source in COMPILED_SOURCES}
    known = {module.removesuffix(".__init__") for module in known}
    known |= {"sim.scenario.domain", "sim.scenario.keys", "sim.scenario.schema"}
    for source in COMPILED_SOURCES:
        for statement in ast.parse(source.read_text()).body:  # what is imported inside of a function is not compiled
            if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("sim"):
                modules = {statement.module, *(f"{statement.module}.{name.name}" for name in statement.names)}
                assert modules & known, f"{source.name} imports {statement.module}, whose edits nobody would notice"


# --- compiled once ------------------------------------------------------------------------------------------------

RUN_IN_AN_EMPTY_CACHE = """
import sys
from sim.cli import main
from sim.model.kernel.cache import is_compiled
print(is_compiled())
code = main(sys.argv[1:])
print(is_compiled())
sys.exit(code)
"""


def machine_code(cache: Path) -> dict[str, int]:
    """Each file of machine code in the cache and when it was written."""
    return {file.relative_to(cache).as_posix(): file.stat().st_mtime_ns for file in cache.rglob("*.nbc")}


def at_once(source: str, goal: str) -> None:
    """Copy a file so that a process that reads it meanwhile finds all of it or nothing."""
    shutil.copy2(source, f"{goal}.part")
    os.replace(f"{goal}.part", goal)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    """An empty folder for machine code. What it then holds is left to the other tests, where they have none yet."""
    empty = tmp_path / "cache"
    yield empty
    made = empty / folder().name
    if (made / COMPLETE).exists() and not is_compiled():
        shutil.copytree(made, folder(), False, shutil.ignore_patterns(COMPLETE), at_once, dirs_exist_ok=True)
        (folder() / COMPLETE).touch()  # last, as it says that all is there


@pytest.mark.slow
def test_the_first_run_on_a_machine_compiles_and_no_other_does(cache: Path, tmp_path: Path):
    """All in one test, as it takes a minute or two: a plain scenario first, then forces in which everything happens."""
    options = ["--no-figures", "--events"]
    small = ["run", str(ROOT / "scenarios" / "small.yaml"), "--replications", "1", "--workers", "1"]
    first = python("-c", RUN_IN_AN_EMPTY_CACHE, *small, *options, "--out", str(tmp_path / "first"), cache=cache)
    assert COMPILING in first.stderr
    assert re.search(r"\n[1-9]\d* of \d+ parts of the simulator prepared\n", first.stderr)
    printed = first.stdout.splitlines()
    assert (printed[0], printed[-1]) == ("False", "True")
    cached = machine_code(cache)
    assert len(cached) > 50

    everything = ["run", str(Path(__file__).parent / "everything.yaml"), "--replications", "2"]
    for allocation, workers in (("own", "1"), ("pooled", "2")):
        line = [*everything, "--set", f"caseload.allocation={allocation}", "--workers", workers, *options]
        again = python("-m", "sim", *line, "--out", str(tmp_path / allocation), cache=cache)
        assert COMPILING not in again.stderr
        assert machine_code(cache) == cached, f"{allocation}: compiled, but the first run should have compiled it all"


def functions_loaded(_: int) -> None:
    """A task whose error says of how many functions its process has the machine code at hand."""
    raise LookupError(loaded())


@pytest.mark.skipif(not COPIES, reason="where processes cannot be copied, each loads its machine code itself")
def test_a_worker_begins_with_the_machine_code_at_hand():
    with open_pool(2) as pool:
        pool.get_ready([], lambda *_: None)
        outcomes = [outcome for _, outcome in pool.do(Job(functions_loaded, number) for number in range(4))]
    assert all(int(outcome.error.removeprefix("LookupError: ")) > 10 for outcome in outcomes), outcomes


def test_without_compiling_nothing_is_said_of_it(tmp_path: Path):
    """Without machine code there is nothing to load, so all of it is there."""
    script = "from sim.model.kernel.cache import is_compiled; print(is_compiled())"
    assert python("-c", script, cache=tmp_path / "cache", disable="1").stdout == "True\n"
    assert machine_code(tmp_path / "cache") == {}


# --- a folder that is ours alone ------------------------------------------------------------------------------------

WHERE = "from sim.model.kernel import cache; print(cache.folder().parent, cache.problem(), sep='|')"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such rights there")
def test_a_cache_folder_that_others_may_write_to_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    mine = tmp_path / f"caseload-simulator-{os.getuid()}"

    def used(cache: Path) -> tuple[str, str]:
        folder, _, problem = python("-c", WHERE, cache=cache).stdout.strip().partition("|")
        return folder, problem

    cache = tmp_path / "cache"
    assert used(cache) == (str(cache), "")
    assert cache.stat().st_mode & 0o777 == 0o700

    for mode in (0o770, 0o702):
        cache.chmod(mode)
        folder, problem = used(cache)
        assert folder == str(mine)
        assert f"{cache}: not used for compiled code, as others may write to {cache} and so have their code" in problem

    shared = tmp_path / "shared"
    (shared / "cache").mkdir(parents=True, mode=0o700)
    shared.chmod(0o777)
    folder, problem = used(shared / "cache")
    assert (folder, f"others may write to {shared} and" in problem) == (str(mine), True)
    shared.chmod(0o1777)  # as /tmp has it: nobody may rename what is another's
    assert used(shared / "cache") == (str(shared / "cache"), "")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such rights there")
def test_doctor_and_a_run_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)
    doctor = python("-m", "sim", "doctor", cache=tmp_path / "cache")
    assert "not there yet: the first run compiles it, or `python -m sim doctor --prepare`" in doctor.stdout
    assert f"warning: {tmp_path}/cache: not used for compiled code, as others may write" in doctor.stderr
    for workers in ("1", "2"):
        line = ["run", str(ROOT / "scenarios" / "small.yaml"), "--replications", "2", "--set", "end=2024-12-01"]
        options = ["--no-figures", "--workers", workers, "--out", str(tmp_path / workers)]
        ran = python("-m", "sim", *line, *options, cache=tmp_path / "cache", disable="1")
        assert ran.stderr.count("not used for compiled code") == 1
