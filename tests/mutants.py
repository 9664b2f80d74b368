"""Do the tests notice a broken operator? Changes one at random in a copy of the program, many times, and counts.

`python -m tests.mutants --seed 2205` draws 50 places outside the kernel and 10 in it, breaks each alone in a copy of
the repository, and runs tests against it: outside the kernel the unit tests that name the module, eight files at most;
in the kernel, compiled anew, quick tests of the model. A mutant is killed by a failing test, or by one that does not
end.
"""

import argparse
import ast
import json
import os
import queue
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
KERNEL = ("sim/model/kernel/*.py", "sim/model/codes.py", "sim/model/records.py")
OLD_KERNEL = ("sim/model/compiled/*.py", "sim/model/codes.py", "sim/model/state.py")
OPERATORS = {
    **{ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.Eq: ("==", "!=")},
    **{ast.NotEq: ("!=", "=="), ast.In: ("in", "not in"), ast.Is: ("is", "is not"), ast.Add: ("+", "-")},
    **{ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"), ast.FloorDiv: ("//", "/"), ast.Mod: ("%", "*")},
    **{ast.And: ("and", "or"), ast.Or: ("or", "and")},
}
"""What stands for an operator, and what is put in its place."""


class Mutant(NamedTuple):
    """A place in a file, and what is written there instead."""

    path: str
    line: int
    begins: int
    ends: int
    instead: str
    was: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.was.strip()} → {self.instead.strip()}"


