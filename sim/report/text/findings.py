"""What a run found, in sentences: the backlog, its risk and its age, coverage, workload, recovery, investigations.

Each sentence is made from the numbers it speaks of. More or fewer than on the first day is said only where the trend
(`sim.runs.intervals`) is clear, and a share is called the largest only where the 95% intervals leave a gap.
`run_summary` is what `run` prints of it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator

from sim.report.text.printing import INDENT, Block, Rows, aligned
from sim.report.text.words import BACKLOG, RISK_WORDS, day_words, interval_words, span_words
from sim.runs.intervals import (
    FELL,
    PER_CENT,
    ROSE,
    SAME_IN_ALL,
    STEADY,
    UNCLEAR,
    UNKNOWN,
    Interval,
    Style,
    Trend,
    percent,
    precision_of,
    tenths,
    week_interval,
    whole,
)
from sim.runs.provenance import relative_path
from sim.runs.result import RunResult
from sim.scenario.domain import GRAVE, GRAVEST
from sim.scenario.settings import typed_in
from sim.scenario.source.faults import join_words, sanitise


def answer(result: RunResult) -> tuple[tuple[str, str], ...]:
    """What inspectors ask for: each question, and the sentence that answers it."""
    return (
        ("How big it is", size_sentence(result)),
        ("Which risk it holds", risk_sentence(result)),
        ("How old it is", age_sentence(result)),
    )


def how_sure(replications: int, shown: str = SAME_IN_ALL) -> str:
    """What the brackets of what is `shown` mean, and what they leave out."""
    if replications == 1:
        return "This is one replication: no interval can be given. Another would differ, by chance alone."
    brackets = interval_words(replications, shown)
    return (
        f"The first figure is the average of all replications. {brackets} The interval shows the effect of chance, not "
        "how far the assumptions are off."
    )


def developed(result: RunResult, metric: str, style: Style = whole, unit: str = "", *, group: str = "total") -> str:
    """What a metric did over the horizon: `grow from 910 to 1,480 in three years`."""
    went = result.trend(metric, group=group, precision=precision_of(style))
    return went.in_words(result.weeks(metric, group), span_words(result.scenario.horizon_days), style, unit)


def size_sentence(result: RunResult) -> str:
    """How many visits are overdue at the end, of how many, and whether that is more than on the first day."""
    overdue, on_day = result.value("overdue_visits"), f"On {day_words(result.scenario.end)}"
    if overdue.mean is None:
        return f"{on_day} the number of overdue visits is not known."
    before = compared(result.trend("overdue_visits"), week_interval(result.weeks("overdue_visits"), 0))
    if overdue.mean == 0:
        return f"{on_day} no visit is overdue, {before}."
    mean, _, bounds = overdue.in_words().partition(" ")
    visits, are = ("visit", "is") if mean in ("0", "1") else ("visits", "are")
    number = " ".join(filter(None, ["fewer than one" if mean == "0" else mean, visits, bounds, are, "overdue"]))
    share = result.value("overdue_visits_share").as_share()
    return f"{on_day} {number}, {share} of the offenders who should be visited; that is {before}."


def compared(went: Trend, before: Interval) -> str:
    """`more than on the first day, 1,316 (1,305 to 1,327)`, or fewer, or about as many, or no clear difference."""
    if went.verdict == UNKNOWN:
        return "not comparable with the first day"
    then = before.in_words()
    if went.verdict == STEADY:
        if went.first == went.last:
            return "as many as on the first day" if went.last else "and none was on the first day"
        return f"about as many as on the first day, {then}"
    if went.verdict == UNCLEAR:
        return f"no clear difference from the first day, {then}"
    return f"{'more' if went.verdict == ROSE else 'fewer'} than on the first day, {then}"


def risk_sentence(result: RunResult) -> str:
    """How many of the overdue visits are of high and very high risk, and where the share overdue is largest."""
    overdue = {risk: result.value("overdue_visits", risk) for risk in reversed(RISK_WORDS)}
    if not any(number.mean for number in overdue.values()):
        return "Nothing is overdue at any risk level."
    grave = "; ".join(f"of {RISK_WORDS[risk].lower()} risk: {overdue[risk].in_words()}" for risk in GRAVE)
    shares = {risk: result.value("overdue_visits_share", risk) for risk in overdue}
    return f"Overdue visits {grave}. {largest_share(shares)}"


def largest_share(shares: dict[str, Interval]) -> str:
    """At which risk level the share overdue is largest, as far as the levels clearly differ."""
    known = {risk: share for risk, share in shares.items() if share.mean is not None}
    if not known:
        return "No offender is to be visited at any risk level."
    top = max(known.values(), key=lambda share: share.mean or 0.0)
    top_words, lowest = top.as_share(), math.inf if top.low is None else top.low  # one replication has no interval
    tied = {
        RISK_WORDS[risk].lower(): share.as_share()
        for risk, share in known.items()
        if share.as_share() == top_words or (share.high is not None and share.high >= lowest)
    }
    levels, parts = join_words(list(tied)), join_words(list(tied.values()))
    if len(tied) == len(known) > 1:
        return f"The shares overdue at {levels} risk show no clear difference: {parts}."
    more = ", with no clear difference between them" if len(tied) > 1 else ""
    if len(known) == 1:
        more = ", the only level with offenders to visit"
    return f"The share overdue is largest at {levels} risk{more}: {parts}."


def age_sentence(result: RunResult) -> str:
    """How late the oldest overdue visit is, and how long ago anybody was last seen."""

    def days(number: Interval) -> str:
        """`642 days (604 to 680)`"""
        mean, _, bounds = number.in_words().partition(" ")
        return " ".join(filter(None, [mean, "day" if whole(number.mean) == "1" else "days", bounds]))

    oldest, gravest = (result.value("oldest_overdue_visit_days", group) for group in ("total", GRAVEST))
    late, longest = "No visit is late", result.value("longest_unseen_days")
    if oldest.mean:
        late = f"The oldest overdue visit is {days(oldest)} late"
        late += f", the oldest of {RISK_WORDS[GRAVEST].lower()} risk {days(gravest)}" if gravest.mean else ""
    if not longest.mean:
        return f"{late}."
    return f"{late}; the offender not seen for longest was last seen {days(longest)} earlier."


# --- coverage, workload, recovery -----------------------------------------------------------------------------


def coverage_sentences(result: RunResult) -> list[str]:
    """How much of the time offenders were in date, and how many were seen without warning."""
    plain = result.value("visit_coverage", statistic="average").as_share()
    weighted = result.value("risk_coverage", statistic="average").as_share()
    unannounced = result.value("unannounced_coverage").as_share()
    return [
        f"In date: {plain} of all offender-days; weighted by risk, {weighted}.",
        f"Seen unannounced within the last year, at the end: {unannounced} of offenders.",
    ]


def workload_sentences(result: RunResult) -> list[str]:
    """How many offenders each officer has, and whether there are hours enough for the work."""
    caseload, ratio = result.value("caseload_per_officer"), result.value("workload_ratio", statistic="average")
    if caseload.mean is None:
        return ["No officer is in post."]
    offenders = f"Offenders per officer, at the end: {caseload.in_words(tenths)}."
    if ratio.mean is None:
        missing = "there are none, or no number would be enough"
        return [offenders, f"The work cannot be compared with the available hours: {missing}."]
    bounds = [round(bound, 3) for bound in ratio[:3] if bound is not None]
    needed = f"The work needs {ratio.in_words(percent, PER_CENT)} of the available hours"
    if min(bounds) > 1:
        mean, low, high = (None if bound is None else bound - 1 for bound in ratio[:3])
        more = Interval(mean, low, high, ratio.n)
        needed = f"There is {more.in_words(percent, PER_CENT)} more work than available hours"
    return [offenders, f"{needed}: {_verdict(bounds, result)}."]


def _verdict(bounds: list[float], result: RunResult) -> str:
    """Are the hours enough, as far as that is clear, and which way did the backlog go?

    Neither follows from the other: the ratio is of the hours if nothing were late, and a visit made late puts off the
    next one; and with hours enough, work may wait for a colleague, for a Monday or for an answer at the door.
    """
    went, backlog = _backlog(result)
    if min(bounds) > 1:
        return f"not everything can be in date, {'though' if went == FELL else 'and'} {backlog}"
    if min(bounds) <= 1 <= max(bounds):
        return f"just about enough, and {backlog}"
    if went == ROSE:
        return f"there are enough, yet {backlog}: hours are not the only limit"
    return f"there are enough, and {backlog}"


def _backlog(result: RunResult) -> tuple[str, str]:
    """Which way visits and reviews together went, and that in words.

    Together they rise or fall only if one of them does so by itself, so that the sentence never says more than those
    above it.
    """
    kinds = ("overdue_visits", "overdue_reviews")
    together = result.trend(*kinds)
    went = together.verdict
    if together.last == 0:
        return FELL, "nothing is overdue at the end"
    if went == STEADY:
        return went, "the backlog ends about where it began"
    if went in (ROSE, FELL) and went in [result.trend(kind).verdict for kind in kinds]:
        return went, f"the backlog ends {'larger' if went == ROSE else 'smaller'} than it began"
    return UNCLEAR, "visits and reviews taken together, the backlog shows no clear difference from the beginning"


def recovery_sentence(result: RunResult) -> str:
    """From when on the backlog stays within the force's target until the end, and in how many replications."""
    scenario, reached = result.scenario, result.value("recovery_date")
    target = f"The target (at most {100 * scenario.target.overdue_visits_share:g}{PER_CENT} of visits overdue)"
    if reached.mean is None:
        return f"{target} is not reached and held to the end in any replication."
    every = "every replication"
    if reached.n < result.replications:
        every = f"{reached.n:,} of {result.replications:,} replications"
    found = f"{target} is reached and held to the end in {every},"
    if reached.too_few(result.replications):
        return f"{found} too few for a mean date."

    def date(days: float | None) -> str:
        return day_words(min(scenario.start + dt.timedelta(days=round(days or 0)), scenario.end))

    return f"{found} {'on average ' if reached.n > 1 else ''}from {reached.in_words(date)}."


