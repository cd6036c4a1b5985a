"""The place in latent space that the address names, and what the sliders move along.

`?z=0.5,-1.2&class=3&blend=5,0.25&axes=principal`
"""

from __future__ import annotations

import math

import streamlit as st

from vaelab.web.opened import Opened
from vaelab.web.sliders.axis_modes import MODES
from vaelab.web.sliders.steering import LATENT, Place, go_to, place_of

PARAMETERS = ("z", "class", "blend", "axes")
_SEEN = "address_seen"  # in the session: (model, its parameters in the address)
Parameters = dict[str, str]


def follow_address(opened: Opened) -> None:
    """Go where the address points, if the session is not there already.

    The sliders keep the address themselves, without an entry in the browser's history for every
    drag; so what stands there is mostly where the session is. Call before the sliders are drawn.
    What the address asks and cannot be had is said on the page.
    """
    asked = _asked()
    seen = st.session_state.get(_SEEN)
    st.session_state[_SEEN] = (opened.key, asked)
    if not asked:
        return
    if seen is not None and seen[0] != opened.key and seen[1] == asked:
        _forget()  # the address still names the place in the model shown before
        return
    try:
        place = read_place(opened, asked)
    except ValueError as error:
        st.warning(f"The address asks for a place that cannot be shown: {error}")
        return
    if write_place(opened, place) != write_place(opened, place_of(opened)):
        go_to(opened, place.z, place.label, "from the address")
        moved = place_of(opened)
        moved.other, moved.blend, moved.axes = place.other, place.blend, place.axes


def note_address(opened: Opened) -> None:
    """Remember for which model the sliders have written what stands in the address."""
    st.session_state[_SEEN] = (opened.key, _asked())


def read_place(opened: Opened, asked: Parameters) -> Place:
    """The place that the parameters describe; what they leave out is as it is now.

    Raises:
        ValueError: with one sentence.
    """
    now = place_of(opened)
    place = Place(list(now.z), now.label, axes=now.axes)
    if "z" in asked:
        place.z = _numbers(asked["z"], len(now.z))
    if "class" in asked and opened.n_classes:
        place.label = _class(opened, asked["class"])
    if "blend" in asked and opened.n_classes:
        name, _, share = asked["blend"].rpartition(",")
        place.other, (place.blend,) = _class(opened, name), _numbers(share, 1)
        if not 0 <= place.blend <= 1:
            raise ValueError(f"the share of a blend must be from 0 to 1, got {place.blend}.")
    if "axes" in asked:
        if asked["axes"] not in MODES:
            known = ", ".join(MODES)
            raise ValueError(f"axes must be one of {known}, got {asked['axes'][:40]!r}.")
        place.axes = asked["axes"]
    return place


def write_place(opened: Opened, place: Place) -> Parameters:
    """Inverse of `read_place`, z to four digits."""
    parameters = {"z": ",".join(f"{round(value, 4):g}" for value in place.z)}
    if place.label is not None:
        parameters["class"] = opened.class_names[place.label]
    if place.other is not None:
        parameters["blend"] = f"{opened.class_names[place.other]},{place.blend:g}"
    if place.axes != LATENT:
        parameters["axes"] = place.axes
    return parameters


def _asked() -> Parameters:
    return {name: st.query_params[name] for name in PARAMETERS if name in st.query_params}


def _forget() -> None:
    for name in PARAMETERS:
        st.query_params.pop(name, None)


def _numbers(text: str, n: int) -> list[float]:
    try:
        numbers = [float(part) for part in text[:10_000].split(",")]
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a list of numbers.") from None
    if len(numbers) != n or not all(math.isfinite(number) for number in numbers):
        raise ValueError(f"{n} finite numbers are needed, got {len(numbers)}: {text[:40]!r}.")
    return numbers


def _class(opened: Opened, name: str) -> int:
    if name not in opened.class_names:
        known = ", ".join(opened.class_names[:20])
        raise ValueError(f"the class must be one of {known}, got {name[:40]!r}.")
    return opened.class_names.index(name)
