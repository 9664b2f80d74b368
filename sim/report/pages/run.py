"""The page of a run: the question, the answer, its figures, what was changed and assumed, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.report.figures.run import pictures
from sim.report.files.changes import dated_changes, read_changes
from sim.report.pages.by_team import teams_section
from sim.report.pages.page import page
from sim.report.pages.parts import Drawing, Key, Report, Section, Table
from sim.report.pages.pictures import drawing
from sim.report.text.assumptions import Assumed, assumption_log, not_logged
from sim.report.text.findings import answer, how_sure
from sim.report.text.terminal import coverage_sentences, recovery_sentence, workload_sentences
from sim.report.text.words import RISK_WORDS, day_words, pluralise, span_words, with_interval
from sim.runs.folder import RunFolder
from sim.runs.provenance import relative_path
from sim.runs.result import RunResult
from sim.scenario import Scenario
from sim.scenario.source.faults import join_words
from sim.scenario.summary import scenario_warnings

PAGE = "report.html"

LIMITS = (
    "This is a simulation, not a record. Nobody in it exists: it says nothing about any offender or any officer, and "
    "it must not be used to judge a person, a team or a force.",
    "Trust a difference between two scenarios more than a level. The brackets show the effect of chance; with other "
    "assumptions the answer may move much further. What is overdue counts attention, not harm: nothing here estimates "
    "reoffending.",
)


MOST_NAMED = 5
"""So many keys without an entry in the list of assumptions are named; more are counted."""


def save_page(result: RunResult) -> Path:
    """Write the page of a run into its folder."""
    return RunFolder(result.folder).write(PAGE, page(report_of(result)).encode())


def report_of(result: RunResult) -> Report:
    """The page of a run, from what its folder keeps."""
    scenario = result.scenario
    main, *others = [drawing(picture) for picture in pictures(result)]
    answered, headline, sections = answer(result), backlog_table(result), list(_sections(result, others))
    shown = [sentence for _, sentence in answered]
    shown += [sentence for section in sections for sentence in section.sentences]
    shown += [str(cell) for row in headline.rows for cell in row]
    return Report(
        title=scenario.name,
        lead=f"{period_words(scenario)}. {pluralise(result.replications, 'replication').capitalize()}.",
        question=scenario.about or default_question(scenario),
        answer=answered,
        sure=how_sure(result.replications, " ".join(shown)),
        headline=headline,
        sections=sections,
        facts=facts(result.folder, scenario),
        made=MADE,
        main=main,
    )


MADE = "Made by caseload-simulator. A simulation for planning workload and coverage; it scores and names nobody."


def period_words(scenario: Scenario) -> str:
    """`2 September 2024 to 31 August 2027, three years`"""
    return f"{day_words(scenario.start)} to {day_words(scenario.end)}, {span_words(scenario.horizon_days)}"


def default_question(scenario: Scenario) -> str:
    """What is asked of a scenario that does not say."""
    return (
        f"How big will the backlog be on {day_words(scenario.end)}, which risk will it hold, and how old will its "
        "oldest item be?"
    )


def backlog_table(result: RunResult) -> Table:
    """The backlog at the end by recorded risk, gravest first."""
    columns = {
        "overdue_visits": "Overdue visits",
        "overdue_reviews": "Overdue reviews",
        "oldest_overdue_visit_days": "Oldest visit, days late",
        "longest_unseen_days": "Longest unseen, days",
    }
    groups = {**dict(reversed(RISK_WORDS.items())), "total": "All levels"}
    return Table(
        f"The backlog on {day_words(result.scenario.end)} by recorded risk",
        ("Risk", *columns.values()),
        [
            (words, *(with_interval(result.value(metric, group)) for metric in columns))
            for group, words in groups.items()
        ],
    )


# --- sections -------------------------------------------------------------------------------------------------


def _sections(result: RunResult, drawings: Sequence[Drawing]) -> Iterator[Section]:
    yield Section("figures", "What happens, week by week", drawings=drawings)
    if teams := teams_section(result):
        yield teams
    yield Section(
        "coverage",
        "Coverage, workload, recovery",
        [*coverage_sentences(result), *workload_sentences(result), recovery_sentence(result)],
    )
    changed = changes_section(result.folder, result.scenario)
    if changed:
        yield changed
    yield assumptions_section(result.scenario)
    yield Section("limits", "What this cannot tell", [*LIMITS, *_cautions(result.scenario)])


def _cautions(scenario: Scenario) -> list[str]:
    return [f"The scenario has what is allowed but hardly meant: {warning}." for warning in scenario_warnings(scenario)]


def changes_section(folder: Path, scenario: Scenario) -> Section | None:
    """What differs from the scenario this one is built on, and what its levers change; nothing if nothing does."""
    from_base, dated = read_changes(folder), dated_changes(scenario)
    tables, sentences = [], []
    plan = from_base.plan if from_base else None
    if plan and plan.changes:
        sentences.append(f"Built on {plan.base}. All else is as there, and so are the random events.")
        rows = [(Key(change.title, change.key), change.was, change.now) for change in plan.changes]
        tables.append(Table("Changed settings", ("What it is", f"In {plan.base}", "Here"), rows, words=True))
    elif plan:
        sentences.append(f"Built on {plan.base}, with the same settings.")
    elif from_base:
        sentences.append(f"Its file begins from that of another force or period, {from_base.base}.")
    if dated:
        levers = [(Key(change.title, change.key), change.since, change.value) for change in dated]
        header = ("What it is", "From", "New value")
        tables.append(Table("Levers: what changes on a date", header, levers, words=True))
        sentences.append("Before the date of a lever nothing differs from a run without it.")
    return Section("changed", "What was changed", sentences, tables) if sentences else None


def assumptions_section(scenario: Scenario) -> Section:
    """The assumptions on which the answer depends and for which there is no good evidence."""
    log = assumption_log(scenario)
    matter = [entry for entry in log if entry.matters]
    most, some = ([entry for entry in matter if entry.impact == grade] for grade in ("red", "amber"))
    tables = []
    if most:
        tables.append(_assumption_table("The answer depends on these a lot", most))
    if some:
        tables.append(_assumption_table("The answer depends on these to some degree", some, folded=True))
    if ungraded := [entry for entry in log if entry.ungraded]:
        caption = "Guesses and indirect evidence, of which the scenario does not say how much depends on them"
        tables.append(_assumption_table(caption, ungraded, folded=bool(most)))
    return Section("assumptions", "Assumptions that matter", _log_sentences(scenario, log, matter, ungraded), tables)


def _log_sentences(
    scenario: Scenario, log: Sequence[Assumed], matter: Sequence[Assumed], ungraded: Sequence[Assumed]
) -> list[str]:
    """How much of the answer rests on guesses."""
    if not log:
        return ["The scenario says of no value where it comes from: nobody can judge how sure the answer is."]
    unsourced = sum(not entry.source for entry in log)
    sentences = [
        f"The scenario lists {pluralise(len(log), 'assumption')}, {unsourced:,} of them without a published source. "
        f"For {len(matter):,} of them the evidence is indirect (amber) or a guess (red) and the answer depends on them."
    ]
    if ungraded:
        sentences.append(
            f"Of {len(ungraded):,} more with no better evidence the scenario does not say how much the answer depends "
            "on them; the command sensitivity finds out."
        )
    silent = not_logged(scenario)
    if silent:
        named = join_words(silent) if len(silent) <= MOST_NAMED else f"{len(silent):,} values of the scenario"
        sentences.append(f"Of {named} the list says nothing.")
    return sentences


def _assumption_table(caption: str, entries: Sequence[Assumed], *, folded: bool = False) -> Table:
    header = ("What it is", "Value", "Plausible range", "Evidence", "Source and note")
    rows = [
        (
            Key(entry.title, entry.key),
            entry.value,
            entry.range or "not given",
            entry.quality,
            "; ".join(filter(None, [entry.source, entry.date, entry.note])),
        )
        for entry in entries
    ]
    return Table(
        caption, header, rows, words=True, folded=f"{len(entries):,} more: {caption.lower()}" if folded else ""
    )


# --- how it was made ------------------------------------------------------------------------------------------


def facts(folder: Path, scenario: Scenario) -> list[tuple[str, str]]:
    """What another needs to make the same numbers again."""
    manifest: dict[str, Any] = RunFolder(folder).manifest() or {}
    versions = ", ".join(f"{name} {number}" for name, number in manifest.get("versions", {}).items())
    failed = manifest.get("failed") or []
    known = [
        ("The line that repeats it", manifest.get("command", "")),
        ("Seed", str(manifest.get("seed", scenario.seed))),
        ("Histories", f"{manifest.get('finished', 0):,} finished" + (f", {len(failed):,} failed" if failed else "")),
        ("Version of the model", manifest.get("code_version", "")),
        ("Hash of the scenario", manifest.get("scenario_hash", "")),
        ("Made with", "; ".join(filter(None, [versions, manifest.get("platform", "")]))),
        ("Kept in", relative_path(folder).name),
    ]
    if scenario.caseload.file:
        known.append(("Not kept", f"{scenario.caseload.file}, without which nobody can run this again"))
    return [(name, value) for name, value in known if value]
