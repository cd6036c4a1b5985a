"""Which autoencoder the first chapter shows: the user's own, or a tiny one trained on the spot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.latent import CodeMixture
from vaelab.models import REGULARISERS, Autoencoder
from vaelab.web import words
from vaelab.web.learn import tiny_models
from vaelab.web.opened import Opened
from vaelab.web.stored_images import data_at_hand

SIZES = (2, 4, 8, 16, 32, 64)
MOST_FOR_PCA = 5_000
MOST_MEASURED = 500

Images = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Copier:
    """An autoencoder with images to show it on.

    Attributes:
        key: tells copiers apart in caches.
        codes: (N, K), of images that it was trained on.
        train, test: uint8 (N, C, H, W).
        about: what it is and on what it was measured, a sentence.
    """

    key: str
    model: Autoencoder
    codes: npt.NDArray[np.float32]
    mixture: CodeMixture
    train: Images
    test: Images
    about: str


def own_copier(opened: Opened) -> Copier | None:
    """The user's autoencoder, if its images are here."""
    splits, model = data_at_hand(opened.checkpoint), opened.model
    if splits is None or opened.mixture is None or not isinstance(model, Autoencoder):
        return None
    regulariser = REGULARISERS[model.config.regulariser].title
    return Copier(
        opened.checkpoint.id,
        model,
        opened.latents.mean,
        opened.mixture,
        splits.train.images[:MOST_FOR_PCA],
        splits.test.images[:MOST_MEASURED],
        f"{opened.checkpoint.id}: {words.summary(opened.checkpoint)}, {regulariser}",
    )


def tiny_copier() -> Copier:
    """One of the digits, as the controls ask for it."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        k = st.segmented_control(
            "Numbers in the code, of 64 pixels",
            SIZES,
            default=8,
            required=True,
            key="learn-tiny-size",
            persist_state="session",
        )
        regulariser = st.selectbox(
            "Kept from copying by",
            list(REGULARISERS),
            format_func=lambda name: REGULARISERS[name].title,
            key="learn-tiny-regulariser",
            persist_state="session",
            width=260,
        )
    kept = REGULARISERS[str(regulariser)]
    tiny = tiny_models.tiny_autoencoder(int(k or 8), str(regulariser), kept.default_strength)
    splits = tiny_models.digits()
    return Copier(
        f"tiny-{k}-{regulariser}",
        tiny.model,
        tiny.codes,
        tiny.mixture,
        splits.train.images,
        splits.test.images,
        f"A tiny autoencoder of the digits, trained on {len(splits.train):,} images in "
        f"{tiny_models.EPOCHS} epochs: {k} numbers in the code, {kept.title}",
    )
