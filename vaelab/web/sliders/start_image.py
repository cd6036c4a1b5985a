"""A code to start from: that of one of the images whose codes are stored."""

from __future__ import annotations

import secrets

import numpy as np
import streamlit as st

from vaelab.web.opened import Opened
from vaelab.web.sliders.steering import go_to
from vaelab.web.stored_images import place_name

ANY = -1


def start_from_image(opened: Opened) -> None:
    """The popover's content: which class, and a button that picks one."""
    key = f"{opened.key}:start-class"
    if opened.latents.labels is not None:
        st.selectbox(
            "Class of the image",
            [ANY, *range(len(opened.class_names))],
            format_func=lambda c: "any class" if c == ANY else opened.class_names[c],
            key=key,
        )
    st.button("Pick one at random", icon=":material/shuffle:", on_click=_start, args=(opened, key))
    st.caption("Takes the mean code of one of the images whose codes the checkpoint holds.")


def _start(opened: Opened, key: str) -> None:
    wanted = st.session_state.get(key, ANY)
    labels = opened.latents.labels
    rows = (
        np.arange(len(opened.latents))
        if wanted == ANY or labels is None
        else np.flatnonzero(labels == wanted)
    )
    if not len(rows):
        st.toast(f"No stored image is of class {opened.class_names[wanted]}.")
        return
    row = int(secrets.choice(rows.tolist()))
    label = opened.class_of(row) if opened.n_classes else None
    go_to(opened, opened.latents.mean[row], label, place_name(opened.latents, row), row)
