"""The headline: size, risk and age of the backlog, in words that fit the numbers."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from sim.report.answers import print_answer
from sim.report.progress import ProgressBar
from sim.report.text.findings import (
    backlog_sentences,
    coverage_sentences,
    recovery_sentence,
    risk_table,
    workload_sentences,
)
from sim.runs.errors import Outcome
from sim.runs.run_plan import Plan, RunPlan
from tests.support.fake_model import fake_result, smalltown


def page(folder: Path, **options: object) -> str:
    out = io.StringIO()
    print_answer(fake_result(folder, **options), Console(file=out))  # type: ignore[arg-type]
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
    assert "In brackets: 95% confidence interval of the mean over 3 replications." in " ".join(text.split())


def test_one_replication_gives_no_certainty(tmp_path: Path) -> None:
    text = page(tmp_path, replications=1)
    assert "One replication: no interval can be given." in text
    assert " to 6" not in text.split("Overdue visits:")[1].split(".")[0]


def test_lines_fit_the_page_and_end_without_blanks(tmp_path: Path) -> None:
    lines = page(tmp_path).splitlines()
    assert max(map(len, lines)) <= 100
    assert not [
        line for line in lines if line.startswith("  ") and "Risk" not in line and line != line.rstrip() and ":" in line
    ]


@pytest.mark.parametrize(
    ("changes_of", "words"),
    [
        ((40, 64), "They grow from 40 to 6"),
        ((64, 40), "They fall from 64 to 39 in three years."),
        ((40, 40.9), "They stay at about 40 for three years."),
    ],
)
def test_the_backlog_is_said_to_go_where_it_goes(tmp_path: Path, changes_of: tuple[float, float], words: str) -> None:
    assert words in backlog_sentences(fake_result(tmp_path, overdue_visits=changes_of))[0]


def test_the_oldest_item_has_an_age(tmp_path: Path) -> None:
    sentence = backlog_sentences(fake_result(tmp_path, oldest_overdue_visit_days=(130, 130)))[2]
    assert sentence.startswith("The oldest overdue visit is 130 days (same in all 3) late")


def test_coverage_is_over_time_and_at_the_end(tmp_path: Path) -> None:
    over_time, at_end = coverage_sentences(
        fake_result(tmp_path, visit_coverage=(0.8, 0.8), risk_coverage=(0.9, 0.9), unannounced_coverage=(0.3, 0.3))
    )
    assert over_time == "In date: 80.0% (same in all 3) of all offender-days; weighted by risk, 90.0% (same in all 3)."
    assert at_end == "Seen unannounced within the last year, at the end: 30.0% (same in all 3) of offenders."


LARGER, SMALLER, SAME, NONE = (40, 64), (64, 40), (40, 40), (0, 0)
TOO_FEW, ENOUGH, JUST = (1.1, 1.1), (0.8, 0.8), (1.0, 1.0)


@pytest.mark.parametrize(
    ("hours", "backlog", "words"),
    [
        (TOO_FEW, LARGER, "not everything can be in date, and the backlog ends larger than it began."),
        (TOO_FEW, SMALLER, "not everything can be in date, though the backlog ends smaller than it began."),
        (TOO_FEW, SAME, "not everything can be in date, and the backlog ends about where it began."),
        (TOO_FEW, NONE, "not everything can be in date, though nothing is overdue at the end."),
        (ENOUGH, LARGER, "there are enough, yet the backlog ends larger than it began: hours are not the only limit."),
        (ENOUGH, SMALLER, "there are enough, and the backlog ends smaller than it began."),
        (ENOUGH, SAME, "there are enough, and the backlog ends about where it began."),
        (ENOUGH, NONE, "there are enough, and nothing is overdue at the end."),
        (JUST, LARGER, "just about enough, and the backlog ends larger than it began."),
        (JUST, SMALLER, "just about enough, and the backlog ends smaller than it began."),
        (JUST, SAME, "just about enough, and the backlog ends about where it began."),
        (JUST, NONE, "just about enough, and nothing is overdue at the end."),
    ],
)
def test_hours_and_backlog_are_each_reported_as_they_are(
    tmp_path: Path, hours: tuple[float, float], backlog: tuple[float, float], words: str
) -> None:
    result = fake_result(
        tmp_path,
        replications=20,
        workload_ratio=hours,
        overdue_visits=backlog,
        overdue_reviews=(backlog[0], backlog[1]),
    )
    sentence = workload_sentences(result)[1]
    beginning = "There is 10.0% (same in all 20) more work than " if hours is TOO_FEW else "The work needs "
    assert sentence.startswith(beginning)
    assert sentence.endswith(f"available hours: {words}")


def test_a_ratio_that_reads_100_per_cent_is_neither_too_little_nor_too_much(tmp_path: Path) -> None:
    sentence = workload_sentences(fake_result(tmp_path, workload_ratio=(1.0002, 1.0002)))[1]
    assert sentence.startswith("The work needs 100.0% (same in all 3) of the available hours: just about enough, ")


def test_the_reviews_belong_to_the_backlog(tmp_path: Path) -> None:
    result = fake_result(tmp_path, overdue_visits=(40, 30), overdue_reviews=(10, 90))
    assert workload_sentences(result)[1].endswith("and the backlog ends larger than it began.")


def test_without_officers_there_is_no_ratio(tmp_path: Path) -> None:
    nobody = (float("nan"), float("nan"))
    result = fake_result(tmp_path, caseload_per_officer=nobody, workload_ratio=nobody)
    assert workload_sentences(result) == ["No officer is in post."]
    without_hours = workload_sentences(fake_result(tmp_path, workload_ratio=nobody))
    assert without_hours == [
        "Offenders per officer, at the end: 51.0 (51.0 to 51.1).",
        "The work cannot be compared with the available hours: there are none, or no number would be enough.",
    ]


def test_one_day_is_not_reported_as_a_period(tmp_path: Path) -> None:
    assert "\n  2 September 2024. In brackets" in page(tmp_path, end="2024-09-02")


@pytest.mark.parametrize(
    ("replications", "words"),
    [
        (3, "is reached and held to the end in 2 of 3 replications, too few for a mean date."),
        (9, "is reached and held to the end in 5 of 9 replications, on average from 2 October 2024 (same in all 5)."),
        (1, "is reached and held to the end in every replication, from 2 October 2024."),
    ],
)
def test_recovery_has_a_date_and_says_how_often(tmp_path: Path, replications: int, words: str) -> None:
    sentence = recovery_sentence(fake_result(tmp_path, replications=replications))
    assert sentence.startswith("The target (at most 5% of visits overdue) ")
    assert sentence.endswith(words)


def test_no_recovery_is_said_plainly(tmp_path: Path) -> None:
    result = fake_result(tmp_path)
    result.summary.loc[result.summary["metric"] == "recovery_date", ["mean", "low", "high", "n"]] = [
        None,
        None,
        None,
        0,
    ]
    assert recovery_sentence(result).endswith("is not reached and held to the end in any replication.")


def test_before_and_during_a_run_a_log_file_gets_a_few_plain_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.runs.run_plan.SECONDS_TO_START_WORKERS", 2.0)
    log = io.StringIO()
    run = RunPlan(smalltown(), tmp_path / "results" / "town", wanted=(1, 2, 3, 4, 5), missing=(3, 4, 5))
    plan = Plan((run,), workers=2)
    with ProgressBar(Console(file=log)) as bar:
        bar.on_plan(plan)
        bar.on_compiling()
        bar.on_start(plan)
        bar.on_replication(run, Outcome(3))
        bar.last_line -= 60
        bar.on_replication(run, Outcome(4, error="ArithmeticError: no number"))
        bar.stopped()
    assert log.getvalue().splitlines() == [
        "Smalltown: five replications of 200 offenders in one team over six weeks",
        "2 of them done already in results/town",
        "Simulating 3 on two cores, about 2 s",
        "Preparing the simulator for this machine (once, about half a minute) ...",
        "Replication 4 (seed 7) failed: ArithmeticError: no number",
        "2 of 3 replications done in 1 s",
        "Stopped. 3 of 5 replications saved in results/town; run the same command again to continue.",
    ]


def test_a_name_cannot_command_the_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in page(tmp_path, name="Small\x1b[31mtown")
    assert "[bold]Small[/bold]" in page(tmp_path, name="[bold]Small[/bold]")


@pytest.mark.parametrize(
    ("width", "low"),
    [
        (100, "  Low        12,046 (11,866 to 12,226)  31.9%  11,936 (11,865 to 12,006)    131 (128 to 133)"),
        (90, "  Low        12,046 (11,866 to 12,226)  11,936 (11,865 to 12,006)    131 (128 to 133)"),
        (80, "  Low        12,046 (11,866 to 12,226)           11,936                 131"),
        (70, "  Low                12,046           11,936                 131"),
    ],
)
def test_a_narrower_terminal_gets_less_of_the_table_and_nothing_is_folded(tmp_path: Path, width: int, low: str) -> None:
    out = io.StringIO()
    result = fake_result(tmp_path, overdue_visits=(20_000, 24_000), overdue_reviews=(20_000, 24_000))
    print_answer(result, Console(file=out, width=width, force_terminal=True, no_color=True, color_system=None))
    table = out.getvalue().split("  Risk")[1].split("Coverage")[0].splitlines()
    assert [line.split()[0] for line in table[1:5]] == ["Very", "High", "Medium", "Low"]
    assert table[4] == low
    # What is left out is not left out in silence.
    assert table[5] == ("" if width == 100 else "  All columns need a terminal 92 wide.")
    assert max(map(len, table[1:])) <= width
    assert str(tmp_path) in out.getvalue()  # a path broken at a hyphen could not be copied


def test_a_level_without_offenders_has_no_share(tmp_path: Path) -> None:
    result = fake_result(tmp_path)
    empty = (result.summary["metric"] == "overdue_visits_share") & (result.summary["group"] == "very_high")
    result.summary.loc[empty, ["mean", "low", "high"]] = float("nan")
    assert risk_table(result, 100)[1].split()[2:4] == ["1", "–"]
