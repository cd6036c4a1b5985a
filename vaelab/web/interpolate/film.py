"""A film from one code to another, as arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vaelab.latent import linear_path, spherical_path
from vaelab.models import Model
from vaelab.web.decoding import blend, decode

PATHS: dict[str, Callable[[npt.ArrayLike, npt.ArrayLike, int], np.ndarray]] = {
    "Linear": linear_path,
    "Spherical": spherical_path,
}
FORMULAS = {
    "Linear": r"z(t) = (1-t)\,z_A + t\,z_B",
    "Spherical": r"z(t) = \left((1-t)\lVert z_A\rVert + t\lVert z_B\rVert\right)"
    r"\left(\cos(t\omega)\,u + \sin(t\omega)\,v\right)",
}


@dataclass(frozen=True, eq=False)
class End:
    """One end of a path.

    Attributes:
        z: float32 (K,).
        label: class it is decoded under; None for a model without classes.
        image: (C, H, W), the picture that the code belongs to: uint8, or float in [0, 1].
        caption: what it is, for people.
    """

    z: npt.NDArray[np.float32]
    label: int | None
    image: npt.NDArray[np.uint8] | npt.NDArray[np.float32]
    caption: str


@dataclass(frozen=True, eq=False)
class Film:
    """A path and its pictures.

    Attributes:
        codes: (n, K), its first and last rows the ends' codes to the bit.
        frames: float32 (n, C, H, W).
    """

    codes: npt.NDArray[np.float32]
    frames: npt.NDArray[np.float32]


def make_film(
    model: Model, start: End, end: End, path: str, n: int, label: int | None = None
) -> Film:
    """Decode n codes along a path.

    Args:
        path: a key of `PATHS`.
        label: class of all frames; None blends from the one end's class to the other's. Ignored
            by a model without classes.
    """
    codes = np.asarray(PATHS[path](start.z, end.z, n), np.float32)
    classes = None
    if model.config.is_conditional:
        first = label if label is not None else start.label or 0
        last = label if label is not None else end.label or 0
        classes = blend(first, last, n, model.config.n_classes)
    return Film(codes, decode(model, codes, classes).mean)
