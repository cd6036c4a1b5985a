"""A code as a small picture: one bar a dimension, up for positive, down for negative."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from vaelab.web.palette import class_colours

GREY = (128, 128, 128, 130)
MOST_BARS = 64


def code_picture(
    z: npt.ArrayLike, *, largest: float = 3.0, width: int = 72, height: int = 40
) -> Image.Image:
    """A transparent picture of z (K,), for light and dark pages alike.

    Args:
        z: its first MOST_BARS numbers are drawn.
        largest: absolute value at which a bar ends; longer ones are cut there.
        width, height: pixels.

    Raises:
        ValueError: if z is not (K >= 1,).
    """
    code = np.asarray(z, np.float64)[:MOST_BARS]
    if code.ndim != 1 or not len(code):
        raise ValueError(f"z must be of shape (K >= 1,), got {code.shape}.")
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    middle, step = height / 2, width / len(code)
    draw.line([(0, middle), (width, middle)], fill=GREY)
    up, down = class_colours(2)
    for k, value in enumerate(code):
        length = float(np.clip(value / largest, -1, 1)) * (height / 2 - 1)
        left, right = (k + 0.15) * step, (k + 0.85) * step
        top, bottom = sorted((middle - length, float(middle)))
        draw.rectangle([left, top, max(left, right - 1), bottom], fill=up if value > 0 else down)
    return picture
