"""log p(x) of one image by importance sampling, sample by sample, from any Gaussian proposal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.models import VAE, DiagonalGaussian

BATCH = 128

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WeightedSamples:
    """S codes from a proposal r, and what they say of one image; logarithms in nats.

    Attributes:
        z: float32 (S, K).
        log_likelihood: (S,), log p(x|z_s,c).
        log_prior: (S,), log p(z_s|c).
        log_proposal: (S,), log r(z_s).
    """

    z: npt.NDArray[np.float32]
    log_likelihood: Numbers
    log_prior: Numbers
    log_proposal: Numbers

    @property
    def log_weight(self) -> Numbers:
        """(S,), log w_s = log p(x|z_s,c) + log p(z_s|c) - log r(z_s)."""
        return self.log_likelihood + self.log_prior - self.log_proposal


@dataclass(frozen=True, eq=False)
class RunningEstimate:
    """log 1/n sum_s w_s as n grows, at P values of n; in nats.

    Attributes:
        n: int64 (P,), rising.
        log_mean: (P,), the estimate of log p(x) from the first n weights.
        error: (P,), its standard error by the delta method, sqrt(1/ESS - 1/n).
        effective: (P,), ESS = (sum w)^2 / sum w^2, between 1 and n.
    """

    n: npt.NDArray[np.int64]
    log_mean: Numbers
    error: Numbers
    effective: Numbers


@torch.no_grad()
def weigh(
    model: VAE,
    x: Tensor,
    y: Tensor | None,
    proposal: DiagonalGaussian,
    n: int,
    generator: torch.Generator,
) -> WeightedSamples:
    """Draw n codes from the proposal r and weigh each against the joint p(x, z|c).

    With r the prior, w = p(x|z,c): simple Monte Carlo. With r the posterior q(z|x,c) it is the
    importance weight of Burda et al. 2016, equation 7.

    Args:
        model: on the CPU.
        x: (1, C, H, W) in [0, 1].
        y: label (1,) for a conditional model.
        proposal: r, one row (1, K).
        n: samples, at least 1.
        generator: source of the noise.
    """
    prior = model.prior(y, None if y is not None else 1)
    codes, logs = [], []
    for start in range(0, n, BATCH):
        size = min(BATCH, n - start)
        rows = DiagonalGaussian(proposal.mean.expand(size, -1), proposal.log_var.expand(size, -1))
        z = rows.rsample(generator)
        likelihood = model.decode(z, None if y is None else y.expand(size))
        log_likelihood = likelihood.log_prob(x.expand(size, -1, -1, -1))
        codes.append(z)
        logs.append(torch.stack([log_likelihood, prior.log_prob(z), rows.log_prob(z)]))
    log_likelihoods, log_priors, log_proposals = torch.cat(logs, 1).double().numpy()
    drawn = torch.cat(codes).float().numpy()
    return WeightedSamples(drawn, log_likelihoods, log_priors, log_proposals)


def running_estimate(log_weights: npt.ArrayLike, points: int = 160) -> RunningEstimate:
    """The estimate after 1, 2, ... n weights, at up to `points` values of n, evenly in log n.

    Args:
        log_weights: (n,).
        points: P at most; the last is always n.

    Raises:
        ValueError: without a weight.
    """
    logs = np.asarray(log_weights, np.float64)
    if logs.ndim != 1 or not len(logs):
        raise ValueError(f"log_weights must be of shape (n >= 1,), got {logs.shape}.")
    n = np.unique(np.geomspace(1, len(logs), points).round().astype(np.int64))
    total = np.logaddexp.accumulate(logs)[n - 1]
    squares = np.logaddexp.accumulate(2 * logs)[n - 1]
    effective = np.exp(2 * total - squares)
    error = np.sqrt(np.maximum(1 / effective - 1 / n, 0))
    return RunningEstimate(n, total - np.log(n), error, effective)
