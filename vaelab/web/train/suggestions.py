"""Settings that suit the images, put into the Train form when new images are chosen."""

from __future__ import annotations

import streamlit as st

from vaelab.data import ImageDataset, grey_share
from vaelab.web.train.form_state import key, set_value

FEW_GREYS = 0.2  # below this share of grey pixels a Bernoulli suits: MNIST has 0.1, digits 0.3
IMAGES_SEEN = 150_000  # that a first model should see in all: few images need more epochs
FEWEST_EPOCHS, MOST_EPOCHS = 20, 100


def suggest_for(source: str, train: ImageDataset) -> None:
    """Set likelihood and epochs once for each new source; later the fields are the user's."""
    if st.session_state.get(key("suggested_for")) != source:
        st.session_state[key("suggested_for")] = source
        few = grey_share(train) < FEW_GREYS
        set_value("likelihood", "bernoulli" if few else "gaussian")
        set_value("epochs", suggested_epochs(len(train)))


def suggested_epochs(n_images: int) -> int:
    """Enough epochs for a first look, in whole tens."""
    tens = round(IMAGES_SEEN / max(n_images, 1) / 10) * 10
    return min(max(tens, FEWEST_EPOCHS), MOST_EPOCHS)
