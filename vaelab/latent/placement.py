"""New codes on a finished map, from the places of their nearest neighbours alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vaelab.latent.neighbours import nearest

N_NEIGHBOURS = 15


def place_by_neighbours(
    codes: npt.ArrayLike, points: npt.ArrayLike, new: npt.ArrayLike, k: int = N_NEIGHBOURS
) -> npt.NDArray[np.float32]:
    """Places of new codes: the weighted mean of the places of their k nearest codes.

    With d_j the distance to the j-th nearest code in the full latent space and R the distance to
    the (k+1)-th, w_j = ((R - d_j) / (R d_j))^2 (the modified Shepard weights of Franke and Nielson
    1980). A code of the map gets its own place exactly; the place moves continuously with the
    code, since a neighbour's weight is 0 where another takes its turn. It is where openTSNE and
    UMAP start when they place new codes (a mean over neighbours), without their refinement.

    Args:
        codes: (N, K) that the map shows.
        points: (N, 2), where it shows them.
        new: (M, K).
        k: neighbours; N - 1 where that is less.

    Returns:
        float32 (M, 2).

    Raises:
        ValueError: if shapes disagree, a number is not finite, or k is below 1.
    """
    places = np.asarray(points, np.float64)
    known = np.asarray(codes)
    rows = np.asarray(new, np.float64)
    if places.shape != (len(known), 2) or not len(known):
        raise ValueError(f"points must be (N, 2) with N = {len(known)} >= 1, got {places.shape}.")
    if rows.ndim != 2:
        raise ValueError(f"new must be of shape (M, K), got {rows.shape}.")
    if not np.isfinite(rows).all():
        raise ValueError("new must be finite, got NaN or infinity.")
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}.")
    found = nearest(known, rows, min(k + 1, len(known)))
    weights = _shepard(found.distances)  # (M, k + 1)
    placed = (weights[:, :, None] * places[found.indices]).sum(axis=1)  # (M, J, 2) -> (M, 2)
    return np.asarray(placed, np.float32)


def _shepard(distances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Weights (M, J), each row summing to 1, of neighbours at distances (M, J), ascending."""
    radius = distances[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # (1 - d/R) / d, up to a factor of the row, over the least distance so that it stays finite
        weights = np.square((1 - distances / radius) * (distances[:, :1] / distances))
    exact = distances <= 0
    weights = np.where(exact.any(axis=1, keepdims=True), exact, weights)
    level = (distances[:, :1] >= radius).ravel()  # all equally far
    weights[level] = 1
    result: npt.NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return result
