"""Autoencoders, VAEs and conditional VAEs: p(x|z,c), p(z|c), q(z|x,c)."""

from __future__ import annotations

import torch

from vaelab.models.autoencoder import Autoencoder
from vaelab.models.config import (
    FAMILIES,
    LIKELIHOODS,
    NETWORKS,
    PRIORS,
    REGULARISERS,
    ModelConfig,
)
from vaelab.models.gaussian import DiagonalGaussian, PointCode, Posterior
from vaelab.models.likelihoods import HEADS, Likelihood
from vaelab.models.networks import NETWORKS as NETWORK_BUILDERS
from vaelab.models.priors import PRIORS as PRIOR_BUILDERS
from vaelab.models.vae import VAE

__all__ = [
    "FAMILIES",
    "LIKELIHOODS",
    "NETWORKS",
    "PRIORS",
    "REGULARISERS",
    "VAE",
    "Autoencoder",
    "DiagonalGaussian",
    "Likelihood",
    "Model",
    "ModelConfig",
    "PointCode",
    "Posterior",
    "assemble_model",
    "build_model",
    "count_parameters",
]

Model = Autoencoder | VAE


def build_model(config: ModelConfig, seed: int = 0) -> Model:
    """An untrained model whose weights follow from `seed`; torch's global state is untouched.

    >>> model = build_model(ModelConfig(image_shape=(1, 28, 28), latent_dim=8))
    >>> posterior = model.encode(x)  # q(z|x) of x (B, 1, 28, 28) in [0, 1]
    >>> model.decode(posterior.mean).mean  # (B, 1, 28, 28); of a CVAE: decode(z, y)

    `vaelab.objectives` has its ELBO, the importance-weighted bound and the training loss.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return assemble_model(config)


def assemble_model(config: ModelConfig) -> Model:
    """A model whose weights are to be loaded; until then they are arbitrary."""
    network = NETWORK_BUILDERS[config.network]
    head = HEADS[config.likelihood](config)
    outputs = config.latent_dim if config.is_autoencoder else 2 * config.latent_dim
    encoder = network.encoder(config, outputs)
    decoder = network.decoder(config, head.maps * config.image_shape[0])
    if config.is_autoencoder:
        return Autoencoder(config, encoder, decoder, head)
    return VAE(config, encoder, decoder, head, PRIOR_BUILDERS[config.prior](config))


def count_parameters(model: Model) -> int:
    """Number of trained weights."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
