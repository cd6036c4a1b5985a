"""Pictures to take key frames from: images of the data, and draws from the prior."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.pictures import to_picture
from vaelab.web import show
from vaelab.web.decoding import decode, draw_codes, source_of_codes
from vaelab.web.interpolate.key_frames import KeyFrame, frame_of_row
from vaelab.web.opened import Opened
from vaelab.web.stored_images import data_at_hand, pictures_of

N = 16  # of each kind
SIDE = 64  # pixels, at most

Json = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """A key frame to be, and its picture as a `data:` address."""

    frame: KeyFrame
    picture: str


def data_items(opened: Opened, seed: int) -> tuple[Item, ...]:
    """N images of the data, the classes in turn."""
    at_hand = data_at_hand(opened.checkpoint) is not None
    return _data_items(opened.key, len(opened.latents), at_hand, seed, opened)


def data_sentence(opened: Opened) -> str:
    """Whether the images of the data are its own."""
    return pictures_of(opened.checkpoint, [0]).sentence


def prior_items(opened: Opened, seed: int) -> tuple[Item, ...]:
    """N draws from the prior, the classes in turn; from an autoencoder's mixture."""
    return _prior_items(opened.key, seed, opened)


def items_of_rows(opened: Opened, rows: npt.ArrayLike) -> tuple[Item, ...]:
    """The images whose codes are stored at `rows`."""
    chosen = np.asarray(rows, np.int64)
    images = pictures_of(opened.checkpoint, chosen).images
    return tuple(
        Item(frame_of_row(opened, int(row)), thumbnail(image))
        for row, image in zip(chosen, images, strict=True)
    )


def frame_data(frame: KeyFrame) -> Json:
    """`Frame` in the frontend."""
    return {
        "z": list(frame.z),
        "label": frame.label,
        "source": frame.source,
        "row": frame.row,
    }


def item_data(item: Item) -> Json:
    """`Item` in the frontend."""
    return {**frame_data(item.frame), "picture": item.picture}


def thumbnail(image: npt.ArrayLike) -> str:
    """A small picture as a `data:` address: lossless where it is small or grey."""
    picture = to_picture(image)
    if max(picture.size) <= SIDE // 2 or picture.mode == "L":
        picture.thumbnail((SIDE, SIDE))
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        return show.data_address(buffer.getvalue(), "image/png")
    picture.thumbnail((SIDE, SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=85)
    return show.data_address(buffer.getvalue(), "image/webp")


@st.cache_data(max_entries=64, show_spinner=False)
def _data_items(
    key: str, n_codes: int, at_hand: bool, seed: int, _opened: Opened
) -> tuple[Item, ...]:
    rng = np.random.default_rng(seed)
    labels = _opened.latents.labels
    if labels is None:
        return items_of_rows(_opened, rng.permutation(n_codes)[:N])
    rows: list[int] = []
    queues = [rng.permutation(np.flatnonzero(labels == c)).tolist() for c in np.unique(labels)]
    while len(rows) < min(N, n_codes):
        rows += [queue.pop() for queue in queues if queue]
    return items_of_rows(_opened, rows[:N])


@st.cache_data(max_entries=64, show_spinner=False)
def _prior_items(key: str, seed: int, _opened: Opened) -> tuple[Item, ...]:
    n_classes = _opened.n_classes
    classes = np.arange(N) % n_classes if n_classes else None
    codes = draw_codes(_opened.model, _opened.mixture, N, seed, classes)
    images = decode(_opened.model, codes, classes).mean
    items = []
    for i, (z, image) in enumerate(zip(codes, images, strict=True)):
        label = int(classes[i]) if classes is not None else None
        what = f"drawn from {source_of_codes(_opened.model)}"
        if label is not None:
            what = f"{what} (class {_opened.class_names[label]})"
        items.append(Item(KeyFrame(tuple(map(float, z)), label, what), thumbnail(image)))
    return tuple(items)
