"""Workbooks as the Analysis Function wants them, with a cover, contents, notes and a tidy table a sheet; that of a run.

Whatever a planner wrote stands in it as plain text, and never as a formula, a link or a reference.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

from sim.measure.metric import SHARES
from sim.measure.metrics import METRICS
from sim.report.text.assumptions import assumption_log, title_of, value_words
from sim.report.text.by_team import COLUMNS, teams_at_end
from sim.report.text.changes import changes_in_words, dated_changes
from sim.report.text.colours import RISK_COLOURS
from sim.report.text.framing import LIMITS, MADE
from sim.report.text.words import HEADINGS, RISK_WORDS, day_words
from sim.runs.intervals import whole
from sim.runs.result import RunResult
from sim.runs.summary import DIGITS
from sim.scenario import Scenario
from sim.scenario.paths import plain_value_at
from sim.scenario.schema import scenario_keys
from sim.scenario.source.faults import sanitise

WEEKLY = {**HEADINGS, "unannounced_coverage": "Share seen unannounced in a year"}
"""What is shown week by week; `weekly.parquet` in the folder of the run has everything."""

NOTES = {
    "interval": "Mean over the replications, with the lower and upper end of its 95% confidence interval, which shows "
    "the effect of chance on that mean. It does not show how far the assumptions are off.",
    "spread": "The 8-of-10 range: eight in ten replications lie in it. A real force has only one future, so plan for "
    "this range.",
    "end": "At the end: the midnight after the last day. On average: over the whole period.",
    "grades": "Evidence: green published, amber indirect, red a guess. Impact, how much the answer depends on it: red "
    "a lot, amber some, green little.",
    "difference": "Plan minus base, the mean over pairs of replications with the same random events, with the lower "
    "and upper end of its confidence interval; of shares in percentage points. Only the primary measure carries a "
    "verdict.",
    "influence": "How far the result moves over the range of the assumption, on average; any others moved vary too.",
    "x": "[x] stands where there is no value, such as the time to find a breach when none was found.",
}

LONGEST_CELL = 32_000
"""Letters; the format ends at 32,767."""

NO_VALUE = "[x]"

AS_SHARE, AS_TENTHS, AS_WHOLE, AS_DATE = "0.0%", "#,##0.0", "#,##0", "yyyy-mm-dd"
"""How numbers are shown; the cell holds them to six significant digits."""
WIDE, MIDDLE, NARROW = 60, 34, 17
"""Width of a column of sentences, of one of names, and of any other, as spreadsheets count it."""
_NAMES = ("Measure", "Name", "What it is", "Key", "Team", "Plan", "Target", "Verdict")
_HEAD = [["title"], ["instructions"], ["headings"]]
"""The rows above a table."""
_LETTERS, _LINE_POINTS, _A4 = 1.05, 16, 9

NO_TIME = dt.datetime(1980, 1, 1)
"""What the workbook says of when it was made, so that the same run gives the same file; the manifest knows."""


class Sheet(NamedTuple):
    """A sheet of the workbook: one table with headings. `notes` are those of `NOTES` that its columns need."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    notes: Mapping[str, str] = MappingProxyType({})
    sentences: Sequence[str] = ()
    """Columns that hold sentences, and are wide."""
    shown: Mapping[str, str] = MappingProxyType({})
    """How the numbers and dates of a column are shown."""
    metrics: Sequence[str] = ()
    """The metric of each row, where the `bounds` of each have a unit of their own."""
    bounds: Sequence[str] = ()
    chart: Callable[[Any, str, int], Any] | None = None
    """What makes a chart beside the table, of the book, the name of the sheet and the number of rows."""

    @property
    def cells(self) -> list[list[Any]]:
        return [[_cell(value) for value in row] for row in self.rows]


