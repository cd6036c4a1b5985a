"""log p(x) of every image by importance sampling, and the images it is compared with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.batches import OnBatch, batches, ignore_progress, seeded
from vaelab.models import Model
from vaelab.objectives import importance_log_weights


@dataclass(frozen=True, eq=False)
class LogPx:
    """Importance-sampled log-likelihoods.

    Attributes:
        log_px: float64 (N,), log 1/S sum_s w_s in nats; log p(x|c) for a conditional model.
        effective_samples: float64 (N,), (sum w)^2 / sum w^2, between 1 and S.
        n_samples: S.
    """

    log_px: npt.NDArray[np.float64]
    effective_samples: npt.NDArray[np.float64]
    n_samples: int


@torch.no_grad()
def log_px_per_image(
    model: Model,
    dataset: ImageDataset,
    *,
    n_samples: int = 64,
    seed: int = 0,
    batch_size: int = 256,
    on_batch: OnBatch = ignore_progress,
) -> LogPx:
    """L_S of Burda et al. 2016, equation 8: in expectation a lower bound that rises with S.

    Raises:
        ValueError: for an autoencoder, which defines no log p(x), or n_samples below 1.
    """
    if n_samples < 1:
        raise ValueError(f"n_samples must be at least 1, got {n_samples}.")
    generator = seeded(model, seed)
    log_px, effective = [], []
    for x, y in batches(model, dataset, batch_size):
        # float64, because the weights of an image may span hundreds of nats: (S, B)
        log_weights = importance_log_weights(model, x, y, n_samples, generator).double()
        total = log_weights.logsumexp(0)
        log_px.append(total - math.log(n_samples))
        effective.append((2 * total - (2 * log_weights).logsumexp(0)).exp())
        on_batch(len(x))
    return LogPx(torch.cat(log_px).cpu().numpy(), torch.cat(effective).cpu().numpy(), n_samples)


def shuffle_pixels(dataset: ImageDataset, seed: int = 0) -> ImageDataset:
    """The same images, each with its pixels in an order of its own; colours stay together."""
    n, c, h, w = dataset.images.shape
    order = np.random.default_rng(seed).permuted(np.tile(np.arange(h * w), (n, 1)), axis=1)
    flat = dataset.images.reshape(n, c, h * w)
    shuffled = np.take_along_axis(flat, order[:, None, :], axis=2).reshape(n, c, h, w)
    return ImageDataset(
        dataset.name, shuffled, dataset.labels, dataset.class_names, dataset.split, dataset.skipped
    )


def evenly_spaced(dataset: ImageDataset, n: int) -> ImageDataset:
    """At most `n` images spread over the whole data set, which may be sorted by class."""
    size = len(dataset)
    if n >= size:
        return dataset
    return dataset.take(np.arange(n, dtype=np.int64) * size // n, dataset.split)
