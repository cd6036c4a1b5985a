"""Leapfrog steps of annealed chains, one for each dimension, learned on pilot chains."""

from __future__ import annotations

import torch
from torch import Tensor

from vaelab.latent.annealed import STEP_RANGE, TARGET_ACCEPTANCE, AnnealedChains

FIRST_LENGTH = 0.8
ADAPTATION = 0.3  # change of the log length for each unit of acceptance off the target
FORGETTING = 0.25  # share that a transition has in what is known of the curvatures


class LeapfrogSteps:
    """Steps (B, K): a length of each image's, over the root of the curvature of each dimension.

    A posterior is narrow along some dimensions and as wide as the prior along others; with one step
    for all the narrowest rules. The curvature of U_beta = |u|^2 / 2 + beta D(u) is
    1 + beta k_d on average, and E[(dU / du_d)^2] = E[d^2 U / du_d^2] at equilibrium (integration by
    parts), so that the chains' own gradients tell k. The steps are those of a Hamiltonian proposal
    with a diagonal mass matrix (Neal 2011, section 5.4.2.4), which Metropolis' rule keeps exact.

    Args:
        pilot: chains that are moved along; their weights are of no use.
    """

    def __init__(self, pilot: AnnealedChains) -> None:
        self.pilot = pilot
        self._length = pilot.u.new_full((pilot.u.shape[1], 1), FIRST_LENGTH)  # (B, 1)
        self._beyond_prior = torch.zeros_like(pilot.u[0])  # of mean squared gradients, (B, K)
        self._beta = 0.0  # averaged as these are

    def at(self, beta: float) -> Tensor:
        """The steps (B, K) for transitions at `beta`; the pilot makes one and is learned from."""
        k = (self._beyond_prior / self._beta).clamp(min=0) if self._beta else self._beyond_prior
        step = self._length * (1 + beta * k).rsqrt()
        chance = self.pilot.transition(beta, step).mean(0)[:, None]
        change = (ADAPTATION * (chance - TARGET_ACCEPTANCE)).exp().to(step)
        self._length = (self._length * change).clamp(*STEP_RANGE)
        squared = (self.pilot.u + beta * self.pilot.gradient).square().mean(0)  # (B, K)
        self._beyond_prior = torch.lerp(self._beyond_prior, squared - 1, FORGETTING)
        self._beta += FORGETTING * (beta - self._beta)
        return step
