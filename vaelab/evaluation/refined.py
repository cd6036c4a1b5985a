"""An image's own best posterior, found by gradient: how much the encoder's shortcut costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.evaluation.batches import joined, seeded
from vaelab.evaluation.codes import Encoded, EncodedBatch
from vaelab.evaluation.gaps import Gaps, gaps_of
from vaelab.latent.adam import Adam
from vaelab.latent.steps import Steps
from vaelab.models import VAE, DiagonalGaussian
from vaelab.models.gaussian import standard_noise
from vaelab.objectives import importance_log_weights, repeated_distortion

IMAGES_AT_A_TIME = 16
AT_A_TIME = 50  # fresh samples between two words of progress
GRADIENT_COST = 2.5  # decodings that a decoding and its gradient take as long as


@dataclass(frozen=True)
class RefineSettings:
    """How long and how finely is searched.

    Raises:
        ValueError: for counts below 1, an odd number of samples, or a rate that is not positive.
    """

    n_steps: int = 200
    n_samples: int = 4  # posterior samples a gradient, in pairs of eps and -eps
    rate: float = 0.1  # of the first step, in standard deviations of the encoder's posterior
    n_held_out: int = 32  # samples whose noise is fixed and decides which step is kept
    check_every: int = 10  # steps
    n_fresh: int = 1_000  # samples that the result is measured with

    def __post_init__(self) -> None:
        for name in ("n_steps", "n_samples", "n_held_out", "check_every", "n_fresh"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}.")
        if self.n_samples % 2:
            raise ValueError(f"n_samples must be even, got {self.n_samples}.")
        if not self.rate > 0:
            raise ValueError(f"rate must be positive, got {self.rate!r}.")


@dataclass(frozen=True, eq=False)
class RefinedPosterior:
    """The best diagonal Gaussian found for each of N images, beside the encoder's.

    Attributes:
        start_mean, start_std: float64 (N, K), the encoder's.
        mean, std: float64 (N, K), what was found; the encoder's own where nothing better was.
        gaps: both measured with the same fresh noise.
        steps: int64 (C,), after which the search was checked, 0 first.
        curve: float64 (C, N), the ELBO there, nats, with the same held-out noise each time.
    """

    start_mean: npt.NDArray[np.float64]
    start_std: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    std: npt.NDArray[np.float64]
    gaps: Gaps
    steps: npt.NDArray[np.int64]
    curve: npt.NDArray[np.float64]


def refine_posteriors(
    encoded: Encoded, settings: RefineSettings | None = None, *, seed: int = 0
) -> Steps[RefinedPosterior]:
    """Maximise the ELBO of each image over mean and variance of its own q(z), from the encoder's.

    The local search of Cremer, Li & Duvenaud 2018: Adam with reparameterised samples, their
    gradient without the score of q (Roeder et al. 2017), whose noise vanishes where q is the true
    posterior. Every few steps the ELBO is taken with noise that stays the same; the best is kept.
    What is returned is never below the encoder's in the fresh samples that measure both.

    Raises:
        ValueError: for an autoencoder, which has no ELBO.
    """
    settings = settings or RefineSettings()
    generator = seeded(encoded.model, seed)
    n_batches = -(-len(encoded) // IMAGES_AT_A_TIME)
    found = []
    for i, batch in enumerate(encoded.batches(IMAGES_AT_A_TIME)):
        search = _Search(encoded.model, batch, settings, generator)
        for fraction in search.run():
            yield (i + fraction) / n_batches
        found.append(search)
    starts = [search.start.double() for search in found]
    ends = [search.best.double() for search in found]
    return RefinedPosterior(
        joined([start.mean for start in starts]),
        joined([start.std for start in starts]),
        joined([end.mean for end in ends]),
        joined([end.std for end in ends]),
        gaps_of(
            torch.cat([search.weights[0] for search in found], 1),
            torch.cat([search.weights[1] for search in found], 1),
        ),
        np.array(found[0].steps, np.int64),
        np.concatenate([np.stack([c.cpu().numpy() for c in s.curve]) for s in found], 1),
    )


class _Search:
    """One batch of images: mean = m + s a and log_var = l + b with m, s, l of the encoder."""

    def __init__(
        self, model: object, batch: EncodedBatch, settings: RefineSettings, noise: torch.Generator
    ) -> None:
        gaussian = batch.gaussian  # an autoencoder has no ELBO
        assert isinstance(model, VAE)
        self.model, self.batch, self.settings, self.noise = model, batch, settings, noise
        self.start = DiagonalGaussian(gaussian.mean.detach(), gaussian.log_var.detach())
        prior = model.prior(batch.y, len(batch.x))
        self.prior = DiagonalGaussian(prior.mean.detach(), prior.log_var.detach())
        self.held_out_seed, self.fresh_seed = torch.randint(
            2**31, (2,), generator=noise, device=noise.device
        ).tolist()
        self.best = self.start
        self.best_elbo = self._held_out(self.start)
        self.steps, self.curve = [0], [self.best_elbo]
        self.weights = (torch.empty(0), torch.empty(0))

    def run(self) -> Iterator[float]:
        """Search, then measure; yields the fraction done."""
        settings = self.settings
        searching = GRADIENT_COST * settings.n_samples * settings.n_steps
        share = searching / (searching + 2 * settings.n_fresh)
        zeros = torch.zeros_like(self.start.mean)
        adam = Adam([zeros, zeros], settings.rate, settings.n_steps)
        for step in range(1, settings.n_steps + 1):
            adam.descend(self._gradients(*adam.values))
            if step % settings.check_every == 0 or step == settings.n_steps:
                self._check(step, self._moved(*adam.values))
            yield share * step / settings.n_steps
        for fraction in self._measure():
            yield share + (1 - share) * fraction

    def _moved(self, a: Tensor, b: Tensor) -> DiagonalGaussian:
        return DiagonalGaussian(self.start.mean + self.start.std * a, self.start.log_var + b)

    @torch.enable_grad()
    def _gradients(self, a: Tensor, b: Tensor) -> tuple[Tensor, ...]:
        """Of -ELBO in a and b, (B, K) each, by samples and without q's score."""
        a, b = a.detach().requires_grad_(), b.detach().requires_grad_()
        q = self._moved(a, b)
        half = self.start.mean.new_empty(self.settings.n_samples // 2, *self.start.mean.shape)
        eps = standard_noise(half, self.noise)
        z = q.mean + q.std * torch.cat([eps, -eps])  # (S, B, K)
        held = DiagonalGaussian(q.mean.detach(), q.log_var.detach())
        distortion = repeated_distortion(self.model, self.batch.x, z, self.batch.y)
        log_weights = self.prior.log_prob(z) - held.log_prob(z) - distortion
        # not backward(): the model is shared, and no gradient is to be left at its weights
        return torch.autograd.grad(-log_weights.mean(0).sum(), (a, b))

    def _check(self, step: int, q: DiagonalGaussian) -> None:
        elbo = self._held_out(q)
        better = elbo > self.best_elbo  # never for NaN
        self.best = _where(better, q, self.best)
        self.best_elbo = torch.where(better, elbo, self.best_elbo)
        self.steps.append(step)
        self.curve.append(elbo)

    @torch.no_grad()
    def _held_out(self, q: DiagonalGaussian) -> Tensor:
        """ELBO with noise that is the same each time: float64 (B,)."""
        generator = seeded(self.model, self.held_out_seed)
        return self._log_weights(q, self.settings.n_held_out, generator).mean(0)

    def _measure(self) -> Iterator[float]:
        """Weights of start and best with the same fresh noise; the best is the better of both."""
        n, done = self.settings.n_fresh, 0
        generators = [seeded(self.model, self.fresh_seed) for _ in range(2)]
        parts: tuple[list[Tensor], list[Tensor]] = ([], [])
        while done < n:
            size = min(AT_A_TIME, n - done)
            for q, generator, part in zip((self.start, self.best), generators, parts, strict=True):
                part.append(self._log_weights(q, size, generator))
            done += size
            yield done / n
        before, after = torch.cat(parts[0]), torch.cat(parts[1])
        better = after.mean(0) > before.mean(0)
        self.best = _where(better, self.best, self.start)
        self.weights = (before, torch.where(better, after, before))

    @torch.no_grad()
    def _log_weights(self, q: DiagonalGaussian, n: int, generator: torch.Generator) -> Tensor:
        """log p(x, z) - log q(z) of z ~ q: float64 (n, B), whose mean is the ELBO."""
        x, y = self.batch.x, self.batch.y
        rows = max(len(x), 128)
        return importance_log_weights(self.model, x, y, n, generator, posterior=q, rows=rows)


def _where(rows: Tensor, one: DiagonalGaussian, other: DiagonalGaussian) -> DiagonalGaussian:
    """`one` in the rows (B,) that say so, else `other`."""
    chosen = rows[:, None]
    return DiagonalGaussian(
        torch.where(chosen, one.mean, other.mean), torch.where(chosen, one.log_var, other.log_var)
    )