# --- investigations -------------------------------------------------------------------------------------------


def investigation_sections(result: RunResult) -> Iterator[tuple[str, list[str]]]:
    """A heading and its sentences for each part that the scenario has."""
    if result.has_metric("cases_open"):
        yield "Online child abuse", online_abuse_sentences(result)
    if result.has_metric("crimes_open"):
        yield "Crime investigation", crime_sentences(result)


def _described(result: RunResult, metric: str, words: Callable[[Interval], str], group: str = "total") -> str:
    """The average of a measure in words; if few replications have a value, only their number."""
    value = result.value(metric, group, "average")
    return value.few_words(result.replications) if value.too_few(result.replications) else words(value)


def online_abuse_sentences(result: RunResult) -> list[str]:
    """Open cases, the digital forensics unit, unmanaged suspects, and how cases end."""
    acted = _described(result, "acted_in_time_share", Interval.as_share)
    gravest = result.value("acted_in_time_share", GRAVEST, "average").mean
    within, later, last = (
        _described(result, f"digital_forensics_{span}_share", Interval.as_share)
        for span in ("under_3_months", "3_to_12_months", "over_12_months")
    )
    grave = sum(result.value("unmanaged_days", grade, "average").mean or 0 for grade in GRAVE)
    unmanaged = result.value("unmanaged_days", statistic="average").in_words()
    open_cases, overdue, devices, oldest = (
        result.value(metric).in_words()
        for metric in ("cases_open", "suspects_overdue", "digital_forensics_devices", "digital_forensics_oldest_days")
    )
    sentences = [
        f"Open cases, at the end: {open_cases}. Suspects not acted on in time: {overdue}.",
        f"Acted on in time: {acted} of suspects; of {RISK_WORDS[GRAVEST].lower()} grade {percent(gravest)}{PER_CENT}.",
        f"Devices at the digital forensics unit, at the end: {devices}; days the oldest has been there: {oldest}.",
        f"Devices returned within 3 months: {within}; in 3 to 12: {later}; later: {last}.",
        f"Unmanaged suspects with access to children: {unmanaged} person-days a week, {whole(grave)} of them at high "
        "or very high grade.",
    ]
    no_charge = result.value("no_further_action_share", statistic="average")
    if no_charge.mean is not None:
        sentences.append(f"No further action: {no_charge.as_share()} of the cases decided.")
    return sentences


