"""The figures of a run, each with its finding as title: four of the caseload, one for each kind of investigation."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable

import pandas as pd

from sim.report.figures.style import Line, Panel, Picture
from sim.report.text.colours import DARK_BLUE, ORANGE, RISK_COLOURS, TURQUOISE
from sim.report.text.findings import developed
from sim.report.text.words import RISK_WORDS, day_words
from sim.runs.intervals import PER_CENT, Style, percent, tenths, whole
from sim.runs.result import RunResult
from sim.scenario.domain import GRAVE
from sim.scenario.source.faults import join_words

WEEKS_TOGETHER = 4
"""Workload counts as excessive in probation if it stays above a limit for four weeks, so it is shown over four."""


def pictures(result: RunResult) -> list[Picture]:
    """What the figures show, in the order in which they are read."""
    investigations = {online_abuse: "cases_open", crime_investigation: "crimes_open"}
    of_investigations = [show for show, metric in investigations.items() if result.has_metric(metric)]
    return [show(result) for show in (backlog, coverage, overdue_age, workload, *of_investigations)]


def backlog(result: RunResult) -> Picture:
    """Overdue visits by risk, week by week."""
    title = f"Overdue visits {developed(result, 'overdue_visits')}"
    if result.value("overdue_visits").mean:
        grave = sum(result.value("overdue_visits", risk).mean or 0 for risk in GRAVE)
        levels = join_words([RISK_WORDS[risk].lower() for risk in reversed(GRAVE)], "or")
        title += f"; of {levels} risk at the end: {whole(grave)}"
    panel = Panel(_by_level(result, "overdue_visits", _visited(result)))
    return _picture(result, "backlog", title, "Overdue visits by recorded risk.", panel)


def coverage(result: RunResult) -> Picture:
    """The share of the caseload in date, and the share seen unannounced."""
    names = {"visit_coverage": "in date", "unannounced_coverage": "seen unannounced within a year"}
    lines = [
        Line(name, result.weeks(metric), colour, percent, PER_CENT)
        for (metric, name), colour in zip(names.items(), (DARK_BLUE, TURQUOISE), strict=True)
    ]
    title = f"Offenders whose visit is in date {developed(result, 'visit_coverage', percent, PER_CENT)}"
    panel = Panel(lines, percent=True, at_least=1)
    return _picture(result, "coverage", title, "Share of offenders who should be visited.", panel)


def overdue_age(result: RunResult) -> Picture:
    """The age of the oldest overdue visit, and the longest time that an offender has not been seen."""
    headings = {
        "oldest_overdue_visit_days": "Days by which the oldest visit is overdue",
        "longest_unseen_days": "Days since the offender not seen for longest was seen",
    }
    oldest, longest = (result.value(metric).mean for metric in headings)
    late = f"the oldest overdue visit is {whole(oldest)} days late" if oldest else "no visit is overdue"
    seen = f"; the offender not seen for longest was last seen {whole(longest)} days earlier" if longest else ""
    title = f"On {day_words(result.scenario.end)} {late}{seen}"
    risks = _visited(result)
    panels = [Panel(_by_level(result, metric, risks), heading) for metric, heading in headings.items()]
    return _picture(result, "overdue_age", title, "By recorded risk; title: all levels.", *panels)


def workload(result: RunResult) -> Picture:
    """Offenders per officer, and the hours needed against the available hours."""
    caseload, hours = result.weeks("caseload_per_officer"), _over_weeks(result.weeks("workload_ratio"))
    ratio = result.value("workload_ratio", statistic="average").mean
    if ratio is None:
        wanted = "no hours are available, or no number would be enough"
    elif ratio > 1:
        wanted = f"there is {percent(ratio - 1)}{PER_CENT} more work than available hours"
    else:
        wanted = f"the work needs {percent(ratio)}{PER_CENT} of the available hours"
    title = f"Offenders per officer {developed(result, 'caseload_per_officer', tenths)}; {wanted}"
    if caseload["mean"].isna().all():
        title = "No officer is in post"
    heading = f"Hours needed, as a share of the available hours, over {WEEKS_TOGETHER} weeks"
    needed = Line("hours needed", hours, ORANGE, percent, PER_CENT)
    return _picture(
        result,
        "workload",
        title,
        "",
        Panel([Line("offenders per officer", caseload, DARK_BLUE, tenths)], "Offenders per officer in post"),
        Panel([needed], heading, percent=True, at_least=1.2, limit=1),
    )


def _picture(result: RunResult, name: str, title: str, what: str, *panels: Panel) -> Picture:
    """A picture of a run, from its first day to the midnight after the last, with what its lines and shades are."""
    scenario, drawn = result.scenario, "One replication."
    if result.replications > 1:
        drawn = f"Line: mean of {result.replications:,} replications; shaded: the 8-of-10 range."
    foot = f"{textwrap.shorten(scenario.name, 90, placeholder=' …')}. A simulation, not a record."
    period = scenario.start, scenario.end + dt.timedelta(days=1)
    return Picture(name, title, f"{what} {drawn}".strip(), panels, period, foot)


def online_abuse(result: RunResult) -> Picture:
    """Unmanaged suspects by grade, and the devices at the digital forensics unit."""
    title = f"Devices at the digital forensics unit {developed(result, 'digital_forensics_devices')}"
    no_charge = result.value("no_further_action_share", statistic="average").mean
    if no_charge is not None:
        title += f"; {percent(no_charge)}{PER_CENT} of cases end in no further action"
    headings = {
        "unmanaged_suspects": "Suspects with access to children who are unmanaged",
        "digital_forensics_devices": "Devices at the digital forensics unit",
    }
    panels = [Panel(_by_level(result, metric, reversed(RISK_WORDS)), heading) for metric, heading in headings.items()]
    return _picture(result, "online_abuse", title, "By grade of the suspect.", *panels)


def crime_investigation(result: RunResult) -> Picture:
    """Open crimes per investigator, and who holds too many, by experience."""
    overload = f"more than {result.scenario.crime.overload_threshold:,} crimes"
    share = result.value("overloaded_investigators_share", "inexperienced", "average").mean
    held = developed(result, "crimes_per_investigator", tenths, group="inexperienced")
    title = f"Open crimes per inexperienced investigator {held}"
    if share is not None:
        title += f"; on average {percent(share)}{PER_CENT} of them hold {overload}"

    def lines(metric: str, words: Style, unit: str = "") -> list[Line]:
        colours = {"experienced": DARK_BLUE, "inexperienced": ORANGE}
        return [Line(group, result.weeks(metric, group), colour, words, unit) for group, colour in colours.items()]

    overloaded = lines("overloaded_investigators_share", percent, PER_CENT)
    return _picture(
        result,
        "crime_investigation",
        title,
        "By experience.",
        Panel(lines("crimes_per_investigator", tenths), "Open crimes per investigator"),
        Panel(overloaded, f"Share of investigators with {overload}", percent=True, at_least=0.5),
    )


def _by_level(result: RunResult, metric: str, levels: Iterable[str]) -> list[Line]:
    return [Line(RISK_WORDS[level], result.weeks(metric, level), RISK_COLOURS[level], whole) for level in levels]


def _visited(result: RunResult) -> list[str]:
    """The risk levels at which there is ever anybody to visit, gravest first."""
    return [risk for risk in reversed(RISK_WORDS) if result.weeks("overdue_visits_share", risk)["mean"].notna().any()]


def _over_weeks(weeks: pd.DataFrame) -> pd.DataFrame:
    """The ratio of some weeks together at each date: a single one jumps with bank holidays, the last may be cut short.

    From week to week the hours wanted hardly change while those there are do, so the inverse is what is averaged.
    """
    entire = weeks[weeks["day"] % 7 == 0]
    if entire.empty:
        return weeks
    together = 1 / (1 / entire[["mean", "p10", "p90"]]).rolling(WEEKS_TOGETHER, min_periods=1).mean()
    return weeks.assign(**together.reindex(weeks.index).ffill())
