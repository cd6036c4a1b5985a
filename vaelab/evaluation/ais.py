"""log p(x) by annealed importance sampling: a check where the posterior is a poor proposal."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.evaluation.batches import OnBatch, ignore_progress, seeded
from vaelab.evaluation.codes import Encoded, EncodedBatch
from vaelab.latent.annealed import PILOT_CHAINS, AnnealedChains, schedule
from vaelab.models import VAE
from vaelab.objectives import repeated_distortion

IMAGES_AT_A_TIME = 8


@dataclass(frozen=True, eq=False)
class AisLogPx:
    """Estimates of log p(x|c) that do not rest on the encoder.

    Attributes:
        log_px: float64 (N,), log of the mean of the chains' weights, nats: in expectation a lower
            bound, as importance sampling is.
        acceptance: float64 (N,), share of the Hamiltonian proposals that were accepted.
    """

    log_px: npt.NDArray[np.float64]
    acceptance: npt.NDArray[np.float64]


@dataclass(frozen=True)
class AisSettings:
    """How long and how finely is annealed.

    Raises:
        ValueError: for counts below 1.
    """

    n_chains: int = 16
    n_steps: int = 300  # distributions between the prior and the posterior
    n_leapfrog: int = 5  # gradients a transition

    def __post_init__(self) -> None:
        for name in ("n_chains", "n_steps", "n_leapfrog"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}.")


def ais_log_px_per_image(
    encoded: Encoded,
    settings: AisSettings | None = None,
    *,
    seed: int = 0,
    on_batch: OnBatch = ignore_progress,
) -> AisLogPx:
    """Anneal from the prior to the posterior, forward (Neal 2001; Wu et al. 2017).

    f_t(z) = p(z|c) p(x|z,c)^beta_t with beta from 0 to 1 on a sigmoid schedule; each distribution
    is followed by one Hamiltonian transition. The weight of a chain is the product of
    f_t(z_t) / f_(t-1)(z_t). The leapfrog's steps adapt to an acceptance of 0.8 in a pilot run and
    are then kept: steps that follow a chain's own states would bias its weight.

    Raises:
        ValueError: for an autoencoder.
    """
    settings = settings or AisSettings()
    generator = seeded(encoded.model, seed)
    log_px, acceptance = [], []
    for batch in encoded.batches(IMAGES_AT_A_TIME):
        _ = batch.gaussian  # an autoencoder has no p(x)
        chains = _annealed(encoded.model, batch, settings, generator)
        log_px.append(chains.log_weights.logsumexp(0) - math.log(settings.n_chains))
        acceptance.append(chains.accepted.mean(0) / settings.n_steps)
        on_batch(len(batch.x))
    return AisLogPx(torch.cat(log_px).cpu().numpy(), torch.cat(acceptance).cpu().numpy())


def _annealed(
    model: object, batch: EncodedBatch, settings: AisSettings, generator: torch.Generator
) -> AnnealedChains:
    """Chains that came from the prior to the posterior with the steps of a pilot run."""
    assert isinstance(model, VAE)
    prior = model.prior(batch.y, len(batch.x))

    def distortion(z: Tensor) -> Tensor:
        return repeated_distortion(model, batch.x, z, batch.y)

    betas = schedule(settings.n_steps)
    pilot = AnnealedChains(prior, distortion, settings.n_leapfrog, PILOT_CHAINS, generator)
    step, steps = pilot.first_step(), []
    for beta in betas[1:]:
        steps.append(step)
        step = pilot.adapt(float(beta), step)
    chains = AnnealedChains(prior, distortion, settings.n_leapfrog, settings.n_chains, generator)
    for before, beta, step in zip(betas[:-1], betas[1:], steps, strict=True):
        chains.anneal(float(before), float(beta), step)
    return chains
