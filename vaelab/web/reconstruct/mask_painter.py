"""The picture as a canvas on which the part to hide is painted over."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import streamlit as st

from vaelab.web import components
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.draw_panel import component
from vaelab.web.reconstruct.masks import HIDDEN, Mask
from vaelab.web.reconstruct.subject import Subject


def paint(opened: Opened, subject: Subject, key: str) -> Mask:
    """The canvas; what is visible by what was painted when the pen was last lifted.

    What is painted stays for the session, whatever picture of the model's size is beneath it.
    """
    size = subject.image.shape[1:]
    painter, kept = f"{key}-painter", f"{key}-painted"

    def painted() -> None:
        said = st.session_state[painter].get("hidden")
        if visible_of(said, size) is not None:
            st.session_state[kept] = said

    text = st.session_state.get(kept, "")
    component(
        key=painter,
        data={
            "kind": "mask",
            "addresses": dict(components.addresses(opened.checkpoint, "draw.js")),
            "shape": list(subject.image.shape),
            "pixels": base64.b64encode(subject.image.tobytes()).decode(),
            "hidden": text,
            "cover": list(HIDDEN),
        },
        on_hidden_change=painted,
    )
    visible = visible_of(text, size)
    return np.ones(size, np.bool_) if visible is None else visible


def visible_of(said: Any, size: tuple[int, ...]) -> Mask | None:
    """What a browser says is hidden, as a mask; None for what is none.

    Args:
        said: base64 of H W bytes, from 128 on hidden; an empty text where nothing is.
        size: (H, W).
    """
    if said == "":
        return np.ones(size, np.bool_)
    if not isinstance(said, str):
        return None
    try:
        content = base64.b64decode(said, validate=True)
    except ValueError:  # not base64, or not even ASCII
        return None
    if len(content) != size[0] * size[1]:
        return None
    return np.frombuffer(content, np.uint8).reshape(size) < 128
