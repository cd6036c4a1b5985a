"""The latent dimensions of a model in the order of what they carry, and that amount in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from vaelab.latent.encode import Latents
from vaelab.latent.names import dimension_name
from vaelab.latent.traverse import SliderAxis, slider_axes
from vaelab.models import VAE, DiagonalGaussian, Model


def model_axes(
    model: Model, latents: Latents, rate_per_dimension: Sequence[float] = ()
) -> tuple[SliderAxis, ...]:
    """One axis a latent dimension, the most informative first.

    Args:
        model: on the CPU.
        latents: its codes, at least one.
        rate_per_dimension: (K,) as measured, nats; of the stored posteriors when empty.
    """
    if not isinstance(model, VAE):
        return slider_axes(latents)
    if len(rate_per_dimension):
        return slider_axes(latents, np.asarray(rate_per_dimension))
    return slider_axes(latents, _mean_rates(model, latents))


def axis_amount(axis: SliderAxis) -> str:
    """How much a dimension carries: its rate, or an autoencoder's spread."""
    return f"std {axis.std:.2f}" if axis.rate_nats is None else f"{axis.rate_nats:.2f} nats"


def unused_reason(axes: tuple[SliderAxis, ...]) -> str:
    """Why the unused dimensions among `axes` are unused, one sentence; empty without any."""
    unused = [axis for axis in axes if axis.unused]
    if not unused:
        return ""
    names = ", ".join(dimension_name(axis.dim) for axis in unused)
    if unused[0].rate_nats is None:
        return f"The code never changes along {names}."
    return (
        f"The rate of {names} is below 0.01 nats: for every image the posterior equals the prior "
        "there, so the decoder has learned to ignore it."
    )


def _mean_rates(model: Model, latents: Latents) -> npt.NDArray[np.float64]:
    """(K,) mean KL of the stored posteriors, nats: for a checkpoint without a report yet."""
    if not isinstance(model, VAE) or latents.log_var is None:
        raise ValueError("only a VAE has rates.")
    posterior = DiagonalGaussian(torch.from_numpy(latents.mean), torch.from_numpy(latents.log_var))
    labels = None
    if model.config.is_conditional and latents.labels is not None:
        labels = torch.from_numpy(latents.labels)
    with torch.inference_mode():
        rates = posterior.kl(model.prior(labels, len(latents))).double().mean(0)
    return np.asarray(rates.numpy(), np.float64)
