"""Dark ink on lit paper: how dark each pixel is against the paper around it.

All functions take the picture with the ink dark, uint8 (H, W); for light ink give its negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from vaelab.data.ink import Grey, border_level

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

PAPER_SIDE = 160  # pixels a side on which the paper is looked for
WINDOW = 4  # shapes wider than a 4th of the shorter side are paper, or what it lies on
LEAST_CONTRAST = 0.1  # of the paper's brightness; less is paper, not ink
FAINT = 0.35  # of the ink's darkness: less is no ink
SOFT = 0.15  # half the width of a fixed cut's soft edge
SMALL_PART = 0.04  # of the largest written part's ink; less is a speck
CUT_OFF = 0.1  # of what the picture's edge cuts off; a larger part elsewhere is what is meant
NARROW = 20  # as WINDOW, to tell strokes from what they enclose
LEAST_STROKES = 0.004  # of the picture; fewer are the corners of thick ones
CLEARLY = 1.5
BLACK = 24  # of 255: among what is darker, differences count for less


@dataclass(frozen=True, eq=False)
class Ink:
    """What stands out from the paper.

    Attributes:
        darkness: (H, W), 0 is paper and 1 black, whatever light falls on it.
        noise: standard deviation of the paper's own.
        full: darkness of the middle of the strokes; 0 where nothing stands out.
    """

    darkness: Floats
    noise: float
    full: float

    def above(self, cut: float | None = None) -> Grey:
        """The ink uint8 (H, W), bright, with soft edges; `cut` 0 to 1 of full, None: as fits."""
        if not self.full:
            return np.zeros(self.darkness.shape, np.uint8)
        low, high = max(4 * self.noise, FAINT * self.full), self.full
        if cut is not None:
            low, high = self.full * max(0.0, cut - SOFT), self.full * min(1.0, cut + SOFT)
        low = min(low, 0.9 * high)
        share = np.clip((self.darkness - low) / (high - low), 0, 1)
        return np.asarray(np.rint(255 * share), np.uint8)


def ink_of(light: Grey) -> Ink:
    """Darkness = 1 - light / paper, so that shadows, which dim both, are none of it.

    The paper is the closing of the picture, its brightest within a window around each pixel and
    then the darkest of these: it follows the edge of a shadow and fills strokes in.
    """
    darkness = _darkness(light, WINDOW)
    middle = float(np.median(darkness))
    ground = darkness[darkness <= middle + 3 * _spread(darkness)]
    noise = max(_spread(ground), 1e-3)
    np.clip((darkness - middle) / max(1 - middle, 1e-3), 0, 1, out=darkness)
    # a small drawing covers less than one pixel in a thousand
    top = max(float(np.percentile(darkness, 99.9)), 0.8 * float(darkness.max()))
    if top < max(LEAST_CONTRAST, 6 * noise):
        return Ink(darkness, noise, 0.0)
    return Ink(darkness, noise, float(np.median(darkness[darkness > 0.4 * top])))


def has_light_ground(pixels: Grey) -> bool:
    """Whether a picture is dark on light: strokes that are narrow and dark, else a light border.

    The border is compared with the middle of the picture's own range, as light may be dim.
    """
    few = _small(pixels)
    # in a window this narrow a stroke is filled in, and what a stroke encloses is not
    seen = [_darkness(p, NARROW, BLACK) for p in (few, 255 - few)]
    strongest = max(float(darkness.max()) for darkness in seen)
    dark, bright = (int((darkness > strongest / 2).sum()) for darkness in seen)
    enough = strongest > LEAST_CONTRAST and max(dark, bright) >= LEAST_STROKES * few.size
    if enough and not dark / CLEARLY <= bright <= dark * CLEARLY:
        return dark > bright
    low, high = (float(q) for q in np.percentile(pixels, (1, 99)))
    middle = (low + high) / 2 if high - low > 255 * LEAST_CONTRAST else 127.5
    return border_level(pixels) > middle


def written(ink: Grey) -> Mask:
    """Which pixels are the writing: neither specks nor what the picture's edge cuts off.

    Where everything of any size touches the edge, it is the writing.
    """
    from scipy import ndimage  # a third of a second to import

    solid = ink > 127
    reach = max(1, max(ink.shape) // 100)
    joined = ndimage.binary_dilation(ink > 32, np.ones((3, 3), bool), iterations=reach)
    parts, n = ndimage.label(joined, np.ones((3, 3), bool))
    if not n:
        return np.zeros(ink.shape, bool)
    sizes = np.bincount(parts.ravel(), solid.ravel(), n + 1)
    sizes[0] = 0
    cut_off = np.zeros(n + 1, bool)
    edge = max(1, min(ink.shape) // 200)
    near = solid.copy()
    near[edge:-edge, edge:-edge] = False
    cut_off[np.unique(parts[near])] = True
    within = np.where(cut_off, 0, sizes)
    if within.max() >= CUT_OFF * sizes.max() and within.max() > 0:
        sizes = within
    kept: Mask = (sizes >= SMALL_PART * sizes.max())[parts] & (parts > 0)
    return kept


def _darkness(light: Grey, parts: int, black: int = 1) -> Floats:
    offset = np.float32(black)
    return (1 - (light + offset) / (_paper(light, parts) + offset)).astype(np.float32)


def _paper(light: Grey, parts: int) -> Floats:
    """The paper's brightness without what is narrower than a part of the picture, (H, W)."""
    from scipy import ndimage  # a third of a second to import

    small = _small(light)
    window = max(3, min(small.shape) // parts)
    around = np.pad(small, window, mode="edge")  # what the picture's edge cuts off goes on there
    closed = ndimage.grey_closing(around, size=(window, window))
    closed = np.ascontiguousarray(closed[window:-window, window:-window])
    if small.shape != light.shape:  # the edge of a shadow is no ink
        closed = ndimage.minimum_filter(closed, size=3, mode="nearest")
    h, w = light.shape
    return np.asarray(Image.fromarray(closed).resize((w, h), Image.Resampling.BILINEAR), np.float32)


def _small(pixels: Grey) -> Grey:
    h, w = pixels.shape
    scale = PAPER_SIDE / max(h, w)
    if scale >= 1:
        return pixels
    size = max(1, round(w * scale)), max(1, round(h * scale))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX), np.uint8)


def _spread(values: npt.NDArray[np.floating]) -> float:
    """Standard deviation of a normal distribution with the same median absolute deviation."""
    return 1.4826 * float(np.median(np.abs(values - np.median(values))))