def _read_by_python(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that decides what the program does: no annotation, no text, no table of names."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child
                yield from _read_by_python(child)


def mutants_of(root: Path, path: Path) -> Iterator[Mutant]:
    """All changes of one operator, truth value or whole number, and of `min` and `max`."""
    source = path.read_bytes()
    starts = [0]
    for line in source.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    name = path.relative_to(root).as_posix()

    def at(line: int, column: int) -> int:
        return starts[line - 1] + column

    def between(left: ast.expr, right: ast.expr, operator: ast.AST) -> Iterator[Mutant]:
        if type(operator) in OPERATORS:
            was, instead = OPERATORS[type(operator)]
            begins = at(left.end_lineno or 0, left.end_col_offset or 0)
            gap = re.sub(rb"#.*", lambda hit: b" " * len(hit[0]), source[begins : at(right.lineno, right.col_offset)])
            place = begins + gap.index(was.encode())
            yield Mutant(name, left.end_lineno or 0, place, place + len(was), instead, was)

    def whole(node: ast.expr, instead: str) -> Mutant:
        begins, ends = at(node.lineno, node.col_offset), at(node.end_lineno or 0, node.end_col_offset or 0)
        return Mutant(name, node.lineno, begins, ends, instead, source[begins:ends].decode())

    for node in _read_by_python(ast.parse(source)):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            yield from between(node.left, node.comparators[0], node.ops[0])
        elif isinstance(node, ast.BinOp) and not isinstance(node.left, ast.JoinedStr):
            yield from between(node.left, node.right, node.op)
        elif isinstance(node, ast.BoolOp):
            yield from between(node.values[0], node.values[1], node.op)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            begins = at(node.lineno, node.col_offset)
            yield Mutant(name, node.lineno, begins, at(node.operand.lineno, node.operand.col_offset), "", "not")
        elif isinstance(node, ast.Constant) and node.value in (True, False) and isinstance(node.value, bool):
            yield whole(node, str(not node.value))
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield whole(node, f"{node.value + 1!r}")
        elif isinstance(node, ast.Name) and node.id in ("min", "max"):
            yield whole(node, "max" if node.id == "min" else "min")


def drawn(root: Path, seed: int, outside: int, inside: int) -> tuple[list[Mutant], list[Mutant]]:
    """The mutants outside the kernel and in it, drawn without putting back; where both hold, by the seed alone."""
    patterns = KERNEL if (root / "sim/model/kernel").exists() else OLD_KERNEL
    kernel = sorted({path for pattern in patterns for path in root.glob(pattern) if path.name != "__init__.py"})
    others = [
        path for path in sorted((root / "sim").rglob("*.py")) if path not in kernel and path.parent.name != "compiled"
    ]
    others = [path for path in others if path != root / "sim/model/kernel/__init__.py"]
    generator = random.Random(seed)
    every = [[mutant for path in paths for mutant in mutants_of(root, path)] for paths in (others, kernel)]
    return generator.sample(every[0], outside), generator.sample(every[1], inside)


def _copy(root: Path, into: Path) -> Path:
    """What the tests need of a repository: its files as they are, its commits for tests of git, its environment."""
    subprocess.run(
        ["git", "-c", "advice.detachedHead=false", "clone", "--quiet", "--shared", str(root), str(into)], check=True
    )
    tracked = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout.split()
    for name in tracked:
        if (root / name).exists():
            shutil.copy(root / name, into / name)
    (into / ".venv").symlink_to((root / ".venv").resolve())
    return into


def _related(copy: Path, path: str) -> list[str]:
    """The quick unit tests that import a module or its package, those with most in common first."""
    parts = Path(path).with_suffix("").parts
    module, package = ".".join(parts).removesuffix(".__init__"), ".".join(parts[:-1])
    signs = (
        rf"\b{re.escape(module)}\b",
        rf"\bfrom {re.escape(package)} import [^\n]*\b{parts[-1]}\b",
        rf"\b{parts[-1]}\b",
    )
    scores = {}
    for test in sorted((copy / "tests" / "unit").glob("test_*.py")):
        text = test.read_text(encoding="utf-8")
        score = 4 * bool(re.search(signs[0], text) or re.search(signs[1], text)) + 2 * (parts[-1] in test.stem)
        score += bool(re.search(signs[2], text)) + 0.5 * (parts[1] in test.stem) + 0.5 * (package in text)
        if score >= 1:
            scores[test.relative_to(copy).as_posix()] = score
    return sorted(scores, key=lambda test: -scores[test])[:8]


QUICK_OF_KERNEL = (
    *(
        "tests/reproducibility/test_baseline.py",
        "tests/reproducibility/test_benchmark.py",
        "tests/unit/test_model_*.py",
    ),
    *("tests/unit/test_streams.py", "tests/unit/test_draws.py"),
    *("tests/unit/test_measure_*.py", "tests/sense/test_visiting.py", "tests/sense/test_escalation.py"),
    "tests/sense/test_remedies.py",
)


def _pytest(copy: Path, tests: list[str], seconds: int) -> str:
    """How the tests end: "passed", the first that fails, or "no end" after so many seconds of processor time."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

    line = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *tests]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        line,
        **{"cwd": copy, "env": environment, "text": True, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT},
        **{"start_new_session": True, "preexec_fn": limited},
    )
    try:
        printed, _ = process.communicate(timeout=20 * seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return "no end"
    if process.returncode in (0, 5):
        return "passed"
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", printed, re.MULTILINE)
    return failed[0] if failed else "no end" if process.returncode < 0 else printed.strip().splitlines()[-1]


def _try(copy: Path, mutant: Mutant, in_kernel: bool, seconds: int) -> str:
    path = copy / mutant.path
    source = path.read_bytes()
    path.write_bytes(source[: mutant.begins] + mutant.instead.encode() + source[mutant.ends :])
    try:
        if in_kernel:
            tests = [
                test.relative_to(copy).as_posix() for pattern in QUICK_OF_KERNEL for test in sorted(copy.glob(pattern))
            ]
            return _pytest(copy, tests, seconds)
        return _pytest(copy, _related(copy, mutant.path) or ["tests/unit"], seconds)
    finally:
        path.write_bytes(source)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository to break; this one unless named")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--outside", type=int, default=50)
    parser.add_argument("--kernel", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=1800, help="of processor time, after which tests do not end")
    parser.add_argument("--jobs", type=int, default=2, help="how many mutants at once")
    parser.add_argument("--log", type=Path, help="a file for what is found, one line of JSON each; continued if there")
    parser.add_argument("--list", action="store_true", help="only list the mutants")
    chosen = parser.parse_args()
    root = chosen.root.resolve()
    outside, kernel = drawn(root, chosen.seed, chosen.outside, chosen.kernel)
    every = [*((mutant, True) for mutant in kernel), *((mutant, False) for mutant in outside)]
    if chosen.list:
        print(*(mutant for mutant, _ in every), sep="\n")
        return
    known = {}
    if chosen.log and chosen.log.exists():
        known = {row["mutant"]: row["ended"] for row in map(json.loads, chosen.log.read_text("utf-8").splitlines())}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(chosen.jobs) as pool:
        copies: queue.Queue[Path] = queue.Queue()
        for number in range(chosen.jobs):
            copies.put(_copy(root, Path(folder) / str(number) / root.name))

        def tried(mutant: Mutant, in_kernel: bool) -> bool:
            """Is it killed?"""
            ended = known.get(str(mutant))
            if ended is None:
                copy = copies.get()
                ended = _try(copy, mutant, in_kernel, chosen.seconds)
                copies.put(copy)
                if chosen.log:
                    row = {"mutant": str(mutant), "kernel": in_kernel, "ended": ended}
                    with chosen.log.open("a", encoding="utf-8") as log:
                        log.write(json.dumps(row, ensure_ascii=False) + "\n")
            print(f"{'survives' if ended == 'passed' else 'killed':8} {mutant}  {ended}", flush=True)
            return ended != "passed"

        killed = list(pool.map(lambda pair: tried(*pair), every))
    for where, among in (("in the kernel", killed[: len(kernel)]), ("outside", killed[len(kernel) :])):
        print(f"{where}: {sum(among)} of {len(among)} are killed")


if __name__ == "__main__":
    main()
