"""The designs of Morris and Sobol and their analysis, by SALib, over assumptions scaled from 0 to 1."""

from __future__ import annotations

from typing import Any

import numpy as np

LEVELS = 4
"""Of the grid on which Morris's trajectories step."""


def _problem(factors: int) -> dict[str, Any]:
    return {"num_vars": factors, "names": [str(number) for number in range(factors)], "bounds": [[0.0, 1.0]] * factors}


def morris_design(factors: int, trajectories: int, seed: int) -> np.ndarray:
    """Points of Morris's trajectories, shape (trajectories × (factors + 1), factors)."""
    from SALib.sample import morris

    return morris.sample(_problem(factors), trajectories, num_levels=LEVELS, seed=seed)


def morris_effects(design: np.ndarray, answers: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Of each factor: `mu`, its mean effect over its whole range, `mu_star`, the same without sign, and `sigma`."""
    from SALib.analyze import morris

    found = morris.analyze(_problem(design.shape[1]), design, answers, num_levels=LEVELS, seed=seed)
    return {name: np.asarray(found[name], dtype=float) for name in ("mu", "mu_star", "sigma")}


def sobol_design(factors: int, samples: int, seed: int) -> np.ndarray:
    """Points for Sobol's indices, shape (samples × (factors + 2), factors); `samples` is a power of two."""
    from SALib.sample import sobol

    return sobol.sample(_problem(factors), samples, calc_second_order=False, seed=seed)


def sobol_indices(factors: int, answers: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Of each factor: the share of the variance it makes alone (`s1`), and with the others (`st`), with half-widths."""
    from SALib.analyze import sobol

    found = sobol.analyze(_problem(factors), answers, calc_second_order=False, seed=seed)
    return {
        ours: np.asarray(found[theirs], dtype=float)
        for ours, theirs in (("s1", "S1"), ("s1_half_width", "S1_conf"), ("st", "ST"), ("st_half_width", "ST_conf"))
    }
