"""Decoding: every mode comes out as 8-bit grey or RGB, every limit holds before pixels are made."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from vaelab.data import DataError
from vaelab.data.images import (
    BLACK,
    MAX_PIXELS,
    check_bytes,
    decode_image,
    flatten,
    is_grey,
    open_image,
)

Encode = Callable[..., bytes]
Header = Callable[[int, int], bytes]
RED = (200, 30, 40)


def webp_header(width: int, height: int) -> bytes:
    """An extended WebP that claims a canvas."""
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<L", 10) + bytes(4) + sizes
    return b"RIFF" + struct.pack("<L", len(body)) + body


@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 10_000), (MAX_PIXELS + 1, 1)])
def test_too_many_pixels_in_a_png(png_header: Header, size: tuple[int, int]) -> None:
    with pytest.raises(DataError, match="pixels; at most 50,000,000"):
        open_image(png_header(*size), "big.png")


def test_exactly_the_limit_is_opened(png_header: Header) -> None:
    assert open_image(png_header(MAX_PIXELS // 10, 10)).size == (MAX_PIXELS // 10, 10)


def test_too_many_pixels_in_a_webp() -> None:
    with pytest.raises(DataError, match=r"big.webp has 16,000x16,000 pixels"):
        open_image(webp_header(16_000, 16_000), "big.webp")


def test_sizes_of_all_kinds_of_webp(encode: Encode) -> None:
    opaque, clear = np.zeros((30, 20, 3), np.uint8), np.zeros((30, 20, 4), np.uint8)
    clear[:9] = 255
    for data in (
        encode(opaque, "WEBP"),
        encode(opaque, "WEBP", lossless=True),
        encode(clear, "WEBP"),
    ):
        assert decode_image(data).size == (20, 30)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.png is empty"),
        (b"This is a text.", r"a.png is not a picture, .* none of PNG, JPEG, WEBP, BMP, GIF"),
        (b"\x89PNG\r\n\x1a\n", "a.png is"),
    ],
)
def test_no_picture(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        decode_image(data, "a.png")


def test_a_header_without_its_pixels(png_header: Header) -> None:
    with pytest.raises(DataError, match=r"a.png is a damaged picture"):
        decode_image(png_header(99, 99), "a.png")


def test_bytes_are_limited() -> None:
    check_bytes(10, max_bytes=10)
    with pytest.raises(DataError, match=r"The file has 3.0 MB; at most 2 MB are allowed"):
        check_bytes(3 * 2**20, max_bytes=2 * 2**20)


def test_a_format_that_is_not_listed(encode: Encode) -> None:
    data = encode(np.zeros((9, 9), np.uint8), "TIFF")
    with pytest.raises(DataError, match="none of PNG"):
        open_image(data)
    assert open_image(data, formats=["TIFF"]).size == (9, 9)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "CMYK", "YCbCr", "HSV"])
def test_colour_modes_become_rgb(mode: str) -> None:
    image = Image.new("RGB", (9, 9), RED)
    image = image.quantize(4) if mode == "P" else image.convert(mode)
    flat = flatten(image)
    assert flat.mode == "RGB"
    assert np.abs(np.asarray(flat).astype(int) - RED).max() <= 3
    assert not is_grey(image)


@pytest.mark.parametrize("mode", ["L", "LA", "1", "I", "F", "RGB", "RGBA", "P"])
def test_grey_is_seen_in_every_mode(mode: str) -> None:
    image = Image.new("L", (9, 9), 255).convert(mode)
    assert is_grey(image)
    assert (np.asarray(flatten(image).convert("L")) == 255).all()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bits_keep_their_brightness(encode: Encode, kind: str) -> None:
    deep = (np.arange(256, dtype=np.uint16) * 257).reshape(16, 16)
    image = flatten(decode_image(encode(deep, kind), formats=["PNG", "TIFF"]))
    assert (np.asarray(image).ravel() == np.arange(256)).all()


def test_floating_point(encode: Encode) -> None:
    ramp = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)
    image = flatten(decode_image(encode(ramp, "TIFF"), formats=["TIFF"]))
    assert (np.asarray(image).ravel() == np.arange(256)).all()
    ramp[3, 3] = np.nan
    with pytest.raises(DataError, match="NaN"):
        flatten(decode_image(encode(ramp, "TIFF"), formats=["TIFF"]))


def test_transparent_on_white_or_black() -> None:
    image = Image.new("RGBA", (9, 9), (*RED, 0))
    assert (np.asarray(flatten(image)) == 255).all()
    assert (np.asarray(flatten(image, BLACK)) == 0).all()


def test_nothing_but_pixels_is_kept(encode: Encode) -> None:
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    data = encode(np.zeros((9, 9, 3), np.uint8), "JPEG", exif=exif)
    assert "exif" in decode_image(data).info
    assert flatten(decode_image(data)).info == {}


def test_large_jpegs_are_decoded_small(encode: Encode) -> None:
    data = encode(Image.new("RGB", (800, 400), RED), "JPEG")
    small = decode_image(data, enough=64)
    assert 64 <= min(small.size) < 400
    assert small.width == 2 * small.height
    assert decode_image(data).size == (800, 400)


def test_first_frame_of_a_gif() -> None:
    frames = [Image.new("L", (9, 9), value) for value in (10, 200)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    assert (np.asarray(flatten(decode_image(buffer.getvalue())).convert("L")) == 10).all()
