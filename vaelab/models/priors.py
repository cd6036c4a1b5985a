"""p(z) and p(z|c)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor, nn

from vaelab.models.config import ModelConfig
from vaelab.models.gaussian import DiagonalGaussian


class Prior(nn.Module, ABC):
    """Maps class weights c (B, n_classes), or None and a count, to a Gaussian (B, K)."""

    @abstractmethod
    def forward(self, c: Tensor | None, n: int) -> DiagonalGaussian: ...


class StandardNormal(Prior):
    """p(z) = N(0, I), for every class."""

    zeros: Tensor

    def __init__(self, latent_dim: int) -> None:
        super().__init__()
        self.register_buffer("zeros", torch.zeros(latent_dim), persistent=False)

    def forward(self, c: Tensor | None, n: int) -> DiagonalGaussian:
        zeros = self.zeros.expand(n, -1)
        return DiagonalGaussian(zeros, zeros)


class ClassGaussian(Prior):
    """p(z|c) = N(m_c, diag(v_c)) with m and v learned (Sohn et al. 2015, section 4.1).

    Blended class weights blend means and log-variances.
    """

    def __init__(self, n_classes: int, latent_dim: int) -> None:
        super().__init__()
        self.mean = nn.Parameter(0.01 * torch.randn(n_classes, latent_dim))
        self.log_var = nn.Parameter(torch.zeros(n_classes, latent_dim))

    def forward(self, c: Tensor | None, n: int) -> DiagonalGaussian:
        if c is None:
            raise ValueError("the prior p(z|c) needs class labels y, got None.")
        return DiagonalGaussian(c @ self.mean, c @ self.log_var)


PRIORS: dict[str, Callable[[ModelConfig], Prior]] = {
    "standard": lambda config: StandardNormal(config.latent_dim),
    "class_gaussian": lambda config: ClassGaussian(config.n_classes, config.latent_dim),
}
