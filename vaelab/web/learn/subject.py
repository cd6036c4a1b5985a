"""The one image that a chapter speaks about, chosen once for all chapters."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch
from torch import Tensor

from vaelab.web import show
from vaelab.web.decoding import pixels
from vaelab.web.opened import Opened
from vaelab.web.stored_images import image_name, pictures_of

ANY = -1
SIDE = 112


@dataclass(frozen=True, eq=False)
class Subject:
    """An image with its name.

    Attributes:
        image: uint8 (C, H, W).
        label: its class; None without labels.
        name: such as `test image 17, a 3`.
        are_data: False for a picture that the decoder made, the data not being here.
    """

    image: npt.NDArray[np.uint8]
    label: int | None
    name: str
    are_data: bool = True

    @property
    def x(self) -> Tensor:
        """(1, C, H, W) in [0, 1]."""
        return pixels(self.image[None])

    @property
    def key(self) -> bytes:
        """Tells images apart in caches."""
        return self.image.tobytes()

    def y(self, opened: Opened) -> Tensor | None:
        """The label (1,) for a conditional model, None for the others."""
        if not opened.n_classes:
            return None
        return torch.tensor([0 if self.label is None else self.label])

    def shuffled(self) -> Subject:
        """The same pixels in another order, colours staying together."""
        channels, height, width = self.image.shape
        order = np.random.default_rng(0).permutation(height * width)
        image = self.image.reshape(channels, -1)[:, order].reshape(self.image.shape)
        return Subject(image, self.label, f"{self.name}, its pixels in random order", self.are_data)


def subject_of(opened: Opened) -> Subject:
    """The image chosen for this checkpoint; a test image to begin with."""
    rows = _rows(opened)
    row = int(rows[_number(opened.key) % len(rows)])
    stored = pictures_of(opened.checkpoint, [row])
    label = opened.class_of(row)
    name = image_name(opened.latents, opened.class_names, row)
    return Subject(stored.images[0], label, name, stored.are_data)


def choose_subject(opened: Opened, beside: Callable[[Subject], None] | None = None) -> Subject:
    """Draw the image with the button that changes it, in a row; `beside` adds to the row."""
    chosen = subject_of(opened)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        show.picture(chosen.image, alt=f"The image of this chapter: {chosen.name}", side=SIDE)
        if beside is not None:
            beside(chosen)
        with st.container(width=230, gap="small"):
            st.markdown(f"$x$: {chosen.name}")
            st.button(
                "Another image",
                icon=":material/shuffle:",
                key=f"learn-another-{opened.key}",
                on_click=_another(opened.key),
            )
    if not chosen.are_data:
        st.caption(_NOT_DATA)
    return chosen


_NOT_DATA = (
    "The data’s own images are not on this machine: this one was decoded from a stored code, which"
    " makes it smoother and more probable than a real one."
)


def _rows(opened: Opened) -> npt.NDArray[np.int64]:
    """Test images where there are some, those the model has not seen."""
    test = np.flatnonzero(opened.latents.split == 2)
    return test if len(test) else np.arange(len(opened.latents))


def _number(key: str) -> int:
    return int(st.session_state.get(f"learn-image-{key}", 0))


def _another(key: str) -> Callable[[], None]:
    def draw() -> None:
        st.session_state[f"learn-image-{key}"] = secrets.randbits(31)

    return draw
