"""Grey pixels made black and white: what a Bernoulli likelihood is a probability of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vaelab.data.dataset import ImageDataset, as_array
from vaelab.data.stored import StoredImages
from vaelab.data.stored_binary import StoredBinaryImages

BINARISATIONS = {
    "none": "pixels stay grey",
    "dynamic": "a pixel is white with its grey value as the probability, by a seed of one's own",
    "fixed": "the same, drawn once and for all by seed 0",
    "threshold": "a pixel is white from half grey on",
}
FIXED_SEED = 0
_ROWS = 4096  # images drawn at a time


def binarise(dataset: ImageDataset, how: str, seed: int = 0) -> ImageDataset:
    """The same images with pixels of 0 and 255 only; the images themselves for `none`.

    Of stored images a pixel is drawn by its image's place in the file, others by that in the split.

    Args:
        dataset: grey or colour images.
        how: a key of `BINARISATIONS`.
        seed: of `dynamic`; `fixed` has one of its own, so that all who use it see the same set.

    Raises:
        ValueError: for another `how`.
    """
    require_binarisation(how)
    if how == "none":
        return dataset
    drawn_by = None if how == "threshold" else FIXED_SEED if how == "fixed" else seed
    if isinstance(dataset.images, StoredImages):
        return replace(dataset, images=as_array(StoredBinaryImages.of(dataset.images, drawn_by)))
    if drawn_by is None:
        return replace(dataset, images=np.where(dataset.images > 127, 255, 0).astype(np.uint8))
    rng = np.random.default_rng(drawn_by)
    images = np.empty_like(dataset.images)
    for start in range(0, len(images), _ROWS):
        grey = dataset.images[start : start + _ROWS]
        # u in 0..254, so that P(u < grey) = grey / 255, with black never and white always drawn
        drawn = rng.integers(0, 255, grey.shape, dtype=np.uint8) < grey
        images[start : start + _ROWS] = np.where(drawn, 255, 0)
    return replace(dataset, images=images)


def require_binarisation(how: str) -> None:
    """Raise ValueError unless `how` is a key of `BINARISATIONS`."""
    if how not in BINARISATIONS:
        raise ValueError(f"binarisation must be one of {', '.join(BINARISATIONS)}, got {how!r}.")
