"""Bytes that claim to be a picture, decoded safely: limits first, pixels after.

Size, type and number of pixels are taken from the bytes and the header; nothing is decoded before
all three are within their limits.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from vaelab.data.dataset import DataError

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
MAX_IMAGE_BYTES = 64 * 2**20  # of one file in a folder or archive
MAX_PIXELS = 50_000_000  # a telephone's 8160x6120, decoded to 150 MB
WHITE, BLACK = 255, 0
_GREY_MODES = ("1", "L", "LA", "La", "I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK")  # neighbouring pixels may be averaged
_GREY_SAMPLES = 256  # pixels a side that are looked at
_GREY_TOLERANCE = 2  # of 255, between channels: what JPEG makes of a grey picture
# Everything that Pillow's decoders raise on damaged bytes; SyntaxError is its "broken PNG file".
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    ArithmeticError,
    TypeError,
    struct.error,
    zlib.error,
    MemoryError,
)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def open_image(
    data: bytes,
    name: str = "The file",
    *,
    formats: Sequence[str] = FORMATS,
    max_bytes: int = MAX_IMAGE_BYTES,
) -> Image.Image:
    """The picture in `data` with only its header read.

    Raises:
        DataError: for too many bytes or pixels, another format, or a damaged header.
    """
    if not data:
        raise DataError(f"{name} is empty.")
    check_bytes(len(data), name, max_bytes)
    # libwebp allocates its canvas on opening, so its size has to be known before
    _check_pixels(*_webp_size(data), name)
    try:
        image = Image.open(io.BytesIO(data), formats=list(formats))
    except _BOMB as error:
        raise DataError(
            f"{name} has too many pixels; at most {MAX_PIXELS:,} are allowed."
        ) from error
    except UnidentifiedImageError as error:
        raise DataError(
            f"{name} is not a picture, or a damaged one: its content is none of "
            f"{', '.join(formats)}."
        ) from error
    except _DAMAGE as error:
        raise DataError(f"{name} is a damaged picture: {error}.") from error
    _check_pixels(*image.size, name)
    return image


def decode_image(
    data: bytes,
    name: str = "The file",
    *,
    formats: Sequence[str] = FORMATS,
    max_bytes: int = MAX_IMAGE_BYTES,
    enough: int | None = None,
) -> Image.Image:
    """The picture in `data` (its first frame), decoded and turned as its EXIF says.

    Args:
        enough: pixels a side that suffice; larger pictures are reduced towards this by whole
            factors, JPEGs while they are decoded, so that copies of them stay small.

    Raises:
        DataError: as `open_image`, and for pixels that cannot be decoded.
    """
    image = open_image(data, name, formats=formats, max_bytes=max_bytes)
    try:
        if enough is not None:
            image.draft(None, (enough, enough))
        image.load()
        if image.mode in ("P", "PA") and image.palette is None:
            raise ValueError("it numbers its colours and has none")
        ImageOps.exif_transpose(image, in_place=True)
        factor = 1 if enough is None else min(image.size) // enough
        if factor > 1 and image.mode in _REDUCIBLE and "transparency" not in image.info:
            return image.reduce(factor)
        return image
    except _DAMAGE as error:
        raise DataError(f"{name} is a damaged picture: {error}.") from error


def has_more_frames(image: Image.Image) -> bool:
    """Whether an opened picture moves, or has further pages; False where that is damaged."""
    try:
        return bool(getattr(image, "is_animated", False))
    except _DAMAGE:
        return False


def flatten(image: Image.Image, matte: int = WHITE) -> Image.Image:
    """A decoded picture as `L` if it is stored grey, else `RGB`, on a `matte` where transparent.

    Values of more than 8 bits are scaled to 0..255. Nothing but the pixels is kept: no EXIF, no
    colour profile, no text.

    Raises:
        DataError: for NaN or infinite values, which a floating-point TIFF can hold, and for
            colour spaces that are not read.
    """
    if _is_deep(image):
        return Image.fromarray(_to_8_bits(image))
    mode = "L" if image.mode in _GREY_MODES else "RGB"
    try:
        if is_transparent(image):
            layers = image.convert("RGBA")
            backdrop = Image.new("RGBA", image.size, (matte, matte, matte, 255))
            image = Image.alpha_composite(backdrop, layers)
        return pixels_only(image, mode)
    except ValueError as error:  # LAB, which a TIFF can hold, has no conversion without a profile
        raise DataError(f"The picture is stored as {image.mode}, which is not read.") from error


def pixels_only(image: Image.Image, mode: str) -> Image.Image:
    """A picture in another mode, with nothing else in it: no EXIF, no text, no profile."""
    return Image.fromarray(np.asarray(image.convert(mode), dtype=np.uint8))


def is_transparent(image: Image.Image) -> bool:
    """Whether some of a picture may show what is behind it; ignored for more than 8 bits."""
    return image.has_transparency_data and not _is_deep(image)


def is_grey(image: Image.Image) -> bool:
    """Whether a decoded picture shows greys only, in whatever mode it is stored.

    Of a large picture, a regular grid of 256x256 pixels is looked at.
    """
    if image.mode in _GREY_MODES:
        return True
    size = min(image.width, _GREY_SAMPLES), min(image.height, _GREY_SAMPLES)
    few = image.resize(size, Image.Resampling.NEAREST)
    pixels = np.asarray(flatten(few).convert("RGB"), dtype=np.int16)  # (H, W, 3)
    return bool(np.ptp(pixels, axis=-1).max() <= _GREY_TOLERANCE)


def check_bytes(n: int, name: str = "The file", max_bytes: int = MAX_IMAGE_BYTES) -> None:
    """Refuse a file by its size."""
    if n > max_bytes:
        raise DataError(
            f"{name} has {n / 2**20:,.1f} MB; at most {max_bytes / 2**20:.0f} MB are allowed."
        )


def _check_pixels(width: int, height: int, name: str) -> None:
    if width * height > MAX_PIXELS:
        raise DataError(
            f"{name} has {width:,}x{height:,} pixels; at most {MAX_PIXELS:,} in all are allowed."
        )


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP's canvas, (0, 0) for anything else."""
    if len(data) < 30 or data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return 0, 0
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[i : i + 3], "little") + 1 for i in (24, 27))
    elif kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (int.from_bytes(data[i : i + 2], "little") & 0x3FFF for i in (26, 28))
    return width, height


def _is_deep(image: Image.Image) -> bool:
    """Whether it has one channel of more than 8 bits."""
    return image.mode in ("I", "F") or image.mode.startswith("I;")


def _to_8_bits(image: Image.Image) -> npt.NDArray[np.uint8]:
    """Values of a deep picture on 0..1, 0..255, 0..65535 or up to their own maximum as 0..255."""
    values = np.asarray(image)
    top = float(values.max(initial=0))
    if not (np.isfinite(top) and np.isfinite(values.min(initial=0))):  # both carry a NaN through
        raise DataError("The picture holds NaN or infinite values; all must be finite.")
    scale = 255 / next((full for full in (1.0, 255.0, 65535.0) if top <= full), top)
    pixels = np.empty(values.shape, np.uint8)
    for row, target in zip(values, pixels, strict=True):  # a row at a time: floats are large
        target[...] = np.rint(np.clip(row, 0, None) * scale)
    return pixels
