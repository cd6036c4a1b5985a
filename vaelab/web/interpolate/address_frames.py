"""The key frames that the address names: `?frames=`, base64 of their numbers.

Little-endian: a version (uint8), the number of frames (uint8), K (uint16); then for each frame its
class (int32) and stored code (int32), -1 for none, and z (K float32).
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Sequence

import numpy as np
import streamlit as st

from vaelab.web.interpolate.key_frames import (
    LEAST,
    MOST,
    KeyFrame,
    are_first,
    check_frame,
    frame_of_row,
    frames_of,
    set_frames,
)
from vaelab.web.opened import Opened

PARAMETER = "frames"
VERSION = 1
LONGEST = 6_000  # characters: proxies take no addresses beyond 8,000
HEAD, ABOUT = struct.Struct("<BBH"), struct.Struct("<ii")
_SEEN = "frames_in_address"  # in the session: model by what stood in its address
MOST_SEEN = 100


def follow_address(opened: Opened) -> None:
    """Take over the key frames that a link names; call before they are drawn.

    The component keeps the address itself. What the session has written there, or has taken from
    there before, is not taken again: since then its own key frames lead.
    """
    asked = st.query_params.get(PARAMETER)
    if not asked:
        return
    seen: dict[str, str] = st.session_state.setdefault(_SEEN, {})
    if asked in seen:
        if seen[asked] != opened.key:
            st.query_params.pop(PARAMETER)  # they are those of the model shown before
        return
    _note(asked, opened)
    try:
        set_frames(opened, read_frames(opened, asked))
    except ValueError as error:
        st.warning(f"The address asks for key frames that cannot be shown: {error}")


def address_of(opened: Opened) -> str:
    """What the address should say of the session's key frames; empty for those at the beginning."""
    frames = frames_of(opened)
    text = "" if are_first(opened) else write_frames(frames)
    if text:
        _note(text, opened)
    return text


def write_frames(frames: Sequence[KeyFrame]) -> str:
    """The key frames for an address; empty where that would be longer than `LONGEST`."""
    parts = [HEAD.pack(VERSION, len(frames), len(frames[0].z))]
    for frame in frames:
        numbers = (-1 if number is None else number for number in (frame.label, frame.row))
        parts += [ABOUT.pack(*numbers), np.asarray(frame.z, "<f4").tobytes()]
    text = base64.urlsafe_b64encode(b"".join(parts)).decode().rstrip("=")
    return text if len(text) <= LONGEST else ""


def read_frames(opened: Opened, text: str) -> tuple[KeyFrame, ...]:
    """Inverse of `write_frames`; a code that is stored here too has its name again.

    Raises:
        ValueError: with one sentence, for anything that does not fit the model.
    """
    if len(text) > LONGEST:
        raise ValueError(f"they are at most {LONGEST:,} characters, not {len(text):,}.")
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
        version, n, k = HEAD.unpack_from(content)
    except (ValueError, binascii.Error, struct.error):
        raise ValueError(f"“{text[:40]}” is no row of key frames.") from None
    if version != VERSION:
        raise ValueError(f"they are of version {version}, and {VERSION} is known.")
    if not LEAST <= n <= MOST:
        raise ValueError(f"there must be {LEAST} to {MOST} of them, not {n}.")
    if k != opened.latents.latent_dim:
        raise ValueError(
            f"their codes have {k} numbers, and {opened.latents.latent_dim} are needed."
        )
    size = ABOUT.size + 4 * k
    if len(content) != HEAD.size + n * size:
        raise ValueError(f"“{text[:40]}” is no row of {n} key frames: it has another length.")
    return tuple(_frame(opened, content, HEAD.size + i * size) for i in range(n))


def _frame(opened: Opened, content: bytes, start: int) -> KeyFrame:
    label, row = ABOUT.unpack_from(content, start)
    code = np.frombuffer(content, "<f4", opened.latents.latent_dim, start + ABOUT.size)
    told = None if label < 0 else int(label)
    frame = KeyFrame(tuple(map(float, code)), told, "from the address")
    check_frame(opened, frame)
    if 0 <= row < len(opened.latents):
        stored = frame_of_row(opened, row)
        if stored.z == frame.z and stored.label == told:
            return stored
    return frame


def _note(text: str, opened: Opened) -> None:
    seen = {**st.session_state.get(_SEEN, {}), text: opened.key}
    st.session_state[_SEEN] = dict(list(seen.items())[-MOST_SEEN:])
