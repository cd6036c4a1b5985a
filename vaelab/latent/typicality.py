"""How typical a code is of the data: density of the aggregate posterior, or nearness of codes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

ROWS = 512  # codes compared with all others at a time


def aggregate_log_density(
    z: npt.ArrayLike,
    mean: npt.ArrayLike,
    log_var: npt.ArrayLike,
    leave_out: npt.NDArray[np.int64] | None = None,
) -> npt.NDArray[np.float64]:
    """log q(z) of the aggregate posterior q(z) = 1/M sum_m N(z; mean_m, exp(log_var_m)), nats.

    Args:
        z: (B, K).
        mean: (M, K).
        log_var: (M, K).
        leave_out: (B,) the component that each row of z must do without, for codes that were
            drawn from one of them.

    Returns:
        (B,).

    Raises:
        ValueError: if shapes disagree.
    """
    points, centres = np.asarray(z, np.float64), np.asarray(mean, np.float64)
    precision = np.exp(-np.asarray(log_var, np.float64))  # (M, K)
    if (
        points.ndim != 2
        or centres.shape != precision.shape
        or points.shape[1:] != centres.shape[1:]
    ):
        raise ValueError(
            "z must be (B, K), mean and log_var (M, K), got "
            f"{points.shape}, {centres.shape} and {precision.shape}."
        )
    weighted = precision * centres
    constant = (weighted * centres + np.log(2 * np.pi) - np.log(precision)).sum(axis=1)  # (M,)
    result = np.empty(len(points))
    for start in range(0, len(points), ROWS):
        rows = slice(start, start + ROWS)
        part = points[rows]  # (R, K)
        log_normal = -0.5 * (np.square(part) @ precision.T - 2 * part @ weighted.T + constant)
        if leave_out is not None:
            log_normal[np.arange(len(part)), leave_out[rows]] = -np.inf
        count = len(centres) - (leave_out is not None)
        top = log_normal.max(axis=1)
        result[rows] = top + np.log(np.exp(log_normal - top[:, None]).sum(axis=1) / count)
    return result


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
