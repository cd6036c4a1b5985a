"""How far reconstructions are from their images."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from torch import Tensor

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.batches import OnBatch, ignore_progress, per_image
from vaelab.models import Model


def mse_per_image(
    model: Model,
    dataset: ImageDataset,
    *,
    batch_size: int = 256,
    on_batch: OnBatch = ignore_progress,
) -> npt.NDArray[np.float64]:
    """Mean over pixels of (x - r)^2, r = E[x | posterior mean], pixels in [0, 1]: float64 (N,)."""

    def value(x: Tensor, y: Tensor | None) -> Tensor:
        reconstruction = model.decode(model.encode(x, y).mean, y).mean
        return (x - reconstruction).square().flatten(1).mean(1)

    return per_image(value, model, dataset, batch_size, on_batch)
