"""The IDX format of the MNIST files, read with suspicion.

A file is the bytes 0, 0, type, n_dims; then n_dims big-endian uint32 sizes; then the values, the
last dimension fastest (http://yann.lecun.com/exdb/mnist/). vaelab reads unsigned bytes only.
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import IO, cast

import numpy as np
import numpy.typing as npt

from vaelab.data.dataset import DataError

UNSIGNED_BYTE = 8
MAX_IDX_BYTES = 2**30  # of values in one file; MNIST's training images are 47 million
DEFLATE_MAX_RATIO = 1032  # no deflate stream expands further than this
_BLOCK = 2**20


def read_idx_shape(path: Path, n_dims: int) -> tuple[int, ...]:
    """The sizes in the header of an IDX file, plain or `.gz`, without reading its values.

    Raises:
        DataError: for a file that is missing, no IDX file, of another type or too large.
    """
    try:
        with _open(path) as stream:
            return _header(stream, path, n_dims)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error


def read_idx(path: Path, n_dims: int) -> npt.NDArray[np.uint8]:
    """The values of an IDX file of unsigned bytes, plain or `.gz`, as uint8 with `n_dims` axes.

    How much is decompressed is decided by the header, and the header is believed only as far as
    the file's own size allows.

    Raises:
        DataError: for a file that is missing, truncated, damaged, too long or of another type.
    """
    try:
        with _open(path) as stream:
            shape = _header(stream, path, n_dims)
            values = _values(stream, path, math.prod(shape))
            if stream.read(1):
                raise DataError(
                    f"{path} has bytes after the {math.prod(shape):,} values that its header "
                    "announces; an IDX file ends with its last value."
                )
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error
    return values.reshape(shape)


def write_idx(path: Path, values: npt.NDArray[np.uint8]) -> None:
    """Write uint8 values of any shape as an IDX `.gz` file; equal values give equal bytes."""
    header = struct.pack(f">4B{values.ndim}I", 0, 0, UNSIGNED_BYTE, values.ndim, *values.shape)
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as stream:
        stream.write(header + np.ascontiguousarray(values).tobytes())


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _header(stream: IO[bytes], path: Path, n_dims: int) -> tuple[int, ...]:
    head = stream.read(4)
    if len(head) < 4:
        raise DataError(f"{path} is truncated: it ends inside the 4 bytes of its IDX magic number.")
    if head != bytes((0, 0, UNSIGNED_BYTE, n_dims)):
        raise DataError(
            f"{path} has the magic number 0x{head.hex()}, not 0x{UNSIGNED_BYTE << 8 | n_dims:08x}: "
            f"an IDX file of unsigned bytes with {n_dims} dimension{'s' if n_dims > 1 else ''} "
            "is needed here."
        )
    sizes = stream.read(4 * n_dims)
    if len(sizes) < 4 * n_dims:
        raise DataError(f"{path} is truncated: it ends inside the sizes of its IDX header.")
    shape = struct.unpack(f">{n_dims}I", sizes)
    total = math.prod(shape)
    if total == 0:
        raise DataError(f"{path} is empty: its IDX header announces the sizes {shape}.")
    if total > MAX_IDX_BYTES:
        raise DataError(
            f"{path} announces {total:,} values; at most {MAX_IDX_BYTES:,} are allowed in one file."
        )
    stored = path.stat().st_size * (DEFLATE_MAX_RATIO if path.suffix == ".gz" else 1)
    if total > stored:
        raise _truncated(path, total)
    return shape


def _values(stream: IO[bytes], path: Path, total: int) -> npt.NDArray[np.uint8]:
    values = np.empty(total, np.uint8)
    filled = 0
    while filled < total:
        block = stream.read(min(_BLOCK, total - filled))
        if not block:
            raise _truncated(path, total)
        values[filled : filled + len(block)] = np.frombuffer(block, np.uint8)
        filled += len(block)
    return values


def _truncated(path: Path, total: int) -> DataError:
    return DataError(f"{path} is truncated: its header announces {total:,} values, it holds fewer.")


def _unreadable(path: Path, error: Exception) -> DataError:
    if isinstance(error, FileNotFoundError):
        return DataError(f"There is no file {path}.")
    if isinstance(error, EOFError):
        return DataError(f"{path} is truncated: its gzip stream ends too early.")
    return DataError(f"{path} cannot be read as an IDX file: {error}.")
