"""Damages files on purpose and kills runs: the same command again must give the files of an undisturbed run.

    python -m tests.damage --flips 200 --kills 60 --seed 1

Every kind of file of a run folder and of an answer's is damaged: a bit is flipped, or the file is cut short. `run`,
`compare`, `sweep` and `staff` are killed with all their processes, some of them while they sum up. Exit code 2 is right
only where the manifest's identity of a run is damaged, or the scenario that is kept beside it is all there is.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sim.runs.leases import AT_WORK

TOWN = """\
name: Smalltown
start: 2024-09-02
end: 2024-12-01
replications: 4
teams:
  - {name: North, officers: 4, offenders: 200}
caseload:
  risk_mix: {low: 0.5, medium: 0.3, high: 0.18, very_high: 0.02}
visits:
  interval_days: {low: 365, medium: 182, high: 91, very_high: 30}
  visit_hours: 1.5
assumptions:
  visits.visit_hours: {range: [1, 2], quality: red, note: "invented"}
  officers.hours_per_week: {range: [36, 41], quality: red, note: "invented"}
"""
CITY = "extends: town.yaml\nname: City\nteams:\n  - {name: North, officers: 3, offenders: 200}\n"
FILES = {"town.yaml": TOWN, "city.yaml": CITY}
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Case:
    """A command, what has to be there before, and how many replications it simulates."""

    line: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    replications: int = 0
    concerned: str = ""
    """A pattern of the files that the command reads or makes; empty for all."""

    @property
    def name(self) -> str:
        """As it would be typed."""
        return " ".join(self.line)


RUN = ("run", "city.yaml", "--events", "--out", "results/city")
SWEEP = ("sweep", "town.yaml", "--vary", "officers.total=3,4,5", "--replications", "3")
STAFF = ("staff", "town.yaml", "--target", "overdue_visits <= 40", "--between", "3..6", "--replications", "6")
SENSITIVITY = ("sensitivity", "town.yaml", "--trajectories", "2", "--replications", "2")
COMPARE = ("compare", "town.yaml", "city.yaml", "--set", "officers.total=5", "--replications", "4")
TO_KILL = (
    Case(RUN, replications=4),
    Case(COMPARE, replications=12),
    Case(SWEEP, replications=9),
    Case(STAFF, replications=12),
)
_READ = r"city/(manifest|scenario|summary|weekly|replications/|events/)"
TO_DAMAGE = (
    Case(RUN),
    Case(COMPARE),
    Case(SWEEP),
    Case(STAFF),
    Case(SENSITIVITY),
    Case(("report", "results/city", "--xlsx"), (RUN,), concerned=f"{_READ}|city/(checksums/)?(report|changes)"),
    Case(("report", "results/city", "--replication", "2"), (RUN,), concerned=f"{_READ}|city/(checksums/)?report-"),
    Case(("compare", "results/city", "results/city"), (RUN,), concerned=f"{_READ}|compare-"),
)


@dataclass
class Tally:
    """What was tried and what went wrong."""

    tried: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join(
            [f"{number:>4} {what}" for number, what in ((n, w) for w, n in sorted(self.tried.items()))]
            + [f"{number:>4} refused with exit code 2: {what}" for what, number in sorted(self.refused.items())]
            + [f"wrong: {what}" for what in self.wrong]
        )


def begin(where: Path, line: tuple[str, ...], workers: int = 1) -> int:
    """Start a command in a copy of this process, which has all at hand; return its process, which leads a group."""
    process = os.fork()
    if process:
        return process
    os.setpgid(0, 0)
    code = 70
    try:
        os.chdir(where)
        log = os.open(where / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(log, 2)
        from sim.cli import main

        code = main([*line, *(["--workers", str(workers)] if line[0] != "report" else [])])
    finally:
        os._exit(code)


def do(where: Path, line: tuple[str, ...]) -> int:
    """Do a command to its end; return its exit code."""
    return os.waitstatus_to_exitcode(os.waitpid(begin(where, line), 0)[1])


def folder(path: Path) -> Path:
    """An empty folder with the scenarios."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    for name, text in FILES.items():
        (path / name).write_text(text)
    return path


