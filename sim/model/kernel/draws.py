"""From a uniform to a quantity: every distribution is drawn by inverting its cumulative function.

One uniform gives one draw, so a draw stays with its owner, and a longer mean stretches everybody's draw
without reshuffling it.
"""

from __future__ import annotations

import math

import numpy as np

from sim.model.kernel.compiling import compiled, entry_point_without_tables, f8, inlined, rows_of
from sim.model.records import SPREAD

CONSTANT = 0
EXPONENTIAL = 1
LOGNORMAL = 2
GAMMA = 3
UNIFORM = 4


# Wichura's algorithm AS 241 (1988): the coefficients of a numerator and a denominator, from the highest power down.
_MIDDLE = np.array(
    [
        [2509.0809287301226727, 5226.495278852545925],
        [33430.575583588128105, 28729.085735721942674],
        [67265.770927008700853, 39307.89580009271061],
        [45921.953931549871457, 21213.794301586595867],
        [13731.693765509461125, 5394.1960214247511077],
        [1971.5909503065514427, 687.1870074920579083],
        [133.14166789178437745, 42.313330701600911252],
        [3.387132872796366608, 1.0],
    ]
)
_TAIL = np.array(
    [
        [7.7454501427834140764e-4, 1.05075007164441684324e-9],
        [0.0227238449892691845833, 5.475938084995344946e-4],
        [0.24178072517745061177, 0.0151986665636164571966],
        [1.27045825245236838258, 0.14810397642748007459],
        [3.64784832476320460504, 0.68976733498510000455],
        [5.7694972214606914055, 1.6763848301838038494],
        [4.6303378461565452959, 2.05319162663775882187],
        [1.42343711074968357734, 1.0],
    ]
)
_FAR_TAIL = np.array(
    [
        [2.01033439929228813265e-7, 2.04426310338993978564e-15],
        [2.71155556874348757815e-5, 1.4215117583164458887e-7],
        [0.0012426609473880784386, 1.8463183175100546818e-5],
        [0.026532189526576123093, 7.868691311456132591e-4],
        [0.29656057182850489123, 0.0148753612908506148525],
        [1.7848265399172913358, 0.13692988092273580531],
        [5.4637849111641143699, 0.59983220655588793769],
        [6.6579046435011037772, 1.0],
    ]
)


@compiled
def normal_quantile(u):
    """The standard normal quantile, about 16 digits."""
    q = u - 0.5
    if abs(q) <= 0.425:
        top, bottom = _polynomials(_MIDDLE, 0.180625 - q * q)
        return q * top / bottom
    r = math.sqrt(-math.log(u if q < 0 else 1.0 - u))
    top, bottom = _polynomials(_TAIL, r - 1.6) if r <= 5.0 else _polynomials(_FAR_TAIL, r - 5.0)
    return -top / bottom if q < 0 else top / bottom


@inlined
def _polynomials(coefficients, x):
    top = bottom = 0.0
    for power in range(len(coefficients)):
        top = top * x + coefficients[power, 0]
        bottom = bottom * x + coefficients[power, 1]
    return top, bottom


@compiled
def _gamma_cumulative(shape, x, log_gamma_shape):
    """The regularised lower incomplete gamma function, by its series or its continued fraction."""
    if x <= 0.0:
        return 0.0
    scale = math.exp(shape * math.log(x) - x - log_gamma_shape)
    if x < shape + 1.0:
        term = 1.0 / shape
        total = term
        step = shape
        while abs(term) > 1e-16 * abs(total):
            step += 1.0
            term *= x / step
            total += term
        return total * scale
    # Lentz's continued fraction for the upper tail.
    b = x + 1.0 - shape
    c = 1e300
    d = 1.0 / b
    fraction = d
    for n in range(1, 500):
        a = -n * (n - shape)
        b += 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        change = d * c
        fraction *= change
        if abs(change - 1.0) < 1e-15:
            break
    return 1.0 - scale * fraction


@compiled
def gamma_quantile(u, shape, log_gamma_shape):
    """The quantile of a gamma distribution of scale 1: a close start, then Halley's steps."""
    ninth = 1.0 / (9.0 * shape)
    start = 1.0 - ninth + normal_quantile(u) * math.sqrt(ninth)
    x = shape * start**3 if start > 0.0 else 0.0
    if shape > 1e5:  # hardly any variation: the start is right to seven digits, and the steps would take ever longer
        return x
    if x < 0.02 * shape or shape < 0.5:  # far left or very skewed: the leading term of the series
        x = math.exp((math.log(u) + log_gamma_shape + math.log(shape)) / shape)
    for _ in range(60):
        density = math.exp((shape - 1.0) * math.log(x) - x - log_gamma_shape)
        if density <= 0.0:
            break
        error = (_gamma_cumulative(shape, x, log_gamma_shape) - u) / density
        step = error / (1.0 - 0.5 * min(1.0, error * ((shape - 1.0) / x - 1.0)))
        if step > 0.9 * x:
            step = 0.9 * x
        x -= step
        if abs(step) <= 1e-13 * x:
            break
    return x


@compiled
def draw(spread, u):
    """One draw from a distribution record (family, a, b, c) by inverting the uniform `u`."""
    family = spread.family
    if family == CONSTANT:
        return spread.a
    if family == LOGNORMAL:
        return math.exp(spread.a + spread.b * normal_quantile(u))
    if family == EXPONENTIAL:
        return -spread.a * math.log(u)
    if family == GAMMA:
        return spread.b * gamma_quantile(u, spread.a, spread.c)
    return spread.a + (spread.b - spread.a) * u


@entry_point_without_tables(rows_of(SPREAD), f8)
def draw_one(spreads, uniform):
    """A draw from the first of `spreads`: a table goes into compiled code at half the cost of its record."""
    return draw(spreads[0], uniform)


@entry_point_without_tables(rows_of(SPREAD), f8[::1], f8[::1])
def fill_draws(spreads, uniform, drawn):
    """One draw from the first of `spreads` for each uniform."""
    for row in range(len(uniform)):
        drawn[row] = draw(spreads[0], uniform[row])
