"""Ink found and placed."""

from __future__ import annotations

import numpy as np

from vaelab.data.ink import content_box, fitted, placed, thickened


def _stroke(width: int = 10) -> np.ndarray:
    pixels = np.zeros((200, 300), np.uint8)
    pixels[50:150, 100 : 100 + width] = 255
    return pixels


def test_box_of_the_content_without_specks() -> None:
    pixels = _stroke()
    pixels[5, 5] = 255
    assert content_box(pixels) == (100, 50, 110, 150)
    assert content_box(np.zeros((20, 20), np.uint8)) is None


def test_thin_strokes_are_widened_and_thick_ones_kept() -> None:
    thin = np.full((100, 1), 255, np.uint8)
    assert 7 <= thickened(thin).shape[1] <= 12
    thick = np.full((100, 30), 255, np.uint8)
    assert thickened(np.pad(thick, 5)).shape == (110, 40)


def test_proportions_and_full_contrast() -> None:
    small = fitted(np.full((100, 50), 120, np.uint8), 20, 20)
    assert small.shape == (20, 10)
    assert (small == 255).all()


def test_centre_by_mass_or_box() -> None:
    content = np.zeros((10, 10), np.uint8)
    content[:, 0] = 255
    by_box = placed(content, 28, 28, "box")
    assert by_box[9:19, 9].all()
    by_mass = placed(content, 28, 28, "mass")
    assert by_mass[:, 14].any()
    assert by_mass.sum() == by_box.sum() == content.sum(dtype=int)


def test_content_never_leaves_the_frame() -> None:
    content = np.zeros((28, 20), np.uint8)
    content[:, 0] = 255
    assert placed(content, 28, 28, "mass").sum() == content.sum(dtype=int)
