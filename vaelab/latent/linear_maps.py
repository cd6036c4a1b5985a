"""Maps that are planes of the latent space: its principal axes, or two of its dimensions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vaelab.latent.names import dimension_name
from vaelab.latent.principal_axes import principal_plane
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
    plane = principal_plane(codes)
    share = (float(plane.share[0]), float(plane.share[1]))

    def place(new: npt.ArrayLike) -> Points:
        rows = codes_to_place(new, len(plane.origin))
        points: Points = plane.coordinates(rows).astype(np.float32)
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
        AffineInverse(plane.origin, plane.axes),
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
