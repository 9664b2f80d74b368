"""The layers of a scenario: the file, what it extends, and the settings of the command line, laid together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from sim.scenario.caseload_file.scenario_part import beside
from sim.scenario.keys import scenario_keys
from sim.scenario.settings import unheeded, with_setting
from sim.scenario.source.faults import Fault, Place, ScenarioError, sanitise, shown
from sim.scenario.source.files import read_file
from sim.scenario.source.located import Located
from sim.scenario.source.merging import merged


def layered(path: str | Path, settings: Sequence[str] = ()) -> tuple[Located, list[Fault]]:
    """A scenario file laid over what it extends, with the settings on top, and the faults met so far.

    Raises ScenarioError if a file breaks off, since nothing sensible could then be said of the whole.
    """
    files, faults = _chain(Path(path))
    scenario = reduce(lambda base, over: merged(base, over, scenario_keys()), reversed(files))
    for setting in settings:
        scenario, found = with_setting(scenario, setting)
        faults += found
    return scenario, [*faults, *unheeded(scenario, settings)]


def _chain(path: Path) -> tuple[list[Located], list[Fault]]:
    """The file and those it extends, the nearest first."""
    files: list[Located] = []
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    asked_at: Place | None = None
    while True:
        identity = os.path.realpath(path)
        name = sanitise(str(path))
        if identity in seen and asked_at:
            circle = " → ".join([*seen.values(), name])
            raise ScenarioError([*faults, Fault(asked_at, f"extends: goes round in a circle: {circle}")])
        seen[identity] = name
        try:
            content, found = read_file(path, asked_at)
        except ScenarioError as error:
            raise ScenarioError([*faults, *error.faults]) from None
        faults += found
        kept = dict(content.children)
        extends = kept.pop("extends", None)
        files.append(beside(Located(kept, content.place), path))
        if extends is None:
            return files, faults
        asked_at = extends.place
        if not isinstance(extends.value, str):
            message = f"extends: {shown(extends.plain())} is not the name of a file; write `extends: other.yaml`"
            raise ScenarioError([*faults, Fault(asked_at, message)])
        path = Path(os.path.normpath(path.parent / extends.value))
