"""A canvas to draw on, live in the browser, and pictures pasted into the page."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.data import MAX_UPLOAD_BYTES
from vaelab.standalone.component_data import prior_data
from vaelab.web import components
from vaelab.web.map.projections import splits_present
from vaelab.web.opened import Opened
from vaelab.web.palette import DARK, LIGHT
from vaelab.web.server.reconstruct_routes import picture_of
from vaelab.web.server.routes import address
from vaelab.web.stored_images import preparation_of
from vaelab.web.upload import Uploaded

_component = components.register("draw")
POINTS = 2_000  # of the small map
RED = (0.86, 0.2, 0.18)  # the first pen of a colour model
LONGEST_NAME = 80


def draw(opened: Opened) -> npt.NDArray[np.uint8] | None:
    """The canvas; what was drawn when the pen last rested, uint8 (C, H, W), None of nothing."""
    key = f"{opened.key}:draw"
    kept = f"{key}-pixels"

    def drew() -> None:
        keep(opened, kept, st.session_state[key].get("drawing"))

    ground, pen = _colours(opened)
    _component(
        key=key,
        data={
            "kind": "draw",
            "model": {
                **components.decodable(opened),
                "classNames": list(opened.class_names),
                "colours": {"light": list(LIGHT), "dark": list(DARK)},
                "terms": _terms(opened),
            },
            "addresses": _addresses(opened),
            "ground": ground,
            "pen": pen,
            "pixels": st.session_state.get(kept, ""),
        },
        on_drawing_change=drew,
    )
    text = st.session_state.get(kept, "")
    if not text:
        st.caption(
            "Draw: the reconstruction follows the pen. When it rests, the measures appear below."
        )
        return None
    return picture_of(text, opened.checkpoint.model_config.image_shape)


def pasted(opened: Opened, on_paste: Callable[[], None]) -> Uploaded | None:
    """Listens for a picture pasted into the page; the last one, kept for the session."""
    key = f"{opened.key}:paste"
    kept = f"{key}-file"

    def took() -> None:
        said = st.session_state[key].get("pasted")
        st.session_state[kept] = pasted_file(said)
        on_paste()

    with st.container(horizontal=True, vertical_alignment="center"):
        _component(
            key=key,
            data={
                "kind": "paste",
                "addresses": dict(components.addresses(opened.checkpoint, "draw.js")),
                "mostBytes": MAX_UPLOAD_BYTES,
            },
            on_pasted_change=took,
            width="stretch",
        )
        file: Uploaded | None = st.session_state.get(kept)
        if file is not None:
            st.button(
                "Take the pasted picture away",
                icon=":material/close:",
                key=f"{key}-drop",
                on_click=lambda: st.session_state.pop(kept, None),
            )
    return file


def pasted_file(said: Any) -> Uploaded | None:
    """The file that a browser says was pasted; None for what is none. It is not decoded here."""
    if not isinstance(said, Mapping) or not isinstance(said.get("content"), str):
        return None
    try:
        content = base64.b64decode(said["content"], validate=True)
    except ValueError:  # not base64, or not even ASCII
        return None
    name = said.get("name")
    return Uploaded(
        name[:LONGEST_NAME] if name and isinstance(name, str) else "pasted picture", content
    )


def keep(opened: Opened, kept: str, said: Any) -> None:
    """Keep a drawing as the browser tells it; what does not fit the model is left alone."""
    if said == "":
        st.session_state[kept] = ""
    if not isinstance(said, str) or not said:
        return
    try:
        picture_of(said, opened.checkpoint.model_config.image_shape)
    except ValueError:
        return
    st.session_state[kept] = said


def _terms(opened: Opened) -> dict[str, Any]:
    """What the page tells a drawing's class by: `Terms` in classes.ts."""
    if not opened.n_classes:
        return {"likelihood": opened.model.config.likelihood, "prior": {"kind": "standard"}}
    prior = prior_data(opened.model, opened.mixture)
    return {"likelihood": opened.model.config.likelihood, "prior": prior}


def _colours(opened: Opened) -> tuple[list[float], list[float]]:
    """Ground and pen, C numbers each: as the data has them."""
    dark = preparation_of(opened.checkpoint).dark_background
    if opened.checkpoint.model_config.image_shape[0] == 3:
        return [1.0, 1.0, 1.0], list(RED)
    return ([1.0], [0.0]) if dark is False else ([0.0], [1.0])


def _addresses(opened: Opened) -> dict[str, str]:
    checkpoint = opened.checkpoint
    here = f"/checkpoints/{checkpoint.id}"
    method = "dims" if opened.latents.latent_dim <= 2 else "pca"
    split = "test" if "test" in splits_present(opened.latents) else "all"
    query = f"split={split}&n={POINTS}&columns=x,y,class&quality=later"
    if opened.latents.latent_dim == 1:
        query += "&dims=0,0"
    weights = f"weights={checkpoint.weights_sha256[:16]}"
    return {
        **components.addresses(checkpoint, "draw.js"),
        "reconstruct": address(f"{here}/reconstruct"),
        "points": address(f"{here}/points/{method}.bin?{query}&{weights}"),
    }
