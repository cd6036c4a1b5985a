"""What the interpolate component is told, as JSON; `src/interpolate/data.ts` has the same."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.latent import nearest
from vaelab.standalone.component_data import code_width, plane_data
from vaelab.web.components import decodable
from vaelab.web.interpolate.key_frames import KeyFrame
from vaelab.web.interpolate.tray import Item, frame_data, item_data, items_of_rows
from vaelab.web.interpolate.walks import (
    KINDS,
    picture_length,
    steps_measured,
    walk,
)
from vaelab.web.opened import Opened
from vaelab.web.palette import DARK, LIGHT
from vaelab.web.sliders.typical import sample_of, sample_rows, typical_of

Json = dict[str, Any]
MOST_POINTS = 2000  # on the map
SLOW = "geodesic"  # the path that is sent for after the others
NEIGHBOURS = 6


def model_data(opened: Opened) -> Json:
    """All that stays the same while key frames change."""
    checkpoint = opened.checkpoint
    return {
        **decodable(opened),
        "weights": checkpoint.weights_sha256,
        "classNames": list(opened.class_names) if opened.latents.labels is not None else [],
        "colours": {"light": list(LIGHT), "dark": list(DARK)},
        "measure": typical_of(checkpoint).kind,
        "map": _map(opened.key, len(opened.latents), opened),
    }


def row_version(opened: Opened, frames: Sequence[KeyFrame]) -> str:
    """Another row of key frames, another version."""
    told = repr((opened.key, [(frame.z, frame.label) for frame in frames]))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def walks_data(opened: Opened, frames: Sequence[KeyFrame], with_slow: bool) -> list[Json]:
    """Every kind of path; those that take long without their codes until they are asked for."""
    found = []
    for kind, about in KINDS.items():
        told: Json = {"kind": kind, "title": about.title, "about": about.about}
        if kind != SLOW or with_slow:
            told |= _walk(opened, frames, kind)
        found.append(told)
    return found


def sum_data(opened: Opened, z: Sequence[float], label: int | None) -> list[Json]:
    """The training images whose codes are nearest to a code, of its class where it has one."""
    latents = opened.latents
    wanted = latents.split == 0
    if not wanted.any():
        wanted = np.ones(len(latents), bool)
    if (
        label is not None
        and latents.labels is not None
        and (wanted & (latents.labels == label)).any()
    ):
        wanted &= latents.labels == label
    rows = np.flatnonzero(wanted)
    found = nearest(latents.mean[rows], np.asarray(z), min(NEIGHBOURS, len(rows)))
    items: tuple[Item, ...] = items_of_rows(opened, rows[found.indices])
    return [
        {**item_data(item), "distance": round(float(distance), 3)}
        for item, distance in zip(items, found.distances, strict=True)
    ]


def frames_data(frames: Sequence[KeyFrame]) -> list[Json]:
    """The key frames in order."""
    return [frame_data(frame) for frame in frames]


def _walk(opened: Opened, frames: Sequence[KeyFrame], kind: str) -> Json:
    found = walk(opened, frames, kind)
    return {
        "codes": _base64(found.codes.astype("<f4")),
        "n": len(found.codes),
        "votes": None if found.votes is None else _base64(found.votes),
        "percentiles": (
            None if found.percentiles is None else _base64(found.percentiles.astype("<f4"))
        ),
        "length": round(picture_length(opened, frames, kind), 4),
        "steps": steps_measured(len(frames)),
        "note": found.note,
    }


@st.cache_data(max_entries=16, show_spinner=False)
def _map(key: str, n_codes: int, _opened: Opened) -> Json:
    """The two principal axes of the codes, and which of the sample's codes are drawn on them."""
    sample = sample_of(_opened.latents)
    every = -(-len(sample) // MOST_POINTS)
    return {
        **plane_data(sample.mean),
        "every": every,
        "rows": sample_rows(n_codes)[::every].tolist(),
        "codeWidth": code_width(sample),
    }


def _base64(array: npt.NDArray[Any]) -> str:
    return base64.b64encode(array.tobytes()).decode()
