"""Choosing one end of a path: an image of the data, a random code, or an upload."""

from __future__ import annotations

import secrets

import numpy as np
import streamlit as st

from vaelab.pictures import to_uint8
from vaelab.web import show, upload
from vaelab.web.class_picker import pick_class
from vaelab.web.decoding import decode, encode, source_of_codes
from vaelab.web.interpolate.film import End
from vaelab.web.opened import Opened
from vaelab.web.stored_images import image_name, pictures_of, preparation_of

SOURCES = ("Data", "Random", "Upload")
ANY = -1
SIDE = 128
CONTROLS = 180  # pixels


def pick_end(opened: Opened, name: str, seed: int) -> End | None:
    """Draw the controls of end `name`; None while an upload is missing or unusable."""
    key = f"{opened.key}:end-{name}"
    st.markdown(f"**{name}**")
    source = st.segmented_control(
        "Where from",
        SOURCES,
        default="Data",
        required=True,
        label_visibility="collapsed",
        key=f"{key}-source",
        wrap=True,
        persist_state="session",
    )
    number = st.session_state.setdefault(f"{key}-seed", seed)
    with st.container(horizontal=True, gap="medium"):
        image, controls = st.container(width=SIDE + 32), st.container(width=CONTROLS)
    with controls:
        if source == "Data":
            end = _from_data(opened, key, number)
        elif source == "Random":
            end = _random(opened, key, number)
        else:
            end = _uploaded(opened, key)
    if end is not None:
        with image:
            show.picture(end.image, alt=f"{name}: {end.caption}", side=SIDE)
        st.caption(end.caption[0].upper() + end.caption[1:] + ".")
    return end


def _another(key: str) -> None:
    def draw_again() -> None:
        st.session_state[f"{key}-seed"] = secrets.randbits(31)

    st.button("Another", icon=":material/shuffle:", key=f"{key}-again", on_click=draw_again)


def _from_data(opened: Opened, key: str, number: int) -> End | None:
    labels = opened.latents.labels
    rows = np.arange(len(opened.latents))
    if labels is not None:
        wanted = st.selectbox(
            "Class",
            [ANY, *range(len(opened.class_names))],
            format_func=lambda c: "any class" if c == ANY else opened.class_names[c],
            key=f"{key}-data-class",
            persist_state="session",
        )
        rows = rows if wanted == ANY else np.flatnonzero(labels == wanted)
    _another(key)
    if not len(rows):
        st.info("None of the stored images is of this class.")
        return None
    row = int(rows[number % len(rows)])
    stored = pictures_of(opened.checkpoint, [row])
    label = opened.class_of(row)
    what = image_name(opened.latents, opened.class_names, row)
    kind = "" if stored.are_data else ", decoded from its code"
    z = opened.latents.mean[row]
    return End(z, label if opened.n_classes else None, stored.images[0], what + kind)


def _random(opened: Opened, key: str, number: int) -> End:
    label = None
    if opened.n_classes:
        label = pick_class("Class c", opened.class_names, f"{key}-random-class")
    _another(key)
    z = opened.draw(number, label)
    image = to_uint8(decode(opened.model, z[None], opened.condition(label)).mean[0])
    return End(z, label, image, f"drawn from {source_of_codes(opened.model)}")


def _uploaded(opened: Opened, key: str) -> End | None:
    uploaded = upload.uploader("A picture", f"{key}-file")
    label = None
    if opened.n_classes:
        label = pick_class("Class c", opened.class_names, f"{key}-upload-class")
    if uploaded is None:
        return None
    ready = upload.prepared(opened, uploaded, preparation_of(opened.checkpoint))
    if ready is None:
        return None
    z = encode(opened.model, ready.pixels[None], opened.condition(label)).mean[0]
    return End(z, label, ready.pixels, "your picture, as the model sees it")
