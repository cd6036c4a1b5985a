"""The key frames of a path: kept per model for as long as the session lasts, filled by any page."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.latent.ordinary import ordinary_pair
from vaelab.web.opened import Opened, session_key
from vaelab.web.stored_images import image_name

LEAST, MOST = 2, 8


@dataclass(frozen=True)
class KeyFrame:
    """A code that paths go through.

    Attributes:
        z: K numbers.
        label: class under which z is decoded; None for a model without classes.
        source: what it is, for people, such as `test image 17, 3`.
        row: the stored code it is, if any.
    """

    z: tuple[float, ...]
    label: int | None
    source: str
    row: int | None = None


def frames_of(opened: Opened) -> tuple[KeyFrame, ...]:
    """The session's key frames in this latent space; two of the data's images the first time."""
    kept = _kept(opened)
    if kept not in st.session_state:
        st.session_state[kept] = st.session_state[f"{kept}-first"] = first_frames(opened)
    frames: tuple[KeyFrame, ...] = st.session_state[kept]
    return frames


def are_first(opened: Opened) -> bool:
    """Whether the key frames are those that the session found here, unchanged."""
    return frames_of(opened) == st.session_state.get(f"{_kept(opened)}-first")


def kept_frames(checkpoint: Checkpoint) -> tuple[KeyFrame, ...]:
    """The session's key frames in the checkpoint's latent space; none if it has made none."""
    frames: tuple[KeyFrame, ...] = st.session_state.get(f"{session_key(checkpoint)}:key-frames", ())
    return frames


def add_frame(opened: Opened, frame: KeyFrame) -> bool:
    """Put a key frame at the end; False, and nothing changed, when there are MOST already.

    Raises:
        ValueError: if the frame does not fit the model.
    """
    frames = frames_of(opened)
    if len(frames) == MOST:
        return False
    set_frames(opened, (*frames, frame))
    return True


def set_frames(opened: Opened, frames: Iterable[KeyFrame]) -> None:
    """Make these the key frames.

    Raises:
        ValueError: if there are not LEAST to MOST of them, or one does not fit the model.
    """
    chosen = tuple(frames)
    if not LEAST <= len(chosen) <= MOST:
        raise ValueError(f"frames must be {LEAST} to {MOST}, got {len(chosen)}.")
    for frame in chosen:
        check_frame(opened, frame)
    st.session_state[_kept(opened)] = chosen


def frame_of_row(opened: Opened, row: int) -> KeyFrame:
    """The key frame of a stored code."""
    label = opened.class_of(row)
    what = image_name(opened.latents, opened.class_names, row)
    z = tuple(float(value) for value in opened.latents.mean[row])
    return KeyFrame(z, label if opened.n_classes else None, what, row)


def first_frames(opened: Opened) -> tuple[KeyFrame, KeyFrame]:
    """Two ordinary images of the data, of the two classes that lie farthest apart."""
    first, last = ordinary_pair(opened.latents.mean, opened.latents.labels)
    return frame_of_row(opened, first), frame_of_row(opened, last)


def check_frame(opened: Opened, frame: KeyFrame) -> None:
    """Refuse a key frame that does not fit the model.

    Raises:
        ValueError: naming what does not fit.
    """
    k, n = opened.latents.latent_dim, opened.n_classes
    if len(frame.z) != k or not all(math.isfinite(value) for value in frame.z):
        raise ValueError(f"z must be {k} finite numbers, got {frame.z}.")
    if n and (frame.label is None or not 0 <= frame.label < n):
        raise ValueError(f"label must be 0 to {n - 1} for this model, got {frame.label}.")
    if not n and frame.label is not None:
        raise ValueError(f"label must be None for a model without classes, got {frame.label}.")
    if frame.row is not None and not 0 <= frame.row < len(opened.latents):
        raise ValueError(f"row must be 0 to {len(opened.latents) - 1}, got {frame.row}.")


def _kept(opened: Opened) -> str:
    return f"{opened.key}:key-frames"
