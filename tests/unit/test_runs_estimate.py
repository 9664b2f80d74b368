"""The estimate of work: what is counted, that it is cheap, and what is too much."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from sim.cli import main
from sim.report import progress
from sim.report.progress import ProgressBar
from sim.report.text.effort import memory_words, roughly
from sim.runs.errors import TooMuchWork
from sim.runs.estimate import Effort, effort, estimate
from sim.runs.machine import free_memory
from sim.scenario import Scenario, ScenarioError, read
from tests.support.fake_model import smalltown
from tests.support.scenarios import SMALL

ROOT = Path(__file__).parents[2]
MET = ROOT / "scenarios" / "met.yaml"
AS_IS = ROOT / "scenarios" / "operating-model" / "as-is.yaml"


def met(*settings: str) -> Scenario:
    return read(MET, settings).scenario


def test_what_is_counted_is_what_the_model_does() -> None:
    from sim.model import simulate  # of the Met 84,070 tasks and 128,369 events kept; the estimate may be off by half

    scenario = read(ROOT / "scenarios" / "small.yaml").scenario
    result, work = simulate(scenario, 1, log_events=True), estimate(scenario, events=True)
    assert work.counts["task"] == pytest.approx(result.tasks, rel=0.5)
    assert result.events_as_written is not None
    assert work.counts["event kept"] == pytest.approx(len(result.events_as_written), rel=0.5)


def test_visits_are_counted_by_their_interval_and_the_hours_that_there_are() -> None:
    quiet = {"register": {"new_per_year": 0}, "end": "2025-09-01"}
    yearly = smalltown(**quiet, visits={"interval_days": 365.25, "visit_hours": 0.1})
    assert estimate(yearly).counts["task"] == pytest.approx(200, rel=0.01)
    monthly = smalltown(**quiet, visits={"interval_days": 30.4375, "visit_hours": 0.1})
    assert estimate(monthly).counts["task"] == pytest.approx(12 * 200, rel=0.01)
    failing = smalltown(
        **quiet, visits={"interval_days": 365.25, "visit_hours": 0.1, "no_contact": {"unannounced": 0.5}}
    )
    assert estimate(failing).counts["task"] == pytest.approx(2 * 200, rel=0.01)
    long_visits = smalltown(**quiet, visits={"interval_days": 30.4375, "visit_hours": 100})
    assert estimate(long_visits).counts["task"] < 200


@pytest.mark.parametrize(
    ("setting", "kind", "number"),
    [
        ("records.audit_interval_days=1", "row looked at", 1094 * 7345),
        ("officers.courses.interval_days=2", "course", 547),
        ("caseload.total=71000", "offender", 71_000 + 1857),
        ("officers.total=1250", "officer day", 1250 * 1094 * 5 / 7),
        ("register.moves_between_teams_per_year=1", "move", 3 * 7345),
        ("online_abuse={referrals_per_year: 100, growth_per_year: 1, checks: {officers: 1}, search: {officers: 2}, "
         "grading: {officers: 1}}", "case", 1010 * 1.8),  # 100 (2³ - 1) / ln 2
        ("crime={crimes_per_year: 1000, growth_per_year: 1, investigators: 5}", "crime", 10_090),
        ("crime={crimes_per_year: 1000, investigators: 5, at_start: {experienced: 7}}", "crime", 35 + 3 * 1000),
        ("officers.sickness={spells_per_year: 10, days: 1}", "sickness", 2 * 125 * 3 * 9.7),
    ],
)  # fmt: skip
def test_every_kind_of_work_is_counted(setting: str, kind: str, number: float) -> None:
    assert estimate(met(setting)).counts[kind] == pytest.approx(number, rel=0.06)


def test_a_lever_changes_what_is_counted_from_its_date() -> None:
    half = "levers=[{from: 2026-03-03, set: {officers.courses.interval_days: 1}}]"
    assert estimate(met("officers.courses.interval_days=never", half)).counts["course"] == pytest.approx(547, rel=0.01)


def test_it_takes_no_time_and_no_memory_however_large_the_force_is() -> None:
    largest = met("caseload.total=1000000", "officers.total=200000", "end=2074-01-01")
    begin = time.process_time()
    assert estimate(largest, events=True).bytes > 1e11
    assert time.process_time() - begin < 0.5


def test_memory_is_that_of_all_workers_and_of_the_tables_that_are_summed_up() -> None:
    work = estimate(met("caseload.total=1000000"))
    item, two = effort([(work, 10)], 1), effort([(work, 10)], 2)
    assert two.bytes - item.bytes > work.bytes > 1e9
    assert two.seconds == pytest.approx(item.seconds / 2, rel=0.05)
    assert effort([(work, 100_000)], 1).bytes - item.bytes > 5e9


def test_free_memory_is_less_than_all_of_it() -> None:
    free = free_memory()
    assert free is None or 1e7 < free < 1e14


def test_who_is_free_next_is_looked_for_among_all_of_a_team(write) -> None:
    """Measured: two teams of 2,000 officers and 20,000 offenders, each to be seen daily, took 37 s, not 4."""
    teams = "".join(f"  - {{name: {name}, officers: 2000, offenders: 20000}}\n" for name in ("North", "South"))
    visits = "visits: {interval_days: 1, visit_hours: 0, write_up_hours: 0}\n"
    mix = "caseload: {risk_mix: {low: 0.6, medium: 0.3, high: 0.1, very_high: 0}}\n"
    file = write(
        "large.yaml",
        f"name: Large\nstart: 2024-09-02\nend: 2024-12-29\nteams:\n{teams}{visits}{mix}",
    )
    assert 37 / 3 < estimate(read(file).scenario).seconds < 37 * 3


# --- the guard --------------------------------------------------------------------------------------------------------

TOO_LARGE = (
    "records.audit_interval_days=1e-9",
    "officers.courses.interval_days=1e-9",
    "crime.supervision.interval_days=1e-9",
    "visits.interval_days=1e-9",
    "end=9999-12-31",
    "caseload.total=10000000",
    "officers.total=10000000",
    "caseload.overdue_days_at_start=1e9",
    "online_abuse.search.devices=1e10",
    "online_abuse.search.warrant_days.mean=3",
    "online_abuse.growth_per_year=9",
    "crime.investigators=100000000",
    # Within all bounds, and too much all the same.
    "crime={crimes_per_year: 1000, investigators: 200000, at_start: {experienced: 1000}}",
    "online_abuse={referrals_per_year: 1000000, growth_per_year: 2, checks: {officers: 9}, search: {officers: 9}, "
    "grading: {officers: 9}}",
    "replications=100000",
)


@pytest.mark.parametrize("setting", TOO_LARGE)
def test_what_would_never_end_or_fit_is_refused_by_validate_and_run(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(progress, "free_memory", lambda: 16e9)
    scenario = MET if setting.startswith(("rec", "off", "vis", "end", "case", "reg", "repl")) else AS_IS
    for command in ("validate", "run"):
        begin = time.process_time()
        assert main([command, str(scenario), "--set", setting]) == 2
        assert time.process_time() - begin < 2
        assert capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_every_command_that_simulates_refuses_too_much_and_begins_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for line in (
        ["run", str(MET), "--replications", "100000"],
        ["run", str(MET), "--until", "overdue_visits ±0.01", "--max-replications", "100000"],
        ["run", str(MET), "--replications", "100000", "--shard", "1/2", "--out", "part"],
        ["compare", str(MET), "--set", "officers.total=150", "--replications", "100000"],
        ["sweep", str(MET), "--vary", "officers.total=100..2000", "--replications", "1000"],
        ["staff", str(MET), "--target", "overdue_visits <= 9", "--between", "100..100000", "--replications", "1000"],
        ["sensitivity", str(MET), "--replications", "10000"],
    ):
        assert main(line) == 2, line
        err = capsys.readouterr().err
        assert "more than an hour" in err, line
        assert "--yes" in err
    assert list(tmp_path.iterdir()) == []


def weigh(seconds: float, bytes: float, *, agreed: bool = False, answer: str | None = None, here: bool = True) -> str:
    """What the progress bar says to so much work, with 10 GB free; `answer`: typed on a terminal."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=answer is not None, width=300, color_system=None)
    with ProgressBar(console, agreed=agreed) as bar, pytest.MonkeyPatch.context() as patch:
        patch.setattr(progress, "free_memory", lambda: 10e9)
        stdin = io.StringIO(f"{answer}\n")
        stdin.isatty = lambda: answer is not None  # type: ignore[method-assign]
        patch.setattr("sys.stdin", stdin)
        bar.on_effort(Effort(30, seconds, 2 * seconds, bytes, bytes), 2, here=here)
    return out.getvalue()


