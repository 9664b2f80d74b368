"""Study documents: what a reviewer, an auditor and an inspector ask for, filled in from the run.

What only people can know is left as a named gap, and every gap is listed on the first page. They are Markdown: plain
text that anybody can edit, that shows what was changed since, and that Word and browsers open through any converter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.measure.metrics import METRICS
from sim.report.text.assumptions import Assumed, assumption_log, not_logged, title_of, unit_of, value_words, with_unit
from sim.report.text.changes import FromBase, changes_in_words, dated_changes
from sim.report.text.findings import answer, coverage_sentences, how_sure, recovery_sentence, workload_sentences
from sim.report.text.framing import facts, period_words, question
from sim.report.text.words import RISK_WORDS, UNSEEN_TOO, day_words, span_words
from sim.runs.disk import write_whole
from sim.runs.errors import FolderError
from sim.runs.intervals import PER_CENT, Interval, percent, tenths, whole
from sim.runs.leases import new_owner
from sim.runs.provenance import code_version, relative_path
from sim.runs.result import RunResult
from sim.scenario import Scenario
from sim.scenario.balance import DAYS_PER_YEAR
from sim.scenario.domain import KINDS
from sim.scenario.paths import plain_value_at
from sim.scenario.schema import scenario_keys
from sim.scenario.source.faults import join_words, sanitise
from sim.scenario.summary import scenario_warnings
from sim.scenario.values import NEVER

DOCUMENTS = {
    "README.md": "What is here, and what is still to be filled in",
    "stress-des.md": "STRESS-DES: how the model, its data and its runs are reported",
    "assumption-log.md": "The assumption log, with quality and impact",
    "quality-assurance-log.md": "The quality-assurance log, with what the tests showed",
    "force-management-statement.md": "The four steps of a force management statement",
}
"""Every document with its title; the first lists the gaps of the others."""

WORK = {kind.title: (*kind.hours, *filter(None, [kind.crew])) for kind in KINDS}
WORK |= {
    "Failed attempt": ("visits.travel_hours", "visits.failed_attempt_hours", "visits.crew"),
    "Desk review": ("reviews.desk_review.hours",),
}
"""What officers do, and the keys that say how long it takes and how many go."""

ENTRY_AND_EXIT = (
    "register.new_per_year",
    "register.periods",
    "register.deaths_and_moves_per_year",
    "register.recalls_per_year",
    "register.moves_between_teams_per_year",
    "missing.leave_home_per_year",
)

DEMAND = {
    "visit_attempts": "Visits attempted",
    "visits_completed": "Visits at which the offender was seen",
    "reviews_completed": "Reviews finished",
    "enquiries_completed": "Breach enquiries finished",
    "reports_received": "Reports about offenders",
    "breaches_found": "Breaches that came to light",
    "warrants_executed": "Warrants executed",
}
WORKFORCE = {
    "officers_in_post": "Officers in post",
    "vacant_posts": "Vacant posts",
    "untrained_officers": "Untrained officers in post",
    "caseload_per_officer": "Offenders per officer",
}
UNMET = {**UNSEEN_TOO, "lost_records": "Records without a next date", "offenders_missing": "Offenders missing"}

ASKED = ("name", "about", "assumptions", "levers")
"""Keys that say only what is asked; they are no parameters."""

RECORD = Path("results") / "tests.json"
"""What the tests showed on this machine: saved by a whole run of them, read by the quality-assurance log."""

FAMILIES = {
    "theory": "where a formula is known, the model agrees with it within its interval",
    "sense": "what must get better does: more officers, shorter visits, fewer failures",
    "reproducibility": "the same again, in any order, on any number of cores, compiled and not; the metrics recomputed "
    "from the event log; a second program with the same random numbers",
    "properties": "scenarios and caseload files changed at random: checked without a crash, and what is simulated of "
    "them is finite and whole",
    "unit": "each rule of dates at its boundary, each message, each page",
}
"""What each family of tests shows, in the order of the folders in `tests`."""


def save_study(result: RunResult, folder: Path) -> list[Path]:
    """Write the study documents of a run into a folder; return the files.

    Raises FolderError if one of them is there already: somebody may have filled in its gaps.
    """
    there = [name for name in DOCUMENTS if (folder / name).exists()]
    if there:
        are = "is" if len(there) == 1 else "are"
        raise FolderError(
            f"{relative_path(folder)}: {join_words(there)} {are} there already and may hold what somebody "
            "filled in; nothing was written. Choose another folder with --study."
        )
    owner, written = new_owner(), study(result)
    for name, text in written.items():  # they are to be filled in, so no checksum is kept of them
        write_whole(folder / name, text.encode(), owner)
    return [folder / name for name in written]


def study(result: RunResult) -> dict[str, str]:
    # No HTML is made here; a planner's words are escaped for Markdown instead.
    templates = Environment(
        loader=PackageLoader("sim.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_markdown,
    )
    templates.globals.update(gap=gap, table=table, code=code, codes=codes)
    facts = _facts(result)

    def filled(name: str, **further: Any) -> str:
        return templates.get_template(f"study/{name}").render(**facts, **further).rstrip() + "\n"

    body = {name: filled(name) for name in list(DOCUMENTS)[1:]}
    gaps = [(name, *found) for name, text in body.items() for found in GAP.findall(text)]
    return {"README.md": filled("README.md", documents=list(DOCUMENTS.items())[1:], gaps=gaps), **body}


def _facts(result: RunResult) -> dict[str, Any]:
    scenario, manifest, log = result.scenario, result.facts, assumption_log(result.scenario)
    from_base = changes_in_words(result.changes)
    plan = from_base.plan if from_base else None
    keys = [key.name for key in scenario_keys().settable()]
    teams = zip(scenario.teams, scenario.headcounts, scenario.surge_headcounts, strict=True)
    tests = read_record(str(manifest.get("code_version", "")))
    counts = [tests["passed"], tests["failed"]] if tests else []
    further = attrgetter("range", "quality", "impact", "source", "date", "note")
    precision = _precision(result.value("overdue_visits"))
    return {
        "scenario": scenario,
        "log": log,
        "question": question(scenario.about, scenario.end),
        "period": period_words(scenario.start, scenario.end),
        "span": span_words(scenario.horizon_days),
        "start": day_words(scenario.start),
        "end": day_words(scenario.end),
        "replications": f"{result.replications:,}",
        "how_sure": how_sure(result.replications),
        "manifest": manifest,
        "fact_rows": facts(result.facts, result.folder, result.scenario.caseload.file),
        "base": from_base.base if from_base else "",
        "change_rows": _change_rows(from_base),
        "before_plan": plan.base if plan else "",
        "plan_rows": _change_rows(plan),
        "lever_rows": [(c.since, c.title, code(c.key), c.value) for c in dated_changes(scenario.levers)],
        "teams": [
            (team.name, f"{officers:,}" + (f" and {surge:,} of a surge team" if surge else ""), f"{offenders:,}")
            for team, (officers, offenders), surge in teams
        ],
        "total_offenders": f"{sum(offenders for _, offenders in scenario.headcounts):,}",
        "work": _work(scenario),
        "entry_rows": _rows(scenario, ENTRY_AND_EXIT),
        "start_rows": _rows(scenario, [key for key in keys if "at_start" in key or key == "caseload.risk_mix"]),
        "parameter_rows": _rows(scenario, [key for key in keys if key not in ASKED]),
        "unsourced": sum(not entry.source for entry in log),
        "log_rows": [
            (n, e.title, code(e.key), e.value, *(text or "not given" for text in further(e)))
            for n, e in enumerate(log, start=1)
        ],
        "source_rows": [(e.title, e.source, e.date or "not given", e.quality) for e in log if e.source],
        "not_logged": not_logged(scenario),
        "no_range": [entry.key for entry in log if entry.is_critical and not entry.range],
        "answer": answer(result),
        "metric_rows": [(m.title, m.definition, m.unit) for m in METRICS.values()],
        "register": _by_risk(result, {"offenders_managed": "Offenders managed"}),
        "demand": _per_year(result),
        "new_offenders": _rows(scenario, ["register.new_per_year"])[0][-1],
        "workforce": _first_and_last(result),
        "unmet": _by_risk(result, UNMET),
        "coverage_sentences": coverage_sentences(result),
        "workload_sentences": workload_sentences(result),
        "recovery_sentence": recovery_sentence(result),
        "hidden_risk": _known(result, "hidden_risk_days", statistic="average").in_words(),
        "precision": precision,
        "run_checks": _run_checks(result, manifest, log, precision),
        "warnings": scenario_warnings(scenario),
        "tests": tests,
        "test_rows": [(name, shows, *(f"{n.get(name, 0):,}" for n in counts)) for name, shows in FAMILIES.items()],
    }


def _change_rows(found: FromBase | None) -> list[tuple[str, ...]]:
    return [(c.title, code(c.key), c.was, c.now) for c in (found.changes if found else ())]


def _work(scenario: Scenario) -> list[tuple[str, str]]:
    """Each kind of work and how long it takes, but for what the scenario switches off."""
    off = {
        "Desk review": not any(scenario.reviews.desk_review.share.values()),
        "Warrant": scenario.escalation.after_failed_attempts == NEVER,
        "Desk check": scenario.reactive.after_quiet_years == NEVER,
        "Tracing": not any(scenario.missing.leave_home_per_year.values()),
    }
    return [
        (kind, "; ".join(f"{title}: {value}" for title, _, value in _rows(scenario, keys)))
        for kind, keys in WORK.items()
        if not off.get(kind)
    ]


def _rows(scenario: Scenario, keys: Iterable[str]) -> list[tuple[str, str, str]]:
    return [
        (title_of(key), code(key), with_unit(value_words(plain_value_at(scenario, key)), unit_of(key))) for key in keys
    ]


def _known(result: RunResult, metric: str, group: str = "total", statistic: str = "at_end") -> Interval:
    try:
        return result.value(metric, group, statistic)
    except KeyError:
        return Interval(None, None, None, 0)


def _per_year(result: RunResult) -> list[tuple[str, str]]:
    rows, years = [], result.scenario.horizon_days / DAYS_PER_YEAR
    for metric, words in DEMAND.items():
        value = _known(result, metric)
        mean, low, high = (None if bound is None else bound / years for bound in value[:3])
        rows.append((f"{words}, a year", Interval(mean, low, high, value.n).in_words()))
    return rows


def _by_risk(result: RunResult, metrics: dict[str, str]) -> list[tuple[str, ...]]:
    groups = ("total", *reversed(RISK_WORDS))
    return [
        (words, *(_known(result, metric, group).in_words() for group in groups)) for metric, words in metrics.items()
    ]


def _first_and_last(result: RunResult) -> list[tuple[str, str, str]]:
    rows = []
    for metric, words in WORKFORCE.items():
        known = result.weeks(metric)["mean"].dropna()
        first = tenths(known.iloc[0]) if len(known) else "–"
        rows.append((words, first, _known(result, metric).in_words(tenths)))
    utilisation = _known(result, "utilisation", statistic="average")
    return [*rows, ("Share of the available hours that was worked, on average", "", utilisation.as_share())]


def _precision(value: Interval) -> str:
    if value.mean is None or value.low is None or value.high is None:
        return "one replication, no interval"
    half = (value.high - value.low) / 2
    share = f", {percent(half / value.mean)}{PER_CENT} of the mean" if value.mean else ""
    return f"overdue visits at the end: {whole(value.mean)}, give or take {tenths(half)}{share}"


def _run_checks(
    result: RunResult, manifest: dict[str, Any], log: Sequence[Assumed], precision: str
) -> list[tuple[str, str]]:
    finished = f"yes, all {result.replications:,}"
    if failed := manifest.get("failed"):
        finished = f"no: {len(failed):,} failed ({join_words([str(number) for number in failed])})"
    again = "yes: scenario, seed and version are saved, and the command to reproduce it"
    if file := result.scenario.caseload.file:
        again = f"only with the caseload file {file}, which is not saved; all else is"
    here = "yes" if manifest.get("code_version") == code_version() else "no: run it again before relying on it"
    worst = sum(entry.quality == entry.impact == "red" for entry in log)
    return [
        ("All replications finished", finished),
        ("Precision", precision),
        ("Made with the version of the model that is here now", here),
        ("Can be made again", again),
        ("Values without an entry in the assumption log", f"{len(not_logged(result.scenario)):,}"),
        ("Assumptions that are a guess and on which the answer depends a lot", f"{worst:,}"),
    ]


def read_record(version: str, folder: Path = Path()) -> dict[str, Any] | None:
    """What the tests showed of this version of the model: date, passed and failed; None if they were not run here."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        known = {name: record[name] for name in ("code_version", "date", "passed", "failed")}
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return known if known["code_version"] == version else None


