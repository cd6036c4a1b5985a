"""What a path leads through: how far it is in pictures, and among which classes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

VOTERS = 8
_ROWS = 512  # codes compared with all others at a time


def picture_steps(pictures: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """|x_{t+1} - x_t| of pictures (n, ...) in [0, 1]: (n - 1,), Euclidean over all pixels.

    Their sum is the path's length in picture space. One pixel of one channel from black to white
    is 1; the whole picture is sqrt(C H W).

    Raises:
        ValueError: for fewer than two pictures.
    """
    array = np.asarray(pictures, np.float64)
    if array.ndim < 2 or len(array) < 2:
        raise ValueError(f"pictures must be (n >= 2, ...), got {array.shape}.")
    return np.asarray(np.linalg.norm(np.diff(array.reshape(len(array), -1), axis=0), axis=1))


def class_votes(
    path: npt.ArrayLike,
    codes: npt.ArrayLike,
    labels: npt.NDArray[np.int64],
    n_classes: int,
    k: int = VOTERS,
) -> npt.NDArray[np.float64]:
    """The classes of each point's k nearest codes, as shares: (n, n_classes).

    Args:
        path: (n, K).
        codes: (N, K).
        labels: (N,), of the codes.
        n_classes: of the data.
        k: voters, or all codes where they are fewer.

    Raises:
        ValueError: if shapes disagree, there are no codes, or k is below 1.
    """
    labels = np.asarray(labels)
    points = np.asarray(codes, np.float64)
    if labels.shape != points.shape[:1]:
        raise ValueError(f"labels must be ({len(points)},), got {labels.shape}.")
    chosen, _ = nearest_of(path, points, min(k, len(points)))
    shares = np.zeros((len(chosen), n_classes))
    np.add.at(shares, (np.arange(len(chosen))[:, None], labels[chosen]), 1 / chosen.shape[1])
    return shares


def nearest_of(
    z: npt.ArrayLike, codes: npt.ArrayLike, k: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The k nearest codes of many points at once, nearest first: positions and distances (n, k).

    As `neighbours.nearest`, but through one matrix product: distances of close neighbours are
    exact to the square root of a float64's precision alone.

    Raises:
        ValueError: if shapes disagree or k is out of range.
    """
    queries, points = np.asarray(z, np.float64), np.asarray(codes, np.float64)
    if queries.ndim != 2 or points.ndim != 2 or queries.shape[1] != points.shape[1]:
        raise ValueError(
            f"z must be (n, K) and codes (N, K), got {queries.shape} and {points.shape}."
        )
    if not 1 <= k <= len(points):
        raise ValueError(f"k must be 1 to {len(points)}, the number of codes, got {k}.")
    norms = np.square(points).sum(axis=1)
    indices, distances = np.empty((len(queries), k), np.int64), np.empty((len(queries), k))
    for start in range(0, len(queries), _ROWS):
        rows = slice(start, start + _ROWS)
        part = queries[rows]
        squared = np.square(part).sum(axis=1)[:, None] + norms - 2 * part @ points.T
        some = np.argpartition(squared, k - 1, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(squared, some, axis=1), axis=1, kind="stable")
        indices[rows] = np.take_along_axis(some, order, axis=1)
        near = np.take_along_axis(squared, indices[rows], axis=1)
        distances[rows] = np.sqrt(np.maximum(near, 0))
    return indices, distances
