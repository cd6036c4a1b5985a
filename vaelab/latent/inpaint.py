"""What hidden pixels may hold: codes drawn from the posterior of the visible ones alone."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.latent.annealed import PILOT_CHAINS, AnnealedChains, schedule
from vaelab.latent.leapfrog_steps import LeapfrogSteps
from vaelab.latent.steps import Steps
from vaelab.models import VAE, DiagonalGaussian, Model

MOST_ASKED = 48  # classes at once


@dataclass(frozen=True)
class InpaintSettings:
    """How many chains, and how far they go.

    Raises:
        ValueError: for counts below 1, or fewer chains than alternatives.
    """

    n_alternatives: int = 8  # of each class asked
    n_chains: int = 32  # of each class asked
    n_steps: int = 80  # distributions between the prior and the posterior
    n_settling: int = 15  # transitions at the posterior, once the alternatives are drawn
    n_leapfrog: int = 4  # gradients a transition
    n_pilot: int = PILOT_CHAINS  # chains of each class that the leapfrog's steps are learned on

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 1:
                raise ValueError(
                    f"{field.name} must be at least 1, got {getattr(self, field.name)}."
                )
        if self.n_chains < self.n_alternatives:
            raise ValueError(
                f"n_chains must be at least n_alternatives (={self.n_alternatives}), "
                f"got {self.n_chains}."
            )


@dataclass(frozen=True, eq=False)
class Inpainted:
    """A alternatives under each of C classes asked; C is 1 for a model without classes.

    Attributes:
        classes: int64 (C,), or None for a model without classes.
        z: float32 (C, A, K), draws from p(z | visible pixels, c).
        log_joint: float64 (C, A), log p(visible pixels, z | c), nats; a density in z.
        log_visible: float64 (C,), log p(visible pixels | c) by the chains' weights, nats.
        n_starts: int64 (C,), how many different draws from the prior the alternatives come from.
        n_chains: of each class.
        acceptance: share of the proposals accepted at the posterior.
    """

    classes: npt.NDArray[np.int64] | None
    z: npt.NDArray[np.float32]
    log_joint: npt.NDArray[np.float64]
    log_visible: npt.NDArray[np.float64]
    n_starts: npt.NDArray[np.int64]
    n_chains: int
    acceptance: float


def inpaint(
    model: Model,
    x: Tensor,
    visible: Tensor,
    classes: npt.ArrayLike | None = None,
    settings: InpaintSettings | None = None,
    *,
    seed: int = 0,
) -> Steps[Inpainted]:
    """Draw codes given some pixels: p(z | x_v, c) is as p(z|c) prod_{i visible} p(x_i|z,c).

    Pixels are independent given z, so hidden ones drop out. Chains begin as draws from the prior,
    are annealed to it, and drawn anew by weight where weights have grown uneven (`annealed.py`),
    with steps that others have learned before them (`leapfrog_steps.py`).
    The alternatives are drawn from them in the end and moved on by Hamiltonian transitions, each
    taken or refused by Metropolis' rule, which leave the posterior as it is. The encoder is not
    used.

    Args:
        model: a VAE or CVAE.
        x: (1, C, H, W) in [0, 1]; what its hidden pixels hold does not matter.
        visible: bool (H, W).
        classes: those to ask, for a conditional model; None otherwise. One that stands there
            twice is asked twice, by chains of its own.
        settings: of the chains.
        seed: of all draws.

    Raises:
        ValueError: for an autoencoder, which has no prior, a mask of another shape, or classes that
            do not fit the model.
    """
    settings = settings or InpaintSettings()
    asked = _asked(model, x, visible, classes)
    assert isinstance(model, VAE)
    once, rows = (None, np.zeros(1)) if asked is None else np.unique(asked, return_inverse=True)
    of_asked = torch.from_numpy(rows).to(x.device, torch.int64)  # rows of the pilot's, (C,)
    generator = torch.Generator(x.device).manual_seed(seed)
    target = _VisiblePixels(model, x, visible)
    betas = schedule(settings.n_steps)
    total = (settings.n_steps * (settings.n_pilot + settings.n_chains)) + (
        settings.n_settling * settings.n_alternatives
    )
    learned = LeapfrogSteps(target.chains(once, settings.n_leapfrog, settings.n_pilot, generator))
    steps, done = [], 0
    for beta in betas[1:]:
        steps.append(learned.at(float(beta))[of_asked])
        done += settings.n_pilot
        yield done / total
    chains = target.chains(asked, settings.n_leapfrog, settings.n_chains, generator)
    for before, beta, step in zip(betas[:-1], betas[1:], steps, strict=True):
        chains.anneal(float(before), float(beta), step)
        chains.resample()
        done += settings.n_chains
        yield done / total
    chains.draw(settings.n_alternatives)
    for _ in range(settings.n_settling):
        chains.transition(1.0, steps[-1])
        done += settings.n_alternatives
        yield done / total
    return _inpainted(asked, chains, settings)


class _VisiblePixels:
    """What is seen of one image."""

    def __init__(self, model: VAE, x: Tensor, visible: Tensor) -> None:
        self.model = model
        self.x = torch.where(visible, x, torch.zeros_like(x))  # not even a NaN comes through
        self.weight = visible.to(x)

    def chains(
        self,
        classes: npt.NDArray[np.int64] | None,
        n_leapfrog: int,
        n_chains: int,
        generator: torch.Generator,
    ) -> AnnealedChains:
        """Chains for each of C classes, at their beginning."""
        y = None if classes is None else torch.from_numpy(classes).to(self.x.device)
        found = self.model.prior(y, 1 if y is None else len(y))
        prior = DiagonalGaussian(found.mean.detach(), found.log_var.detach())

        def distortion(z: Tensor) -> Tensor:
            return self.distortion(z, y)

        return AnnealedChains(prior, distortion, n_leapfrog, n_chains, generator)

    def distortion(self, z: Tensor, y: Tensor | None) -> Tensor:
        """-log p(visible pixels | z, c) of codes (S, C, K) under classes (C,): (S, C), nats."""
        codes = z.flatten(0, 1)
        x = self.x.expand(len(codes), -1, -1, -1)
        decoded = self.model.decode(codes, None if y is None else y.repeat(len(z)))
        values = decoded.log_prob_of_values(x)
        summed: Tensor = -(values * self.weight).flatten(1).sum(1).unflatten(0, z.shape[:2])
        return summed


def _inpainted(
    asked: npt.NDArray[np.int64] | None,
    chains: AnnealedChains,
    settings: InpaintSettings,
) -> Inpainted:
    log_visible = chains.log_normaliser  # (C,)
    starts = [len(origin.unique()) for origin in chains.origin.T]
    log_joint = chains.prior.double().log_prob(chains.z.double()) - chains.distortion.double()
    return Inpainted(
        asked,
        np.asarray(chains.z.float().transpose(0, 1).cpu().numpy()),
        np.asarray(log_joint.T.cpu().numpy()),
        np.asarray(log_visible.cpu().numpy()),
        np.array(starts, np.int64),
        settings.n_chains,
        float(chains.accepted.mean()) / settings.n_settling,
    )


def _asked(
    model: Model, x: Tensor, visible: Tensor, classes: npt.ArrayLike | None
) -> npt.NDArray[np.int64] | None:
    """The classes, checked with all else; None for a model without."""
    if not isinstance(model, VAE):
        raise ValueError(
            "an autoencoder has no prior: nothing says which codes are probable where pixels are "
            "hidden."
        )
    shape = model.config.image_shape
    if x.shape != (1, *shape):
        raise ValueError(f"x must be of shape {(1, *shape)}, got {tuple(x.shape)}.")
    if visible.shape != shape[1:] or visible.dtype != torch.bool:
        raise ValueError(
            f"visible must be bool of shape {shape[1:]}, got {visible.dtype} "
            f"{tuple(visible.shape)}."
        )
    n = model.config.n_classes
    if (classes is None) == bool(n):
        raise ValueError(f"classes must be given for a conditional model alone, got {classes!r}.")
    if classes is None:
        return None
    asked = np.asarray(classes, np.int64)
    fits = asked.ndim == 1 and 1 <= len(asked) <= MOST_ASKED
    if not fits or asked.min() < 0 or asked.max() >= n:
        raise ValueError(f"classes must be 1 to {MOST_ASKED} of 0..{n - 1}, got {asked}.")
    return asked
