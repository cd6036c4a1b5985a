"""What the trust meter of a page measures against, worked out once for each model."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.latent import Latents, trust
from vaelab.latent.trust import Typical, typical_of_sample
from vaelab.standalone.component_data import code_rows
from vaelab.web.axes import axes_of
from vaelab.web.loaders import latents_of, model_of

MOST_CODES = 4000  # that a browser is sent


def sample_of(latents: Latents) -> Latents:
    """Up to MOST_CODES of the codes, always the same ones."""
    return latents if len(latents) <= MOST_CODES else latents.take(sample_rows(len(latents)))


def sample_rows(n: int) -> npt.NDArray[np.int64]:
    """Which of n codes `sample_of` takes, in ascending order."""
    return trust.sample_rows(n, MOST_CODES)


def codes_for_browser(checkpoint: Checkpoint) -> bytes:
    """The codes of `sample_of`, see `code_rows`.

    Raises:
        CheckpointError: if the codes are damaged.
    """
    return code_rows(sample_of(latents_of(checkpoint)))


def typical_of(checkpoint: Checkpoint) -> Typical:
    """Worked out once for each set of weights and codes.

    Raises:
        CheckpointError: if the codes or weights are damaged.
    """
    latents = latents_of(checkpoint)
    return _typical(checkpoint.weights_sha256, len(latents), checkpoint, latents)


@st.cache_data(max_entries=32, show_spinner=False)
def _typical(key: str, n_codes: int, _checkpoint: Checkpoint, _latents: Latents) -> Typical:
    return typical_of_sample(model_of(_checkpoint), sample_of(_latents), axes_of(_checkpoint))
