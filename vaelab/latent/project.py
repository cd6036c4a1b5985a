"""Two-dimensional maps of the codes, onto which new codes can be placed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vaelab.latent.names import dimension_name
from vaelab.latent.neighbour_maps import NeighbourMap, fit_tsne, fit_umap

Points = npt.NDArray[np.float32]


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
    """

    name: str
    title: str
    points: Points
    axis_labels: tuple[str, str]
    explained_variance: tuple[float, float] | None
    place: Callable[[npt.ArrayLike], Points]


@dataclass(frozen=True)
class Projector:
    """A way to draw codes on a plane.

    Attributes:
        title: name for people.
        description: what near and far mean on this map, one sentence.
        smallest: number of codes below which it raises.
        fit: (codes float64 (N, K), dims, seed) -> Projection.
    """

    title: str
    description: str
    smallest: int
    fit: Callable[[np.ndarray, tuple[int, int], int], Projection]


def project(
    name: str, codes: npt.ArrayLike, dims: tuple[int, int] = (0, 1), seed: int = 0
) -> Projection:
    """Draw codes on a plane; the same arguments give the same map.

    Args:
        name: a key of `PROJECTIONS`.
        codes: (N, K), K >= 1; with K = 1 the second axis of `pca` and `dims` is 0.
        dims: the two dimensions that `dims` shows; the others ignore it.
        seed: start of the random numbers of `tsne` and `umap`.

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
    return projector.fit(points, dims, seed)


def _pca(codes: np.ndarray, dims: tuple[int, int], seed: int) -> Projection:
    centre = codes.mean(axis=0)
    axes, share = _principal_axes(codes - centre)  # (K, 2), (2,)

    def place(new: npt.ArrayLike) -> Points:
        points: Points = ((_codes(new, len(centre)) - centre) @ axes).astype(np.float32)
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
    )


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


def _dims(codes: np.ndarray, dims: tuple[int, int], seed: int) -> Projection:
    n_dims = codes.shape[1]
    if n_dims == 1:
        dims = (0, 0)
    if len(dims) != 2 or not all(0 <= d < n_dims for d in dims):
        raise ValueError(f"dims must be two of 0 to {n_dims - 1}, got {dims}.")

    def place(new: npt.ArrayLike) -> Points:
        points = _codes(new, n_dims)[:, list(dims)].astype(np.float32)
        if n_dims == 1:
            points[:, 1] = 0
        return points

    variances = codes.var(axis=0)
    share = variances / max(float(variances.sum()), np.finfo(float).tiny)
    labels = (dimension_name(dims[0]), dimension_name(dims[1]) if n_dims > 1 else "")
    explained = (float(share[dims[0]]), float(share[dims[1]]) if n_dims > 1 else 0.0)
    title = f"Dimensions {dims[0]} and {dims[1]}" if n_dims > 1 else "Dimension 0"
    return Projection("dims", title, place(codes), labels, explained, place)


def _start(codes: np.ndarray, seed: int) -> np.ndarray:
    """Where t-SNE and UMAP start, (N, 2): the PCA map, so that seeds agree on the large picture.

    Scaled to unit standard deviation, with a little noise that parts equal codes.
    """
    points = _pca(codes, (0, 1), seed).points.astype(np.float64)
    spread = float(points[:, 0].std())
    noise = np.random.default_rng(seed).normal(scale=1e-2, size=points.shape)
    return points / (spread if spread > 0 else 1.0) + noise


def _tsne(codes: np.ndarray, dims: tuple[int, int], seed: int) -> Projection:
    fitted = fit_tsne(codes, _start(codes, seed), seed)
    return _from_neighbours("tsne", "t-SNE", fitted, codes.shape[1])


def _umap(codes: np.ndarray, dims: tuple[int, int], seed: int) -> Projection:
    fitted = fit_umap(codes, _start(codes, seed), seed)
    return _from_neighbours("umap", "UMAP", fitted, codes.shape[1])


def _from_neighbours(name: str, title: str, fitted: NeighbourMap, n_dims: int) -> Projection:
    def place(new: npt.ArrayLike) -> Points:
        rows = _codes(new, n_dims)
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


def _codes(new: npt.ArrayLike, n_dims: int) -> np.ndarray:
    rows = np.asarray(new, np.float64)
    if rows.ndim != 2 or rows.shape[1] != n_dims:
        raise ValueError(f"codes to place must be of shape (M, {n_dims}), got {rows.shape}.")
    return rows


PROJECTIONS: dict[str, Projector] = {
    "pca": Projector(
        "PCA",
        "The flat view along the two directions in which the codes vary most; distances are true "
        "within the plane.",
        1,
        _pca,
    ),
    "dims": Projector(
        "Two dimensions",
        "Two latent dimensions as they are; every point of the map is a code when there are no "
        "others.",
        1,
        _dims,
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
