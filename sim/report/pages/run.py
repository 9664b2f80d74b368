"""The page of a run: the question, the answer, its figures, the changes and assumptions, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.figures.run import pictures
from sim.report.pages.by_team import teams_section
from sim.report.pages.page import Key, Report, Section, Table
from sim.report.pages.pictures import drawing
from sim.report.text.assumptions import Assumed, assumption_log, not_logged
from sim.report.text.changes import DatedChange, FromBase, changes_in_words, dated_changes
from sim.report.text.findings import answer, coverage_sentences, how_sure, recovery_sentence, workload_sentences
from sim.report.text.framing import LIMITS, MADE, facts, period_words, question
from sim.report.text.words import RISK_WORDS, UNSEEN_TOO, day_words, pluralise
from sim.runs.result import RunResult
from sim.scenario import Scenario
from sim.scenario.settings import typed_in
from sim.scenario.source.faults import join_words
from sim.scenario.summary import scenario_warnings

MOST_NAMED = 5
"""Of more keys without an entry in the list of assumptions, only the number is given."""


def run_report(result: RunResult) -> Report:
    scenario, end = result.scenario, day_words(result.scenario.end)
    closing, headline, answered = closing_sections(scenario), backlog_table(result), answer(result)
    found = [*coverage_sentences(result), *workload_sentences(result), recovery_sentence(result)]
    main, *others = [drawing(picture) for picture in pictures(result)]
    sections = [
        Section("figures", "What happens, week by week", drawings=others),
        teams_section(result.teams, end),
        Section("coverage", "Coverage, workload, recovery", found),
        changes_section(changes_in_words(result.changes), dated_changes(scenario.levers)),
        *closing,
    ]
    shown = [sentence for _, sentence in answered]
    shown += [sentence for section in filter(None, sections) for sentence in section.sentences]
    shown += [str(cell) for row in headline.rows for cell in row]
    period = period_words(scenario.start, scenario.end) + typed_in(result.facts.get("command", ""))
    return Report(
        title=scenario.name,
        lead=f"{period}. {pluralise(result.replications, 'replication').capitalize()}.",
        question=question(scenario.about, scenario.end),
        answer=answered,
        sure=how_sure(result.replications, " ".join(shown)),
        headline=headline,
        sections=list(filter(None, sections)),
        facts=facts(result.facts, result.folder, result.scenario.caseload.file),
        made=MADE,
        main=main,
    )


def backlog_table(result: RunResult) -> Table:
    """The backlog at the end by recorded risk, gravest first."""
    groups = {**dict(reversed(RISK_WORDS.items())), "total": "All levels"}
    rows = [
        (words, *(result.value(metric, group).in_words() for metric in UNSEEN_TOO)) for group, words in groups.items()
    ]
    caption = f"The backlog on {day_words(result.scenario.end)} by recorded risk"
    return Table(caption, ("Risk", *UNSEEN_TOO.values()), rows)


def changes_section(from_base: FromBase | None, dated: Sequence[DatedChange]) -> Section | None:
    """What differs from the scenario this one is built on, and what its levers change; nothing if nothing does."""
    tables, sentences = [], []
    plan = from_base.plan if from_base else None
    if plan and plan.changes:
        sentences.append(f"Built on {plan.base}. Everything else is unchanged, including the random events.")
        rows = [(Key(change.title, change.key), change.was, change.now) for change in plan.changes]
        tables.append(Table("Changed settings", ("What it is", f"In {plan.base}", "Here"), rows, words=True))
    elif plan:
        sentences.append(f"Built on {plan.base}, with the same settings.")
    elif from_base:
        sentences.append(f"Its file extends that of another force or period, {from_base.base}.")
    if dated:
        levers = [(Key(change.title, change.key), change.since, change.value) for change in dated]
        header = ("What it is", "From", "New value")
        tables.append(Table("Levers: what changes on a date", header, levers, words=True))
        sentences.append("A lever changes nothing before its date.")
    return Section("changed", "What was changed", sentences, tables) if sentences else None


def closing_sections(base: Scenario) -> list[Section]:
    """What every page of an answer ends with: the assumptions that matter, warnings about the scenario, limits."""
    warnings = [f"{warning}." for warning in scenario_warnings(base)]
    found = [Section("warnings", "Warnings about the scenario", warnings)] if warnings else []
    return [assumptions_section(base), *found, Section("limits", "Limits", LIMITS)]


def assumptions_section(scenario: Scenario) -> Section:
    """The assumptions on which the answer depends and for which there is no good evidence."""
    log, silent, heading = assumption_log(scenario), not_logged(scenario), "Assumptions that matter"
    if not log:
        none = "The scenario gives no source for any value, so nobody can judge how reliable the answer is."
        return Section("assumptions", heading, [none])
    critical = [entry for entry in log if entry.is_critical]
    unsourced = sum(not entry.source for entry in log)
    sentences = [
        f"The scenario lists {pluralise(len(log), 'assumption')}; without a published source: {unsourced:,}; with "
        f"indirect evidence (amber) or a guess (red), although the answer depends on it: {len(critical):,}."
    ]
    tables = []
    if most := [entry for entry in critical if entry.impact == "red"]:
        tables.append(_assumption_table("The answer depends on these a lot", most))
    if some := [entry for entry in critical if entry.impact == "amber"]:
        tables.append(_assumption_table("The answer depends on these to some degree", some, folded=True))
    if ungraded := [entry for entry in log if entry.ungraded]:
        caption = "Guesses and indirect evidence, of which the scenario does not say how much depends on them"
        tables.append(_assumption_table(caption, ungraded, folded=bool(most)))
        sentences.append(
            f"With no better evidence and without a grade of how much the answer depends on them: {len(ungraded):,}; "
            "the command sensitivity finds out."
        )
    if silent:
        named = join_words(silent) if len(silent) <= MOST_NAMED else f"{len(silent):,} values of the scenario"
        sentences.append(f"The list does not cover {named}.")
    return Section("assumptions", heading, sentences, tables)


def _assumption_table(caption: str, entries: Sequence[Assumed], *, folded: bool = False) -> Table:
    header = ("What it is", "Value", "Plausible range", "Evidence", "Source and note")
    rows = []
    for entry in entries:
        source = "; ".join(filter(None, [entry.source, entry.date, entry.note]))
        rows.append((Key(entry.title, entry.key), entry.value, entry.range or "not given", entry.quality, source))
    fold = f"{len(entries):,} more: {caption.lower()}" if folded else ""
    return Table(caption, header, rows, words=True, folded=fold)