def test_an_hour_and_three_quarters_of_the_free_memory_are_not_asked_about() -> None:
    assert weigh(3599, 7.4e9) == ""
    assert weigh(1e9, 1e12, agreed=True) == ""
    assert weigh(10, 1e12, here=False) == ""


def test_more_is_refused_where_nobody_can_be_asked() -> None:
    with pytest.raises(TooMuchWork) as refused:
        weigh(5 * 3600, 40e9)
    assert str(refused.value) == (
        "This would take about 5.0 hours and 40 GB of memory on two cores for 30 replications; that is more than an "
        "hour and more than three quarters of the 10 GB that are free. Nothing was begun. Simulate a shorter period, a "
        "smaller force or fewer replications, or add --yes to begin all the same."
    )
    with pytest.raises(TooMuchWork, match="that is more than three quarters of the 10 GB that are free"):
        weigh(10, 7.6e9)


def test_on_a_terminal_it_is_a_question() -> None:
    asked = weigh(5 * 3600, 1e9, answer="y")
    assert "This will take about 5.0 hours and 1.0 GB of memory on two cores for 30 replications" in asked
    assert "Continue? [y/N]" in asked
    for answer in ("", "n", "N", "what"):
        with pytest.raises(TooMuchWork, match="Nothing was begun"):
            weigh(5 * 3600, 1e9, answer=answer)


