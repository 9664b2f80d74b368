"""The headline: size, risk and age of the backlog, in words that fit the numbers."""

import io
from pathlib import Path

import pytest
from experiment_fake import fake_result, smalltown
from rich.console import Console

from sim.experiment.plan import Plan
from sim.experiment.pool import Outcome
from sim.report.progress import ProgressBar
from sim.report.terminal import (
    backlog_sentences,
    coverage_sentences,
    print_headline,
    recovery_sentence,
    workload_sentences,
)


def page(folder: Path, **options: object) -> str:
    out = io.StringIO()
    print_headline(fake_result(folder, **options), Console(file=out))  # type: ignore[arg-type]
    return out.getvalue()


def test_what_inspectors_ask_for_comes_first(tmp_path: Path) -> None:
    text = page(tmp_path)
    order = [
        "Smalltown",
        "The backlog on 1 September 2027",
        "Overdue visits:",
        "Risk ",
        "Very high",
        "Low ",
        "Coverage",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "In brackets: 95 % interval of the mean over 3 replications." in text


def test_one_history_claims_no_certainty(tmp_path: Path) -> None:
    text = page(tmp_path, replications=1)
    assert "One simulated history: no interval can be given." in text
    assert " to 6" not in text.split("Overdue visits:")[1].split(".")[0]


def test_lines_fit_the_page_and_end_without_blanks(tmp_path: Path) -> None:
    lines = page(tmp_path).splitlines()
    assert max(map(len, lines)) <= 100
    assert not [
        line for line in lines if line.startswith("  ") and "Risk" not in line and line != line.rstrip() and ":" in line
    ]


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ((40, 64), "They grow from 40 to 6"),
        ((64, 40), "They fall from 64 to 39 in three years."),
        ((40, 40), "They stay at about 40 for three years."),
    ],
)
def test_the_backlog_is_said_to_go_where_it_goes(tmp_path: Path, moves: tuple[float, float], words: str) -> None:
    assert words in backlog_sentences(fake_result(tmp_path, overdue_visits=moves))[0]


def test_the_oldest_item_has_an_age(tmp_path: Path) -> None:
    sentence = backlog_sentences(fake_result(tmp_path, oldest_overdue_visit_days=(130, 130)))[2]
    assert sentence.startswith("The oldest overdue visit is 130 days late; the offender unseen for longest")


def test_coverage_is_over_time_and_at_the_end(tmp_path: Path) -> None:
    over_time, at_end = coverage_sentences(
        fake_result(tmp_path, visit_coverage=(0.8, 0.8), risk_coverage=(0.9, 0.9), unannounced_coverage=(0.3, 0.3))
    )
    assert over_time == "In date: 80.0\u00a0% of all offender-days; weighted by risk, 90.0\u00a0%."
    assert at_end == "Seen unannounced within the last year, at the end: 30.0\u00a0% of offenders."


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ((1.1, 1.1), "The work wants 110.0\u00a0% of the hours there are: there are too few, and the backlog grows."),
        ((0.8, 0.8), "The work wants 80.0\u00a0% of the hours there are: there are enough."),
        ((0.9, 1.1), "just about enough."),
    ],
)
def test_capacity_is_judged_with_its_uncertainty(tmp_path: Path, moves: tuple[float, float], words: str) -> None:
    assert workload_sentences(fake_result(tmp_path, workload_ratio=moves))[1].endswith(words)


def test_without_officers_there_is_no_ratio(tmp_path: Path) -> None:
    nobody = (float("nan"), float("nan"))
    result = fake_result(tmp_path, caseload_per_officer=nobody, workload_ratio=nobody)
    assert workload_sentences(result) == ["There are no officers, or no hours for the work."]


@pytest.mark.parametrize(
    ("replications", "words"),
    [
        (3, "is reached for good in 2 of 3 histories, on average on 2 October 2024."),
        (1, "is reached for good in every history, on average on 2 October 2024."),
    ],
)
def test_recovery_has_a_date_and_says_how_often(tmp_path: Path, replications: int, words: str) -> None:
    sentence = recovery_sentence(fake_result(tmp_path, replications=replications))
    assert sentence.startswith("The target (at most 5\u00a0% of visits overdue) ")
    assert sentence.endswith(words)


def test_no_recovery_is_said_plainly(tmp_path: Path) -> None:
    result = fake_result(tmp_path)
    result.summary.loc[result.summary["metric"] == "recovery_date", ["mean", "low", "high", "n"]] = [
        None,
        None,
        None,
        0,
    ]
    assert recovery_sentence(result).endswith("is not reached for good in any history.")


def test_before_and_during_a_run_a_log_file_gets_a_few_plain_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    log = io.StringIO()
    plan = Plan(smalltown(replications=5), tmp_path / "results" / "town", (3, 4, 5), workers=2)
    with ProgressBar(Console(file=log)) as bar:
        bar.planned(plan)
        bar.compiling()
        bar.simulating(plan)
        bar.ended(plan, Outcome(3))
        bar.told -= 60
        bar.ended(plan, Outcome(4, error="ArithmeticError: no luck"))
        bar.stopped()
    assert log.getvalue().splitlines() == [
        "Smalltown: 5 replications of 200 offenders in one team over six weeks",
        "2 of them done already in results/town",
        "Simulating 3 on two cores, about 2 s",
        "Compiling the shift for this machine, once (about half a minute) ...",
        "Replication 4 (seed 7) failed: ArithmeticError: no luck",
        "2 of 3 replications done, about 1 s left",
        "Stopped. 3 of 5 replications are kept in results/town; type the same line again to go on from there.",
    ]


def test_a_name_cannot_command_the_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in page(tmp_path, name="Small\x1b[31mtown")
    assert "[bold]Small[/bold]" in page(tmp_path, name="[bold]Small[/bold]")


def test_a_narrow_terminal_gets_the_table_without_shares_and_nothing_is_folded(tmp_path: Path) -> None:
    out = io.StringIO()
    result = fake_result(tmp_path, overdue_visits=(9_000, 9_900), overdue_reviews=(9_000, 9_900))
    print_headline(result, Console(file=out, width=80, force_terminal=True, no_color=True, color_system=None))
    table = out.getvalue().split("  Risk")[1].split("Coverage")[0].splitlines()
    assert "Share" not in table[0]
    assert [line.split()[0] for line in table[1:5]] == ["Very", "High", "Medium", "Low"]
    assert table[5] == ""
