"""What a model is judged by and trained on: the ELBO's terms, the importance-weighted bound."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from vaelab.models import VAE, Autoencoder, DiagonalGaussian, Model


@dataclass(frozen=True, eq=False)
class ElboTerms:
    """ELBO(x) = -(distortion + rate), one value an image, in nats.

    Attributes:
        distortion: (B,), -E_q[log p(x|z,c)], a Monte Carlo estimate.
        rate: (B,), KL[q(z|x,c) || p(z|c)], in closed form.
    """

    distortion: Tensor
    rate: Tensor

    @property
    def elbo(self) -> Tensor:
        """(B,), a lower bound of log p(x|c)."""
        return -(self.distortion + self.rate)


@dataclass(frozen=True, eq=False)
class TrainingLoss:
    """The scalar that is minimised, and the unweighted terms that are reported.

    Attributes:
        loss: (), mean over the batch; beta, free bits and penalties are in here only.
        distortion: (B,) nats.
        rate: (B,) nats, or None for an autoencoder.
    """

    loss: Tensor
    distortion: Tensor
    rate: Tensor | None


# Of values (B, ...), over a batch's images, of which one process may hold a part.
Mean = Callable[[Tensor], Tensor]


def mean_of_images(values: Tensor) -> Tensor:
    """(B, ...) to (...)."""
    return values.mean(0)


def distortion(model: Model, x: Tensor, z: Tensor, y: Tensor | None = None) -> Tensor:
    """-log p(x|z,c) of each image: (B,), in nats."""
    return -model.decode(z, y).log_prob(x)


def elbo_terms(
    model: Model,
    x: Tensor,
    y: Tensor | None = None,
    generator: torch.Generator | None = None,
    n_samples: int = 1,
    *,
    posterior: DiagonalGaussian | None = None,
) -> ElboTerms:
    """Distortion and rate of each image (Kingma & Welling 2014, equation 3).

    Args:
        model: a VAE or CVAE.
        x: (B, C, H, W) in [0, 1].
        y: labels (B,) for a conditional model.
        generator: source of the noise.
        n_samples: posterior samples that the distortion is averaged over.
        posterior: q(z|x,c) of these images, where it is known already.

    Raises:
        ValueError: for an autoencoder, which has no ELBO, and for no samples.
    """
    _require_samples(n_samples)
    posterior = posterior or _posterior(model, x, y)
    assert isinstance(model, VAE)
    total = torch.zeros(len(x), dtype=x.dtype, device=x.device)
    for _ in range(n_samples):
        total = total + distortion(model, x, posterior.rsample(generator), y)
    rate = posterior.kl(model.prior(y, len(x))).sum(1)
    return ElboTerms(total / n_samples, rate)


def rate_per_dimension(model: Model, x: Tensor, y: Tensor | None = None) -> Tensor:
    """KL[q(z_k|x,c) || p(z_k|c)] of each image and dimension: (B, K), in nats."""
    posterior = _posterior(model, x, y)
    assert isinstance(model, VAE)
    return posterior.kl(model.prior(y, len(x)))


def importance_log_weights(
    model: Model,
    x: Tensor,
    y: Tensor | None,
    n_samples: int,
    generator: torch.Generator | None = None,
    *,
    posterior: DiagonalGaussian | None = None,
    rows: int = 0,
) -> Tensor:
    """log w_s = log p(x|z_s,c) + log p(z_s|c) - log q(z_s|x,c): float64 (S, B), z_s ~ q, in nats.

    Args:
        model: a VAE or CVAE.
        x: (B, C, H, W) in [0, 1].
        y: labels (B,) for a conditional model.
        n_samples: S.
        generator: source of the noise; the result does not depend on `rows`.
        posterior: q(z|x,c) of these images, where it is known already.
        rows: images decoded at a time, which bounds the memory; 0 decodes B at a time.

    Raises:
        ValueError: for an autoencoder, and for no samples.
    """
    _require_samples(n_samples)
    posterior = posterior or _posterior(model, x, y)
    assert isinstance(model, VAE)
    prior = model.prior(y, len(x))
    at_a_time = max(1, rows // len(x))
    parts = []
    for start in range(0, n_samples, at_a_time):
        size = min(at_a_time, n_samples - start)
        z = torch.stack([posterior.rsample(generator) for _ in range(size)])  # (S', B, K)
        parts.append(
            prior.double().log_prob(z.double())
            - posterior.double().log_prob(z.double())
            - repeated_distortion(model, x, z, y).double()
        )
    return torch.cat(parts)


def repeated_distortion(model: Model, x: Tensor, z: Tensor, y: Tensor | None = None) -> Tensor:
    """-log p(x|z_s,c) for S codes of each image: z (S, B, K) to (S, B), in nats."""
    size = len(z)
    repeated_y = None if y is None else y.repeat(size, *[1] * (y.ndim - 1))
    repeated_x = x.repeat(size, 1, 1, 1)
    values = distortion(model, repeated_x, z.flatten(0, 1), repeated_y)
    split: Tensor = values.unflatten(0, (size, len(x)))
    return split


def importance_weighted_bound(
    model: Model,
    x: Tensor,
    y: Tensor | None = None,
    n_samples: int = 64,
    generator: torch.Generator | None = None,
) -> Tensor:
    """L_S = log 1/S sum_s w_s of each image: (B,), in nats.

    Burda et al. 2016, equation 8: a lower bound of log p(x|c) that rises with S towards it.
    """
    log_weights = importance_log_weights(model, x, y, n_samples, generator)
    return log_weights.logsumexp(0) - math.log(n_samples)


def training_loss(
    model: Model,
    x: Tensor,
    y: Tensor | None,
    generator: torch.Generator,
    *,
    beta: float | Tensor = 1.0,
    free_bits: float = 0.0,
    iwae_samples: int = 1,
    mean: Mean = mean_of_images,
) -> TrainingLoss:
    """What the optimiser sees of one batch.

    Args:
        model: any family.
        x: (B, C, H, W) in [0, 1].
        y: labels (B,) for a conditional model.
        generator: source of all noise.
        beta: weight of the rate (Higgins et al. 2017).
        free_bits: nats a dimension below which its batch-mean rate is not pressed
            (Kingma et al. 2016, appendix C.8).
        iwae_samples: samples of the importance-weighted bound; 1 is the ELBO.
        mean: over the batch's images; the one thing that mixes them.
    """
    if isinstance(model, Autoencoder):
        return _autoencoder_loss(model, x, generator, mean)
    if iwae_samples > 1:
        return _iwae_loss(model, x, y, iwae_samples, generator, mean)
    posterior = model.encode(x, y)
    distortions = distortion(model, x, posterior.rsample(generator), y)
    rates = posterior.kl(model.prior(y, len(x)))  # (B, K)
    pressed = mean(rates).clamp(min=free_bits).sum() if free_bits else mean(rates.sum(1))
    return TrainingLoss(mean(distortions) + beta * pressed, distortions, rates.sum(1))


def _iwae_loss(
    model: VAE,
    x: Tensor,
    y: Tensor | None,
    n_samples: int,
    generator: torch.Generator,
    mean: Mean,
) -> TrainingLoss:
    """-L_S, with the S samples decoded as one batch of S * B."""
    posterior = model.encode(x, y)
    prior = model.prior(y, len(x))
    z = torch.stack([posterior.rsample(generator) for _ in range(n_samples)])  # (S, B, K)
    distortions = repeated_distortion(model, x, z, y)  # (S, B)
    log_weights = prior.log_prob(z) - posterior.log_prob(z) - distortions
    bound = log_weights.logsumexp(0) - math.log(n_samples)
    return TrainingLoss(-mean(bound), distortions.mean(0), posterior.kl(prior).sum(1))


def _autoencoder_loss(
    model: Autoencoder, x: Tensor, generator: torch.Generator, mean: Mean
) -> TrainingLoss:
    regulariser = model.config.regulariser
    strength = model.config.regulariser_strength
    seen = model.corrupt(x, generator)
    if regulariser == "contractive":
        seen = seen.detach().requires_grad_()
    code = model.encode(seen).mean
    distortions = distortion(model, x, code)
    loss = mean(distortions)
    if regulariser == "sparse":
        loss = loss + strength * mean(code.abs().sum(1))
    elif regulariser == "contractive":
        loss = loss + strength * mean(_squared_jacobian(code, seen, generator))
    return TrainingLoss(loss, distortions, None)


def _squared_jacobian(code: Tensor, x: Tensor, generator: torch.Generator) -> Tensor:
    """An unbiased estimate of ||dh/dx||_F^2 of each image: (B,).

    E ||v' J||^2 = ||J||_F^2 for v ~ N(0, I) (Hutchinson 1990); the penalty of Rifai et al. 2011.
    """
    v = torch.randn(code.shape, generator=generator, dtype=code.dtype, device=code.device)
    (product,) = torch.autograd.grad(code, x, v, create_graph=True)
    return product.flatten(1).square().sum(1)


def _require_samples(n_samples: int) -> None:
    if n_samples < 1:
        raise ValueError(f"n_samples must be at least 1, got {n_samples}.")


def _posterior(model: Model, x: Tensor, y: Tensor | None) -> DiagonalGaussian:
    if isinstance(model, Autoencoder):
        raise ValueError(
            "an autoencoder has no ELBO: its code is a point without a prior, so there is no "
            "rate, only the distortion -log p(x|h)."
        )
    return model.encode(x, y)
