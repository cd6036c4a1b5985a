"""The latent dimensions of a checkpoint in the order that pages show them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from vaelab.checkpoints import Checkpoint
from vaelab.latent import Latents, SliderAxis, slider_axes
from vaelab.latent.names import dimension_name
from vaelab.models import VAE, DiagonalGaussian, Model
from vaelab.web.loaders import latents_of, model_of


def axes_of(checkpoint: Checkpoint) -> tuple[SliderAxis, ...]:
    """One axis a latent dimension, the most informative first.

    Raises:
        CheckpointError: if the codes or weights are damaged.
    """
    latents = latents_of(checkpoint)
    measured = "" if checkpoint.report is None else checkpoint.report.created
    return _axes((checkpoint.weights_sha256, len(latents), measured), checkpoint, latents)


def axis_title(axis: SliderAxis) -> str:
    """The dimension's name and how much it carries: its rate, or an autoencoder's spread."""
    amount = f"std {axis.std:.2f}" if axis.rate_nats is None else f"{axis.rate_nats:.2f} nats"
    return f"{dimension_name(axis.dim)} · {amount}"


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


@st.cache_data(max_entries=32, show_spinner=False)
def _axes(
    key: tuple[str, int, str], _checkpoint: Checkpoint, _latents: Latents
) -> tuple[SliderAxis, ...]:
    if _checkpoint.model_config.is_autoencoder:
        return slider_axes(_latents)
    report = _checkpoint.report
    rates = (
        np.asarray(report.rate_per_dimension)
        if report is not None and report.rate_per_dimension
        else _mean_rates(model_of(_checkpoint), _latents)
    )
    return slider_axes(_latents, rates)


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
