"""A data set as the batches that a model takes: all images, in order, the ragged last included."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.data.dataset import ImageDataset
from vaelab.models import Model

OnBatch = Callable[[int], None]  # told how many images the batch held


def ignore_progress(n_images: int) -> None:
    """For callers that do not watch."""


def batches(
    model: Model, dataset: ImageDataset, batch_size: int
) -> Iterator[tuple[Tensor, Tensor | None]]:
    """x (B, C, H, W) in [0, 1] and, for a conditional model, y (B,), in the model's type and place.

    Raises:
        ValueError: if batch_size is below 1, or a conditional model meets images without labels.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}.")
    labels = dataset.labels if model.config.is_conditional else None
    if model.config.is_conditional and labels is None:
        raise ValueError("a conditional model needs labels, and the data set has none.")
    like = next(model.parameters())
    for start in range(0, len(dataset), batch_size):
        rows = slice(start, start + batch_size)
        x = torch.from_numpy(dataset.images[rows]).to(like.device).to(like.dtype) / 255
        y = None if labels is None else torch.from_numpy(labels[rows]).to(like.device)
        yield x, y


def joined(parts: list[Tensor]) -> npt.NDArray[np.float64]:
    """Batches (B, ...) as one float64 array (N, ...)."""
    return torch.cat(parts).double().cpu().numpy()


def seeded(model: Model, seed: int) -> torch.Generator:
    """A source of noise on the model's device."""
    return torch.Generator(next(model.parameters()).device).manual_seed(seed)
