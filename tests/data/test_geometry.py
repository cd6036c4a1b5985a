"""Resizing and colours: what is constant stays constant, what fits already stays itself."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from vaelab.data import DataError, DataSpec
from vaelab.data.geometry import conform, crop_and_resize, target_shape


def test_nothing_to_do_is_nothing_done(rng: np.random.Generator) -> None:
    images = rng.integers(0, 256, (3, 3, 9, 11), dtype=np.uint8)
    assert conform(images, DataSpec("digits")) is images


def test_grey_to_rgb_and_back(rng: np.random.Generator) -> None:
    grey = rng.integers(0, 256, (5000, 1, 8, 8), dtype=np.uint8)
    colour = conform(grey, DataSpec("digits", colour="rgb"))
    assert colour.shape == (5000, 3, 8, 8)
    assert (conform(colour, DataSpec("digits", colour="grey")) == grey).all()


def test_luma_is_pillows(rng: np.random.Generator) -> None:
    images = rng.integers(0, 256, (1, 3, 20, 20), dtype=np.uint8)
    ours = conform(images, DataSpec("digits", colour="grey"))[0, 0]
    pillows = np.asarray(Image.fromarray(np.moveaxis(images[0], 0, -1)).convert("L"))
    assert np.abs(ours.astype(int) - pillows).max() <= 1


@pytest.mark.parametrize("size", [(100, 40), (40, 100), (5, 5), (64, 64)])
def test_flat_pictures_stay_flat(size: tuple[int, int]) -> None:
    resized = crop_and_resize(Image.new("RGB", size, (1, 2, 3)), 16, 12)
    assert resized.size == (12, 16)
    assert (np.asarray(resized) == (1, 2, 3)).all()


def test_native_sizes_outside_the_range_need_a_choice() -> None:
    assert target_shape(1, 8, 128, DataSpec("digits")) == (1, 8, 128)
    with pytest.raises(DataError, match="7x128 pixels"):
        target_shape(1, 7, 128, DataSpec("digits"))
    assert target_shape(4, 7, 300, DataSpec("digits", 32)) == (3, 32, 32)
