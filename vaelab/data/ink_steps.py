"""A grey picture's ink found, cut out and set into the frame of a model's data."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from vaelab.data.geometry import fit_whole
from vaelab.data.ink import Grey, content_box, fitted, is_clean, placed, thickened
from vaelab.data.paper import Mask, ink_of, written
from vaelab.data.preparation import FILTERS, Preparation
from vaelab.data.ruled import ruling
from vaelab.data.steps import Record

FAINT = 40  # of 255: printed lines are paler than ink
LEAST_TURN = 0.01  # slope of ruled lines below which nothing is turned


@dataclass(frozen=True)
class _Inked:
    """Steps of a picture whose ink is bright while it is worked on, whatever the data's is."""

    record: Record
    dark_background: bool

    def note(self, name: str, caption: str, bright: Grey) -> Image.Image:
        image = Image.fromarray(bright if self.dark_background else 255 - bright)
        self.record.note(name, caption, image)
        return image


def framed(
    pixels: npt.NDArray[np.uint8],
    size: tuple[int, int],
    preparation: Preparation,
    record: Record,
) -> Image.Image:
    """The content of a grey picture in a frame of size (H, W), light and dark as they are."""
    dark = bool(preparation.dark_background)
    inked = _Inked(record, dark)
    found = _threshold(pixels if dark else 255 - pixels, preparation, inked)
    box = None if found is None else content_box(found)
    height, width = size
    resample = FILTERS[preparation.resize]
    if found is None or box is None or preparation.crop == "none":
        ink = found if found is not None else (pixels if dark else 255 - pixels)
        caption = f"all of it, to fit into {width}x{height}"
        if preparation.crop == "auto":
            caption = f"nothing stands out to be cropped to; {caption}"
        whole = fit_whole(Image.fromarray(ink), height, width, resample)
        return inked.note("resize", caption, np.asarray(whole))
    left, top, right, bottom = box
    ink = found[top:bottom, left:right]
    inked.note("crop", f"to the content, {right - left}x{bottom - top} pixels", ink)
    if preparation.thicken:
        thick = thickened(ink)
        if thick.shape != ink.shape:
            ink = thick
            inked.note("thicken", "thin strokes widened, so that they survive at this size", ink)
    part = 1 - 2 * preparation.pad
    room = max(1, round(height * part)), max(1, round(width * part))
    small = fitted(ink, *room, resample)
    said = (
        f"to {small.shape[1]}x{small.shape[0]} ({preparation.resize}), to fit {room[1]}x{room[0]}"
    )
    inked.note("resize", said, small)
    by = "centre of mass" if preparation.centre == "mass" else "bounding box"
    return inked.note(
        "centre",
        f"by its {by} in {width}x{height}",
        placed(small, height, width, preparation.centre),
    )


def _threshold(ink: Grey, preparation: Preparation, inked: _Inked) -> Grey | None:
    """The ink without paper, shadows, ruled lines and specks; None where nothing stands out."""
    fixed = preparation.threshold == "fixed"
    if preparation.threshold == "none" or (is_clean(ink) and not fixed):
        return ink
    seen = ink_of(255 - ink)
    if not seen.full:
        return None
    cut = preparation.cut if fixed else None
    bright = seen.above(cut)
    how = f"cut at {preparation.cut:.2f} of the darkest" if fixed else "uneven light taken away"
    inked.note("threshold", f"{how}, contrast stretched", bright)
    lines = ruling(bright > FAINT)
    if lines.mask.any():
        bright = np.where(_wider(lines.mask), 0, bright).astype(np.uint8)
        turned = lines.slope is not None and abs(lines.slope) >= LEAST_TURN
        if turned and lines.slope is not None:
            bright = _level(bright, lines.slope)
        inked.note(
            "lines", f"ruled lines taken away{', levelled by them' if turned else ''}", bright
        )
    kept = np.where(written(bright), bright, 0).astype(np.uint8)
    if (kept[bright > FAINT] == 0).any():
        inked.note("specks", "specks and what the edge cuts off taken away", kept)
    return kept


def _wider(mask: Mask) -> Mask:
    """With the soft edges of lines, a pixel on each side."""
    wide = mask.copy()
    for axis in (0, 1):
        for step in (1, -1):
            wide |= np.roll(mask, step, axis)
    return wide


def _level(bright: Grey, slope: float) -> Grey:
    """Turned so that lines of that slope, downwards to the right, are level."""
    turned = Image.fromarray(bright).rotate(
        math.degrees(math.atan(slope)), Image.Resampling.BILINEAR, expand=True
    )
    return np.asarray(turned, np.uint8)
