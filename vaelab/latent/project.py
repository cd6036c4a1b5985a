"""Two-dimensional maps of the codes, onto which new codes can be placed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vaelab.latent.linear_maps import pca, two_dimensions
from vaelab.latent.neighbour_maps import NeighbourMap, fit_tsne, fit_umap
from vaelab.latent.placement import place_by_neighbours
from vaelab.latent.projection import (
    Points,
    Progress,
    Projection,
    codes_to_place,
    ignore_progress,
)


@dataclass(frozen=True)
class Projector:
    """A way to draw codes on a plane.

    Attributes:
        title: name for people.
        description: what near and far mean on this map, one sentence.
        smallest: number of codes below which it raises.
        fit: (codes float64 (N, K), dims, seed, progress) -> Projection.
    """

    title: str
    description: str
    smallest: int
    fit: Callable[[np.ndarray, tuple[int, int], int, Progress], Projection]


def project(
    name: str,
    codes: npt.ArrayLike,
    dims: tuple[int, int] = (0, 1),
    seed: int = 0,
    progress: Progress = ignore_progress,
) -> Projection:
    """Draw codes on a plane; the same arguments give the same map.

    Args:
        name: a key of `PROJECTIONS`.
        codes: (N, K), K >= 1; with K = 1 the second axis of `pca` and `dims` is 0.
        dims: the two dimensions that `dims` shows; the others ignore it.
        seed: start of the random numbers of `tsne` and `umap`.
        progress: is told of `tsne` and `umap` how far they are.

    Raises:
        ValueError: if the name is unknown, the codes are too few, not finite or not (N, K), or
            dims lie outside 0 to K-1.
    """
    if name not in PROJECTIONS:
        raise ValueError(f"projection must be one of {', '.join(PROJECTIONS)}, got {name!r}.")
    projector = PROJECTIONS[name]
    points = np.asarray(codes, np.float64)
    if points.ndim != 2 or not points.shape[1]:
        raise ValueError(f"codes must be of shape (N, K), got {points.shape}.")
    if len(points) < projector.smallest:
        raise ValueError(
            f"{projector.title} needs {projector.smallest} or more codes, got {len(points)}."
        )
    if not np.isfinite(points).all():
        raise ValueError("codes must be finite, got NaN or infinity.")
    return projector.fit(points, dims, seed, progress)


def _start(codes: np.ndarray, seed: int) -> np.ndarray:
    """Where t-SNE and UMAP start, (N, 2): the PCA map, so that seeds agree on the large picture.

    Scaled to unit standard deviation, with a little noise that parts equal codes.
    """
    points = pca(codes).points.astype(np.float64)
    spread = float(points[:, 0].std())
    noise = np.random.default_rng(seed).normal(scale=1e-2, size=points.shape)
    return points / (spread if spread > 0 else 1.0) + noise


def restored(name: str, title: str, codes: npt.ArrayLike, points: npt.ArrayLike) -> Projection:
    """A `tsne` or `umap` map from its stored points alone; new codes go beside their neighbours.

    Args:
        name: `tsne` or `umap`.
        title: as it was when the map was fitted.
        codes: (N, K) that it was fitted to.
        points: (N, 2).

    Raises:
        ValueError: for another name or shape, or numbers that are not finite.
    """
    if name not in NEIGHBOUR_MAPS:
        raise ValueError(f"name must be one of {', '.join(NEIGHBOUR_MAPS)}, got {name!r}.")
    known, drawn = np.asarray(codes, np.float32), np.asarray(points, np.float32)
    if known.ndim != 2 or drawn.shape != (len(known), 2) or not np.isfinite(drawn).all():
        raise ValueError(
            f"codes must be (N, K) and points finite (N, 2), got {known.shape} and {drawn.shape}."
        )

    def place(new: npt.ArrayLike) -> Points:
        rows = codes_to_place(new, known.shape[1])
        return place_by_neighbours(known, drawn, rows)

    short = NEIGHBOUR_MAPS[name]
    return Projection(name, title, drawn, (f"{short} 1", f"{short} 2"), None, place)


def _tsne(
    codes: np.ndarray, dims: tuple[int, int], seed: int, progress: Progress = ignore_progress
) -> Projection:
    fitted = fit_tsne(codes, _start(codes, seed), seed, progress)
    return _from_neighbours("tsne", fitted, codes.shape[1])


def _umap(
    codes: np.ndarray, dims: tuple[int, int], seed: int, progress: Progress = ignore_progress
) -> Projection:
    fitted = fit_umap(codes, _start(codes, seed), seed, progress)
    return _from_neighbours("umap", fitted, codes.shape[1])


def _from_neighbours(name: str, fitted: NeighbourMap, n_dims: int) -> Projection:
    title = NEIGHBOUR_MAPS[name]

    def place(new: npt.ArrayLike) -> Points:
        rows = codes_to_place(new, n_dims)
        if not len(rows):
            return np.zeros((0, 2), np.float32)
        return fitted.place(rows).astype(np.float32)

    return Projection(
        name,
        f"{title}: {fitted.settings}",
        fitted.points.astype(np.float32),
        (f"{title} 1", f"{title} 2"),
        None,
        place,
    )


NEIGHBOUR_MAPS = {"tsne": "t-SNE", "umap": "UMAP"}  # slow to make, and without a formula

PROJECTIONS: dict[str, Projector] = {
    "pca": Projector(
        "PCA",
        "The plane of the two directions in which the codes vary most; distances within it are "
        "true.",
        1,
        pca,
    ),
    "dims": Projector(
        "Two dimensions",
        "Two latent dimensions as they are; where there are no others, every place on the map is "
        "a code.",
        1,
        two_dimensions,
    ),
    "tsne": Projector(
        "t-SNE",
        "Neighbours stay neighbours; distances between clusters and their sizes mean little.",
        5,
        _tsne,
    ),
    "umap": Projector(
        "UMAP",
        "Neighbours stay neighbours, and clusters keep roughly their order; distances are not to "
        "scale.",
        5,
        _umap,
    ),
}