def crime_sentences(result: RunResult) -> list[str]:
    """How many crimes investigators hold by experience, who holds too many, and how long crimes take."""

    def both(metric: str, words: Callable[[Interval], str]) -> str:
        return ", ".join(
            f"{group} {_described(result, metric, words, group)}" for group in ("experienced", "inexperienced")
        )

    each = both("crimes_per_investigator", lambda value: value.in_words(tenths))
    overloaded = both("overloaded_investigators_share", Interval.as_share)
    return [
        f"Open crimes per investigator, on average: {each}.",
        f"Investigators with more than {result.scenario.crime.overload_threshold:,} crimes: {overloaded}.",
        f"Days to an outcome: {both('crime_days', Interval.in_words)}.",
    ]


# --- what is printed ------------------------------------------------------------------------------------------


def run_summary(result: RunResult, width: int) -> list[Block]:
    """The answer of a run, with the settings that were given beside the scenario."""
    scenario = result.scenario
    backlog, table = backlog_sentences(result), risk_table(result, width)
    at_start = sum(offenders for _, offenders in scenario.headcounts)
    managed = f"{at_start:,} at the start, {result.value('offenders_managed').in_words()}"
    below = [
        (f"Coverage over {span_words(scenario.horizon_days)}", coverage_sentences(result)),
        ("Workload", [f"Offenders managed in the community: {managed} at the end.", *workload_sentences(result)]),
        *investigation_sections(result),
        ("Recovery", [recovery_sentence(result)]),
    ]
    shown = " ".join([*backlog, *table[1:], *(sentence for _, sentences in below for sentence in sentences)])
    period = " to ".join(dict.fromkeys(map(day_words, (scenario.start, scenario.end))))
    period += typed_in(result.facts.get("command", ""))
    return [
        Block(sanitise(scenario.name), [f"{period}. {interval_words(result.replications, shown)}"]),
        Block(f"The backlog on {day_words(scenario.end)}", backlog),
        Block("", [Rows(table, bold=1)]),
        *(Block(heading, sentences) for heading, sentences in below),
        Block("Saved in", _where(result)),
    ]


