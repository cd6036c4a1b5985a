"""The aggregate posterior q(z|c) = 1/N sum_n q(z|x_n,c) against the prior."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from vaelab.evaluation.codes import Encoded
from vaelab.latent.typicality import aggregate_log_density
from vaelab.models import VAE

LOG_2PI = math.log(2 * math.pi)


@dataclass(frozen=True, eq=False)
class AggregatePerImage:
    """Where the rate goes: rate = marginal KL + mutual information (Hoffman & Johnson 2016).

    Attributes:
        marginal_kl: float64 (N,), log q(z_n|c_n) - log p(z_n|c_n) at z_n ~ q(z|x_n,c_n), nats;
            its mean estimates KL[q(z|c) || p(z|c)] of the aggregate posterior of these N images
            (a class at a time for a conditional model).
        mutual_information: float64 (N,), log q(z_n|x_n,c_n) - log q(z_n|c_n), nats; its mean
            estimates I(x; z|c), and is at most log N.
        log_n: the most that it could be, nats: log N, a mean over classes where there are some.
    """

    marginal_kl: npt.NDArray[np.float64]
    mutual_information: npt.NDArray[np.float64]
    log_n: float


def aggregate_per_image(encoded: Encoded, seed: int = 0) -> AggregatePerImage:
    """One sample of each posterior, scored under the mixture of all N, its own included.

    No minibatch stands in for the mixture. It is that of N images and not of all there could be:
    KL is convex, so the marginal KL is overestimated and the mutual information underestimated,
    and the latter cannot exceed log N.

    Raises:
        ValueError: for an autoencoder.
    """
    means, log_vars = encoded.means, encoded.log_vars
    z = encoded.samples(seed)
    own = _log_normal(z, means, log_vars)
    prior = _log_prior(encoded, z)
    mixture = np.empty(len(z))
    labels = encoded.dataset.labels
    conditional = encoded.model.config.is_conditional and labels is not None
    groups = labels if conditional and labels is not None else np.zeros(len(z), np.int64)
    largest = np.empty(len(z))
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        largest[rows] = math.log(len(rows))
        mixture[rows] = aggregate_log_density(z[rows], means[rows], log_vars[rows])
    return AggregatePerImage(mixture - prior, own - mixture, float(largest.mean()))


def _log_normal(
    z: npt.NDArray[np.float64], mean: npt.NDArray[np.float64], log_var: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    squared = (z - mean) ** 2 / np.exp(log_var)
    result: npt.NDArray[np.float64] = -0.5 * (LOG_2PI + log_var + squared).sum(axis=1)
    return result


@torch.no_grad()
def _log_prior(encoded: Encoded, z: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    model = encoded.model
    assert isinstance(model, VAE)
    y = None
    if model.config.is_conditional and encoded.dataset.labels is not None:
        y = torch.from_numpy(encoded.dataset.labels).to(encoded.mean.device)
    prior = model.prior(y, len(z)).double()
    return _log_normal(z, prior.mean.cpu().numpy(), prior.log_var.cpu().numpy())
