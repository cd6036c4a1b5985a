"""Arrays of images as pictures: grids, enlargement, PNG. Knows numpy and Pillow only."""

from __future__ import annotations

import io
import math

import numpy as np
import numpy.typing as npt
from PIL import Image

# A grid's longest side in pixels: large enough for a page, small enough for a database row.
LONGEST_SIDE = 1024
BETWEEN = (128, 128, 128)  # the lines of a grid: visible beside black and white, light and dark


def to_uint8(images: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Pixels as uint8 in the same shape: floats in [0, 1] are scaled, clipped and NaN is 0."""
    array = np.asarray(images)
    if array.dtype == np.uint8:
        return np.asarray(array, np.uint8)
    scaled = np.nan_to_num(np.asarray(array, np.float32), nan=0.0, posinf=1.0, neginf=0.0)
    pixels: npt.NDArray[np.uint8] = np.rint(scaled.clip(0, 1) * 255).astype(np.uint8)
    return pixels


def to_picture(image: npt.ArrayLike) -> Image.Image:
    """One image (C, H, W), C 1 or 3, uint8 or float in [0, 1].

    Raises:
        ValueError: for any other shape.
    """
    array = to_uint8(image)
    if array.ndim != 3 or array.shape[0] not in (1, 3):
        raise ValueError(f"image must be of shape (1 or 3, H, W), got {array.shape}.")
    if array.shape[0] == 1:
        return Image.fromarray(array[0])
    return Image.fromarray(np.ascontiguousarray(array.transpose(1, 2, 0)))  # (H, W, 3)


def enlarge(picture: Image.Image, shortest_side: int) -> Image.Image:
    """The picture a whole number of times larger, until its shorter side reaches that many pixels.

    Every pixel becomes a square: an 8x8 digit is shown, not smoothed.
    """
    factor = max(1, math.ceil(shortest_side / min(picture.size)))
    if factor == 1:
        return picture
    size = (picture.width * factor, picture.height * factor)
    return picture.resize(size, Image.Resampling.NEAREST)


def grid(
    images: npt.ArrayLike,
    *,
    columns: int | None = None,
    cell: int = 56,
    gap: int = 2,
) -> Image.Image:
    """Images (N, C, H, W) row by row as one picture.

    Args:
        images: uint8, or float in [0, 1]; N >= 1.
        columns: images a row; about the square root of N when None.
        cell: pixels that an image's shorter side should reach by whole-number enlargement.
        gap: pixels between two images.

    Raises:
        ValueError: for another shape, or columns below 1.
    """
    array = to_uint8(images)
    if array.ndim != 4 or not len(array):
        raise ValueError(f"images must be of shape (N >= 1, C, H, W), got {array.shape}.")
    columns = math.ceil(math.sqrt(len(array))) if columns is None else columns
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got {columns}.")
    n_rows = math.ceil(len(array) / columns)
    _, _, h, w = array.shape
    # whole-number enlargement that keeps the sheet within LONGEST_SIDE
    room = min((LONGEST_SIDE - gap * n) // (n * side) for n, side in ((n_rows, h), (columns, w)))
    factor = max(1, min(math.ceil(cell / min(h, w)), room))
    step_y, step_x = h * factor + gap, w * factor + gap
    mode, line = ("L", BETWEEN[0]) if array.shape[1] == 1 else ("RGB", BETWEEN)
    sheet = Image.new(mode, (columns * step_x - gap, n_rows * step_y - gap), line)
    for i, image in enumerate(array):
        picture = to_picture(image).resize((w * factor, h * factor), Image.Resampling.NEAREST)
        sheet.paste(picture, ((i % columns) * step_x, (i // columns) * step_y))
    return sheet


def png_bytes(picture: Image.Image) -> bytes:
    """The picture as a PNG file."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