def written_workbook(
    title: str, intro: Sequence[str], made: Sequence[tuple[str, str]], sheets: Sequence[Sheet]
) -> bytes:
    """Sheets with their cover, contents and notes as a file; the same sheets give the same bytes.

    `made` are names with what they stand for, such as the seed.
    """
    import gptables

    shown = [sheet for sheet in sheets if sheet.rows]
    title, intro = harmless(title), list(map(harmless, intro))
    about = list(map(harmless, [*(f"{name}: {value}" for name, value in made), *LIMITS]))
    on_cover = [title, "Introductory information", *intro, "About these data", *about]
    tables = {sheet.name: _table(sheet) for sheet in shown}
    needed = {note for sheet in shown for note in sheet.notes.values()}
    texts = {note: text for note, text in NOTES.items() if note in needed}
    notes = pd.DataFrame({"Note": list(texts), "What it means": list(texts.values())})
    as_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    buffer = io.BytesIO()
    book = gptables.produce_workbook(
        buffer,
        tables,
        cover=gptables.Cover(title, intro=intro, about=about),
        contentsheet_options={"instructions": "This worksheet contains one table. It lists the other worksheets."},
        notes_table=notes,
        notesheet_options={"instructions": "This worksheet contains one table."},
        auto_width=False,
        workbook_options={**as_text, "in_memory": True},
    )
    written: dict[str, tuple[list[int], list[Any]]] = {
        "Cover": ([100], [[line] for line in on_cover]),
        "Contents": ([NARROW, WIDE], [*_HEAD, *([sheet.name, sheet.title] for sheet in shown)]),
        # The notes come in the order in which the sheets refer to them, so each gets room for the longest.
        "Notes": ([NARROW, 2 * WIDE], [*_HEAD, *([NO_VALUE, max(texts.values(), key=len)] for _ in texts)]),
    }
    for sheet in shown:
        widths = [WIDE if name in sheet.sentences else MIDDLE if name in _NAMES else NARROW for name in sheet.columns]
        written[sheet.name] = widths, [*_HEAD[:-1], [f"{name} [note 1]" for name in sheet.columns], *sheet.cells]
    charts = {sheet.name: sheet.chart(book, sheet.name, len(sheet.rows)) for sheet in shown if sheet.chart}
    for worksheet in book.worksheets():
        widths, rows = written[worksheet.name]
        _lay_out(worksheet, widths, rows)
        if worksheet.name in charts:
            worksheet.insert_chart(len(_HEAD) - 1, len(widths) + 1, *charts[worksheet.name])
    book.set_properties({"title": title, "comments": MADE, "created": NO_TIME})
    book.close()
    return buffer.getvalue()


def _lay_out(worksheet: Any, widths: Sequence[int], rows: Sequence[Sequence[Any]]) -> None:
    """Fit a sheet to the width of the paper, and each row to its longest text: not every program does that itself."""

    def length(value: Any) -> int:
        return len(f"{value:%Y-%m-%d}" if isinstance(value, dt.datetime) else str(value))

    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.fit_to_pages(1, 0)
    for place, width in enumerate(widths):
        worksheet.set_column(place, place, width)
    for number, row in enumerate(rows):
        # A title of one cell runs over the cells beside it, which are empty.
        cells = zip(row, widths if len(row) == len(widths) else [sum(widths)], strict=False)
        lines = max(math.ceil(length(text) / (_LETTERS * width)) for text, width in cells)
        if lines > 1:
            worksheet.set_row(number, _LINE_POINTS * lines)


def _table(sheet: Sheet) -> Any:
    import gptables

    cells = sheet.cells
    # Columns by number, as the name of one with a note is another once the note is set.
    places = list(range(len(sheet.columns)))
    wrapped = {"text_wrap": True, "valign": "top"}
    numbers = [p for p in places if all(isinstance(row[p], int | float) for row in cells if row[p] != NO_VALUE)]
    formats: list[dict[str, Any]] = [
        {"column": {"columns": chosen, "format": style, "include_names": True}}
        for chosen, style in ((places, wrapped), (numbers, {"align": "right"}))
        if chosen
    ]
    for name, shown in sheet.shown.items():
        formats.append({"column": {"columns": [sheet.columns.index(name)], "format": {"num_format": shown}}})
    for number, metric in enumerate(sheet.metrics, start=1):  # the first row is that of the headings
        for name in sheet.bounds:  # each by itself: of several cells it would format the last alone
            cell = number, sheet.columns.index(name)
            formats.append({"cell": {"cells": cell, "format": {"num_format": shown_as(metric)}}})
    return gptables.GPTable(
        pd.DataFrame(cells, columns=list(sheet.columns), dtype=object),
        sheet.name.lower().replace(" ", "_"),
        harmless(sheet.title),
        instructions="This worksheet contains one table.",
        table_notes={column: f"$${note}$$" for column, note in sheet.notes.items()},
        additional_formatting=formats,
    )


