"""A VAE whose log p(x) and posterior are known: x = W z + offset + noise, W'W diagonal."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from vaelab.models import VAE, ModelConfig
from vaelab.models.likelihoods import Gaussian, Head
from vaelab.models.priors import StandardNormal

SIDE, K, STD = 8, 2, 0.4  # STD of the pixels, unless another is asked for


class LinearHead(Head):
    """N(x; output, std^2)."""

    def __init__(self, std: float) -> None:
        super().__init__()
        self.std = std

    def forward(self, output: Tensor) -> Gaussian:
        return Gaussian(output, torch.full((), self.std**2, dtype=output.dtype))


class LinearDecoder(nn.Module):
    """offset + W z, offset (D,) or the grey of every pixel."""

    def __init__(self, offset: npt.ArrayLike = 0.5) -> None:
        super().__init__()
        basis = np.linalg.qr(np.random.default_rng(1).normal(size=(SIDE * SIDE, K)))[0]
        self.weight = nn.Parameter(torch.from_numpy(basis * [1.0, 0.5]))  # (D, K)
        grey = np.broadcast_to(np.asarray(offset, np.float64), (SIDE * SIDE,)).copy()
        self.offset = nn.Parameter(torch.from_numpy(grey))  # (D,)

    def forward(self, z: Tensor, c: Tensor | None) -> Tensor:
        return (z @ self.weight.T + self.offset).unflatten(1, (1, SIDE, SIDE))


class LinearEncoder(nn.Module):
    """The true posterior, its standard deviation stretched and its mean shifted."""

    def __init__(self, decoder: LinearDecoder, std: float, stretch: float, shift: float) -> None:
        super().__init__()
        self.decoder, self.std, self.stretch, self.shift = decoder, std, stretch, shift

    def forward(self, x: Tensor, c: Tensor | None) -> Tensor:
        weight = self.decoder.weight
        precision = 1 + weight.square().sum(0) / self.std**2  # (K,), as W'W is diagonal
        mean = ((x.flatten(1) - self.decoder.offset) @ weight) / self.std**2 / precision
        log_var = -precision.log() + 2 * math.log(self.stretch)
        return torch.cat([mean + self.shift, log_var.expand_as(mean)], dim=1)


def linear_vae(
    stretch: float = 1.0, shift: float = 0.0, *, std: float = STD, offset: npt.ArrayLike = 0.5
) -> VAE:
    """With stretch 1 and shift 0 the encoder is the true posterior."""
    decoder = LinearDecoder(offset)
    config = ModelConfig(
        image_shape=(1, SIDE, SIDE), latent_dim=K, network="mlp", likelihood="gaussian_shared"
    )
    encoder = LinearEncoder(decoder, std, stretch, shift)
    return VAE(config, encoder, decoder, LinearHead(std), StandardNormal(K)).double()


def marginal(model: VAE) -> torch.distributions.MultivariateNormal:
    """p(x) = N(offset, W W' + std^2 I)."""
    decoder, head = model.decoder, model.head
    assert isinstance(decoder, LinearDecoder)
    assert isinstance(head, LinearHead)
    weight, offset = decoder.weight.detach(), decoder.offset.detach()
    covariance = weight @ weight.T + head.std**2 * torch.eye(SIDE * SIDE, dtype=torch.float64)
    return torch.distributions.MultivariateNormal(offset, covariance)


def closed_form(model: VAE, x: Tensor) -> float:
    """log p(x) of one image, nats."""
    return float(marginal(model).log_prob(x.flatten()))


def an_image(seed: int = 0) -> Tensor:
    """(1, 1, SIDE, SIDE), drawn from the model."""
    rng = np.random.default_rng(seed)
    decoder = LinearDecoder()
    mean = decoder(torch.from_numpy(rng.standard_normal((1, K))), None).detach()
    return mean + STD * torch.from_numpy(rng.standard_normal(mean.shape))