def backlog_sentences(result: RunResult) -> list[str]:
    """The size of the backlog at the end, how it came to that, and the age of its oldest item."""
    visits, reviews = (result.value(metric).in_words() for metric in ("overdue_visits", "overdue_reviews"))
    share = result.value("overdue_visits_share").as_share()
    return [
        f"Overdue visits: {visits}, {share} of the offenders who should be visited. "
        f"They {developed(result, 'overdue_visits')}.",
        f"Overdue reviews: {reviews}. They {developed(result, 'overdue_reviews')}.",
        age_sentence(result),
    ]


def risk_table(result: RunResult, width: int) -> list[str]:
    """The backlog at the end by recorded risk, gravest first, as lines.

    What there is no room for in `width` letters is left out, and a line says so: the shares, then the intervals, those
    of the visits last.
    """
    risks = list(reversed(RISK_WORDS))
    parts, wanted = [result.value("overdue_visits_share", risk).mean for risk in risks], 0
    for shares, intervals in ((True, 3), (False, 3), (False, 1), (False, 0)):
        columns = [["Risk", *(RISK_WORDS[risk] for risk in risks)]]
        for number, (metric, heading) in enumerate(BACKLOG.items()):
            values = [result.value(metric, risk) for risk in risks]
            cells = [value.in_words() if number < intervals else whole(value.mean) for value in values]
            columns.append([heading, *cells])
        if shares:
            columns.insert(2, ["Share", *("–" if part is None else f"{percent(part)}{PER_CENT}" for part in parts)])
        lines = aligned(list(zip(*columns, strict=True)))
        wanted = wanted or max(map(len, lines))
        if max(map(len, lines)) <= width:
            break
    return lines if shares else [*lines, f"{INDENT}All columns need a terminal {wanted} wide."]


def _where(result: RunResult) -> list[str]:
    folder = relative_path(result.folder)
    lines = [f"{folder} (summary.csv, replications, the scenario as it was run)"]
    if result.scenario.caseload.file:
        lines.append(f"Not saved: {sanitise(result.scenario.caseload.file)}; without it nobody can run this again.")
    if result.has("report.html"):
        lines.append(f"{folder / 'report.html'} (all of this on a page, with its figures and assumptions)")
    if result.has("figures"):
        investigated = [heading.lower() for heading, _ in investigation_sections(result)]
        figures = ", ".join(["backlog", "coverage", "overdue age", "workload", *investigated])
        lines.append(f"{folder / 'figures'} ({figures}; SVG and PNG)")
    return lines
