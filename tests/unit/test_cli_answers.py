"""`compare`, `sweep`, `staff` and `sensitivity` as typed: what they print, keep, and end with."""

import json
import re
import shlex
from pathlib import Path

import pytest

from sim.cli import main
from tests.support.answers import settle

Captured = pytest.CaptureFixture[str]
PNG = b"\x89PNG"


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path, monkeypatch)


def typed(line: str, *more: str) -> int:
    return main([*line.split(), *more, "--workers", "1"])


def saved(pattern: str) -> Path:
    (folder,) = Path("results").glob(pattern)
    return folder


def test_compare_shows_inspectors_figures_first(capsys: Captured) -> None:
    assert typed("compare town.yaml plan.yaml") == 0
    out, err = capsys.readouterr()
    lines = [line.strip() for line in out.splitlines()]
    assert "teams, North, officers: 3 → 4" in lines
    places = [next(number for number, line in enumerate(lines) if text.casefold() in line.casefold()) for text in (
        "Better: fewer overdue visits: −", "overdue reviews", "oldest overdue visit", "Very high",
        "Coverage over", "hours worked for the caseload",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "Simulating 12" in err
    folder = saved("compare-town-*")
    assert lines[lines.index("Saved in") + 1].startswith(str(folder))
    assert lines[-1] == 'Next: python -m sim staff town.yaml --target "overdue_visits_share <= 0.05"'
    assert (folder / "figures" / "differences.png").read_bytes().startswith(PNG)
    assert "One more officer" in (folder / "figures" / "differences.svg").read_text()


def with_an_assumption(name: str) -> None:
    """The town as another scenario, in which one value has a range."""
    text = Path("town.yaml").read_text()
    Path(name).write_text(f"{text}assumptions: {{visits.visit_hours: {{quality: red, range: [0.5, 4]}}}}\n")


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("run town.yaml --set visits.retry_days=3 --from 2024-10-01",
         "compare town.yaml --set visits.retry_days=3 --from 2024-10-01"),
        ("sweep town.yaml --vary officers.total=2,3 --set visits.crew=1",
         "compare town.yaml --set officers.total=3 --set-all visits.crew=1"),
        ("sweep town.yaml --vary officers.total=2,3 --set visits.crew=1 --from 2024-10-01",
         "compare town.yaml --set officers.total=3 --set-all 2024-10-01:visits.crew=1 --from 2024-10-01"),
        ("compare town.yaml --set officers.total=4 --set-all visits.crew=1",
         'staff town.yaml --target "overdue_visits_share <= 0.05" --set visits.crew=1'),
        ("sensitivity known.yaml --trajectories 2 --set visits.crew=1",
         "explain known.yaml visits.visit_hours --set visits.crew=1"),
    ],
)  # fmt: skip
def test_the_next_command_keeps_what_was_set(line: str, following: str, capsys: Captured) -> None:
    with_an_assumption("known.yaml")
    assert typed(f"{line} --replications 2 --no-figures") == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"Next: python -m sim {following}"
    # And it can be typed as it stands.
    quick = [] if following.startswith("explain") else ["--replications", "2", "--workers", "1", "--no-figures"]
    assert main([*shlex.split(following), *quick]) in (0, 3)


def test_one_assumption_is_not_spoken_of_as_many(capsys: Captured) -> None:
    with_an_assumption("known.yaml")
    assert typed("sensitivity known.yaml --trajectories 2 --replications 2 --no-figures") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "One assumption was moved through its range: " in out
    assert not re.search(r"\b1 (assumptions|replications|points|plans)\b", out)


COSTS = (
    *("Offenders not visited, at the end: ", "Days at hidden risk: ", "Breaches not found, at the end: "),
    *(
        "Longest not seen, days, at the end: ",
        "Hours of officers and supervisors, a week: ",
        "Money, over the whole period: ",
    ),
)


def test_what_else_changes_is_always_shown_all_lines_in_their_order(capsys: Captured) -> None:
    assert typed("compare town.yaml plan.yaml --replications 2") == 0
    out = " ".join(capsys.readouterr().out.split())
    places = [out.index(words) for words in ("What else changes", *COSTS)]
    assert places == sorted(places)
    # One more officer for 121 days, at 60,000 a year: 60,000 × 121 / 365.25.
    assert "Money, over the whole period: +£19,900 (same in all 2); £59,600 → £79,500" in out
    assert "Money is that of officers in post and in the surge team at £60,000 a year" in out
    page = (saved("compare-town-*") / "report.html").read_text(encoding="utf-8")
    assert [words in page for words in map(str.strip, " ".join(COSTS).split(": ")[:-1])] == [True] * 6


def test_without_a_price_the_key_is_named(capsys: Captured) -> None:
    assert typed("compare town.yaml plan.yaml --set-all costs.officer_per_year=null --replications 2 --no-figures") == 0
    assert "Money, over the whole period: price not given (costs.officer_per_year)" in capsys.readouterr().out


