"""p(x|z,c): what a decoder returns, and the heads that turn network outputs into it.

Adding a likelihood is one distribution, one head and one line in `HEADS` (and its name in
`models.config.LIKELIHOODS`).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vaelab.models.config import ModelConfig
from vaelab.models.gaussian import LOG_2PI, standard_noise

NEAR_ZERO = 0.3  # |eta| below which the series are exact to float32


class Likelihood(ABC):
    """A distribution over images x (B, C, H, W) with pixels in [0, 1]."""

    @property
    @abstractmethod
    def mean(self) -> Tensor:
        """E[x] (B, C, H, W), in [0, 1]."""

    @property
    @abstractmethod
    def variance(self) -> Tensor:
        """Var[x] (B, C, H, W), of each pixel on its own."""

    @property
    def std(self) -> Tensor | None:
        """Standard deviation a pixel (B, C, H, W) where it is a parameter, else None."""
        return None

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x|z), summed over pixels: (B,), in nats."""
        return self.log_prob_of_values(x).flatten(1).sum(1)

    @abstractmethod
    def log_prob_of_values(self, x: Tensor) -> Tensor:
        """log p(x_i|z) of each pixel value, independent given z: (B, C, H, W), in nats."""

    @abstractmethod
    def sample(self, generator: torch.Generator | None = None) -> Tensor:
        """One image per row (B, C, H, W)."""


@dataclass(frozen=True, eq=False)
class Bernoulli(Likelihood):
    """x log p + (1 - x) log(1 - p), p = sigmoid(logits).

    A probability for x in {0, 1}. For grey x it is the usual cross-entropy, a bound that is
    comparable between models of the same images but not a density: reports call it "grey
    Bernoulli".
    """

    logits: Tensor  # (B, C, H, W)

    @property
    def mean(self) -> Tensor:
        return self.logits.sigmoid()

    @property
    def variance(self) -> Tensor:
        """p (1 - p): of a pixel that is black or white."""
        return self.mean * (1 - self.mean)

    def log_prob_of_values(self, x: Tensor) -> Tensor:
        return -F.binary_cross_entropy_with_logits(self.logits, x, reduction="none")

    def sample(self, generator: torch.Generator | None = None) -> Tensor:
        uniform = torch.rand(
            self.logits.shape,
            generator=generator,
            dtype=self.logits.dtype,
            device=self.logits.device,
        )
        return (uniform < self.mean).to(self.logits.dtype)


@dataclass(frozen=True, eq=False)
class ContinuousBernoulli(Likelihood):
    """exp(x eta) eta / (exp(eta) - 1), a density of x in [0, 1] with logits eta.

    Loaiza-Ganem & Cunningham 2019, equation 6, in its natural parameter: torch's own class
    works with sigmoid(eta) and loses three digits of the mean near eta = 0 in float32.
    """

    logits: Tensor  # (B, C, H, W)

    @property
    def mean(self) -> Tensor:
        """1 / (1 - exp(-eta)) - 1 / eta; around 0 its series 1/2 + eta/12 - eta^3/720."""
        eta = self.logits
        safe = torch.where(eta.abs() < NEAR_ZERO, torch.ones_like(eta), eta)
        exact = -1 / torch.expm1(-safe) - 1 / safe
        return torch.where(eta.abs() < NEAR_ZERO, 0.5 + eta / 12 - eta**3 / 720, exact)

    @property
    def variance(self) -> Tensor:
        """1 / eta^2 - 1 / (4 sinh^2(eta / 2)); around 0 its series 1/12 - eta^2/240 + eta^4/6048.

        The second derivative of the log normaliser.
        """
        eta = self.logits
        near = eta.abs() < 2 * NEAR_ZERO  # squares lose digits earlier than the mean does
        safe = torch.where(near, torch.ones_like(eta), eta)
        exact = 1 / safe.square() - 0.25 / (safe / 2).sinh().square()
        return torch.where(near, 1 / 12 - eta**2 / 240 + eta**4 / 6048, exact)

    @property
    def log_normaliser(self) -> Tensor:
        """log((exp(eta) - 1) / eta) (B, C, H, W); its series is eta/2 + eta^2/24 - eta^4/2880."""
        eta = self.logits
        near = eta.abs() < NEAR_ZERO
        size = torch.where(near, torch.ones_like(eta), eta.abs())
        exact = eta.clamp(min=0) + torch.log1p(-torch.exp(-size)) - size.log()
        return torch.where(near, eta / 2 + eta**2 / 24 - eta**4 / 2880, exact)

    def log_prob_of_values(self, x: Tensor) -> Tensor:
        return x * self.logits - self.log_normaliser

    def sample(self, generator: torch.Generator | None = None) -> Tensor:
        """The inverse of the distribution function at uniform u; u and 1 - u change sides."""
        eta = self.logits
        uniform = torch.rand(eta.shape, generator=generator, dtype=eta.dtype, device=eta.device)
        size = eta.abs().clamp(min=1e-6)
        falling = torch.log1p(uniform * torch.expm1(-size)) / -size  # for eta < 0
        return torch.where(eta < 0, falling, 1 - falling)