def contents(where: Path) -> dict[str, bytes]:
    """Every file of the results; of manifests all but the time."""
    results = where / "results"
    found = {file.relative_to(results).as_posix(): file.read_bytes() for file in results.rglob("*") if file.is_file()}
    for name in found:
        if name.endswith("manifest.json"):
            found[name] = json.dumps({**json.loads(found[name]), "created": ""}).encode()
    return found


def differing(found: dict[str, bytes], wanted: dict[str, bytes]) -> list[str]:
    return sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))


def kind_of(name: str) -> str:
    """What kind of file this is: without the names of runs and the numbers of replications."""
    file = Path(name)
    place = [part for part in file.parts[:-1] if part in ("replications", "events", "figures", "checksums", AT_WORK)]
    stem = "" if file.stem[:1].isdigit() or "figures" in place else file.stem
    points = ["points"] if name.startswith("points/") else []
    if points and file.suffix == ".parquet" and not place and stem not in ("summary", "weekly"):
        stem = ""
    return "/".join([*points, *place, f"{stem}{file.suffix}"])


def corrupt(file: Path, random_numbers: random.Random) -> str:
    """Flip a bit of a file or cut it short; say which."""
    before, content = file.stat().st_mtime, bytearray(file.read_bytes())
    if not content or random_numbers.random() < 0.2:
        file.write_bytes(content[: random_numbers.randrange(len(content)) if content else 0])
        os.utime(file, (before, before))
        return "cut short"
    place = random_numbers.randrange(len(content))
    content[place] ^= 1 << random_numbers.randrange(8)
    file.write_bytes(content)
    os.utime(file, (before, before))
    return f"bit flipped at {place:,}"


def damage(case: Case, flips: int, random_numbers: random.Random, scratch: Path, tally: Tally) -> None:
    """Damage files of what a command leaves, one at a time, and type the command again."""
    whole, trial = folder(scratch / "whole"), scratch / "trial"
    for line in (*case.before, case.line):
        assert do(whole, line) == 0, (whole / "log").read_text()
    wanted = contents(whole)
    kinds: dict[str, list[str]] = {}
    for name in (*wanted, *_leases(wanted)):
        if re.match(case.concerned, name):
            kinds.setdefault(kind_of(name), []).append(name)
    order = sorted(kinds)
    random_numbers.shuffle(order)
    for number in range(flips):
        kind = order[number % len(order)]
        name = random_numbers.choice(kinds[kind])
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(whole, trial)
        file = trial / "results" / name
        if AT_WORK in name:
            _leave_leases(file.parent)
        how = corrupt(file, random_numbers)
        code = do(trial, case.line)
        said = (trial / "log").read_text()
        tally.tried[f"{case.line[0]}: {kind}"] += 1
        where = f"{case.name}: {name} {how}: "
        if code == 2 and _may_refuse(case, name):
            tally.refused[f"{case.line[0]}: {kind}"] += 1
        elif code:
            tally.wrong.append(f"{where}exit code {code}: {said.strip()[-300:]}")
        elif names := differing(contents(trial), wanted):
            tally.wrong.append(f"{where}{', '.join(names)} differ")
        if "Traceback" in said or "program failed" in said:
            tally.wrong.append(f"{where}{said.strip()[-300:]}")


def _may_refuse(case: Case, name: str) -> bool:
    """Only the identity of a run, and where the run folder is all there is, what its planner wrote."""
    read_only = case.line[0] == "report" or "results/city" in case.line[1:3]
    return name.endswith("manifest.json") or (read_only and Path(name).name == "scenario.yaml")


def _leases(names: dict[str, bytes]) -> Iterator[str]:
    """Leases that a killed process may have left in the run folders."""
    for name in names:
        if name.endswith("/manifest.json"):
            for lease in (_HEARTBEAT, "0001.lease", "0000.lease"):
                yield f"{Path(name).parent.as_posix()}/{AT_WORK}/{lease}"


