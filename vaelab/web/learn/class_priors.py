"""The learned priors p(z|c): their place, their cost, and what moving between them keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from vaelab.latent import Latents
from vaelab.models import VAE, DiagonalGaussian

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ClassPriors:
    """N(z; m_c, diag v_c) of every class.

    Attributes:
        mean: (n_classes, K).
        std: (n_classes, K), square roots of v.
    """

    mean: Numbers
    std: Numbers

    def whiten(self, z: npt.ArrayLike, label: int) -> Numbers:
        """eps = (z - m_c) / s_c: what z says beyond its class, (..., K)."""
        noise = (np.asarray(z, np.float64) - self.mean[label]) / self.std[label]
        return np.asarray(noise, np.float64)

    def colour(self, noise: npt.ArrayLike, label: int) -> Numbers:
        """m_c + s_c * eps, the inverse of `whiten`."""
        z = self.mean[label] + self.std[label] * np.asarray(noise, np.float64)
        return np.asarray(z, np.float64)


@dataclass(frozen=True)
class RateOfPriors:
    """Mean rate of the same posteriors against two priors, nats per image.

    Attributes:
        learned: KL[q(z|x,c) || p(z|c)].
        standard: KL[q(z|x,c) || N(0, I)].
        n_images: that both are means over.
    """

    learned: float
    standard: float
    n_images: int


@torch.no_grad()
def class_priors(model: VAE) -> ClassPriors:
    """p(z|c) of every class; N(0, I) for each where the prior is not learned.

    Raises:
        ValueError: for a model without classes.
    """
    n = model.config.n_classes
    if not n:
        raise ValueError("model must be conditional, got one without classes.")
    prior = model.prior(torch.arange(n))
    return ClassPriors(prior.mean.double().numpy(), prior.std.double().numpy())


@torch.no_grad()
def rate_of_priors(model: VAE, latents: Latents) -> RateOfPriors:
    """Both rates over stored posteriors with labels.

    Raises:
        ValueError: if the codes have no variances or no labels.
    """
    if latents.log_var is None or latents.labels is None:
        raise ValueError("latents must hold log_var and labels.")
    posterior = DiagonalGaussian(torch.from_numpy(latents.mean), torch.from_numpy(latents.log_var))
    learned = posterior.kl(model.prior(torch.from_numpy(latents.labels)))
    zeros = torch.zeros_like(posterior.mean)
    standard = posterior.kl(DiagonalGaussian(zeros, zeros))
    return RateOfPriors(
        float(learned.sum(1).double().mean()), float(standard.sum(1).double().mean()), len(latents)
    )