def test_another_primary_measure_carries_the_verdict_alone(capsys: Captured) -> None:
    assert typed("compare town.yaml plan.yaml", "--measure", "hours_per_contact", "--no-figures") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "The primary measure, hours per offender seen on average, alone carries a verdict" in out
    assert "Primary measure, on average" in out
    assert "Better: fewer overdue visits" not in out
    assert "--measure hours_per_contact" in json.loads((saved("compare-town-*") / "answer.json").read_text())["command"]
    Path("named.yaml").write_text("extends: town.yaml\nprimary_measure: hours_per_contact\n")
    assert typed("compare named.yaml plan.yaml --no-figures") == 0
    assert "The primary measure, hours per offender seen on average" in " ".join(capsys.readouterr().out.split())
    Path("named.yaml").write_text("extends: town.yaml\nprimary_measure: overdue_visit\n")
    assert typed("compare named.yaml plan.yaml") == 2
    assert "did you mean overdue_visits?" in capsys.readouterr().err
    assert typed("compare town.yaml plan.yaml --measure overdue") == 2
    assert "--measure overdue: " in capsys.readouterr().err
    assert typed("compare town.yaml plan.yaml --measure crimes_open") == 2
    assert "--measure crimes_open: crimes_open is not counted in town.yaml" in capsys.readouterr().err


def test_compare_says_what_is_not_clear_and_how_many_would_be_needed(capsys: Captured) -> None:
    assert typed("compare town.yaml --set visits.retry_days=8 --replications 4 --no-figures") == 0
    out = capsys.readouterr().out
    assert "no clear difference with 4 replications; at least " in " ".join(out.split())
    assert not (saved("compare-town-*") / "figures").exists()


def test_compare_of_several_plans_says_how_it_corrects(capsys: Captured) -> None:
    assert typed("compare town.yaml plan.yaml --set visits.retry_days=8 --replications 3 --no-figures") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "as wide as Holm's correction for 2 plans asks" in out
    assert "Overdue visits; base: " in out


def test_compare_for_machines_prints_nothing_else(capsys: Captured) -> None:
    assert typed("compare town.yaml plan.yaml --replications 2 --json --no-figures") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["plans"][0]["name"] == "One more officer"


def test_what_cannot_be_paired_ends_with_2(capsys: Captured) -> None:
    assert typed("compare town.yaml plan.yaml --set-all end=2024-09-01") == 2
    assert "--set-all end=2024-09-01" in capsys.readouterr().err
    Path("other.yaml").write_text("extends: town.yaml\nseed: 9\n")
    assert typed("compare town.yaml other.yaml") == 2
    assert "other.yaml: has the seed 9, and town.yaml has the seed 7; fix it with --seed 7" in capsys.readouterr().err
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
    assert (saved("sweep-town-*") / "figures" / "overdue_visits_high.png").read_bytes().startswith(PNG)


def test_sweep_over_one_key_draws_a_line(capsys: Captured) -> None:
    assert typed("sweep town.yaml --vary officers.total=3..5 --replications 2") == 0
    picture = (saved("sweep-town-*") / "figures" / "overdue_visits.svg").read_text()
    assert "Total officer posts" in picture
    assert "mean" in picture


def test_sweep_needs_points_of_one_kind(capsys: Captured) -> None:
    assert typed("sweep town.yaml") == 2
    assert "--vary: is missing" in capsys.readouterr().err
    assert typed("sweep town.yaml --vary officers.total=3,4 --list points.csv") == 2
    assert typed("sweep town.yaml --vary officers.total=3,4 --metric overdue") == 2
    assert "--metric overdue: " in capsys.readouterr().err


def test_staff_prints_the_answer_its_range_its_price_and_what_there_is_now(capsys: Captured) -> None:
    line = "staff town.yaml --between 2..9 --replications 50"
    assert typed(line, "--target", "overdue_visits <= 6") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Wanted: overdue visits at most 6 on 31 December 2024, in at least 90% of replications (45 of 50)." in out
    assert re.search(r"4 officers: the target is met in (4[5-9]|50) of 50 replications\.", out)
    assert "Range that cannot be ruled out (95% confidence): " in out or "All other numbers are ruled out" in out
    assert "With 3, one fewer, it is met in " in out
    assert re.search(
        r"That is 1 more than now \(3, which meets the target in \d+ of 50 replications\): £60,000 a year", out
    )
    assert "to try every number searched, 2 to 9, would take 400" in out
    assert (
        "the first day of the scenario (a later date: --from); new posts are filled at once. The answer is for " in out
    )
    assert "Total officer posts" in out
    picture = (saved("staff-town-*") / "figures" / "curve.svg").read_text()
    assert picture.startswith("<?xml")
    assert (saved("staff-town-*") / "figures" / "curve.png").read_bytes().startswith(PNG)


