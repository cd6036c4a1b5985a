"""What can be done with a picture that went through the model: one view at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from vaelab.web.decoding import Encoded
from vaelab.web.opened import Opened
from vaelab.web.reconstruct import (
    batch_view,
    better_code,
    class_posterior_view,
    fill_in,
    log_px_view,
    nearest_view,
    place_view,
    posterior_samples,
    posterior_view,
    reconstruct_measures,
    swap_view,
)
from vaelab.web.reconstruct.subject import Subject, look_at


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
    """What the model says of the picture, in nats; its posterior; its neighbours; its place."""
    image, label, code = looked.subject.image, looked.label, looked.code
    posterior_samples.show_samples(opened, image, label)
    reconstruct_measures.show_terms(opened, image, label)
    log_px_view.show_log_px(opened, image, label)
    class_posterior_view.show_classes(opened, image, label)
    posterior_view.show_posterior(opened, code, label)
    nearest_view.show_nearest(opened, code, label)
    place_view.show_place(opened, code)


def all_pictures(opened: Opened, looked: Looked) -> None:
    """Every picture that came together, in one table; a click opens one's dossier."""

    def look(number: int) -> None:
        look_at(opened, number)
        st.session_state[_key(opened)] = next(iter(VIEWS))

    batch_view.draw(opened, looked.subject.together, look)


def better(opened: Opened, looked: Looked) -> None:
    """A better code than the encoder's, found by gradient."""
    better_code.draw(opened, looked.subject, looked.label)


def filled(opened: Opened, looked: Looked) -> None:
    """A part hidden, and what may be there."""
    fill_in.draw(opened, looked.subject, looked.label)


def every(opened: Opened) -> bool:
    """Whether a view is for this model: any."""
    return True


def every_class(opened: Opened, looked: Looked) -> None:
    """The picture's style under every class."""
    assert looked.label is not None  # the view is for conditional models alone
    swap_view.draw(opened, looked.subject, looked.code, looked.label)


# Each view's name: whether it is for a model, and what draws it.
VIEWS: dict[str, tuple[Callable[[Opened], bool], Callable[[Opened, Looked], None]]] = {
    "Dossier": (every, dossier),
    "Every class": (lambda opened: bool(opened.n_classes), every_class),
    "Better code": (every, better),
    "Fill in": (fill_in.fits, filled),
}

# Views of several pictures that came together: shown when there are several.
TOGETHER: dict[str, Callable[[Opened, Looked], None]] = {
    "All pictures": all_pictures,
}


def draw(opened: Opened, looked: Looked) -> None:
    """Let the user choose a view, and draw it."""
    fitting = {name: view for name, (fits, view) in VIEWS.items() if fits(opened)}
    if looked.subject.together:
        fitting |= TOGETHER
    names = list(fitting)
    name = names[0]
    if len(names) > 1:
        name = st.segmented_control(
            "View",
            names,
            default=names[0],
            required=True,
            key=_key(opened),
            persist_state="session",
            wrap=True,
            label_visibility="collapsed",
        )
    fitting[name](opened, looked)


def _key(opened: Opened) -> str:
    return f"{opened.key}:subject-view"
