"""Models small enough to be trained while a page is being read: seconds on one core."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from vaelab.data import DatasetSplits, DataSpec
from vaelab.latent import CodeMixture
from vaelab.models import VAE, Autoencoder, ModelConfig, build_model
from vaelab.objectives import elbo_terms
from vaelab.training import TrainConfig, fit
from vaelab.web.decoding import pixels
from vaelab.web.loaders import dataset_of

WIDTH = 128
EPOCHS = 30
BETAS = (0.1, 0.3, 1.0, 3.0, 10.0)
SWEEP_DIMENSIONS = 4
SAMPLES = 16  # of the posterior, for a distortion


@dataclass(frozen=True, eq=False)
class TinyAutoencoder:
    """An autoencoder of the digits, with what is needed to look at it.

    Attributes:
        codes: float32 (N, K), of the training images.
        mixture: fitted to them.
    """

    model: Autoencoder
    codes: npt.NDArray[np.float32]
    mixture: CodeMixture


@dataclass(frozen=True, eq=False)
class TinyVae:
    """A VAE of the digits trained with one beta, and its place in the rate-distortion plane.

    Attributes:
        rate, distortion: means over the `n_images` test images, nats per image.
    """

    model: VAE
    beta: float
    rate: float
    distortion: float
    n_images: int


def digits() -> DatasetSplits:
    """The images that are inside the installation."""
    return dataset_of(DataSpec("digits"))


def training() -> TrainConfig:
    """Settings of every tiny model, but for beta."""
    return TrainConfig(
        epochs=EPOCHS, learning_rate=5e-3, precision="float32", device="cpu", threads=1
    )


@st.cache_resource(max_entries=24, show_spinner="Training a tiny autoencoder …")
def tiny_autoencoder(latent_dim: int, regulariser: str, strength: float) -> TinyAutoencoder:
    """Trained once a server; its settings are those of `ModelConfig`."""
    splits = digits()
    model = build_model(
        ModelConfig(
            family="autoencoder",
            latent_dim=latent_dim,
            width=WIDTH,
            depth=1,
            likelihood="gaussian_shared",
            regulariser=regulariser,
            regulariser_strength=strength,
        )
    )
    assert isinstance(model, Autoencoder)
    for _ in fit(model, splits.train, splits.validation, training()):
        pass
    with torch.no_grad():
        codes = model.encode(pixels(splits.train.images)).mean.numpy()
    n_components = 10 if latent_dim <= 8 else 1
    return TinyAutoencoder(model, codes, CodeMixture.fit(codes, n_components))


@st.cache_resource(max_entries=len(BETAS), show_spinner=False)
def tiny_vae(beta: float) -> TinyVae:
    """Trained once a server, with `beta` as the weight of the rate."""
    splits = digits()
    model = build_model(
        ModelConfig(latent_dim=SWEEP_DIMENSIONS, width=WIDTH, depth=1, likelihood="gaussian_shared")
    )
    assert isinstance(model, VAE)
    config = TrainConfig.from_dict({**training().to_dict(), "beta": beta})
    for _ in fit(model, splits.train, splits.validation, config):
        pass
    with torch.no_grad():
        terms = elbo_terms(
            model, pixels(splits.test.images), None, torch.Generator().manual_seed(0), SAMPLES
        )
    return TinyVae(
        model, beta, float(terms.rate.mean()), float(terms.distortion.mean()), len(splits.test)
    )