def test_staff_prices_a_surge_team_while_it_is_there(capsys: Captured) -> None:
    line = "staff town.yaml --vary surge.officers --between 0..6 --replications 6"
    assert typed(line, "--target", "overdue_visits <= 4") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert re.search(r"officers? in the surge team: the target is met in", out)
    assert "a year more while they are there, at £60,000 each." in out


def test_staff_counts_money_from_the_date_on(capsys: Captured) -> None:
    line = "staff town.yaml --between 3..6 --from 2024-10-01 --replications 6 --no-figures"
    assert typed(line, "--target", "overdue_visits <= 3") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert re.search(
        r"than before 1 October 2024 \(3, .*\): £\d+,000 a year more from 1 October 2024 on, at £60,000", out
    )


def test_staff_ends_with_3_and_the_nearest_that_can_be_had_if_it_cannot_be_met(capsys: Captured) -> None:
    targets = ("--target", "overdue_visits <= 40", "--target", "overdue_visits_share <= 0")
    assert typed("staff town.yaml --between 1..3 --replications 10 --no-figures", *targets) == 3
    out = " ".join(capsys.readouterr().out.split())
    assert "overdue visits at most 40 and share of visits overdue at most 0% on 31 December 2024, both together," in out
    assert "Even 3 officers do not meet all targets in 90% of replications. Nearest: 3 officers; " in out
    assert "What fails: share of visits overdue at most 0%, met in " in out
    assert "What fails: overdue visits" not in out
    assert "In 90% of replications it comes to at most " in out


def test_staff_says_where_no_replication_has_a_value(capsys: Captured) -> None:
    nobody = ("--set", "caseload.risk_mix={low: 1, medium: 0, high: 0, very_high: 0}")
    for target in ("overdue_visits_share[high] <= 5%", "visit_coverage[high] >= 95%"):
        line = "staff town.yaml --between 1..3 --replications 5"
        assert typed(line, *nobody, "--target", target) == 0
        out = " ".join(capsys.readouterr().out.split())
        assert "No replication has a value: " in out
        assert "as nobody is of high risk. The target is neither met nor failed" in out
        assert "0.0%" not in out


def test_a_longest_wait_is_spoken_of_in_english(capsys: Captured) -> None:
    assert typed("staff town.yaml --between 3..4 --replications 2", "--target", "longest_unseen_days <= 2000") == 0
    assert "longest time that any offender has not been seen at most 2,000" in " ".join(capsys.readouterr().out.split())


def test_staff_refuses_a_target_it_does_not_understand(capsys: Captured) -> None:
    assert typed("staff town.yaml", "--target", "no backlog") == 2
    assert '--target "no backlog": is not understood; write' in capsys.readouterr().err


def test_sensitivity_with_one_replication_gives_no_interval(capsys: Captured) -> None:
    with_an_assumption("town.yaml")
    assert typed("sensitivity town.yaml --trajectories 2 --replications 1 --no-figures") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "no clear difference" in out


def test_one_assumption_is_not_ranked(capsys: Captured) -> None:
    with_an_assumption("town.yaml")
    assert typed("sensitivity town.yaml --trajectories 2 --replications 3") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "visits.visit_hours: over its range, 0.5 to 4, the result goes from " in out
    assert "Only one assumption was moved; nothing is ranked." in out
    assert not re.search("most influential|most sensitive|while the others", out, re.IGNORECASE)
    page = (saved("sensitivity-town-*") / "report.html").read_text(encoding="utf-8")
    assert not re.search("most influential|most sensitive|all others vary", page, re.IGNORECASE)


def test_sensitivity_ranks_what_the_result_is_most_sensitive_to(capsys: Captured) -> None:
    text = Path("town.yaml").read_text()
    Path("town.yaml").write_text(
        f"{text}assumptions:\n  visits.visit_hours: {{quality: red, range: [0.5, 4]}}\n"
        "  target.overdue_visits_share: {quality: red, range: [0.01, 0.2]}\n"
    )
    assert typed("sensitivity town.yaml --trajectories 2 --replications 3") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Most influential: visits.visit_hours. Over its range, 0.5 to 4, the result goes from " in out
    assert "No effect on the result: target.overdue_visits_share." in out
    assert (saved("sensitivity-town-*") / "figures" / "tornado.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize(
    ("command", "question"),
    [
        ("compare", "Is a plan better than the base, by how much, and how certain is that?"),
        ("sweep", "What is the result for every value of a key"),
        ("staff", "How many officers does it take to meet a target by a date"),
        ("sensitivity", "Which assumptions matter most to the result?"),
    ],
)
def test_each_says_which_question_it_answers(command: str, question: str, capsys: Captured) -> None:
    assert main([command, "--help"]) == 0
    assert question in " ".join(capsys.readouterr().out.split())
