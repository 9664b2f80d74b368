"""Makes the data dictionary: every table of a run folder, its columns, their units and codes.

python -m docs.data_dictionary

The columns and their types are those of a real run; what they mean is written here. A test renews the page and fails if
either lacks what the other has.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from sim import load, run
from sim.measure.tables import GROUPS, STATISTICS
from sim.model.codes import EVENT_KINDS, OUTCOMES
from sim.runs.intervals import CONFIDENCE
from sim.scenario.domain import KINDS, RISK_LEVELS

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "data-dictionary.md"
RENEW = "python -m docs.data_dictionary"

INTRODUCTION = f"""# Data dictionary

Made by `{RENEW}`; do not edit it here.

A run folder holds these tables. Those that end in `.parquet` open with pandas, R, DuckDB and most tools for data;
`summary.csv` with any spreadsheet: it has titles and units too, and six significant digits where Parquet has all. Days
are counted from the midnight before the first day of the scenario (0.5 is noon of that day), and all times are local.
Empty (NaN) means that there is no such value, not that it is zero. No table identifies a person: offenders and
officers are numbers of the simulation.

Beside the tables lie `scenario.yaml` (the scenario as it was run), `manifest.json` (hash, version, seed, the command to
repeat the run, and the changes to the scenario it is built on), the figures and `report.html`.
"""

TABLES = {
    "summary.parquet": "`summary.csv`, `summary.parquet`: one row for each metric, group and statistic",
    "weekly.parquet": "`weekly.parquet`: one row for each metric, group and week",
    "teams.parquet": "`teams.parquet`: one row for each metric, team and week; empty for a force of one team",
    "replications/0001.parquet": "`replications/0001.parquet`, ...: one replication each, a row for each value",
    "events/0001.parquet": "`events/0001.parquet`, ...: with `--events`, one replication each, a row for each event",
}
"""The tables of a run by their file, and their headings."""

_METRIC = {
    "metric": "the metric: [all metrics](metrics.md), with their units",
    "group": "the recorded risk level, or `total` for all",
}
_MEAN = {
    "mean": "over the replications that have a value; in the metric's unit",
    "low": f"lower end of the {100 * CONFIDENCE:g}% confidence interval of that mean; empty with a single replication",
    "high": "its upper end",
    "n": "replications that have a value",
}
_WEEK = {
    "day": "days since the first midnight at which it stands, or at which the week of a count ends",
    "date": "the date that begins at that midnight",
    **_MEAN,
    "p10": "a tenth of the replications are below",
    "p90": "a tenth of the replications are above",
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "summary.parquet": {**_METRIC, "statistic": "`at_end` or `average`, see below", **_MEAN},
    "weekly.parquet": {**_METRIC, **_WEEK},
    "teams.parquet": {
        "metric": "one of those that are known by team: [all metrics](metrics.md), with their units",
        "team": "name of the team",
        **_WEEK,
    },
    "replications/0001.parquet": {
        "statistic": "`week`, `at_end` or `average`, see below",
        "day": "of a week, as in `weekly.parquet`; else empty",
        **_METRIC,
        "value": "in the metric's unit",
    },
    "events/0001.parquet": {
        "when": "date and time, to the second; local",
        "day": "the same in days; before 0: before the first day",
        "event": "the event, see below",
        "outcome": "its result, or how it came to light, see below; empty for most",
        "offender": "number of the offender; -1 for events of officers",
        "officer": "post of the officer who did it or has the offender now; -1 for none",
        "colleague": "post of the second officer; -1 for none",
        "team": "name of the offender's team, or of the officer's",
        "risk": "recorded risk level after the event",
        "true_risk": "true risk level after the event, known only to a review",
        "announced": "of `visit` and `seen_before`: was it announced? False for all others",
        "minutes": "of work, of all officers together, travel included",
        "due": "day on which the next visit is due; of a notification the next one, of a breach found its enquiry",
        "review_due": "day on which the next review is due; empty if none is",
    },
}

STATISTIC_WORDS = {
    "week": "at a weekly midnight, or of the week that ends there",
    "at_end": "at the midnight after the last day, or over the whole period for what happens and is counted",
    "average": "over the period, weighted by time or by offender-days; of what happens, per week",
    "team": "of one team, at a weekly midnight; `group` is the name of the team",
}
EVENT_WORDS = {
    **{kind.name: kind.meaning for kind in KINDS},
    "at_start": "state of the offender on the first day",
    "registered": "was registered",
    "left_register": "left the register",
    "drifted": "true risk changed by a level; nobody knows",
    "breach_began": "a breach began, and is latent",
    "breach_found": "latent breaches came to light",
    "left_home": "left home without notifying the police; nobody knows",
    "to_custody": "went into custody",
    "released": "came back from custody",
    "reallocated": "has another officer, or none",
    "seen_before": "seen before the first day: the last time, and the last time unannounced",
    "rescheduled": "a lever moved the visit or the review",
    "record_lost": "the record lost its next date: nobody visits",
    "record_found": "the lost record was found",
    "moved": "moved into the area of another team",
    "reported": "a report about the offender came in",
    "risk_noticed": "true risk above the recorded level was detected",
    "to_reactive": "reactive management began: no visits",
    "to_visits": "reactive management ended: visits resume",
    "officer_left": "an officer left the post",
    "officer_joined": "an officer took up the post",
    "officer_away": "an officer is away for a while",
    "officer_back": "that officer is back",
    "officer_trained": "an officer came back trained",
}
OUTCOME_WORDS = {
    "seen": "the offender was seen",
    "no_contact": "nobody answered, or tracing failed",
    "done": "finished",
    "missed": "the offender did not attend, which is a breach",
    "warning": "the enquiry ended in a warning",
    "charge": "in a charge",
    "custody": "in custody",
    "at_visit": "came to light at a visit",
    "at_notification": "at a notification",
    "by_intelligence": "by intelligence",
    "whereabouts_unknown": "the offender was found to be missing",
    "at_audit": "came to light in an audit of the register",
    "at_check": "in a supervisor's check",
    "at_desk_check": "in a desk check",
    "at_meeting": "at a MAPPA meeting",
    "recalled": "recalled for breaking a licence",
    "sick": "because of sickness",
    "on_course": "for a training course",
}
GROUP_WORDS = {
    "total": "all together",
    **{level: f"recorded risk level, or grade of a suspect, {level.replace('_', ' ')}" for level in RISK_LEVELS},
    "experienced": "investigators with experience",
    "inexperienced": "investigators without",
}
CODES = {
    "statistic": (STATISTICS, STATISTIC_WORDS),
    "group, risk and true_risk": (GROUPS, GROUP_WORDS),
    "event": (EVENT_KINDS, EVENT_WORDS),
    "outcome": (tuple(filter(None, OUTCOMES)), OUTCOME_WORDS),
}
"""The codes by the columns in which they stand, and what each means."""


def real_tables() -> dict[str, pd.DataFrame]:
    """The tables of a short run of one team."""
    with tempfile.TemporaryDirectory() as folder:
        short = load(REPOSITORY / "scenarios" / "small.yaml", end="2024-09-22", replications=2)
        run(short, events=True, workers=1, out=folder)
        return {name: pd.read_parquet(Path(folder) / name) for name in TABLES}


def page(tables: Mapping[str, pd.DataFrame]) -> str:
    """The page in Markdown. Raises KeyError if a column or a code has no words."""
    parts = [INTRODUCTION.rstrip()]
    for name, heading in TABLES.items():
        rows = [(f"`{column}`", _type(tables[name][column]), COLUMNS[name][column]) for column in tables[name]]
        parts += [f"## {name.split('/')[0].split('.')[0].capitalize()}", f"{heading}.", *_table(rows)]
    parts.append("## Codes")
    for columns, (codes, words) in CODES.items():
        parts += [f"### {columns}", *_table([(f"`{code}`", words[code]) for code in codes])]
    return "\n\n".join(parts) + "\n"


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    heads = ("column", "type", "meaning") if len(rows[0]) == 3 else ("code", "meaning")
    yield "\n".join(f"| {' | '.join(line)} |" for line in (heads, ("---",) * len(heads), *rows))


def _type(column: pd.Series) -> str:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return "code" if column.name != "team" else "text"
    kinds = {"i": "whole number", "f": "number", "b": "true or false", "M": "date and time"}
    return kinds.get(column.dtype.kind, "date" if column.name == "date" else "text")


if __name__ == "__main__":
    PAGE.write_text(page(real_tables()), encoding="utf-8", newline="\n")
