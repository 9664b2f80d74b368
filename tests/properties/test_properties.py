"""A short form of the campaign; the whole of it: python -m tests.properties --validations 10000 --simulations 500."""

from tests.properties.campaign import simulations, validations


def test_mutated_scenarios_and_caseload_files_are_checked_without_a_crash():
    found = validations(120, seed=1)
    assert found["valid"] >= 10
    assert found["refused"] >= 30


def test_what_is_simulated_of_mutated_scenarios_is_finite_and_whole():
    found = simulations(20, seed=1)
    assert found["simulations"] >= 10
    assert found["uncompiled"] >= 1
    assert found["with investigations"] >= 1
    assert found["with levers"] >= 1
