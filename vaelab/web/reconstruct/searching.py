"""A search that takes seconds: begun by a button, watched, and kept for the session."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Hashable
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.data.dataset import ImageDataset
from vaelab.latent.steps import Steps, finish
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.measure import SEED, scored

T = TypeVar("T")
TOLD_EVERY_S = 0.15


def searched(
    key: str,
    identity: Hashable,
    button: str | None,
    message: str,
    begin: Callable[[], Steps[T]],
) -> T | None:
    """What was found for `identity`; None before the button is pressed.

    Without a button the search begins at once. Only the last search of a key is kept: one of
    another picture gives way to it.
    """
    kept = f"{key}-found"
    begun = button is None or st.button(
        button, type="primary", icon=":material/search:", key=f"{key}-go"
    )
    found: tuple[Hashable, T] | None = st.session_state.get(kept)
    if found is not None and found[0] == identity and (button is None or not begun):
        return found[1]
    if not begun:
        return None
    place = st.empty()
    told = -TOLD_EVERY_S

    def tell(fraction: float) -> None:
        nonlocal told
        if time.monotonic() - told >= TOLD_EVERY_S:
            told = time.monotonic()
            place.progress(min(fraction, 1.0), text=message)

    result = finish(begin(), tell)
    place.empty()
    st.session_state[kept] = (identity, result)
    return result


def pixels_scored(opened: Opened, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture uint8 (C, H, W), black and white where the model was trained on that."""
    return scored(image, str(opened.checkpoint.train_config.get("binarisation", "none")), SEED)


def one_image(opened: Opened, image: npt.NDArray[np.uint8], label: int | None) -> ImageDataset:
    """A data set of the one picture, with the class that the model is told."""
    labels = opened.condition(label)
    return ImageDataset("one", image[None], labels, opened.class_names if opened.n_classes else ())


def fingerprint(*arrays: npt.NDArray[np.uint8] | npt.NDArray[np.bool_]) -> str:
    """Changes with any pixel."""
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()
