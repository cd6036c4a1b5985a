"""What the sliders component is told about a checkpoint, as JSON."""

from __future__ import annotations

import base64

import numpy as np
import streamlit as st

from vaelab.standalone.component_data import axes_data, prior_data, trust_data
from vaelab.web.axes import unused_reason
from vaelab.web.components import decodable
from vaelab.web.decoding import decode, source_of_codes
from vaelab.web.opened import Opened
from vaelab.web.sliders.axis_modes import Json, modes_of
from vaelab.web.sliders.steering import Place
from vaelab.web.sliders.typical import typical_of


def model_data(opened: Opened) -> Json:
    """All that stays the same while the sliders move; `ModelData` in the frontend's types.ts."""
    return _model_data(opened.key, len(opened.latents), opened.checkpoint.id, opened)


def place_data(place: Place) -> Json:
    """`Place` in types.ts."""
    return {
        "z": [float(value) for value in place.z],
        "label": place.label,
        "other": place.other,
        "blend": place.blend,
    }


def first_picture(opened: Opened, place: Place) -> str:
    """The picture of `place`, uint8 (C, H, W) in base64: shown until the page decodes itself."""
    image = decode(opened.model, [place.z], class_weights(opened, place)).mean[0]
    return base64.b64encode(np.rint(image * 255).astype(np.uint8).tobytes()).decode()


def class_weights(opened: Opened, place: Place) -> np.ndarray | None:
    """(1, n_classes) weights of the place's classes; None for a model without classes."""
    if not opened.n_classes or place.label is None:
        return None
    weights = np.zeros((1, opened.n_classes), np.float32)
    share = 0.0 if place.other is None else place.blend
    weights[0, place.label] += 1 - share
    if place.other is not None:
        weights[0, place.other] += share
    return weights


@st.cache_data(max_entries=32, show_spinner=False)
def _model_data(key: str, n_codes: int, name: str, _opened: Opened) -> Json:
    return {
        **decodable(_opened),
        "axes": axes_data(_opened.axes, _opened.latents.mean),
        "modes": modes_of(_opened),
        "unusedReason": unused_reason(_opened.axes),
        "randomHelp": f"A code from {source_of_codes(_opened.model)}.",
        "prior": prior_data(_opened.model, _opened.mixture),
        **trust_data(typical_of(_opened.checkpoint)),
    }
