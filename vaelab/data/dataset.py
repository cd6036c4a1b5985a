"""The one shape in which images enter vaelab."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
import numpy.typing as npt

from vaelab.data.stored import StoredImages


class DataError(ValueError):
    """Input that cannot be used; the message is one sentence for the person who gave it."""


@dataclass(frozen=True)
class SkippedFile:
    """A file of a folder or archive that was left out, and why."""

    path: str
    reason: str


@dataclass(frozen=True, eq=False, repr=False)
class ImageDataset:
    """Images of one size, with or without class labels.

    Attributes:
        name: short name for people, such as `mnist`.
        images: uint8 (N, C, H, W), C in {1, 3}, H and W in 8..128. Where they are larger than
            memory it is a `StoredImages`, which is indexed alike.
        labels: int64 (N,) in 0..len(class_names)-1, or None.
        class_names: one name a class; empty without labels.
        split: `all`, `train`, `validation` or `test`.
        skipped: files that could not be read.
        factors: int64 (N, F), known factors of variation, each a value of its own; or None.
        factor_names: one name a factor; empty without factors.

    Raises:
        DataError: if arrays disagree in length, type or range.
    """

    name: str
    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64] | None = None
    class_names: tuple[str, ...] = ()
    split: str = "all"
    skipped: tuple[SkippedFile, ...] = field(default=())
    factors: npt.NDArray[np.int64] | None = None
    factor_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        x = self.images
        if x.dtype != np.uint8 or x.ndim != 4 or x.shape[1] not in (1, 3):
            raise DataError(
                f"images must be uint8 of shape (N, 1 or 3, H, W), got {x.dtype} {x.shape}."
            )
        if not (8 <= x.shape[2] <= 128 and 8 <= x.shape[3] <= 128):
            raise DataError(
                f"images must be 8 to 128 pixels a side, got {x.shape[2]}x{x.shape[3]}."
            )
        self._check_factors()
        if self.labels is None:
            if self.class_names:
                raise DataError("class_names were given without labels.")
            return
        y = self.labels
        if y.dtype != np.int64 or y.shape != (len(x),):
            raise DataError(f"labels must be int64 of shape ({len(x)},), got {y.dtype} {y.shape}.")
        if len(y) and not (y.min() >= 0 and y.max() < len(self.class_names)):
            raise DataError(
                f"labels must lie in 0..{len(self.class_names) - 1}, got {y.min()}..{y.max()}."
            )

    def _check_factors(self) -> None:
        shape = (len(self.images), len(self.factor_names))
        found = self.factors
        if found is None:
            if self.factor_names:
                raise DataError("factor_names were given without factors.")
        elif found.dtype != np.int64 or found.shape != shape:
            raise DataError(f"factors must be int64 {shape}, got {found.dtype} {found.shape}.")

    def __len__(self) -> int:
        return len(self.images)

    def __repr__(self) -> str:
        classes = f"{self.n_classes} classes" if self.class_names else "no labels"
        shape = ", ".join(map(str, self.images.shape))
        return f"ImageDataset({self.name!r}, {self.split}, images ({shape}), {classes})"

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(C, H, W)."""
        _, c, h, w = self.images.shape
        return int(c), int(h), int(w)

    @property
    def n_classes(self) -> int:
        return len(self.class_names)

    def take(self, indices: npt.NDArray[np.int64], split: str) -> ImageDataset:
        """The images at `indices` (M,), as a data set of that split."""
        labels = None if self.labels is None else self.labels[indices]
        factors = None if self.factors is None else self.factors[indices]
        images = _chosen(self.images, indices)
        return replace(self, images=images, labels=labels, split=split, factors=factors)


def _chosen(
    images: npt.NDArray[np.uint8] | StoredImages, indices: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint8]:
    """The images at `indices`; of stored ones, where they are many, a `StoredImages` again."""
    if isinstance(images, StoredImages):
        return as_array(images.view(indices))
    return images[indices]


def as_array(images: StoredImages | npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Stored images under the type that all code of arrays knows; indexed, they behave alike."""
    return cast("npt.NDArray[np.uint8]", images)
