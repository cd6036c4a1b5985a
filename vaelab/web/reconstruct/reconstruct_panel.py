"""The reconstruct page: one image through the model, and what the model says of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.pictures import to_uint8
from vaelab.web import show, upload
from vaelab.web.class_picker import pick_class
from vaelab.web.decoding import Encoded, decode, encode, source_of_codes
from vaelab.web.image_figures import pixel_map
from vaelab.web.opened import Opened
from vaelab.web.reconstruct import log_px_view, reconstruct_measures
from vaelab.web.stored_images import data_at_hand

SIDE, SIDE_OF_FOUR = 196, 168
UPLOAD, TEST, DRAWN = "Upload", "Test image", "Drawn by the model"


@dataclass(frozen=True, eq=False)
class Subject:
    """The image that goes through the model.

    Attributes:
        image: uint8 (C, H, W).
        label: its own class where that is known.
        name: what it is, for people.
    """

    image: npt.NDArray[np.uint8]
    label: int | None
    name: str


def draw(opened: Opened) -> None:
    """Choose an image; then its reconstruction, its error, its posterior, its place."""
    subject = _choose(opened)
    if subject is None:
        _say_what_to_do(opened)
        return
    label = _class(opened, subject)
    code = encode(opened.model, subject.image[None], opened.condition(label))
    _pictures(opened, subject, code, label)
    reconstruct_measures.show_terms(opened, subject.image, label)
    log_px_view.show_log_px(opened, subject.image, label)
    reconstruct_measures.show_posterior(opened, code, label)
    reconstruct_measures.show_place(opened, code)


def _choose(opened: Opened) -> Subject | None:
    key = f"{opened.key}:subject"
    sources = [UPLOAD, *([TEST] if data_at_hand(opened.checkpoint) else []), DRAWN]
    source = st.segmented_control(
        "Image",
        sources,
        default=UPLOAD,
        required=True,
        key=f"{key}-source",
        persist_state="session",
        wrap=True,
    )
    if source == UPLOAD:
        return _uploaded(opened, key)
    st.button("Another", icon=":material/shuffle:", on_click=_again, args=(key,))
    number = int(st.session_state.setdefault(f"{key}-seed", 7))
    return _test_image(opened, number) if source == TEST else _drawn(opened, number)


def _again(key: str) -> None:
    st.session_state[f"{key}-seed"] = secrets.randbits(31)


def _uploaded(opened: Opened, key: str) -> Subject | None:
    uploaded = upload.uploader("A picture of what the model was trained on", f"{key}-file")
    if uploaded is None:
        return None
    framing, invert = upload.switches(opened, key)
    ready = upload.prepared(opened, uploaded, framing, invert)
    if ready is None:
        return None
    with st.expander(f"What was done to it: {len(ready.steps)} steps", expanded=True):
        upload.show_steps(ready)
    return Subject(ready.image, None, "your picture, as the model sees it")


def _test_image(opened: Opened, number: int) -> Subject | None:
    splits = data_at_hand(opened.checkpoint)
    if splits is None:
        return None
    index = number % len(splits.test)
    labels = splits.test.labels
    label = None if labels is None else int(labels[index])
    name = f"test image {index:,}"
    if label is not None:
        name += f", {opened.class_names[label]}"
    return Subject(splits.test.images[index], label, name)


def _drawn(opened: Opened, number: int) -> Subject:
    label = number % opened.n_classes if opened.n_classes else None
    z = opened.draw(number, label)
    image = to_uint8(decode(opened.model, z[None], opened.condition(label)).mean[0])
    name = f"decoded from a code drawn from {source_of_codes(opened.model)}"
    if label is not None:
        name += f", class {opened.class_names[label]}"
    return Subject(image, label, name)


def _say_what_to_do(opened: Opened) -> None:
    known = (
        " **Test image** takes one of the data’s own," if data_at_hand(opened.checkpoint) else ""
    )
    st.info(
        "Upload a png, jpg, webp, bmp, gif or tiff of up to 20 MB. No picture at hand?"
        f"{known} **Drawn by the model** needs no data at all.",
        icon=":material/upload_file:",
    )


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
            st.caption(subject.name[0].upper() + subject.name[1:] + ".")
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
        pixel_map(values, height=side + 36),
        key=f"pixels-{name}",
        alt=alt,
        config={"displayModeBar": False},
    )
