"""The ELBO's terms of stored codes, from the posteriors as they were stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.latent import Latents
from vaelab.models import VAE, DiagonalGaussian, Model

SAMPLES = 8  # of the posterior, for the bound of log p(x); the first is the distortion's
SEED = 0
RATES = 2**16  # codes at a time

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


@torch.inference_mode()
def rates(model: Model, latents: Latents) -> Floats:
    """KL[q(z|x,c) || p(z|c)] of N codes, nats: (N,).

    Raises:
        ValueError: for an autoencoder.
    """
    result = np.empty(len(latents))
    every = np.arange(len(latents))
    for start in range(0, len(latents), RATES):
        part = latents.take(every[start : start + RATES])
        rate = _posterior(part).kl(_prior(model, part)).sum(1)
        result[start : start + RATES] = rate.double().numpy()
    return result


@dataclass(frozen=True, eq=False)
class LogTerms:
    """What S posterior samples say of B images, in nats; S is 1 for an autoencoder.

    Attributes:
        log_px: float64 (S, B), log p(x|z,c).
        log_weights: float64 (S, B), log p(x|z,c) + log p(z|c) - log q(z|x,c); None for an
            autoencoder, which has neither prior nor posterior.
    """

    log_px: Floats
    log_weights: Floats | None


@torch.inference_mode()
def log_terms(
    model: Model, latents: Latents, images: npt.NDArray[np.uint8], rows: Rows, n_samples: int
) -> LogTerms:
    """The terms of images uint8 (B, C, H, W) at samples of their stored posteriors.

    Args:
        model: any family.
        latents: the B codes.
        images: their images.
        rows: (B,) where the codes are stored; the noise of a code depends on its row alone, so
            that its terms are the same in whatever company it is measured.
        n_samples: S, at most `SAMPLES`.
    """
    mean = torch.from_numpy(latents.mean)
    z = mean[None]  # (1, B, K): an autoencoder's code is a point
    if isinstance(model, VAE):
        posterior = _posterior(latents)
        z = posterior.mean + posterior.std * _noise(rows, latents.latent_dim, n_samples)
    y = _labels(model, latents)
    x = torch.from_numpy(images).float() / 255
    flat_y = None if y is None else y.repeat(len(z))
    log_px = model.decode(z.flatten(0, 1), flat_y).log_prob(x.repeat(len(z), 1, 1, 1))
    log_px = log_px.unflatten(0, (len(z), len(rows)))  # (S * B,) -> (S, B)
    if not isinstance(model, VAE):
        return LogTerms(log_px.double().numpy(), None)
    weights = log_px + _prior(model, latents).log_prob(z) - posterior.log_prob(z)
    return LogTerms(log_px.double().numpy(), weights.double().numpy())


def _noise(rows: Rows, latent_dim: int, n_samples: int) -> Tensor:
    """(S, B, K), of each row its own."""
    draws = [
        np.random.default_rng((SEED, int(row))).standard_normal((SAMPLES, latent_dim), np.float32)
        for row in rows
    ]
    return torch.from_numpy(np.stack(draws, axis=1)[:n_samples])


def _posterior(latents: Latents) -> DiagonalGaussian:
    if latents.log_var is None:
        raise ValueError("latents must have log_var: an autoencoder's codes have no rate.")
    return DiagonalGaussian(torch.from_numpy(latents.mean), torch.from_numpy(latents.log_var))


def _prior(model: Model, latents: Latents) -> DiagonalGaussian:
    if not isinstance(model, VAE):
        raise ValueError("model must be a VAE: an autoencoder has no prior.")
    return model.prior(_labels(model, latents), len(latents))


def _labels(model: Model, latents: Latents) -> Tensor | None:
    if not model.config.is_conditional or latents.labels is None:
        return None
    return torch.from_numpy(latents.labels)
