"""How many officers and offenders each team has: sums are exact, and nobody is cut in two."""

from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import read
from sim.scenario.values import shared_out
from tests.support.scenarios import SMALL


def test_without_totals_each_team_has_its_own(write):
    assert read(write("met.yaml", SMALL)).scenario.headcounts == [(10, 500), (5, 300)]


def test_totals_are_shared_in_proportion(write):
    reading = read(write("met.yaml", SMALL), ["officers.total=320", "caseload.total=1000"])
    assert reading.scenario.headcounts == [(213, 625), (107, 375)]


def test_totals_are_shared_by_the_shares(write):
    met = write("met.yaml", SMALL)
    teams = (
        "[{name: A, officers_share: 0.7, offenders_share: 0.5}, {name: B, officers_share: 0.3, offenders_share: 0.5}]"
    )
    reading = read(met, [f"teams={teams}", "officers.total=11", "caseload.total=101"])
    assert reading.scenario.headcounts == [(8, 51), (3, 50)]


def test_the_total_that_is_already_there_changes_nothing(write):
    assert read(write("met.yaml", SMALL), ["officers.total=15"]).scenario.headcounts == [(10, 500), (5, 300)]


@given(total=st.integers(0, 10_000), weights=st.lists(st.floats(0.01, 1), min_size=1, max_size=60))
def test_the_sum_is_exact_and_no_team_is_more_than_one_off(total, weights):
    counts = shared_out(total, weights)
    assert sum(counts) == total
    assert all(abs(count - total * weight / sum(weights)) < 1 for count, weight in zip(counts, weights, strict=True))


@given(total=st.integers(1, 1000), weights=st.lists(st.integers(0, 50), min_size=2, max_size=20).filter(any))
def test_a_team_of_nobody_gets_nobody(total, weights):
    assert all(count == 0 for count, weight in zip(shared_out(total, weights), weights, strict=True) if weight == 0)
