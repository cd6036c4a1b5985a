"""Small valid files of every kind that vaelab reads: what the damage begins with."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Mapping

import numpy as np
from PIL import Image

_rng = np.random.default_rng(0)


def picture(mode: str, kind: str, size: tuple[int, int] = (20, 16), **options: object) -> bytes:
    """A picture of a light ground with a dark bar and some noise, as a file."""
    values = np.full((size[1], size[0], 4), 230, np.uint8)
    values[4:-3, 6:11] = 20
    values[..., :3] += _rng.integers(0, 9, values[..., :3].shape, np.uint8)
    image = Image.fromarray(values).convert("RGB" if mode in ("P", "CMYK", "LAB", "YCbCr") else "L")
    if mode in ("RGB", "RGBA", "LA"):
        image = Image.fromarray(values).convert(mode)
    elif mode == "I;16":
        image = Image.fromarray(np.asarray(image, np.uint16) * 257)
    elif mode == "F":
        image = Image.fromarray(np.asarray(image, np.float32) / 255)
    else:
        image = image.convert(mode)
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def pictures() -> list[bytes]:
    """One of every kind of file and of pixel that an upload may have."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera"
    moving = {"save_all": True, "append_images": [Image.new("RGB", (20, 16), c) for c in "rgb"[:0]]}
    return [
        *(picture(mode, "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        picture("P", "PNG", transparency=0),
        picture("RGB", "JPEG", exif=exif),
        picture("L", "JPEG", progressive=True),
        picture("CMYK", "JPEG"),
        picture("RGB", "WEBP"),
        picture("RGBA", "WEBP", lossless=True),
        picture("RGB", "WEBP", exif=exif, **moving),
        *(picture(mode, "BMP") for mode in ("1", "L", "P", "RGB", "RGBA")),
        picture("P", "GIF"),
        _moving_gif(),
        *(picture(mode, "TIFF") for mode in ("L", "RGB", "I;16", "F", "CMYK", "LAB")),
        picture("RGB", "TIFF", compression="tiff_lzw", exif=exif),
        picture("L", "TIFF", compression="tiff_adobe_deflate"),
        picture("1", "TIFF", compression="group4"),
        picture("RGB", "TIFF", compression="jpeg"),
    ]


def _moving_gif() -> bytes:
    frames = [Image.new("P", (12, 12), i * 40) for i in range(3)]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], transparency=0)
    return target.getvalue()


def zip_of(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return target.getvalue()


def image_folder() -> dict[str, bytes]:
    """Six small pictures in two classes, one in an unusual format, and a note."""
    kinds = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "PNG")
    found = {
        f"{'ab'[i % 2]}/{i}.{kind.lower()}": picture("L", kind, (10, 10))
        for i, kind in enumerate(kinds)
    }
    return {**found, "notes.txt": b"a note"}


def npz_of(**arrays: np.ndarray) -> bytes:
    """Arrays as `numpy.savez_compressed` writes them."""
    target = io.BytesIO()
    np.savez_compressed(target, **arrays)  # type: ignore[arg-type]
    return target.getvalue()


def image_arrays() -> list[bytes]:
    """Files of images with labels, names, factors and test parts."""
    x = _rng.integers(0, 256, (24, 8, 8), np.uint8)
    y = np.arange(24) % 3
    names = np.array(["a", "b", "c"])
    colour = _rng.random((24, 3, 8, 8)).astype(np.float32)
    factors = np.stack([y, np.arange(24) % 2], 1)
    return [
        npz_of(x=x, y=y, class_names=names, x_test=x[:9], y_test=y[:9]),
        npz_of(x=colour, y=names[y]),
        npz_of(x=x[..., None] > 99, factors=factors, factor_names=np.array(["f", "g"])),
    ]


def idx_files() -> list[bytes]:
    """Images and labels as MNIST has them, packed and plain."""
    x = _rng.integers(0, 256, (5, 6, 7), np.uint8)
    plain = [
        struct.pack(">4B3I", 0, 0, 8, 3, 5, 6, 7) + x.tobytes(),
        struct.pack(">4BI", 0, 0, 8, 1, 5) + bytes(range(5)),
    ]
    return [*plain, *(gzip.compress(content) for content in plain)]