# --- Markdown in which nothing that a planner wrote is taken for more than words ------------------------------

GAP = re.compile(r"(?<!\\)\[To be filled in by ([^:\]]+): ([^\]]+)\]")
"""A place that only people can fill: who, and with what."""


class Md(str):
    """A text that is Markdown already."""


def gap(who: str, what: str) -> Md:
    """A place that only people can fill, under the name by which the first page lists it."""
    return Md(f"[To be filled in by {who}: {what}]")


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Md:
    """A Markdown table; cells are escaped unless they are Markdown already."""
    lines = [header, ["---"] * len(header), *rows]
    return Md("\n".join(f"| {' | '.join(map(_markdown, line))} |" for line in lines))


def _markdown(value: Any) -> str:
    return value if isinstance(value, Md) else escaped(str(value))


def code(text: str) -> Md:
    plain = sanitise(" ".join(str(text).split())).replace("`", "'").replace("|", "\\|")
    return Md(f"`{plain}`")


def codes(texts: Sequence[str]) -> Md:
    return Md(", ".join(map(code, texts)))


def escaped(text: str) -> str:
    """A planner's words, in which nothing is taken for Markdown or HTML; on one line."""
    plain = sanitise(" ".join(text.replace("\u00a0", " ").split()))
    plain = re.sub(r"([\\`*\[\]|])", r"\\\1", plain)
    return plain.replace("<", "&lt;").replace(">", "&gt;")
