"""How data sits in its frame, measured on data that sits there by construction."""

from __future__ import annotations

import numpy as np
import pytest

from vaelab.data import Framing, ImageDataset, framing_for, measure_framing
from vaelab.data.framing import FRAMINGS, PHOTOGRAPH


def _boxes(margin: int, ground: int, ink: int, channels: int = 1) -> ImageDataset:
    images = np.full((20, channels, 20, 20), ground, np.uint8)
    images[:, :, margin : 20 - margin, 8:12] = ink
    return ImageDataset("boxes", images)


@pytest.mark.parametrize("margin", [1, 3, 5])
def test_margin_and_ground(margin: int) -> None:
    for ground in (0, 255):
        framing = measure_framing(_boxes(margin, ground, 255 - ground))
        assert (framing.dark_background, framing.crop) == (ground == 0, True)
        assert framing.pad == pytest.approx(margin / 20)


def test_photographs(rng: np.random.Generator) -> None:
    noise = ImageDataset("noise", rng.integers(0, 256, (9, 1, 20, 20), dtype=np.uint8))
    assert measure_framing(noise) == PHOTOGRAPH
    assert measure_framing(_boxes(3, 0, 255, channels=3)) == PHOTOGRAPH


def test_empty_pictures_have_no_margin() -> None:
    assert measure_framing(_boxes(3, 0, 0)) == Framing(True, True, 0.0)


def test_named_sources_are_known_without_their_data() -> None:
    assert framing_for("mnist") == FRAMINGS["mnist"]
    assert framing_for("/some/folder") == PHOTOGRAPH
    assert framing_for("/some/folder", _boxes(3, 0, 255)).crop
