"""What the tests of all families share, and the record that a whole run of them leaves."""

from collections import Counter
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from sim.report.tests_record import keep_record


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Keep what the tests showed, for the quality-assurance log of a study; of a part of them nothing is kept."""
    chosen = config.option.keyword or config.option.markexpr or config.option.collectonly or config.option.maxfail
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or chosen:
        return

    def by_family(*outcomes: str) -> Counter[str]:
        reports = [report for outcome in outcomes for report in terminalreporter.stats.get(outcome, [])]
        return Counter(Path(report.nodeid).parts[1] for report in reports if hasattr(report, "nodeid"))

    keep_record(config.rootpath, by_family("passed"), by_family("failed", "error"))


LONGEST = (
    "test_machine_code",
    "test_notebooks",
    "test_survival",
    "test_operating_models",
    "test_docs_pages",
    "test_benchmark",
    "test_no_dead_knobs",
    "test_closed_forms",
)
"""Modules with tests of many seconds: they begin, so that short ones are left to even out the end on two cores."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest modules in turn at the beginning of both halves; the halves are what two workers begin with.

    Compiling in an empty cache, which `test_machine_code` does, so goes on beside the first test that needs machine
    code, and not after it.
    """
    module_of = {item: item.path.stem for item in items}
    long = [[item for item in items if module_of[item] == module] for module in LONGEST]
    one, other = (list(chain.from_iterable(long[begin::2])) for begin in (0, 1))
    short = [item for item in items if module_of[item] not in LONGEST]
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
