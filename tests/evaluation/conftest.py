"""A model whose log p(x) is known in closed form, and images drawn from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from tests.linear_gaussian import SIDE, linear_vae, marginal
from vaelab.data.dataset import ImageDataset
from vaelab.models import VAE

STD = 0.1
PATTERN = 0.5 + 0.3 * np.sin(np.arange(SIDE * SIDE) / 5)


@dataclass(frozen=True)
class LinearGaussian:
    """A VAE, images drawn from it, and their log p(x) in closed form: (N,), nats."""

    model: VAE
    images: ImageDataset
    log_px: np.ndarray


def build(stretch: float) -> LinearGaussian:
    model = linear_vae(stretch, std=STD, offset=PATTERN)
    density = marginal(model)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        drawn = density.sample((37,))
    pixels = (drawn.clamp(0, 1) * 255).round().to(torch.uint8)
    images = ImageDataset("linear", pixels.unflatten(1, (1, SIDE, SIDE)).numpy(), None, (), "test")
    return LinearGaussian(model, images, density.log_prob(pixels.double() / 255).numpy())


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
