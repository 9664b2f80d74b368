"""The comparison with other engines: what it skips, when it fails, and what it writes on the page."""

from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import comparison, engines, floor, growing_force, growth_tables, performance_page
from benchmarks.caseload import SCENARIOS
from benchmarks.comparison import Comparison, Result, disagreements
from benchmarks.engines import ENGINES
from benchmarks.timed_run import Run, timed_run
from sim.scenario import read
from tests.reproducibility.test_benchmark import TIMES_AS_FAST

SECONDS = {"c": 0.02, "this": 0.04, "plain": 2.0, "salabim": 3.0, "textbook": 6.0, "ciw": 8.0}


def measured(*names: str) -> Comparison:
    """Every engine as fast as above, and twice as fast under stress, in three rounds."""
    chosen = tuple(engine for engine in ENGINES if engine.name in (names or SECONDS))
    results = {}
    for engine in chosen:
        seconds = SECONDS[engine.name]
        results["base", engine.name] = Result([seconds, 9 * seconds, seconds / 2], [50.0, 50.0, 50.0])
        results["stress", engine.name] = Result([seconds / 2, seconds / 2, seconds / 2], [60.0, 60.0, 60.0])
    return Comparison(("base", "stress"), chosen, 3, results)


def test_the_table_has_medians_and_ratios():
    table = [line.split(" | ") for line in performance_page.engine_table(measured()).splitlines()]
    lines = {first.strip("| "): rest for first, *rest in table}
    assert lines["engine"][:4] == ["base, s", "stress, s", "times as fast as plain SimPy", "times the time of C"]
    assert lines["**this program**, all metrics"] == ["0.0400", "0.0200", "50 / 50", "2.0 / 2.0", "60", "identical |"]
    assert lines["textbook SimPy, a process for each offender"][2] == "0.33 / 0.33"
    assert lines["Ciw, simplified to queues"][-1] == "of another model |"


def test_without_a_compiler_there_is_no_column_for_c():
    table = performance_page.engine_table(measured("this", "plain"))
    assert "times as fast as plain SimPy" in table
    assert "of C" not in table


def test_the_page_says_what_was_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    page = tmp_path / "performance.md"
    page.write_text("before\n<!-- engines: made -->\nold\n<!-- end of engines -->\nafter\n", encoding="utf-8")
    monkeypatch.setattr(performance_page, "PAGE", page)
    monkeypatch.setattr(performance_page, "FIGURE", tmp_path / "performance.svg")
    performance_page.renew_engines(measured("c", "this", "plain", "textbook"))
    written = page.read_text(encoding="utf-8")
    assert written.startswith("before\n<!-- engines: made -->\n\n| engine |")
    assert written.endswith("\n\n<!-- end of engines -->\nafter\n")
    assert "Left out, because not installed: salabim, a process for each officer, Ciw, simplified to queues." in written
    assert (tmp_path / "performance.svg").read_bytes().startswith(b"<?xml")


def test_the_figure_says_how_much_faster():
    title, *_ = performance_page.engine_figure(measured()).texts
    assert title.get_text().replace("\n", " ") == (
        "Five years of 300 officers in 0.04 seconds, 50 (base) and 50 (stress) times as fast as plain SimPy"
    )


def test_a_page_without_the_place_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "performance.md").write_text("nothing", encoding="utf-8")
    monkeypatch.setattr(performance_page, "PAGE", tmp_path / "performance.md")
    with pytest.raises(ValueError, match=r"performance.md has 0 places named 'force'; one is expected"):
        performance_page.renew("force", "new")


def test_the_shipped_page_has_a_place_for_each_table_and_names_each_engine_and_the_guard():
    page = performance_page.PAGE.read_text(encoding="utf-8")
    for table in ("engines", "force", "replications", "workers", "phases"):
        assert page.count(f"<!-- {table}: made by python -m benchmarks") == page.count(f"<!-- end of {table} -->") == 1
    for file in ("floor.c", "plain_simpy.py", "textbook_simpy.py", "salabim_officers.py", "ciw_queues.py"):
        assert f"`benchmarks/{file}`" in page
    assert f"less than {TIMES_AS_FAST} times as fast as plain SimPy" in " ".join(page.split())


def test_who_counts_otherwise_is_reported_with_week_and_numbers():
    assert disagreements("base, replication 0", {"c": [0, 2], "this": [0, 2], "plain": [0, 2]}) == []
    assert disagreements("base, replication 0", {"c": [0, 1200], "this": [0, 2], "plain": [0]}) == [
        "base, replication 0: c has 1,200 overdue visits in week 1, this 2",
        "base, replication 0: plain counted 1 weeks, this 2",
    ]


