"""Polylines as evenly spaced points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def resample(points: npt.ArrayLike, n: int) -> npt.NDArray[np.float64]:
    """n points evenly spaced along the polyline through `points`, by its own length.

    Args:
        points: (M, K), M at least 1.
        n: at least 2.

    Returns:
        (n, K), its first and last rows those of `points` to the bit.

    Raises:
        ValueError: for another shape, or n below 2.
    """
    corners = np.asarray(points, np.float64)
    if corners.ndim != 2 or not len(corners):
        raise ValueError(f"points must be (M, K) with M of at least 1, got {corners.shape}.")
    if n < 2:
        raise ValueError(f"n must be at least 2, the two ends, got {n}.")
    steps = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    kept = np.concatenate([[True], steps > 0])  # a corner that repeats takes no length
    corners_kept, at = corners[kept], np.concatenate([[0.0], np.cumsum(steps[steps > 0])])
    wanted = np.linspace(0, at[-1], n)
    found = np.column_stack([np.interp(wanted, at, column) for column in corners_kept.T])
    found[0], found[-1] = corners[0], corners[-1]
    return found
