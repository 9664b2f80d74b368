"""From a uniform to a quantity: every distribution against SciPy, and the mean and the variation that were written."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy import special

from sim.model.kernel.compiling import machine_code
from sim.model.kernel.draws import LOGNORMAL, fill_draws
from sim.model.policy import spread
from sim.model.records import SPREAD, table
from sim.scenario.values import Distribution

UNIFORMS = np.concatenate([2.0 ** -np.arange(2, 34), np.linspace(0.001, 0.999, 999), 1 - 2.0 ** -np.arange(2, 21)])
"""From the least a stream can give, 2**-33; not to the greatest, where 1 - u itself has only five digits."""

SHAPES = [0.04, 0.1, 0.3, 0.49, 0.5, 0.51, 0.7, 1, 1.5, 2, 3.7, 10, 25, 60, 150, 400]
"""Of a gamma distribution, 1 / cv**2: from the greatest cv a scenario may have, 5, to one of 0.05."""


def draws(distribution: dict | tuple, uniforms: ArrayLike = UNIFORMS) -> np.ndarray:
    """What is drawn for each uniform; a tuple is a record of `records.SPREAD`."""
    record = table(SPREAD, 1)
    record[0] = distribution if isinstance(distribution, tuple) else spread(Distribution(**distribution))
    drawn = np.empty(np.size(uniforms))
    machine_code(fill_draws)(record, np.asarray(uniforms, float), drawn)
    return drawn


def test_the_normal_quantile():
    standard = draws((LOGNORMAL, 0.0, 1.0, 0.0))
    np.testing.assert_allclose(np.log(standard), special.ndtri(UNIFORMS), rtol=1e-13, atol=1e-15)


def test_lognormal():
    sigma = np.sqrt(np.log(1 + 0.5**2))
    expected = np.exp(np.log(1.5) - sigma**2 / 2 + sigma * special.ndtri(UNIFORMS))
    np.testing.assert_allclose(draws({"distribution": "lognormal", "mean": 1.5, "cv": 0.5}), expected, rtol=1e-13)


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma(shape: float):
    drawn = draws({"distribution": "gamma", "mean": 3.0, "cv": shape**-0.5})
    np.testing.assert_allclose(drawn, special.gammaincinv(shape, UNIFORMS) * 3.0 / shape, rtol=1e-10)


@pytest.mark.parametrize("cv", [1e-3, 1e-4, 1e-6])
def test_a_gamma_that_hardly_varies_is_nearly_normal(cv: float):
    # By Cornish and Fisher; SciPy's own quantile has lost its digits by then.
    normal = special.ndtri(UNIFORMS)
    expected = 3.0 * (1 + cv * normal + cv**2 * (normal**2 - 1) / 3)
    np.testing.assert_allclose(
        draws({"distribution": "gamma", "mean": 3.0, "cv": cv}), expected, rtol=30 * cv**3 + 1e-14
    )


def test_exponential():
    drawn = draws({"distribution": "exponential", "mean": 60.0})
    # Half of a chi-squared with two degrees of freedom, which SciPy gives by its upper tail.
    np.testing.assert_allclose(drawn, 60.0 * special.chdtri(2, UNIFORMS) / 2, rtol=1e-14)


def test_uniform():
    np.testing.assert_allclose(
        draws({"distribution": "uniform", "low": 20, "high": 40}), 20 + 20 * UNIFORMS, rtol=1e-15
    )


@pytest.mark.parametrize("mean", [0, 7.5, np.inf])
def test_a_constant_is_the_same_for_everybody(mean: float):
    assert set(draws({"distribution": "constant", "mean": mean})) == {mean}


def test_an_exponential_of_mean_zero_takes_no_time():
    assert set(draws({"distribution": "exponential", "mean": 0})) == {0}


NORMAL = np.arange(-6.3, 6.3, 0.005)
WEIGHTS = np.exp(-(NORMAL**2) / 2) / np.sqrt(2 * np.pi) * 0.005
"""Integration over random numbers: where u is the normal cumulative of z, the trapezoid rule is exact."""


@pytest.mark.parametrize(
    ("distribution", "mean", "cv"),
    [
        ({"distribution": "constant", "mean": 5}, 5, 0),
        ({"distribution": "exponential", "mean": 60}, 60, 1),
        ({"distribution": "lognormal", "mean": 5, "cv": 0.5}, 5, 0.5),
        ({"distribution": "lognormal", "mean": 20, "cv": 0.7}, 20, 0.7),
        ({"distribution": "gamma", "mean": 7, "cv": 0.05}, 7, 0.05),
        ({"distribution": "gamma", "mean": 7, "cv": 0.4}, 7, 0.4),
        ({"distribution": "gamma", "mean": 7, "cv": 1}, 7, 1),
        ({"distribution": "gamma", "mean": 7, "cv": 3}, 7, 3),
        ({"distribution": "uniform", "low": 20, "high": 40}, 30, 20 / np.sqrt(12) / 30),
        ({"distribution": "uniform", "low": 3, "high": 3}, 3, 0),
    ],
    ids=str,
)
def test_draws_have_the_mean_and_the_variation_that_was_written(distribution: dict, mean: float, cv: float):
    drawn = draws(distribution, special.ndtr(NORMAL))
    found = np.sum(WEIGHTS * drawn)
    assert found == pytest.approx(mean, rel=1e-6)
    assert np.sqrt(np.sum(WEIGHTS * (drawn - mean) ** 2)) / mean == pytest.approx(cv, rel=1e-4, abs=1e-9)
    assert Distribution(**distribution).expected == pytest.approx(mean)


@pytest.mark.parametrize("shape", ["exponential", "lognormal", "gamma"])
def test_a_longer_mean_stretches_everybody_s_draw_and_reshuffles_nobody(shape: str):
    spread_of = {} if shape == "exponential" else {"cv": 0.6}
    short, long = (draws({"distribution": shape, "mean": mean, **spread_of}) for mean in (2.0, 3.0))
    np.testing.assert_allclose(long, 1.5 * short, rtol=1e-12)