def test_a_disagreement_fails_the_command_and_leaves_the_page_alone(monkeypatch, capsys):
    found = measured()
    found.disagreements.append("base, replication 0: c has 1 overdue visits in week 1, this 2")
    monkeypatch.setattr(comparison, "compare", lambda *_: found)
    monkeypatch.setattr(performance_page, "renew_engines", lambda _: pytest.fail("a wrong table went to the page"))
    assert command.main([]) == 1
    assert "DIFFERENT: base, replication 0: c has 1 overdue visits" in capsys.readouterr().err


@pytest.mark.parametrize("hasty", [["--quick"], ["--only", "this", "plain"]])
def test_only_a_full_comparison_goes_to_the_page(hasty: list[str], monkeypatch):
    written = []
    monkeypatch.setattr(comparison, "compare", lambda *_: measured())
    monkeypatch.setattr(performance_page, "renew_engines", written.append)
    assert command.main(hasty) == 0
    assert not written
    assert command.main([]) == 0
    assert len(written) == 1


def test_what_is_not_installed_is_skipped_and_how_to_install_it_reported(monkeypatch, capsys):
    monkeypatch.setattr(engines.Engine, "is_installed", lambda engine: engine.name != "salabim")
    monkeypatch.setattr(floor, "compiler", lambda: None)
    monkeypatch.setattr(comparison, "compare", lambda chosen, *_: measured(*(engine.name for engine in chosen)))
    assert command.main(["--quick"]) == 0
    shown = capsys.readouterr()
    assert "c is left out: there is no C compiler here; install one (gcc or clang), or name it" in shown.err
    assert "salabim is left out: the package salabim is not installed; install it with: make bench" in shown.err
    assert "salabim" not in shown.out


@pytest.mark.parametrize("wrong", [["--rounds", "0"], ["--only", "simmer"]])
def test_a_wrong_option_is_the_users(wrong: list[str], capsys):
    with pytest.raises(SystemExit) as end:
        command.main(wrong)
    assert end.value.code == 2
    assert wrong[1] in capsys.readouterr().err


def test_a_force_grows_by_teams_and_registrations():
    base = read(SCENARIOS["base"]).scenario
    once, tenfold = growing_force.grown(base, 1), growing_force.grown(base, 10)
    assert len(tenfold.teams) == len({team.name for team in tenfold.teams}) == 10 * len(once.teams)
    assert sum(team.offenders for team in tenfold.teams) == 90_000
    assert tenfold.register.new_per_year == 9_000


def test_growth_is_reported_in_tables():
    phases = {"laying out": 0.01, "simulating": 0.03, "measuring": 0.01}
    tenfold = {phase: 11 * seconds for phase, seconds in phases.items()}
    forces = {
        1: growth_tables.Force(300, 9000, 163_000, phases, 1.05, 150.0),
        10: growth_tables.Force(3000, 90_000, 1_630_000, tenfold, float("nan"), 290.0),
    }
    parts = {**dict.fromkeys(growth_tables.PHASES, 1.0), "replications": 5.0}
    alone = Run(10.0, parts, [float(k) for k in range(64)], 400.0)
    both = Run(7.5, {**parts, "replications": 2.5}, [k / 1.9 for k in range(64)], 380.0)
    runs = {("scenarios/small.yaml", 64, 1): alone, ("scenarios/small.yaml", 64, 2): both}
    runs |= {("scenarios/met.yaml", number, 1): alone for number in (30, 64)}
    runs |= {("scenarios/met.yaml", number, 2): both for number in (30, 64)}
    tables = growth_tables.tables(forces, runs, {"--help": 0.1234})
    assert "| 10× | 3,000 | 90,000 | 1,630,000 | 0.550 | 11 | 290 | 20% | 60% | 20% |" in tables["force"]
    assert "The full event log costs 5% more." in tables["force"]
    assert "| 64 | 10.0 | 7.50 | 1.00 | 400 | 50% |" in tables["replications"]
    assert "two workers simulate 1.90 times as many replications a second as one" in tables["workers"]
    assert "| replications: simulating, measuring, saving each | 5.00 | 50% | 2.50 | 33% |" in tables["phases"]
    assert "| `--help` | 0.123 |" in tables["waits"]


@pytest.mark.slow
def test_a_run_is_timed_by_the_files_it_leaves():
    run = timed_run("scenarios/small.yaml", 3, 1)
    assert tuple(run.phases) == tuple(growth_tables.PHASES)
    assert sum(run.phases.values()) == pytest.approx(run.seconds)
    assert all(seconds > 0 for seconds in run.phases.values())
    assert len(run.ended_at) == 3
    assert run.ended_at == sorted(run.ended_at)
    assert 50 < run.peak_megabytes < 2_000
