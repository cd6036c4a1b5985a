"""The training images whose codes lie nearest to one image's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.latent import nearest
from vaelab.latent.encode import SPLITS, Latents
from vaelab.web import show
from vaelab.web.decoding import Encoded
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.meanings import heading
from vaelab.web.stored_images import pictures_of, place_name

NEIGHBOURS = 8
SIDE = 84
SAME, ALL = "Of class c", "Of all classes"


@dataclass(frozen=True, eq=False)
class Nearest:
    """The stored codes nearest to a code.

    Attributes:
        rows: (k,), positions in the checkpoint's latents, nearest first.
        distances: (k,), Euclidean.
        n: how many codes were looked at.
        are_training: False where the checkpoint keeps no training codes, and all were looked at.
    """

    rows: npt.NDArray[np.int64]
    distances: npt.NDArray[np.float64]
    n: int
    are_training: bool


def nearest_training(
    latents: Latents, z: npt.ArrayLike, label: int | None = None, k: int = NEIGHBOURS
) -> Nearest:
    """The k training codes nearest to z (K,), of one class where a label is given.

    Of fewer than k codes all of them; of no code of that class, an empty answer.
    """
    wanted = latents.split == SPLITS["train"]
    are_training = bool(wanted.any())
    if not are_training:
        wanted = np.ones(len(latents), bool)
    if label is not None and latents.labels is not None:
        wanted = wanted & (latents.labels == label)
    rows = np.flatnonzero(wanted)
    if not len(rows):
        return Nearest(rows, np.zeros(0), 0, are_training)
    found = nearest(latents.mean[rows], z, min(k, len(rows)))
    return Nearest(rows[found.indices], found.distances, len(rows), are_training)


def show_nearest(opened: Opened, code: Encoded, label: int | None) -> None:
    """Eight pictures with class and distance, and what they were chosen from."""
    heading("Nearest training images", "nearest", conditional=bool(opened.n_classes))
    latents = opened.latents
    among = _among(opened, label) if label is not None and latents.labels is not None else None
    found = nearest_training(latents, code.mean[0], label if among == SAME else None)
    if not found.n:
        st.caption("The checkpoint keeps no training code of this class.")
        return
    stored = pictures_of(opened.checkpoint, found.rows)
    labels = [opened.class_of(int(row)) for row in found.rows]
    captions = [
        f"{distance:.2f}" if c is None else f"{opened.class_names[c]} · {distance:.2f}"
        for c, distance in zip(labels, found.distances, strict=True)
    ]
    alts = [place_name(latents, int(row)) for row in found.rows]
    show.pictures(stored.images, alts=alts, captions=captions, side=SIDE)
    st.caption(" ".join([*_about(opened, found, among), stored.sentence]))


def _among(opened: Opened, label: int | None) -> str:
    return str(
        st.segmented_control(
            "Nearest training images",
            [SAME, ALL],
            default=SAME,
            required=True,
            key=f"{opened.key}:nearest-among",
            persist_state="session",
            label_visibility="collapsed",
        )
    )


def _about(opened: Opened, found: Nearest, among: str | None) -> list[str]:
    kind = "stored training codes" if found.are_training else "stored codes, none of training,"
    point = "posterior mean" if opened.latents.log_var is not None else "code"
    class_first = "" if opened.latents.labels is None else "class and "
    said = [
        f"Beneath each its {class_first}Euclidean distance from this image’s {point} in all "
        f"{opened.latents.latent_dim} dimensions, among {found.n:,} {kind}."
    ]
    if among == SAME:
        said.append("Codes of one class: there z means the same to the decoder.")
    elif among == ALL:
        said.append(
            "Each code was made under its own class c, which z need not repeat: a near z of "
            "another class is alike in style."
        )
    return said
