"""Images in a file that is larger than memory, read a few at a time."""

from __future__ import annotations

import itertools
import os
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]

MAX_COPIED_BYTES = 2**30  # of pixels that are read into memory as one array
SMALL_BYTES = 64 * 2**20  # a selection up to this size is kept in memory


class PixelFile:
    """A file of uint8 (M, C, H, W), the last axis fastest, without a header.

    It is read, not mapped: pages that are mapped count as this process's memory. Several threads
    may read at once.

    Args:
        path: of the file.
        shape: (M, C, H, W).
        digest: sha256 (hex) of the content, as the one who wrote it says.

    Raises:
        OSError: if it cannot be opened.
        ValueError: if it has another size.
    """

    def __init__(self, path: Path, shape: tuple[int, int, int, int], digest: str) -> None:
        self.path, self.shape, self.digest = path, shape, digest
        self.row_bytes = int(np.prod(shape[1:]))
        self._descriptor = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._descriptor)
        size, needed = os.fstat(self._descriptor).st_size, shape[0] * self.row_bytes
        if size != needed:
            raise ValueError(f"{path} must have {needed:,} bytes for {shape}, got {size:,}.")

    def fill(self, block: npt.NDArray[np.uint8], first: int) -> None:
        """Read consecutive images into `block` (n, C, H, W), from number `first`."""
        target, offset = block.data.cast("B"), first * self.row_bytes
        while len(target):
            n = os.preadv(self._descriptor, [target], offset)
            if n == 0:
                raise OSError(f"{self.path} ends too early.")
            target, offset = target[n:], offset + n


class StoredImages:
    """uint8 (N, C, H, W), indexed as an array is; what is indexed is read and comes as an array.

    Args:
        file: of M images.
        rows: int64 (N,), which of them, in which order; all when None.

    Raises:
        ValueError: for a row that the file does not have.
    """

    ndim = 4
    dtype = np.dtype(np.uint8)

    def __init__(self, file: PixelFile, rows: Rows | None = None) -> None:
        self.file = file
        self.rows = np.arange(file.shape[0], dtype=np.int64) if rows is None else rows
        self.shape = (len(self.rows), *file.shape[1:])
        if len(self.rows) and not 0 <= self.rows.min() <= self.rows.max() < file.shape[0]:
            raise ValueError(f"rows must lie in 0..{file.shape[0] - 1}, got {self.rows.max()}.")

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def nbytes(self) -> int:
        """Bytes of all images as one array."""
        return len(self) * self.file.row_bytes

    def __getitem__(self, key: Any) -> npt.NDArray[np.uint8]:
        """`images[i]`, `images[a:b]`, `images[positions]`, and further axes after a comma."""
        first, *others = key if isinstance(key, tuple) else (key,)
        chosen = self.rows[first]
        inner: Any = 0 if np.ndim(chosen) == 0 else slice(None)
        part: npt.NDArray[np.uint8] = self._read(np.atleast_1d(chosen))[(inner, *others)]
        return part

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        """All of them, for whoever needs them at once; ValueError above 1 GiB."""
        return self._read(self.rows).astype(dtype or np.uint8, copy=False)

    def view(self, positions: Rows) -> StoredImages | npt.NDArray[np.uint8]:
        """The images at these positions, read now where they are few and later otherwise."""
        if len(positions) * self.file.row_bytes <= SMALL_BYTES:
            return self[positions]
        return self._later(self.rows[positions])

    def _later(self, rows: Rows) -> StoredImages:
        """Others of the file's images, read as these are."""
        return StoredImages(self.file, rows)

    def _read(self, rows: Rows) -> npt.NDArray[np.uint8]:
        """The file's images at `rows` (B,): (B, C, H, W), read in the file's order."""
        size = len(rows) * self.file.row_bytes
        if size > MAX_COPIED_BYTES:
            raise ValueError(
                f"{len(rows):,} images of {self.file.path} take {size:,} bytes; at most "
                f"{MAX_COPIED_BYTES:,} are read at once."
            )
        images = np.empty((len(rows), *self.shape[1:]), np.uint8)
        if len(rows) and (np.diff(rows) == 1).all():
            self.file.fill(images, int(rows[0]))
            return images
        order = np.argsort(rows, kind="stable")
        starts = np.flatnonzero(np.diff(rows[order], prepend=-2) != 1)  # of runs without a gap
        for start, end in itertools.pairwise([*starts.tolist(), len(order)]):
            places = order[start:end]
            first = int(rows[places[0]])
            if len(places) == 1:
                self.file.fill(images[places[0]], first)
                continue
            block = np.empty((len(places), *self.shape[1:]), np.uint8)
            self.file.fill(block, first)
            images[places] = block
        return images
