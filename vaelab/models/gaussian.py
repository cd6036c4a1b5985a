"""What an encoder returns and a prior is: diagonal Gaussians, and the point code."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

LOG_2PI = math.log(2 * math.pi)


def standard_noise(like: Tensor, generator: torch.Generator | None) -> Tensor:
    """N(0, I) noise in the shape, dtype and device of `like`."""
    return torch.randn(like.shape, generator=generator, dtype=like.dtype, device=like.device)


@dataclass(frozen=True, eq=False)
class DiagonalGaussian:
    """N(z; mean, diag(exp(log_var))): the posterior q(z|x,c) or the prior p(z|c).

    Attributes:
        mean: (B, K).
        log_var: (B, K), log of the variance.
    """

    mean: Tensor
    log_var: Tensor

    @property
    def std(self) -> Tensor:
        """Standard deviation (B, K)."""
        return (0.5 * self.log_var).exp()

    def double(self) -> DiagonalGaussian:
        """The same in float64."""
        return DiagonalGaussian(self.mean.double(), self.log_var.double())

    def rsample(self, generator: torch.Generator | None = None) -> Tensor:
        """z = mean + std * eps, eps ~ N(0, I): (B, K), differentiable in mean and std.

        The reparameterisation of Kingma & Welling 2014, section 2.4.
        """
        return self.mean + self.std * standard_noise(self.mean, generator)

    def log_prob(self, z: Tensor) -> Tensor:
        """log N(z; mean, var), summed over K: (B,), or (S, B) for z (S, B, K). Nats."""
        squared = (z - self.mean).square() / self.log_var.exp()
        return -0.5 * (LOG_2PI + self.log_var + squared).sum(-1)

    def kl(self, other: DiagonalGaussian) -> Tensor:
        """KL[self || other] of each dimension: (B, K), in nats.

        KL = 1/2 (log v_o - log v_s + (v_s + (m_s - m_o)^2) / v_o - 1); with other = N(0, I)
        it is equation 10 of Kingma & Welling 2014, appendix B.
        """
        ratio = (self.log_var - other.log_var).exp()
        shift = (self.mean - other.mean).square() / other.log_var.exp()
        return 0.5 * (other.log_var - self.log_var + ratio + shift - 1)


@dataclass(frozen=True, eq=False)
class PointCode:
    """An autoencoder's deterministic code h = f(x): q(h|x) is a point mass at `mean` (B, K)."""

    mean: Tensor

    @property
    def log_var(self) -> None:
        """None: a point has no density."""
        return

    def rsample(self, generator: torch.Generator | None = None) -> Tensor:
        """The code itself (B, K)."""
        return self.mean


Posterior = DiagonalGaussian | PointCode
