"""The page of a comparison: what each plan changes, and what comes of it, with how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from sim.experiment.changes import Change
from sim.experiment.compare import ComparedPlan, Comparison
from sim.experiment.provenance import from_here
from sim.report import style
from sim.report.assumptions import title_of
from sim.report.compared import COVERAGE, HEADLINE, WORKLOAD, how_sure, sentence
from sim.report.differences import QUANTITIES, differences_figure, narrow_figure
from sim.report.page import page
from sim.report.page_of_run import LIMITS, MADE, PAGE, assumptions_section, period_words
from sim.report.page_parts import Drawing, Key, Report, Section, Table
from sim.report.page_pictures import inline
from sim.report.verdicts import difference_words, judged, level_words, short_verdict, would_do_words
from sim.report.words import RISK_WORDS, day_words
from sim.scenario.keys import find, route_to

INSPECTORS_ASK = {"How big it is": "overdue_visits", "How old it is": "oldest_overdue_visit_days"}
GRAVE = ("very_high", "high")


def keep_page(comparison: Comparison) -> None:
    """Write the page of a comparison into its folder."""
    comparison.kept_in.keep_text(PAGE, page(report_of(comparison)))


def report_of(comparison: Comparison) -> Report:
    """The page of a comparison."""
    plans = comparison.plans
    one = plans[0] if len(plans) == 1 else None
    title = one.label if one else f"{len(plans)} plans"
    return Report(
        title=f"{title}, against {comparison.base_label}",
        lead=f"{period_words(comparison.base)}. Differences between histories with the same luck.",
        question=_question(comparison),
        answer=_answer(comparison),
        sure=how_sure(comparison),
        headline=_by_risk(comparison),
        sections=list(_sections(comparison)),
        facts=_facts(comparison),
        made=MADE,
    )


def _question(comparison: Comparison) -> str:
    """What the only plan says of itself, unless it only repeats the base."""
    about = comparison.plans[0].scenario.about if len(comparison.plans) == 1 else ""
    if about and about != comparison.base.about:
        return about
    return "What does each plan change against the base, by how much, and how sure is that?"


def _answer(comparison: Comparison) -> list[tuple[str, str]]:
    """For one plan what inspectors ask for; for several a sentence each."""
    if len(comparison.plans) > 1:
        return [
            (plan.label, sentence("overdue_visits", plan.table.loc[("overdue_visits", "total", "at_end")]))
            for plan in comparison.plans
        ]
    (plan,) = comparison.plans
    big, old = (sentence(metric, plan.table.loc[(metric, "total", "at_end")]) for metric in INSPECTORS_ASK.values())
    grave = "; ".join(_grave(plan, risk) for risk in GRAVE)
    return [("How big it is", big), ("Which risk it holds", f"Overdue visits: {grave}."), ("How old it is", old)]


def _grave(plan: ComparedPlan, risk: str) -> str:
    """`very high risk fewer, −5 (−7 to −3)`"""
    row = plan.table.loc[("overdue_visits", risk, "at_end")]
    verdict = short_verdict("overdue_visits", risk, row)
    return f"{RISK_WORDS[risk].lower()} risk {verdict}, {difference_words('overdue_visits', row)}"


def _by_risk(comparison: Comparison) -> Table:
    """The change in overdue visits at the end, by recorded risk, a column for each plan."""
    groups = {**dict(reversed(RISK_WORDS.items())), "total": "All levels"}
    rows = []
    for group, words in groups.items():
        found = [plan.table.loc[("overdue_visits", group, "at_end")] for plan in comparison.plans]
        cells = [
            f"{difference_words('overdue_visits', row)}, {short_verdict('overdue_visits', group, row)}" for row in found
        ]
        rows.append((words, level_words("overdue_visits", found[0]["base"]), *cells))
    caption = f"Overdue visits on {day_words(comparison.base.end)} by recorded risk: the base, and the difference"
    return Table(caption, ("Risk", "Base", *(plan.label for plan in comparison.plans)), rows)


def _sections(comparison: Comparison) -> Iterator[Section]:
    yield Section("differences", "What comes of it", drawings=[_drawing(comparison)])
    for plan in comparison.plans:
        chosen = [*HEADLINE, *COVERAGE, *WORKLOAD]
        sentences = [sentence(metric, plan.table.loc[(metric, "total", statistic)]) for metric, statistic in chosen]
        number = comparison.plans.index(plan)
        heading = plan.label if len(comparison.plans) > 1 else "In sentences"
        yield Section(f"plan-{number}", heading, sentences, [_changes(plan)] if plan.changes else [])
    yield assumptions_section(comparison.base)
    yield Section("limits", "What this cannot tell", LIMITS)


def _drawing(comparison: Comparison) -> Drawing:
    """The figure of the differences, for a wide and a narrow screen, without the words that stand around it here."""
    with style.in_style():
        figure, narrow = differences_figure(comparison), narrow_figure(comparison)
    title, what, _ = (text.get_text().replace("\n", " ") for text in figure.texts[:3])
    for text in figure.texts[:3]:
        text.set_visible(False)
    height = 72 * figure.get_figheight()
    above = (1 - figure.axes[0].get_position().y1) * height - 8
    svg, small = (style.as_svg(drawn, letters_as_text=True).decode() for drawn in (figure, narrow))
    told = [" ".join(map(str, row)) for table in _numbers(comparison) for row in table.rows]
    return Drawing(
        "figure-differences",
        title,
        what,
        [
            inline(svg, "differences-laptop", "laptop", title, "; ".join(told), cut=max(0.0, above)),
            inline(small, "differences-phone", "phone", title, "; ".join(told)),
        ],
        _numbers(comparison),
    )


def _numbers(comparison: Comparison) -> list[Table]:
    """What the figure shows, a table for each plan."""
    tables = []
    for plan in comparison.plans:
        rows = []
        for metric, group, statistic, label in QUANTITIES:
            row = plan.table.loc[(metric, group, statistic)]
            verdict = judged(metric, row) or short_verdict(metric, group, row)
            levels = [level_words(metric, row[side]) for side in ("base", "plan")]
            more = would_do_words(row)
            rows.append((label, *levels, difference_words(metric, row), f"{verdict}; {more}" if more else verdict))
        header = ("Measure", "Base", "Plan", "Difference", "Verdict")
        tables.append(Table(f"{plan.label}: the numbers", header, rows, words=True))
    return tables


def _changes(plan: ComparedPlan) -> Table:
    rows = [(_named(change), change.base or "not given", change.plan or "not given") for change in plan.changes]
    return Table("What the plan changes", ("What it is", "Base", "Plan"), rows, words=True)


def _named(change: Change) -> Key | str:
    return Key(title_of(change.key), change.key) if find(route_to(change.key)) else change.key


def _facts(comparison: Comparison) -> list[tuple[str, str]]:
    """What another needs to make the same numbers again."""
    asked = comparison.kept_in.read_answer()
    runs = ", ".join(str(run["folder"]) for run in asked.get("runs", ()))
    keys = sorted({str(run["code_version"]) for run in asked.get("runs", ())})
    known = [
        ("The line that repeats it", str(asked.get("command", ""))),
        ("Pairs of histories", f"{comparison.replications:,}"),
        ("Seed", str(comparison.base.seed)),
        ("Version of the model", ", ".join(keys)),
        ("First made", str(asked.get("created", ""))),
        ("Runs", runs),
        ("Kept in", from_here(comparison.kept_in.path).name),
    ]
    return [(name, value) for name, value in known if value]
