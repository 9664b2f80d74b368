"""What a planner reads after a search: how many it takes, how sure that is, what it costs, and what was tried."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.text import Text

from sim.experiment.staff import Staffing
from sim.experiment.target import IN_WORDS
from sim.report.terminal import INDENT, kept_in, section, width_of
from sim.report.verdicts import is_share, level_words, phrase
from sim.report.words import PER_CENT, day_words, whole
from sim.scenario.faults import printable

NOUNS = {"officers.total": "officers", "surge.officers": "officers in the surge team"}


def print_staffing(staffing: Staffing, console: Console | None = None) -> None:
    """Print the answer of a search on stdout."""
    console = console or Console(highlight=False)
    console.width = width_of(console)
    section(console, printable(staffing.base.name), [f"Wanted: {target_words(staffing)}."])
    section(console, "Answer", answer_sentences(staffing))
    console.print()
    header, *rows = tried_lines(staffing)
    console.print(Text(header, style="bold"), soft_wrap=True)
    console.print(Text("\n".join(rows)), soft_wrap=True)
    files = ("histories.csv", "histories.csv"), ("staffing.json", "staffing.json")
    section(console, "Kept in", [kept_in(staffing.kept_in.path, *files)])


def target_words(staffing: Staffing) -> str:
    """`share of visits overdue at most 5 % on 31 March 2027, in at least 90 % of histories (27 of 30)`"""
    target, found = staffing.target, staffing.found
    noun = phrase(target.metric, target.group).noun
    bound = f"{100 * target.bound:g}{PER_CENT}" if is_share(target.metric) else f"{target.bound:,g}"
    return (
        f"{noun} {IN_WORDS[target.comparison]} {bound} on {day_words(staffing.by)}, in at least "
        f"{100 * staffing.confidence:g}{PER_CENT} of histories ({found.needed:,} of {found.replications:,})"
    )


def noun_of(staffing: Staffing, number: int) -> str:
    """`148 officers`, or for another key `surge.hours 148`."""
    noun = NOUNS.get(staffing.key)
    return f"{number:,} {noun}" if noun else f"{staffing.key} {number:,}"


def answer_sentences(staffing: Staffing) -> list[str]:
    """How many, against how many there are now, what that costs, how sure it is, and what would be too few."""
    found = staffing.found
    if found.answer is None:
        trial = found.trials[found.highest]
        return [
            f"It cannot be met with up to {noun_of(staffing, found.highest)}: with that many the target is met in "
            f"{trial.successes} of {len(trial.met)} histories tried, and {found.needed} of {found.replications} are "
            "wanted.",
            "Search further with --between, ask for less, give it more time with --by, or change something else: "
            "python -m sim compare shows what.",
        ]
    trial = found.trials[found.answer]
    sentences = [f"{noun_of(staffing, found.answer)}: the target is met in {_in(len(trial.met), trial.successes)}."]
    if found.answer == 0:
        sentences.append("None are needed.")
    elif found.answer == found.lowest:
        sentences.append(f"That is the least that was tried; fewer may do: --between 1..{found.answer}.")
    else:
        below = found.trials[found.answer - 1]
        sentences.append(f"One fewer is not enough: it is met in {_in(len(below.met), below.successes)}.")
    sentences.append(f"{_against_now(staffing)}.")
    sentences.append(
        f"With {found.replications:,} histories, 95{PER_CENT} confidence is that it is met in at least "
        f"{100 * staffing.surely(found.answer):.0f}{PER_CENT} of all that may come; more --replications raise that."
    )
    if found.more_that_fail:
        more = ", ".join(f"{number:,}" for number in found.more_that_fail)
        sentences.append(
            f"Beware: {more} would not be enough in these histories, although more than the answer. So near the edge "
            "luck decides; allow for one or two more, or ask again with more --replications."
        )
    every = (found.highest - found.lowest + 1) * found.replications
    sentences.append(f"Found with {found.simulated:,} histories; to try every number would take {every:,}.")
    return sentences


def _in(histories: int, met: int) -> str:
    return f"{met:,} of {histories:,} histories"


def _against_now(staffing: Staffing) -> str:
    more = (staffing.found.answer or 0) - staffing.present
    if more == 0:
        return "That is as many as there are now"
    words = f"That is {abs(more):,} {'more' if more > 0 else 'fewer'} than now ({staffing.present:,})"
    if staffing.more_per_year is None or staffing.price is None:
        return words
    while_there = " while they are there" if staffing.key == "surge.officers" else ""
    money = f"£{abs(staffing.more_per_year):,.0f} a year {'more' if more > 0 else 'less'}{while_there}"
    return f"{words}: {money}, at £{whole(staffing.price)} each"


def tried_lines(staffing: Staffing) -> list[str]:
    """What was tried, as lines with the head first."""
    target, lines = staffing.target, []
    noun = phrase(target.metric, target.group).noun
    cells = [[staffing.key, "Target met in", f"{noun[0].upper()}{noun[1:]}: mean, 8 in 10"]]
    for number, rows in staffing.histories.groupby("number"):
        trial = staffing.found.trials[int(number)]
        stopped = "" if len(trial.met) == staffing.found.replications else ", then certain"
        cells.append([f"{number:,}", f"{_in(len(trial.met), trial.successes)}{stopped}", _spread(target.metric, rows)])
    widths = [max(len(line[column]) for line in cells) for column in range(3)]
    for line in cells:
        lines.append(f"{INDENT}{line[0].rjust(widths[0])}   {line[1].ljust(widths[1])}   {line[2]}".rstrip())
    return lines


def _spread(metric: str, rows: pd.DataFrame) -> str:
    values = rows["value"].dropna()
    if values.empty:
        return "–"
    low, high = values.quantile([0.1, 0.9])
    return f"{level_words(metric, values.mean())} ({level_words(metric, low)} to {level_words(metric, high)})"
