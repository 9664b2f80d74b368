"""What a planner reads after a sensitivity analysis: what the answer hangs on, and what hardly matters."""

from __future__ import annotations

import math

import pandas as pd
from rich.console import Console
from rich.text import Text

from sim.report.text.terminal import INDENT, kept_in, section, width_of
from sim.report.text.verdicts import level_words, phrase
from sim.report.text.words import PER_CENT, day_words
from sim.scenario.source.faults import join_words, sanitise
from sim.studies.sensitivity import Sensitivity

SHOWN = 15
"""Assumptions that are shown one by one; the table has them all."""


def print_sensitivity(found: Sensitivity, console: Console | None = None) -> None:
    """Print the answer of a sensitivity analysis on stdout."""
    console = console or Console(highlight=False)
    console.width = width_of(console)
    section(console, sanitise(found.base.name), [what_words(found)])
    section(console, "What the answer hangs on", hanging_sentences(found))
    console.print()
    header, *rows = effect_lines(found)
    console.print(Text(header, style="bold"), soft_wrap=True)
    console.print(Text("\n".join(rows)), soft_wrap=True)
    section(console, "Kept in", [kept_in(found.kept_in.path, ("effects.csv", "effects.csv with all assumptions"))])


def metric_words(found: Sensitivity) -> str:
    """`overdue visits on 31 August 2027`"""
    when = f"on {day_words(found.base.end)}" if found.statistic == "at_end" else "on average"
    return f"{phrase(found.metric, found.group).noun} {when}"


def what_words(found: Sensitivity) -> str:
    """What was varied, and how."""
    words = metric_words(found)
    return (
        f"{words[0].upper()}{words[1:]}: {level_words(found.metric, found.level.mean or 0)} as the scenario stands"
        f"{_of_how_many(found)}. "
        f"{len(found.effects)} assumptions were moved through their ranges, one at a time and together: "
        f"{found.points:,} points of {_replications(found)}, with the same random events.{_left_out(found)}"
    )


def _of_how_many(found: Sensitivity) -> str:
    """From how many replications the answer comes, where `run` would give it from another number."""
    wanted = found.base.replications
    if found.replications == wanted:
        return ""
    of_all = f"the first {found.replications} of {wanted:,}" if found.replications < wanted else f"{found.replications}"
    few = "replication" if found.replications == 1 else "replications"
    return f", from {of_all} {few} (run uses {wanted:,})"


def _left_out(found: Sensitivity) -> str:
    """What could not be moved, as a lever sets it anew."""
    if not found.left_out:
        return ""
    names = [f"{name} (from {since})" for name, since in found.left_out.items()]
    return f" Not moved, because a lever sets it to another value: {join_words(names)}."


def _replications(found: Sensitivity) -> str:
    return "one replication" if found.replications == 1 else f"{found.replications} replications"


def moves(row: pd.Series) -> bool:
    """Does the assumption, alone, move the answer by more than chance could?"""
    return any(
        row[f"{end}_low"] > 0 or row[f"{end}_high"] < 0
        for end in ("low_change", "high_change")
        if math.isfinite(row[f"{end}_low"])
    )


def does_nothing(row: pd.Series) -> bool:
    """Does it change not a single replication, alone or with the others?"""
    return bool(row["swing"] == 0 and row["mu_star"] == 0)


def range_words(row: pd.Series) -> str:
    """`0.5 to 0.8 (0.75)`, or of a factor `× 0.5 to × 2`."""
    if row["unit"] == "times":
        return f"× {row['low']:g} to × {row['high']:g}"
    return f"{row['low']:g} to {row['high']:g} (now {row['present']:g})"


def hanging_sentences(found: Sensitivity) -> list[str]:
    """The first assumption in a sentence, the next two by name, and how many hardly matter."""
    rows = [row for _, row in found.effects.iterrows()]
    nothing = [row for row in rows if does_nothing(row)]
    if len(nothing) == len(rows):
        return ["None of these assumptions changes anything here."]
    first = rows[0]
    sentences = [
        f"Most of all on {first['key']}: over its range, {first['low']:g} to {first['high']:g}, the answer goes from "
        f"{level_words(found.metric, first['at_low'])} to {level_words(found.metric, first['at_high'])}"
        f"{'' if moves(first) else ', no clear difference'}."
    ]
    if next_ones := [row["key"] for row in rows[1:3] if not does_nothing(row)]:
        sentences.append(f"Then on {join_words(next_ones)}.")
    told = [row for row in rows if moves(row)]
    quiet = len(rows) - len(told) - len(nothing)
    if quiet:
        whose = f"each of {quiet} of them" if quiet > 1 else "one"
        sentences.append(f"Moved alone, {whose} makes no clear difference with {_replications(found)}.")
    if nothing:
        names = [row["key"] for row in nothing]
        few = join_words(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"
        sentences.append(f"Nothing here depends on {few}.")
    if "s1" in found.effects:
        alone = found.effects["s1"].dropna().clip(lower=0).sum()
        sentences.append(
            f"Of the variance that the first {found.effects['s1'].notna().sum()} make, "
            f"{100 * min(alone, 1):.0f}{PER_CENT} is made by single ones, and the rest by several acting together."
        )
    return sentences


def effect_lines(found: Sensitivity) -> list[str]:
    """The first assumptions, a line each, the head first."""
    metric = found.metric
    cells = [["", "Assumption", "Range", "Answer at its ends", "Influence"]]
    if "s1" in found.effects:
        cells[0] += ["Alone", "In all"]
    for _, row in found.effects.head(SHOWN).iterrows():
        ends = f"{level_words(metric, row['at_low'])} to {level_words(metric, row['at_high'])}"
        ends = "no change" if does_nothing(row) else ends if moves(row) else f"{ends} ?"
        line = [str(row["rank"]), row["key"], range_words(row), ends, level_words(metric, row["mu_star"])]
        if "s1" in found.effects:
            line += [f"{100 * row[name]:.0f}{PER_CENT}" if math.isfinite(row[name]) else "" for name in ("s1", "st")]
        cells.append(line)
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = []
    for line in cells:
        start = [line[0].rjust(widths[0]), line[1].ljust(widths[1]), line[2].ljust(widths[2])]
        end = [cell.rjust(wide) for cell, wide in zip(line[3:], widths[3:], strict=True)]
        lines.append(INDENT + "  ".join([*start, *end]))
    if len(found.effects) > SHOWN:
        lines.append(f"{INDENT}… and {len(found.effects) - SHOWN} more, with less influence")
    if any(line.rstrip().find(" ?") > 0 for line in lines):
        lines.append(f"{INDENT}? no clear difference, moved alone")
    lines.append(f"{INDENT}Influence: how far the answer moves over the range, on average, while the others vary too.")
    return lines