_MACHINE = "0123456789ab"
_HEARTBEAT = f"{_MACHINE}-7-89abcdef.heartbeat"


def _leave_leases(place: Path) -> None:
    """As a process of another machine leaves them that was killed some minutes ago."""
    place.mkdir()
    for name, text in (
        (_HEARTBEAT, ""),
        ("0001.lease", _HEARTBEAT.removesuffix(".heartbeat")),
        ("0000.lease", _HEARTBEAT.removesuffix(".heartbeat")),
    ):
        (place / name).write_text(text)
        os.utime(place / name, (time.time() - 600,) * 2)


@dataclass(frozen=True)
class Undisturbed:
    """What a command leaves that nobody kills, and how long it takes."""

    files: dict[str, bytes]
    seconds: float


def kill(
    case: Case, summing_up: bool, random_numbers: random.Random, scratch: Path, whole: Undisturbed, tally: Tally
) -> None:
    """Kill a command with all its processes, type it again, and see what there is."""
    trial = folder(scratch / "trial")
    workers = random_numbers.choice((1, 1, 2))
    process = begin(trial, case.line, workers)
    if summing_up:
        end = time.monotonic() + PATIENCE_SECONDS
        while len([*trial.rglob("replications/*.parquet")]) < case.replications and time.monotonic() < end:
            if os.waitpid(process, os.WNOHANG)[0]:
                break
            time.sleep(0.002)
        time.sleep(random_numbers.uniform(0, whole.seconds / 2))
    else:
        time.sleep(random_numbers.uniform(0, whole.seconds))
    _kill(process)
    left = len([*trial.rglob("*.part"), *trial.rglob(f"{AT_WORK}/*")])
    code = do(trial, case.line)
    what = f"{case.line[0]}: killed{' while summing up' if summing_up else ''}"
    tally.tried[what] += 1
    tally.tried["of these with something left behind by the kill"] += left > 0
    if code:
        tally.wrong.append(f"{what}: exit code {code}: {(trial / 'log').read_text().strip()[-300:]}")
    elif names := differing(contents(trial), whole.files):
        tally.wrong.append(f"{what}: {', '.join(names)} differ")


def _kill(process: int) -> None:
    for _ in range(50):  # until it has its group
        try:
            os.killpg(process, signal.SIGKILL)
            break
        except ProcessLookupError:
            time.sleep(0.01)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process, 0)


def try_all(flips: int, kills: int, seed: int, scratch: Path, say: Callable[[str], None] = print) -> Tally:
    """All of it; the same seed damages the same places."""
    from sim.model.warm_up import warm_up

    warm_up()
    random_numbers, tally = random.Random(seed), Tally()
    for number, case in enumerate(TO_DAMAGE):
        share = flips * (number + 1) // len(TO_DAMAGE) - flips * number // len(TO_DAMAGE)
        damage(case, share, random_numbers, scratch, tally)
        say(f"{case.name}: {share} damaged, {len(tally.wrong)} wrong so far")
    last_ones = kills - round(kills / 6)
    undisturbed: dict[Case, Undisturbed] = {}
    for number in range(kills):
        case = TO_KILL[number % len(TO_KILL)]
        if case not in undisturbed:
            trial, begun = folder(scratch / "trial"), time.monotonic()
            assert do(trial, case.line) == 0, (trial / "log").read_text()
            undisturbed[case] = Undisturbed(contents(trial), time.monotonic() - begun)
        kill(case, number >= last_ones, random_numbers, scratch, undisturbed[case], tally)
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description="Damage files and kill runs; the same command must make all well.")
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}: {wanted.flips} damages, {wanted.kills} kills", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        tally = try_all(wanted.flips, wanted.kills, wanted.seed, Path(scratch), lambda line: print(line, flush=True))
    print(tally)
    print(f"{len(tally.wrong)} wrong")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
