"""Paths between two codes: straight, and along the arc; and from code to code through several."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

# Below this sine the plane of the two directions is rounding noise (float64 has 1e-16).
_SMALLEST_SINE = 1e-7


def linear_path(a: npt.ArrayLike, b: npt.ArrayLike, n: int) -> np.ndarray:
    """The straight line, z(t) = (1 - t) a + t b for n evenly spaced t in [0, 1].

    Args:
        a: (K,) start. b: (K,) end. n: number of codes, the ends included, at least 2.

    Returns:
        (n, K) in the inputs' common float type; its first and last rows are a and b to the bit.

    Raises:
        ValueError: if a and b are not finite vectors of one length, or n is below 2.
    """
    start, end = _ends(a, b, n)
    t = np.linspace(0.0, 1.0, n)[:, None]  # (n, 1)
    return _exact((1 - t) * start.astype(np.float64) + t * end.astype(np.float64), start, end)


def spherical_path(a: npt.ArrayLike, b: npt.ArrayLike, n: int) -> np.ndarray:
    """The arc from a to b: the direction turns at constant speed, the norm changes linearly.

    z(t) = ((1 - t)|a| + t|b|) (cos(t w) u + sin(t w) v), where u = a/|a|, w is the angle between
    the whole vectors and v the unit vector orthogonal to u in their plane (Shoemake 1985, with the
    norms interpolated). Parallel vectors give the straight line, and so does a zero vector, whose
    direction is undefined. Opposite vectors turn through the coordinate axis least aligned with a;
    with K = 1 there is none and the line passes through zero.

    Args and Raises: as `linear_path`.

    Returns:
        (n, K) in the inputs' common float type; its first and last rows are a and b to the bit.
    """
    start, end = _ends(a, b, n)
    p, q = start.astype(np.float64), end.astype(np.float64)
    norm_p, norm_q = np.linalg.norm(p), np.linalg.norm(q)
    if norm_p == 0 or norm_q == 0:
        return linear_path(start, end, n)
    u, end_direction = p / norm_p, q / norm_q
    # acos loses half the digits near 0 and pi; this form does not (Kahan 2006).
    angle = 2 * np.arctan2(np.linalg.norm(u - end_direction), np.linalg.norm(u + end_direction))
    v = _turning_direction(u, end_direction)
    if v is None:
        return linear_path(start, end, n)
    t = np.linspace(0.0, 1.0, n)[:, None]  # (n, 1)
    norms = (1 - t) * norm_p + t * norm_q
    return _exact(norms * (np.cos(t * angle) * u + np.sin(t * angle) * v), start, end)


def legs_through(
    points: npt.ArrayLike,
    n: int,
    leg: Callable[[npt.ArrayLike, npt.ArrayLike, int], npt.ArrayLike] = linear_path,
) -> np.ndarray:
    """The legs of a path through several points: (M - 1, n, K), leg m from point m to m + 1.

    Args:
        points: (M, K), M at least 2.
        n: codes a leg, the ends included.
        leg: a path between two codes, such as `spherical_path`.

    Raises:
        ValueError: if points are not (M >= 2, K), or as the leg raises.
    """
    stops = np.asarray(points)
    if stops.ndim != 2 or len(stops) < 2:
        raise ValueError(f"points must be (M >= 2, K), got {stops.shape}.")
    return np.stack([np.asarray(leg(a, b, n)) for a, b in pairwise(stops)])


def join_legs(legs: npt.ArrayLike) -> np.ndarray:
    """Legs (L, n, K) as one path (L (n - 1) + 1, K); what two legs share is there once.

    Raises:
        ValueError: for another shape, or fewer than two codes a leg.
    """
    array = np.asarray(legs)
    if array.ndim != 3 or not len(array) or array.shape[1] < 2:
        raise ValueError(f"legs must be (L >= 1, n >= 2, K), got {array.shape}.")
    return np.concatenate([array[0, :1], array[:, 1:].reshape(-1, array.shape[2])])


def _turning_direction(u: np.ndarray, end: np.ndarray) -> np.ndarray | None:
    """The unit vector (K,) orthogonal to u towards `end`, or None where u needs no turning."""
    cosine = float(u @ end)
    v = end - cosine * u
    if np.linalg.norm(v) < _SMALLEST_SINE:
        if cosine > 0 or len(u) == 1:
            return None
        axis = np.eye(len(u))[np.argmin(np.abs(u))]
        v = axis - (axis @ u) * u
    return np.asarray(v / np.linalg.norm(v))


def _ends(a: npt.ArrayLike, b: npt.ArrayLike, n: int) -> tuple[np.ndarray, np.ndarray]:
    start, end = np.asarray(a), np.asarray(b)
    if start.ndim != 1 or start.shape != end.shape or not len(start):
        raise ValueError(f"a and b must be (K,) vectors, got {start.shape} and {end.shape}.")
    if n < 2:
        raise ValueError(f"n must be at least 2, the two ends, got {n}.")
    dtype = np.result_type(start, end)
    if not np.issubdtype(dtype, np.floating):
        dtype = np.dtype(np.float64)
    start, end = start.astype(dtype), end.astype(dtype)
    if not (np.isfinite(start).all() and np.isfinite(end).all()):
        raise ValueError("a and b must be finite, got NaN or infinity.")
    return start, end


def _exact(path: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The path in the ends' own type, its ends replaced by them (rounding may have moved them)."""
    path = path.astype(start.dtype)
    path[0], path[-1] = start, end
    return path
