"""The pictures of an epoch: fixed validation images rebuilt, and samples from fixed noise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from vaelab.data import ImageDataset
from vaelab.latent.encode import encode_dataset
from vaelab.latent.mixture import CodeMixture
from vaelab.models import VAE, Model
from vaelab.pictures import grid, png_bytes

N_RECONSTRUCTED = 16
N_SAMPLES = 32
MOST_CLASSES = 12  # rows of a conditional model's grid
PER_CLASS = 8
N_CODES = 2000  # to which the mixture of an autoencoder under training is fitted
NOISE_SEED = 20


class EpochGrids:
    """Draws the same images and the same noise for every epoch, so that epochs compare.

    Args:
        train, validation: splits that the examples come from.
        seed: of the choice of the examples.
    """

    def __init__(self, train: ImageDataset, validation: ImageDataset, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        chosen = rng.permutation(len(validation))[:N_RECONSTRUCTED]
        self.examples = validation.take(np.sort(chosen), "validation")
        self.codes_of = train.take(np.sort(rng.permutation(len(train))[:N_CODES]), "train")

    @torch.no_grad()
    def reconstructions(self, model: Model) -> bytes:
        """PNG, eight columns: a row of originals above the row of their reconstructions."""
        codes = encode_dataset(model, self.examples)
        y = None
        if model.config.is_conditional and self.examples.labels is not None:
            y = torch.from_numpy(self.examples.labels)
        rebuilt = decode(model, torch.from_numpy(codes.mean), y)
        original = self.examples.images.astype(np.float32) / 255
        columns = min(8, len(original))
        rows = [
            part[start : start + columns]
            for start in range(0, len(original) - len(original) % columns, columns)
            for part in (original, rebuilt)
        ]
        return png_bytes(grid(np.concatenate(rows), columns=columns))

    def samples(self, model: Model) -> bytes:
        """PNG, eight columns: samples of a model, one class a row where it has classes."""
        mixture = None
        if model.config.is_autoencoder:
            mixture = CodeMixture.fit(
                encode_dataset(model, self.codes_of).mean,
                n_components=max(1, min(10, len(self.codes_of) // 10)),
            )
        y = None
        if model.config.is_conditional:
            y = torch.arange(min(model.config.n_classes, MOST_CLASSES)).repeat_interleave(PER_CLASS)
        return png_bytes(grid(sample_images(model, N_SAMPLES, y, mixture), columns=PER_CLASS))


def preview(model: Model, mixture: CodeMixture | None) -> bytes:
    """PNG of 5x5 samples, classes in turn; it shows the model alone, no image of the data."""
    y = torch.arange(25) % model.config.n_classes if model.config.is_conditional else None
    return png_bytes(grid(sample_images(model, 25, y, mixture), columns=5))


@torch.no_grad()
def sample_images(
    model: Model, n: int, y: torch.Tensor | None, mixture: CodeMixture | None
) -> npt.NDArray[np.float32]:
    """Means of p(x|z,c) for z from fixed noise: (n, C, H, W) in [0, 1].

    z follows the prior, or for an autoencoder the mixture fitted to its codes; with labels y
    (B,) there is one image a label.
    """
    noise = torch.Generator().manual_seed(NOISE_SEED)
    if not isinstance(model, VAE):
        if mixture is None:
            raise ValueError("mixture must be given to sample from an autoencoder.")
        return decode(model, mixture.sample(n, noise), None)
    device = next(model.parameters()).device
    n = n if y is None else len(y)
    prior = model.prior(None if y is None else y.to(device), n)
    eps = torch.randn(n, model.config.latent_dim, generator=noise).to(device)
    return decode(model, prior.mean + prior.std * eps, y)


@torch.no_grad()
def decode(model: Model, z: torch.Tensor, y: torch.Tensor | None) -> npt.NDArray[np.float32]:
    """Means of p(x|z,c): (B, C, H, W) in [0, 1], on the CPU."""
    device = next(model.parameters()).device
    likelihood = model.decode(z.to(device), None if y is None else y.to(device))
    images: npt.NDArray[np.float32] = likelihood.mean.float().cpu().numpy()
    return images
