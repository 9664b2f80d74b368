"""`explain` on a real run: any story can be read, the worst case is the one that is measured, and what goes wrong."""

import json
import math
import re
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main
from sim.model.codes import EVENT_KINDS
from sim.report.stories.diary import officer_diary
from sim.report.stories.event_trace import EventTrace
from sim.report.stories.longest_unseen import longest_unseen, why_unseen
from sim.report.stories.offender_state import COMMUNITY, CUSTODY, MISSING
from sim.report.stories.officers import VACANT
from sim.report.stories.story import offender_story, offender_transitions
from sim.runs.reopen import open_run
from sim.runs.run import run_scenario
from sim.scenario.values import plain_value
from tests.support.on_top import on_top

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"
EVERYTHING = Path(__file__).parents[1] / "reproducibility" / "everything.yaml"
ALL_OF_IT = (
    "officers.trained_share=0.5",
    "officers.untrained.lost_record_share=0.1",
    "records={audit_interval_days: 120, found_at_notification: 0.3}",
    "missing={leave_home_per_year: 0.2, tracing_hours: 4, found_by_tracing: 0.3}",
    "escalation={after_failed_attempts: 2, warrant_delay_days: 5, warrant_hours: 4}",
    "officers.courses={interval_days: 30, seats: 1, days: 5}",
    "officers.part_time={share: 0.2, hours_share: 0.6}",
    "officers.abstraction={share: 0.05, surges: [{from: 2024-09-02, to: 2024-09-15, share: 0.4}]}",
    "officers.overtime_hours_per_week=2",
    "officers.sickness={spells_per_year: 3, days: {distribution: gamma, mean: 15, cv: 1}}",
    "turnover={leaving_per_year: {under_2_years: 1, from_2_to_5_years: 1, over_5_years: 1}, vacant_at_start: 0.3, "
    "recruitment_days: 40, successors_trained_share: 0}",
    "caseload.cover={rule: high_risk, after_days: 10}",
    "caseload.own_plan={share: 0.2, interval_factor: 1.5}",
    "surge={officers: 2, from: 2024-10-01, to: 2024-12-31}",
    "supervisors={hours_per_week: 2, finds_lost_record: 0.5, notices_risk: 0.3}",
    "visits.no_contact.same_hour_again=0.3",
    "visits.retry_hour=same",
    "reviews.desk_review={share: 0.3, hours: 1, error_share: 0.3}",
    "intelligence.reports_per_year=0.5",
    "reactive={after_quiet_years: 0.5, check_interval_days: 60, check_hours: 0.5, found_at_check: 0.3, "
    "notices_risk: 0.5}",
    "mappa={level_2_share: 0.2, level_3_share: 0.1, hours: 2, notices_risk: 0.5}",
    "register.recalls_per_year=0.3",
    "register.moves_between_teams_per_year=0.5",
)
"""What `everything.yaml` leaves off."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two replications of one team over one year."""
    folder = tmp_path_factory.mktemp("run") / "small"
    return run_scenario(SMALL, replications=2, workers=1, events=True, out=folder).folder


