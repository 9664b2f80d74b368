"""The figures of a run, each with its finding as title: four of the caseload, one for each kind of investigation."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator

import pandas as pd
from matplotlib.figure import Figure

from sim.report.figures import style
from sim.report.figures.style import Line, Panel, Picture
from sim.report.text.colours import DARK_BLUE, ORANGE, RISK_COLOURS, TURQUOISE
from sim.report.text.findings import developed
from sim.report.text.words import PER_CENT, RISK_WORDS, day_words, percent, tenths, whole
from sim.runs.folder import FIGURES
from sim.runs.result import RunResult
from sim.scenario.domain import GRAVE
from sim.scenario.source.faults import join_words

WEEKS_TOGETHER = 4
"""Workload counts as excessive in probation if it stays above a limit for four weeks, so it is shown over four."""


def save_figures(result: RunResult) -> list[str]:
    """Draw every figure into the run folder, as SVG and PNG; return the names of the files."""
    names = []
    for name, figure in figures(result):
        for ending, picture in (("svg", style.as_svg(figure)), ("png", style.as_png(figure))):
            names.append(f"{FIGURES}/{name}.{ending}")
            result.files.write(names[-1], picture)
    return names


def figures(result: RunResult) -> Iterator[tuple[str, Figure]]:
    """Every figure with its name, one after the other."""
    for picture in pictures(result):
        with style.in_style():
            figure = style.drawn(picture)
        yield picture.name, figure


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
        title += f"; at the end {whole(grave)} are of {levels} risk"
    panel = Panel(_by_risk(result, "overdue_visits"))
    return _picture(result, "backlog", title, "Overdue visits by recorded risk.", panel)


def coverage(result: RunResult) -> Picture:
    """The share of the caseload in date, and the share seen unannounced."""
    shares = [
        ("visit_coverage", "in date", DARK_BLUE),
        ("unannounced_coverage", "seen unannounced within a year", TURQUOISE),
    ]
    in_date = developed(result, "visit_coverage", percent, PER_CENT)
    lines = [Line(name, result.weeks(metric), colour, percent, PER_CENT) for metric, name, colour in shares]
    return _picture(
        result,
        "coverage",
        f"Offenders whose visit is in date {in_date}",
        "Share of offenders who should be visited.",
        Panel(lines, percent=True, at_least=1),
    )


def overdue_age(result: RunResult) -> Picture:
    """The age of the oldest overdue visit, and the longest time that an offender has not been seen."""
    oldest = result.value("oldest_overdue_visit_days").mean
    unseen = result.value("longest_unseen_days").mean
    late = f"the oldest overdue visit is {whole(oldest)} days late" if oldest else "no visit is overdue"
    seen = f"; the offender not seen for longest was last seen {whole(unseen)} days earlier" if unseen else ""
    age, longest = "oldest_overdue_visit_days", "longest_unseen_days"
    return _picture(
        result,
        "overdue_age",
        f"On {day_words(result.scenario.end)} {late}{seen}",
        "By recorded risk; title: all levels.",
        Panel(_by_risk(result, age), "Days by which the oldest visit is overdue"),
        Panel(_by_risk(result, longest), "Days since the offender not seen for longest was seen"),
    )


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
    return _picture(
        result,
        "workload",
        "No officer is in post" if caseload["mean"].isna().all() else title,
        "",
        Panel([Line("offenders per officer", caseload, DARK_BLUE, tenths)], "Offenders per officer in post"),
        Panel(
            [Line("hours needed", hours, ORANGE, percent, PER_CENT)],
            f"Hours needed, as a share of the available hours, over {WEEKS_TOGETHER} weeks",
            percent=True,
            at_least=1.2,
            limit=1,
        ),
    )


def _picture(result: RunResult, name: str, title: str, what: str, *panels: Panel) -> Picture:
    """A picture of a run, with what its lines and bands are."""
    foot = f"{textwrap.shorten(result.scenario.name, 90, placeholder=' …')}. A simulation, not a record."
    return Picture(name, title, f"{what} {_what_is_drawn(result)}".strip(), panels, _period(result), foot)


def online_abuse(result: RunResult) -> Picture:
    """Unmanaged suspects by grade, and the devices at the digital forensics unit."""
    title = f"Devices at the digital forensics unit {developed(result, 'digital_forensics_devices')}"
    no_charge = result.value("no_further_action_share", statistic="average").mean
    if no_charge is not None:
        title += f"; {percent(no_charge)}{PER_CENT} of cases end in no further action"
    return _picture(
        result,
        "online_abuse",
        title,
        "By grade of the suspect.",
        Panel(_by_grade(result, "unmanaged_suspects"), "Suspects with access to children who are unmanaged"),
        Panel(_by_grade(result, "digital_forensics_devices"), "Devices at the digital forensics unit"),
    )


def crime_investigation(result: RunResult) -> Picture:
    """Open crimes per investigator, and who holds too many, by experience."""
    overload_threshold = f"more than {result.scenario.crime.overload_threshold:,} crimes"
    share = result.value("overloaded_investigators_share", "inexperienced", "average").mean
    held = developed(result, "crimes_per_investigator", tenths, group="inexperienced")
    title = f"Open crimes per inexperienced investigator {held}"
    if share is not None:
        title += f"; on average {percent(share)}{PER_CENT} of them hold {overload_threshold}"
    return _picture(
        result,
        "crime_investigation",
        title,
        "By experience.",
        Panel(_by_experience(result, "crimes_per_investigator", tenths), "Open crimes per investigator"),
        Panel(
            _by_experience(result, "overloaded_investigators_share", percent, PER_CENT),
            f"Share of investigators with {overload_threshold}",
            percent=True,
            at_least=0.5,
        ),
    )


def _by_grade(result: RunResult, metric: str) -> list[Line]:
    """A line for each grade of suspects, gravest first."""
    return [
        Line(RISK_WORDS[grade], result.weeks(metric, grade), RISK_COLOURS[grade], whole)
        for grade in reversed(RISK_WORDS)
    ]


def _by_experience(result: RunResult, metric: str, words: style.Words, unit: str = "") -> list[Line]:
    """A line for the experienced and one for the others."""
    colours = {"experienced": DARK_BLUE, "inexperienced": ORANGE}
    return [Line(group, result.weeks(metric, group), colour, words, unit) for group, colour in colours.items()]


def _by_risk(result: RunResult, metric: str) -> list[Line]:
    """A line for each risk level, gravest first, but for levels at which there is never anybody to visit."""
    return [
        Line(RISK_WORDS[risk], result.weeks(metric, risk), RISK_COLOURS[risk], whole)
        for risk in reversed(RISK_WORDS)
        if result.weeks("overdue_visits_share", risk)["mean"].notna().any()
    ]


def _over_weeks(weeks: pd.DataFrame) -> pd.DataFrame:
    """The ratio of some weeks together at each date: a single one jumps with bank holidays, the last may be cut short.

    From week to week the hours wanted hardly change while those there are do, so the inverse is what is averaged.
    """
    entire = weeks[weeks["day"] % 7 == 0]
    if entire.empty:
        return weeks
    together = 1 / (1 / entire[["mean", "p10", "p90"]]).rolling(WEEKS_TOGETHER, min_periods=1).mean()
    return weeks.assign(**together.reindex(weeks.index).ffill())


def _what_is_drawn(result: RunResult) -> str:
    if result.replications == 1:
        return "One replication."
    return f"Line: mean of {result.replications:,} replications; shaded: the 8-of-10 range."


def _period(result: RunResult) -> tuple[dt.date, dt.date]:
    """From the first day to the midnight after the last."""
    return result.scenario.start, result.scenario.end + dt.timedelta(days=1)
