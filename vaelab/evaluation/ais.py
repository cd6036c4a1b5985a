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
from vaelab.models import VAE
from vaelab.models.gaussian import standard_noise
from vaelab.objectives import repeated_distortion

STEEPNESS = 4.0  # of the sigmoid schedule (Wu et al. 2017, appendix)
PILOT_CHAINS = 4
TARGET_ACCEPTANCE = 0.8
ADAPTATION = 0.15  # change of the log step for each unit of acceptance off the target
JITTER = 0.3  # share by which steps vary: equal steps may bring a chain back to where it was
STEP_RANGE = (1e-4, 1.0)
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
        pilot = _Chains(encoded.model, batch, settings, PILOT_CHAINS, generator)
        steps = pilot.adapt()
        chains = _Chains(encoded.model, batch, settings, settings.n_chains, generator)
        weights = chains.run(steps)
        log_px.append(weights.logsumexp(0) - math.log(settings.n_chains))
        acceptance.append(chains.accepted.mean(0) / settings.n_steps)
        on_batch(len(batch.x))
    return AisLogPx(torch.cat(log_px).cpu().numpy(), torch.cat(acceptance).cpu().numpy())


def schedule(n_steps: int) -> npt.NDArray[np.float64]:
    """beta_0 = 0 < ... < beta_T = 1, finest at both ends: (T + 1,)."""
    places = np.linspace(-STEEPNESS, STEEPNESS, n_steps + 1)
    sigmoid = 1 / (1 + np.exp(-places))
    return np.asarray((sigmoid - sigmoid[0]) / (sigmoid[-1] - sigmoid[0]))


class _Chains:
    """S chains for each of B images, in u = (z - m_c) / s_c, whose prior is N(0, I)."""

    def __init__(
        self,
        model: object,
        batch: EncodedBatch,
        settings: AisSettings,
        n_chains: int,
        generator: torch.Generator,
    ) -> None:
        assert isinstance(model, VAE)
        self.model, self.batch, self.settings, self.generator = model, batch, settings, generator
        self.prior = model.prior(batch.y, len(batch.x))
        shape = (n_chains, *self.prior.mean.shape)  # (S, B, K)
        self.u = self._noise(self.prior.mean.new_empty(shape))
        self.distortion, self.gradient = self._distortion(self.u)
        self.accepted = torch.zeros(shape[:2], dtype=torch.float64, device=self.u.device)

    def adapt(self) -> Tensor:
        """The step of each transition and image that the chains have come to: (T, B, 1)."""
        step, steps = self.u.new_full((self.u.shape[1], 1), 0.1), []
        for beta in schedule(self.settings.n_steps)[1:]:
            steps.append(step)
            chance = self._transition(float(beta), step).mean(0)[:, None]
            step = step * (ADAPTATION * (chance - TARGET_ACCEPTANCE)).exp().to(step)
            step = step.clamp(*STEP_RANGE)
        return torch.stack(steps)

    def run(self, steps: Tensor) -> Tensor:
        """log weights of chains with the steps (T, B, 1): float64 (S, B)."""
        betas = schedule(self.settings.n_steps)
        weights = torch.zeros_like(self.accepted)
        for before, beta, step in zip(betas[:-1], betas[1:], steps, strict=True):
            weights -= (beta - before) * self.distortion.double()
            self._transition(float(beta), step)
        return weights

    def _transition(self, beta: float, step: Tensor) -> Tensor:
        """One Hamiltonian proposal that leaves f_beta as it is; its chance (S, B) to be taken."""
        momentum = self._noise(self.u)
        step = step * (1 + JITTER * (2 * self._uniform(self.u[..., :1]) - 1))  # (S, B, 1)
        u, distortion, gradient = self.u, self.distortion, self.gradient
        moving = momentum
        for _ in range(self.settings.n_leapfrog):
            moving = moving - 0.5 * step * (u + beta * gradient)
            u = u + step * moving
            distortion, gradient = self._distortion(u)
            moving = moving - 0.5 * step * (u + beta * gradient)
        gain = _energy(self.u, self.distortion, momentum, beta) - _energy(
            u, distortion, moving, beta
        )
        chance = gain.nan_to_num(nan=-math.inf).clamp(max=0).exp()  # NaN: a step has exploded
        taken = self._uniform(chance) < chance
        self.u = torch.where(taken[..., None], u, self.u)
        self.gradient = torch.where(taken[..., None], gradient, self.gradient)
        self.distortion = torch.where(taken, distortion, self.distortion)
        self.accepted += taken
        return chance

    @torch.enable_grad()
    def _distortion(self, u: Tensor) -> tuple[Tensor, Tensor]:
        """-log p(x|z,c) (S, B) and its gradient in u (S, B, K)."""
        u = u.detach().requires_grad_()
        z = self.prior.mean + self.prior.std * u
        values = repeated_distortion(self.model, self.batch.x, z, self.batch.y)
        (gradient,) = torch.autograd.grad(values.sum(), u)
        return values.detach(), gradient

    def _noise(self, like: Tensor) -> Tensor:
        return standard_noise(like, self.generator)

    def _uniform(self, like: Tensor) -> Tensor:
        return torch.rand(
            like.shape, generator=self.generator, dtype=like.dtype, device=like.device
        )


def _energy(u: Tensor, distortion: Tensor, momentum: Tensor, beta: float) -> Tensor:
    """-log f_beta + |momentum|^2 / 2 up to a constant: float64 (S, B)."""
    kinetic = (u.double().square() + momentum.double().square()).sum(-1) / 2
    return kinetic + beta * distortion.double()
