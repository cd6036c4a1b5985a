"""Principal axes of codes: the one place that finds them and decides which way they point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PrincipalAxes:
    """Orthonormal axes through a point, the one with the largest variance first.

    Each points where its largest coefficient is positive, the first such where several are as
    large, so that the same codes give the same picture and not its mirror image.

    Attributes:
        origin: float64 (K,), where all coordinates are 0.
        axes: float64 (n, K), rows of length 1.
        share: float64 (n,), part of all variance along each, 0 to 1; zeros where there is none.
    """

    origin: Vector
    axes: Vector
    share: Vector

    def coordinates(self, codes: npt.ArrayLike) -> Vector:
        """Codes (N, K) along the axes, (N, n)."""
        found: Vector = (np.asarray(codes, np.float64) - self.origin) @ self.axes.T
        return found


def axes_of_spread(spread: npt.ArrayLike, origin: npt.ArrayLike) -> PrincipalAxes:
    """Eigenvectors of a symmetric matrix (K, K) without negative eigenvalues, all K."""
    values, vectors = np.linalg.eigh(np.asarray(spread, np.float64))  # ascending; columns
    values = np.maximum(values, 0)
    order = np.argsort(-values, kind="stable")
    axes = vectors.T[order]
    largest = np.argmax(np.abs(axes), axis=1)
    axes = axes * np.sign(axes[np.arange(len(axes)), largest])[:, None]
    return PrincipalAxes(np.asarray(origin, np.float64), axes, values[order] / _total(values))


def principal_axes(codes: npt.ArrayLike) -> PrincipalAxes:
    """All K axes of codes (N, K), from their mean.

    Raises:
        ValueError: unless there are codes.
    """
    points = np.asarray(codes, np.float64)
    if points.ndim != 2 or not points.size:
        raise ValueError(f"codes must be of shape (N, K) with N and K >= 1, got {points.shape}.")
    mean = points.mean(axis=0)
    centred = points - mean
    return axes_of_spread(centred.T @ centred / len(points), mean)


def principal_plane(codes: npt.ArrayLike) -> PrincipalAxes:
    """The first two axes of codes (N, K), from their mean; with K = 1 the second is zero."""
    found = principal_axes(codes)
    missing = max(0, 2 - len(found.axes))
    return PrincipalAxes(
        found.origin,
        np.pad(found.axes[:2], ((0, missing), (0, 0))),
        np.pad(found.share[:2], (0, missing)),
    )


def _total(values: Vector) -> float:
    return max(float(values.sum()), np.finfo(float).tiny)
