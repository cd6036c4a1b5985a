"""A data set with its posteriors: each image is encoded once, whatever is measured of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation.batches import OnBatch, batches, ignore_progress
from vaelab.models import DiagonalGaussian, Model, PointCode, Posterior


@dataclass(frozen=True, eq=False)
class EncodedBatch:
    """x (B, C, H, W), y (B,) or None, and q(z|x,c) of the same B images."""

    x: Tensor
    y: Tensor | None
    posterior: Posterior

    @property
    def gaussian(self) -> DiagonalGaussian:
        """The posterior of a VAE.

        Raises:
            ValueError: for an autoencoder, whose code is a point.
        """
        if isinstance(self.posterior, PointCode):
            raise ValueError(
                "an autoencoder has no ELBO: its code is a point without a prior, so there is no "
                "rate and no log p(x), only the distortion -log p(x|h)."
            )
        return self.posterior


@dataclass(frozen=True, eq=False)
class Encoded:
    """N images and their posteriors under one model.

    Attributes:
        model: any family.
        dataset: N images.
        mean: (N, K), posterior means or an autoencoder's codes, in the model's type and place.
        log_var: (N, K), or None for an autoencoder.
    """

    model: Model
    dataset: ImageDataset
    mean: Tensor
    log_var: Tensor | None

    def __len__(self) -> int:
        return len(self.dataset)

    def batches(self, batch_size: int) -> Iterator[EncodedBatch]:
        """All images in order, the ragged last batch included."""
        start = 0
        for x, y in batches(self.model, self.dataset, batch_size):
            yield EncodedBatch(x, y, self._posterior(slice(start, start + len(x))))
            start += len(x)

    def evenly_spaced(self, n: int) -> Encoded:
        """At most `n` of the images, spread over all; their posteriors come along."""
        return self if n >= len(self) else self.take(spaced_rows(len(self), n))

    def take(self, rows: npt.NDArray[np.int64]) -> Encoded:
        """The images at `rows` (M,)."""
        index = torch.from_numpy(rows).to(self.mean.device)
        log_var = None if self.log_var is None else self.log_var[index]
        dataset = self.dataset.take(rows, self.dataset.split)
        return Encoded(self.model, dataset, self.mean[index], log_var)

    @property
    def means(self) -> npt.NDArray[np.float64]:
        """E_q[z|x,c]: float64 (N, K)."""
        return self.mean.double().cpu().numpy()

    @property
    def log_vars(self) -> npt.NDArray[np.float64]:
        """log Var_q[z|x,c]: float64 (N, K); of a VAE alone."""
        if self.log_var is None:
            raise ValueError("an autoencoder's code is a point without a variance.")
        return self.log_var.double().cpu().numpy()

    def samples(self, seed: int) -> npt.NDArray[np.float64]:
        """One z ~ q(z|x,c) of each image: float64 (N, K); an autoencoder's codes themselves."""
        if self.log_var is None:
            return self.means
        noise = np.random.default_rng(seed).standard_normal(self.mean.shape)
        return self.means + np.exp(0.5 * self.log_vars) * noise

    def _posterior(self, rows: slice) -> Posterior:
        if self.log_var is None:
            return PointCode(self.mean[rows])
        return DiagonalGaussian(self.mean[rows], self.log_var[rows])


@torch.no_grad()
def encode(
    model: Model,
    dataset: ImageDataset,
    *,
    batch_size: int = 256,
    on_batch: OnBatch = ignore_progress,
) -> Encoded:
    """Encode each image of the data set once.

    Raises:
        ValueError: if batch_size is below 1, or a conditional model meets images without labels.
    """
    means, log_vars = [], []
    for x, y in batches(model, dataset, batch_size):
        posterior = model.encode(x, y)
        means.append(posterior.mean)
        if posterior.log_var is not None:
            log_vars.append(posterior.log_var)
        on_batch(len(x))
    return Encoded(model, dataset, torch.cat(means), torch.cat(log_vars) if log_vars else None)


def spaced_rows(size: int, n: int) -> npt.NDArray[np.int64]:
    """min(n, size) rows spread over `size`, which may be sorted by class."""
    n = min(n, size)
    return np.arange(n, dtype=np.int64) * size // n


def evenly_spaced(dataset: ImageDataset, n: int) -> ImageDataset:
    """At most `n` images spread over the whole data set."""
    if n >= len(dataset):
        return dataset
    return dataset.take(spaced_rows(len(dataset), n), dataset.split)
