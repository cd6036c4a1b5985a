"""Two estimators of the gradient of E_q[log p(x|z)] with respect to the posterior's mean."""

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
class GradientSamples:
    """S single-sample estimates of d E_q[log p(x|z)] / d mu_q: (S, K) each, nats a unit of z.

    All have the same expectation.

    Attributes:
        reparameterised: d log p(x|z) / dz at z = mu + sigma * eps.
        score: log p(x|z) * d log q(z) / d mu (Williams 1992).
        score_with_baseline: the same with log p(x|z) less its mean over the other samples.
    """

    reparameterised: Numbers
    score: Numbers
    score_with_baseline: Numbers


def gradient_samples(
    model: VAE,
    x: Tensor,
    y: Tensor | None,
    posterior: DiagonalGaussian,
    n: int,
    generator: torch.Generator,
) -> GradientSamples:
    """n estimates of each kind, from the same noise.

    Args:
        model: on the CPU; its weights are left alone.
        x: (1, C, H, W) in [0, 1].
        y: label (1,) for a conditional model.
        posterior: q(z|x,c), one row (1, K).
        n: S, at least 2.
        generator: source of the noise.

    Raises:
        ValueError: for n below 2, which leaves no other sample for the baseline.
    """
    if n < 2:
        raise ValueError(f"n must be at least 2, got {n}.")
    mean, std = posterior.mean.detach(), posterior.std.detach()
    slopes, values, noises = [], [], []
    for start in range(0, n, BATCH):
        size = min(BATCH, n - start)
        noise = torch.randn(size, mean.shape[1], generator=generator, dtype=mean.dtype)
        z = (mean + std * noise).requires_grad_()
        with torch.enable_grad():
            log_p = model.decode(z, None if y is None else y.expand(size)).log_prob(
                x.expand(size, -1, -1, -1)
            )
            (slope,) = torch.autograd.grad(log_p.sum(), z)
        slopes.append(slope)
        values.append(log_p.detach())
        noises.append(noise)
    log_p = torch.cat(values).double()[:, None]  # (S, 1)
    score = (torch.cat(noises) / std).double()  # d log q / d mu = (z - mu) / sigma^2
    others = (log_p.sum() - log_p) / (n - 1)
    return GradientSamples(
        torch.cat(slopes).double().numpy(),
        (log_p * score).numpy(),
        ((log_p - others) * score).numpy(),
    )


def running_mean(samples: npt.ArrayLike, points: int = 120) -> tuple[Numbers, Numbers, Numbers]:
    """n, mean and standard error of the first n samples (S,), from 2 samples on."""
    values = np.asarray(samples, np.float64)
    n = np.unique(np.geomspace(2, len(values), points).round().astype(np.int64))
    mean = np.cumsum(values)[n - 1] / n
    shifted = values - values.mean()  # cancels less in the difference of squares
    square = np.cumsum(np.square(shifted))[n - 1] / n
    variance = np.maximum(square - np.square(np.cumsum(shifted)[n - 1] / n), 0) * n / (n - 1)
    return n.astype(np.float64), mean, np.sqrt(variance / n)