@pytest.fixture(scope="module")
def eventful_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two replications in which everything happens that can."""
    folder = tmp_path_factory.mktemp("run") / "eventful"
    file = folder.with_suffix(".yaml")
    file.write_text(json.dumps(plain_value(on_top(EVERYTHING, ALL_OF_IT))))
    return run_scenario(file, replications=2, workers=1, events=True, out=folder).folder


@pytest.mark.slow
@pytest.mark.parametrize("replication", [1, 2])
def test_any_story_can_be_described(eventful_run: Path, replication: int) -> None:
    trace = EventTrace.of(open_run(eventful_run), replication)
    never = set(EVENT_KINDS) - set(trace.events["event"])
    assert not never, (
        f"{sorted(never)} never happen here, so nobody knows whether they can be described: extend ALL_OF_IT"
    )
    for offender in offenders_of(trace):
        story = offender_story(trace, offender)
        assert story[-1].startswith("Midnight after 31 May 2025, the end: ")
        assert not [line for line in story if re.search(r"\bnan\b|None|inf\b", line)]
        assert why_unseen(trace, offender)
    for officer in range(len(trace.posts)):
        assert officer_diary(trace, officer)


def offenders_of(trace: EventTrace) -> list[int]:
    """Everybody who is ever on the register; what happens to officers has no offender."""
    return [int(offender) for offender in trace.events["offender"].unique() if offender >= 0]


@pytest.mark.parametrize("replication", [1, 2])
def test_officers_are_numbered_as_in_the_model(eventful_run: Path, replication: int) -> None:
    trace = EventTrace.of(open_run(eventful_run), replication)
    of_officers = trace.events[trace.events["offender"] < 0]
    assert all(trace.posts[row.officer].team == row.team for row in of_officers.itertuples())
    busy = trace.events[trace.events["minutes"] > 0]
    by_surge = busy[[trace.posts[officer].surge for officer in busy["officer"]]]
    assert by_surge["day"].between(*trace.posts[-1].stands[0]).all()
    assert len(by_surge) > 20


@pytest.mark.parametrize("replication", [1, 2])
@pytest.mark.parametrize("which", ["run", pytest.param("eventful_run", marks=pytest.mark.slow)])
def test_how_all_stories_end_adds_up_to_what_is_measured(
    which: str, replication: int, request: pytest.FixtureRequest
) -> None:
    run = request.getfixturevalue(which)
    trace = EventTrace.of(open_run(run), replication)
    ends = [offender_transitions(trace, offender)[-1].after for offender in offenders_of(trace)]
    managed = [now for now in ends if now.place == COMMUNITY]
    shown = {
        "offenders_managed": len(managed),
        "offenders_in_custody": sum(now.place == CUSTODY for now in ends),
        "offenders_missing": sum(now.place == MISSING for now in ends),
        "offenders_reactive": sum(now.reactive for now in managed),
        "lost_records": sum(now.record_lost for now in managed),
        "unallocated_offenders": sum(now.officer < 0 for now in managed),
        "overdue_visits": sum(now.visit_due + 1 <= trace.end for now in managed),
        "overdue_reviews": sum(now.review_due + 1 <= trace.end for now in managed),
        "vacant_posts": sum(
            post.stands[-1:] != () and post.stands[-1][1] > trace.end and post.was(VACANT, trace.end, math.inf)
            for post in trace.posts
        ),
    }
    metrics = pd.read_parquet(run / "replications" / f"{replication:04d}.parquet")
    at_end = metrics[(metrics["statistic"] == "at_end") & (metrics["group"] == "total")].set_index("metric")["value"]
    assert shown == {name: at_end[name] for name in shown}


@pytest.mark.parametrize("replication", [1, 2])
@pytest.mark.parametrize("which", ["run", "eventful_run"])
def test_the_longest_not_seen_is_the_one_that_is_measured(
    which: str, replication: int, request: pytest.FixtureRequest
) -> None:
    run = request.getfixturevalue(which)
    metrics = pd.read_parquet(run / "replications" / f"{replication:04d}.parquet")
    wanted = (metrics["metric"] == "longest_unseen_days") & (metrics["group"] == "total")
    (days,) = metrics.loc[wanted & (metrics["statistic"] == "at_end"), "value"]
    trace = EventTrace.of(open_run(run), replication)
    last = offender_transitions(trace, longest_unseen(trace))[-1].after
    assert trace.end - last.last_seen == pytest.approx(days)


def test_each_question_is_answered_on_stdout(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for question, first in (
        (["--offender", "0"], r"Offender 0 of Central East: replication 1 of One team, one year, 2 September 2024"),
        (["--officer", "8", "--replication", "2"], r"Officer 8 of Central East: replication 2 of One team, one year"),
        (
            ["--longest-unseen"],
            r"Of the offenders to be visited or missing at the end, midnight after 31 August 2025,\s+offender",
        ),
    ):
        assert main(["explain", str(run), *question]) == 0
        out, err = capsys.readouterr()
        assert re.match(first, out)
        assert err == ""
        assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ([], "Ask one question: a KEY of a scenario, or of a run --offender ID, --officer ID or --longest-unseen."),
        (
            ["--officer", "1", "--longest-unseen"],
            "Ask one question: a KEY of a scenario, or of a run --offender ID, --officer ID or --longest-unseen.",
        ),
        (
            ["visits.crew", "--replication", "1"],
            "--replication chooses a replication of a run; a key is the same in all of them. Leave it out.",
        ),
        (
            ["--officer", "1", "--set", "visits.crew=1"],
            "--set changes a scenario, and a run is over: run the scenario with that --set, then ask again.",
        ),
        (["--officer", "9"], "There is no officer 9; replication 1 has officers 0 to 8."),
        (["--officer", "1", "--replication", "3"], "{run}: there is no replication 3; this run has 1 to 2."),
        (["--officer", "1", "--replication", "0"], "{run}: there is no replication 0; this run has 1 to 2."),
        (["visits.crew"], "{run}: is a folder, not a file; it holds scenario.yaml"),
    ],
)
def test_a_question_without_an_answer(
    run: Path, capsys: pytest.CaptureFixture[str], question: list[str], message: str
) -> None:
    assert main(["explain", str(run), *question]) == 2
    assert capsys.readouterr() == ("", message.format(run=run) + "\n")


def test_a_run_that_saved_no_events(tmp_path: Path, monkeypatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    run_scenario(SMALL, settings=["end=2024-10-31"], replications=1, workers=1, out="plain")
    assert main(["explain", "plain", "--offender", "1"]) == 2
    assert capsys.readouterr() == (
        "",
        "plain: no events are saved of replication 1; make them with: "
        "python -m sim run small.yaml --set end=2024-10-31 --replications 1 --out plain --events\n",
    )
