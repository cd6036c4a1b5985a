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
    chains estimates p(x|c) without bias, if steps do not follow the chains' own states.

    Args:
        prior: p(z|c) of the B images, (B, K).
        distortion: what is annealed to; differentiable in z.
        n_leapfrog: gradients a transition.
        n_chains: S.
        generator: source of all noise.

    Attributes:
        u: (S, B, K), where the chains are.
        distortion: (S, B), there, nats.
        log_weights: float64 (S, B), nats.
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

    def take(self, rows: Tensor) -> None:
        """Go on with the chains `rows` (S', B) of each image, all weighing the same."""
        self.u = self.u.gather(0, rows[..., None].expand(*rows.shape, self.u.shape[-1]))
        self.gradient = self.gradient.gather(0, rows[..., None].expand_as(self.u))
        self.distortion = self.distortion.gather(0, rows)
        self.accepted = torch.zeros_like(self.accepted[:1]).repeat(len(rows), 1)
        self.log_weights = torch.zeros_like(self.accepted)

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
