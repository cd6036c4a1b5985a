"""The sliders page's moving part: only this runs again when a slider is let go."""

from __future__ import annotations

import secrets
from typing import Literal

import numpy as np
import streamlit as st

from vaelab.pictures import enlarge, png_bytes, to_picture
from vaelab.web import show
from vaelab.web.axes import axis_title, unused_reason
from vaelab.web.class_picker import pick_class
from vaelab.web.decoding import Decoded, decode, source_of_codes
from vaelab.web.image_figures import pixel_map
from vaelab.web.opened import Opened
from vaelab.web.sliders.start_image import start_from_image
from vaelab.web.sliders.steering import (
    Place,
    as_json,
    go_to,
    home_code,
    place_of,
    slider,
    sliders_drawn,
    style_codes,
)
from vaelab.web.stored_images import pictures_of

PICTURE_SIDE = 336
SLIDER_WIDTH = 120
MOST_IN_VIEW, SCROLL_HEIGHT = 16, 592  # more sliders scroll, so that the picture stays in view
CLASS_SIDE = 56
STD_SIDE = 212
MOST_CLASSES = 40  # in the row of all classes


@st.fragment
def draw(opened: Opened) -> None:
    """The picture on the left, what it depends on at the right."""
    left, right = st.columns([5, 7], gap="medium")
    with right:
        if opened.n_classes:
            _class(opened)
        _toolbar(opened)
        _sliders(opened)
    place = place_of(opened)
    decoded = decode(opened.model, [place.z], opened.condition(place.label))
    with left:
        _picture(opened, place, decoded)
    if opened.n_classes:
        _all_classes(opened, place)


def _class(opened: Opened) -> None:
    place, key = place_of(opened), f"{opened.key}:class"
    if key not in st.session_state or st.session_state.get(f"{opened.key}:moved"):
        st.session_state[key] = place.label
    place.label = pick_class("Class c", opened.class_names, key)


def _toolbar(opened: Opened) -> None:
    with st.container(horizontal=True):
        st.button(
            "Random",
            icon=":material/casino:",
            on_click=_random,
            args=(opened,),
            help=f"A code from {source_of_codes(opened.model)}.",
        )
        st.button(
            "Reset",
            icon=":material/restart_alt:",
            on_click=_reset,
            args=(opened,),
            help="Back to the middle of the data's codes.",
        )
        with st.popover("Start from an image", icon=":material/image_search:"):
            start_from_image(opened)


def _random(opened: Opened) -> None:
    label = place_of(opened).label
    z = opened.draw(secrets.randbits(31), label)
    go_to(opened, z, label, f"drawn from {source_of_codes(opened.model)}")


def _reset(opened: Opened) -> None:
    label = place_of(opened).label
    go_to(opened, home_code(opened, label), label)


def _sliders(opened: Opened) -> None:
    used = [axis for axis in opened.axes if not axis.unused]
    unused = [axis for axis in opened.axes if axis.unused]
    if used:
        room: int | Literal["content"] = SCROLL_HEIGHT if len(used) > MOST_IN_VIEW else "content"
        with st.container(height=room), st.grid("auto", min_column_width=SLIDER_WIDTH, gap="small"):
            for axis in used:
                slider(opened, axis, axis_title(axis))
    else:
        st.info("No dimension carries anything: the picture is the same for every code.")
    if unused:
        with st.expander(f"{len(unused)} unused of {len(opened.axes)} dimensions"):
            st.caption(unused_reason(opened.axes))
            with st.grid("auto", min_column_width=SLIDER_WIDTH, gap="small"):
                for axis in unused:
                    slider(opened, axis, axis_title(axis))
    sliders_drawn(opened)


def _picture(opened: Opened, place: Place, decoded: Decoded) -> None:
    what = "decoded image"
    show.picture(decoded.mean[0], alt=what, side=PICTURE_SIDE)
    with st.container(horizontal=True):
        st.download_button(
            "Save PNG",
            png_bytes(enlarge(to_picture(decoded.mean[0]), 256)),
            file_name=f"{opened.checkpoint.id}.png",
            mime="image/png",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.popover("Copy z", icon=":material/data_object:"):
            st.code(as_json(opened, place), language="json", wrap_lines=True)
    if place.source:
        st.caption(
            f"Started from a code {place.source}."
            if place.row is None
            else f"Started from the code of {place.source}."
        )
    if place.row is not None:
        start = pictures_of(opened.checkpoint, [place.row])
        show.picture(
            start.images[0],
            alt=f"the image it started from, {place.source}",
            caption=f"{place.source}, {start.kind}",
            side=112,
        )
    if decoded.shared_std is not None:
        st.caption(f"Standard deviation of every pixel: {decoded.shared_std:.3f}.")
    elif decoded.std is not None:
        st.markdown("**Standard deviation of each pixel**")
        st.plotly_chart(
            pixel_map(decoded.std[0], side=STD_SIDE),
            width=STD_SIDE,
            key="pixel_std",
            alt="Standard deviation of each pixel, as the likelihood has it",
            config={"displayModeBar": False},
        )


def _all_classes(opened: Opened, place: Place) -> None:
    st.subheader("Every class at this style", anchor=False)
    n = min(opened.n_classes, MOST_CLASSES)
    codes = style_codes(opened, place.z, place.label or 0)[:n]
    images = decode(opened.model, codes, np.arange(n)).mean
    names = list(opened.class_names[:n])
    show.pictures(
        images, alts=[f"decoded as {name}" for name in names], captions=names, side=CLASS_SIDE
    )
    if n < opened.n_classes:
        st.caption(f"The first {n} of {opened.n_classes} classes.")
