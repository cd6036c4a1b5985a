"""Distortion and rate of every image of a data set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.batches import OnBatch, batches, ignore_progress, joined, per_image, seeded
from vaelab.models import Model
from vaelab.objectives import distortion, elbo_terms, rate_per_dimension


@dataclass(frozen=True, eq=False)
class ElboPerImage:
    """The terms of each image's ELBO, nats.

    Attributes:
        distortion: float64 (N,), -log p(x|z,c) at posterior samples.
        rate: float64 (N,), KL[q(z|x,c) || p(z|c)].
        rate_per_dimension: float64 (N, K), the same before the sum over dimensions.
    """

    distortion: npt.NDArray[np.float64]
    rate: npt.NDArray[np.float64]
    rate_per_dimension: npt.NDArray[np.float64]

    @property
    def elbo(self) -> npt.NDArray[np.float64]:
        """float64 (N,), -(distortion + rate)."""
        return -(self.distortion + self.rate)


@torch.no_grad()
def elbo_per_image(
    model: Model,
    dataset: ImageDataset,
    *,
    seed: int = 0,
    n_samples: int = 1,
    batch_size: int = 256,
    on_batch: OnBatch = ignore_progress,
) -> ElboPerImage:
    """The ELBO's terms of all N images, the distortion from `n_samples` posterior samples.

    Raises:
        ValueError: for an autoencoder, which has no ELBO, or n_samples below 1.
    """
    if n_samples < 1:
        raise ValueError(f"n_samples must be at least 1, got {n_samples}.")
    generator = seeded(model, seed)
    distortions, rates, dimensions = [], [], []
    for x, y in batches(model, dataset, batch_size):
        terms = elbo_terms(model, x, y, generator, n_samples)
        distortions.append(terms.distortion)
        rates.append(terms.rate)
        dimensions.append(rate_per_dimension(model, x, y))
        on_batch(len(x))
    return ElboPerImage(joined(distortions), joined(rates), joined(dimensions))


def distortion_at_mean(
    model: Model,
    dataset: ImageDataset,
    *,
    batch_size: int = 256,
    on_batch: OnBatch = ignore_progress,
) -> npt.NDArray[np.float64]:
    """-log p(x|h) at the code h (an autoencoder) or the posterior mean: float64 (N,), nats."""

    def value(x: Tensor, y: Tensor | None) -> Tensor:
        return distortion(model, x, model.encode(x, y).mean, y)

    return per_image(value, model, dataset, batch_size, on_batch)
