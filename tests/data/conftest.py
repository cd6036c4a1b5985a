"""Small files of every kind that vaelab reads, made on the spot."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vaelab.data.idx import write_idx


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture
def encode() -> Callable[..., bytes]:
    """(array or image, format, **options) -> the bytes of a picture file."""

    def encode_(picture: np.ndarray | Image.Image, kind: str = "PNG", **options: object) -> bytes:
        image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)
        return buffer.getvalue()

    return encode_


@pytest.fixture
def png_header() -> Callable[[int, int], bytes]:
    """(width, height) -> a PNG that says it is so large, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">L", zlib.crc32(kind + data))
        return struct.pack(">L", len(data)) + kind + data + checksum

    def png_header_(width: int, height: int) -> bytes:
        header = chunk(b"IHDR", struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0))
        pixels = chunk(b"IDAT", zlib.compress(bytes(999)))
        return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")

    return png_header_


@pytest.fixture
def image_folder(tmp_path: Path, rng: np.random.Generator) -> Path:
    """train/ and test/ with three classes of colour PNGs of mixed sizes: 8 and 2 a class."""
    root = tmp_path / "pictures"
    for split, n in (("train", 8), ("test", 2)):
        for c, name in enumerate(("cat", "dog", "owl")):
            folder = root / split / name
            folder.mkdir(parents=True)
            for i in range(n):
                size = (10 + 7 * i, 30 - 2 * c)
                pixels = np.full((*size, 3), (80 * c, 20 * i, 200), np.uint8)
                Image.fromarray(pixels).save(folder / f"{i}.png")
    return root


@pytest.fixture
def mnist_dir(tmp_path: Path, rng: np.random.Generator) -> Path:
    """A data folder with a `mnist` of 100 training and 20 test images of 28x28."""
    folder = tmp_path / "data" / "mnist"
    folder.mkdir(parents=True)
    for prefix, n in (("train", 100), ("t10k", 20)):
        images = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        write_idx(folder / f"{prefix}-images-idx3-ubyte.gz", images)
        write_idx(folder / f"{prefix}-labels-idx1-ubyte.gz", np.arange(n, dtype=np.uint8) % 10)
    return folder.parent
