"""The sliders page's moving part, decoded in the browser; Python hears where a drag has ended."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from vaelab.web import components, show
from vaelab.web.opened import Opened
from vaelab.web.server import frontend_files
from vaelab.web.sliders import slider_panel
from vaelab.web.sliders.address_place import follow_address, note_address
from vaelab.web.sliders.axis_modes import MODES
from vaelab.web.sliders.live_data import first_picture, model_data, place_data
from vaelab.web.sliders.start_image import start_from_image
from vaelab.web.sliders.steering import place_of
from vaelab.web.stored_images import pictures_of

_component = components.register("sliders")


def draw(opened: Opened) -> None:
    """The live sliders; those of Streamlit where the frontend is not built."""
    follow_address(opened)
    if frontend_files.is_built():
        _draw(opened)
    else:
        slider_panel.draw(opened)


@st.fragment
def _draw(opened: Opened) -> None:
    place, key = place_of(opened), f"{opened.key}:live"
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover("Start from an image", icon=":material/image_search:"):
            start_from_image(opened)
        if place.row is not None:
            start = pictures_of(opened.checkpoint, [place.row])
            show.picture(start.images[0], alt=f"the image it started from, {place.source}", side=40)
        if place.source:
            st.caption(f"Started from the code of {place.source}." if place.row is not None else "")

    def moved() -> None:
        take_over(opened, st.session_state[key]["place"])

    version = _version(opened)
    _component(
        key=key,
        data={
            "model": model_data(opened),
            "addresses": components.addresses(opened.checkpoint, "sliders.js"),
            "place": place_data(place),
            "mode": place.axes,
            "version": f"{opened.key} {version}",
            "first": first_picture(opened, place),
        },
        on_place_change=moved,
    )


def _version(opened: Opened) -> int:
    """Goes up when Python has moved the place, so that the browser follows."""
    kept, moved = f"{opened.key}:version", f"{opened.key}:moved"
    version: int = st.session_state.get(kept, 0)
    if st.session_state.get(moved):
        version += 1
        st.session_state[moved] = False
    st.session_state[kept] = version
    return version


def take_over(opened: Opened, said: Any) -> None:
    """Make the place that the browser reports the session's; what does not fit is left alone."""
    place, n = place_of(opened), opened.n_classes
    try:
        z, blend = [float(value) for value in said["z"]], float(said["blend"])
        labels = [None if said[of] is None else int(said[of]) for of in ("label", "other")]
        mode = str(said.get("mode"))
    except (LookupError, TypeError, ValueError, OverflowError, RecursionError, AttributeError):
        return
    if len(z) != len(place.z) or not all(map(math.isfinite, z)):
        return
    place.z = z
    if n and 0 <= blend <= 1 and all(label is None or 0 <= label < n for label in labels):
        place.label, place.other = labels
        place.blend = blend
    if mode in MODES:
        place.axes = mode
    note_address(opened)
