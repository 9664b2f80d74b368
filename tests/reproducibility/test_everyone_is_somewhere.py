"""At every moment everybody on the register is in one place, and gets only the work that belongs there.

The log is walked through offender by offender, and what it says is compared with what the model counted.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.measure.counts import Counts
from sim.model import codes, simulate
from sim.model.inputs import inputs_of
from sim.model.kernel.caseload import due_for, start_of
from sim.model.simulate import ReplicationResult, begin
from sim.model.simulation import Simulation
from tests.support.on_top import on_top

EVERYTHING = Path(__file__).parent / "everything.yaml"
REPLICATIONS = (1, 2, 3)

AWAITS_ASSESSMENT, VISITED, REACTIVE, MISSING, CUSTODY, LEFT = PLACES = (
    *("awaits assessment", "visited", "reactive", "missing", "custody", "left"),
)
IN_COMMUNITY = {AWAITS_ASSESSMENT, VISITED, REACTIVE}
HOURS = (
    *("contracted", "vacant", "sick", "course", "leave", "court", "abstraction", "other_duties", "available"),
    *codes.WORK_KINDS,
    *("waiting", "idle", "overtime", "earned", "repaid"),
)
WHERE_WORK_IS_DONE = {
    "visit": {VISITED},
    "review": {VISITED},
    "meeting": {VISITED},
    "warrant": {VISITED},
    "desk_check": {REACTIVE},
    "notification": {VISITED, REACTIVE},
    "initial_assessment": {AWAITS_ASSESSMENT},
    "enquiry": {AWAITS_ASSESSMENT, VISITED},
    "tracing": {MISSING},
}
WHERE_IT_HAPPENS = {
    "moved": IN_COMMUNITY,
    "to_reactive": {VISITED},
    "to_visits": {REACTIVE},
    "to_custody": IN_COMMUNITY,
    "released": {CUSTODY},
    "record_lost": {VISITED},
    "record_found": {VISITED},
    "risk_noticed": {AWAITS_ASSESSMENT, VISITED},
    "reallocated": {*IN_COMMUNITY, MISSING},
    "drifted": {*IN_COMMUNITY, MISSING},
    "breach_began": {*IN_COMMUNITY, MISSING},
    "breach_found": {*IN_COMMUNITY, MISSING},
    "left_home": IN_COMMUNITY,
    "reported": {*IN_COMMUNITY, MISSING},
    "rescheduled": {AWAITS_ASSESSMENT, VISITED},
    "left_register": {*IN_COMMUNITY, MISSING, CUSTODY},
}


@cache
def simulated(replication: int, *settings: str) -> ReplicationResult:
    return simulate(on_top(EVERYTHING, settings), replication, log_events=True)


def places(result: ReplicationResult) -> list[tuple[float, int, str]]:
    """When each offender comes to each place, by the log; fails where the log says what cannot be."""
    inside: dict[int, str] = {}
    is_assessed: dict[int, bool] = {}
    seen_to_visits: dict[int, float] = {}
    arrivals = []
    for row in result.events[result.events.offender >= 0].itertuples():
        who, event, here = row.offender, row.event, inside.get(row.offender)
        if row.day < 0:
            continue
        if event in WHERE_WORK_IS_DONE:
            begun = row.day - row.minutes / 60 / 24
            came_back_meanwhile = event == "desk_check" and begun <= seen_to_visits.get(who, -1.0)
            assert here in WHERE_WORK_IS_DONE[event] or came_back_meanwhile, f"{event} of one who is {here}: {row}"
        elif event in WHERE_IT_HAPPENS:
            assert here in WHERE_IT_HAPPENS[event], f"{event} of one who is {here}: {row}"
        else:
            assert event in ("at_start", "registered"), row
            assert here is None, f"on the register twice: {row}"
            is_assessed[who] = event == "at_start"
        at_home = VISITED if is_assessed[who] or event == "initial_assessment" else AWAITS_ASSESSMENT
        there = here
        if event in ("at_start", "registered", "released", "initial_assessment", "to_visits"):
            there = at_home
        elif event == "to_reactive":
            there = REACTIVE
        elif event == "to_custody":
            there = CUSTODY
        elif event == "left_register":
            there = LEFT
        elif row.outcome == "whereabouts_unknown":
            there = MISSING
        elif event == "tracing" and row.outcome == "seen":
            there = at_home
        is_assessed[who] |= event == "initial_assessment"
        if event == "to_visits":
            seen_to_visits[who] = row.day
        if there != here:
            inside[who] = there
            arrivals.append((row.day, who, there))
    return arrivals


@pytest.mark.parametrize("replication", REPLICATIONS)
@pytest.mark.parametrize(
    "settings", [(), ("caseload.allocation=pooled",), ("calendar.work=around_the_clock",)], ids=" ".join
)
def test_every_week_the_log_finds_everybody_where_the_model_counted_them(replication: int, settings: tuple[str, ...]):
    result = simulated(replication, *settings)
    arrivals = places(result)
    happened_to_many = Counter(place for _, _, place in arrivals)
    assert min(happened_to_many[place] for place in PLACES) >= 8, happened_to_many
    counts = Counts(result)
    stocks = (
        codes.MANAGED,
        codes.AWAITING_INITIAL_ASSESSMENT,
        codes.ON_REACTIVE,
        codes.WHEREABOUTS_UNKNOWN,
        codes.IN_CUSTODY,
    )
    managed, awaiting, reactive, missing, custody = (counts.stock(stock)[0] for stock in stocks)
    came, left = counts.flow(codes.REGISTRATIONS)[0], counts.flow(codes.DEPARTURES)[0]
    came += sum(team.offenders for team in result.inputs.scenario.teams)
    came_on = {who: day for day, who, _ in reversed(arrivals)}
    left_on = {who: day for day, who, place in arrivals if place == LEFT}
    for number, time in enumerate(result.observation_times):
        logged = Counter({who: place for day, who, place in arrivals if day <= time}.values())
        assert logged[AWAITS_ASSESSMENT] == awaiting[number]
        assert logged[REACTIVE] == reactive[number]
        assert logged[VISITED] == managed[number] - awaiting[number] - reactive[number]
        assert logged[MISSING] == missing[number]
        assert logged[CUSTODY] == custody[number]
        if time < result.observation_times[-1]:  # an event at this very time belongs to the week after it
            assert sum(day < time for day in left_on.values()) == left[number]
            assert sum(day < time or day == 0 for day in came_on.values()) == came[number] or time == 0
    assert logged.total() == came[-1]
    assert logged[LEFT] == left[-1]


def test_whoever_leaves_the_register_does_so_on_the_day():
    """On a weekend, too, when no shift begins: nobody comes, falls into custody or is reallocated after that day."""
    for replication in range(1, 9):
        result = simulated(
            replication, "register.deaths_and_moves_per_year=2", "register.moves_between_teams_per_year=4"
        )
        leaves = Simulation(result.inputs, replication, 0).offenders["leaves"]
        gone = result.events[result.events.event == "left_register"]
        assert len(gone) > 40
        late = gone[gone.day != leaves[gone.offender]]
        work = result.events[result.events.minutes > 0]
        at_work = set(zip(work.offender, work.day, strict=True))  # somebody is still at work on them
        assert set(zip(late.offender, late.day, strict=True)) <= at_work


def test_whoever_comes_back_from_reactive_management_is_met_about_again():
    meetings = ("mappa.level_2_share=1", "mappa.level_3_share=0", "mappa.level_2_interval_days=30", "levers=[]")
    quiet = ("breaches.per_year=0", "drift.up_per_year=0", "register.deaths_and_moves_per_year=0")
    met_again = []
    for replication in REPLICATIONS:
        events = simulated(replication, *meetings, *quiet).events
        meeting = events[events.event == "meeting"]
        for back in events[(events.event == "to_visits") & (events.day < 300)].itertuples():
            met_again.append(bool(((meeting.offender == back.offender) & (meeting.day > back.day)).any()))
    assert len(met_again) >= 5
    assert np.mean(met_again) > 0.8  # the rest are in prison, missing, or in reactive management once more


# --- the tables behind it -----------------------------------------------------------------------------------------


def assert_queues_are_in_order(simulation: Simulation) -> None:
    """A caseload and its queue hold the same offenders, and the queue has them in the order of their wakes."""
    for caseload, members, queue in zip(
        simulation.caseloads, simulation.tables.members, simulation.tables.queues, strict=True
    ):
        assert sorted(queue["row"][: caseload.held]) == sorted(members[: caseload.held])
        assert (queue["ready_at"][1:] >= queue["ready_at"][:-1]).all()
        assert (queue["ready_at"][caseload.held :] == codes.NEVER).all()


def assert_queues_say_what_is_next(simulation: Simulation, rows: np.ndarray) -> None:
    """An officer who chooses by what stands in the queue of a caseload chooses by what is true."""
    policy = simulation.tables.policies[0]
    for row in rows.tolist():
        offender = simulation.offenders[row]
        queue = simulation.tables.queues[offender.caseload][: simulation.caseloads[offender.caseload].held]
        (place,) = queue[queue["row"] == row]
        starts = [start_of(kind, offender, policy) for kind in range(len(codes.WORK_KINDS))]
        assert place["risk"] == offender.risk
        assert place["due"] == due_for(place["kind"], offender)
        assert starts[place["kind"]] == min(starts)
        assert place["nothing_else_until"] == min(sorted(starts)[1], offender.next_natural_event)
        alive = offender.next_natural_event if policy.intelligence_raises_work else codes.NEVER
        assert place["ready_at"] == max(min(*starts, alive), offender.busy_until)
        assert offender.next_natural_event == min(*offender.next_natural_events, offender.next_intelligence)


@pytest.mark.parametrize("replication", REPLICATIONS)
@pytest.mark.parametrize("settings", [(), ("caseload.allocation=pooled",)], ids=["own", "pooled"])
def test_every_week_each_caseload_holds_its_offenders_once(settings: tuple[str, ...], replication: int):
    simulation = Simulation(inputs_of(on_top(EVERYTHING, settings)), replication, 0)
    begin(simulation)
    offenders, caseloads = simulation.offenders, simulation.caseloads
    waited_for_an_officer = 0
    for week in range(1, int(simulation.clock.last_observation)):
        simulation.env.run(until=7 * week)
        held = np.flatnonzero(offenders["caseload"] >= 0)
        assert len(held) == caseloads["held"].sum()
        assert (simulation.tables.members[offenders["caseload"][held], offenders["slot"][held]] == held).all()
        assert_queues_are_in_order(simulation)
        assert_queues_say_what_is_next(simulation, held[week % 10 :: 10])
        assert (caseloads["team"][offenders["caseload"][held]] == offenders["team"][held]).all()
        assert np.isin(offenders["state"][held], (codes.COMMUNITY, codes.MISSING)).all()
        by_risk = np.zeros_like(caseloads["held_by_risk"])
        np.add.at(by_risk, (offenders["caseload"][held], offenders["risk"][held]), 1)
        assert (by_risk == caseloads["held_by_risk"]).all()

        waiting = offenders[offenders["home_caseload"] >= 0]
        waited_for_an_officer += len(waiting)
        assert np.isin(waiting["state"], (codes.COMMUNITY, codes.MISSING)).all()
        assert (caseloads["team"][waiting["home_caseload"]] == waiting["team"]).all()
        assert not caseloads["open"][waiting["home_caseload"]].any(), "the officer is back, and so is the caseload"
    assert (waited_for_an_officer > 20) == (not settings)


@pytest.mark.parametrize("replication", REPLICATIONS)
def test_every_hour_is_accounted_for(replication: int):
    result = simulated(replication)
    week = dict(zip(HOURS, result.tally["hours"].T, strict=True))
    for kind in codes.WORK_KINDS:
        logged = result.events.minutes[result.events.event == kind].sum() / 60
        assert logged > 0
        assert week[kind].sum() == pytest.approx(logged)
    absent = sum(week[use] for use in ("vacant", "sick", "course", "leave", "court", "abstraction", "other_duties"))
    np.testing.assert_allclose(week["contracted"], absent + week["available"], atol=1e-6)
    done = sum(week[use] for use in (*codes.WORK_KINDS, "waiting", "idle"))
    extra = week["overtime"] + week["earned"] - week["repaid"]
    np.testing.assert_allclose(done, week["available"] + extra, atol=1e-6)
    assert all(hours.sum() > 0 for hours in week.values())