def _cell(value: Any) -> Any:
    """A number or a date as it is, a text made harmless, and where there is nothing the sign for it."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    if value is None or pd.isna(value):
        return NO_VALUE
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for anything else, and that is not empty."""
    plain = sanitise(" ".join(text.split()))[:LONGEST_CELL]
    plain = plain.replace("$$", "$ $").replace("](", "] (")  # else a reference to a note, and a link
    if plain.startswith(tuple("=+-@＝＋－＠")):  # may be taken for a formula
        plain = f"'{plain}"
    if not any(letter.isascii() and letter.isalnum() for letter in plain):
        return f"text: {plain}" if plain else "not given"
    return plain


def sheets(result: RunResult) -> list[Sheet]:
    """Every sheet with a table; that of the changes only if something was changed."""
    found = [make(result) for make in (_summary, _backlog, _teams, _weeks, _changes)]
    return [sheet for sheet in [*found, *scenario_sheets(result.scenario)] if sheet.rows]


def scenario_sheets(scenario: Scenario) -> list[Sheet]:
    """What every workbook ends with: the assumptions, the settings and the definitions of the measures."""
    of_assumption = attrgetter("title", "key", "value", "range", "quality", "impact", "source", "date", "note")
    assumptions = Sheet(
        "Assumptions",
        "The assumption log: first those on which the answer depends most",
        ("What it is", "Key", "Value", "Plausible range", "Evidence", "Impact", "Source", "Date", "Note"),
        list(map(of_assumption, assumption_log(scenario))),
        {"Evidence": "grades"},
        sentences=("Source", "Note"),
    )
    rows = [
        (title_of(key.name), key.name, value_words(plain_value_at(scenario, key.name)), key.unit, key.meaning)
        for key in scenario_keys().settable()
        if key.name not in ("levers", "assumptions")
    ]
    columns = ("What it is", "Key", "Value", "Unit", "Meaning")
    settings = Sheet("Settings", "Every value of the scenario", columns, rows, sentences=("Value", "Meaning"))
    rows = list(map(attrgetter("title", "name", "definition", "unit", "better"), METRICS.values()))
    columns = ("Measure", "Name", "Definition", "Unit", "Better")
    definitions = Sheet("Definitions", "What each measure counts", columns, rows, sentences=("Definition",))
    return [assumptions, settings, definitions]


def group_words(group: str) -> str:
    """A risk level, or another group of offenders or cases, in words."""
    return RISK_WORDS.get(group, "All levels" if group == "total" else group.replace("_", " "))


MEASURE = ("Measure", "Name", "Risk", "When", "Unit")


def measure_cells(metric: str, group: str, statistic: str) -> tuple[str, ...]:
    known = METRICS.get(metric)
    title, unit = (known.title, known.unit) if known else (metric, NO_VALUE)
    when = {"at_end": "at the end", "average": "on average"}.get(statistic, statistic)
    return title, metric, group_words(group), when, unit


def _summary(result: RunResult) -> Sheet:
    rows = [
        (*measure_cells(row.metric, row.group, row.statistic), row.mean, row.low, row.high, int(row.n))
        for row in result.summary.itertuples()
    ]
    columns = (*MEASURE, "Mean", "Lower end", "Upper end", "Replications")
    notes = {"When": "end", "Mean": "interval", "Lower end": "x"}
    title = "Every measure at the end and on average, by recorded risk"
    shown, metrics = {"Replications": AS_WHOLE}, [row[1] for row in rows]
    return Sheet("Summary", title, columns, rows, notes, shown=shown, metrics=metrics, bounds=columns[5:8])


def shown_as(metric: str) -> str:
    """How the values of a metric are shown: shares in per cent."""
    return AS_SHARE if metric in METRICS and METRICS[metric].unit in SHARES else AS_TENTHS


