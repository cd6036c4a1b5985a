"""IDX files: the round trip, and one sentence for each way to be broken."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from vaelab.data import DataError
from vaelab.data.idx import MAX_IDX_BYTES, read_idx, read_idx_shape, write_idx


@pytest.fixture
def values(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 256, (7, 9, 8), dtype=np.uint8)


def _header(*shape: int, kind: int = 8) -> bytes:
    return struct.pack(f">4B{len(shape)}I", 0, 0, kind, len(shape), *shape)


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def test_round_trip(tmp_path: Path, values: np.ndarray) -> None:
    path = tmp_path / "x-idx3-ubyte.gz"
    write_idx(path, values)
    assert (read_idx(path, 3) == values).all()
    assert read_idx_shape(path, 3) == values.shape


def test_plain_file(tmp_path: Path, values: np.ndarray) -> None:
    path = _write(tmp_path / "x-idx3-ubyte", _header(*values.shape) + values.tobytes())
    assert (read_idx(path, 3) == values).all()


def test_equal_values_give_equal_bytes(tmp_path: Path, values: np.ndarray) -> None:
    paths = [tmp_path / "a.gz", tmp_path / "b.gz"]
    for path in paths:
        write_idx(path, values)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "truncated: it ends inside the 4 bytes"),
        (_header(2, 8, 8)[:9], "truncated: it ends inside the sizes"),
        (_header(2, 8, 8) + bytes(127), "truncated: its header announces 128 values"),
        (_header(2, 8, 8) + bytes(129), "bytes after the 128 values"),
        (_header(128) + bytes(128), "magic number 0x00000801, not 0x00000803"),
        (_header(2, 8, 8, kind=0x0D) + bytes(512), "magic number 0x00000d03"),
        (b"<html><body>not found</body></html>", "magic number 0x3c68746d"),
        (_header(0, 28, 28), "empty"),
        (_header(2**32 - 1, 2**32 - 1, 2**32 - 1), "announces 79,2"),
        (_header(MAX_IDX_BYTES, 2, 1), "at most 1,073,741,824 are allowed"),
        (_header(10**6, 28, 28) + bytes(10), "truncated: its header announces 784,000,000"),
    ],
)
def test_broken(tmp_path: Path, suffix: str, data: bytes, message: str) -> None:
    path = _write(tmp_path / f"x-idx3-ubyte{suffix}", data)
    with pytest.raises(DataError, match=message) as caught:
        read_idx(path, 3)
    assert str(path) in str(caught.value)


def test_truncated_gzip(tmp_path: Path, values: np.ndarray) -> None:
    path = tmp_path / "x.gz"
    write_idx(path, values)
    for keep in (5, 30, len(path.read_bytes()) - 4):
        cut = tmp_path / f"{keep}.gz"
        cut.write_bytes(path.read_bytes()[:keep])
        with pytest.raises(DataError, match="truncated"):
            read_idx(cut, 3)


def test_damaged_gzip(tmp_path: Path, values: np.ndarray) -> None:
    path = tmp_path / "x.gz"
    write_idx(path, values)
    data = bytearray(path.read_bytes())
    data[-6] ^= 255  # in the checksum of the content
    path.write_bytes(bytes(data))
    with pytest.raises(DataError, match="cannot be read as an IDX file: CRC"):
        read_idx(path, 3)


def test_no_gzip_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(b"hello")
    with pytest.raises(DataError, match="cannot be read as an IDX file: Not a gzipped file"):
        read_idx_shape(path, 3)


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        read_idx(tmp_path / "x.gz", 3)
