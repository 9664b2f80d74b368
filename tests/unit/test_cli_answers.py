"""`compare`, `sweep`, `staff` and `sensitivity` as typed: what they print, keep, and end with."""

import json
from pathlib import Path

import pytest
from answer_desk import settle

from sim.cli import main

Captured = pytest.CaptureFixture[str]
PNG = b"\x89PNG"


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path, monkeypatch)


def typed(line: str, *more: str) -> int:
    return main([*line.split(), *more, "--workers", "1"])


def kept(pattern: str) -> Path:
    (folder,) = Path("results").glob(pattern)
    return folder


def test_compare_tells_inspectors_figures_first(capsys: Captured) -> None:
    assert typed("compare town.yaml plan.yaml") == 0
    out, err = capsys.readouterr()
    lines = [line.strip() for line in out.splitlines()]
    assert lines[1] == "One more officer, against Smalltown"
    assert "teams, North, officers: 3 → 4" in lines
    places = [next(number for number, line in enumerate(lines) if text.casefold() in line.casefold()) for text in (
        "Better: fewer overdue visits: −", "overdue reviews", "oldest overdue visit", "Very high",
        "Coverage over", "hours worked for the caseload",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "Simulating 12" in err
    folder = kept("compare-town-*")
    assert lines[-1].startswith(str(folder))
    assert (folder / "figures" / "differences.png").read_bytes().startswith(PNG)
    assert "One more officer" in (folder / "figures" / "differences.svg").read_text()


def test_compare_says_what_it_cannot_tell_and_how_many_would(capsys: Captured) -> None:
    assert typed("compare town.yaml --set visits.retry_days=8 --replications 4 --no-figures") == 0
    out = capsys.readouterr().out
    assert "cannot tell with 4 replications; about " in " ".join(out.split())
    assert not (kept("compare-town-*") / "figures").exists()


def test_compare_of_several_plans_says_how_it_corrects(capsys: Captured) -> None:
    assert typed("compare town.yaml plan.yaml --set visits.retry_days=8 --replications 3") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "2 plans, against the base" in out
    assert "as wide as Holm's correction for 2 plans asks" in out
    assert "Overdue visits; base: " in out


def test_compare_for_machines_prints_nothing_else(capsys: Captured) -> None:
    assert typed("compare town.yaml plan.yaml --replications 2 --json --no-figures") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["plans"][0]["name"] == "One more officer"


def test_what_cannot_be_paired_ends_with_2(capsys: Captured) -> None:
    assert typed("compare town.yaml plan.yaml --set-all end=2024-09-01") == 2
    assert "--set end=2024-09-01" in capsys.readouterr().err
    Path("other.yaml").write_text("extends: town.yaml\nseed: 9\n")
    assert typed("compare town.yaml other.yaml") == 2
    assert "other.yaml: has the seed 9, and town.yaml has the seed 7; mend it with --seed 7" in capsys.readouterr().err
    assert typed("compare town.yaml") == 2
    assert not Path("results").exists()


def test_sweep_prints_a_line_for_each_point_and_draws(capsys: Captured) -> None:
    line = "sweep town.yaml --vary officers.total=3..4 --vary visits.retry_days=7,14 --replications 2"
    assert typed(line, "--metric", "overdue_visits[high]", "--metric", "breach_detection_days") == 0
    out = capsys.readouterr().out
    assert "Overdue high-risk visits at the end" in out
    assert "Time to find a breach on average" in out
    assert [row.split()[:2] for row in out.splitlines() if row[:20].strip() in ("3", "4")] == [
        ["3", "7"], ["3", "14"], ["4", "7"], ["4", "14"],
    ]  # fmt: skip
    assert (kept("sweep-town-*") / "figures" / "overdue_visits_high.png").read_bytes().startswith(PNG)


def test_sweep_over_one_key_draws_a_line(capsys: Captured) -> None:
    assert typed("sweep town.yaml --vary officers.total=3..5 --replications 2") == 0
    picture = (kept("sweep-town-*") / "figures" / "overdue_visits.svg").read_text()
    assert "Officers in all" in picture
    assert "mean" in picture


def test_sweep_needs_points_of_one_kind(capsys: Captured) -> None:
    assert typed("sweep town.yaml") == 2
    assert "--vary: is missing" in capsys.readouterr().err
    assert typed("sweep town.yaml --vary officers.total=3,4 --list points.csv") == 2
    assert typed("sweep town.yaml --vary officers.total=3,4 --metric overdue") == 2
    assert "--metric overdue: " in capsys.readouterr().err


def test_staff_tells_the_answer_its_price_and_what_one_fewer_would_be(capsys: Captured) -> None:
    assert typed("staff town.yaml --between 2..9", "--target", "overdue_visits <= 6") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Wanted: overdue visits at most 6 on 31 December 2024, in at least 90 % of histories (6 of 6)." in out
    assert "the target is met in 6 of 6 histories. One fewer is not enough: " in out
    assert "more than now (3): £" in out
    assert "to try every number would take 48" in out
    assert (kept("staff-town-*") / "figures" / "curve.png").read_bytes().startswith(PNG)


def test_staff_prices_a_surge_team_while_it_is_there(capsys: Captured) -> None:
    assert typed("staff town.yaml --vary surge.officers --between 0..6", "--target", "overdue_visits <= 4") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "officers in the surge team: the target is met in" in out
    assert "a year more while they are there, at £60,000 each." in out


def test_staff_ends_with_3_if_it_cannot_be_met(capsys: Captured) -> None:
    assert typed("staff town.yaml --between 1..3", "--target", "overdue_visits <= 0") == 3
    out = " ".join(capsys.readouterr().out.split())
    assert "It cannot be met with up to 3 officers: with that many the target is met in 0 of 1 histories tried" in out


def test_staff_refuses_a_target_it_does_not_understand(capsys: Captured) -> None:
    assert typed("staff town.yaml", "--target", "no backlog") == 2
    assert '--target "no backlog": is not understood; write' in capsys.readouterr().err


def test_sensitivity_with_one_history_tells_no_interval(capsys: Captured) -> None:
    pytest.importorskip("SALib")
    text = Path("town.yaml").read_text()
    Path("town.yaml").write_text(f"{text}assumptions: {{visits.visit_hours: {{quality: red, range: [0.5, 4]}}}}\n")
    assert typed("sensitivity town.yaml --trajectories 2 --replications 1 --no-figures") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Of one it cannot be told with one history whether it matters alone." in out


def test_sensitivity_tells_what_the_answer_hangs_on(capsys: Captured) -> None:
    pytest.importorskip("SALib")
    text = Path("town.yaml").read_text()
    Path("town.yaml").write_text(
        f"{text}assumptions:\n  visits.visit_hours: {{quality: red, range: [0.5, 4]}}\n"
        "  target.overdue_visits_share: {quality: red, range: [0.01, 0.2]}\n"
    )
    assert typed("sensitivity town.yaml --trajectories 2 --replications 3") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Most of all on visits.visit_hours: over its range, 0.5 to 4, the answer goes from " in out
    assert "Nothing here depends on target.overdue_visits_share." in out
    assert (kept("sensitivity-town-*") / "figures" / "tornado.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize(
    ("command", "question"),
    [
        ("compare", "Is a plan better than the base, by how much, and how sure is that?"),
        ("sweep", "What comes of every value of a key"),
        ("staff", "How many officers does it take to meet a target by a date"),
        ("sensitivity", "Which assumption does the answer hang on?"),
    ],
)
def test_each_says_which_question_it_answers(command: str, question: str, capsys: Captured) -> None:
    assert main([command, "--help"]) == 0
    assert question in " ".join(capsys.readouterr().out.split())
