"""Stored images whose grey pixels are made black and white as they are read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vaelab.data.stored import PixelFile, Rows, StoredImages


class StoredBinaryImages(StoredImages):
    """As `StoredImages`, of 0 and 255 only.

    Args:
        file, rows: as of `StoredImages`.
        seed: draws a pixel, white with its grey value as the probability, by the seed and the
            image's row in the file: however often it is read, and with which others, it is the
            same. None: a pixel is white from half grey on.
    """

    def __init__(self, file: PixelFile, rows: Rows | None, seed: int | None) -> None:
        super().__init__(file, rows)
        self.seed = seed

    @classmethod
    def of(cls, images: StoredImages, seed: int | None) -> StoredBinaryImages:
        """These images in black and white; those that are already, as they are."""
        return images if isinstance(images, cls) else cls(images.file, images.rows, seed)

    def _later(self, rows: Rows) -> StoredBinaryImages:
        return StoredBinaryImages(self.file, rows, self.seed)

    def _read(self, rows: Rows) -> npt.NDArray[np.uint8]:
        images = super()._read(rows)
        for row, image in zip(rows.tolist(), images, strict=True):
            white = image > (127 if self.seed is None else self._drawn(row, image.shape))
            image[...] = np.where(white, 255, 0)
        return images

    def _drawn(self, row: int, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
        """u in 0..254, so that P(u < grey) = grey / 255."""
        return np.random.default_rng((self.seed or 0, row)).integers(0, 255, shape, dtype=np.uint8)
