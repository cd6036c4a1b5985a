"""How far a map can be trusted: whose neighbours it invents, and whose it tears apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

N_NEIGHBOURS = 15
MOST = 5_000  # codes that all are compared with: ranks among N codes cost N^2
ROWS = 256  # codes compared with the others at a time: a few megabytes

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ProjectionQuality:
    """What became of neighbourhoods of k codes when they were drawn.

    Attributes:
        trustworthiness: 1 when all neighbours on the map are neighbours in the latent space; see
            `point_trust`, whose mean it is.
        continuity: 1 when all neighbours in the latent space are neighbours on the map: the same
            with the two spaces exchanged (Venna and Kaski 2001).
        neighbour_hit: share of the neighbours on the map that have the code's own label, mean over
            codes (Paulovich et al. 2008); None without labels.
        k: neighbours.
        n: codes it was measured on.
    """

    trustworthiness: float
    continuity: float
    neighbour_hit: float | None
    k: int
    n: int


def evenly_spaced(n: int, most: int) -> Rows:
    """At most `most` positions spread over 0 to n-1."""
    count = min(n, most)
    return np.arange(count, dtype=np.int64) * n // max(1, count)


def measure_quality(
    codes: npt.ArrayLike,
    points: npt.ArrayLike,
    labels: npt.ArrayLike | None = None,
    k: int = N_NEIGHBOURS,
    most: int = MOST,
) -> ProjectionQuality | None:
    """Trustworthiness, continuity and neighbour hit of a map.

    Args:
        codes: (N, K).
        points: (N, 2), where they are drawn.
        labels: (N,).
        k: neighbours; fewer where it is not less than half the codes.
        most: so many codes, evenly spaced, are measured among themselves when there are more.

    Returns:
        None for fewer than four codes, among which neighbours mean nothing.

    Raises:
        ValueError: if shapes disagree or k is below 1.
    """
    high, low = _checked(codes, points, k)
    rows = evenly_spaced(len(high), most)
    high, low = high[rows], low[rows]
    n = len(rows)
    k = min(k, (n - 1) // 2)
    if k < 1:
        return None
    trust = _ranks_kept(high, low, np.arange(n), k, high, low, np.arange(n))
    continuity = _ranks_kept(low, high, np.arange(n), k, low, high, np.arange(n))
    hit = None
    if labels is not None:
        hit = _neighbour_hit(low, np.asarray(labels)[rows], k)
    return ProjectionQuality(float(trust.mean()), float(continuity.mean()), hit, k, n)


def point_trust(
    codes: npt.ArrayLike,
    points: npt.ArrayLike,
    rows: npt.ArrayLike | None = None,
    k: int = N_NEIGHBOURS,
    most: int = MOST,
    progress: Callable[[float], None] | None = None,
) -> Floats:
    """Trustworthiness of each code's neighbourhood on the map, after Venna and Kaski 2001.

    T_i = 1 - 2 / (k (2N - 3k - 1)) sum over the k nearest j of i on the map of max(0, r_ij - k),
    where r_ij is the rank of j among the codes nearest to i in the latent space (equal distances
    share the better rank). The mean over all i is the trustworthiness of the map. It falls below
    0 for single codes, which have all their neighbours on the map from the far end of the space.

    With more than `most` codes each is ranked among `most` evenly spaced ones instead: an estimate
    for larger neighbourhoods, k of `most` rather than k of N.

    Args:
        codes: (N, K).
        points: (N, 2).
        rows: (M,) positions in the codes; all when None.
        k: neighbours; fewer where it is not less than half the codes.
        most: bounds time and memory.
        progress: is told the fraction done.

    Returns:
        (M,); 1 for fewer than four codes.

    Raises:
        ValueError: if shapes disagree or k is below 1.
    """
    high, low = _checked(codes, points, k)
    asked = np.arange(len(high)) if rows is None else np.asarray(rows, np.int64)
    known = evenly_spaced(len(high), most)
    k = min(k, (len(known) - 1) // 2)
    if k < 1:
        return np.ones(len(asked))
    return _ranks_kept(high, low, asked, k, high[known], low[known], known, progress)


def _ranks_kept(
    ranked: Codes,
    drawn: Codes,
    rows: Rows,
    k: int,
    known_ranked: Codes,
    known_drawn: Codes,
    known: Rows,
    progress: Callable[[float], None] | None = None,
) -> Floats:
    """1 - penalty of neighbours in `drawn` that are further than k-th in `ranked`: (M,)."""
    result = np.empty(len(rows))
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        itself = part[:, None] == known  # (R, S)
        near = _nearest(_distances(drawn[part], known_drawn, itself), k)  # (R, k)
        distances = _distances(ranked[part], known_ranked, itself)
        of_near = np.take_along_axis(distances, near, axis=1)
        distances.sort(axis=1)
        ranks = [1 + np.searchsorted(*row) for row in zip(distances, of_near, strict=True)]
        penalty = np.maximum(0, np.stack(ranks) - k).sum(axis=1)
        n = len(known) + 1 - itself.any(axis=1)  # codes in the comparison, this one included
        result[start : start + len(part)] = 1 - 2 * penalty / (k * (2 * n - 3 * k - 1))
        if progress is not None:
            progress((start + len(part)) / len(rows))
    return result


def _distances(a: Codes, b: Codes, itself: npt.NDArray[np.bool_]) -> Codes:
    """Squared distances (R, S), infinite from a code to itself."""
    squared: Codes = np.square(a).sum(axis=1)[:, None] + np.square(b).sum(axis=1) - 2 * a @ b.T
    squared[itself] = np.inf
    return squared


def _nearest(distances: Codes, k: int) -> Rows:
    """Positions of the k least of each row, in any order: (R, k)."""
    within = distances <= np.partition(distances, k - 1, axis=1)[:, k - 1 : k]
    found: Rows = np.flatnonzero(within) % distances.shape[1]
    if len(found) != k * len(distances):  # several are equally far; slower
        return np.asarray(np.argpartition(distances, k - 1, axis=1)[:, :k])
    return found.reshape(-1, k)


def _neighbour_hit(points: Codes, labels: np.ndarray, k: int) -> float:
    hits = 0
    every = np.arange(len(points))
    for start in range(0, len(points), ROWS):
        part = every[start : start + ROWS]
        near = _nearest(_distances(points[part], points, part[:, None] == every), k)
        hits += int((labels[near] == labels[part, None]).sum())
    return hits / (k * len(points))


def _checked(codes: npt.ArrayLike, points: npt.ArrayLike, k: int) -> tuple[Codes, Codes]:
    high, low = np.asarray(codes, np.float64), np.asarray(points, np.float64)
    if high.ndim != 2 or low.shape != (len(high), 2):
        raise ValueError(
            f"codes must be (N, K) and points (N, 2), got {high.shape} and {low.shape}."
        )
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}.")
    # Centred, so that squared distances lose few digits, of which half are enough to compare.
    if len(high):
        high, low = high - high.mean(axis=0), low - low.mean(axis=0)
    return high.astype(np.float32), low.astype(np.float32)
