"""The ELBO of one image taken apart: distortion, rate, and the gap to log p(x)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from vaelab.models import VAE
from vaelab.web.learn.marginal_estimate import (
    Numbers,
    WeightedSamples,
    running_estimate,
    weigh,
)

SAMPLES = 1024


@dataclass(frozen=True, eq=False)
class ElboParts:
    """log p(x|c) = -(distortion + rate) + KL[q(z|x,c) || p(z|x,c)], in nats.

    Attributes:
        distortion: -E_q[log p(x|z,c)], a mean over `n_samples` posterior samples.
        distortion_error: its standard error.
        rates: (K,), KL[q(z_k|x,c) || p(z_k|c)], in closed form.
        log_px: log p(x|c) by importance sampling from an equal mixture of posterior and prior,
            S samples of each, so that no region where the posterior is blind is missed.
        log_px_error: its standard error, by the delta method.
        effective: effective samples among the 2 S importance weights.
        n_samples: S.
    """

    distortion: float
    distortion_error: float
    rates: Numbers
    log_px: float
    log_px_error: float
    effective: float
    n_samples: int

    @property
    def rate(self) -> float:
        """The sum over dimensions."""
        return float(self.rates.sum())

    @property
    def elbo(self) -> float:
        """-(distortion + rate), a lower bound of log p(x|c)."""
        return -(self.distortion + self.rate)

    @property
    def gap(self) -> float:
        """log p(x|c) - ELBO, an estimate of KL[q(z|x,c) || p(z|x,c)]."""
        return self.log_px - self.elbo


@torch.no_grad()
def elbo_parts(
    model: VAE, x: Tensor, y: Tensor | None = None, n_samples: int = SAMPLES, seed: int = 0
) -> ElboParts:
    """The parts for x (1, C, H, W), under label y (1,) for a conditional model.

    Raises:
        ValueError: for n_samples below 2, which have no standard error.
    """
    if n_samples < 2:
        raise ValueError(f"n_samples must be at least 2, got {n_samples}.")
    posterior, prior = model.encode(x, y), model.prior(y, 1)
    rates = posterior.kl(prior)[0].double().numpy()
    generator = torch.Generator().manual_seed(seed)
    drawn = weigh(model, x, y, posterior, n_samples, generator)
    others = weigh(model, x, y, prior, n_samples, generator)
    log_q = posterior.log_prob(torch.from_numpy(others.z).to(posterior.mean)).double().numpy()
    estimate = running_estimate(
        np.concatenate(
            [
                mixture_weights(drawn, drawn.log_proposal),
                mixture_weights(others, np.asarray(log_q, np.float64)),
            ]
        )
    )
    return ElboParts(
        distortion=-float(drawn.log_likelihood.mean()),
        distortion_error=_standard_error(drawn.log_likelihood),
        rates=np.asarray(rates, np.float64),
        log_px=float(estimate.log_mean[-1]),
        log_px_error=float(estimate.error[-1]),
        effective=float(estimate.effective[-1]),
        n_samples=n_samples,
    )


def mixture_weights(samples: WeightedSamples, log_q: Numbers) -> Numbers:
    """log of p(x, z|c) / (q(z|x,c) / 2 + p(z|c) / 2) of samples from either: (S,).

    Never above log 2 p(x|z,c), however blind q is (the balance heuristic of Veach & Guibas 1995).
    """
    log_mixture = np.logaddexp(log_q, samples.log_prior) - np.log(2)
    return np.asarray(samples.log_likelihood + samples.log_prior - log_mixture, np.float64)


def _standard_error(values: Numbers) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))
