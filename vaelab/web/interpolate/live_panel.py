"""The interpolate page's moving part: paths from the server, played in the browser."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaelab.web import components, show, upload
from vaelab.web.class_picker import pick_class
from vaelab.web.decoding import encode
from vaelab.web.interpolate import interpolate_panel, live_data
from vaelab.web.interpolate.address_frames import address_of, follow_address
from vaelab.web.interpolate.key_frames import (
    LEAST,
    MOST,
    KeyFrame,
    add_frame,
    frame_of_row,
    frames_of,
    set_frames,
)
from vaelab.web.interpolate.tray import data_items, data_sentence, item_data, prior_items
from vaelab.web.interpolate.walks import cross_fade
from vaelab.web.navigation import go_to_page
from vaelab.web.opened import Opened
from vaelab.web.server import frontend_files
from vaelab.web.sliders.steering import go_to
from vaelab.web.stored_images import preparation_of

_component = components.register("interpolate")
UPLOAD_SIDE = 96
LONGEST_SOURCE = 200  # characters


def draw(opened: Opened) -> None:
    """Key frames and their paths, live; two ends and their films where nothing is built."""
    follow_address(opened)
    if frontend_files.is_built():
        _draw(opened)
    else:
        interpolate_panel.draw(opened)


@st.fragment
def _draw(opened: Opened) -> None:
    key = f"{opened.key}:walks"
    with st.popover("Upload a picture", icon=":material/upload:"):
        _upload(opened)
    frames = frames_of(opened)
    version = live_data.row_version(opened, frames)
    said: Mapping[str, Any] = st.session_state.get(key) or {}
    wanted = said.get("wanted") == version
    result = _component(
        key=key,
        data={
            "model": live_data.model_data(opened),
            "addresses": components.addresses(opened.checkpoint, "interpolate.js"),
            "limits": [LEAST, MOST],
            "frames": live_data.frames_data(frames),
            "version": version,
            "link": address_of(opened),
            "sequence": _sequence(said),
            "walks": live_data.walks_data(opened, frames, with_slow=wanted),
            "crossFade": cross_fade(opened, frames),
            "tray": {
                "note": data_sentence(opened),
                "data": [item_data(item) for item in data_items(opened, _seed(opened, "data"))],
                "prior": [item_data(item) for item in prior_items(opened, _seed(opened, "prior"))],
            },
            "sum": _sum(opened, said.get("sum")),
        },
        on_edit_change=lambda: take_edit(opened, st.session_state[key].get("edit")),
        on_wanted_change=lambda: None,
        on_sum_change=lambda: None,
        on_again_change=lambda: _again(opened, key),
        on_steer_change=lambda: None,
    )
    if result.steer:
        frame = frame_from(opened, result.steer)
        if frame is not None:
            go_to(opened, frame.z, frame.label, frame.source, frame.row)
            go_to_page("sliders", opened.checkpoint)


def frame_from(opened: Opened, said: Any) -> KeyFrame | None:
    """The key frame that a browser names; None for what is none. A stored code is looked up."""
    if not isinstance(said, Mapping):
        return None
    row = said.get("row")
    if isinstance(row, int | float) and 0 <= row < len(opened.latents):
        return frame_of_row(opened, int(row))
    label, z = said.get("label"), said.get("z")
    try:
        code = tuple(float(value) for value in z or ())
        label = None if label is None else int(label)
        source = str(said.get("source"))[:LONGEST_SOURCE]
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None
    return KeyFrame(code, label, source)


def take_edit(opened: Opened, said: Any) -> None:
    """Make the browser's row of key frames the session's; what does not fit is left alone."""
    asked = said.get("frames") if isinstance(said, Mapping) else None
    frames = [frame_from(opened, f) for f in asked] if isinstance(asked, list | tuple) else []
    try:
        set_frames(opened, [frame for frame in frames if frame is not None])
    except ValueError as error:
        st.toast(str(error), icon=":material/error:")


def _sequence(said: Mapping[str, Any]) -> int:
    """Number of the browser's edit that has been seen last."""
    return int((said.get("edit") or {}).get("sequence") or 0)


def _seed(opened: Opened, kind: str) -> int:
    seed: int = st.session_state.setdefault(f"{opened.key}:tray-{kind}", 1)
    return seed


def _again(opened: Opened, key: str) -> None:
    kind = st.session_state[key].get("again")
    if kind in ("data", "prior"):
        st.session_state[f"{opened.key}:tray-{kind}"] = secrets.randbits(31)


def _sum(opened: Opened, asked: Any) -> dict[str, Any] | None:
    """The neighbours of the sum that the browser asks about."""
    frame = frame_from(opened, asked)
    if frame is None or len(frame.z) != opened.latents.latent_dim:
        return None
    label = frame.label if opened.n_classes else None
    return {
        "sequence": asked.get("sequence"),
        "neighbours": live_data.sum_data(opened, frame.z, label),
    }


def _upload(opened: Opened) -> None:
    """A picture of one's own as a key frame."""
    uploaded = upload.uploader("A picture", f"{opened.key}:walk-file")
    label = None
    if opened.n_classes:
        label = pick_class("Class c", opened.class_names, f"{opened.key}:walk-class")
    if uploaded is None:
        return
    ready = upload.prepared(opened, uploaded, preparation_of(opened.checkpoint))
    if ready is None:
        return
    show.picture(ready.pixels, alt="your picture, as the model sees it", side=UPLOAD_SIDE)
    z = encode(opened.model, ready.pixels[None], opened.condition(label)).mean[0]
    frame = KeyFrame(tuple(map(float, z)), label, f"your picture {uploaded.name}"[:LONGEST_SOURCE])
    full = len(frames_of(opened)) >= MOST
    st.button(
        "Add as a key frame",
        icon=":material/add:",
        on_click=_add,
        args=(opened, frame),
        disabled=full,
        help=f"There are {MOST} already." if full else None,
    )


def _add(opened: Opened, frame: KeyFrame) -> None:
    if not add_frame(opened, frame):
        st.toast(f"There are {MOST} key frames already.", icon=":material/info:")
