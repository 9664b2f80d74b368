"""The register's balance, against figures worked out by hand and against the model."""

import math

import pytest

from sim.measure import tabulate
from sim.model import simulate
from sim.scenario.balance import register_balance
from tests.support.fake_model import smalltown

THREE_YEARS = {"start": "2024-09-02", "end": "2027-09-01"}  # 1,095 days


def test_without_arrivals_and_departures_nothing_changes():
    balance = register_balance(smalltown(**THREE_YEARS))
    assert (balance.at_start, balance.at_end, balance.growth_per_year) == (200, 200, 0)


def test_deaths_and_moves_are_exponential():
    balance = register_balance(smalltown(**THREE_YEARS, register={"deaths_and_moves_per_year": 0.1}))
    assert balance.at_end == pytest.approx(200 * math.exp(-0.1 * 1095 / 365.25))
    assert balance.growth_per_year == pytest.approx(math.exp(-0.1) - 1)


def test_periods_of_today_end_evenly_and_those_of_newcomers_after_their_whole_length():
    period = [{"years": 6, "share": 0, "share_at_start": 1}, {"years": 2, "share": 1, "share_at_start": 0}]
    balance = register_balance(smalltown(**THREE_YEARS, register={"new_per_year": 30, "periods": period}))
    # Half of today's leave within three years; of the newcomers those of the last two years are there.
    assert balance.at_end == pytest.approx(100 + 60, abs=1.5)
    assert balance.registered == pytest.approx(90, abs=0.1)
    assert balance.left == pytest.approx(130, abs=1.5)


def test_a_lever_changes_arrivals_from_its_date():
    lever = [{"from": "2025-09-02", "set": {"register.new_per_year": 60}}]
    balance = register_balance(smalltown(**THREE_YEARS, register={"new_per_year": 30}, levers=lever))
    assert balance.at_end == pytest.approx(200 + 30 + 120, abs=0.5)


def test_the_model_comes_to_the_same():
    periods = [{"years": 5, "share": 0.6, "share_at_start": 0.5}, {"years": "indefinite", "share": 0.4}]
    periods[1]["share_at_start"] = 0.5
    register = {"new_per_year": 100, "deaths_and_moves_per_year": 0.05, "recalls_per_year": 0.2, "periods": periods}
    scenario = smalltown(start="2024-09-02", end="2032-09-01", register=register)
    ends = []
    for replication in range(1, 11):
        table = tabulate(scenario, simulate(scenario, replication))
        last = table[(table["statistic"] == "at_end") & (table["group"] == "total")].set_index("metric")["value"]
        ends.append(last["offenders_managed"] + last["offenders_in_custody"] + last["offenders_missing"])
    balance = register_balance(scenario)
    assert balance.at_end == pytest.approx(sum(ends) / len(ends), rel=0.03)
    assert balance.at_end > 2.5 * balance.at_start
