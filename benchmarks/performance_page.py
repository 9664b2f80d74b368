"""What docs/performance.md shows of the measurements: tables, the figure, and the machine they were made on."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import statistics
from importlib import metadata
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from benchmarks.comparison import Comparison
from benchmarks.engines import ENGINES, PLAIN, THIS_PROGRAM, C
from docs.what_ifs import renewed
from sim.report.figures.style import FILE, as_svg, in_style, plain_page
from sim.report.text.colours import DARK_BLUE, INK, ORANGE, QUIET
from sim.report.text.words import day_words

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "performance.md"
FIGURE = REPOSITORY / "docs" / "images" / "performance.svg"

_COLOURS = {"base": DARK_BLUE, "stress": ORANGE}


def seconds(value: float) -> str:
    """Two or three figures that count: `0.0354`, `2.60`, `19.3`."""
    return f"{value:#.3g}" if value < 100 else f"{value:,.0f}"


def ratio(value: float) -> str:
    """`0.35`, `1.4`, `57`"""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def markdown(lines: list[list[str]]) -> str:
    """A table whose first column is words and the others numbers."""
    head, *body = lines
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---", *("---:" for _ in head[1:])], *body])


def engine_table(found: Comparison) -> str:
    """A line for each engine: seconds, ratios, memory."""
    names = [engine.name for engine in found.engines]
    loads = found.loads
    head = ["engine", *(f"{load}, s" for load in loads)]
    against = [(other, words) for other, words in ((PLAIN, "plain SimPy"), (C, "C")) if other in names]
    head += [f"{'times as fast as' if other == PLAIN else 'times the time of'} {words}" for other, words in against]
    lines = [[*head, "memory, MB", "weekly counts"]]
    for engine in found.engines:
        results = [found.results[load, engine.name] for load in loads]
        line = [engine.label, *(seconds(result.median_seconds) for result in results)]
        for other, _ in against:
            pairs = [(engine.name, other) if other == PLAIN else (other, engine.name) for _ in loads]
            line.append(" / ".join(ratio(found.times(load, *pair)) for load, pair in zip(loads, pairs, strict=True)))
        line.append(f"{max(statistics.median(result.megabytes) for result in results):.0f}")
        line.append("identical" if engine.whole_model else "of another model")
        lines.append(line)
    return markdown(lines)


def engine_figure(found: Comparison) -> Figure:
    """A dot for each engine and load, the fastest on top, on an axis of powers of ten."""
    ours = {load: found.results[load, THIS_PROGRAM].median_seconds for load in found.loads}
    engines = sorted(found.engines, key=lambda engine: found.results[found.loads[0], engine.name].median_seconds)
    title = f"Five years of 300 officers in {ours[found.loads[0]]:.2g} seconds"
    if PLAIN in {engine.name for engine in engines}:
        quicker = " and ".join(f"{ratio(found.times(load, THIS_PROGRAM, PLAIN))} ({load})" for load in found.loads)
        title += f", {quicker} times as fast as plain SimPy"
    with in_style():
        drawn = "Seconds for one replication of the caseload benchmark, median; each step is ten times the last."
        foot = f"Caseload benchmark: 300 officers, 9,000 offenders, five years; {machine()}"
        figure, axes = plain_page((title, drawn, foot), 3.6, FILE, left=3.65, right=0.4)
        for place, engine in enumerate(engines):
            values = [found.results[load, engine.name].median_seconds for load in found.loads]
            axes.plot(values, [place] * len(values), color=QUIET, linewidth=1, zorder=1)
            for load, value in zip(found.loads, values, strict=True):
                axes.plot(value, place, "o", color=_COLOURS[load], markersize=8, zorder=2, linestyle="none")
            axes.annotate(
                " / ".join(seconds(value) for value in values),
                (max(values), place),
                xytext=(10, 0),
                textcoords="offset points",
                va="center",
                color=INK,
            )
        axes.set_yticks(range(len(engines)), [engine.label.replace("*", "") for engine in engines])
        for label, engine in zip(axes.get_yticklabels(), engines, strict=True):
            label.set_fontweight("bold" if engine.name == THIS_PROGRAM else "normal")
        everything = [result.median_seconds for result in found.results.values()]
        axes.set_xscale("log")
        axes.set_xlim(min(everything) / 2, max(everything) * 6)
        axes.set_ylim(len(engines) - 0.5, -0.6)
        axes.xaxis.set_major_locator(LogLocator(10))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} s"))
        axes.grid(axis="x", visible=True)
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
        _name_colours(axes, found, engines[-1].name, len(engines) - 1)
    return figure


def _name_colours(axes: Axes, found: Comparison, engine: str, place: int) -> None:
    """Write beside the dots of the slowest engine, where there is room to the left, which colour is which load."""
    for below, load in enumerate(found.loads):
        value = found.results[load, engine].median_seconds
        axes.annotate(
            load,
            (value, place),
            xytext=(-70, 8 - 16 * below),
            textcoords="offset points",
            va="center",
            ha="right",
            color=INK,
            arrowprops={"arrowstyle": "-", "color": _COLOURS[load], "linewidth": 1, "shrinkB": 5},
        )


def machine() -> str:
    """What kind of processor, how many cores, which Python: enough to judge seconds by, and nothing that names it."""
    kind = platform.processor() or platform.machine()
    facts = Path("/proc/cpuinfo")
    if facts.exists() and (model := re.search(r"^model name\s*:\s*(.+)$", facts.read_text(), re.MULTILINE)):
        kind = model[1].strip()
    return f"{kind}, {os.cpu_count()} cores, Python {platform.python_version()}"


def versions(*packages: str) -> str:
    """`numba 0.68.0, simpy 4.1.2`, of those that are installed."""
    found = []
    for package in packages:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(found)


def renew_engines(found: Comparison) -> None:
    """Put the comparison on the page, and its figure beside it."""
    FIGURE.write_bytes(as_svg(engine_figure(found)))
    there = {engine.name for engine in found.engines}
    missing = [engine.label.replace("*", "") for engine in ENGINES if engine.name not in there]
    words = (
        f"Medians of {found.rounds} rounds, {day_words(dt.date.today())}: {machine()}; "
        f"{versions('simpy', 'salabim', 'ciw', 'numba', 'numpy')}. Where two numbers stand, base / stress. Memory is "
        "the peak of the whole process, with its packages and the replication laid out."
    )
    if missing:
        words += f" Left out, because not installed: {', '.join(missing)}."
    renew("engines", f"{engine_table(found)}\n\n{words}")


def renew(name: str, text: str) -> None:
    """Replace what stands between the comments of that name."""
    page = renewed(PAGE.read_text(encoding="utf-8"), name, text, PAGE)
    PAGE.write_text(page, encoding="utf-8", newline="\n")
