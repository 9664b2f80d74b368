"""How far an assumption moved the answer in the sensitivity analyses that are kept: what `explain` shows beside it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from sim.runs.prepare import RESULTS
from sim.runs.provenance import relative_path, run_key
from sim.scenario import Scenario
from sim.scenario.paths import touches
from sim.studies.answer import AnswerFolder


def saved_effects(scenario: Scenario, results: Path = RESULTS) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """What was asked and the effects, for each analysis of this very scenario; of another version of the program too.

    See `sim.studies.sensitivity.Sensitivity` for the columns. What was asked has `metric`, `folder`, `warning`.
    """
    key = run_key(scenario.content_hash, scenario.seed)
    for file in sorted(results.glob("sensitivity-*/effects.csv")):
        try:
            folder = AnswerFolder(file.parent)
            asked, effects = folder.read_answer(), io.BytesIO(folder.read(file.name) or b"")
            if asked["scenario_hash"] == key.scenario_hash:
                same = asked["code_version"] == key.code_version
                asked["warning"] = "" if same else ", by another version of the program"
                yield {**asked, "folder": str(relative_path(file.parent))}, pd.read_csv(effects)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # damaged, or not ours


def influence_lines(scenario: Scenario, name: str, results: Path = RESULTS) -> list[str]:
    """A line for each analysis and each assumption that is the key, a part of it, or has it as a part."""
    lines = []
    for asked, effects in saved_effects(scenario, results):
        for _, row in effects.iterrows():
            if not touches(row["key"], name):
                continue
            low, high = (f"{end:,.0f}" if abs(end) >= 10 else f"{end:.3g}" for end in row[["at_low", "at_high"]])
            changed = "no effect" if row["swing"] == row["mu_star"] == 0 else f"{low} to {high}"
            ends = f"over {row['low']:g} to {row['high']:g}{' times' if row['unit'] == 'times' else ''}"
            place = f"no. {row['rank']} of {len(effects)} assumptions" if len(effects) > 1 else "moved alone"
            words = f"{row['key']} on {asked['metric']}: {changed} {ends}, {place}; {asked['folder']}"
            lines.append(f"  {'influence':<9} {words}{asked['warning']}")
    return lines
