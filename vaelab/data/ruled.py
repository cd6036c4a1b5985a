"""Ruled paper: the lines that cross a whole picture, found by their slope and taken away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]

STEEPEST = 0.12  # slope of a line, about 7 degrees
COARSE, FINE = 0.01, 0.00125  # steps of the slope
COARSE_SIDE = 192  # pixels on which slopes are tried first
COVERED = 0.6  # of the width: less is no line across the picture
THICKEST = 0.02  # of the height; more is a stroke
EDGE = 0.06  # of the width on each side: a line reaches into both


@dataclass(frozen=True, eq=False)
class Ruling:
    """Lines across a picture.

    Attributes:
        mask: (H, W), the pixels of lines, without strokes that cross them.
        slope: of the level lines, downwards to the right; None where there are none.
    """

    mask: Mask
    slope: float | None


def ruling(ink: Mask) -> Ruling:
    """Lines across the picture, level or upright, each not far from its axis."""
    level, slope = _lines(ink)
    upright, _ = _lines(np.ascontiguousarray(ink.T))
    return Ruling(level | upright.T, slope)


def _lines(ink: Mask) -> tuple[Mask, float | None]:
    """Pixels of the level lines, and their slope."""
    none = np.zeros_like(ink)
    factor = max(1, max(ink.shape) // COARSE_SIDE)
    h, w = (side // factor * factor for side in ink.shape)
    blocks = ink[:h, :w].reshape(h // factor, factor, w // factor, factor)
    coarse = np.asarray(blocks.any((1, 3)))
    if min(coarse.shape) < 8 or not ink.any():
        return none, None
    slope = _best(coarse, np.arange(-STEEPEST, STEEPEST + COARSE / 2, COARSE))
    slope = _best(ink, slope + np.arange(-COARSE, COARSE + FINE / 2, FINE))
    sheared = _sheared(ink, slope)
    rows = _crossed_rows(sheared)
    thickest = max(2, round(THICKEST * ink.shape[0]))
    bands = [band for band in _runs(rows) if len(band) <= thickest]
    mask = np.zeros_like(sheared)
    heights = _heights(sheared)
    for band in bands:
        reach = max(2, len(band))
        first, last = max(0, band[0] - reach), band[-1] + reach + 1
        near = sheared[first:last]
        mask[first:last] |= near & (heights[first:last] <= max(3, round(2.5 * len(band))))
    return (_sheared(mask, -slope), slope) if bands else (none, None)


def _best(ink: Mask, slopes: npt.NDArray[np.floating]) -> float:
    """The slope along which the ink gathers most in few rows."""
    sharpness = [float((_sheared(ink, s).mean(1) ** 2).sum()) for s in slopes]
    return float(slopes[int(np.argmax(sharpness))])


def _sheared(ink: Mask, slope: float) -> Mask:
    """Each column moved up by what a line of that slope has gone down there."""
    h, w = ink.shape
    shift = np.rint(slope * (np.arange(w) - w // 2)).astype(np.int64)
    source = np.arange(h)[:, None] + shift[None]  # (H, W)
    inside = (source >= 0) & (source < h)
    sheared: Mask = ink[source.clip(0, h - 1), np.arange(w)[None]] & inside
    return sheared


def _crossed_rows(sheared: Mask) -> Mask:
    """Which rows a line runs along: ink nearly all the way, from one edge to the other."""
    thick = sheared.copy()  # a line wobbles by a pixel
    thick[1:] |= sheared[:-1]
    thick[:-1] |= sheared[1:]
    edge = max(1, round(EDGE * sheared.shape[1]))
    ends = thick[:, :edge].any(1) & thick[:, -edge:].any(1)
    crossed: Mask = (thick.mean(1) >= COVERED) & ends
    return crossed


def _runs(rows: Mask) -> list[npt.NDArray[np.int64]]:
    """Neighbouring rows together."""
    found = np.flatnonzero(rows)
    return np.split(found, np.flatnonzero(np.diff(found) > 1) + 1) if len(found) else []


def _heights(ink: Mask) -> npt.NDArray[np.int32]:
    """How tall the upright run of ink is that each pixel belongs to; 0 off the ink."""
    up, down = (np.zeros(ink.shape, np.int32) for _ in range(2))
    up[0], down[-1] = ink[0], ink[-1]
    for row in range(1, len(ink)):
        up[row] = (up[row - 1] + 1) * ink[row]
        down[-1 - row] = (down[-row] + 1) * ink[-1 - row]
    return np.asarray((up + down - 1) * ink, np.int32)
