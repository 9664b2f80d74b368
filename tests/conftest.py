"""What the tests of all families share, and the record that a whole run of them leaves."""

import os
from collections import Counter
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from sim.report.files.tests_record import save_record

os.environ["COLUMNS"] = "100"  # what is printed is wrapped alike on every machine

WHOLE = ("", "not slow", "slow")
"""The choices of `make test` and `make test-slow`, and all tests."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Save what the tests showed, for the quality-assurance log of a study; of a part of them nothing is saved.

    The slow ones add theirs to what the quick ones showed of the same program.
    """
    which = config.option.markexpr
    chosen = config.option.keyword or config.option.collectonly or config.option.maxfail or which not in WHOLE
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or chosen:
        return

    def by_family(*outcomes: str) -> Counter[str]:
        reports = [report for outcome in outcomes for report in terminalreporter.stats.get(outcome, [])]
        return Counter(Path(report.nodeid).parts[1] for report in reports if hasattr(report, "nodeid"))

    save_record(config.rootpath, by_family("passed"), by_family("failed", "error"), add=which == "slow")


BEGIN_ONE_HALF = ("test_machine_code", "test_survival", "test_docs_pages", "test_no_dead_knobs")
BEGIN_THE_OTHER = (
    *("test_report_page", "test_runs_pool", "test_report_figures", "test_runs_run", "test_run_command"),
    *("test_report_workbook", "test_report_study", "test_report_page_of_comparison", "test_runs_batch"),
    *("test_notebooks", "test_operating_models", "test_benchmark", "test_closed_forms"),
)
"""Modules with tests of many seconds begin, so that short ones are left to even out the end on two cores.

`test_machine_code` compiles, and leaves its machine code to all the others where there is none yet; meanwhile the other
half has tests that need none, as far as `test_runs_batch`.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long modules at the beginning of both halves, which are what two workers begin with."""
    modules: dict[str, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(item.path.stem, []).append(item)
    one, other = (
        [item for name in names for item in modules.pop(name, [])] for names in (BEGIN_ONE_HALF, BEGIN_THE_OTHER)
    )
    short = list(chain.from_iterable(modules.values()))
    room = max(0, len(items) // 2 - len(one))
    items[:] = [*one, *short[:room], *other, *short[room:]]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """Write a file into an empty folder of the test's own, which is the current one, and return its name."""
    monkeypatch.chdir(tmp_path)

    def write_file(name: str, text: str) -> str:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
        return name

    return write_file
