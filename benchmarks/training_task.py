"""What all loops are given: MNIST, a network, a number of epochs, and how they are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from vaelab.data import load_dataset
from vaelab.models import Model, ModelConfig, build_model


@dataclass(frozen=True)
class Task:
    """One training: `mlp` is 784-400-20, `conv` vaelab's default convolutional network."""

    network: str
    epochs: int
    seed: int = 0

    def model_config(self) -> ModelConfig:
        if self.network == "conv":
            return ModelConfig(image_shape=(1, 28, 28), network="conv")
        return ModelConfig(
            image_shape=(1, 28, 28), network="mlp", latent_dim=20, width=400, depth=1,
            activation="relu",
        )  # fmt: skip

    def model(self) -> Model:
        return build_model(self.model_config())


@dataclass(frozen=True)
class Epoch:
    """Seconds of one pass over the training images and one over the test images; test ELBO."""

    seconds: float
    elbo: float


def mnist(n_train: int = 60_000) -> tuple[np.ndarray, np.ndarray]:
    """uint8 (60000, 1, 28, 28) and (10000, 1, 28, 28) from VAELAB_DATA."""
    splits = load_dataset("mnist", download=False)
    train = np.concatenate([splits.train.images, splits.validation.images])
    return train[np.random.default_rng(0).permutation(len(train))][:n_train], splits.test.images


@torch.no_grad()
def mean_elbo(
    forward: Callable[[Tensor], tuple[Tensor, Tensor, Tensor]], images: np.ndarray
) -> float:
    """Nats per image, one sample each; `forward` gives logits, mean and log_var."""
    total = 0.0
    for part in torch.from_numpy(images).split(512):
        x = part.float() / 255
        logits, mean, log_var = forward(x)
        distortion = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        rate = 0.5 * (mean.square() + log_var.exp() - log_var - 1).sum()
        total -= float(distortion + rate)
    return total / len(images)
