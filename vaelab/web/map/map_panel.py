"""The map page: live in the browser, or drawn by Plotly where that cannot be."""

from __future__ import annotations

import streamlit as st

from vaelab.web.map import live_map, map_view
from vaelab.web.opened import Opened
from vaelab.web.server import frontend_files


def draw(opened: Opened) -> None:
    """The live map; Plotly's without WebGL, and where the frontend is not built."""
    if not frontend_files.is_built():
        map_view.draw(opened)
    elif st.session_state.get(live_map.NO_WEBGL):
        st.info(
            "This browser has no WebGL, so the map is a plain figure: it does not decode under "
            "the pointer.",
            icon=":material/info:",
        )
        map_view.draw(opened, webgl=False)
    else:
        live_map.draw(opened)
