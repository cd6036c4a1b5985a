"""Hostile files in a process that may use little memory: a sentence, not a crash.

The process may take 600 MB of address space more than it has after importing; every file here
would need gigabytes if it were believed.
"""

from __future__ import annotations

import gzip
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from vaelab.settings import PROJECT

GIB = 2**30
PROGRAM = """
import resource, sys
from pathlib import Path
import PIL.WebPImagePlugin, PIL.TiffImagePlugin
from vaelab.data import DataError, Preparation, load_dataset, prepare
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 600 * 2**20,) * 2)
kind, path = sys.argv[1:]
try:
    if kind == "upload":
        prepare(Path(path).read_bytes(), Preparation(), (1, 28, 28))
    elif kind == "mnist":
        load_dataset("mnist", data_dir=Path(path), download=False)
    else:
        print(len(load_dataset(path).skipped), "skipped")
except DataError as error:
    print(error)
"""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="needs Linux's limit on address space"
)


def _answer(kind: str, path: Path) -> str:
    """The one sentence that the limited process prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, kind, str(path)],
        cwd=PROJECT,
        env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    return done.stdout


def _zeros(n: int) -> bytes:
    """A raw deflate stream of n zeros, n a multiple of 16 MB: one piece of it, many times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * (n // 2**24) + packer.flush(zlib.Z_FINISH)


def _zip(path: Path, members: dict[str, tuple[bytes, int]]) -> Path:
    """An archive of deflated streams whose sizes are claimed, not measured."""
    body, directory = b"", b""
    for name, (stream, size) in members.items():
        fields = struct.pack("<3H2L2L2H", 20, 0, 8, 0, 0, len(stream), size, len(name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + fields
        directory += struct.pack("<3H2L", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\3\4" + fields + name.encode() + stream
    end = struct.pack("<4H2LH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\5\6" + end)
    return path


def test_ten_gigabytes_of_zeros(tmp_path: Path) -> None:
    stream = _zeros(2 * GIB)
    path = _zip(tmp_path / "x.zip", {f"a/{i}.png": (stream, 2 * GIB) for i in range(5)})
    assert path.stat().st_size < 16 * 2**20
    assert "a/0.png, which unpacks to 2.0 GB; at most 64 MB" in _answer("load", path)


def test_zeros_that_the_directory_plays_down(tmp_path: Path) -> None:
    stream = _zeros(2 * GIB)
    path = _zip(tmp_path / "x.zip", {f"{i}.png": (stream, 1000) for i in range(3)})
    assert "x holds no readable training image (the first: 0.png: It is damaged" in _answer(
        "load", path
    )


def test_an_image_header_in_folder_archive_and_upload(
    tmp_path: Path, png_header: Callable[[int, int], bytes]
) -> None:
    data = png_header(50_000, 50_000)
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "huge.png").write_bytes(data)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packer.compress(data) + packer.flush()
    archive = _zip(tmp_path / "x.zip", {"huge.png": (stream, len(data))})
    assert "too many pixels" in _answer("upload", tmp_path / "set" / "huge.png")
    assert "too many pixels" in _answer("load", tmp_path / "set")
    assert "no readable training image" in _answer("load", archive)


def test_a_webp_canvas(tmp_path: Path) -> None:
    size = (16_383 - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<L", 10) + bytes(4) + size + size
    path = tmp_path / "x.webp"
    path.write_bytes(b"RIFF" + struct.pack("<L", len(body)) + body)
    assert "16,383x16,383 pixels; at most 50,000,000" in _answer("upload", path)


@pytest.mark.parametrize("n", [10**6, 10**9])
def test_an_idx_header(tmp_path: Path, n: int) -> None:
    folder = tmp_path / "mnist"
    folder.mkdir()
    header = struct.pack(">4B3I", 0, 0, 8, 3, n, 28, 28)
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (folder / f"{name}-ubyte.gz").write_bytes(gzip.compress(header + bytes(10**5)))
    answer = _answer("mnist", tmp_path)
    assert "truncated" in answer or "at most 1,073,741,824 are allowed" in answer


def test_an_idx_file_with_gigabytes_behind_its_values(tmp_path: Path) -> None:
    folder = tmp_path / "mnist"
    folder.mkdir()
    header = struct.pack(">4B3I", 0, 0, 8, 3, 1, 28, 28)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(header + bytes(784)) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (folder / f"{name}-ubyte.gz").write_bytes(packed + piece * 128)
    assert "has bytes after the 784 values" in _answer("mnist", tmp_path)


def _npy(shape: tuple[int, ...], dtype: str) -> bytes:
    text = repr({"descr": dtype, "fortran_order": False, "shape": shape}).encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text


@pytest.mark.parametrize("n", [10**5, 10**9])
def test_an_npz_header(tmp_path: Path, n: int) -> None:
    path = tmp_path / "x.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", _npy((n, 128, 128), "|u1") + bytes(64))
    assert "but the archive holds 64 of it" in _answer("load", path)


def test_an_npz_of_gigabytes_of_zeros(tmp_path: Path) -> None:
    header = _npy((2 * GIB // 128**2, 128, 128), "|u1")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packer.compress(header) + packer.flush(zlib.Z_FULL_FLUSH) + _zeros(2 * GIB)
    path = _zip(tmp_path / "x.npz", {"x.npy": (stream, 2 * GIB + len(header))})
    assert "times its size; at most 500" in _answer("load", path)
