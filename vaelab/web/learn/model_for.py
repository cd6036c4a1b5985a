"""Which checkpoint a chapter is shown on: the one picked, or one that has what it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from vaelab.checkpoints import Checkpoint, CheckpointError
from vaelab.models import ModelConfig
from vaelab.web import state, words
from vaelab.web.opened import Opened, opened_from


@dataclass(frozen=True)
class Need:
    """What a chapter asks of a model.

    Attributes:
        met: whether a model has it.
        lack: why another does not, to follow its name.
    """

    met: Callable[[ModelConfig], bool]
    lack: str


A_PRIOR = Need(
    lambda config: not config.is_autoencoder,
    "is an autoencoder: its codes have no prior and no posterior, so there is no p(x)",
)
CLASSES = Need(lambda config: config.is_conditional, "has no classes")
NO_PRIOR = Need(lambda config: config.is_autoencoder, "is not an autoencoder")


def model_for(need: Need) -> Opened | None:
    """The model picked if it meets the need, else another, of which the page says why.

    One trained on the same images is preferred. None, with a sentence, where there is none.
    """
    picked = state.current_choice().checkpoint
    for checkpoint in candidates(need, picked):
        opened = try_open(checkpoint)
        if opened is not None:
            _say_which(opened, need, picked)
            return opened
    if picked is None:
        state.say_what_to_do()
    else:
        st.info(
            f"{picked.id} {need.lack}, and no other checkpoint has what this chapter "
            "needs. The text above holds all the same; train such a model to see it live.",
            icon=":material/info:",
        )
        state.link_to("train", "Train a model", ":material/model_training:")
    return None


def candidates(need: Need, picked: Checkpoint | None) -> list[Checkpoint]:
    """Those that meet the need: the picked one, then its data's, then the others."""
    fitting = [entry for entry in state.usable_checkpoints() if need.met(entry.model_config)]
    if picked is None:
        return fitting
    return sorted(
        fitting,
        key=lambda entry: (entry.id != picked.id, entry.data_name != picked.data_name),
    )


def try_open(checkpoint: Checkpoint) -> Opened | None:
    """The checkpoint with its codes; None while it has none, or when its files are damaged."""
    try:
        return opened_from(checkpoint)
    except CheckpointError:
        return None


def _say_which(opened: Opened, need: Need, picked: Checkpoint | None) -> None:
    shown = f"**{opened.checkpoint.id}** ({words.summary(opened.checkpoint)})"
    if picked is None or picked.id == opened.checkpoint.id:
        st.caption(f":material/sensors: Live on {shown}.")
    elif need.met(picked.model_config):
        lack = "cannot be opened, or holds no codes yet"
        st.caption(f":material/sensors: {picked.id} {lack}. Live on {shown} instead.")
    else:
        st.caption(f":material/sensors: {picked.id} {need.lack}. Live on {shown} instead.")
