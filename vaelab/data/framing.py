"""How the pictures of a data set sit in their frame, so that an uploaded one can sit likewise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaelab.data.dataset import DataError, ImageDataset

BORDER_AGREEMENT = 0.9  # of border pixels that must be dark (or light) to call a background so
DARK, LIGHT = 64, 191


@dataclass(frozen=True)
class Framing:
    """Keyword arguments for `prepare_upload`, by the same names.

    Attributes:
        dark_background: True for light on dark, False for dark on light, None for pictures
            without a background of their own, such as photographs.
        crop: cut to the content and place it in the frame.
        pad: margin round the content on each side, as a fraction of the frame's side.
        centre: the content's `mass` or its bounding `box` goes to the middle.
        levels: flatten uneven light and stretch the contrast to full, as for ink on paper.
        thicken: widen strokes that would vanish when made small.

    Raises:
        DataError: for a `pad` or `centre` that is not allowed.
    """

    dark_background: bool | None
    crop: bool
    pad: float = 0.0
    centre: str = "box"
    levels: bool = False
    thicken: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.pad < 0.5:
            raise DataError(f"pad must be at least 0 and below 0.5, got {self.pad!r}.")
        if self.centre not in ("mass", "box"):
            raise DataError(f"centre must be mass or box, got {self.centre!r}.")


PHOTOGRAPH = Framing(dark_background=None, crop=False)
FRAMINGS: dict[str, Framing] = {
    # http://yann.lecun.com/exdb/mnist/: fitted into 20x20 pixels, centred by mass in 28x28
    "mnist": Framing(True, True, 4 / 28, "mass", levels=True, thicken=True),
    "fashion-mnist": Framing(True, True, 0.0, "box"),
    "digits": Framing(True, True, 0.0, "box", levels=True, thicken=True),
}


def framing_for(source: str, dataset: ImageDataset | None = None) -> Framing:
    """The framing of a named source; measured on `dataset` for others, if it is given."""
    if source in FRAMINGS:
        return FRAMINGS[source]
    return PHOTOGRAPH if dataset is None else measure_framing(dataset)


def measure_framing(dataset: ImageDataset, n: int = 256) -> Framing:
    """The framing of grey images, from the brightness of their outermost pixels.

    Images whose borders are neither dark nor light throughout, and colour images, are treated as
    photographs.
    """
    c, h, w = dataset.image_shape
    if c != 1 or not len(dataset):
        return PHOTOGRAPH
    some = np.unique(np.linspace(0, len(dataset) - 1, n).astype(int))
    images = dataset.images[some, 0]  # (n, H, W)
    edge = np.ones((h, w), bool)
    edge[1:-1, 1:-1] = False
    border = images[:, edge]
    if (border < DARK).mean() >= BORDER_AGREEMENT:
        dark = True
    elif (border > LIGHT).mean() >= BORDER_AGREEMENT:
        dark = False
    else:
        return PHOTOGRAPH
    content = images > DARK if dark else images < LIGHT
    margins = [_margin(image) for image in content if image.any()]
    pad = float(np.clip(np.median(margins), 0.0, 0.4)) if margins else 0.0
    return Framing(dark, True, pad, "box")


def _margin(content: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    """Half of what the content's longer side leaves free, as a fraction of the frame."""
    rows, columns = np.flatnonzero(content.any(1)), np.flatnonzero(content.any(0))
    used = max(
        (rows[-1] - rows[0] + 1) / content.shape[0],
        (columns[-1] - columns[0] + 1) / content.shape[1],
    )
    return float((1 - used) / 2)
