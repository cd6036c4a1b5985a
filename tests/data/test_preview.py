"""The preview shows the images themselves; the histogram counts all of them."""

from __future__ import annotations

import numpy as np
import pytest

from vaelab.data import ImageDataset, class_histogram, load_dataset, preview_grid
from vaelab.data.preview import GAP


@pytest.mark.parametrize("n", [1, 3, 64, 500])
@pytest.mark.parametrize("channels", [1, 3])
def test_tiles_are_images(rng: np.random.Generator, n: int, channels: int) -> None:
    images = rng.integers(0, 256, (100, channels, 48, 48), dtype=np.uint8)
    grid = np.asarray(preview_grid(ImageDataset("x", images), n))
    grid = grid.reshape(*grid.shape[:2], channels)
    tile = np.moveaxis(grid[:48, :48], -1, 0)
    assert (images == tile).all(axis=(1, 2, 3)).sum() == 1
    columns = int(np.ceil(np.sqrt(min(n, 100))))
    assert grid.shape[1] == columns * (48 + GAP) - GAP


def test_small_images_are_enlarged_and_the_seed_decides() -> None:
    train = load_dataset("digits").train
    first, again, other = (np.asarray(preview_grid(train, seed=seed)) for seed in (0, 0, 1))
    assert first.shape == (8 * (48 + GAP) - GAP,) * 2
    assert (first == again).all()
    assert (first != other).any()


def test_histogram() -> None:
    labels = np.array([2, 0, 2, 2], np.int64)
    dataset = ImageDataset("x", np.zeros((4, 1, 8, 8), np.uint8), labels, ("a", "b", "c"))
    assert class_histogram(dataset) == {"a": 1, "b": 0, "c": 3}
    assert class_histogram(ImageDataset("x", np.zeros((4, 1, 8, 8), np.uint8))) == {}
