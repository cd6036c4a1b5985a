"""A VAE whose log p(x) and posterior are known: x = W z + offset + noise, W'W diagonal."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from vaelab.models import VAE, ModelConfig
from vaelab.models.likelihoods import Gaussian, Head
from vaelab.models.priors import StandardNormal

SIDE, K, STD = 8, 2, 0.4


class LinearHead(Head):
    """N(x; output, STD^2)."""

    def forward(self, output: Tensor) -> Gaussian:
        return Gaussian(output, torch.full((), STD**2, dtype=output.dtype))


class LinearDecoder(nn.Module):
    """offset + W z."""

    def __init__(self) -> None:
        super().__init__()
        basis = np.linalg.qr(np.random.default_rng(1).normal(size=(SIDE * SIDE, K)))[0]
        self.weight = nn.Parameter(torch.from_numpy(basis * [1.0, 0.5]))  # (D, K)
        self.offset = nn.Parameter(torch.full((SIDE * SIDE,), 0.5, dtype=torch.float64))

    def forward(self, z: Tensor, c: Tensor | None) -> Tensor:
        return (z @ self.weight.T + self.offset).unflatten(1, (1, SIDE, SIDE))


class LinearEncoder(nn.Module):
    """The true posterior, its standard deviation stretched and its mean shifted."""

    def __init__(self, decoder: LinearDecoder, stretch: float, shift: float) -> None:
        super().__init__()
        self.decoder, self.stretch, self.shift = decoder, stretch, shift

    def forward(self, x: Tensor, c: Tensor | None) -> Tensor:
        weight = self.decoder.weight
        precision = 1 + weight.square().sum(0) / STD**2  # (K,)
        mean = ((x.flatten(1) - self.decoder.offset) @ weight) / STD**2 / precision
        log_var = -precision.log() + 2 * math.log(self.stretch)
        return torch.cat([mean + self.shift, log_var.expand_as(mean)], dim=1)


def linear_vae(stretch: float = 1.0, shift: float = 0.0) -> VAE:
    """With stretch 1 and shift 0 the encoder is the true posterior."""
    decoder = LinearDecoder()
    config = ModelConfig(
        image_shape=(1, SIDE, SIDE), latent_dim=K, network="mlp", likelihood="gaussian_shared"
    )
    encoder = LinearEncoder(decoder, stretch, shift)
    return VAE(config, encoder, decoder, LinearHead(), StandardNormal(K)).double()


def closed_form(model: VAE, x: Tensor) -> float:
    """log N(x; offset, W W' + STD^2 I), nats."""
    decoder = model.decoder
    assert isinstance(decoder, LinearDecoder)
    weight, offset = decoder.weight.detach(), decoder.offset.detach()
    covariance = weight @ weight.T + STD**2 * torch.eye(SIDE * SIDE, dtype=torch.float64)
    marginal = torch.distributions.MultivariateNormal(offset, covariance)
    return float(marginal.log_prob(x.flatten()))


def an_image(seed: int = 0) -> Tensor:
    """(1, 1, SIDE, SIDE), drawn from the model."""
    rng = np.random.default_rng(seed)
    decoder = LinearDecoder()
    mean = decoder(torch.from_numpy(rng.standard_normal((1, K))), None).detach()
    return mean + STD * torch.from_numpy(rng.standard_normal(mean.shape))
