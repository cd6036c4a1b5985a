"""Sliders over a latent space: which dimensions, in which order, over which range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vaelab.latent.encode import Latents
from vaelab.latent.names import dimension_name

LOWEST_RATE = 0.01  # nats; below it a dimension carries nothing the decoder could use
LOW_QUANTILE, HIGH_QUANTILE = 0.005, 0.995
NARROWEST = 0.1  # of the widest dimension's range, so that no slider has zero width


@dataclass(frozen=True)
class SliderAxis:
    """One latent dimension as a slider.

    Attributes:
        dim: which dimension, 0 to K-1.
        rate_nats: mean KL of the dimension over the data, nats; None for an autoencoder.
        std: standard deviation of the codes in this dimension.
        low: 0.5 % quantile of the codes, or lower where the data's range has no width.
        high: 99.5 % quantile of the codes, or higher.
        median: median of the codes, where the slider starts.
        unused: whether the dimension carries nothing.
        reason: why it counts as unused, one sentence; empty if it is used.
    """

    dim: int
    rate_nats: float | None
    std: float
    low: float
    high: float
    median: float
    unused: bool
    reason: str


def slider_axes(
    latents: Latents, rate_per_dimension: Sequence[float] | np.ndarray | None = None
) -> tuple[SliderAxis, ...]:
    """One slider a dimension, the most informative first, ranges from the data's own quantiles.

    Args:
        latents: the codes of at least one image.
        rate_per_dimension: (K,) mean KL, nats; orders the sliders. None (an autoencoder, which has
            no rate) orders them by the variance of the code.

    Raises:
        ValueError: without codes, or if rate_per_dimension is not K finite numbers.
    """
    if not len(latents):
        raise ValueError("latents must hold at least one code, got none.")
    codes = latents.mean.astype(np.float64)
    n_dims = latents.latent_dim
    std = codes.std(axis=0)  # (K,)
    rates = None if rate_per_dimension is None else np.asarray(rate_per_dimension, np.float64)
    if rates is not None and (rates.shape != (n_dims,) or not np.isfinite(rates).all()):
        raise ValueError(
            f"rate_per_dimension must be {n_dims} finite numbers, got {rate_per_dimension}."
        )
    low, median, high = np.quantile(codes, [LOW_QUANTILE, 0.5, HIGH_QUANTILE], axis=0)
    low, high = widened(low, median, high)
    importance = std if rates is None else rates
    return tuple(
        _axis(
            int(d),
            None if rates is None else float(rates[d]),
            float(std[d]),
            (float(low[d]), float(high[d]), float(median[d])),
        )
        for d in np.argsort(-importance, kind="stable")
    )


def _axis(dim: int, rate: float | None, std: float, span: tuple[float, float, float]) -> SliderAxis:
    low, high, median = span
    reason = ""
    if rate is not None and rate < LOWEST_RATE:
        reason = (
            f"{dimension_name(dim)} is unused: its rate, {rate:.4f} nats, is below "
            f"{LOWEST_RATE} nats, so its posterior equals the prior for every image."
        )
    elif rate is None and std == 0:
        reason = f"{dimension_name(dim)} is unused: its code is {median:.3g} for every image."
    return SliderAxis(dim, rate, std, low, high, median, bool(reason), reason)


def widened(low: np.ndarray, median: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ranges (K,), (K,) that are at least NARROWEST of the widest one, around the median."""
    widest = float((high - low).max())
    half = 0.5 * NARROWEST * widest if widest > 0 else 1.0
    narrow = high - low < 2 * half
    return (
        np.where(narrow, np.minimum(low, median - half), low),
        np.where(narrow, np.maximum(high, median + half), high),
    )
