"""What a planner reads after a search: how many it takes, how sure that is, what it costs, and what was tried."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.text.axes import axis_title
from sim.report.text.printing import REPORT, Block, Rows, aligned, saved_in
from sim.report.text.verdicts import is_share, level_words, phrase
from sim.report.text.words import capital, day_words
from sim.runs.intervals import PER_CENT, whole
from sim.scenario.source.faults import join_words, pluralise, sanitise
from sim.studies.search import Trial, needed_successes
from sim.studies.staffing import Staffing
from sim.studies.target import IN_WORDS, StaffingTarget

NOUNS = {
    "officers.total": ("officer", "officers"),
    "surge.officers": ("officer in the surge team", "officers in the surge team"),
}


def staffing_summary(staffing: Staffing, width: int) -> list[Block]:
    """The answer of a search: how many, how sure that is, and the numbers that were tried."""
    tried = aligned(tried_table(staffing), left=range(1, 2 + len(staffing.targets)), gap="   ")
    files = (REPORT, ("replications.csv", "replications.csv"), ("staffing.json", "staffing.json"))
    return [
        Block(sanitise(staffing.base.name), [f"Wanted: {wanted_words(staffing)}."]),
        Block("Answer", answer_sentences(staffing)),
        Block("", [Rows(tried, bold=1)]),
        saved_in(staffing.folder, *files),
    ]


def wanted_words(staffing: Staffing) -> str:
    """`share of visits overdue at most 5% on 31 March 2027, in at least 90% of replications (90 of 100)`"""
    found = staffing.found
    targets = join_words([target_words(target) for target in staffing.targets])
    together = {1: ",", 2: ", both together,"}.get(len(staffing.targets), ", all together,")
    share = f"{_share(staffing)} of replications ({found.needed:,} of {found.replications:,})"
    return f"{targets} on {day_words(staffing.by)}{together} in at least {share}"


def target_words(target: StaffingTarget) -> str:
    """`share of visits overdue at most 5%`"""
    bound = f"{100 * target.bound:g}{PER_CENT}" if is_share(target.metric) else f"{target.bound:,g}"
    return f"{phrase(target.metric, target.group).noun} {IN_WORDS[target.comparison]} {bound}"


def noun_of(staffing: Staffing, number: int) -> str:
    """`148 officers`, or for another key `surge.hours 148`."""
    nouns = NOUNS.get(staffing.key)
    return f"{number:,} {nouns[number != 1]}" if nouns else f"{staffing.key} {number:,}"


def answer_sentences(staffing: Staffing) -> list[str]:
    """How many, which others cannot be ruled out, what there is now, what that costs, and how sure it is."""
    found = staffing.found
    if not found.has_values:
        return _no_value_sentences(staffing)
    if found.answer is None:
        return _infeasible_sentences(staffing)
    met = "the target is met" if len(staffing.targets) == 1 else "all targets are met"
    if found.answer == 0:
        smallest = "None are needed."
    elif found.answer == found.lowest:
        fewer = f"; fewer may do: --between 1..{found.answer}" if found.lowest > 1 else ""
        smallest = f"That is the smallest number searched{fewer}."
    else:
        smallest = f"With {found.answer - 1:,}, one fewer, it is met in {_in(found.trials[found.answer - 1])}."
    sentences = [
        f"{noun_of(staffing, found.answer)}: {met} in {_in(found.trials[found.answer])}.",
        range_sentence(staffing),
        smallest,
        f"{_against_now(staffing)}.",
        *_without_value(staffing, found.answer),
        f"The share for {found.answer:,} is itself an estimate: with 95{PER_CENT} confidence it is at least "
        f"{100 * staffing.lower_confidence_bound(found.answer):.0f}{PER_CENT}.",
    ]
    if found.more_that_fail:
        more = ", ".join(f"{number:,}" for number in found.more_that_fail)
        sentences.append(f"Chance decides so near the edge: in these replications {more} would not be enough.")
    first = staffing.from_ or staffing.base.start
    which = "" if staffing.from_ else ", the first day of the scenario (a later date: --from)"
    at_once = "; new posts are filled at once" if staffing.key == "officers.total" else ""
    every = (found.highest - found.lowest + 1) * found.replications
    return [
        *sentences,
        f"The number holds from {day_words(first)}{which}{at_once}. The answer is for {day_words(staffing.by)} alone.",
        f"Found with {pluralise(found.simulated, 'replication')}; to try every number searched, {found.lowest:,} to "
        f"{found.highest:,}, would take {every:,}.",
    ]


def short_answer(staffing: Staffing) -> str:
    """The answer as a title: `34 officers needed (33 to 36 cannot be ruled out); now 30`."""
    found = staffing.found
    if not found.has_values:
        return "No replication has a value"
    if found.answer is None:
        return _even_the_highest(staffing)
    between = ""
    if found.high and found.high != found.low:
        between = f" ({found.low:,} to {found.high:,} cannot be ruled out)"
    return f"{noun_of(staffing, found.answer)} needed{between}; now {staffing.present:,}"


def range_sentence(staffing: Staffing) -> str:
    """Which numbers cannot be ruled out, and which is on the safe side."""
    found, sure = staffing.found, f"95{PER_CENT} confidence"
    assert found.low is not None, "the answer itself is not too few"
    lower = " or fewer" if found.low == found.lowest and found.lowest > 1 else ""
    if found.high is None:
        more = f"search further with --between {found.low}..{2 * found.highest}"
        if not found.can_be_sure:  # not even if all replications met it
            number = f"{pluralise(found.replications, 'replication')} cannot show {_share(staffing)}"
            more = f"{number}; ask for more with --replications"
        return f"Cannot be ruled out ({sure}): {found.low:,}{lower}, and any higher number: {more}."
    if found.low == found.high and not lower:
        return f"All other numbers are ruled out ({sure})."
    return (
        f"Range that cannot be ruled out ({sure}): {found.low:,}{lower} to {noun_of(staffing, found.high)}. "
        f"{found.high:,} is the safe choice: it meets {the_targets(staffing)} in {_in(found.trials[found.high])}."
    )


def _infeasible_sentences(staffing: Staffing) -> list[str]:
    """The nearest that can be had, which target fails, and what could be asked instead."""
    found, share = staffing.found, _share(staffing)
    nearest, now = found.trials[found.nearest], found.trials.get(staffing.present)
    met = "the target is met" if len(staffing.targets) == 1 else "all targets are met"
    sentences = [
        f"{_even_the_highest(staffing)} in {share} of replications.",
        f"Nearest: {noun_of(staffing, nearest.number)}; {met} in {_in(nearest)}.",
    ]
    for target in staffing.targets:
        by_target, valued = staffing.by_target.loc[(nearest.number, target.text)]
        bound = staffing.attainable(nearest.number, target)
        if bound is not None and by_target < needed_successes(valued, staffing.confidence):
            at_best = "at most" if target.comparison in ("<=", "<") else "at least"
            sentences.append(
                f"What fails: {target_words(target)}, met in {by_target:,} of {valued:,}. In {share} of replications "
                f"it comes to {at_best} {level_words(target.metric, bound)} with that number."
            )
    if len(sentences) == 2 and len(staffing.targets) > 1:
        sentences.append("Each target by itself is met often enough with that number, but not all in one replication.")
    if now and now.valued and now is not nearest:
        sentences.append(f"With the present number ({staffing.present:,}) it is met in {_in(now)}.")
    close = f"The number needed is above {found.highest:,} (95{PER_CENT} confidence)."
    if found.low is not None:
        number = pluralise(found.replications, "replication")
        close = f"It is close: with {number}, {found.low:,} and more cannot be ruled out."
    return [
        *sentences,
        *_without_value(staffing, nearest.number),
        close,
        "Search further with --between, relax the target, allow more time with --by, or test another change with "
        "python -m sim compare.",
    ]


def _no_value_sentences(staffing: Staffing) -> list[str]:
    nouns = join_words([phrase(target.metric, target.group).noun for target in staffing.targets])
    groups = {target.group.replace("_", " ") for target in staffing.targets if is_share(target.metric)} - {"total"}
    nobody = f", as nobody is of {join_words(sorted(groups))} risk" if groups else ""
    return [
        f"No replication has a value: the {nouns} are not known on {day_words(staffing.by)}{nobody}. The target is "
        f"neither met nor failed, with {noun_of(staffing, staffing.found.highest)} as with any other number.",
        "Ask for another metric or another group: docs/metrics.md lists them.",
    ]


def _without_value(staffing: Staffing, number: int) -> list[str]:
    sentences, of = [], len(staffing.found.trials[number].met)
    for target in staffing.targets:
        missing = of - int(staffing.by_target.loc[(number, target.text), "valued"])
        if missing:
            where = "any replication" if missing == of else f"{missing:,} of {of:,} replications"
            noun = capital(phrase(target.metric, target.group).noun)
            sentences.append(f"{noun}: no value in {where}; there the target counts neither as met nor as failed.")
    return sentences


def _share(staffing: Staffing) -> str:
    return f"{100 * staffing.confidence:g}{PER_CENT}"


def the_targets(staffing: Staffing) -> str:
    """`the target`, or `all targets`."""
    return "the target" if len(staffing.targets) == 1 else "all targets"


def _even_the_highest(staffing: Staffing) -> str:
    highest = staffing.found.highest
    return f"Even {noun_of(staffing, highest)} {'does' if highest == 1 else 'do'} not meet {the_targets(staffing)}"


def _in(trial: Trial) -> str:
    return f"{trial.successes:,} of {trial.valued:,} replications"


def _against_now(staffing: Staffing) -> str:
    more = (staffing.found.answer or 0) - staffing.present
    when = f" before {day_words(staffing.from_)}" if staffing.from_ else " now"
    if more == 0:
        return f"That is as many as there are{when}"
    now = staffing.found.trials.get(staffing.present)
    gives = f", which meets {the_targets(staffing)} in {_in(now)}" if now and now.valued else ""
    words = f"That is {abs(more):,} {'more' if more > 0 else 'fewer'} than{when} ({staffing.present:,}{gives})"
    if staffing.more_per_year is None or staffing.price is None:
        return words
    while_there = " while they are there" if staffing.key == "surge.officers" else ""
    since = f" from {day_words(staffing.from_)} on" if staffing.from_ else ""
    money = f"£{abs(staffing.more_per_year):,.0f} a year {'more' if more > 0 else 'less'}{while_there}{since}"
    return f"{words}: {money}, at £{whole(staffing.price)} each"


def tried_table(staffing: Staffing) -> list[list[str]]:
    found, several = staffing.found, len(staffing.targets) > 1
    nouns = [capital(phrase(target.metric, target.group).noun) for target in staffing.targets]
    head = [axis_title(staffing.key), "All met in" if several else "Target met in"]
    cells = [[*head, *(f"{noun}: mean, 8 in 10" for noun in nouns)]]
    for number, rows in staffing.table.groupby("number"):
        trial = found.trials[int(number)]
        early, note = len(trial.met) < found.replications, ""
        if number == staffing.present:
            note = ", now"
        elif early and trial.valued:
            note = f", then stopped: {verdict_of(staffing, int(number))}"
        cell = f"{trial.successes:,} of {trial.valued:,}{note}" if trial.valued else f"no value{note}"
        spreads = [_spread(target, rows, with_share=several and not early) for target in staffing.targets]
        cells.append([f"{number:,}", cell, *spreads])
    return cells


def verdict_of(staffing: Staffing, number: int) -> str:
    """Below the range that cannot be ruled out a number is too few, from its upper end on enough."""
    low, high = staffing.found.low, staffing.found.high
    if low is None or number < low:
        return "too few"
    return "enough" if high is not None and number >= high else "not ruled out"


def _spread(target: StaffingTarget, rows: pd.DataFrame, *, with_share: bool) -> str:
    rows = rows[rows["target"] == target.text]
    values = rows["value"][rows["value"].abs() < math.inf]
    if values.empty:
        return "–"
    mean, low, high = (level_words(target.metric, value) for value in (values.mean(), *values.quantile([0.1, 0.9])))
    met = f"; met in {int(rows['met'].sum()):,}" if with_share else ""
    return f"{mean} ({low} to {high}){met}"
