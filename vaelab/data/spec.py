"""What is stored with a run, so that the same images and the same split come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from vaelab.data.dataset import DataError

COLOURS = ("auto", "grey", "rgb")
MIN_SIDE, MAX_SIDE = 8, 128
FOLDER_SIDE = 32  # pixels; the side of a folder's or archive's images when none was asked for


@dataclass(frozen=True)
class DataSpec:
    """Which images, in which shape, split how.

    Attributes:
        source: a name in `SOURCES`, the absolute path of a folder, `.zip` or `.npz`, or the name
            of one inside the data folder.
        image_size: side of the square in pixels, 8..128; None keeps the native size of arrays and
            means 32 for folders and archives, whose images may all differ.
        colour: `auto` (as the images are), `grey` or `rgb`.
        validation_fraction: part of the training images held out, above 0 and at most 0.5.
        test_fraction: part of all images held out, used only where a source has no test split.
        seed: of the split.

    Raises:
        DataError: naming the field, the value got and the values allowed.
    """

    source: str
    image_size: int | None = None
    colour: str = "auto"
    validation_fraction: float = 0.1
    test_fraction: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.source, str) or not self.source.strip():
            raise DataError(f"source must be a data set's name or a path, got {self.source!r}.")
        size = self.image_size
        if size is not None and not (_is_int(size) and MIN_SIDE <= size <= MAX_SIDE):
            raise DataError(
                f"image_size must be a whole number in {MIN_SIDE}..{MAX_SIDE} or None, "
                f"got {size!r}."
            )
        if self.colour not in COLOURS:
            raise DataError(f"colour must be one of {', '.join(COLOURS)}, got {self.colour!r}.")
        for name in ("validation_fraction", "test_fraction"):
            value = getattr(self, name)
            if not isinstance(value, (int, float)) or not 0 < value <= 0.5:
                raise DataError(f"{name} must be above 0 and at most 0.5, got {value!r}.")
        if not _is_int(self.seed) or self.seed < 0:
            raise DataError(f"seed must be a whole number of 0 or more, got {self.seed!r}.")

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON-able values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> DataSpec:
        """The inverse of `to_dict`; unknown and missing keys raise DataError."""
        allowed = [field.name for field in fields(cls)]
        unknown = sorted(set(values) - set(allowed))
        if unknown:
            raise DataError(
                f"DataSpec has no field {', '.join(unknown)}; its fields are {', '.join(allowed)}."
            )
        if "source" not in values:
            raise DataError("DataSpec needs the field source.")
        return cls(**values)


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
