"""The latent dimensions of a checkpoint in the order that pages show them."""

from __future__ import annotations

import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.latent import Latents, SliderAxis
from vaelab.latent.model_axes import axis_amount, model_axes, unused_reason
from vaelab.latent.names import dimension_name
from vaelab.web.loaders import latents_of, model_of

__all__ = ["axes_of", "axis_title", "unused_reason"]


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
    return f"{dimension_name(axis.dim)} · {axis_amount(axis)}"


@st.cache_data(max_entries=32, show_spinner=False)
def _axes(
    key: tuple[str, int, str], _checkpoint: Checkpoint, _latents: Latents
) -> tuple[SliderAxis, ...]:
    report = _checkpoint.report
    rates = () if report is None else report.rate_per_dimension
    return model_axes(model_of(_checkpoint), _latents, rates)
