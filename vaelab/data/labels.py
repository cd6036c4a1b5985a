"""What a conditional model asks of its data."""

from __future__ import annotations

from vaelab.data.dataset import DataError, ImageDataset
from vaelab.data.splits import DatasetSplits


def require_labels(dataset: ImageDataset | DatasetSplits) -> None:
    """Check that a conditional model can be trained on these images.

    Raises:
        DataError: without labels, or with fewer than two classes.
    """
    if not dataset.class_names:
        raise DataError(
            f"{dataset.name} has no labels; a conditional model needs at least two classes, each "
            "in a folder of its own, or a y in the npz."
        )
    if len(dataset.class_names) < 2:
        raise DataError(
            f"{dataset.name} has the one class {dataset.class_names[0]!r}; a conditional model "
            "needs at least two."
        )