@dataclass(frozen=True, eq=False)
class Gaussian(Likelihood):
    """N(x; mu, nu) with mean and variance per pixel, both of the data's dimension D."""

    loc: Tensor  # (B, C, H, W)
    var: Tensor  # nu, broadcastable to (B, C, H, W), positive

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        return self.var.expand_as(self.loc)

    @property
    def std(self) -> Tensor:
        return self.var.sqrt().expand_as(self.loc)

    def log_prob_of_values(self, x: Tensor) -> Tensor:
        squared = (x - self.loc).square() / self.var
        return -0.5 * (squared + self.var.log() + LOG_2PI)

    def sample(self, generator: torch.Generator | None = None) -> Tensor:
        return self.loc + self.std * standard_noise(self.loc, generator)


class Head(nn.Module, ABC):
    """Turns the decoder network's output (B, maps * C, H, W) into a likelihood."""

    maps: int = 1  # parameter maps per image channel

    @abstractmethod
    def forward(self, output: Tensor) -> Likelihood: ...


class BernoulliHead(Head):
    def forward(self, output: Tensor) -> Bernoulli:
        return Bernoulli(output)


class ContinuousBernoulliHead(Head):
    def forward(self, output: Tensor) -> ContinuousBernoulli:
        return ContinuousBernoulli(output)


class GaussianHead(Head):
    """mu = sigmoid(a), nu = min_std^2 + exp(b), with a and b both from the network.

    The floor keeps the density of constant pixels (a black border) finite.
    """

    maps = 2

    def __init__(self, min_std: float) -> None:
        super().__init__()
        self.min_var = min_std**2

    def forward(self, output: Tensor) -> Gaussian:
        loc, log_var = output.chunk(2, dim=1)
        # a variance above e^2 says nothing about pixels in [0, 1]; the offset starts at 0.14
        return Gaussian(loc.sigmoid(), self.min_var + (log_var - 4).clamp(max=2).exp())


class SharedGaussianHead(Head):
    """mu = sigmoid(a) from the network, nu = min_std^2 + exp(b) with one learned b."""

    def __init__(self, min_std: float) -> None:
        super().__init__()
        self.min_var = min_std**2
        self.log_var = nn.Parameter(torch.tensor(2 * math.log(0.2)))

    def forward(self, output: Tensor) -> Gaussian:
        return Gaussian(output.sigmoid(), self.min_var + self.log_var.clamp(max=2).exp())


HEADS: dict[str, Callable[[ModelConfig], Head]] = {
    "bernoulli": lambda config: BernoulliHead(),
    "continuous_bernoulli": lambda config: ContinuousBernoulliHead(),
    "gaussian": lambda config: GaussianHead(config.min_std),
    "gaussian_shared": lambda config: SharedGaussianHead(config.min_std),
}
