"""Distortion and rate of every image of a data set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from vaelab.evaluation.batches import OnBatch, ignore_progress, joined, seeded
from vaelab.evaluation.codes import Encoded
from vaelab.models import VAE
from vaelab.objectives import distortion, elbo_terms


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
    encoded: Encoded,
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
    model = encoded.model
    generator = seeded(model, seed)
    distortions, dimensions = [], []
    for batch in encoded.batches(batch_size):
        posterior = batch.gaussian
        assert isinstance(model, VAE)
        terms = elbo_terms(model, batch.x, batch.y, generator, n_samples, posterior=posterior)
        prior = model.prior(batch.y, len(batch.x))
        distortions.append(terms.distortion)
        dimensions.append(posterior.double().kl(prior.double()))
        on_batch(len(batch.x))
    per_dimension = joined(dimensions)
    return ElboPerImage(joined(distortions), per_dimension.sum(axis=1), per_dimension)


@torch.no_grad()
def distortion_at_mean(
    encoded: Encoded, *, batch_size: int = 256, on_batch: OnBatch = ignore_progress
) -> npt.NDArray[np.float64]:
    """-log p(x|h) at the code h (an autoencoder) or the posterior mean: float64 (N,), nats."""
    values = []
    for batch in encoded.batches(batch_size):
        values.append(distortion(encoded.model, batch.x, batch.posterior.mean, batch.y))
        on_batch(len(batch.x))
    return joined(values)
