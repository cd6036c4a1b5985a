"""Ink found on uneven paper, and placed."""

from __future__ import annotations

import numpy as np
import pytest

from vaelab.data.ink import content_box, fitted, level, placed, thickened


def _stroke(width: int = 10) -> np.ndarray:
    pixels = np.zeros((200, 300), np.uint8)
    pixels[50:150, 100 : 100 + width] = 255
    return pixels


def test_a_quadratic_light_is_taken_away(rng: np.random.Generator) -> None:
    y, x = np.mgrid[-1:1:200j, -1:1:300j]
    ground = 60 + 30 * x - 20 * y + 15 * x * y + 20 * x * x
    pixels = np.clip(ground + rng.normal(0, 2, ground.shape) + 0.4 * _stroke(), 0, 255)
    even = level(pixels.astype(np.uint8))
    assert even is not None
    ink = _stroke() > 0
    assert (even[~ink] == 0).mean() > 0.999
    assert even[ink].mean() > 240


@pytest.mark.parametrize("noise", [0, 3, 20])
def test_paper_alone_holds_no_ink(rng: np.random.Generator, noise: float) -> None:
    paper = np.clip(100 + rng.normal(0, noise, (150, 150)), 0, 255).astype(np.uint8)
    assert level(paper) is None


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
