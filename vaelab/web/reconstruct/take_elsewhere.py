"""From a picture straight to the sliders, the map or a path: one click, nothing to copy."""

from __future__ import annotations

import streamlit as st

from vaelab.web.decoding import Encoded
from vaelab.web.interpolate.key_frames import MOST, KeyFrame, add_frame, frames_of
from vaelab.web.map.stars import put_star, star_of
from vaelab.web.navigation import go_to_page
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.subject import Subject
from vaelab.web.sliders.steering import go_to


def offer(opened: Opened, subject: Subject, code: Encoded, label: int | None) -> None:
    """A row of buttons; the code that goes is the posterior's mean."""
    z = code.mean[0]
    with st.container(horizontal=True):
        if st.button("To the sliders", icon=":material/tune:", key="elsewhere-sliders"):
            go_to(opened, z, label, subject.name)
            go_to_page("sliders", opened.checkpoint)
        if st.button("Onto the map", icon=":material/scatter_plot:", key="elsewhere-map"):
            put_star(opened, star_of(opened, subject.image, label, subject.name))
            go_to_page("map", opened.checkpoint)
        full = len(frames_of(opened)) >= MOST
        if st.button(
            "As a key frame",
            icon=":material/route:",
            key="elsewhere-frame",
            disabled=full,
            help=f"There are {MOST} already." if full else "Of the path on the Interpolate page.",
        ):
            add_frame(opened, KeyFrame(tuple(map(float, z)), label, subject.name))
            st.toast(f"Key frame {len(frames_of(opened))} of at most {MOST}.")
