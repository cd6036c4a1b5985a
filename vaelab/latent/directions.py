"""Straight directions through the latent space: principal axes, classes, attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.latent.principal_axes import PrincipalAxes, axes_of_spread, principal_axes
from vaelab.latent.traverse import HIGH_QUANTILE, LOW_QUANTILE, widened
from vaelab.models import Model

STEP = 0.02  # of a latent dimension, for differences: float32 pictures round at 6e-8
PICTURES = 64  # decoded at a time
MOST_VALUES = 20_000  # coordinates of a range; more change its quantiles by less than a pixel

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Direction:
    """The line origin + t * unit.

    Attributes:
        name: for people.
        unit: float64 (K,), of length 1; zeros where two points that should part are the same.
        origin: float64 (K,), where the coordinate t is 0.
        share: part of a variance that lies along it, 0 to 1; None where it explains none.
        length: t of the point that it leads to; None where it leads to none.
    """

    name: str
    unit: Vector
    origin: Vector
    share: float | None = None
    length: float | None = None

    def coordinates(self, codes: npt.ArrayLike) -> Vector:
        """t of each code's foot on the line, (N,) of codes (N, K)."""
        t: Vector = (np.asarray(codes, np.float64) - self.origin) @ self.unit
        return t


@dataclass(frozen=True, eq=False)
class Range:
    """Where the data lies along a direction.

    Attributes:
        low: 0.5 % quantile of the coordinates, or lower where they have no width.
        median: of the coordinates.
        high: 99.5 % quantile, or higher.
        density: codes in each bin from low to high, relative to the fullest one.
    """

    low: float
    median: float
    high: float
    density: Vector


def between(name: str, start: npt.ArrayLike, end: npt.ArrayLike) -> Direction:
    """From one point (K,) to another: t = 0 at the first, t = length at the second."""
    origin, step = np.asarray(start, np.float64), np.subtract(end, start, dtype=np.float64)
    length = float(np.linalg.norm(step))
    return Direction(name, step / (length or 1.0), origin, length=length)


def principal_directions(codes: npt.ArrayLike, most: int | None = None) -> tuple[Direction, ...]:
    """Orthonormal directions of largest variance of codes (N, K), from their mean, widest first.

    Raises:
        ValueError: unless there are at least two codes.
    """
    points = np.asarray(codes, np.float64)
    if points.ndim != 2 or len(points) < 2:
        raise ValueError(f"codes must be of shape (N, K) with N of at least 2, got {points.shape}.")
    return _named("PC", principal_axes(points), most)


def picture_directions(
    model: Model,
    z: npt.ArrayLike,
    y: Tensor | None = None,
    dims: Sequence[int] | None = None,
    most: int | None = None,
) -> tuple[Direction, ...]:
    """Orthonormal directions along which the decoded picture changes most around z.

    The right singular vectors of the decoder's Jacobian J = dE[x|z]/dz, that is the principal axes
    of the metric J'J that the decoder pulls back from pixels (Arvanitidis et al. 2018);
    `share` is the part of the squared change |J dz|^2, averaged over all unit steps dz, that lies
    along the direction. J is taken by central differences of width 2 STEP.

    Args:
        model: on the CPU.
        z: (K,).
        y: class weights (1, n_classes) for a conditional model.
        dims: dimensions that may move; all by default. The directions span these alone.
        most: directions returned.

    Raises:
        ValueError: if z is not (K,).
    """
    centre = np.asarray(z, np.float64)
    k = model.config.latent_dim
    if centre.shape != (k,):
        raise ValueError(f"z must be of shape ({k},), got {centre.shape}.")
    moving = list(range(k)) if dims is None else sorted(dims)
    jacobian = _jacobian(model, centre, y, moving)  # (len(moving), D)
    found = axes_of_spread(jacobian @ jacobian.T, centre[moving])
    axes = np.zeros((len(moving), k))
    axes[:, moving] = found.axes
    return _named("local PC", PrincipalAxes(centre, axes, found.share), most)


def class_directions(
    codes: npt.ArrayLike, labels: npt.ArrayLike, class_names: Sequence[str]
) -> tuple[Direction, ...]:
    """From the mean of all codes (N, K) to the mean of each class's; classes without codes lack."""
    points, classes = np.asarray(codes, np.float64), np.asarray(labels)
    centre = points.mean(axis=0)
    return tuple(
        between(f"class {name}", centre, points[classes == c].mean(axis=0))
        for c, name in enumerate(class_names)
        if (classes == c).any()
    )


def ranges(directions: Sequence[Direction], codes: npt.ArrayLike, bins: int) -> tuple[Range, ...]:
    """Where codes (N, K) lie along each direction; more than MOST_VALUES are thinned evenly."""
    if not directions:
        return ()
    points = np.asarray(codes)
    points = points[:: -(-len(points) // MOST_VALUES)]
    values = np.stack([direction.coordinates(points) for direction in directions], axis=1)
    low, median, high = np.quantile(values, [LOW_QUANTILE, 0.5, HIGH_QUANTILE], axis=0)
    low, high = widened(low, median, high)
    return tuple(
        Range(
            float(low[i]),
            float(median[i]),
            float(high[i]),
            density(values[:, i], float(low[i]), float(high[i]), bins),
        )
        for i in range(len(directions))
    )


def density(values: npt.ArrayLike, low: float, high: float, bins: int) -> Vector:
    """Number of values in each bin from low to high, relative to the fullest, (bins,)."""
    counts, _ = np.histogram(values, bins, (low, high))
    shares: Vector = counts / max(1, counts.max())
    return shares


def _named(name: str, found: PrincipalAxes, most: int | None) -> tuple[Direction, ...]:
    return tuple(
        Direction(f"{name} {i + 1}", axis, found.origin, float(share))
        for i, (axis, share) in enumerate(zip(found.axes[:most], found.share, strict=False))
    )


@torch.no_grad()
def _jacobian(model: Model, z: Vector, y: Tensor | None, dims: list[int]) -> np.ndarray:
    """Rows dE[x|z]/dz_d for each of `dims`, float64 (len(dims), D), pixel units of [0, 1]."""
    steps = torch.zeros(len(dims), len(z))
    steps[range(len(dims)), dims] = STEP
    at = torch.from_numpy(z.astype(np.float32)) + torch.cat((steps, -steps))  # (2 len(dims), K)
    pictures = [
        model.decode(part, None if y is None else y.expand(len(part), -1)).mean.flatten(1)
        for part in at.split(PICTURES)
    ]
    ahead, behind = torch.cat(pictures).double().chunk(2)
    return np.asarray(((ahead - behind) / (2 * STEP)).numpy())
