"""The replay of a replication and its command: the pictures show what the model counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.cli import main
from sim.measure import tabulate
from sim.model import simulate
from sim.report.stories.event_trace import EventTrace
from sim.report.stories.replay import UNSEEN, UNSEEN_DAYS, replay
from sim.scenario.domain import RISK_LEVELS
from tests.support.eventful import EVENTFUL, EVERYTHING
from tests.support.on_top import on_top


@pytest.mark.parametrize("name", ["own", "pooled"])
def test_a_replay_shows_what_the_model_counted_week_by_week(name: str) -> None:
    scenario = on_top(EVERYTHING, EVENTFUL[name])
    result = simulate(scenario, 1, log_events=True)
    events = result.events[result.events["day"] <= scenario.horizon_days]
    shown = replay(EventTrace(scenario, 1, events))
    table = tabulate(scenario, result)
    weeks = table[table["statistic"] == "week"]

    def observed(metric: str, group: str) -> np.ndarray:
        return weeks[(weeks["metric"] == metric) & (weeks["group"] == group)]["value"].to_numpy()

    for place, risk in enumerate(RISK_LEVELS):
        overdue = (shown.overdue & (shown.risks == place)).sum(axis=0)
        np.testing.assert_array_equal(overdue, observed("overdue_visits", risk))
    anybody_unseen = (shown.states == UNSEEN).any(axis=0)
    np.testing.assert_array_equal(anybody_unseen, observed("longest_unseen_days", "total") > UNSEEN_DAYS)


def test_report_of_a_replication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    smaller = "name: Few\nend: 2025-03-10\ncaseload: {total: 30}\nregister: {new_per_year: 80}\n"
    Path("few.yaml").write_text(f"extends: {EVERYTHING}\n{smaller}")
    line = ["run", "few.yaml", "--replications", "2", "--workers", "1", "--out", "kept", "--no-figures"]
    assert main([*line, "--events"]) == 0
    capsys.readouterr()
    assert main(["report", "kept", "--replication", "2", "--officer", "0", "--offender", "1"]) == 0
    assert capsys.readouterr().out == "Page: kept/report-0002.html\n"
    text = Path("kept/report-0002.html").read_text(encoding="utf-8")
    assert "The caseload of officer 0" in text
    assert main(["report", "kept", "--officer", "999"]) == 2
    assert "There is no officer 999" in capsys.readouterr().err
    assert main(["report", "kept", "--replication", "3"]) == 2
    assert "there is no replication 3; this run has 1 to 2" in capsys.readouterr().err
    assert main(["report", "kept", "--replication", "1", "--xlsx"]) == 2
    assert "--xlsx and --study are of a whole run" in capsys.readouterr().err
    assert not Path("kept/report.xlsx").exists()
