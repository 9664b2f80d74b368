"""Answers in a notebook: reported as on the command line, shown as figures that say what they find."""

import base64
from pathlib import Path

import pytest

from sim import compare, load, plot, print_summary, run, sensitivity, staff, sweep
from sim.report.answers import save_figures
from sim.runs.load import LoadedScenario

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"


@pytest.fixture
def autumn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadedScenario:
    """Two replications of one team over two months, in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    return load(SMALL, end="2024-10-31", replications=2)


def test_every_answer_is_reported_as_on_the_command_line_and_shown_as_a_figure(autumn, capsys):
    more = autumn.update({"officers.total": 12}, name="Twelve officers")
    keys = ["officers.available_share", "visits.no_contact.unannounced"]
    answers = {
        "The backlog on 31 October 2024": run(autumn, workers=1),
        "Twelve officers, against One team, one year": compare(autumn, more, workers=1),
        "officers.total   Overdue visits at the end": sweep(autumn, {"officers.total": [8, 12]}, workers=1),
        "Wanted: overdue visits at most 80": staff(
            autumn, "overdue_visits <= 80", between="8..16", workers=1, replications=2
        ),
        "2 assumptions were moved": sensitivity(autumn, only=keys, trajectories=2, workers=1),
    }
    for words, answer in answers.items():
        print_summary(answer)
        assert words in capsys.readouterr().out
        shown = plot(answer)
        data, look = shown._repr_mimebundle_()
        assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
        assert look["image/png"]["alt"] == shown.title != ""
        assert data["text/plain"] == f"<Figure: {shown.title}>" == repr(shown)
    result, _, swept, *_ = answers.values()
    assert plot(result, "coverage").title.startswith("Offenders whose visit is in date")
    assert plot(swept, "overdue_reviews").title.startswith("Overdue reviews")
    print_summary(swept, "overdue_visits[high]")
    assert "Overdue high-risk visits at the end" in capsys.readouterr().out


def test_a_figure_that_is_not_there_and_what_is_no_answer(autumn):
    result = run(autumn, workers=1)
    with pytest.raises(ValueError, match="age: there is no such figure; this answer has backlog, coverage"):
        plot(result, "age")
    by_rule = sweep(autumn, {"caseload.priority": ["earliest_due", "quick_wins"]}, workers=1)
    with pytest.raises(ValueError, match="this answer: there is no such figure; a sweep is drawn over one key in num"):
        plot(by_rule)
    with pytest.raises(TypeError, match="DataFrame is no answer; give what run, open_run, compare"):
        print_summary(result.summary)


def test_what_is_saved_is_reported_by_what_is_there(autumn, capsys):
    found = compare(autumn, autumn.update({"officers.total": 12}), workers=1, out="answer")
    print_summary(found)
    assert "  answer (differences.csv with every metric)\n" in capsys.readouterr().out
    save_figures(found)
    print_summary(found)
    assert "  answer (differences.csv with every metric, figures)\n" in capsys.readouterr().out
