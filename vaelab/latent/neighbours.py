"""The codes nearest to a point of the latent space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The k codes nearest to each of M points, nearest first, ties by position.

    Attributes:
        indices: int64 (M, k), positions in the codes; (k,) for a single point.
        distances: float64 (M, k), Euclidean; (k,) for a single point.
    """

    indices: npt.NDArray[np.int64]
    distances: npt.NDArray[np.float64]


def nearest(codes: npt.ArrayLike, z: npt.ArrayLike, k: int = 1) -> Neighbours:
    """The k codes nearest to z by Euclidean distance, found exactly.

    Args:
        codes: (N, K).
        z: (K,), or (M, K) for several points.
        k: 1 to N.

    Raises:
        ValueError: if shapes disagree or k is out of range.
    """
    points = np.asarray(codes, np.float64)
    queries = np.asarray(z, np.float64)
    if points.ndim != 2 or queries.ndim not in (1, 2) or queries.shape[-1] != points.shape[1]:
        raise ValueError(
            f"codes must be (N, K) and z (K,) or (M, K), got {points.shape} and {queries.shape}."
        )
    if not 1 <= k <= len(points):
        raise ValueError(f"k must be 1 to {len(points)}, the number of codes, got {k}.")
    rows = np.atleast_2d(queries)  # (M, K)
    indices = np.empty((len(rows), k), np.int64)
    distances = np.empty((len(rows), k))
    for m, row in enumerate(rows):
        # Differences, not |a|^2 - 2ab + |b|^2, which loses the digits of close neighbours.
        squared = np.square(points - row).sum(axis=1)  # (N,)
        # Sorting only those within the k-th distance keeps ties in order and a million codes quick.
        within = np.flatnonzero(squared <= np.partition(squared, k - 1)[k - 1])
        indices[m] = within[np.argsort(squared[within], kind="stable")[:k]]
        distances[m] = np.sqrt(squared[indices[m]])
    if queries.ndim == 1:
        return Neighbours(indices[0], distances[0])
    return Neighbours(indices, distances)
