"""What the tests of all families share, and the record that a whole run of them leaves."""

import datetime as dt
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sim.cli import main
from sim.report.files.study import RECORD, read_record
from sim.runs.provenance import code_version
from sim.runs.result import RunResult
from tests.support.fake_model import SCENARIO, FakeModel, fake_result, use

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


def save_record(folder: Path, passed: Mapping[str, int], failed: Mapping[str, int], *, add: bool = False) -> None:
    """Save what the tests showed, below the folder of the project; `add` to what others showed of the same version."""
    version = code_version()
    if add and (earlier := read_record(version, folder)):
        passed, failed = Counter(earlier["passed"]) + Counter(passed), Counter(earlier["failed"]) + Counter(failed)
    today = dt.date.today().isoformat()
    record = {"code_version": version, "date": today, "passed": dict(passed), "failed": dict(failed)}
    file = folder / RECORD
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """Write a file into an empty folder of the test's own, which is the current one, and return its name."""
    monkeypatch.chdir(tmp_path)

    def write_file(name: str, text: str) -> str:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
        return name

    return write_file


ASSUMPTIONS = """\
assumptions:
  visits.visit_hours: {quality: red, impact: amber, range: [0.5, 2], note: "<b>not</b> published"}
  visits.interval_days: {quality: green, impact: red, source: a newspaper, date: 2017-06-29}
  caseload.risk_mix: {quality: amber, impact: red}
"""


@pytest.fixture(scope="session")
def usual_result(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """What the fake model finds in three years, for tests that only read it."""
    return fake_result(tmp_path_factory.mktemp("usual"))


@pytest.fixture(scope="session")
def town_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario that has assumptions, a plan that extends it, and a run of the first by the command."""
    folder = tmp_path_factory.mktemp("town")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        use(FakeModel(), patch)
        Path("town.yaml").write_text(SCENARIO + ASSUMPTIONS)
        Path("plan.yaml").write_text(
            "extends: town.yaml\nname: A plan\nvisits: {interval_days: {low: 400}}\n"
            "levers: [{from: 2024-09-16, set: {visits.crew: 1}}]\n"
        )
        assert main(["run", "town.yaml", "--workers", "1", "--out", "kept"]) == 0
    return folder


@pytest.fixture
def town(town_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The run, in a copy of the test's own, which is the current folder."""
    shutil.copytree(town_run, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    use(FakeModel(), monkeypatch)
    return tmp_path / "kept"
