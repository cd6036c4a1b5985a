"""A model whose log p(x) is known in closed form, and images drawn from it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from vaelab.data.dataset import ImageDataset
from vaelab.models import VAE, ModelConfig
from vaelab.models.likelihoods import Gaussian, Head
from vaelab.models.priors import StandardNormal

SIDE, K, STD = 8, 2, 0.1


class LinearHead(Head):
    """N(x; output, STD^2)."""

    def forward(self, output: Tensor) -> Gaussian:
        return Gaussian(output, torch.full((), STD**2, dtype=output.dtype))


class LinearDecoder(nn.Module):
    """x = offset + W z, the columns of W orthogonal."""

    def __init__(self) -> None:
        super().__init__()
        basis = np.linalg.qr(np.random.default_rng(1).normal(size=(SIDE * SIDE, K)))[0]
        pattern = 0.5 + 0.3 * np.sin(np.arange(SIDE * SIDE) / 5)
        self.weight = nn.Parameter(torch.from_numpy(basis * [1.0, 0.5]))  # (D, K)
        self.offset = nn.Parameter(torch.from_numpy(pattern))  # (D,)

    def forward(self, z: Tensor, c: Tensor | None) -> Tensor:
        return (z @ self.weight.T + self.offset).unflatten(1, (1, SIDE, SIDE))


class LinearEncoder(nn.Module):
    """The exact posterior of the decoder above, its standard deviation stretched by a factor."""

    def __init__(self, decoder: LinearDecoder, stretch: float) -> None:
        super().__init__()
        self.decoder, self.stretch = decoder, stretch

    def forward(self, x: Tensor, c: Tensor | None) -> Tensor:
        weight = self.decoder.weight
        precision = 1 + weight.square().sum(0) / STD**2  # (K,), as W'W is diagonal
        mean = ((x.flatten(1) - self.decoder.offset) @ weight) / STD**2 / precision
        log_var = -precision.log() + 2 * math.log(self.stretch)
        return torch.cat([mean, log_var.expand_as(mean)], dim=1)


@dataclass(frozen=True)
class LinearGaussian:
    """p(x) = N(offset, W W' + STD^2 I)."""

    model: VAE
    images: ImageDataset
    log_px: np.ndarray


def build(stretch: float) -> LinearGaussian:
    decoder = LinearDecoder()
    config = ModelConfig(image_shape=(1, SIDE, SIDE), latent_dim=K, likelihood="gaussian_shared")
    encoder = LinearEncoder(decoder, stretch)
    model = VAE(config, encoder, decoder, LinearHead(), StandardNormal(K)).double()
    weight, offset = decoder.weight.detach(), decoder.offset.detach()
    covariance = weight @ weight.T + STD**2 * torch.eye(SIDE * SIDE, dtype=torch.float64)
    marginal = torch.distributions.MultivariateNormal(offset, covariance)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        drawn = marginal.sample((37,))
    pixels = (drawn.clamp(0, 1) * 255).round().to(torch.uint8)
    images = ImageDataset("linear", pixels.unflatten(1, (1, SIDE, SIDE)).numpy(), None, (), "test")
    return LinearGaussian(model, images, marginal.log_prob(pixels.double() / 255).numpy())


@pytest.fixture
def exact() -> LinearGaussian:
    """Its encoder is the true posterior."""
    return build(1.0)


@pytest.fixture
def stretched() -> LinearGaussian:
    """Its encoder is twice as wide as the true posterior."""
    return build(2.0)


@pytest.fixture
def labelled_images() -> ImageDataset:
    """23 random grey images of three classes, in class order."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, size=(23, 1, SIDE, SIDE), dtype=np.uint8)
    labels = np.sort(rng.integers(0, 3, size=23)).astype(np.int64)
    return ImageDataset("random", images, labels, ("a", "b", "c"), "test")
