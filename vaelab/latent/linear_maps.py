"""Maps that are planes of the latent space: its principal axes, or two of its dimensions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vaelab.latent.names import dimension_name
from vaelab.latent.projection import (
    AffineInverse,
    Points,
    Progress,
    Projection,
    codes_to_place,
    ignore_progress,
)


def pca(
    codes: np.ndarray,
    dims: tuple[int, int] = (0, 1),
    seed: int = 0,
    progress: Progress = ignore_progress,
) -> Projection:
    """The plane through the codes' mean along the two directions in which they vary most."""
    centre = codes.mean(axis=0)
    axes, share = _principal_axes(codes - centre)  # (K, 2), (2,)

    def place(new: npt.ArrayLike) -> Points:
        rows = codes_to_place(new, len(centre))
        points: Points = ((rows - centre) @ axes).astype(np.float32)
        return points

    labels = tuple(f"PC {i + 1} ({share[i]:.0%} of the variance)" for i in range(2))
    if codes.shape[1] == 1:
        labels = (labels[0], "")
    return Projection(
        "pca",
        f"PCA: {sum(share):.0%} of the variance",
        place(codes),
        (labels[0], labels[1]),
        share,
        place,
        AffineInverse(centre, axes.T),
    )


def two_dimensions(
    codes: np.ndarray,
    dims: tuple[int, int],
    seed: int = 0,
    progress: Progress = ignore_progress,
) -> Projection:
    """Two latent dimensions as they are; the inverse holds the others at their medians.

    Raises:
        ValueError: if dims lie outside 0 to K-1.
    """
    n_dims = codes.shape[1]
    if n_dims == 1:
        dims = (0, 0)
    if len(dims) != 2 or not all(0 <= d < n_dims for d in dims):
        raise ValueError(f"dims must be two of 0 to {n_dims - 1}, got {dims}.")

    def place(new: npt.ArrayLike) -> Points:
        points = codes_to_place(new, n_dims)[:, list(dims)].astype(np.float32)
        if n_dims == 1:
            points[:, 1] = 0
        return points

    variances = codes.var(axis=0)
    share = variances / max(float(variances.sum()), np.finfo(float).tiny)
    labels = (dimension_name(dims[0]), dimension_name(dims[1]) if n_dims > 1 else "")
    explained = (float(share[dims[0]]), float(share[dims[1]]) if n_dims > 1 else 0.0)
    title = f"Dimensions {dims[0]} and {dims[1]}" if n_dims > 1 else "Dimension 0"
    points = place(codes)
    return Projection("dims", title, points, labels, explained, place, _coordinates(codes, dims))


def _coordinates(codes: np.ndarray, dims: tuple[int, int]) -> AffineInverse:
    n_dims = codes.shape[1]
    origin, axes = np.median(codes, axis=0), np.zeros((2, n_dims))
    for axis, dim in enumerate(dims[:n_dims]):
        origin[dim] = 0
        axes[axis, dim] = 1
    return AffineInverse(origin, axes)


def _principal_axes(centred: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
    """The two directions of largest variance, (K, 2), and their shares of it.

    Each points where its largest coefficient is positive; the second is 0 when K = 1.
    """
    n_dims = centred.shape[1]
    variances, directions = np.linalg.eigh(centred.T @ centred / len(centred))  # ascending
    axes, share = np.zeros((n_dims, 2)), np.zeros(2)
    total = max(float(variances.sum()), np.finfo(float).tiny)
    for i in range(min(2, n_dims)):
        direction = directions[:, -1 - i]
        axes[:, i] = direction * np.sign(direction[np.argmax(np.abs(direction))])
        share[i] = max(float(variances[-1 - i]), 0.0) / total
    return axes, (float(share[0]), float(share[1]))
