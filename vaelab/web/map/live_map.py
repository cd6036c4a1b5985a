"""The map in the browser: it fetches and decodes by itself, Python hears of what is to be kept."""

from __future__ import annotations

from typing import Any

import streamlit as st

from vaelab.web import components
from vaelab.web.map.live_data import map_addresses, map_model, palette, saved_groups
from vaelab.web.map.messages import Message, answer
from vaelab.web.map.stars import add_star, stars_of
from vaelab.web.navigation import go_to_page
from vaelab.web.opened import Opened

NO_WEBGL = "map_without_webgl"  # in the session: this browser cannot draw the live map
TO_SLIDERS = ("sliders", "direction")

_component = components.register("map")


@st.fragment
def draw(opened: Opened) -> None:
    """The component, and the popover that puts a picture on the map."""
    with st.popover("Place a picture", icon=":material/add_photo_alternate:"):
        add_star(opened)
    key, said = f"{opened.key}:live-map", f"{opened.key}:map-said"

    def asked() -> None:
        message = st.session_state[key].get("message")
        if message:
            st.session_state[said] = answered(opened, message, st.session_state.get(said))

    result = _component(
        key=key,
        data={
            "model": map_model(opened),
            "addresses": map_addresses(opened.checkpoint),
            "palette": palette(),
            "groups": saved_groups(opened),
            "stars": [star.to_dict() for star in stars_of(opened)],
            "said": st.session_state.get(said),
        },
        on_message_change=asked,
        on_webgl_change=lambda: None,
    )
    if result.webgl is False:
        st.session_state[NO_WEBGL] = True
        st.rerun(scope="app")
    message = result.message
    if message and not st.session_state[said]["isError"] and message["kind"] in TO_SLIDERS:
        go_to_page("sliders", opened.checkpoint)


def answered(opened: Opened, message: Message, before: dict[str, Any] | None) -> dict[str, Any]:
    """What is said to a message: `MapData.said` in the frontend."""
    number = 1 if before is None else before["id"] + 1
    try:
        return {"id": number, "text": answer(opened, message), "isError": False}
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        text = str(error)
        return {"id": number, "text": text[:1].upper() + text[1:], "isError": True}
