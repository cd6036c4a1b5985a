"""The plane of a two-dimensional model as pictures: what the decoder draws at each place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vaelab.models import Model
from vaelab.pictures import grid
from vaelab.web.decoding import decode
from vaelab.web.figures import Backdrop

CELLS = 20  # along the longer side
QUANTILES = (0.005, 0.995)


@dataclass(frozen=True, eq=False)
class Plane:
    """Codes on an even grid of square cells, row by row from the top.

    Attributes:
        codes: float32 (rows * columns, 2).
        columns: number of cells across.
        x, y: the ranges that the cells cover.
    """

    codes: npt.NDArray[np.float32]
    columns: int
    x: tuple[float, float]
    y: tuple[float, float]


def plane_of(codes: npt.NDArray[np.float32], dims: tuple[int, int], cells: int = CELLS) -> Plane:
    """A grid over most of the codes (N, 2), `cells` along its longer side.

    Args:
        codes: (N, 2).
        dims: which dimension is x and which is y.
        cells: along the longer side.

    Raises:
        ValueError: if the codes are not (N, 2).
    """
    if codes.ndim != 2 or codes.shape[1] != 2:
        raise ValueError(f"codes must be of shape (N, 2), got {codes.shape}.")
    low, high = np.quantile(codes[:, list(dims)].astype(np.float64), QUANTILES, axis=0)
    centre = (low + high) / 2
    spread = np.maximum(high - low, 1e-6)
    step = float(spread.max()) / cells
    columns, rows = (max(1, int(np.ceil(s / step - 1e-9))) for s in spread)
    z = np.empty((rows * columns, 2), np.float32)
    z[:, dims[0]] = np.tile(centre[0] + step * _offsets(columns), rows)
    z[:, dims[1]] = np.repeat(centre[1] - step * _offsets(rows), columns)
    return Plane(z, columns, _range(centre[0], step * columns), _range(centre[1], step * rows))


def _offsets(n: int) -> npt.NDArray[np.float64]:
    """n whole steps apart, symmetric around 0."""
    return np.arange(n, dtype=np.float64) - (n - 1) / 2


def _range(centre: float, width: float) -> tuple[float, float]:
    return float(centre - width / 2), float(centre + width / 2)


def manifold(
    model: Model,
    codes: npt.NDArray[np.float32],
    dims: tuple[int, int] = (0, 1),
    label: int | None = None,
    cells: int = CELLS,
) -> Backdrop:
    """Decoded pictures over the plane of a model with K = 2, under one class if it has classes.

    Raises:
        ValueError: if the model has another K.
    """
    plane = plane_of(codes, dims, cells)
    classes = None if label is None else np.full(len(plane.codes), label, np.int64)
    pictures = decode(model, plane.codes, classes).mean
    return Backdrop(grid(pictures, columns=plane.columns, cell=32, gap=0), plane.x, plane.y)
