"""Images that are none of the data's: what a density model should find improbable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from vaelab.data.dataset import ImageDataset


def shuffle_pixels(dataset: ImageDataset, seed: int = 0) -> ImageDataset:
    """The same images, each with its pixels in an order of its own; colours stay together."""
    n, c, h, w = dataset.images.shape
    order = np.random.default_rng(seed).permuted(np.tile(np.arange(h * w), (n, 1)), axis=1)
    flat = dataset.images.reshape(n, c, h * w)
    shuffled = np.take_along_axis(flat, order[:, None, :], axis=2).reshape(n, c, h, w)
    return replace(dataset, images=shuffled)


def noise_images(dataset: ImageDataset, seed: int = 0) -> ImageDataset:
    """As many images, every value uniform on 0..255."""
    rng = np.random.default_rng(seed)
    return replace(dataset, images=rng.integers(0, 256, dataset.images.shape, dtype=np.uint8))


def inverted(dataset: ImageDataset) -> ImageDataset:
    """Every value v as 255 - v."""
    return replace(dataset, images=255 - dataset.images)


def as_if_of(dataset: ImageDataset, other: ImageDataset) -> ImageDataset:
    """The first images of `other` in the shape, number and labels of `dataset`.

    Grey and colour are converted, sizes resampled. A conditional model is told the labels of
    `dataset`: there is no right class to tell.
    """
    rows = np.arange(min(len(dataset), len(other)))
    c, h, w = dataset.image_shape
    images = np.stack([_fitted(image, c, h, w) for image in other.images[rows]])
    labels = None if dataset.labels is None else dataset.labels[rows]
    return replace(dataset, name=other.name, images=images, labels=labels)


def _fitted(image: npt.NDArray[np.uint8], c: int, h: int, w: int) -> npt.NDArray[np.uint8]:
    """(C', H', W') to (c, h, w)."""
    if image.shape == (c, h, w):
        return image
    picture = Image.fromarray(image[0] if len(image) == 1 else np.moveaxis(image, 0, -1))
    picture = picture.convert("L" if c == 1 else "RGB").resize((w, h), Image.Resampling.BILINEAR)
    values = np.asarray(picture, np.uint8)
    return values[None] if c == 1 else np.moveaxis(values, -1, 0)
