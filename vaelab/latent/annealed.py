"""Markov chains annealed from a prior to a posterior, whose weights estimate its normaliser."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.models.gaussian import DiagonalGaussian, standard_noise

STEEPNESS = 4.0  # of the sigmoid schedule (Wu et al. 2017, appendix)
PILOT_CHAINS = 4
TARGET_ACCEPTANCE = 0.8
ADAPTATION = 0.15  # change of the log step for each unit of acceptance off the target
JITTER = 0.3  # share by which steps vary: equal steps may bring a chain back to where it was
STEP_RANGE = (1e-4, 1.0)
FIRST_STEP = 0.1

Distortion = Callable[[Tensor], Tensor]  # codes (S, B, K) -> -log p(x|z,c), (S, B), nats


def schedule(n_steps: int) -> npt.NDArray[np.float64]:
    """beta_0 = 0 < ... < beta_T = 1, finest at both ends: (T + 1,)."""
    places = np.linspace(-STEEPNESS, STEEPNESS, n_steps + 1)
    sigmoid = 1 / (1 + np.exp(-places))
    return np.asarray((sigmoid - sigmoid[0]) / (sigmoid[-1] - sigmoid[0]))


class AnnealedChains:
    """S chains for each of B images, in u = (z - m_c) / s_c, whose prior is N(0, I).

    f_beta(z) = p(z|c) p(x|z,c)^beta; the weight of a chain is the product of
    f_beta(z_t) / f_(beta before)(z_t) over the betas it came through (Neal 2001), and its mean over
    chains estimates p(x|c) without bias, if steps do not follow the chains' own states. Chains may
    be drawn anew by their weights on the way (Del Moral, Doucet & Jasra 2006).

    Args:
        prior: p(z|c) of the B images, (B, K).
        distortion: what is annealed to; differentiable in z.
        n_leapfrog: gradients a transition.
        n_chains: S.
        generator: source of all noise.

    Attributes:
        u: (S, B, K), where the chains are.
        distortion: (S, B), there, nats.
        log_weights: float64 (S, B), nats, since the chains were last drawn anew.
        origin: int64 (S, B), which of the first S chains each comes from.
        accepted: float64 (S, B), number of proposals that were accepted.
    """

    def __init__(
        self,
        prior: DiagonalGaussian,
        distortion: Distortion,
        n_leapfrog: int,
        n_chains: int,
        generator: torch.Generator,
    ) -> None:
        self.prior, self.generator, self.n_leapfrog = prior, generator, n_leapfrog
        self._of_codes = distortion
        shape = (n_chains, *prior.mean.shape)  # (S, B, K)
        self.u = self._noise(prior.mean.new_empty(shape))
        self.distortion, self.gradient = self._distortion(self.u)
        self.accepted = torch.zeros(shape[:2], dtype=torch.float64, device=self.u.device)
        self.log_weights = torch.zeros_like(self.accepted)
        self.origin = torch.arange(n_chains, device=self.u.device)[:, None].repeat(1, shape[1])
        self._settled = torch.zeros_like(self.log_weights[0])  # of the weights before, (B,)

    @property
    def log_normaliser(self) -> Tensor:
        """log of the mean weight, the estimate of log p(x|c): float64 (B,), nats."""
        return self._settled + self.log_weights.logsumexp(0) - math.log(len(self.u))

    @property
    def z(self) -> Tensor:
        """The chains' codes (S, B, K)."""
        return self.prior.mean + self.prior.std * self.u

    def first_step(self) -> Tensor:
        """The leapfrog's step of each image that adapting begins with: (B, 1)."""
        return self.u.new_full((self.u.shape[1], 1), FIRST_STEP)

    def adapt(self, beta: float, step: Tensor) -> Tensor:
        """One transition with `step` (B, 1), and the step that follows from its acceptance."""
        chance = self.transition(beta, step).mean(0)[:, None]
        step = step * (ADAPTATION * (chance - TARGET_ACCEPTANCE)).exp().to(step)
        return step.clamp(*STEP_RANGE)

    def anneal(self, before: float, beta: float, step: Tensor) -> None:
        """Weigh the chains for the way from one beta to the next, and move them there."""
        self.log_weights -= (beta - before) * self.distortion.double()
        self.transition(beta, step)

    def resample(self, share: float = 0.5) -> None:
        """Draw the chains of an image anew if their weights count as fewer than `share` S."""
        few = effective_number(self.log_weights) < share * len(self.u)  # (B,)
        if bool(few.any()):
            drawn = systematic(self.log_weights, len(self.u), self.generator)
            stay = torch.arange(len(self.u), device=drawn.device)[:, None]
            weights = self.log_weights
            mean = weights.logsumexp(0) - math.log(len(self.u))
            self._take(torch.where(few, drawn, stay))
            self._settled = torch.where(few, self._settled + mean, self._settled)
            self.log_weights = torch.where(few, torch.zeros_like(weights), weights)

    def draw(self, n: int) -> None:
        """Go on with n chains of each image, drawn by weight; their acceptance is counted anew."""
        settled = self.log_normaliser
        self._take(systematic(self.log_weights, n, self.generator))
        self.log_weights = torch.zeros_like(self.log_weights[:1]).repeat(n, 1)
        self.accepted = torch.zeros_like(self.log_weights)
        self._settled = settled

    def _take(self, rows: Tensor) -> None:
        """Put the chains `rows` (S', B) of each image in place of all."""
        wide = rows[..., None].expand(*rows.shape, self.u.shape[-1])
        self.u, self.gradient = self.u.gather(0, wide), self.gradient.gather(0, wide)
        self.distortion = self.distortion.gather(0, rows)
        self.origin = self.origin.gather(0, rows)
        self.accepted = self.accepted.gather(0, rows)

    def transition(self, beta: float, step: Tensor) -> Tensor:
        """One Hamiltonian proposal that leaves f_beta as it is; its chance (S, B) to be taken."""
        momentum = self._noise(self.u)
        step = step * (1 + JITTER * (2 * self._uniform(self.u[..., :1]) - 1))  # (S, B, 1)
        u, distortion, gradient = self.u, self.distortion, self.gradient
        moving = momentum
        for _ in range(self.n_leapfrog):
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
        values = self._of_codes(self.prior.mean + self.prior.std * u)
        # not backward(): the model is shared, and no gradient is to be left at its weights
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


def effective_number(log_weights: Tensor) -> Tensor:
    """(sum w)^2 / sum w^2 of weights (S, B): (B,), between 1 and S."""
    return (2 * log_weights.logsumexp(0) - (2 * log_weights).logsumexp(0)).exp()


def systematic(log_weights: Tensor, n: int, generator: torch.Generator) -> Tensor:
    """n rows drawn by their weights: (S, B) to (n, B), evenly spaced with one random offset.

    Kitagawa 1996, appendix: each row comes n w times, rounded up or down.
    """
    ends = log_weights.softmax(0).cumsum(0).T.contiguous()  # (B, S)
    offset = torch.rand(len(ends), 1, generator=generator, dtype=ends.dtype, device=ends.device)
    places = (torch.arange(n, dtype=ends.dtype, device=ends.device) + offset) / n  # (B, n)
    return torch.searchsorted(ends, places).clamp(max=ends.shape[1] - 1).T.contiguous()
