"""What stands on the axes of a figure: titles with units, shares in per cent, labels that fit."""

from pathlib import Path

import matplotlib
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.cli import main
from sim.report.answers import charts
from sim.report.figures import differences, style
from sim.report.text.axes import axis_title, axis_value, short_title
from sim.report.text.colours import ORANGE
from sim.studies.sweep import sweep
from tests.support.fake_model import FIRST_AND_LAST, SCENARIO, FakeModel, use
from tests.support.pages import Page


def test_a_key_is_named_by_its_title_and_unit() -> None:
    for key, axis, short in [
        ("officers.total", "Total officer posts", "total officer posts"),
        ("visits.announced_share.low", "Visits, announced share, low risk", "announced share, low risk"),
        ("breaches.enquiry_hours", "Breaches, hours of an enquiry", "hours of an enquiry"),
        ("turnover.recruitment_days", "Turnover, recruitment (days)", "recruitment"),
        ("teams.0.officers", "Teams, officers", "officers"),
    ]:
        assert (axis_title(key), short_title(key)) == (axis, short)


def test_a_value_is_written_for_people() -> None:
    for key, value, words in [
        ("visits.announced_share", 0.2, "20%"),
        ("visits.announced_share", 0.125, "12.5%"),
        ("officers.total", 1250, "1,250"),
        ("breaches.enquiry_hours", 0.5, "0.5"),
        ("caseload.priority", "highest_risk_first", "highest risk first"),
        ("calendar.bank_holidays", True, "True"),
    ]:
        assert axis_value(key, value) == words


def test_a_label_takes_the_room_it_has_and_no_more() -> None:
    assert style.fitted("Short", 2, 10, 1) == "Short"
    long = "Fourteen more officers in Westminster and Hammersmith from the first of April, and overtime"
    for lines in (1, 2):
        shown = style.fitted(long, 2, 10, lines).split("\n")
        assert len(shown) == lines
        assert shown[-1].endswith(" …")
        assert all(style.width_of(line, 10) <= 2 for line in shown)
    assert style.width_of(style.fitted("W" * 99, 2, 10, 2), 10) <= 2
    assert style.fitted("a\u202eb", 2, 10, 1) == "a�b"  # the letter that turns the rest around is shown, not obeyed


def test_a_heat_map_grows_to_the_right_and_upwards_and_frames_what_is_there_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    Path("town.yaml").write_text(SCENARIO)
    Path("now.yaml").write_text("extends: town.yaml\nofficers: {total: 5}\nvisits: {announced_share: 0.2}\n")
    found = sweep(
        "now.yaml",
        ["officers.total=6,4,5", "visits.announced_share=0.6,0.2"],
        replications=2,
        workers=1,
    )
    (chart,) = charts(found)
    (axes,) = chart.on().axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["4", "5", "6"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["20%", "60%"]
    bottom, top = axes.get_ylim()
    assert bottom < top  # the first line, the smaller value, lies at the bottom
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Total officer posts", "Visits, announced\nshare")
    (frame,) = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    middle = frame.get_x() + frame.get_width() / 2, frame.get_y() + frame.get_height() / 2
    assert middle == pytest.approx((1, 0))
    assert matplotlib.colors.to_hex(frame.get_edgecolor()) == ORANGE.lower()


def test_the_figure_of_a_comparison_is_there_on_every_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    monkeypatch.setitem(FIRST_AND_LAST, "hours_worked", (150, 160))
    Path("town.yaml").write_text(SCENARIO)
    Path("plan.yaml").write_text(
        "extends: town.yaml\nname: Fourteen more officers in Westminster and Hammersmith from April, with overtime\n"
        "visits: {retry_days: 3}\n"
    )
    line = ["compare", "town.yaml", "plan.yaml", "--set", "visits.retry_days=9", "--workers", "1", "--out", "answer"]
    assert main(line) == 0
    page = Page(Path("answer/report.html").read_text(encoding="utf-8"))
    pictures = [svg for svg in page.all("svg") if svg.around and "figure" in svg.around]
    assert [svg.attributes["class"] for svg in pictures] == ["laptop", "phone"]
    assert "Fourteen more officers" in pictures[1].words
    labels = [" ".join(text.words.split()) for text in page.all("text")]
    assert "Westminster and …" in labels  # on two lines, as there is no room for all beside the data


def test_the_axis_of_a_comparison_has_a_tick_on_each_side_that_dots_reach() -> None:
    rows = [
        differences.Row("Overdue visits", False, -20, -40, -10, "black", ""),
        differences.Row("Hours worked a week", False, 60, 40, 85, "black", ""),
    ]
    axes = Figure().add_subplot()
    differences._draw_dots(axes, rows, 0)
    low, high = axes.get_xlim()
    shown = [tick for tick in axes.get_xticks() if low <= tick <= high]
    assert min(shown) < 0 < max(shown)
