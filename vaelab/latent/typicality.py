"""How typical a code is of the data: the distance to its k-th neighbour among the data's codes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

ROWS = 512  # codes compared with all others at a time


def neighbour_distances(codes: npt.ArrayLike, k: int) -> npt.NDArray[np.float64]:
    """Euclidean distance of each code to its k-th nearest other one.

    A point whose distance exceeds that of nearly all codes lies where the aggregate posterior has
    hardly any mass (the nearest-neighbour density estimate of Loftsgaarden and Quesenberry 1965).

    Args:
        codes: (M, K), in units in which distances mean something.
        k: 1 to M - 1.

    Returns:
        (M,).

    Raises:
        ValueError: if the codes are not (M, K), or k is out of range.
    """
    points = np.asarray(codes, np.float64)
    if points.ndim != 2:
        raise ValueError(f"codes must be of shape (M, K), got {points.shape}.")
    if not 1 <= k < len(points):
        raise ValueError(f"k must be 1 to {len(points) - 1}, the number of others, got {k}.")
    norms = np.square(points).sum(axis=1)
    result = np.empty(len(points))
    for start in range(0, len(points), ROWS):
        rows = slice(start, start + ROWS)
        squared = norms[rows, None] + norms - 2 * points[rows] @ points.T  # (R, M)
        # the smallest is the code itself
        result[rows] = np.sqrt(np.maximum(np.partition(squared, k, axis=1)[:, k], 0))
    return result
