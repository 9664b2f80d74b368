"""Nothing is lost and nothing appears from nowhere: offenders, officer-hours, caseloads."""

from pathlib import Path

import numpy as np
import pytest

from sim.measure.counts import Counts
from sim.model import codes, simulate
from sim.model.codes import DAYS_PER_YEAR
from sim.model.inputs import inputs_of
from sim.model.simulate import begin
from sim.model.simulation import Simulation
from sim.scenario import read
from tests.support.force import EVERYTHING, INVENTED, force, hours, simulate_force, weekly

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
FORCES = {
    "own": (),
    "pooled": ("caseload.allocation=pooled",),
    "without officers in one team": ("teams.1.officers=0",),
    "with levers": ("levers=[{from: 2025-03-05, set: {officers.total: 5, register.new_per_year: 200}}, "
                    "{from: 2025-08-04, set: {officers.total: 9}}]",),
    "from a file": ("teams=[{name: Team 1, officers: 5}, {name: Team 2, officers: 3}]", f"caseload.file={INVENTED}"),
    "around the clock": ("calendar.work=around_the_clock", "officers.hours_per_week=168"),
    "full of custody": ("breaches.per_year=2", "breaches.outcome={warning: 0, charge: 0, custody: 1}"),
}  # fmt: skip


@pytest.fixture(params=FORCES)
def settings(request) -> tuple[str, ...]:
    return FORCES[request.param]


