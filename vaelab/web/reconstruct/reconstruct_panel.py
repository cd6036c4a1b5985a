"""The reconstruct page: one image through the model, and what the model says of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.web import show
from vaelab.web.class_picker import pick_class
from vaelab.web.decoding import Encoded, decode, encode
from vaelab.web.image_figures import pixel_map
from vaelab.web.opened import Opened
from vaelab.web.reconstruct import reconstruct_measures, views
from vaelab.web.reconstruct.subject import Subject, choose
from vaelab.web.reconstruct.take_code import FoundCode, offer_code

SIDE, SIDE_OF_FOUR = 196, 160


def draw(opened: Opened) -> None:
    """Choose an image; then its reconstruction, its error, its posterior, its place."""
    subject = choose(opened)
    if subject is None:
        return
    label = _class(opened, subject)
    code = encode(opened.model, subject.image[None], opened.condition(label))
    _pictures(opened, subject, code, label)
    offer_code(opened, FoundCode(code.mean[0], label, subject.name, subject.image), "elsewhere")
    views.draw(opened, views.Looked(subject, label, code))


def _class(opened: Opened, subject: Subject) -> int | None:
    """The class that a conditional model is told; the image's own to begin with."""
    if not opened.n_classes:
        return None
    key, shown_for = f"{opened.key}:subject-class", f"{opened.key}:subject-shown"
    identity = hash(subject.image.tobytes())
    if st.session_state.get(shown_for) != identity:
        st.session_state[shown_for] = identity
        st.session_state[key] = reconstruct_measures.best_class(
            opened, subject.image, subject.label
        )
    return pick_class(
        "Class c that the model is told",
        opened.class_names,
        key,
        help="For a picture without a class, the one with the highest ELBO to begin with.",
    )


def _pictures(opened: Opened, subject: Subject, code: Encoded, label: int | None) -> None:
    decoded = decode(opened.model, code.mean, opened.condition(label))
    error = np.abs(subject.image.astype(np.float32) / 255 - decoded.mean[0])
    per_pixel = decoded.std if decoded.shared_std is None else None
    side = SIDE if per_pixel is None else SIDE_OF_FOUR
    with st.grid("auto", min_column_width=side + 12, gap="medium"):
        with st.container():
            st.markdown("**Image**")
            show.picture(subject.image, alt=subject.name, side=side)
            st.caption(f"{subject.title}.")
        with st.container():
            st.markdown("**Reconstruction**")
            show.picture(decoded.mean[0], alt="reconstruction", side=side)
            shared = decoded.shared_std
            st.caption(
                ("From its code." if code.std is None else "From its posterior’s mean.")
                + ("" if shared is None else f" Standard deviation of every pixel: {shared:.3f}.")
            )
        with st.container():
            st.markdown("**Absolute error**")
            _pixels(error, "error", "Absolute error of each pixel", side)
            st.caption(f"Mean {error.mean():.3f}, largest {error.max():.3f}; pixels are 0 to 1.")
        if per_pixel is not None:
            with st.container():
                st.markdown("**Standard deviation**")
                _pixels(per_pixel[0], "std", "Standard deviation of each pixel", side)
                floor = opened.checkpoint.model_config.min_std
                st.caption(f"As the likelihood has it; its floor is {floor:g}.")


def _pixels(values: npt.NDArray[np.float32], name: str, alt: str, side: int) -> None:
    st.plotly_chart(
        pixel_map(values, side=side),
        width=side,
        key=f"pixels-{name}",
        alt=alt,
        config={"displayModeBar": False},
    )
