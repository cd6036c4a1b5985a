"""A picture's code, its own or one that was found, straight to the sliders, the map or a path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.web.interpolate.key_frames import MOST, KeyFrame, add_frame, frames_of
from vaelab.web.map.stars import put_star, star_of_code
from vaelab.web.navigation import go_to_page
from vaelab.web.opened import Opened
from vaelab.web.sliders.steering import go_to

NOTES = {"As a key frame": "Of the path on the Interpolate page."}


@dataclass(frozen=True, eq=False)
class FoundCode:
    """A code with what goes along with it.

    Attributes:
        z: (K,).
        label: class under which it is decoded; None without classes.
        name: what it is, for people.
        picture: (C, H, W), which stands for it on the map.
    """

    z: npt.NDArray[np.float64] | npt.NDArray[np.float32]
    label: int | None
    name: str
    picture: npt.NDArray[np.uint8] | npt.NDArray[np.float32]


def offer_code(opened: Opened, found: FoundCode, key: str, *, icons: bool = False) -> None:
    """A row of buttons, of icons alone where there is little room."""
    full = len(frames_of(opened)) >= MOST
    with st.container(horizontal=True, gap="xsmall" if icons else "small"):
        if _button("To the sliders", ":material/tune:", f"{key}-sliders", icons):
            go_to(opened, found.z, found.label, found.name)
            go_to_page("sliders", opened.checkpoint)
        if _button("Onto the map", ":material/scatter_plot:", f"{key}-map", icons):
            put_star(opened, star_of_code(found.z, found.label, found.name, found.picture))
            go_to_page("map", opened.checkpoint)
        if _button("As a key frame", ":material/route:", f"{key}-frame", icons, full):
            z = tuple(float(value) for value in found.z)
            add_frame(opened, KeyFrame(z, found.label, found.name))
            st.toast(f"Key frame {len(frames_of(opened))} of at most {MOST}.")


def _button(title: str, icon: str, key: str, icons: bool, full: bool = False) -> bool:
    note = f"There are {MOST} already." if full else None
    if icons:
        return st.button("", icon=icon, key=key, type="tertiary", help=note or title, disabled=full)
    return st.button(title, icon=icon, key=key, help=note or NOTES.get(title), disabled=full)
