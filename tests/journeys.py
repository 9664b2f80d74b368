"""How far a scenario travels through the program: the modules it enters, and the returns to one it had left.

`python -m tests.journeys` prints both journeys of the program in the current folder, stop by stop:

- *run*: from `run_scenario` to the printed answer;
- *page*: from the result to `report.html`.

One real call is traced, of a tiny force in this process. The definition:

- A call counts if it is handed the scenario, or what has become of it, as an argument. A method asked of such an object
  hands nothing over, and does not count for that alone.
- What has become of it: an object of a class of `sim` that holds the scenario within two steps, or that came back from
  a call to which it was handed or of which it was asked; and a list of such objects.
- Each function counts once: who goes the same way again travels no further.
- Calls one after the other in one module are one stop. `sim.model` and `sim.measure` are one module each: what happens
  inside the simulation is the model's affair, and is not a journey through the program.
- A return is a stop in a module that had been left.

The walk of one parameter through the calls of the earlier program (by its source, without running it) gave 16 modules
with 17 returns for *run* and 19 with 25 for *page*; this definition gives 21 with 17 and 17 with 16 there. Wanted are
at most 10 modules with at most 4 returns on both.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import chdir, suppress
from pathlib import Path
from types import FrameType
from typing import Any

SCENARIO = """\
name: Smalltown
start: 2024-09-02
end: 2024-10-13
replications: 2
seed: 7
teams:
  - {name: North, officers: 4, offenders: 200}
caseload:
  risk_mix: {low: 0.5, medium: 0.3, high: 0.18, very_high: 0.02}
visits:
  interval_days: {low: 365, medium: 182, high: 91, very_high: 30}
  visit_hours: 1
"""
ONE_STOP = ("model", "measure")
"""Packages that count as one module."""

ENDS = {
    "load": ("sim.runs.load:load", "sim.experiment.load:load"),
    "run": ("sim.runs.run:run_scenario", "sim.experiment.run:run_scenario"),
    "print": ("sim.report.answers:print_answer", "sim.report.terminal:print_headline"),
    "page": ("sim.report.pages.run:run_report", "sim.report.page_of_run:keep_page"),
}
"""The functions at the ends of a journey (`module:function`), in this program and in the earlier one."""


class Journey:
    """The stops of a scenario: `(module, function)` for each, in order."""

    def __init__(self, root: Path, kinds: tuple[type, ...]) -> None:
        self._root, self._kinds = f"{root}{os.sep}", kinds
        self._came_back: dict[int, object] = {}  # by identity; held, so that no other object gets the same
        self._open: list[FrameType] = []
        self._passed: set[object] = set()
        self.stops: list[tuple[str, str]] = []

    @property
    def modules(self) -> int:
        """How many modules it enters."""
        return len({module for module, _ in self.stops})

    @property
    def returns(self) -> int:
        """How often it comes back to a module that it had left."""
        return len(self.stops) - self.modules

    def __str__(self) -> str:
        stops = "\n".join(f"  {module:34} {function}" for module, function in self.stops)
        return f"{self.modules} modules, {self.returns} returns\n{stops}"

    def follow(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function and note the stops; return what it returns."""
        sys.setprofile(self._see)
        try:
            return call(*arguments)
        finally:
            sys.setprofile(None)

    def _see(self, frame: FrameType, event: str, result: object) -> None:
        code = frame.f_code
        if event == "return" and self._open and self._open[-1] is frame:
            self._open.pop()
            made = frame.f_locals["self"] if code.co_name == "__init__" else result
            if not code.co_flags & 0x20:  # of a generator it is no object that comes back
                self._note(made)
        if event != "call" or not code.co_filename.startswith(f"{self._root}sim{os.sep}") or frame.f_back is None:
            return
        number = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
        names = [name for name in code.co_varnames[:number] if name in frame.f_locals]
        travels = [name for name in names if self._travels(frame.f_locals[name])]
        if travels:
            self._open.append(frame)
        called_here = frame.f_back.f_code.co_filename
        by_program = called_here.startswith(f"{self._root}sim{os.sep}") or called_here == __file__
        if {*travels} - {"self", "cls"} and by_program and code not in self._passed:
            self._passed.add(code)
            parts = Path(code.co_filename).relative_to(self._root).with_suffix("").parts[1:]
            module = parts[0] if parts[0] in ONE_STOP else "/".join(parts)
            if not self.stops or self.stops[-1][0] != module:
                self.stops.append((module, code.co_qualname))

    def _note(self, made: object) -> None:
        if isinstance(made, list | tuple) and not _of_sim(made):
            for item in made:
                self._note(item)
        elif _of_sim(made):
            self._came_back[id(made)] = made

    def _travels(self, value: object, depth: int = 2) -> bool:
        if id(value) in self._came_back or isinstance(value, self._kinds):
            return True
        if not _of_sim(value):
            return depth == 2 and isinstance(value, list | tuple) and any(self._travels(item, 1) for item in value[:2])
        held = vars(value).values() if depth and hasattr(value, "__dict__") else ()
        return any((_of_sim(item) or id(item) in self._came_back) and self._travels(item, depth - 1) for item in held)


def _of_sim(value: object) -> bool:
    return type(value).__module__.startswith("sim.")


def _function(end: str) -> Callable[..., Any]:
    for place in ENDS[end]:
        module, name = place.split(":")
        with suppress(ModuleNotFoundError):
            return getattr(importlib.import_module(module), name)
    raise LookupError(f"none is there: {', '.join(ENDS[end])}")


def journeys(root: Path) -> dict[str, Journey]:
    """Both journeys through the program that can be imported from a folder."""
    from rich.console import Console

    load, run, show, save = map(_function, ENDS)
    for module in ("sim.model", "sim.measure"):
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder, chdir(folder), Path(os.devnull).open("w") as nowhere:
        Path("small.yaml").write_text(SCENARIO)
        run("small.yaml", workers=1, out="warm")
        scenario = load("small.yaml")
        to_print, to_page = (Journey(root, (type(scenario), type(scenario.scenario))) for _ in range(2))
        result = to_print.follow(lambda: run(scenario, workers=1, out="run"))
        to_print.follow(lambda: show(result, Console(file=nowhere)))
        to_page.follow(lambda: save(result))
    return {"run": to_print, "page": to_page}


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    for name, journey in journeys(Path.cwd()).items():
        print(f"{name}: {journey}")
