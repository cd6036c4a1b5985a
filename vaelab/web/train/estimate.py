"""What a run would cost: parameters and time, worked out once for each setting."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from vaelab.data import SourceDescription
from vaelab.models import ModelConfig, build_model, count_parameters
from vaelab.training import Estimate, TimedStep, TrainConfig, estimate_run, time_step
from vaelab.web import words

TIMING_SECONDS = 0.3


def n_training_images(description: SourceDescription, validation: float, test: float) -> int:
    """About how many images a source's training split will hold, by the fractions held out."""
    total = description.n_images or 0
    rest = total - description.n_test if description.n_test else round(total * (1 - test))
    return max(1, round(rest * (1 - validation)))


def n_parameters(model: ModelConfig) -> int:
    """Trained weights of the model."""
    return _parameters(model)


def cost(model: ModelConfig, train: TrainConfig, n_images: int) -> Estimate:
    """What the run would take, timed on a few steps the first time it is asked."""
    # None of these changes what an eager step costs.
    same_step = replace(
        train,
        epochs=1,
        learning_rate=1e-3,
        weight_decay=0.0,
        seed=0,
        grad_clip=100.0,
        compile="off",
    )
    return estimate_run(_step(model, same_step, n_images), train, n_images)


def in_words(found: Estimate) -> str:
    """`about 4 min on this machine, 15 s of it compiling`."""
    text = f"{words.about(found.seconds)} on this machine"
    if not found.compiling:
        return text
    return f"{text}, {words.duration(found.compiling)} of it compiling"


@st.cache_data(max_entries=256, show_spinner=False)
def _parameters(model: ModelConfig) -> int:
    return count_parameters(build_model(model))


@st.cache_data(max_entries=256, show_spinner=False)
def _step(model: ModelConfig, train: TrainConfig, n_images: int) -> TimedStep:
    return time_step(model, train, n_images, budget_seconds=TIMING_SECONDS)
