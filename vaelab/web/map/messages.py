"""What the map in the browser asks of the page: codes to take elsewhere, groups to keep."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.latent import Latents
from vaelab.web.groups import Group, delete_group, groups_of, save_group
from vaelab.web.interpolate.key_frames import MOST, KeyFrame, add_frame, frames_of
from vaelab.web.map.projections import choose_rows, splits_present
from vaelab.web.opened import Opened
from vaelab.web.sliders.steering import go_to, place_of

Message = Mapping[str, Any]


def answer(opened: Opened, message: Message) -> str:
    """Do what a message asks; what there is to say about it.

    The browser's word is not trusted: numbers that do not fit raise.

    Raises:
        ValueError, KeyError, TypeError, OverflowError, RecursionError: if the message makes no
            sense, with one sentence where a person can have caused it.
    """
    kind = message["kind"]
    if kind == "sliders":
        z, label, source, row = taken(opened, message["taken"])
        go_to(opened, z, label, source, row)
        return ""
    if kind == "direction":
        _along_attributes(opened, str(message["from"]), str(message["to"]))
        return ""
    if kind == "frame":
        z, label, source, row = taken(opened, message["taken"])
        if not add_frame(opened, KeyFrame(tuple(z), label, source, row)):
            return f"There are {MOST} key frames already; take one out on the Interpolate page."
        return f"Key frame {len(frames_of(opened))} of at most {MOST}: {source}."
    if kind == "save":
        rows = group_rows(opened.latents, message["split"], int(message["n"]), message["bits"])
        save_group(opened, group_of(opened, str(message["name"]), rows))
        return f"Saved “{message['name']}”, {len(rows):,} codes."
    if kind == "delete":
        delete_group(opened, str(message["name"]))
        return f"Deleted “{message['name']}”."
    raise ValueError(f"kind must be sliders, direction, frame, save or delete, got {kind!r}.")


def taken(opened: Opened, said: Message) -> tuple[list[float], int | None, str, int | None]:
    """z (K numbers), class, where it is from, and row of a code that is taken elsewhere."""
    row = None if said["row"] is None else int(said["row"])
    label = None if said["label"] is None else int(said["label"])
    if row is not None:
        if not 0 <= row < len(opened.latents):
            raise ValueError(f"row must be 0 to {len(opened.latents) - 1}, got {row}.")
        z = [float(value) for value in opened.latents.mean[row]]
    else:
        z = [float(value) for value in said["z"]]
    if len(z) != opened.latents.latent_dim or not np.isfinite(z).all():
        raise ValueError(f"z must be {opened.latents.latent_dim} finite numbers, got {z[:8]}.")
    if not opened.n_classes:
        label = None
    elif label is None or not 0 <= label < opened.n_classes:
        raise ValueError(f"label must be 0 to {opened.n_classes - 1}, got {label}.")
    return z, label, str(said["source"])[:120], row


def group_rows(latents: Latents, split: str, n: int, bits: str) -> npt.NDArray[np.int64]:
    """Rows of the codes whose bit is set, one bit a drawn point, in base64.

    Raises:
        ValueError: if the bits are not those of that map, or none is set.
    """
    if split not in splits_present(latents):
        raise ValueError(f"split must be one that has codes, got {split!r}.")
    rows, _ = choose_rows(latents, split, n)
    try:
        packed = np.frombuffer(base64.b64decode(bits, validate=True), np.uint8)
    except binascii.Error as error:
        raise ValueError(f"bits must be base64: {error}.") from error
    if len(packed) != -(-len(rows) // 8):
        raise ValueError(f"bits must hold {len(rows)} points, got {8 * len(packed)}.")
    chosen: npt.NDArray[np.int64] = rows[np.unpackbits(packed)[: len(rows)].astype(bool)]
    if not len(chosen):
        raise ValueError("a group must have a code, got none.")
    return chosen


def group_of(opened: Opened, name: str, rows: npt.NDArray[np.int64]) -> Group:
    """The codes at `rows` (M,) as a group: their mean, and how many of each class."""
    mean = opened.latents.mean[rows].mean(axis=0, dtype=np.float64)
    counts = {}
    if opened.latents.labels is not None:
        of = np.bincount(opened.latents.labels[rows], minlength=len(opened.class_names))
        counts = {
            class_name: int(count)
            for class_name, count in zip(opened.class_names, of, strict=True)
            if count
        }
    return Group(name.strip(), len(rows), tuple(float(value) for value in mean), counts)


def _along_attributes(opened: Opened, start: str, end: str) -> None:
    """Have the sliders move from group to group."""
    names = {group.name for group in groups_of(opened)}
    if not {start, end} <= names or start == end:
        raise ValueError("two groups are needed, and both must still be there.")
    place_of(opened).axes = "attributes"
    st.session_state[f"{opened.key}:moved"] = True
