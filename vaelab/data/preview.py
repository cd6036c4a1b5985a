"""A look at a data set before training on it."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from vaelab.data.dataset import ImageDataset

TILE_PIXELS = 48  # small images are enlarged by a whole factor towards this side
GAP = 2


def preview_grid(dataset: ImageDataset, n: int = 64, seed: int = 0) -> Image.Image:
    """Up to `n` random images in a square grid, enlarged without smoothing."""
    n = min(n, len(dataset))
    chosen = np.sort(np.random.default_rng(seed).choice(len(dataset), n, replace=False))
    c, h, w = dataset.image_shape
    factor = max(1, round(TILE_PIXELS / max(h, w)))
    columns = max(1, math.ceil(math.sqrt(n)))
    rows = max(1, math.ceil(n / columns))
    cell_h, cell_w = h * factor + GAP, w * factor + GAP
    grid = np.full((rows * cell_h - GAP, columns * cell_w - GAP, c), 127, np.uint8)
    for place, index in enumerate(chosen):
        tile = np.moveaxis(dataset.images[index], 0, -1)  # (H, W, C)
        tile = tile.repeat(factor, axis=0).repeat(factor, axis=1)
        top, left = place // columns * cell_h, place % columns * cell_w
        grid[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    return Image.fromarray(grid[..., 0] if c == 1 else grid)


def grey_share(dataset: ImageDataset, n: int = 500) -> float:
    """Share of the pixel values of up to `n` images that are neither nearly 0 nor nearly 1."""
    looked_at = dataset.images[:: max(1, len(dataset) // n)]
    return float(np.mean((looked_at > 25) & (looked_at < 230)))


def class_histogram(dataset: ImageDataset) -> dict[str, int]:
    """Number of images of each class, in the order of the classes; empty without labels."""
    if dataset.labels is None:
        return {}
    counts = np.bincount(dataset.labels, minlength=dataset.n_classes)
    return {name: int(count) for name, count in zip(dataset.class_names, counts, strict=True)}
