"""So many validations without a crash, and so many small simulations in which everything holds that must."""

from __future__ import annotations

import math
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from sim.runs.estimate import estimate
from sim.scenario import ScenarioError, read
from sim.scenario.summary import balance_line, scenario_warnings, summary_line
from tests.properties import mutations
from tests.properties.uncompiled import Uncompiled

LONGEST_SECONDS = 0.4
"""Of a simulation, by the estimate."""


def _bounded(examples: int, seed: int) -> Callable[[Any], Any]:
    """So many examples from a seed, without a clock and without a store of earlier failures."""

    def decorate(test: Any) -> Any:
        settings = hypothesis.settings(
            max_examples=examples,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
            print_blob=False,
        )
        return hypothesis.seed(seed)(settings(test))

    return decorate


def validations(examples: int, seed: int) -> Counter[str]:
    """Check so many mutated scenarios and caseload files; only ScenarioError may come of them."""
    found: Counter[str] = Counter()
    ways = st.sampled_from(["settings"] * 5 + ["text"] * 2 + ["caseload"] * 2)

    with tempfile.TemporaryDirectory() as folder:
        for path in mutations.SHIPPED:
            copy = Path(folder) / path.relative_to(mutations.ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())

        @_bounded(examples, seed)
        @hypothesis.given(st.data(), ways, st.sampled_from(mutations.SHIPPED))
        def check(data: st.DataObject, way: str, path: Path) -> None:
            found["validations"] += 1
            found[f"of {way}"] += 1
            try:
                if way == "settings":
                    settings = data.draw(mutations.any_settings, label="settings")
                    scenario = mutations.reading_of(path).with_settings(settings).scenario
                elif way == "text":
                    changed = path.with_name("changed.yaml").relative_to(mutations.ROOT)
                    file = Path(folder) / changed
                    _write(file, data.draw(mutations.changed_text(path.read_text(encoding="utf-8")), label=str(path)))
                    scenario = read(file).scenario
                else:
                    file = Path(folder) / "caseload.csv"
                    text = mutations.CASELOAD.read_text(encoding="utf-8")
                    _write(file, data.draw(mutations.changed_text(text), label="caseload"))
                    teams = "teams=[{name: Team 1, officers: 5}, {name: Team 2, officers: 3}]"
                    scenario = read(mutations.FORCE, [teams, f"caseload.file={file}"]).scenario
            except ScenarioError as error:
                found["refused"] += 1
                found["without a word"] += not all(fault.message for fault in error.faults or [error])
                return
            found["valid"] += 1
            assert summary_line(scenario)
            assert balance_line(scenario)
            scenario_warnings(scenario)
            work = estimate(scenario, events=True)
            assert work.seconds > 0
            assert not math.isnan(work.bytes)

        check()
    assert not found.pop("without a word")
    return found


def _write(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8", errors="surrogatepass"))


def simulations(examples: int, seed: int) -> Counter[str]:
    """Simulate so many small scenarios, one in ten in plain Python as well, and check what must hold."""
    from tests.properties.invariants import check as check_replication

    found: Counter[str] = Counter()
    with Uncompiled() as uncompiled:

        def item(path: str, settings: list[str]) -> None:
            scenario = read(path, settings).scenario
            hypothesis.assume(estimate(scenario).seconds <= LONGEST_SECONDS)
            hypothesis.event("simulated")
            found["simulations"] += 1
            found["with investigations"] += scenario.online_abuse.is_on or scenario.crime.is_on
            found["with levers"] += bool(scenario.levers)
            found["from a caseload file"] += bool(scenario.caseload.file)
            with warnings.catch_warnings():
                warnings.simplefilter("error", RuntimeWarning)
                result = check_replication(scenario, 1)
            if scenario.horizon_days <= 31 and found["uncompiled"] * 10 < found["simulations"]:
                found["uncompiled"] += 1
                there = uncompiled.check(path, settings, 1)
                assert there["tasks"] == result.tasks, "plain Python does another number of tasks"
                assert there["events"] == len(result.event_log), "plain Python logs another number of events"  # type: ignore[arg-type]

        @_bounded(examples, seed)
        @hypothesis.given(st.one_of(mutations.small_scenarios(), mutations.small_scenarios(longest=30)))
        def check(scenario: tuple[str, list[str]]) -> None:
            item(*scenario)

        check()
    return found
