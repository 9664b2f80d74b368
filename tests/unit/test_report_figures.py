"""The figures: titles that say the finding, nothing clipped, the same numbers the same bytes."""

from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.report.answers import save_figures
from sim.report.figures import style
from sim.report.figures.run import backlog, pictures, workload
from tests.support.fake_model import fake_result

NONE = (float("nan"), float("nan"))
NO_OFFICERS: dict[str, object] = {"caseload_per_officer": NONE, "workload_ratio": NONE}
NOTHING_OVERDUE: dict[str, object] = {
    "overdue_visits": (0, 0),
    "oldest_overdue_visit_days": (0, 0),
    "workload_ratio": NONE,
}
"""And no hours to work."""


@cache
def drawn(**options: object) -> dict[str, Figure]:
    """The figures, for tests that only look at them."""
    shown = pictures(fake_result(Path(), **options))  # type: ignore[arg-type]
    return {picture.name: picture.on() for picture in shown}


def title(figure: Figure) -> str:
    return figure.texts[0].get_text().replace("\n", " ")


def test_titles_are_the_findings() -> None:
    found = drawn(
        replications=1,
        overdue_visits=(40, 80),
        visit_coverage=(0.8, 0.6),
        workload_ratio=(1.1, 1.1),
        oldest_overdue_visit_days=(130, 130),
    )
    assert title(found["backlog"]).startswith("Overdue visits grow from 40 to ")
    assert " in three years; of high or very high risk at the end: 16" in title(found["backlog"])
    assert title(found["coverage"]).startswith("Offenders whose visit is in date fall from 80.0% to ")
    assert title(found["overdue_age"]).startswith("On 1 September 2027 the oldest overdue visit is 130 days late")
    assert title(found["workload"]).endswith("there is 10.0% more work than available hours")


def written(figure: Figure) -> list[Text]:
    """Every text that is drawn; ticks beyond the ends of an axis are not."""
    texts = list(figure.texts)
    for panel in figure.axes:
        texts += panel.texts
        for axis in (panel.xaxis, panel.yaxis):
            low, high = axis.get_view_interval()
            texts += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return texts


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"end": "2024-09-02", "replications": 1},
        {"end": "2034-09-01", "overdue_visits": (900_000, 1_480_000)},
        NOTHING_OVERDUE,
        {"visit_coverage": (1, 1), "risk_coverage": (1, 1), "unannounced_coverage": (1, 1), "workload_ratio": (0, 0)},
        NO_OFFICERS,
        {"overdue_visits": (1, 3), "name": "Each team costs $1, not $2: " + "what if " * 11},
    ],
    ids=["usual", "one day", "ten years", "nothing overdue", "all in date", "no officers", "few and a long name"],
)
@pytest.mark.filterwarnings("error")
def test_no_text_is_clipped_or_runs_into_another(options: dict[str, object]) -> None:
    for name, figure in drawn(**options).items():
        figure.canvas.draw()
        page, boxes = figure.bbox, []
        for text in written(figure):
            box = Text.get_window_extent(text)  # of an annotation the words alone, without the line to them
            assert page.x0 <= box.x0 <= box.x1 <= page.x1, (name, text.get_text())
            assert page.y0 <= box.y0 <= box.y1 <= page.y1, (name, text.get_text())
            boxes.append((text.get_text(), box))
        for index, (words, box) in enumerate(boxes):
            for others, other in boxes[index + 1 :]:
                assert not box.padded(-1).overlaps(other.padded(-1)), (name, words, others)


def test_every_axis_starts_at_zero_and_every_line_is_named() -> None:
    for figure in drawn().values():
        for panel in figure.axes:
            assert panel.get_ylim()[0] == 0
            lines = [line for line in panel.lines if np.size(line.get_xdata()) > 2]
            assert 1 <= len(lines) <= 4
            assert len(panel.texts) == len(lines)


def test_the_same_numbers_give_the_same_files_and_matplotlib_is_left_as_it_was(tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    save_figures(fake_result(tmp_path))
    saved = {f"figures/{file.name}": file.read_bytes() for file in (tmp_path / "figures").iterdir()}
    assert len(saved) == 8
    assert all(picture.startswith(b"\x89PNG") for name, picture in saved.items() if name.endswith("png"))
    (again,) = (picture.on() for picture in pictures(fake_result(tmp_path)) if picture.name == "coverage")
    assert style.as_svg(again) == saved["figures/coverage.svg"]
    assert style.as_png(again) == saved["figures/coverage.png"]
    assert b"dc:date" not in saved["figures/coverage.svg"]
    assert dict(matplotlib.rcParams) == before


def test_labels_move_apart_no_further_than_they_must() -> None:
    for wanted, apart in [
        ([0.1, 0.5, 0.9], [0.1, 0.5, 0.9]),
        ([0.5, 0.5], [0.55, 0.45]),
        ([0.9, 0.1, 0.12], [0.9, 0.06, 0.16]),
        ([0.0, 0.0, 0.0], [0.2, 0.1, 0.0]),
        ([0.3, 0.32, 0.34, 0.5], [0.22, 0.32, 0.42, 0.52]),
        ([1.0, 1.0, 0.2], [1.0, 0.9, 0.2]),
    ]:
        assert style.moved_apart(wanted, 0.1) == pytest.approx(apart, abs=0.011)


def test_workload_is_smoothed_over_four_weeks_and_a_week_cut_short_does_not_count(tmp_path: Path) -> None:
    result = fake_result(tmp_path, end="2024-10-16", workload_ratio=(1.0, 1.0))
    ratio = result.weekly["metric"] == "workload_ratio"
    for day, value in ((7, 3.0), (45, 9.0)):  # a week of bank holidays; the last three days
        result.weekly.loc[ratio & (result.weekly["day"] == day), ["mean", "p10", "p90"]] = value
    hours = workload(result).on().axes[1].lines[0].get_ydata()
    # With three times the hours wanted in one week of four, all else equal, that week had a third of the hours.
    assert hours == pytest.approx([3, 2 / (4 / 3), 3 / (7 / 3), 4 / (10 / 3), 1, 1, 1])


def test_where_there_is_nothing_to_show_the_figure_says_so() -> None:
    without_officers = drawn(**NO_OFFICERS)["workload"]
    assert title(without_officers) == "No officer is in post"
    assert [panel.texts[0].get_text() for panel in without_officers.axes] == ["nothing to show"] * 2
    without_hours = drawn(**NOTHING_OVERDUE)["workload"]
    assert title(without_hours).endswith("50.5 for three years; no hours are available, or no number would be enough")
    assert "nothing to show" not in without_hours.axes[0].texts[0].get_text()


def test_a_level_without_offenders_has_no_line(tmp_path: Path) -> None:
    result = fake_result(tmp_path)
    empty = (result.weekly["metric"] == "overdue_visits_share") & (result.weekly["group"] == "very_high")
    result.weekly.loc[empty, "mean"] = float("nan")
    labels = [text.get_text() for text in backlog(result).on().axes[0].texts]
    assert [label.split(":")[0] for label in labels] == ["High", "Medium", "Low"]


def test_no_backlog_is_of_no_risk() -> None:
    assert title(drawn(**NOTHING_OVERDUE)["backlog"]) == "Overdue visits stay at 0 for three years"
