"""The code that the sliders stand for: kept per checkpoint for as long as the session lasts."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from vaelab.checkpoints import Checkpoint
from vaelab.latent import SliderAxis
from vaelab.latent.class_swap import carried_codes
from vaelab.models import VAE
from vaelab.web.opened import Opened, session_key

Code = npt.NDArray[np.float32]
STEPS = 100  # of a slider, over its range
LATENT = "latent"  # the mode in which each slider is a latent dimension


@dataclass
class Place:
    """Where the session stands in one latent space.

    Attributes:
        z: K numbers.
        label: class under which z is decoded; None without classes.
        source: how z came about, for people; empty once nothing more is to be said.
        row: the stored code it started from, if any.
        other: class that `label` is blended with, if any.
        blend: share of `other`, 0 to 1.
        axes: what the sliders move along, a key of `axis_modes.MODES`.
    """

    z: list[float]
    label: int | None
    source: str = ""
    row: int | None = None
    other: int | None = None
    blend: float = 0.0
    axes: str = LATENT


def place_of(opened: Opened) -> Place:
    """The session's place in this latent space, at its home the first time."""
    kept = f"{opened.key}:place"
    if kept not in st.session_state:
        label = 0 if opened.n_classes else None
        st.session_state[kept] = Place(home_code(opened, label).tolist(), label)
    place: Place = st.session_state[kept]
    return place


def kept_place(checkpoint: Checkpoint) -> Place | None:
    """The session's place in the checkpoint's latent space, if it has been there."""
    place: Place | None = st.session_state.get(f"{session_key(checkpoint)}:place")
    return place


def go_to(
    opened: Opened, z: npt.ArrayLike, label: int | None, source: str = "", row: int | None = None
) -> None:
    """Move there: for callbacks, and before the sliders are drawn."""
    code = [float(value) for value in np.asarray(z, np.float32)]
    axes = place_of(opened).axes
    st.session_state[f"{opened.key}:place"] = Place(code, label, source, row, axes=axes)
    st.session_state[f"{opened.key}:moved"] = True


def slider(opened: Opened, axis: SliderAxis, title: str) -> None:
    """The slider of one dimension; what it says is written to the session's place."""
    place, key = place_of(opened), f"{opened.key}:z{axis.dim}"
    low, high = slider_range(opened, axis)
    if key not in st.session_state or st.session_state.get(f"{opened.key}:moved"):
        st.session_state[key] = place.z[axis.dim]
    place.z[axis.dim] = st.slider(
        title, low, high, step=(high - low) / STEPS, format="%.2f", key=key
    )


def slider_range(opened: Opened, axis: SliderAxis) -> tuple[float, float]:
    """The data's own range, wider if a code outside it has been visited.

    It never shrinks again in a session: a slider whose range changes while it is held lets go.
    """
    kept = f"{opened.key}:range{axis.dim}"
    low, high = st.session_state.get(kept, (axis.low, axis.high))
    value = place_of(opened).z[axis.dim]
    low, high = min(low, value), max(high, value)
    st.session_state[kept] = (low, high)
    return low, high


def sliders_drawn(opened: Opened) -> None:
    """Call after all sliders: from here on they lead again."""
    st.session_state[f"{opened.key}:moved"] = False


def home_code(opened: Opened, label: int | None) -> Code:
    """Where reset leads, (K,): the mean of a learned prior p(z|c), else the median of the data."""
    model = opened.model
    if isinstance(model, VAE) and model.config.prior == "class_gaussian":
        with torch.inference_mode():
            mean = model.prior(torch.tensor([label or 0])).mean[0]
        return np.asarray(mean.numpy(), np.float32)
    code = np.empty(len(opened.axes), np.float32)
    for axis in opened.axes:
        code[axis.dim] = axis.median
    return code


def style_codes(opened: Opened, z: npt.ArrayLike, label: int) -> Code:
    """The code of the same style under every class: (n_classes, K).

    Style is what the prior leaves open, (z - m_c) / s_c; with one prior for all classes it is z.
    """
    codes: Code = carried_codes(opened.model, np.asarray(z)[None], [label])[0]
    return codes


def as_json(opened: Opened, place: Place) -> str:
    """The code as JSON, with what is needed to decode it again."""
    values: dict[str, object] = {"model": opened.checkpoint.id, "z": [round(v, 5) for v in place.z]}
    if place.label is not None:
        values["class"] = opened.class_names[place.label]
    return json.dumps(values)
