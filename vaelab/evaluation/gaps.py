"""What separates an ELBO from log p(x): the approximation gap and the amortisation gap."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch import Tensor

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Gaps:
    """log p(x) - ELBO(q) = approximation gap + amortisation gap (Cremer, Li & Duvenaud 2018).

    All from the same n samples eps, z = mean + std eps under both posteriors; nats, float64 (N,).

    Attributes:
        elbo_before: of the encoder's posterior q.
        elbo_after: of the best diagonal Gaussian q*.
        amortisation: elbo_after - elbo_before.
        amortisation_error: its standard error, of the paired difference.
        log_px: log of the mean weight under q*, in expectation a lower bound; log p(x|c) for a
            conditional model.
        log_px_error: its standard error, by the delta method.
        approximation: log_px - elbo_after, at least 0.
        effective_before, effective_after: (sum w)^2 / sum w^2 with q and q* as the proposal.
        n_samples: n.
    """

    elbo_before: Values
    elbo_after: Values
    amortisation: Values
    amortisation_error: Values
    log_px: Values
    log_px_error: Values
    approximation: Values
    effective_before: Values
    effective_after: Values
    n_samples: int


def gaps_of(before: Tensor, after: Tensor) -> Gaps:
    """From log p(x, z) - log q(z) at z ~ q and z ~ q* with the same noise: float64 (n, N) each."""
    n = len(before)
    difference = after - before
    effective = effective_samples(after)
    spread = (n / effective - 1).clamp(min=0)
    log_px = after.logsumexp(0) - math.log(n)
    elbo = after.mean(0)
    few = max(n - 1, 1)
    return Gaps(
        _array(before.mean(0)),
        _array(elbo),
        _array(difference.mean(0)),
        _array(difference.var(0, correction=0).div(few).sqrt()),
        _array(log_px),
        _array(spread.div(few).sqrt()),
        _array((log_px - elbo).clamp(min=0)),  # Jensen's, but for rounding
        _array(effective_samples(before)),
        _array(effective),
        n,
    )


def effective_samples(log_weights: Tensor) -> Tensor:
    """(sum w)^2 / sum w^2 of weights (S, N): (N,), between 1 and S."""
    return (2 * log_weights.logsumexp(0) - (2 * log_weights).logsumexp(0)).exp()


def _array(values: Tensor) -> Values:
    return np.asarray(values.double().cpu().numpy())
