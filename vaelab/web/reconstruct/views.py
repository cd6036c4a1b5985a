"""What can be done with a picture that went through the model: one view at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from vaelab.web.decoding import Encoded
from vaelab.web.opened import Opened
from vaelab.web.reconstruct import log_px_view, reconstruct_measures
from vaelab.web.reconstruct.subject import Subject


@dataclass(frozen=True, eq=False)
class Looked:
    """A picture that went through the model.

    Attributes:
        subject: the picture.
        label: the class that the model was told; None for an unconditional model.
        code: its code: mean (1, K) and, for a VAE, std (1, K).
    """

    subject: Subject
    label: int | None
    code: Encoded


def dossier(opened: Opened, looked: Looked) -> None:
    """What the model says of the picture, in nats; its posterior; its place."""
    reconstruct_measures.show_terms(opened, looked.subject.image, looked.label)
    log_px_view.show_log_px(opened, looked.subject.image, looked.label)
    reconstruct_measures.show_posterior(opened, looked.code, looked.label)
    reconstruct_measures.show_place(opened, looked.code)


def every(opened: Opened) -> bool:
    """Whether a view is for this model: any."""
    return True


# Each view's name: whether it is for a model, and what draws it.
VIEWS: dict[str, tuple[Callable[[Opened], bool], Callable[[Opened, Looked], None]]] = {
    "Dossier": (every, dossier),
}


def draw(opened: Opened, looked: Looked) -> None:
    """Let the user choose a view, and draw it."""
    names = [name for name, (fits, _) in VIEWS.items() if fits(opened)]
    name = names[0]
    if len(names) > 1:
        name = st.segmented_control(
            "View",
            names,
            default=names[0],
            required=True,
            key=f"{opened.key}:subject-view",
            persist_state="session",
            wrap=True,
            label_visibility="collapsed",
        )
    VIEWS[name][1](opened, looked)