def offenders_by_state(settings: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Offenders managed, in custody, gone and registered up to each weekly observation, from the event log."""
    result = simulate_force(*settings)
    changes = {
        "at_start": {"managed": 1},
        "registered": {"managed": 1, "joined": 1},
        "to_custody": {"managed": -1, "custody": 1},
        "released": {"managed": 1, "custody": -1},
    }
    logged = {name: np.zeros(len(result.observation_times)) for name in ("managed", "custody", "left", "joined")}
    inside: dict[int, str] = {}
    events = result.events
    for event, offender, day in zip(events.event, events.offender, events.day, strict=True):
        if event == "left_register":
            change = {"managed" if inside[offender] != "to_custody" else "custody": -1, "left": 1}
        elif event in changes:
            change = changes[event]
        else:
            continue
        inside[offender] = event
        for name, by in change.items():
            logged[name][result.observation_times >= day] += by
    return logged


def test_every_offender_is_in_the_community_in_custody_or_gone(settings):
    logged = offenders_by_state(settings)
    started = sum(team.offenders for team in force(*settings).teams)
    managed, custody = weekly("offenders_managed", *settings), weekly("offenders_in_custody", *settings)
    assert (managed == logged["managed"]).all()
    assert (custody == logged["custody"]).all()
    assert (managed + custody + logged["left"] == started + logged["joined"]).all()
    assert logged["joined"][-1] > 0
    assert logged["left"][-1] > 0


def test_flows_are_what_stocks_change_by(settings):
    result = simulate_force(*settings)
    counts = Counts(result)
    logged = offenders_by_state(settings)
    assert counts.flow(codes.DEPARTURES)[0, -1] == logged["left"][-1]
    assert counts.flow(codes.REGISTRATIONS)[0, -1] == logged["joined"][-1]
    latent = np.diff(counts.stock(codes.LATENT_BREACHES)[0])
    begun, found = (np.diff(counts.flow(flow)[0]) for flow in (codes.BREACHES_BEGUN, codes.BREACHES_FOUND))
    # Custody and leaving the register end what is latent, too.
    assert (latent <= begun - found + 1e-9).all()


def test_managed_offenders_are_overdue_or_in_date_of_the_visit_list(settings):
    counts = Counts(simulate_force(*settings))
    managed = counts.stock(codes.MANAGED)
    assert (counts.stock(codes.ON_VISIT_LIST) == managed).all()
    for part in (codes.OVERDUE_VISITS, codes.OVERDUE_REVIEWS, codes.UNALLOCATED, codes.HIDDEN_RISK):
        assert (counts.stock(part) <= managed).all()


AWAY = (
    codes.HOURS_VACANT, codes.HOURS_SICK, codes.HOURS_COURSE, codes.HOURS_LEAVE, codes.HOURS_COURT,
    codes.HOURS_ABSTRACTION, codes.HOURS_OTHER_DUTIES,
)  # fmt: skip
WORKED = range(codes.HOURS_VISIT, codes.HOURS_WAITING)


def assert_every_hour_has_one_use(result) -> None:
    """Contracted hours are away, on other duties or available; what is available, and overtime, is worked or not.

    In every week; what runs beyond a shift is worked today and taken back later.
    """
    counts = Counts(result)
    per_week = {use: np.diff(counts.hours(use)[0]) for use in range(codes.HOUR_USES)}
    for use, hours_used in per_week.items():
        assert (hours_used >= 0).all(), use
    available = per_week[codes.HOURS_AVAILABLE]
    away = sum(per_week[use] for use in AWAY)
    assert per_week[codes.HOURS_CONTRACTED] == pytest.approx(away + available, abs=1e-6)
    there = (
        available
        + per_week[codes.HOURS_OVERTIME]
        + per_week[codes.HOURS_TOIL_EARNED]
        - per_week[codes.HOURS_TOIL_TAKEN]
    )
    worked = sum(per_week[use] for use in WORKED)
    assert there == pytest.approx(worked + per_week[codes.HOURS_WAITING] + per_week[codes.HOURS_IDLE], abs=1e-6)
    assert worked.sum() > 0


def assert_everybody_is_in_one_place(result) -> None:
    """Every offender registered so far is in one state, from initial assessment to gone, at every observation."""
    counts = Counts(result)
    managed, initial_assessment, reactive, missing, custody, lost, on_visit_list, unallocated = (
        counts.stock(stock)[0]
        for stock in (
            codes.MANAGED, codes.AWAITING_INITIAL_ASSESSMENT, codes.ON_REACTIVE, codes.WHEREABOUTS_UNKNOWN,
            codes.IN_CUSTODY, codes.LOST_RECORDS, codes.ON_VISIT_LIST, codes.UNALLOCATED,
        )
    )  # fmt: skip
    times, kinds = result.event_log["time"], result.event_log["kind"]
    joined, left = (
        np.searchsorted(times[kinds == kind], result.observation_times, side="right")
        for kind in (codes.REGISTERED, codes.LEFT_REGISTER)
    )
    visited = managed - initial_assessment - reactive
    today = sum(team.offenders for team in result.inputs.scenario.teams)
    for part in (initial_assessment, visited, reactive, missing, custody, left, lost, unallocated):
        assert (part >= 0).all()
    assert (initial_assessment + visited + reactive + missing + custody + left == today + joined).all()
    # All levels of risk are visited in these scenarios, so who has no date has lost it, or needs none.
    assert (on_visit_list + reactive + lost == managed).all()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_in_the_shipped_scenarios_no_hour_and_no_offender_is_lost(path):
    scenario = read(path).scenario
    for replication in range(2):
        result = simulate(scenario, replication, log_events=True)
        assert_every_hour_has_one_use(result)
        assert_everybody_is_in_one_place(result)


@pytest.mark.parametrize("allocation", ["own", "pooled"])
@pytest.mark.parametrize("replication", range(3))
def test_with_everything_switched_on_no_hour_and_no_offender_is_lost(allocation, replication):
    result = simulate_force(*EVERYTHING, f"caseload.allocation={allocation}", replication=replication)
    assert_every_hour_has_one_use(result)
    assert_everybody_is_in_one_place(result)
    used = Counts(result).hours
    for use in range(codes.HOUR_USES):  # nothing holds because it is 0
        assert used(use)[0, -1] > 0 or (use == codes.HOURS_VACANT and allocation == "pooled")


COVERED = {
    **{
        rule: (*EVERYTHING, f"caseload.cover.rule={rule}")
        for rule in ("none", "high_risk", "reallocate", "unallocated")
    },
    "pooled": (*EVERYTHING, "caseload.allocation=pooled"),
    "with fewer posts and then more": (
        *EVERYTHING,
        "levers=[{from: 2025-02-05, set: {officers.total: 5}}, {from: 2025-06-04, set: {officers.total: 14}}, "
        "{from: 2025-09-03, set: {officers.total: 0}}, {from: 2025-11-03, set: {officers.total: 9}}]",
    ),
}


@pytest.mark.parametrize("kind", COVERED)
def test_caseload_tables_agree_with_each_other_on_any_day(kind):
    scenario = force(*COVERED[kind])
    for replication in range(2):
        simulation = Simulation(inputs_of(scenario), replication, 0)
        begin(simulation)
        for day in [*range(21, scenario.horizon_days, 41), scenario.horizon_days]:
            simulation.env.run(until=float(day))
            assert_caseloads_agree(simulation)
        simulation.close()
        assert_caseloads_agree(simulation)


def assert_caseloads_agree(simulation) -> None:
    """Everybody with an officer stands in exactly one place of one caseload, and who waits for one waits rightly."""
    offenders, caseloads = simulation.offenders, simulation.caseloads
    here = np.isin(offenders["state"], (codes.COMMUNITY, codes.MISSING))
    held = np.flatnonzero(offenders["caseload"] >= 0)
    assert here[held].all()
    assert (simulation.tables.members[offenders["caseload"][held], offenders["slot"][held]] == held).all()
    assert len(set(zip(offenders["caseload"][held], offenders["slot"][held], strict=True))) == len(held)
    assert (offenders["slot"][held] < caseloads["held"][offenders["caseload"][held]]).all()
    assert (caseloads["team"][offenders["caseload"][held]] == offenders["team"][held]).all()
    for number, caseload in enumerate(caseloads):
        risks = offenders["risk"][offenders["caseload"] == number]
        assert caseload.held == len(risks)
        assert (caseload.held_by_risk == np.bincount(risks, minlength=codes.RISKS)).all()

    waiting = np.flatnonzero(offenders["home_caseload"] >= 0)
    assert here[waiting].all()
    for offender in offenders[waiting]:
        officer = caseloads["officer"][offender.home_caseload]
        assert simulation.officers["post"][officer] == 1
        assert simulation.officers["in_post"][officer] == 0 or simulation.staff.long_away[officer]
        assert offender.caseload != offender.home_caseload
        assert offender.team == caseloads["team"][offender.home_caseload]
    without = offenders[here & (offenders["caseload"] < 0) & (offenders["home_caseload"] < 0)]
    for team in set(without["team"]):
        assert not caseloads["open"][caseloads["team"] == team].any(), "somebody has no officer although one is there"
    if simulation.own:
        officers = simulation.officers[caseloads["officer"]]
        assert (officers["in_post"][caseloads["open"] == 1] == 1).all()


def test_every_officer_hour_has_exactly_one_use(settings):
    assert_every_hour_has_one_use(simulate_force(*settings))


def test_hours_worked_are_the_minutes_in_the_event_log(settings):
    logged = simulate_force(*settings).events.groupby("event", observed=False).minutes.sum() / 60
    for work, use in zip(codes.WORK_KINDS, WORKED, strict=True):
        assert logged[work] == pytest.approx(hours(simulate_force(*settings), use), abs=1e-6), work


def test_time_off_in_lieu_is_repaid_in_time_and_never_more():
    result = Counts(simulate_force("breaches.enquiry_hours=30"))
    earned, repaid = result.hours(codes.HOURS_TOIL_EARNED)[0], result.hours(codes.HOURS_TOIL_TAKEN)[0]
    assert (repaid <= earned + 1e-9).all()
    assert repaid[-1] > 0.8 * earned[-1]


@pytest.mark.parametrize("kind", [kind for kind in FORCES if kind != "without officers in one team"])
def test_with_an_officer_in_every_team_nobody_is_unallocated(kind):
    assert (weekly("unallocated_offenders", *FORCES[kind]) == 0).all()


def test_a_team_without_officers_leaves_all_its_offenders_unallocated():
    settings = FORCES["without officers in one team"]
    south = simulate_force(*settings).events.query("team == 'South'")
    joined = south.day[south.event.isin(["at_start", "registered"])].to_numpy()
    left = south.day[south.event == "left_register"].to_numpy()
    expected = [(joined <= day).sum() - (left <= day).sum() for day in simulate_force(*settings).observation_times]
    assert (weekly("unallocated_offenders", *settings) == expected).all()
    assert not (south.event == "visit").any()


REGISTER = ("teams=[{name: Everywhere, officers: 0, offenders: 20000}]", "register.new_per_year=3000")


def share_still_there(years: float, period: float, rate: float, phase: str) -> float:
    """Of offenders with a notification period, the share still on the register after some years.

    `phase`: 'new' for those whose period begins, 'today' for those of whom each has spent some part of it.
    """
    of_period = max(1 - years / period, 0) if phase == "today" else float(years < period)
    return of_period * float(np.exp(-rate * years))


def test_the_register_grows_by_arrivals_less_departures():
    scenario = force(*REGISTER)
    register, years = scenario.register, scenario.horizon_days / DAYS_PER_YEAR
    events = simulate_force(*REGISTER).events
    arrivals = int((events.event == "registered").sum())
    expected = register.new_per_year * years
    assert arrivals == pytest.approx(expected, abs=4 * np.sqrt(expected))
    # Dates are spread evenly: half come in the first half.
    first_half = int((events.day[events.event == "registered"] < scenario.horizon_days / 2).sum())
    assert first_half == pytest.approx(arrivals / 2, abs=4 * np.sqrt(arrivals) / 2)

    def share_gone(after: float, shares: list[float], phase: str) -> float:
        rate = register.deaths_and_moves_per_year
        periods = zip(register.periods, shares, strict=True)
        return 1 - sum(share * share_still_there(after, period.years, rate, phase) for period, share in periods)

    new_shares = [period.share for period in register.periods]
    transitions = (np.arange(200) + 0.5) / 200 * years
    of_today = 20000 * share_gone(years, register.shares_at_start(), "today")
    of_newcomers = arrivals * np.mean([share_gone(years - transition, new_shares, "new") for transition in transitions])
    departures = int((events.event == "left_register").sum())
    expected = of_today + of_newcomers
    assert departures == pytest.approx(expected, abs=4 * np.sqrt(expected))
    assert weekly("offenders_managed", *REGISTER)[-1] == 20000 + arrivals - departures


def test_newcomers_have_the_risk_mix_and_the_teams_of_today():
    events = simulate_force(*REGISTER, "teams=[{name: Big, officers: 0, offenders: 15000}, {name: Small, officers: 0, "
                     "offenders: 5000}]").events  # fmt: skip
    newcomers = events[events.event == "registered"]
    for shares, column in (
        (dict(zip(("low", "medium", "high", "very_high"), force().caseload.risk_mix.values(), strict=True)), "risk"),
        ({"Big": 0.75, "Small": 0.25}, "team"),
    ):
        for name, share in shares.items():
            count = (newcomers[column] == name).sum()
            assert count == pytest.approx(share * len(newcomers), abs=4 * np.sqrt(len(newcomers) * share * (1 - share)))
