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

SLIDERS, MAP, FRAME = "To the sliders", "Onto the map", "As a key frame"
ICONS = {
    SLIDERS: ":material/tune:",
    MAP: ":material/scatter_plot:",
    FRAME: ":material/route:",
}
FULL = f"There are {MOST} already."


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


def offer_code(opened: Opened, found: FoundCode, key: str) -> None:
    """A row of buttons."""
    full = len(frames_of(opened)) >= MOST
    notes = {FRAME: FULL if full else "Of the path on the Interpolate page."}
    with st.container(horizontal=True, gap="small"):
        for place, icon in ICONS.items():
            disabled = full and place == FRAME
            name = f"{key}-{place.split()[-1]}"  # sliders, map or frame
            if st.button(place, icon=icon, key=name, help=notes.get(place), disabled=disabled):
                _take(opened, found, place)


def offer_menu(opened: Opened, found: FoundCode, key: str, label: str) -> None:
    """The same where there is little room: behind one button that is called `label`."""
    taken = st.menu_button(
        label,
        list(ICONS),
        key=key,
        type="tertiary",
        format_func=lambda place: f"{ICONS[place]} {place}",
        help="To the sliders, onto the map, or as a key frame of the path.",
    )
    if taken == FRAME and len(frames_of(opened)) >= MOST:
        st.toast(FULL)
    elif taken is not None:
        _take(opened, found, taken)


def _take(opened: Opened, found: FoundCode, place: str) -> None:
    if place == SLIDERS:
        go_to(opened, found.z, found.label, found.name)
        go_to_page("sliders", opened.checkpoint)
    elif place == MAP:
        put_star(opened, star_of_code(found.z, found.label, found.name, found.picture))
        go_to_page("map", opened.checkpoint)
    else:
        z = tuple(float(value) for value in found.z)
        add_frame(opened, KeyFrame(z, found.label, found.name))
        st.toast(f"Key frame {len(frames_of(opened))} of at most {MOST}.")
