"""The ELBO of one image taken apart: distortion, rate, and the gap to log p(x)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.models import VAE
from vaelab.web.learn.marginal_estimate import running_estimate, weigh

SAMPLES = 1024


@dataclass(frozen=True, eq=False)
class ElboParts:
    """log p(x|c) = -(distortion + rate) + KL[q(z|x,c) || p(z|x,c)], in nats.

    Attributes:
        distortion: -E_q[log p(x|z,c)], a mean over `n_samples` posterior samples.
        distortion_error: its standard error.
        rates: (K,), KL[q(z_k|x,c) || p(z_k|c)], in closed form.
        log_px: log p(x|c), from the importance weights of the same samples.
        log_px_error: its standard error, by the delta method.
        gap_error: standard error of the gap; smaller than the two above suggest, for its terms
            share their samples.
        effective: effective samples among the importance weights.
        n_samples: S.
    """

    distortion: float
    distortion_error: float
    rates: npt.NDArray[np.float64]
    log_px: float
    log_px_error: float
    gap_error: float
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
    posterior = model.encode(x, y)
    rates = posterior.kl(model.prior(y, 1))[0].double().numpy()
    drawn = weigh(model, x, y, posterior, n_samples, torch.Generator().manual_seed(seed))
    estimate = running_estimate(drawn.log_weight)
    share = np.exp(drawn.log_weight - drawn.log_weight.max())
    influence = share / share.mean() - drawn.log_likelihood  # of each sample on log p(x) - ELBO
    return ElboParts(
        distortion=-float(drawn.log_likelihood.mean()),
        distortion_error=_standard_error(drawn.log_likelihood),
        rates=np.asarray(rates, np.float64),
        log_px=float(estimate.log_mean[-1]),
        log_px_error=float(estimate.error[-1]),
        gap_error=_standard_error(influence),
        effective=float(estimate.effective[-1]),
        n_samples=n_samples,
    )


def _standard_error(values: npt.NDArray[np.float64]) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))
