"""The page of all metrics, made from their definitions: what each means, its unit, which way is better."""

from __future__ import annotations

import textwrap

import numpy as np

from sim.measure.counts import Counts
from sim.measure.metric import Metric, Part
from sim.measure.metrics import METRICS
from sim.measure.tables import BY_TEAM
from sim.model.codes import DAYS_PER_WEEK, MOST_TEAMS_COUNTED
from sim.model.inputs import inputs_of
from sim.model.records import TALLY, table
from sim.model.simulate import ReplicationResult
from sim.scenario import Scenario
from sim.scenario.source.faults import join_words

TEAM_METRICS = textwrap.fill(
    f"- **By team**: where there are 2 to {MOST_TEAMS_COUNTED} teams, {join_words([f'`{name}`' for name in BY_TEAM])} "
    "are known weekly for each of them: in `teams.parquet`, whose last day is the end.",
    120,
    subsequent_indent="  ",
)

RENEW = "python -m sim schema --metrics docs/metrics.md"
"""The command that renews the page."""

INTRODUCTION = f"""# What is counted

Made from the definitions in `sim/measure` by `{RENEW}`; do not edit it here.

Inspectors ask for three things first, and so does every summary: **how big the backlog is** (`overdue_visits`,
`overdue_reviews`), **which risk it holds** (the same by risk level), and **how old its oldest item is**
(`oldest_overdue_visit_days`).

- **Weekly**: *at midnight*: the value at the beginning of the first day, every seven days after that, and at the end of
  the last day. *Of the week*: what happened between two such midnights.
- **At end**: the value at the midnight after the last day. For what happens (visits, reviews, offender-days), the sum
  over the whole horizon; for ratios of hours, the last weeks. Work outstanding then counts as outstanding.
- **Average**: over the horizon, weighted by time or by offender-days. For what happens, per week.
- **By**: the groups for which it is known as well as in total. *Risk*: each *recorded* risk level; a visit or a breach
  belongs to the level recorded when it was made or found. *Grade*: that of the suspect (KIRAT), under the names of the
  risk levels. *Experience*: of the investigator, `experienced` or `inexperienced`.
{TEAM_METRICS}
- **–**: makes no sense for this metric, and is in no table.
- Work due on a date is overdue from the day after it until a *successful* visit or a finished review.

Every run writes them all: `summary.csv` (metric, title, unit, group, statistic, mean, low, high, n: the mean and its
95% confidence interval over `n` replications that have a value, to six significant digits; `summary.parquet` has every
digit), `weekly.parquet` (the same week by week, with `p10` and `p90`, the limits of the 8-of-10 range of replications),
and a table of each replication in `replications`. `--json` prints the summary.
"""

PARTS: dict[Part, str] = {
    "caseload": "## The caseload",
    "online_abuse": """## Online child abuse

In a scenario with referrals (`online_abuse`). Cases open on the first day count from then on.""",
    "crime": """## Crime investigation

In a scenario with crimes (`crime`).""",
}
"""The chapters of the page, each with its introduction."""


def metrics_page() -> str:
    header = ("metric", "meaning", "unit", "better", "by", "weekly", "at end", "average")
    scenario = Scenario.model_validate(
        {
            "name": "Nothing",
            "start": "2024-01-01",
            "end": "2024-01-07",
            "teams": [{"name": "Nobody", "officers": 0, "offenders": 0}],
            "caseload": {"risk_mix": 0.25},
            "visits": {"interval_days": 1, "visit_hours": 1},
        }
    )
    # A replication of one week in which nothing happens: enough to see which values a metric has.
    nothing = ReplicationResult(0, np.array([0.0, DAYS_PER_WEEK]), table(TALLY, 3), None, 0, inputs_of(scenario))
    counts, lines = Counts(nothing), []
    for part, introduction in PARTS.items():
        rows = [_row(metric, counts) for metric in METRICS.values() if metric.part == part]
        lines += [introduction, "", _line(header), "|---" * len(header) + "|", *rows, ""]
    return f"{INTRODUCTION}\n" + "\n".join(lines).rstrip() + "\n"


def _row(metric: Metric, counts: Counts) -> str:
    values = metric.compute(counts)
    weekly = "–"
    if values.weekly is not None:
        weekly = "at midnight" if values.weekly.shape[1] == len(counts.days) else "of the week"
    known = ("–" if value is None else "yes" for value in (values.at_end, values.average))
    by = "–" if metric.by == "nothing" else metric.by
    meaning = f"**{metric.title}.** {metric.definition}"
    return _line((f"`{metric.name}`", meaning, metric.unit, metric.better, by, weekly, *known))


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