def test_what_is_done_already_is_no_work(tmp_path: Path) -> None:
    from sim.runs.prepare import prepare

    reading = read(MET, ["replications=100000"])
    folder = tmp_path / "run" / "replications"
    folder.mkdir(parents=True)
    for number in range(1, 8):
        (folder / f"{number:04}.parquet").touch()
    assert len(prepare(reading, out=tmp_path / "run").expected().missing) == 100_000 - 7
    assert len(prepare(reading, out=tmp_path / "run", events=True).expected().missing) == 100_000
    assert len(prepare(reading, out=tmp_path / "run", fresh=True).expected().missing) == 100_000
    assert list(prepare(reading, out=tmp_path / "run").expected(range(1, 8)).missing) == []


def test_seconds_in_words() -> None:
    for seconds, words in [
        (0.2, "about 1 s"), (89, "about 89 s"), (300, "about 5 minutes"), (5 * 3600, "about 5.0 hours"),
        (30 * 3600, "about 30 hours"), (5 * 86_400, "about 5 days"), (3 * 365.25 * 86_400, "about 3 years"),
        (1e12, "more than 1,000 years"), (float("inf"), "more than 1,000 years"),
    ]:  # fmt: skip
        assert roughly(seconds) == words


def test_bytes_in_words() -> None:
    assert [memory_words(number) for number in (0.84e9, 9.6e9, 1.2e12, 1e17)] == [
        *("0.8 GB", "10 GB", "1,200 GB", "more than 10,000 GB"),
    ]


# --- the register's balance -------------------------------------------------------------------------------------------


def test_validate_warns_of_a_register_that_grows_by_a_third(write, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["validate", write("met.yaml", SMALL), "--set", "register.new_per_year=256", "--set", "end=2027-09-01"])
        == 0
    )
    out, err = capsys.readouterr()
    assert (
        "  register, with those in custody: +256 \N{MINUS SIGN}0 a year: 800 → about 1,567 at the end"
        in out.splitlines()
    )
    assert err == (
        "warning: met.yaml: the register grows by 25% a year, from 800 offenders to about 1,567: 256 are registered a "
        "year and 0 leave; see register.new_per_year and register.periods\n"
    )


def test_bounds_hold_for_settings_already_made() -> None:
    with pytest.raises(ScenarioError, match="is above 200,000"):
        met("officers.total=200001")
    met("officers.total=200000")
