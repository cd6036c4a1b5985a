"""What a run would cost: parameters and time, worked out once for each setting."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from vaelab.data import SourceDescription
from vaelab.models import ModelConfig, build_model, count_parameters
from vaelab.training import TrainConfig, estimate_seconds

TIMING_SECONDS = 0.3


def n_training_images(description: SourceDescription, validation: float, test: float) -> int:
    """About how many images a source's training split will hold, by the fractions held out."""
    total = description.n_images or 0
    rest = total - description.n_test if description.n_test else round(total * (1 - test))
    return max(1, round(rest * (1 - validation)))


def n_parameters(model: ModelConfig) -> int:
    """Trained weights of the model."""
    return _parameters(model)


def seconds(model: ModelConfig, train: TrainConfig, n_images: int) -> float:
    """Estimated seconds of the run, timed on a few steps the first time it is asked."""
    # Neither of these changes what a step costs.
    same_step = replace(
        train, epochs=1, learning_rate=1e-3, weight_decay=0.0, seed=0, grad_clip=100.0
    )
    return _epoch(model, same_step, n_images) * train.epochs


@st.cache_data(max_entries=256, show_spinner=False)
def _parameters(model: ModelConfig) -> int:
    return count_parameters(build_model(model))


@st.cache_data(max_entries=256, show_spinner=False)
def _epoch(model: ModelConfig, train: TrainConfig, n_images: int) -> float:
    return estimate_seconds(model, train, n_images, budget_seconds=TIMING_SECONDS)