def _backlog(result: RunResult) -> Sheet:
    levels = {
        words: weeks["mean"]
        for risk, words in reversed(RISK_WORDS.items())
        if (weeks := result.weeks("overdue_visits", risk))["mean"].notna().all() and len(weeks)
    }
    rows = list(zip(result.weeks("overdue_visits")["date"], *levels.values(), strict=True))
    title = "Overdue visits by recorded risk, week by week: mean over the replications"
    columns = ("Date", *levels)
    colours = [RISK_COLOURS[risk] for risk, words in RISK_WORDS.items() if words in levels][::-1]

    def chart(book: Any, name: str, number: int) -> tuple[Any, dict[str, Any]]:
        first, last = len(_HEAD), len(_HEAD) + number - 1
        lines = book.add_chart({"type": "line"})
        for place, colour in enumerate(colours, start=1):
            series = {"categories": [name, first, 0, last, 0], "values": [name, first, place, last, place]}
            line = {"color": colour, "width": 2.25}
            lines.add_series({"name": [name, first - 1, place], **series, "line": line})
        lines.set_title({"name": "Overdue visits by recorded risk", "name_font": {"size": 14}, "overlay": False})
        lines.set_x_axis({"date_axis": True, "num_format": "mmm yyyy", "major_gridlines": {"visible": False}})
        grid = {"visible": True, "line": {"color": "#D9D9D9"}}
        lines.set_y_axis({"num_format": AS_WHOLE, "min": 0, "major_gridlines": grid, "name": "Overdue visits"})
        lines.set_legend({"position": "bottom"})
        lines.set_size({"width": 760, "height": 400})
        ends = (f"{words}: from {whole(line.iloc[0])} to {whole(line.iloc[-1])}" for words, line in levels.items())
        described = f"Lines of overdue visits by recorded risk, week by week. {'; '.join(ends)}."
        return lines, {"description": described}

    shown = {"Date": AS_DATE, **dict.fromkeys(levels, AS_TENTHS)}
    return Sheet("Backlog", title, columns, rows if levels else [], {"Date": "spread"}, shown=shown, chart=chart)


def _teams(result: RunResult) -> Sheet:
    share, columns, teams = COLUMNS["overdue_visits_share"], ["Team"], teams_at_end(result.teams)
    rows: list[list[Any]] = [[team.name] for team in teams]
    for metric, heading in COLUMNS.items():
        bounds = 3 if heading == share else 1
        columns += [heading, f"{heading}: lower end", f"{heading}: upper end"][:bounds]
        for row, team in zip(rows, teams, strict=True):
            row += team.values[metric][:bounds]
    shown = {name: AS_SHARE if name.startswith(share) else AS_TENTHS for name in columns[1:]}
    title = f"The backlog by team on {day_words(result.scenario.end)}, the largest share overdue first"
    return Sheet("Teams", title, columns, rows, {share: "interval", columns[3]: "x"}, shown=shown)


def _weeks(result: RunResult) -> Sheet:
    weekly = result.weekly[result.weekly["metric"].isin(WEEKLY)]
    wide = weekly.pivot(index=["date", "group"], columns="metric", values=["mean", "p10", "p90"])
    columns, chosen = ["Date", "Risk"], []
    for metric, title in WEEKLY.items():
        columns.append(title)
        chosen.append(("mean", metric))
        if metric == "overdue_visits":
            columns += [f"{title}: low end of 8 in 10", f"{title}: high end of 8 in 10"]
            chosen += [("p10", metric), ("p90", metric)]
    order = {group: place for place, group in enumerate(["total", *reversed(RISK_WORDS)])}
    known = sorted((date, order[group], group) for date, group in wide.index if group in order)
    values = wide.reindex(columns=pd.MultiIndex.from_tuples(chosen))
    rows = [(date, group_words(group), *values.loc[(date, group)].tolist()) for date, _, group in known]
    notes = {"Overdue visits": "interval", columns[3]: "spread"}
    shown = {heading: shown_as(metric) for metric, heading in WEEKLY.items()}
    shown |= {"Date": AS_DATE, columns[3]: AS_TENTHS, columns[4]: AS_TENTHS}
    return Sheet("Weeks", "The backlog week by week, by recorded risk", columns, rows, notes, shown=shown)


def _changes(result: RunResult) -> Sheet:
    title, rows, from_base = "What was changed", [], changes_in_words(result.changes)
    if from_base and (plan := from_base.plan):
        title += f", built on {plan.base}"
        rows += [(c.title, c.key, "the whole period", c.was, c.now) for c in plan.changes]
    rows += [(c.title, c.key, f"from {c.since}", NO_VALUE, c.value) for c in dated_changes(result.scenario.levers)]
    columns = ("What it is", "Key", "When", "In the base", "Here")
    return Sheet("Changes", title, columns, rows, {"In the base": "x"}, sentences=columns[3:])
