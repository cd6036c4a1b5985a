"""Bootstrap intervals: how far a figure would move with other images of the same kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

N_RESAMPLES = 1_000
LEVEL = 0.95

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """The central `LEVEL` of a statistic over resamples (percentile bootstrap, Efron 1979)."""

    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """The mean of a - b over images that both were measured on.

    Attributes:
        value: mean of the paired differences.
        interval: of that mean.
        n_images: pairs.
    """

    value: float
    interval: Interval
    n_images: int


def mean_interval(values: Values, *, seed: int = 0, n_resamples: int = N_RESAMPLES) -> Interval:
    """Interval of the mean of values (N,)."""
    rng = np.random.default_rng(seed)
    n = len(values)
    # how often each image is drawn is all that a mean needs of a resample
    means = [rng.multinomial(n, np.full(n, 1 / n)) @ values / n for _ in range(n_resamples)]
    return _central(np.asarray(means))


def interval(
    statistic: Callable[..., float],
    *groups: Values,
    seed: int = 0,
    n_resamples: int = N_RESAMPLES,
) -> Interval:
    """Interval of `statistic(*groups)`, each group (N_g, ...) resampled on its own."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(n_resamples):
        drawn = [group[rng.integers(0, len(group), len(group))] for group in groups]
        found.append(statistic(*drawn))
    return _central(np.asarray(found))


def paired_difference(
    a: Values, b: Values, *, seed: int = 0, n_resamples: int = N_RESAMPLES
) -> Difference:
    """Mean of a - b, image by image, with its interval: what two models share cancels out.

    Raises:
        ValueError: if a and b are not of the same images.
    """
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"a and b must be of one shape (N,), got {a.shape} and {b.shape}.")
    difference = a - b
    found = mean_interval(difference, seed=seed, n_resamples=n_resamples)
    return Difference(float(difference.mean()), found, len(difference))


def _central(found: Values) -> Interval:
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(found, [tail, 1 - tail])
    return Interval(float(low), float(high))
