"""Arrays inside an `.npz`, by their headers first, then in blocks: memory is never taken on trust.

`numpy.load` allocates what a header claims; here the claim is compared with the archive's own
directory before, and nothing is ever unpickled.
"""

from __future__ import annotations

import ast
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from vaelab.data.dataset import DataError
from vaelab.data.zipcheck import UNREADABLE, ZipLimits, check_members

MAX_HEADER_BYTES = 4096
LAST_CHARACTER = 0x10FFFF
# Float64 pixels take eight times the memory of the uint8 that is kept; only blocks are ever held.
# Binary images pack 100 to 1, zeros 1000 to 1.
LIMITS = ZipLimits(member=32 * 2**30, total=64 * 2**30, ratio=500)
MAX_SMALL_BYTES = 64 * 2**20  # of labels or class names
_BLOCK_BYTES = 16 * 2**20


@dataclass(frozen=True)
class ArrayHeader:
    """What an `.npy` inside the archive says of itself; `offset` is where its values start."""

    name: str
    info: zipfile.ZipInfo
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    offset: int


def list_arrays(
    path: Path, archive: zipfile.ZipFile, names: Sequence[str]
) -> dict[str, ArrayHeader]:
    """Headers of those of the named arrays that are there; others are not looked at.

    Raises:
        DataError: for a header that is damaged, of Python objects, or claims another size than
            the archive's directory.
    """
    members = {info.filename: info for info in archive.infolist()}
    wanted = {name: members[f"{name}.npy"] for name in names if f"{name}.npy" in members}
    check_members(path, list(wanted.values()), LIMITS)
    return {name: _header(path, archive, name, info) for name, info in wanted.items()}


def read_array(path: Path, archive: zipfile.ZipFile, header: ArrayHeader) -> npt.NDArray[Any]:
    """A small array as a whole."""
    size = math.prod(header.shape) * header.dtype.itemsize
    if size > MAX_SMALL_BYTES:
        raise DataError(
            f"{path} has {header.name} of {size / 2**20:,.0f} MB; at most "
            f"{MAX_SMALL_BYTES // 2**20} MB are allowed."
        )
    blocks = list(read_blocks(path, archive, header))
    values = np.concatenate(blocks) if blocks else np.empty(header.shape, header.dtype)
    if values.dtype.kind == "U":
        _check_characters(path, header.name, values)
    return values


def _check_characters(path: Path, name: str, values: npt.NDArray[Any]) -> None:
    """Refuse numbers that are no characters: numpy makes strings of them, Python cannot."""
    numbers = np.ascontiguousarray(values).view(values.dtype.str[0] + "u4")
    if numbers.max(initial=0) > LAST_CHARACTER or ((numbers >> 11) == 0xD800 >> 11).any():
        raise DataError(f"{path} has strings in {name} that hold what is no character.")


def read_blocks(
    path: Path, archive: zipfile.ZipFile, header: ArrayHeader
) -> Iterator[npt.NDArray[Any]]:
    """The array along its first axis, (n, ...) at a time, of about 16 MB or one row each."""
    row_bytes = math.prod(header.shape[1:]) * header.dtype.itemsize
    if not row_bytes or not header.shape[0]:
        return
    rows_a_block = max(1, _BLOCK_BYTES // row_bytes)
    try:
        with archive.open(header.info) as stream:
            stream.read(header.offset)
            for start in range(0, header.shape[0], rows_a_block):
                rows = min(rows_a_block, header.shape[0] - start)
                data = stream.read(rows * row_bytes)
                if len(data) < rows * row_bytes:
                    raise DataError(f"{path} is truncated: {header.name} ends too early.")
                yield np.frombuffer(data, header.dtype).reshape(rows, *header.shape[1:])
    except UNREADABLE as error:
        raise DataError(f"{path} is damaged in {header.name}: {error}.") from error


def _header(path: Path, archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> ArrayHeader:
    if info.flag_bits & 1:
        raise DataError(f"{path} is encrypted; only plain archives are read.")
    try:
        with archive.open(info) as stream:
            text, offset = _header_text(stream)
        fields = ast.literal_eval(text)
        shape, fortran = fields["shape"], fields["fortran_order"]
        dtype = np.dtype(fields["descr"])
        if not all(isinstance(size, int) and size >= 0 for size in shape):
            raise ValueError(f"the shape {shape}")
    except (
        OSError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        ValueError,
        SyntaxError,
        TypeError,
        KeyError,
        MemoryError,
        RecursionError,
        struct.error,
    ) as error:
        raise DataError(f"{path} has a damaged header in {name}: {error}.") from error
    return _checked(path, ArrayHeader(name, info, tuple(shape), dtype, offset), bool(fortran))


def _header_text(stream: IO[bytes]) -> tuple[str, int]:
    """The dictionary that an `.npy` begins with, and where its values start."""
    magic = stream.read(8)
    if magic[:6] != b"\x93NUMPY" or magic[6:7] not in (b"\1", b"\2", b"\3"):
        raise ValueError("it does not begin as an .npy file does")
    width = 2 if magic[6] == 1 else 4
    length = int.from_bytes(stream.read(width), "little")
    if length > MAX_HEADER_BYTES:
        raise ValueError(f"{length} bytes, of which at most {MAX_HEADER_BYTES} are allowed")
    return stream.read(length).decode("latin-1" if magic[6] < 3 else "utf-8"), 8 + width + length


def _checked(path: Path, header: ArrayHeader, fortran: bool) -> ArrayHeader:
    if header.dtype.hasobject or header.dtype.kind not in "biufU":
        kind = "Python objects" if header.dtype.hasobject else f"values of type {header.dtype}"
        raise DataError(
            f"{path} has {kind} in {header.name}; only arrays of numbers are read, and class names "
            "as an array of strings."
        )
    claimed = math.prod(header.shape) * header.dtype.itemsize
    stored = header.info.file_size - header.offset
    if claimed != stored:
        raise DataError(
            f"{path} has {header.name} of shape {header.shape}, which needs {claimed:,} bytes, but "
            f"the archive holds {stored:,} of it."
        )
    if fortran and len(header.shape) > 1:
        raise DataError(
            f"{path} has {header.name} in Fortran order; save it through numpy.ascontiguousarray."
        )
    return header
