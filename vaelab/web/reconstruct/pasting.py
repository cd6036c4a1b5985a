"""Pictures pasted into the page, whatever it shows."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from vaelab.data import MAX_UPLOAD_BYTES
from vaelab.web import components
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.draw_panel import component
from vaelab.web.upload import Uploaded

LONGEST_NAME = 80
NAMELESS = "pasted picture"  # what the component calls a picture without a file


def listen(opened: Opened, on_paste: Callable[[], None]) -> Uploaded | None:
    """Say that pictures can be pasted, and take them; the last one, kept for the session."""
    key, kept = f"{opened.key}:paste", _kept(opened)

    def took() -> None:
        file = pasted_file(st.session_state[key].get("pasted"))
        if file is not None:
            st.session_state[kept] = file
            on_paste()

    file: Uploaded | None = st.session_state.get(kept)
    component(
        key=key,
        data={
            "kind": "paste",
            "addresses": dict(components.addresses(opened.checkpoint, "draw.js")),
            "mostBytes": MAX_UPLOAD_BYTES,
            "held": file is not None,
        },
        on_pasted_change=took,
        width="stretch",
    )
    return file


def offer_to_drop(opened: Opened) -> None:
    """A button that forgets the pasted picture."""
    kept = _kept(opened)
    st.button(
        "Take the pasted picture away",
        icon=":material/close:",
        key=f"{kept}-drop",
        on_click=lambda: st.session_state.pop(kept, None),
    )


def _kept(opened: Opened) -> str:
    return f"{opened.key}:paste-file"


def pasted_file(said: Any) -> Uploaded | None:
    """The file that a browser says was pasted; None for what is none. It is not decoded here."""
    if not isinstance(said, Mapping) or not isinstance(said.get("content"), str):
        return None
    try:
        content = base64.b64decode(said["content"], validate=True)
    except ValueError:  # not base64, or not even ASCII
        return None
    name = said.get("name")
    if not name or not isinstance(name, str) or name == NAMELESS:
        return Uploaded(NAMELESS, content, is_file=False)
    return Uploaded(name[:LONGEST_NAME], content)
