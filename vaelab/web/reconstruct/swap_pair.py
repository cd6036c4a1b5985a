"""The style of one picture with the class of another."""

from __future__ import annotations

import numpy as np
import streamlit as st

from vaelab.latent.class_swap import swap_classes
from vaelab.latent.encode import SPLITS
from vaelab.web import show
from vaelab.web.decoding import Encoded
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.reconstruct_measures import best_class
from vaelab.web.reconstruct.subject import Subject
from vaelab.web.stored_images import pictures_of, place_name
from vaelab.web.words import literal

SIDE, NARROWEST = 96, 124
STORED = "An image of the data"


@st.fragment
def draw(opened: Opened, subject: Subject, code: Encoded, label: int, carry: str) -> None:
    """A is the picture looked at; B is chosen here."""
    st.subheader("Style of A with the class of B", anchor=False)
    other = _other(opened, subject, label)
    given = best_class(opened, other.image, other.label)
    made = swap_classes(opened.model, code.mean, [label], [given], carry=carry)
    name, own = (literal(opened.class_names[c]) for c in (given, label))
    told = f"class {name}, that of its highest ELBO" if other.label is None else "its own class"
    cells = (  # title, image, what it is in a few words and in a sentence
        ("A, the style", subject.image, subject.name, f"{subject.title}; encoded as {own}."),
        ("B, the class", other.image, other.name, f"{other.title}: {told}."),
        (
            "A as B’s class",
            made.pictures[0, 0],
            f"style of A as {opened.class_names[given]}",
            f"The style of A as {name}.",
        ),
    )
    with st.grid("auto", min_column_width=NARROWEST, gap="medium"):
        for title, image, alt, about in cells:
            with st.container():
                st.markdown(f"**{title}**")
                show.picture(image, alt=alt, side=SIDE)
                st.caption(about)


def _other(opened: Opened, subject: Subject, label: int) -> Subject:
    """B: one of the pictures that came with A, or a stored image of another class."""
    key = f"{opened.key}:swap-b"
    numbered = [
        (f"{number}. {other.name}", other)
        for number, other in enumerate(subject.together, start=1)
        if other.image is not subject.image
    ]
    beside = [other for _, other in numbered]
    names = [*(name for name, _ in numbered), STORED]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = 0
        if beside:
            chosen = st.selectbox(
                "B", range(len(names)), format_func=names.__getitem__, key=f"{key}-{len(names)}"
            )
        if chosen == len(beside):
            st.button(
                "Another B",
                icon=":material/shuffle:",
                key=f"{key}-again",
                on_click=_again,
                args=(f"{key}-seed",),
            )
    if chosen < len(beside):
        return beside[chosen]
    return _stored(opened, label, int(st.session_state.get(f"{key}-seed", 0)))


def _again(key: str) -> None:
    st.session_state[key] = int(st.session_state.get(key, 0)) + 1


def _stored(opened: Opened, label: int, number: int) -> Subject:
    """The image `number` in an order that takes the other classes in turn."""
    latents = opened.latents
    assert latents.labels is not None  # a conditional model's codes have their classes
    rows = np.flatnonzero((latents.split == SPLITS["test"]) & (latents.labels != label))
    if not len(rows):
        rows = np.arange(len(latents))
    wanted = (label + 1 + number) % opened.n_classes
    of_class = rows[latents.labels[rows] == wanted]
    chosen = of_class if len(of_class) else rows
    row = int(chosen[number // opened.n_classes % len(chosen)])
    return Subject(
        pictures_of(opened.checkpoint, [row]).images[0],
        int(latents.labels[row]),
        place_name(latents, row),
    )
