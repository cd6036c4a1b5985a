"""Gaussians as ellipses drawn to scale."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

POINTS = 97


def ellipse(
    mean: npt.ArrayLike, covariance: npt.ArrayLike, n_std: float = 1.0
) -> npt.NDArray[np.float64]:
    """A closed line (P, 2): where (z - m)' C^-1 (z - m) = n_std^2.

    Args:
        mean: m, (2,).
        covariance: C, (2, 2), or its diagonal (2,).
        n_std: how many standard deviations from the mean.

    Raises:
        ValueError: for other shapes.
    """
    centre, spread = np.asarray(mean, np.float64), np.asarray(covariance, np.float64)
    spread = np.diag(spread) if spread.shape == (2,) else spread
    if centre.shape != (2,) or spread.shape != (2, 2):
        raise ValueError(
            f"mean must be (2,) and covariance (2, 2), got {centre.shape} and {spread.shape}."
        )
    angle = np.linspace(0, 2 * np.pi, POINTS)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    values, vectors = np.linalg.eigh(spread)
    stretched = vectors @ (np.sqrt(np.maximum(values, 0))[:, None] * circle)
    return np.asarray(centre + n_std * stretched.T, np.float64)
