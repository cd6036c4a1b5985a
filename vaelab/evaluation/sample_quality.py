"""How close a set of samples is to a set of images, in the features of a classifier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Features = npt.NDArray[np.float64]
NEIGHBOURS = 3  # Kynkaanniemi et al. 2019, section 2
ROWS = 1024  # points compared with all others at a time


def frechet_distance(a: Features, b: Features) -> float:
    """|m_a - m_b|^2 + tr(S_a + S_b - 2 (S_a S_b)^(1/2)) of features (N, F) and (M, F).

    The squared 2-Wasserstein distance of the two Gaussians with their means and covariances, as in
    Heusel et al. 2017, there with Inception's features. It falls with N and M towards its limit.

    Raises:
        ValueError: with fewer than two rows, or unequal F.
    """
    if min(len(a), len(b)) < 2 or a.shape[1] != b.shape[1]:
        raise ValueError(f"a and b must be (2 or more, F), got {a.shape} and {b.shape}.")
    cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    cov_a, cov_b = np.atleast_2d(cov_a), np.atleast_2d(cov_b)
    # tr (S_a S_b)^(1/2) = tr (S_a^(1/2) S_b S_a^(1/2))^(1/2), which is symmetric
    values, vectors = np.linalg.eigh(cov_a)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ cov_b @ root), 0)).sum()
    shift = ((a.mean(axis=0) - b.mean(axis=0)) ** 2).sum()
    return float(max(shift + np.trace(cov_a) + np.trace(cov_b) - 2 * cross, 0.0))


@dataclass(frozen=True, eq=False)
class PrecisionRecall:
    """Kynkaanniemi et al. 2019, equation 2.

    Attributes:
        precision: bool (M,), whether each sample lies in the manifold of the images.
        recall: bool (N,), whether each image lies in the manifold of the samples.
    """

    precision: npt.NDArray[np.bool_]
    recall: npt.NDArray[np.bool_]


def precision_recall(real: Features, generated: Features, k: int = NEIGHBOURS) -> PrecisionRecall:
    """The manifold of a set is the union of balls around its points to their k-th neighbours.

    Args:
        real: (N, F), N > k.
        generated: (M, F), M > k.
        k: neighbours that the balls reach to.

    Raises:
        ValueError: for too few points.
    """
    if min(len(real), len(generated)) <= k:
        raise ValueError(
            f"real and generated must each hold more than {k} points, got {len(real)} and "
            f"{len(generated)}."
        )
    return PrecisionRecall(
        _inside(generated, real, _radii(real, k)),
        _inside(real, generated, _radii(generated, k)),
    )


def _radii(points: Features, k: int) -> Features:
    """Squared distance of each point to its k-th nearest other: (N,)."""
    parts = [np.partition(d, k, axis=1)[:, k] for d in _squared_distances(points, points)]
    return np.concatenate(parts)  # the smallest is the point itself


def _inside(points: Features, centres: Features, radii: Features) -> npt.NDArray[np.bool_]:
    return np.concatenate([(d <= radii).any(axis=1) for d in _squared_distances(points, centres)])


def _squared_distances(a: Features, b: Features) -> list[Features]:
    norms = (b**2).sum(axis=1)
    return [
        np.maximum((part**2).sum(axis=1)[:, None] + norms - 2 * part @ b.T, 0)
        for part in (a[start : start + ROWS] for start in range(0, len(a), ROWS))
    ]


def confusion_matrix(
    asked: npt.NDArray[np.int64], named: npt.NDArray[np.int64], n_classes: int
) -> npt.NDArray[np.float64]:
    """Share of the samples of each class asked for (rows) that were named so (columns): (C, C).

    A row sums to 1, or to 0 for a class that was not asked for.
    """
    counts = np.zeros((n_classes, n_classes))
    np.add.at(counts, (asked, named), 1)
    totals = counts.sum(axis=1, keepdims=True)
    share: Features = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
    return share
