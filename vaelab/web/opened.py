"""A checkpoint with everything that the exploring pages need of it, or a sentence instead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.checkpoints import Checkpoint, CheckpointError
from vaelab.latent import CodeMixture, Latents, SliderAxis
from vaelab.models import Model, ModelConfig
from vaelab.web.axes import axes_of
from vaelab.web.decoding import draw_codes
from vaelab.web.loaders import latents_of, mixture_of, model_of
from vaelab.web.state import current_choice, require_checkpoint


@dataclass(frozen=True, eq=False)
class Opened:
    """What belongs to one checkpoint; shared between sessions, so nothing in it is changed.

    Attributes:
        mixture: an autoencoder's; None for a VAE.
        axes: one a latent dimension, the most informative first.
    """

    checkpoint: Checkpoint
    model: Model
    latents: Latents
    mixture: CodeMixture | None
    axes: tuple[SliderAxis, ...]

    @property
    def n_classes(self) -> int:
        """Size of c; 0 for a model without classes."""
        return self.checkpoint.model_config.n_classes

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.checkpoint.class_names

    @property
    def key(self) -> str:
        """Prefix for what the session keeps about these very weights."""
        return session_key(self.checkpoint)

    def class_of(self, row: int) -> int | None:
        """The label of a stored code; None without labels."""
        labels = self.latents.labels
        return None if labels is None else int(labels[row])

    def condition(self, label: int | None, n: int = 1) -> npt.NDArray[np.int64] | None:
        """Labels (n,) for the model; None when it takes none."""
        if not self.n_classes:
            return None
        return np.full(n, 0 if label is None else label, np.int64)

    def draw(self, seed: int, label: int | None = None) -> npt.NDArray[np.float32]:
        """One code (K,) from the prior of the class, or from the autoencoder's mixture."""
        codes = draw_codes(self.model, self.mixture, 1, seed, self.condition(label))
        code: npt.NDArray[np.float32] = codes[0]
        return code


def session_key(checkpoint: Checkpoint) -> str:
    """Prefix for what a session keeps about these very weights."""
    return checkpoint.weights_sha256[:12]


def config_shown() -> ModelConfig | None:
    """The model that the page is about; None when there is no checkpoint."""
    checkpoint = current_choice().checkpoint
    return None if checkpoint is None else checkpoint.model_config


def opened_from(checkpoint: Checkpoint) -> Opened:
    """A checkpoint that holds codes, for routes, which have no page to say a sentence on.

    Raises:
        CheckpointError: if it is damaged, or holds no codes yet.
    """
    latents = latents_of(checkpoint)
    if not len(latents):
        raise CheckpointError(f"{checkpoint.id} holds no codes yet.")
    model, mixture = model_of(checkpoint), mixture_of(checkpoint)
    return Opened(checkpoint, model, latents, mixture, axes_of(checkpoint))


def open_checkpoint() -> Opened:
    """The checkpoint chosen; without one, or with a damaged one, a sentence ends the page's run."""
    checkpoint = require_checkpoint()
    try:
        latents = latents_of(checkpoint)
        opened = Opened(
            checkpoint,
            model_of(checkpoint),
            latents,
            mixture_of(checkpoint),
            axes_of(checkpoint) if len(latents) else (),
        )
    except CheckpointError as error:
        st.error(f"{error} Choose another checkpoint in the sidebar.", icon=":material/error:")
        st.stop()
    if not len(opened.latents):
        st.info(f"{checkpoint.id} holds no codes yet. They are saved when its first epoch ends.")
        st.stop()
    return opened
