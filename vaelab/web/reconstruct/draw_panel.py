"""A canvas to draw on, live in the browser."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.standalone.component_data import prior_data
from vaelab.web import components
from vaelab.web.map.projections import splits_present
from vaelab.web.opened import Opened
from vaelab.web.palette import DARK, LIGHT
from vaelab.web.server.reconstruct_routes import picture_of
from vaelab.web.server.routes import address
from vaelab.web.stored_images import preparation_of

component = components.register("draw")  # canvases, masks, pasting
POINTS = 2_000  # of the small map
RED = (0.86, 0.2, 0.18)  # the first pen of a colour model


def draw(opened: Opened) -> npt.NDArray[np.uint8] | None:
    """The canvas; what was drawn when the pen last rested, uint8 (C, H, W), None of nothing."""
    key = f"{opened.key}:draw"
    kept = f"{key}-pixels"

    def drew() -> None:
        keep(opened, kept, st.session_state[key].get("drawing"))

    ground, pen = _colours(opened)
    component(
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
