"""Light ink on a dark ground: found, cut to, and placed in a small frame.

All functions take and give uint8 (H, W) with the ink bright.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Grey = npt.NDArray[np.uint8]
Box = tuple[int, int, int, int]  # left, top, right, bottom; right and bottom outside

INK = 64  # of 255; darker is ground or a stroke's soft edge
CLEAN_GROUND = 8  # a ground no brighter than this needs no levels
STROKE_PARTS = 12  # strokes are widened to a 12th of the content's longer side


def border_level(pixels: Grey) -> float:
    """Median of a band along the edges, a twentieth of the shorter side wide."""
    h, w = pixels.shape
    band = max(1, min(h, w) // 20)
    inside = np.zeros((h, w), bool)
    inside[band : h - band, band : w - band] = True
    return float(np.median(pixels[~inside]))


def is_clean(pixels: Grey) -> bool:
    """Whether the ground is black already and the ink bright."""
    return float(np.median(pixels)) <= CLEAN_GROUND and int(pixels.max(initial=0)) >= 192


def content_box(pixels: Grey) -> Box | None:
    """The smallest box round the ink, lone specks not counted; None without ink."""
    ink = pixels > INK
    radius = max(pixels.shape) // 100
    if radius:
        blurred = Image.fromarray(pixels).filter(ImageFilter.BoxBlur(radius))
        ink &= np.asarray(blurred) > INK // 2  # a speck is thinned out by its surroundings
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def thickened(pixels: Grey) -> Grey:
    """Strokes thinner than a 12th of the longer side widened to that; others as they are."""
    width = stroke_width(pixels)
    if not width:
        return pixels
    missing = max(pixels.shape) / STROKE_PARTS - width
    if missing < max(1.0, width / 3):
        return pixels
    grow = int(np.ceil(missing / 2))
    padded = Image.fromarray(np.pad(pixels, grow))
    for _ in range(grow):  # one ring at a time, a cross and a square in turn, stays nearly round
        padded = padded.filter(ImageFilter.MaxFilter(3))
    return np.asarray(padded, dtype=np.uint8)


def stroke_width(pixels: Grey) -> float:
    """Width of the ink's strokes in pixels, estimated as 2 area / perimeter; 0 without ink."""
    ink = np.pad(pixels > INK, 1)
    edges = int((ink[1:] != ink[:-1]).sum() + (ink[:, 1:] != ink[:, :-1]).sum())
    return 2 * int(ink.sum()) / edges if edges else 0.0


def fitted(
    content: Grey,
    height: int,
    width: int,
    resample: Image.Resampling = Image.Resampling.LANCZOS,
) -> Grey:
    """The content resampled to fit into height x width, its proportions kept, at full contrast."""
    h, w = content.shape
    scale = min(height / h, width / w)
    size = max(1, round(w * scale)), max(1, round(h * scale))
    small = np.asarray(Image.fromarray(content).resize(size, resample), np.float64)
    brightest = small.max(initial=0)
    return np.rint(small * (255 / brightest if brightest else 1)).astype(np.uint8)


def placed(content: Grey, height: int, width: int, centre: str) -> Grey:
    """The content in a black frame, centred by its bounding `box` or its `mass`.

    By mass, the centre of mass comes within half a pixel of (height / 2, width / 2), as in MNIST,
    unless the content would then leave the frame.
    """
    h, w = content.shape
    top, left = (height - h) // 2, (width - w) // 2
    if centre == "mass" and content.any():
        mass = content.astype(np.float64)
        y = float((mass.sum(1) * np.arange(h)).sum() / mass.sum())
        x = float((mass.sum(0) * np.arange(w)).sum() / mass.sum())
        top = int(np.clip(round(height / 2 - y), 0, height - h))
        left = int(np.clip(round(width / 2 - x), 0, width - w))
    frame = np.zeros((height, width), np.uint8)
    frame[top : top + h, left : left + w] = content
    return frame
