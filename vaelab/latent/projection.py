"""A two-dimensional map of codes, and what its plane says of the latent space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float32]
Progress = Callable[[float, str], None]  # fraction of the work in 0..1, what is being done


def ignore_progress(fraction: float, message: str) -> None:
    """For callers that do not watch."""


@dataclass(frozen=True, eq=False)
class AffineInverse:
    """The plane of a linear map as a plane of the latent space: z = origin + x a_0 + y a_1.

    Attributes:
        origin: float64 (K,), the code at (0, 0).
        axes: float64 (2, K), rows a_0 and a_1.
    """

    origin: npt.NDArray[np.float64]
    axes: npt.NDArray[np.float64]

    def codes(self, points: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """The codes (M, K) at places (M, 2) of the plane."""
        result: npt.NDArray[np.float64] = self.origin + np.asarray(points, np.float64) @ self.axes
        return result


@dataclass(frozen=True, eq=False)
class Projection:
    """N codes drawn on a plane.

    Attributes:
        name: key in `PROJECTIONS`.
        title: the method and its settings, for people.
        points: float32 (N, 2).
        axis_labels: one for each axis; the second is empty for one-dimensional codes.
        explained_variance: share of the codes' variance along each axis; None where the axes are
            no directions of the latent space (t-SNE, UMAP).
        place: codes (M, K) -> float32 (M, 2) on the same map; raises ValueError for another K.
        inverse: from the plane back to codes; None where a map has no such formula (t-SNE, UMAP).
    """

    name: str
    title: str
    points: Points
    axis_labels: tuple[str, str]
    explained_variance: tuple[float, float] | None
    place: Callable[[npt.ArrayLike], Points]
    inverse: AffineInverse | None = None


def codes_to_place(new: npt.ArrayLike, n_dims: int) -> npt.NDArray[np.float64]:
    """Codes as float64 (M, K).

    Raises:
        ValueError: for another shape.
    """
    rows = np.asarray(new, np.float64)
    if rows.ndim != 2 or rows.shape[1] != n_dims:
        raise ValueError(f"codes to place must be of shape (M, {n_dims}), got {rows.shape}.")
    return rows
