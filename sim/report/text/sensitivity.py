"""What a planner reads after a sensitivity analysis: which assumptions drive the result, and which hardly matter."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.text.axes import axis_title, axis_value
from sim.report.text.printing import INDENT, REPORT, Block, Rows, aligned, saved_in
from sim.report.text.verdicts import level_words, phrase
from sim.report.text.words import capital, day_words
from sim.runs.intervals import PER_CENT
from sim.scenario.source.faults import join_words, sanitise
from sim.studies.sensitivity import Sensitivity

INFLUENCE = "Influence: how far the result moves over the range, on average; any others that were moved vary too."
NO_EFFECT = "None of the assumptions changes the result"
SHOWN = 15
"""Assumptions that are shown one by one; the table has them all."""


def sensitivity_summary(found: Sensitivity, width: int) -> list[Block]:
    """The answer of a sensitivity analysis: what matters most, and a line for each assumption."""
    lines = aligned(effect_table(found, SHOWN), left=(1, 2))
    if len(found.effects) > SHOWN:
        lines.append(f"{INDENT}… and {len(found.effects) - SHOWN} more, with less influence")
    if any(line.rstrip().find(" ?") > 0 for line in lines):
        lines.append(f"{INDENT}? no clear difference, moved alone")
    heading = "What the assumption changes" if is_alone(found) else "What the result is most sensitive to"
    return [
        Block(sanitise(found.base.name), [what_words(found)]),
        Block(heading, ranking_sentences(found)),
        Block("", [Rows([*lines, f"{INDENT}{INFLUENCE}"], bold=1)]),
        saved_in(found.folder, REPORT, ("effects.csv", "effects.csv with all assumptions")),
    ]


def is_alone(found: Sensitivity) -> bool:
    """Was only one assumption moved, so that nothing is ranked?"""
    return len(found.effects) == 1


def metric_words(found: Sensitivity) -> str:
    """`overdue visits on 31 August 2027`"""
    when = f"on {day_words(found.base.end)}" if found.statistic == "at_end" else "on average"
    return f"{phrase(found.metric, found.group).noun} {when}"


def what_words(found: Sensitivity) -> str:
    """What was varied and how, from how many replications, and what could not be moved, as a lever sets it anew."""
    wanted, of = found.base.replications, ""
    if found.replications != wanted:
        of_all = f"the first {found.replications} of {wanted:,}" if found.replications < wanted else found.replications
        of = f", from {of_all} replications (run uses {wanted:,})".replace("first 1 of", "first of")
    names = [f"{name} (from {since})" for name, since in found.left_out.items()]
    left_out = f" Not moved, because a lever sets it to another value: {join_words(names)}." if names else ""
    moved = "One assumption was moved through its range"
    if not is_alone(found):
        moved = f"{len(found.effects)} assumptions were moved through their ranges, one at a time and together"
    return (
        f"{capital(metric_words(found))}: {level_words(found.metric, found.level.mean or 0)} as the scenario stands{of}"
        f". {moved}: {found.points:,} points of {_replications(found)}, with the same random events.{left_out}"
    )


def _replications(found: Sensitivity) -> str:
    return "one replication" if found.replications == 1 else f"{found.replications} replications"


def clearly_changes(row: pd.Series) -> bool:
    """Does the assumption, alone, change the answer by more than chance could?"""
    return any(row[f"{end}_low"] > 0 or row[f"{end}_high"] < 0 for end in ("low_change", "high_change"))


def does_nothing(row: pd.Series) -> bool:
    """Does it change not a single replication, alone or with the others?"""
    return bool(row["swing"] == 0 and row["mu_star"] == 0)


def range_words(row: pd.Series, *, now: bool = True, in_titles: bool = False) -> str:
    """`0.5 to 0.8 (now 0.75)`, `in_titles` `50 to 80% (now 75%)`; of a factor `× 0.5 to × 2`."""
    if row["unit"] == "times":
        return f"× {row['low']:g} to × {row['high']:g}"
    numbers = [row[name] for name in ("low", "high", "present")]
    low, high, present = (axis_value(row["key"], n) if in_titles else f"{n:g}" for n in numbers)
    return f"{low.removesuffix(PER_CENT)} to {high}" + (f" (now {present})" if now else "")


def ranking_sentences(found: Sensitivity, *, in_titles: bool = False) -> list[str]:
    """The most influential assumption in a sentence, the next two, and how many hardly matter; by key or by title."""
    name, rows = axis_title if in_titles else str, [row for _, row in found.effects.iterrows()]
    nothing = [name(row["key"]) for row in rows if does_nothing(row)]
    if len(nothing) == len(rows):
        return [f"{nothing[0]} does not change the result." if is_alone(found) else f"{NO_EFFECT}."]
    first, unclear = rows[0], "" if clearly_changes(rows[0]) else ", no clear difference"
    low, high = (level_words(found.metric, first[end]) for end in ("at_low", "at_high"))
    span = range_words(first, now=False, in_titles=in_titles)
    goes = f"over its range, {span}, the result goes from {low} to {high}{unclear}."
    if is_alone(found):
        return [f"{name(first['key'])}: {goes}", "Only one assumption was moved; nothing is ranked."]
    sentences = [f"Most influential: {name(first['key'])}. {capital(goes)}"]
    if next_ones := [name(row["key"]) for row in rows[1:3] if not does_nothing(row)]:
        sentences.append(f"Next: {join_words(next_ones)}.")
    if quiet := len(rows) - sum(map(clearly_changes, rows)) - len(nothing):
        make = f"{quiet} assumptions make" if quiet > 1 else "One assumption makes"
        sentences.append(f"{make} no clear difference when moved alone, with {_replications(found)}.")
    if nothing:
        few = join_words(nothing) if len(nothing) <= 4 else f"{', '.join(nothing[:3])} and {len(nothing) - 3} more"
        sentences.append(f"No effect on the result: {few}.")
    if "s1" in found.effects:
        alone = found.effects["s1"].dropna()
        sentences.append(
            f"Of the variance due to the first {len(alone)}, {100 * min(alone.clip(lower=0).sum(), 1):.0f}{PER_CENT} "
            "is due to single assumptions, the rest to several acting together."
        )
    return sentences


def effect_table(found: Sensitivity, most: int) -> list[list[str]]:
    shares = {"s1": "Alone", "st": "With others"} if "s1" in found.effects else {}
    cells = [["", "Assumption", "Range", "Result at its ends", "Influence", *shares.values()]]
    for _, row in found.effects.head(most).iterrows():
        low, high, influence = (level_words(found.metric, row[name]) for name in ("at_low", "at_high", "mu_star"))
        ends = f"{low} to {high}" if clearly_changes(row) else f"{low} to {high} ?"
        if does_nothing(row):
            ends = "no change"
        parts = [f"{100 * row[name]:.0f}{PER_CENT}" if math.isfinite(row[name]) else "" for name in shares]
        rank = "" if is_alone(found) else str(row["rank"])
        cells.append([rank, row["key"], range_words(row), ends, influence, *parts])
    return cells
