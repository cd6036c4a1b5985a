"""Classes of whose training images none could be read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vaelab.data.dataset import ImageDataset
from vaelab.data.source import SourceImages


def without_empty_classes(train: ImageDataset, test: ImageDataset | None) -> SourceImages:
    """Both parts without the classes that have no training image, nor those classes' test images.

    A conditional model would otherwise be asked for what it has never seen.
    """
    seen = np.array([], np.int64) if train.labels is None else np.unique(train.labels)
    if train.labels is None or len(seen) == train.n_classes:
        return SourceImages(train, test)
    number = np.full(train.n_classes, -1, np.int64)
    number[seen] = np.arange(len(seen))
    names = tuple(train.class_names[i] for i in seen)

    def renumbered(part: ImageDataset) -> ImageDataset | None:
        labels = number[part.labels]
        kept = np.flatnonzero(labels >= 0)
        left = part if len(kept) == len(part) else part.take(kept, part.split)
        return replace(left, labels=labels[kept], class_names=names) if len(kept) else None

    kept_train = renumbered(train)
    assert kept_train is not None  # the classes seen are its own
    return SourceImages(kept_train, None if test is None else renumbered(test))
