"""scikit-learn's 8x8 digits: inside the package, so there is always something to train on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vaelab.data.dataset import ImageDataset
from vaelab.data.geometry import conform
from vaelab.data.source import SourceDescription, SourceImages
from vaelab.data.spec import DataSpec

CLASS_NAMES = tuple("0123456789")


def load(spec: DataSpec, data_dir: Path, download: bool) -> SourceImages:
    """1,797 grey 8x8 images; their values 0..16 become 0..255."""
    from sklearn.datasets import load_digits  # takes a second to import

    bunch = load_digits()
    scaled = np.rint(bunch.images * (255 / 16)).astype(np.uint8)  # (N, 8, 8)
    images = conform(scaled[:, None], spec)  # (N, C, H, W)
    return SourceImages(
        ImageDataset("digits", images, bunch.target.astype(np.int64), CLASS_NAMES, "all")
    )


def describe(spec: DataSpec, data_dir: Path) -> SourceDescription:
    """What `load` gives; known without loading."""
    side = spec.image_size or 8
    channels = 3 if spec.colour == "rgb" else 1
    message = "1,797 handwritten digits, part of the installation."
    shape = (channels, side, side)
    return SourceDescription(spec.source, "Digits 8x8", True, message, 1797, 0, shape, CLASS_NAMES)
