"""How far reconstructions are from their images."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.batches import OnBatch, batches, ignore_progress
from vaelab.models import Model


@torch.no_grad()
def mse_per_image(
    model: Model,
    dataset: ImageDataset,
    *,
    batch_size: int = 256,
    on_batch: OnBatch = ignore_progress,
) -> npt.NDArray[np.float64]:
    """Mean over pixels of (x - r)^2, r = E[x | posterior mean], pixels in [0, 1]: float64 (N,)."""
    values = []
    for x, y in batches(model, dataset, batch_size):
        reconstruction = model.decode(model.encode(x, y).mean, y).mean
        values.append((x - reconstruction).square().flatten(1).mean(1))
        on_batch(len(x))
    return torch.cat(values).double().cpu().numpy()
