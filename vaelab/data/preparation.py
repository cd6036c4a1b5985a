"""What is to be done to a picture before a model sees it, guessed from the model's own data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from vaelab.data.dataset import DataError
from vaelab.data.ink import INK, stroke_width

# Of pixels that must be dark (or light) to call a ground so; content may touch the border.
CORNER_AGREEMENT, BORDER_AGREEMENT = 0.9, 0.6
DARK, LIGHT = 64, 191
THIN = 0.22  # of the content's longer side; data with wider strokes is no handwriting
STEADY = 0.08  # of the frame's side: content whose middle varies by more is not centred
MOST_IMAGES = 256

FILTERS: dict[str, Image.Resampling] = {
    "lanczos": Image.Resampling.LANCZOS,
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
    "box": Image.Resampling.BOX,
    "nearest": Image.Resampling.NEAREST,
}
CHOICES: dict[str, tuple[str, ...]] = {
    "colour": ("keep", "grey"),
    "invert": ("auto", "yes", "no"),
    "threshold": ("auto", "none", "fixed"),
    "crop": ("auto", "none"),
    "centre": ("mass", "box"),
    "resize": tuple(FILTERS),
}


@dataclass(frozen=True)
class Preparation:
    """How a picture is brought to the look of a model's data.

    Attributes:
        dark_background: what the data has: True for light on dark, False for dark on light, None
            for pictures without a background of their own, such as photographs.
        colour: `keep`, or `grey` for a colour model that shall see no colours; a grey model sees
            greys in either case.
        invert: exchange light and dark; `auto`: where the picture's ground is light and the
            data's dark, or the other way round.
        threshold: what counts as ink: `auto` evens the light out and takes ruled lines and specks
            away; `fixed` does so with the given `cut`; `none` leaves the greys as they are.
        cut: for `fixed`, from 0 (all that is not paper) to 1 (the darkest ink alone).
        crop: `auto` cuts to the content (photographs: to the frame's proportions), `none` keeps
            the whole picture.
        centre: the content's centre of `mass` or its bounding `box` goes to the middle.
        pad: margin round the content on each side, as a fraction of the frame's side.
        resize: how pixels are averaged, a key of `FILTERS`.
        thicken: widen strokes that would vanish when made small.

    Raises:
        DataError: for a value that is not allowed.
    """

    dark_background: bool | None = True
    colour: str = "keep"
    invert: str = "auto"
    threshold: str = "auto"
    cut: float = 0.5
    crop: str = "auto"
    centre: str = "mass"
    pad: float = 4 / 28  # http://yann.lecun.com/exdb/mnist/: 20x20 pixels within 28x28
    resize: str = "lanczos"
    thicken: bool = True

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            value = getattr(self, name)
            if value not in allowed:
                raise DataError(f"{name} must be one of {', '.join(allowed)}, got {value!r}.")
        if not 0 <= self.pad < 0.5:
            raise DataError(f"pad must be at least 0 and below 0.5, got {self.pad!r}.")
        if not 0 <= self.cut <= 1:
            raise DataError(f"cut must be 0 to 1, got {self.cut!r}.")


PHOTOGRAPH = Preparation(
    None, invert="no", threshold="none", centre="box", pad=0.0, resize="bicubic", thicken=False
)


def guess_preparation(images: npt.NDArray[np.uint8]) -> Preparation:
    """What makes a picture look like these images uint8 (N, C, H, W), measured on some of them.

    The outermost pixels tell the ground: where they are neither dark nor light throughout, and in
    colour, the images are treated as photographs. The content's place tells margin and centring,
    its strokes' width whether it is handwriting.
    """
    n, c = images.shape[:2]
    if c != 1 or not n:
        return PHOTOGRAPH
    some = np.unique(np.linspace(0, n - 1, MOST_IMAGES).astype(int))
    grey = np.asarray(images[some, 0])  # (M, H, W)
    dark = _ground(grey)
    if dark is None:
        return PHOTOGRAPH
    ink = grey if dark else 255 - grey
    inked = [image for image in ink if (image > INK).any()]
    if not inked:
        return Preparation(dark, threshold="none", crop="none", pad=0.0, thicken=False)
    found = np.array([_measured(image) for image in inked])  # (M, 6)
    by_mass, by_box = (float(np.hypot(*found[:, i : i + 2].std(0))) for i in (0, 2))
    written = bool(np.median(found[:, 5]) < THIN)
    return Preparation(
        dark,
        threshold="auto" if written else "none",
        crop="auto" if min(by_mass, by_box) < STEADY else "none",
        centre="mass" if by_mass < by_box else "box",
        pad=float(np.clip(np.median(found[:, 4]), 0.0, 0.4)),
        thicken=written,
    )


def _ground(grey: npt.NDArray[np.uint8]) -> bool | None:
    """Whether the ground of images (M, H, W) is dark; None where it is neither dark nor light."""
    edge = np.ones(grey.shape[1:], bool)
    edge[1:-1, 1:-1] = False
    border, corners = grey[:, edge], grey[:, :: grey.shape[1] - 1, :: grey.shape[2] - 1]
    for dark in (True, False):
        border_agrees, corners_agree = (
            float(((part < DARK) if dark else (part > LIGHT)).mean()) for part in (border, corners)
        )
        if corners_agree >= CORNER_AGREEMENT and border_agrees >= BORDER_AGREEMENT:
            return dark
    return None


def _measured(ink: npt.NDArray[np.uint8]) -> tuple[float, ...]:
    """Of one image: its mass's and its box's centre (y, x), its margin, its strokes' width.

    The centres and the margin are fractions of the frame, the width of the content's longer side.
    """
    h, w = ink.shape
    content = ink > INK
    rows, columns = np.flatnonzero(content.any(1)), np.flatnonzero(content.any(0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    mass = ink.astype(np.float64)
    total = mass.sum()
    y = float((mass.sum(1) * (np.arange(h) + 0.5)).sum() / total)
    x = float((mass.sum(0) * (np.arange(w) + 0.5)).sum() / total)
    used = max((bottom - top) / h, (right - left) / w)
    longer = max(bottom - top, right - left)
    return (
        y / h,
        x / w,
        (top + bottom) / 2 / h,
        (left + right) / 2 / w,
        float((1 - used) / 2),
        stroke_width(ink) / longer,
    )
