"""Who is on the register on the first day, who joins, and who leaves when."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.codes import COMMUNITY, DAYS_PER_YEAR, NEVER, NOT_YET
from sim.model.inputs import inputs_of
from sim.model.register.first_day import visits_since
from sim.model.register.identities import stream_of
from sim.model.register.layout import lay_out_register
from sim.scenario import Scenario
from sim.scenario.backlog import risk_sequence
from sim.scenario.domain import RISK_LEVELS

MIX = {"low": 0.5, "medium": 0.3, "high": 0.18, "very_high": 0.02}
INTERVALS = {"low": 365, "medium": 182, "high": 91, "very_high": 30}


def scenario(**changes) -> Scenario:
    """A force of one team and 20,000 offenders for three years; sections change as wholes."""
    return Scenario.model_validate(
        {
            "name": "A register",
            "start": "2024-09-02",
            "end": "2027-09-01",
            "teams": [{"name": "One", "officers": 10, "offenders": 20000}],
            "caseload": {"risk_mix": MIX},
            "visits": {"interval_days": INTERVALS, "visit_hours": 1},
            **changes,
        }
    )


def laid_out(replication: int = 0, **changes) -> np.recarray:
    """The register of such a force."""
    register, _ = lay_out_register(inputs_of(scenario(**changes)), replication)
    return register.view(np.recarray)


def close_to_share(count: int, share: float, of: int) -> bool:
    """Within four standard deviations of chance."""
    return abs(count - share * of) <= 4 * np.sqrt(of * share * (1 - share)) + 1e-9


# -- risk ------------------------------------------------------------------------------------------------------------

shares_of_risk = st.lists(st.integers(0, 100), min_size=4, max_size=4).filter(any)


def furthest_from_share(shares, most: int) -> float:
    """By how many offenders any level is off its share, at any number of offenders."""
    risk, _ = risk_sequence(shares, most)
    numbers = np.array([np.cumsum(risk == level) for level in range(4)])
    return float(np.abs(numbers - np.outer(shares, np.arange(1, most + 1))).max())


@pytest.mark.parametrize(
    "shares", [(0.5, 0.3, 0.18, 0.02), (0.4, 0.3, 0.2, 0.1), (0.45, 0.38, 0.15, 0.02), (0.25,) * 4]
)
def test_every_level_of_risk_has_its_share_to_within_one_at_any_number_of_offenders(shares):
    assert furthest_from_share(shares, 3000) <= 1 + 1e-9


@settings(deadline=None, derandomize=True)
@given(weights=shares_of_risk, most=st.integers(1, 400))
def test_with_odd_mixes_it_is_one_and_a_half_at_most(weights, most):
    # Three rare levels may each come half an offender early, all at the cost of the fourth.
    assert furthest_from_share(np.array(weights) / sum(weights), most) <= 1.5 + 1e-9


@settings(deadline=None, derandomize=True)
@given(weights=shares_of_risk, offenders=st.integers(0, 300))
def test_one_offender_more_changes_no_other_s_level(weights, offenders):
    shares = np.array(weights) / sum(weights)
    risk, rank = risk_sequence(shares, offenders)
    more, more_rank = risk_sequence(shares, offenders + 1)
    assert more[:-1].tolist() == risk.tolist()
    assert more_rank[:-1].tolist() == rank.tolist()


def test_the_rank_of_an_offender_counts_within_the_level():
    risk, rank = risk_sequence([0.5, 0.3, 0.2, 0], 10)
    assert risk.tolist() == [0, 1, 2, 0, 0, 1, 0, 2, 1, 0]
    assert [rank[risk == level].tolist() for level in range(4)] == [[0, 1, 2, 3, 4], [0, 1, 2], [0, 1], []]


def test_offenders_are_named_by_their_team_and_a_number_within_it():
    teams = [{"name": "One", "officers": 3, "offenders": 50}, {"name": "Two", "officers": 0, "offenders": 30}]
    register = laid_out(teams=teams, register={"new_per_year": 20})
    assert (register.stream[:50] == stream_of("One")).all()
    assert (register.stream[50:80] == stream_of("Two")).all()
    assert sorted(register.index[:50]) == list(range(50))
    assert sorted(register.index[50:80]) == list(range(30))
    assert (register.stream[80:] == 0).all()
    assert register.index[80:].tolist() == list(range(len(register) - 80))


def test_one_offender_more_changes_nothing_about_the_others():
    def by_name(offenders: int) -> dict[tuple[int, int], str]:
        register = laid_out(
            teams=[{"name": "One", "officers": 7, "offenders": offenders}], register={"new_per_year": 50}
        )
        fields = [name for name in register.dtype.names if name not in ("row", "stream", "index")]
        return {(row["stream"], row["index"]): repr([row[name] for name in fields]) for row in register}

    before, after = by_name(200), by_name(201)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 1


def test_caseloads_are_equal_in_size_and_mix():
    teams = [{"name": "One", "officers": 7, "offenders": 500}]
    register, turns = lay_out_register(inputs_of(scenario(teams=teams, register={"new_per_year": 0})), 0)
    for level in range(4):
        held = np.bincount(turns[register["risk"] == level], minlength=7)
        assert held.max() - held.min() <= 1
    sizes = np.bincount(turns, minlength=7)
    assert sizes.max() - sizes.min() <= 3


# -- first dates -----------------------------------------------------------------------------------------------------


def test_due_dates_of_today_are_spread_over_the_interval():
    register = laid_out()
    for level, interval in enumerate(INTERVALS.values()):
        due = register.visit_due[register.risk == level]
        assert due.min() == 0
        assert due.max() == interval - 1
        assert (due == np.floor(due)).all()
        for part in (0.25, 0.5, 0.75):
            assert close_to_share((due < np.ceil(part * interval)).sum(), np.ceil(part * interval) / interval, len(due))
    assert (register.review_due == NEVER).all()
    assert (register.notification_due == NEVER).all()


def test_the_backlog_of_today_has_its_share_and_its_age():
    shares = {"low": 0.25, "medium": 0.15, "high": 0.08, "very_high": 0.5}
    register = laid_out(
        caseload={
            "risk_mix": MIX,
            "overdue_at_start": shares,
            "overdue_days_at_start": {"distribution": "exponential", "mean": 60},
            "reviews_overdue_at_start": 0.1,
            "review_overdue_days_at_start": 12,
        },
        reviews={"interval_days": 365, "hours": 1},
    )
    for level, share in enumerate(shares.values()):
        due = register.visit_due[register.risk == level]
        assert close_to_share((due < 0).sum(), share, len(due))
    late = -register.visit_due[register.visit_due < 0]
    assert late.min() == 1
    # Rounded up to whole days, half a day more than drawn.
    assert late.mean() == pytest.approx(60.5, abs=4 * 60 / np.sqrt(len(late)))
    overdue = register.review_due < 0
    assert close_to_share(overdue.sum(), 0.1, len(register))
    assert (register.review_due[overdue] == -12).all()
    assert register.review_due[~overdue].max() == 364


def test_all_overdue_or_none():
    overdue = {"risk_mix": MIX, "overdue_days_at_start": 0}
    assert (laid_out(caseload={**overdue, "overdue_at_start": 1}).visit_due == -1).all()
    assert (laid_out(caseload={**overdue, "overdue_at_start": 0}).visit_due >= 0).all()


def test_who_is_due_in_a_month_was_seen_an_interval_before():
    register = laid_out()
    interval = np.array(list(INTERVALS.values()))[register.risk]
    assert (register.last_seen == register.visit_due - interval).all()
    assert (register.last_seen < 0).all()


def test_an_interval_that_never_ends_has_no_due_date():
    register = laid_out(visits={"interval_days": {**INTERVALS, "low": "never"}, "visit_hours": 1})
    low = register.risk == 0
    assert (register.visit_due[low] == NEVER).all()
    assert np.isfinite(register.visit_due[~low]).all()
    assert np.isfinite(register.last_seen).all()


def test_around_the_clock_things_fall_due_at_instants():
    register = laid_out(calendar={"work": "around_the_clock"})
    assert (register.visit_due != np.floor(register.visit_due)).mean() > 0.99


def test_the_last_unannounced_visit_is_some_visits_ago():
    visits = {"interval_days": 100, "visit_hours": 1, "announced_share": 0.75}
    register = laid_out(visits=visits)
    ago = (register.last_seen - register.last_seen_unannounced) / 100
    assert (ago == np.rint(ago)).all()
    for visits_ago in range(5):
        assert close_to_share((ago == visits_ago).sum(), 0.25 * 0.75**visits_ago, len(ago))
    assert (laid_out(visits={**visits, "announced_share": 1}).last_seen_unannounced == -NEVER).all()
    always = laid_out(visits={**visits, "announced_share": 0})
    assert (always.last_seen_unannounced == always.last_seen).all()


@settings(deadline=None, derandomize=True)
@given(chance=st.floats(0.01, 0.99), uniform=st.floats(1e-9, 1 - 1e-9))
def test_visits_since_inverts_the_geometric_distribution(chance, uniform):
    ago = float(visits_since(np.array([chance]), np.array([uniform]))[0])
    assert ago == int(ago) >= 0
    # More than `ago` visits without: (1 - chance) ** (ago + 1) < uniform <= (1 - chance) ** ago.
    assert (1 - chance) ** (ago + 1) <= uniform * (1 + 1e-9)
    assert uniform <= (1 - chance) ** ago * (1 + 1e-9)


def test_visits_since_what_is_certain_and_what_never_happens():
    assert visits_since(np.array([1.0, 0.0]), np.array([0.3, 0.3])).tolist() == [0, NEVER]


# -- who joins -------------------------------------------------------------------------------------------------------


def test_registrations_are_a_poisson_stream_of_the_rate():
    few = [{"name": "One", "officers": 1, "offenders": 1}]
    counts = [len(laid_out(replication, teams=few, register={"new_per_year": 40})) - 1 for replication in range(60)]
    expected = 40 * 1095 / DAYS_PER_YEAR
    assert np.mean(counts) == pytest.approx(expected, abs=3 * np.sqrt(expected / 60))
    # The variance of a Poisson count is its mean.
    assert np.var(counts, ddof=1) == pytest.approx(expected, rel=4 * np.sqrt(2 / 59))


def test_registrations_are_dates_in_order_within_the_horizon():
    register = laid_out(register={"new_per_year": 500})
    joined = register.registered[register.state == NOT_YET]
    assert (joined == np.floor(joined)).all()
    assert (np.diff(joined) >= 0).all()
    assert joined[0] >= 0
    assert joined[-1] <= 1094
    assert (register.registered[register.state == COMMUNITY] < 0).all()


def test_a_lever_on_the_rate_moves_registrations_after_its_date_alone():
    def dates(*levers) -> np.ndarray:
        register = laid_out(register={"new_per_year": 200}, levers=list(levers))
        return register.registered[register.state == NOT_YET]

    plain = dates()
    doubled = dates({"from": "2025-09-02", "set": {"register.new_per_year": 400}})
    ended = dates({"from": "2025-09-02", "set": {"register.new_per_year": 0}})
    first_year = plain[plain < 365]
    assert (doubled[: len(first_year)] == first_year).all()
    assert (ended == first_year).all()
    expected = 400 * 730 / DAYS_PER_YEAR
    assert (doubled >= 365).sum() == pytest.approx(expected, abs=4 * np.sqrt(expected))


def test_newcomers_have_their_first_dates_from_the_day_they_join():
    register = laid_out(
        register={"new_per_year": 300},
        initial_assessment={"hours": 2, "first_visit_days": 14, "first_review_days": 60},
        reviews={"interval_days": 365, "hours": 1},
        notifications={"interval_days": 365, "hours": 1},
    )
    new = register[register.state == NOT_YET]
    assert (new.visit_due - new.registered == 14).all()
    assert (new.review_due - new.registered == 60).all()
    assert (new.notification_due - new.registered == 365).all()
    assert (new.initial_assessment_due == new.registered).all()
    assert (new.last_seen == new.registered).all()
    assert (laid_out(register={"new_per_year": 300}).initial_assessment_due == NEVER).all()


def test_newcomers_have_the_mix_of_risk():
    new = laid_out(register={"new_per_year": 3000})
    new = new[new.state == NOT_YET]
    for level, name in enumerate(RISK_LEVELS):
        assert close_to_share((new.risk == level).sum(), MIX[name], len(new))


# -- who leaves ------------------------------------------------------------------------------------------------------

TEN_YEARS = [{"years": 10, "share": 1}]


def test_without_an_end_of_the_period_or_of_life_nobody_leaves():
    assert (laid_out(register={"new_per_year": 50}).leaves == NEVER).all()


def test_a_period_runs_from_registration_and_today_s_are_anywhere_in_theirs():
    register = laid_out(register={"new_per_year": 500, "periods": TEN_YEARS})
    new = register.state == NOT_YET
    assert (register.leaves[new] - register.registered[new]).tolist() == pytest.approx([10 * DAYS_PER_YEAR] * new.sum())
    today = register.leaves[~new]
    assert today.min() > 0
    assert today.max() < 10 * DAYS_PER_YEAR
    assert close_to_share((today < 3 * DAYS_PER_YEAR).sum(), 0.3, len(today))


def test_periods_are_given_out_by_their_shares_of_today_and_of_newcomers():
    periods = [
        {"years": "indefinite", "share": 0.2, "share_at_start": 0.7},
        {"years": 5, "share": 0.8, "share_at_start": 0.3},
    ]
    register = laid_out(register={"new_per_year": 3000, "periods": periods})
    new = register.state == NOT_YET
    assert close_to_share((register.leaves[new] == NEVER).sum(), 0.2, new.sum())
    assert close_to_share((register.leaves[~new] == NEVER).sum(), 0.7, (~new).sum())


def test_deaths_and_moves_are_exponential_and_come_first_if_they_do():
    deaths = laid_out(register={"deaths_and_moves_per_year": 0.5}).leaves
    assert deaths.mean() == pytest.approx(2 * DAYS_PER_YEAR, abs=4 * 2 * DAYS_PER_YEAR / np.sqrt(len(deaths)))
    ends = laid_out(register={"periods": TEN_YEARS}).leaves
    both = laid_out(register={"periods": TEN_YEARS, "deaths_and_moves_per_year": 0.5}).leaves
    assert (both == np.minimum(deaths, ends)).all()


def test_a_lever_on_deaths_moves_nobody_s_before_its_date():
    plain = laid_out(register={"deaths_and_moves_per_year": 0.5}).leaves
    lever = {"from": "2025-09-02", "set": {"register.deaths_and_moves_per_year": 1}}
    moved = laid_out(register={"deaths_and_moves_per_year": 0.5}, levers=[lever]).leaves
    early = plain < 365
    assert (moved[early] == plain[early]).all()
    assert moved[~early] - 365 == pytest.approx((plain[~early] - 365) / 2)
